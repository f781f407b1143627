//! How one till prints: choices that stay the same over the whole receipt.

use super::{
    catalogue::{Country, TaxMode},
    sale::Sale,
};
use crate::rng::Rng;

/// The habits of a till.
#[derive(Debug, Clone)]
pub struct Style {
    /// Characters in a line.
    pub columns: usize,
    /// Everything in capitals.
    pub capitals: bool,
    /// No letters beyond ASCII, as on old printers.
    pub ascii: bool,
    /// Where quantities and prices of goods stand.
    pub layout: ItemLayout,
    /// Template for amounts of goods.
    pub line_money: &'static str,
    /// Template for the total.
    pub total_money: &'static str,
    /// `1,00-` instead of `-1,00`.
    pub trailing_minus: bool,
    /// Pattern of the date.
    pub date: &'static str,
    /// The date stands at the end instead of below the address.
    pub date_last: bool,
    /// What separating lines are made of.
    pub rule: char,
    /// Taxes in a table with net amounts.
    pub tax_table: bool,
    /// Tax codes behind the prices.
    pub codes: bool,
    /// Between quantity and unit price.
    pub times: &'static str,
    /// Between a word and its value.
    pub colon: &'static str,
}

/// Where the quantity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemLayout {
    /// `2 x 1,99` in the line below the name, where there is more than one.
    QuantityBelow,
    /// The same above the name.
    QuantityAbove,
    /// `2 Espresso`: in front of every name.
    QuantityFirst,
    /// `2x Espresso`.
    TimesFirst,
    /// A table with a head; name, quantity, price and amount in one line.
    Table,
    /// The name, and quantity, price and amount in the next line.
    TwoLines,
    /// An article number in front of the name, quantities below.
    ArticleNumber,
}

impl Style {
    /// Draws the habits of a till that could have printed this sale.
    pub fn draw(rng: &mut Rng, sale: &Sale) -> Self {
        let country = sale.country;
        let columns = *rng.pick(&[32, 32, 38, 40, 42, 42, 48]);
        let ascii = rng.chance(if country.language == "en" { 0 } else { 25 });
        let layout = layout(rng, sale, columns);
        let line_money = money(rng, country, ascii, 18);
        let total_money = if line_money == "{}" { money(rng, country, ascii, 60) } else { line_money };
        let tabled = sale.mode == TaxMode::Included && columns >= 38 && country.code != "BR";
        Self {
            columns,
            capitals: rng.chance(35),
            ascii,
            layout,
            line_money,
            total_money,
            trailing_minus: line_money == "{}" && rng.chance(16),
            date: rng.pick(&country.dates).as_str(),
            date_last: rng.chance(35),
            rule: *rng.pick(&['-', '-', '=', '*', '.', '_', ' ']),
            tax_table: tabled && rng.chance(60),
            codes: rng.chance(if sale.kind == "restaurant" { 25 } else { 75 }),
            times: *rng.pick(&["x", "x", "X", "*"]),
            colon: *rng.pick(&[":", ":", "", " :"]),
        }
    }
}

fn layout(rng: &mut Rng, sale: &Sale, columns: usize) -> ItemLayout {
    use ItemLayout::{
        ArticleNumber, QuantityAbove, QuantityBelow, QuantityFirst, Table, TimesFirst, TwoLines,
    };
    let weighed = sale.items.iter().any(|item| item.by_weight);
    let table = if columns >= 42 { Table } else { TwoLines };
    match sale.kind {
        "restaurant" => *rng.pick(&[QuantityFirst, QuantityFirst, TimesFirst, table, QuantityBelow]),
        _ if weighed => {
            *rng.pick(&[QuantityBelow, QuantityBelow, QuantityAbove, table, TwoLines, ArticleNumber])
        }
        _ => *rng.pick(&[QuantityBelow, QuantityAbove, table, TwoLines, ArticleNumber, QuantityFirst]),
    }
}

/// The bare template, or with `percent` chance one that shows the currency.
fn money(rng: &mut Rng, country: &'static Country, ascii: bool, percent: usize) -> &'static str {
    let template = if rng.chance(percent) { rng.pick(&country.money) } else { &country.money[0] };
    if ascii && !template.is_ascii() { &country.money[0] } else { template }
}
