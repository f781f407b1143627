//! The rows between the head and the sums: one item each, or two where the quantity has its own.

use std::ops::Range;

use crate::dates::{self, Order};
use crate::words::{contains_any, words};

use super::amount::is_unit;
use super::label::Label;
use super::row::Row;
use super::{Amount, Item, Money, Shape, mend};

/// Column titles.
const TITLES: &[&str] = &[
    "item",
    "items",
    "description",
    "qty",
    "quantity",
    "price",
    "amount",
    "artikel",
    "menge",
    "preis",
    "betrag",
    "article",
    "prix",
    "qte",
    "articulo",
    "cant",
    "precio",
    "importe",
    "articolo",
    "prezzo",
    "unit",
    "each",
    "bezeichnung",
    "designation",
    "antal",
    "pris",
    "sum",
    "aantal",
    "prijs",
    "eur",
    "value",
    "rate",
    "product",
    "ilosc",
    "cena",
    "kwota",
    "qta",
    "total",
    "totale",
    "totaal",
    "gesamt",
    "summe",
    "descripcion",
    "desc",
];

/// From the first row with a price to the first sum.
pub fn body(rows: &[Row]) -> Range<usize> {
    let is_sum = |row: &Row| {
        row.price.is_some()
            && matches!(
                row.label,
                Some(
                    Label::Subtotal
                        | Label::Tax
                        | Label::TaxTotal
                        | Label::Total(_)
                        | Label::Tip
                        | Label::Tender
                )
            )
    };
    let start = rows.iter().position(|row| is_item(row) || is_title(row)).unwrap_or(rows.len());
    let first_item = rows.iter().position(is_item).unwrap_or(start);
    let end = rows
        .iter()
        .enumerate()
        .skip(first_item)
        .find(|(_, row)| is_sum(row))
        .map_or(rows.len(), |(at, _)| at);
    // A name, or a quantity, may stand above the first price.
    let leads = |at: usize| {
        quantity_row(&rows[at]).is_some()
            || (rows.get(at + 1).is_some_and(is_bare_quantity) && rows[at].price.is_none())
    };
    let mut start = start.min(end);
    while start > 0 && leads(start - 1) {
        start -= 1;
    }
    start..end
}

fn is_item(row: &Row) -> bool {
    let dated = dates::find(&row.text, Order::DayFirst).is_some();
    row.price.is_some() && !dated && matches!(row.label, None | Some(Label::Discount | Label::Payment(_)))
}

fn is_title(row: &Row) -> bool {
    let words = words(&row.text);
    let known = words.iter().filter(|word| contains_any(&[(*word).clone()], TITLES)).count();
    known >= 2 && known * 2 > words.len()
}

/// The items of the body's rows.
pub fn items(rows: &[Row]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut waiting: Option<&Row> = None;
    let mut pending: Option<Product> = None;
    for row in rows {
        let Some(price) = row.price.filter(|_| is_item(row)) else {
            match quantity_row(row) {
                Some(product) => match items.last_mut().filter(|item| product.makes(item.price)) {
                    Some(item) => item.quantity = product.count,
                    None => pending = Some(product),
                },
                None if row.letters() >= 2 && !is_title(row) => waiting = Some(row),
                None => {}
            }
            continue;
        };
        let (mut name, mut quantity) = name_and_quantity(row, price);
        let above = waiting.take();
        if is_bare(&name) {
            let product = quantity_row(row);
            quantity = product.map(|product| product.count).or(quantity);
            match (above, items.last_mut()) {
                (Some(above), _) => name = mend::name(&above.name),
                // The price beside its quantity, once more.
                (None, Some(item)) if item.price == price => {
                    item.quantity = quantity.unwrap_or(item.quantity);
                    continue;
                }
                (None, _) => {}
            }
        }
        if let Some(product) = pending.take() {
            match items.last_mut() {
                _ if product.makes(price) && quantity.is_none() => quantity = Some(product.count),
                // It fits neither exactly, as a digit was misread: it belongs to the nearer price.
                Some(item) if item.quantity == ONE && product.miss(item.price) <= product.miss(price) => {
                    item.quantity = product.count;
                }
                _ if quantity.is_none() => quantity = Some(product.count),
                _ => {}
            }
        }
        let quantity = quantity.unwrap_or(ONE);
        items.push(Item { price: signed(row, price), name, quantity, confidence: row.confidence });
    }
    items
}

