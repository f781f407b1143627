//! The sums below the items, and how they were paid.

use super::label::{Label, Means, Rank};
use super::row::Row;
use super::{Money, Receipt, Shape};

/// Fills in subtotal, tax, tip and total from the rows below the items.
pub fn fill(receipt: &mut Receipt, rows: &[Row]) {
    let priced = |wanted: fn(&Label) -> bool| {
        rows.iter().filter(move |row| row.label.as_ref().is_some_and(wanted)).filter_map(|row| row.price)
    };
    receipt.subtotal = priced(|label| *label == Label::Subtotal).next();
    receipt.tip = priced(|label| *label == Label::Tip).next();
    receipt.total = total(rows);
    let taxes: Vec<Money> = rows.iter().filter(|row| row.label == Some(Label::Tax)).filter_map(tax).collect();
    receipt.tax = tax_sum(&taxes).or_else(|| priced(|label| *label == Label::TaxTotal).next());
}

/// The surest words win; among equals the first.
fn total(rows: &[Row]) -> Option<Money> {
    let ranked = |wanted: Rank| {
        rows.iter()
            .find(|row| row.label == Some(Label::Total(wanted)) && row.price.is_some())
            .and_then(|row| row.price)
    };
    ranked(Rank::Final).or_else(|| ranked(Rank::Plain))
}

/// A tax row may repeat its rate, its base and the gross sum: the tax is what the rate makes of the base.
fn tax(row: &Row) -> Option<Money> {
    let price = row.price?;
    let rate = row.numbers.iter().find(|number| number.shape == Shape::Percent)?.money.0 as f64 / 100_000.0;
    let others = row.numbers.iter().filter(|number| number.shape == Shape::Price).map(|number| number.money);
    let sums: Vec<Money> = others.chain([price]).collect();
    let near = |a: f64, b: i64| (a - b as f64).abs() <= 12.0;
    let made =
        sums.iter().find(|tax| sums.iter().any(|base| base != *tax && near(base.0 as f64 * rate, tax.0)));
    made.copied().or(Some(price))
}

/// The sum of all, unless one of them already is the sum of the others.
fn tax_sum(taxes: &[Money]) -> Option<Money> {
    let all: i64 = taxes.iter().map(|tax| tax.0).sum();
    let repeated = taxes.len() > 2 && taxes.iter().any(|tax| tax.0 * 2 == all);
    (!taxes.is_empty()).then_some(Money(if repeated { all / 2 } else { all }))
}

/// The means named first below the items.
pub fn payment(rows: &[Row]) -> Option<Means> {
    let named = |row: &Row| match row.label {
        Some(Label::Payment(means)) => Some(means),
        Some(Label::Tender | Label::Notice) | None => Means::of(&row.text),
        _ => None,
    };
    rows.iter().find_map(named)
}
