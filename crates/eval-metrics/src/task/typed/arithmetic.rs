//! Whether the amounts of an answer add up, right or wrong.

use serde_json::{Map, Value};

use crate::value::{Decimal, is_absent, money};

/// How far printed sums may be off: rounding of taxes moves a cent.
const TOLERANCE: f64 = 0.015;

/// Nothing if there are too few amounts to add up; otherwise whether they do, or why not.
///
/// The items must add up to the subtotal, and subtotal + tax + tip to the total. Where prices include the tax,
/// subtotal + tip is the total. Without a subtotal the items take its place.
pub(super) fn check(answer: &Map<String, Value>) -> Option<Result<(), String>> {
    let amount = |name: &str| answer.get(name).filter(|value| !is_absent(value)).and_then(money);
    let items = answer.get("items").and_then(Value::as_array).filter(|items| !items.is_empty());
    let prices =
        items.and_then(|items| items.iter().map(|item| money(&item["price"])).collect::<Option<Vec<_>>>());
    let items = prices.map(|prices| prices.into_iter().fold(Decimal::new(0, 0), |sum, price| sum + price));
    let (subtotal, total) = (amount("subtotal"), amount("total"));
    let base = subtotal.or(items)?;
    if let (Some(items), Some(subtotal)) = (items, subtotal)
        && !close(items, subtotal)
    {
        return Some(Err(format!("the items add up to {items}, but the subtotal is {subtotal}")));
    }
    let Some(total) = total else { return items.and(subtotal).map(|_| Ok(())) };
    let zero = Decimal::new(0, 0);
    let tip = amount("tip").unwrap_or(zero);
    let tax = amount("tax").unwrap_or(zero);
    if close(base + tip + tax, total) || close(base + tip, total) {
        return Some(Ok(()));
    }
    let name = if subtotal.is_some() { "subtotal" } else { "items" };
    Some(Err(format!(
        "{name} {base} + tax {tax} + tip {tip} is {}, but the total is {total}",
        base + tip + tax
    )))
}

fn close(a: Decimal, b: Decimal) -> bool {
    (a + -b).to_f64().abs() <= TOLERANCE
}