const ONE: Money = Money(1000);

/// What is taken off is negative even where the sign was lost.
fn signed(row: &Row, price: Money) -> Money {
    if row.label == Some(Label::Discount) { Money(-price.0.abs()) } else { price }
}

fn is_bare_quantity(row: &Row) -> bool {
    row.price.is_some() && is_bare(&row.name)
}

/// Whether a name says nothing but numbers, units and marks.
fn is_bare(name: &str) -> bool {
    words(name).iter().all(|word| {
        word.chars().any(|c| c.is_ascii_digit()) && word.chars().filter(|c| c.is_alphabetic()).count() <= 2
            || is_unit(word.trim_end_matches(['x', '×']))
            || MARKS.contains(&word.as_str())
            || word.chars().count() == 1
    })
}

/// A count, and what one costs if that is printed.
#[derive(Debug, Clone, Copy)]
struct Product {
    count: Money,
    unit: Option<Money>,
}

impl Product {
    fn makes(&self, price: Money) -> bool {
        self.unit.is_none_or(|unit| multiplies(self.count, unit, price))
    }

    fn miss(&self, price: Money) -> i64 {
        self.unit.map_or(0, |unit| miss(self.count, unit, price))
    }
}

/// How far a price is from what so many of so much make, as a share of it.
fn miss(count: Money, unit: Money, price: Money) -> i64 {
    let made = count.0 * unit.0 / 1000;
    (made - price.0.abs()).abs() * 1000 / price.0.abs().max(1)
}

/// Whether so many of so much make that price, to the rounding of the last digit.
fn multiplies(count: Money, unit: Money, price: Money) -> bool {
    let made = count.0 * unit.0 / 1000;
    let whole = unit.0 % 1000 == 0 && price.0 % 1000 == 0 && count.0 % 1000 != 0;
    count.0 > 0 && unit.0 > 0 && (made - price.0.abs()).abs() <= if whole { 1000 } else { 10 }
}

/// A row that says nothing but a quantity: `2 x 2.50`, `0.452 kg x 3.99/kg`.
fn quantity_row(row: &Row) -> Option<Product> {
    let marked = row.text.contains(['@', '×', '*', 'x', 'X']) || row.name.to_lowercase().contains(" a ");
    let [count, rest @ ..] = &row.numbers[..] else { return None };
    let right = is_bare(&row.name) && marked && count.money.0 > 0;
    right.then(|| Product { count: count.money, unit: rest.first().map(|unit| unit.money) })
}

const MARKS: &[&str] = &["x", "a", "at", "je", "qty", "ix"];

/// Splits the words before the price into a name and a count, if one is printed.
fn name_and_quantity(row: &Row, price: Money) -> (String, Option<Money>) {
    let mut parts: Vec<&str> = row.name.split_whitespace().collect();
    let article = |part: &str| part.len() >= 5 && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 1 && article(parts[0]) {
        parts.remove(0);
    }
    // `… 2 x 2.50`, `… 2 @ 2.50`, `… 2 2.50`: numbers at the end that multiply to the price.
    let mut quantity = trailing_product(&row.numbers, &parts, price).map(|(count, cut)| {
        parts.truncate(cut);
        count
    });
    quantity = quantity.or_else(|| unit_price(&row.numbers, &mut parts, price));
    // The count may be printed twice.
    let leading = leading_count(&mut parts);
    quantity = quantity.or(leading).or_else(|| trailing_count(&mut parts, price));
    (mend::name(&parts.join(" ")), quantity)
}

