//! Uses the arithmetic of a receipt to mend single misread amounts.

use crate::words::edits;

use super::{Money, Receipt};

/// Mends what the sums prove wrong. What is not printed stays absent.
pub fn reconcile(receipt: &mut Receipt) {
    mend_sums(receipt);
    mend_items(receipt);
}

/// subtotal + tax + tip = total: one of them may be misread.
fn mend_sums(receipt: &mut Receipt) {
    let (Some(subtotal), Some(total)) = (receipt.subtotal, receipt.total) else { return };
    let added = receipt.tax.map_or(0, |tax| tax.0) + receipt.tip.map_or(0, |tip| tip.0);
    let without_tax = receipt.tip.map_or(0, |tip| tip.0);
    if subtotal.0 + added == total.0 || subtotal.0 + without_tax == total.0 {
        return;
    }
    let bought: i64 = receipt.items.iter().map(|item| item.price.0).sum();
    if bought == subtotal.0 {
        replace(&mut receipt.total, Money(subtotal.0 + added));
    } else if bought == total.0 - added {
        replace(&mut receipt.subtotal, Money(bought));
    }
}

/// Replaces a sum by what it should be if they look alike.
fn replace(sum: &mut Option<Money>, wanted: Money) {
    if let Some(printed) = sum.as_mut().filter(|printed| alike(**printed, wanted)) {
        *printed = wanted;
    }
}

/// The items add up to the subtotal, or to the total where prices include the tax.
fn mend_items(receipt: &mut Receipt) {
    let Some(goal) = goal(receipt) else { return };
    let bought: i64 = receipt.items.iter().map(|item| item.price.0).sum();
    let missing = goal - bought;
    if missing == 0 {
        return;
    }
    let flipped = receipt.items.iter().position(|item| item.price.0 * -2 == missing);
    if let Some(index) = flipped {
        receipt.items[index].price.0 *= -1;
        return;
    }
    let mut suspects: Vec<usize> = (0..receipt.items.len()).collect();
    suspects.sort_by(|&a, &b| receipt.items[a].confidence.total_cmp(&receipt.items[b].confidence));
    let mendable =
        |index: &&usize| alike(receipt.items[**index].price, Money(receipt.items[**index].price.0 + missing));
    if let Some(&index) = suspects.iter().find(mendable) {
        receipt.items[index].price.0 += missing;
    }
}

/// What the items must add up to, if that is beyond doubt.
fn goal(receipt: &Receipt) -> Option<i64> {
    let added = receipt.tax.map_or(0, |tax| tax.0) + receipt.tip.map_or(0, |tip| tip.0);
    match (receipt.subtotal, receipt.total) {
        (Some(subtotal), Some(total)) => (subtotal.0 + added == total.0).then_some(subtotal.0),
        (Some(subtotal), None) => Some(subtotal.0),
        (None, Some(total)) if added == 0 => Some(total.0),
        _ => None,
    }
}

/// Whether one misread, lost or doubled digit lies between the two.
fn alike(a: Money, b: Money) -> bool {
    let (a, b) = (a.0.to_string(), b.0.to_string());
    a != b && edits(&a, &b) <= 1
}
