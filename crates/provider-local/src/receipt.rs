//! The `receipt` task: store, date, items and sums out of rows, columns and arithmetic.

mod amount;
mod head;
mod items;
mod label;
mod means;
mod mend;
mod reconcile;
mod row;
mod sums;

use serde_json::{Map, Value, json};

use crate::dates::Date;
use crate::page::Page;

pub use amount::{Amount, Money, Shape, Style, amounts};
use means::Means;

/// What a receipt says. What is not visible is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipt {
    store: Option<String>,
    date: Option<Date>,
    items: Vec<Item>,
    subtotal: Option<Money>,
    tax: Option<Money>,
    tip: Option<Money>,
    total: Option<Money>,
    payment: Option<Means>,
}

/// One thing bought, or taken off.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    name: String,
    /// In thousandths, as weights have decimals.
    quantity: Money,
    price: Money,
    confidence: f32,
}

/// Reads a page as a receipt.
pub fn receipt(page: &Page) -> Map<String, Value> {
    let receipt = read(page);
    let items: Vec<Value> = receipt
        .items
        .iter()
        .map(|item| json!({"name": item.name, "quantity": item.quantity.json(), "price": item.price.json()}))
        .collect();
    let money = |sum: Option<Money>| sum.map_or(Value::Null, Money::json);
    let fields = [
        ("store", json!(receipt.store)),
        ("date", json!(receipt.date.map(Date::iso))),
        ("items", Value::Array(items)),
        ("subtotal", money(receipt.subtotal)),
        ("tax", money(receipt.tax)),
        ("tip", money(receipt.tip)),
        ("total", money(receipt.total)),
        ("payment_method", json!(receipt.payment.map(Means::name))),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// How many rows of a page end in a price.
pub fn priced_rows(page: &Page) -> usize {
    let style = Style::of(page.lines.iter().map(|line| line.text.as_str()));
    row::rows(page, style).iter().filter(|row| row.price.is_some()).count()
}

fn read(page: &Page) -> Receipt {
    let style = Style::of(page.lines.iter().map(|line| line.text.as_str()));
    let rows = row::rows(page, style);
    let body = items::body(&rows);
    let mut receipt = Receipt {
        store: head::store(&rows[..body.start]),
        date: head::date(&rows),
        items: items::items(&rows[body.clone()]),
        payment: sums::payment(&rows[body.end.min(rows.len())..]),
        ..Receipt::default()
    };
    sums::fill(&mut receipt, &rows[body.end.min(rows.len())..]);
    reconcile::reconcile(&mut receipt);
    receipt
}

#[cfg(test)]
mod tests;