/// `Bun 2.50` before the price of two: the count itself was lost, or stands elsewhere.
fn unit_price(numbers: &[Amount], parts: &mut Vec<&str>, price: Money) -> Option<Money> {
    let unit = numbers.last().filter(|unit| unit.shape == Shape::Price && unit.money.0 > 0)?.money;
    let last = parts.last()?;
    let count = price.0.abs() / unit.0;
    let is_unit_price = price.0.abs() % unit.0 == 0 && (1..=60).contains(&count) && parts.len() > 1;
    let numeric =
        last.chars().filter(|c| c.is_alphabetic()).count() <= 1 && last.chars().any(|c| c.is_ascii_digit());
    (is_unit_price && numeric).then(|| {
        parts.pop();
        Money(count * 1000)
    })
}

/// A count and a unit price that make `price`, and how many words stand before them.
fn trailing_product(numbers: &[Amount], parts: &[&str], price: Money) -> Option<(Money, usize)> {
    let makes = |count: Money, unit: Money| multiplies(count, unit, price);
    let [.., count, unit] = numbers else { return None };
    let pair = [(count, unit), (unit, count)].into_iter().find(|(count, unit)| {
        makes(count.money, unit.money)
            && (unit.shape == Shape::Price)
            && (count.shape != Shape::Price || count.money.0 % 1000 == 0)
    })?;
    let numeric = |part: &&str| {
        part.chars().any(|c| c.is_ascii_digit())
            || part.chars().all(|c| !c.is_alphabetic())
            || super::amount::is_currency(part)
            || MARKS.contains(&part.to_lowercase().as_str())
            || is_unit(part)
    };
    let mut seen = 0;
    let mut cut = parts.len();
    while cut > 0 && numeric(&parts[cut - 1]) && seen < 2 {
        seen += usize::from(parts[cut - 1].chars().any(|c| c.is_ascii_digit()));
        if parts[cut - 1].chars().filter(|c| matches!(c, 'x' | 'X' | '×' | '@' | '*')).count() == 1
            && parts[cut - 1].len() > 3
        {
            seen = 2;
        }
        cut -= 1;
    }
    while cut > 0 && MARKS.contains(&parts[cut - 1].to_lowercase().as_str()) {
        cut -= 1;
    }
    // Numbers that lead the row, as in `2 x 2.50 Bun`, stand before the name: keep the name.
    Some(if cut == 0 { (pair.0.money, parts.len()) } else { (pair.0.money, cut) })
}

/// `2 x Bun`, `2x Bun`, `2 Bun`.
fn leading_count(parts: &mut Vec<&str>) -> Option<Money> {
    let first = *parts.first()?;
    let marked = first.trim_end_matches(['x', 'X', '×', '*']);
    let count = small_count(marked)?;
    let named = parts[1..].iter().any(|part| part.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    if !named {
        return None;
    }
    parts.remove(0);
    if parts.first().is_some_and(|part| matches!(*part, "x" | "X" | "×" | "*" | "@")) {
        parts.remove(0);
    }
    Some(count)
}

/// `Bun x2`, `Bun x 2`, `Bun (2)`; but a box of eggs `x12` costs no twelfth part.
fn trailing_count(parts: &mut Vec<&str>, price: Money) -> Option<Money> {
    let last = *parts.last()?;
    let bare = last.trim_start_matches(['x', 'X', '×', '(', '*']).trim_end_matches([')', 'x', 'X', '×']);
    let count = small_count(bare)?;
    let mark_before = parts.len() >= 2 && matches!(parts[parts.len() - 2], "x" | "X" | "×" | "*");
    let smallest = if price.0 % 1000 == 0 { 1000 } else { 10 };
    let divides = (price.0 / smallest * 1000) % count.0 == 0;
    if (bare.len() == last.len() && !mark_before) || parts.len() < 2 || !divides {
        return None;
    }
    parts.truncate(parts.len() - 1 - usize::from(mark_before));
    Some(count)
}

fn small_count(text: &str) -> Option<Money> {
    let count: i64 = text.parse().ok()?;
    (text.len() <= 2 && count > 0).then_some(Money(count * 1000))
}
