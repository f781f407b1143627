//! The words, goods, stores and tax rules that receipts are made of: `data/receipts.toml`, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::money::MoneyFormat;

/// Everything in the data file.
pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/receipts.toml")).expect("the embedded catalogue is well-formed")
});

/// The data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Words by two-letter code.
    pub language: BTreeMap<String, Language>,
    /// What stores of one kind sell in one place.
    pub goods: Vec<Goods>,
    /// Where receipts come from.
    pub country: Vec<Country>,
}

/// The words on a receipt; a list gives several to choose from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    pub subtotal: Vec<String>,
    pub total: Vec<String>,
    pub tip: Vec<String>,
    pub discount: Vec<String>,
    pub percent_off: String,
    pub void: Vec<String>,
    pub deposit: String,
    pub cash: Vec<String>,
    pub change: Vec<String>,
    pub card: Vec<String>,
    pub mobile: Vec<String>,
    pub voucher: Vec<String>,
    pub date: Vec<String>,
    pub thanks: Vec<String>,
    pub policy: Vec<String>,
    pub receipt_number: Vec<String>,
    pub cashier: Vec<String>,
    pub till: Vec<String>,
    pub table: String,
    pub count: String,
    pub saved: String,
    pub points: String,
    pub heading: Vec<String>,
    pub table_head: [String; 4],
    pub tax_head: [String; 4],
    pub included: String,
    pub card_slip: Vec<String>,
}

/// What a store sells, and how such a store is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// Which countries it suits: the `goods` of a [`Country`].
    pub language: String,
    /// `grocery`, `restaurant` or `shop`.
    pub kind: String,
    /// Store names with `{}` for the invented part.
    pub forms: Vec<String>,
    /// `name|price|class` or `name|price|class|kg`.
    items: Vec<String>,
}

/// One thing for sale.
#[derive(Debug, Clone, Copy)]
pub struct Good {
    /// As the till prints it.
    pub name: &'static str,
    /// In hundredths of the catalogue's unit.
    pub price: i64,
    /// Tax class.
    pub class: char,
    /// Sold by the kilogram.
    pub by_weight: bool,
}

/// A country's money, dates, taxes and invented stores.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166.
    pub code: String,
    /// Key into [`Catalogue::language`].
    pub language: String,
    /// Which [`Goods`] are sold.
    pub goods: String,
    /// ISO 4217.
    pub currency: String,
    decimals: u32,
    decimal_mark: String,
    group_mark: String,
    /// Templates for amounts, the first without a currency.
    pub money: Vec<String>,
    /// Date patterns.
    pub dates: Vec<String>,
    /// 12 or 24.
    pub hours: u8,
    /// From catalogue units to this money.
    pub scale: f64,
    /// Prices are multiples of this many smallest units.
    pub step: i64,
    /// Deposit on a bottle, where that is usual.
    pub deposit: Option<i64>,
    /// Invented store names.
    pub names: Vec<String>,
    /// Streets with `{}` for the house number.
    pub streets: Vec<String>,
    /// Town lines.
    pub towns: Vec<String>,
    /// With `#` for digits.
    pub phone: String,
    /// With `#` for digits; may be empty.
    pub tax_id: String,
    /// The word before the sum of several taxes, where tills print one.
    pub tax_total: Option<String>,
    /// Ways in which tax is taken.
    pub taxes: Vec<Regime>,
}

/// Whether the printed prices contain the tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaxMode {
    /// Tax is put on top of the prices.
    Added,
    /// Prices contain the tax.
    Included,
}

/// One way of taking tax.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// On top or inside.
    pub mode: TaxMode,
    /// One per class of goods.
    pub rates: Vec<Rate>,
}

/// The taxes on one class of goods.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    class: char,
    /// Printed behind the price.
    pub code: String,
    parts: Vec<(String, String)>,
}

impl Catalogue {
    /// What is sold in the country, by kind of store.
    pub fn goods_of(&self, country: &Country) -> Vec<&Goods> {
        self.goods.iter().filter(|goods| goods.language == country.goods).collect()
    }
}

impl Goods {
    /// All things for sale.
    pub fn items(&'static self) -> Vec<Good> {
        self.items
            .iter()
            .map(|text| Good::parse(text).unwrap_or_else(|| panic!("bad good: {text}")))
            .collect()
    }
}

impl Good {
    fn parse(text: &'static str) -> Option<Self> {
        let mut parts = text.split('|');
        let name = parts.next()?;
        let price = parts.next()?.replace('.', "").parse().ok()?;
        let class = parts.next()?.chars().next()?;
        Some(Self { name, price, class, by_weight: parts.next() == Some("kg") })
    }
}

impl Country {
    /// How amounts are written.
    pub fn format(&'static self) -> MoneyFormat {
        MoneyFormat {
            decimals: self.decimals,
            decimal_mark: &self.decimal_mark,
            group_mark: &self.group_mark,
            lakh: self.currency == "INR",
        }
    }
}

impl Regime {
    /// The rate of a class; an unlisted class is taxed like `s`.
    pub fn rate(&self, class: char) -> &Rate {
        let of = |wanted| self.rates.iter().find(|rate| rate.class == wanted);
        of(class).or_else(|| of('s')).expect("every regime has class s")
    }
}

impl Rate {
    /// Name and thousandths of a percent of each tax.
    pub fn parts(&self) -> impl Iterator<Item = (&str, i64)> {
        self.parts.iter().map(|(name, percent)| (name.as_str(), thousandths(percent)))
    }
}

fn thousandths(percent: &str) -> i64 {
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, ""));
    format!("{whole}{fraction:0<3}").parse().expect("rates are decimal numbers with at most three decimals")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_country_has_words_goods_and_a_standard_rate() {
        for country in &CATALOGUE.country {
            assert!(CATALOGUE.language.contains_key(&country.language), "{}", country.code);
            let goods = CATALOGUE.goods_of(country);
            assert!(!goods.is_empty(), "{}", country.code);
            for good in goods.into_iter().flat_map(Goods::items) {
                assert!(good.price > 0 && good.name.chars().count() <= 20, "{}", good.name);
                for regime in &country.taxes {
                    assert!(regime.rate(good.class).parts().all(|(_, rate)| rate > 0));
                }
            }
        }
    }

    #[test]
    fn no_invented_store_name_is_used_twice() {
        let mut seen = BTreeSet::new();
        for country in &CATALOGUE.country {
            for name in &country.names {
                assert!(seen.insert(name.to_lowercase()), "{name} is used twice");
            }
        }
    }

    #[test]
    fn reads_rates_exactly() {
        assert_eq!(thousandths("8.875"), 8_875);
        assert_eq!(thousandths("5.5"), 5_500);
        assert_eq!(thousandths("19"), 19_000);
    }
}
