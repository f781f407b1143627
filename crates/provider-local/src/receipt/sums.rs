//! The sums below the items, and how they were paid.

use super::label::{Label, Rank};
use super::means::Means;
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
    let taxes: Vec<(Money, bool)> =
        rows.iter().filter(|row| row.label == Some(Label::Tax)).filter_map(tax).collect();
    let stated = priced(|label| *label == Label::TaxTotal).next();
    receipt.tax = tax_sum(&taxes).or(stated).or_else(|| rate_table(rows));
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

/// The tax of a row that says tax, and whether the row gives a rate.
fn tax(row: &Row) -> Option<(Money, bool)> {
    let price = row.price?;
    let rated = row.numbers.iter().any(|number| number.shape == Shape::Percent);
    Some((made_by_rate(row).unwrap_or(price), rated))
}

/// A row may repeat its rate, its base and the gross sum: the tax is what the rate makes of the base.
fn made_by_rate(row: &Row) -> Option<Money> {
    let rate = row.numbers.iter().find(|number| number.shape == Shape::Percent)?.money.0 as f64 / 100_000.0;
    let others = row.numbers.iter().filter(|number| number.shape == Shape::Price).map(|number| number.money);
    let sums: Vec<Money> = others.chain(row.price).collect();
    let near =
        |base: Money, tax: Money| (base.0 as f64 * rate - tax.0 as f64).abs() <= 12.0 + 0.001 * tax.0 as f64;
    let whole = |base: Money, tax: Money| {
        // Currencies without decimals round to whole units.
        base.0 % 1000 == 0 && tax.0 % 1000 == 0 && (base.0 as f64 * rate - tax.0 as f64).abs() <= 1000.0
    };
    sums.iter()
        .copied()
        .find(|tax| sums.iter().any(|base| base.0 > tax.0 && (near(*base, *tax) || whole(*base, *tax))))
}

/// The sum of all taxes, unless a row already adds them up.
fn tax_sum(taxes: &[(Money, bool)]) -> Option<Money> {
    let all: i64 = taxes.iter().map(|(tax, _)| tax.0).sum();
    let rated: i64 = taxes.iter().filter(|(_, rated)| *rated).map(|(tax, _)| tax.0).sum();
    let adds_up = taxes.iter().any(|(tax, has_rate)| !has_rate && tax.0 == rated && rated != 0);
    let repeated = taxes.len() > 2 && taxes.iter().any(|(tax, _)| tax.0 * 2 == all);
    let sum = if adds_up {
        rated
    } else if repeated {
        all / 2
    } else {
        all
    };
    (!taxes.is_empty()).then_some(Money(sum))
}

/// A table of rates without words: `10% 11,643 1,164 12,807`.
fn rate_table(rows: &[Row]) -> Option<Money> {
    let taxes: Vec<(Money, bool)> = rows
        .iter()
        .filter(|row| row.label.is_none() && row.letters() < 3 && row.numbers.len() >= 2)
        .filter_map(|row| made_by_rate(row).map(|tax| (tax, true)))
        .collect();
    tax_sum(&taxes)
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
