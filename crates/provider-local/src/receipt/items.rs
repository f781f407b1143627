//! The rows between the head and the sums: one item each, or two where the quantity has its own.

use std::ops::Range;

use crate::dates::{self, Order};
use crate::words::{contains_any, words};

use super::label::Label;
use super::row::Row;
use super::{Amount, Item, Money, Shape};

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
    // A name without a price may stand above its first quantity row.
    let start = if start == first_item && start > 0 && rows.get(start).is_some_and(is_bare_quantity) {
        start - 1
    } else {
        start
    };
    start.min(end)..end
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
    for row in rows {
        let Some(price) = row.price.filter(|_| is_item(row)) else {
            match quantity_row(row).zip(items.last_mut()).filter(|_| waiting.is_none()) {
                Some((quantity, item)) => item.quantity = quantity,
                None => waiting = (row.letters() >= 2 && !is_title(row)).then_some(row),
            }
            continue;
        };
        let (name, quantity) = name_and_quantity(row, price);
        let bare = name.chars().filter(|c| c.is_alphabetic()).count() < 2;
        let name = match waiting.take().filter(|_| bare) {
            Some(above) => above.name.clone(),
            None if bare => match items.last_mut() {
                // A repeat of the price beside its quantity.
                Some(item) if item.price == price => {
                    item.quantity = quantity;
                    continue;
                }
                _ => row.name.clone(),
            },
            None => name,
        };
        items.push(Item { price: signed(row, price), name, quantity, confidence: row.confidence });
    }
    items
}

/// What is taken off is negative even where the sign was lost.
fn signed(row: &Row, price: Money) -> Money {
    if row.label == Some(Label::Discount) { Money(-price.0.abs()) } else { price }
}

fn is_bare_quantity(row: &Row) -> bool {
    row.price.is_some() && row.letters() < 3 && !row.numbers.is_empty()
}

/// The quantity of a row that says nothing else: `2 x 2.50`, `0.452 kg x 3.99/kg`.
fn quantity_row(row: &Row) -> Option<Money> {
    let words = words(&row.name);
    let quiet = words.iter().all(|word| {
        word.chars().any(|c| c.is_ascii_digit())
            || UNITS.contains(&word.as_str())
            || MARKS.contains(&word.as_str())
            || word.chars().count() == 1
    });
    let marked =
        row.text.contains(['@', '×', '*']) || words.iter().any(|word| MARKS.contains(&word.as_str()));
    if !quiet || !marked || row.numbers.is_empty() {
        return None;
    }
    row.numbers.first().filter(|number| number.money.0 > 0).map(|number| number.money)
}

const UNITS: &[&str] = &[
    "kg", "g", "lb", "lbs", "oz", "l", "pc", "pcs", "st", "stk", "ea", "each", "szt", "ks", "db", "un", "ud",
    "uds", "pz", "eur",
];
const MARKS: &[&str] = &["x", "a", "at", "je", "qty"];

/// Splits the words before the price into a name and a count.
fn name_and_quantity(row: &Row, price: Money) -> (String, Money) {
    let one = Money(1000);
    let mut parts: Vec<&str> = row.name.split_whitespace().collect();
    let mut quantity = None;
    // `… 2 x 2.50`, `… 2 @ 2.50`, `… 2 2.50`: numbers at the end that multiply to the price.
    if let Some((count, cut)) = trailing_product(&row.numbers, &parts, price) {
        quantity = Some(count);
        parts.truncate(cut);
    }
    if quantity.is_none() {
        quantity = leading_count(&mut parts).or_else(|| trailing_count(&mut parts));
    } else {
        // The count may be printed twice.
        leading_count(&mut parts);
    }
    let name = parts.join(" ");
    (
        name.trim_matches(|c: char| matches!(c, ' ' | ':' | '*' | '|' | '-' | '·' | '.' | ',')).to_owned(),
        quantity.unwrap_or(one),
    )
}

/// A count and a unit price that make `price`, and how many words stand before them.
fn trailing_product(numbers: &[Amount], parts: &[&str], price: Money) -> Option<(Money, usize)> {
    let makes = |count: Money, unit: Money| {
        count.0 > 0
            && unit.0 > 0
            && (count.0 * unit.0 / 1000 - price.0.abs()).abs() <= 10.max(price.0.abs() / 2000)
    };
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
            || UNITS.contains(&part.to_lowercase().as_str())
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

/// `Bun x2`, `Bun x 2`, `Bun (2)`.
fn trailing_count(parts: &mut Vec<&str>) -> Option<Money> {
    let last = *parts.last()?;
    let bare = last.trim_start_matches(['x', 'X', '×', '(', '*']).trim_end_matches([')', 'x', 'X', '×']);
    let count = small_count(bare)?;
    let mark_before = parts.len() >= 2 && matches!(parts[parts.len() - 2], "x" | "X" | "×" | "*");
    if (bare.len() == last.len() && !mark_before) || parts.len() < 2 {
        return None;
    }
    parts.truncate(parts.len() - 1 - usize::from(mark_before));
    Some(count)
}

fn small_count(text: &str) -> Option<Money> {
    let count: i64 = text.parse().ok()?;
    (text.len() <= 2 && count > 0).then_some(Money(count * 1000))
}
