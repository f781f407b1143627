//! Whether the values of an answer agree with each other: sums, dates in order, codes with check digits.
//!
//! A rule is applied where its values are there. What no rule can be applied to has no opinion.

mod codes;

use eval_metrics::value::{dates, is_absent, money};
use serde_json::{Map, Value};

pub use codes::{iban, vat_number};

/// How far printed sums may be off: rounding of taxes moves a cent.
const TOLERANCE: f64 = 0.015;

/// The share of the rules that an answer passes; nothing where no rule applies.
#[must_use]
pub fn passed(answer: &Value) -> Option<f64> {
    let answer = answer.as_object()?;
    let mut rules = Vec::new();
    rules.extend(sums(answer));
    rules.extend(in_order(answer));
    check_digits(&mut rules, answer);
    let passed = rules.iter().filter(|passes| **passes).count();
    (!rules.is_empty()).then(|| passed as f64 / rules.len() as f64)
}

fn present<'a>(answer: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let of = |name: &&str| answer.get(*name).filter(|value| !is_absent(value));
    names.iter().find_map(of)
}

fn amount(answer: &Map<String, Value>, names: &[&str]) -> Option<f64> {
    present(answer, names).and_then(money).map(|it| it.to_f64())
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE
}

const NET: [&str; 4] = ["subtotal", "net", "net_total", "net_amount"];
const TAX: [&str; 5] = ["tax", "vat", "tax_total", "vat_amount", "tax_amount"];
const TOTAL: [&str; 5] = ["total", "gross", "gross_total", "total_amount", "amount_due"];
const ITEMS: [&str; 4] = ["items", "line_items", "lines", "positions"];
const PRICE: [&str; 4] = ["price", "amount", "total", "line_total"];

/// Items add up to the net, or to the total where there is no net; net, tax and tip add up to the total.
///
/// Where prices include the tax, net and tip are the total.
fn sums(answer: &Map<String, Value>) -> Vec<bool> {
    let (net, total) = (amount(answer, &NET), amount(answer, &TOTAL));
    let tax = amount(answer, &TAX).unwrap_or(0.0);
    let tip = amount(answer, &["tip", "service"]).unwrap_or(0.0);
    let items = present(answer, &ITEMS).and_then(Value::as_array);
    let prices = items.and_then(|items| {
        items.iter().map(|item| amount(item.as_object()?, &PRICE)).collect::<Option<Vec<f64>>>()
    });
    let items = prices.filter(|prices| !prices.is_empty()).map(|prices| prices.iter().sum::<f64>());
    let adds_up = |base: f64, total: f64| close(base + tax + tip, total) || close(base + tip, total);
    let mut rules = Vec::new();
    if let (Some(items), Some(net)) = (items, net) {
        rules.push(close(items, net));
    }
    if let (Some(base), Some(total)) = (net.or(items), total) {
        rules.push(adds_up(base, total));
    }
    rules
}

/// Pairs of dates of which the first comes first.
const ORDERED: [(&[&str], &[&str]); 4] = [
    (&["date", "issue_date", "invoice_date"], &["due_date", "payment_date", "valid_until", "expiry_date"]),
    (&["date_of_birth", "birth_date"], &["date", "issue_date", "date_of_issue"]),
    (&["start_date", "period_start", "from"], &["end_date", "period_end", "to"]),
    (&["date_of_issue", "issue_date"], &["date_of_expiry", "expiry_date"]),
];

fn in_order(answer: &Map<String, Value>) -> Vec<bool> {
    let of = |names: &[&str]| {
        // A date that can be read in two ways says nothing about an order.
        match dates(present(answer, names)?.as_str()?, None).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    };
    ORDERED.iter().filter_map(|(first, second)| Some(of(first)? <= of(second)?)).collect()
}

/// Codes by the names of their fields, however deep.
fn check_digits(rules: &mut Vec<bool>, answer: &Map<String, Value>) {
    for (name, value) in answer {
        match value {
            Value::String(text) if !is_absent(value) => {
                let name = name.to_lowercase();
                if name.contains("iban") {
                    rules.push(iban(text));
                } else if name.contains("vat") || name.contains("tax_id") {
                    rules.extend(vat_number(text));
                }
            }
            Value::Object(inner) => check_digits(rules, inner),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::passed;

    #[test]
    fn amounts_that_add_up_pass() {
        let answer = json!({"items": [{"price": 2.5}, {"price": "7.50"}], "subtotal": 10, "tax": 1.9, "total": "11.90"});
        assert_eq!(passed(&answer), Some(1.0));
        let answer =
            json!({"items": [{"price": 2.5}, {"price": 7.0}], "subtotal": 10, "tax": 1.9, "total": 11.9});
        assert_eq!(passed(&answer), Some(0.5));
        assert_eq!(passed(&json!({"subtotal": 10, "tax": 1.9, "total": 19.1})), Some(0.0));
    }

    #[test]
    fn dates_stand_in_order() {
        assert_eq!(passed(&json!({"date": "2026-03-01", "due_date": "2026-03-31"})), Some(1.0));
        assert_eq!(passed(&json!({"date": "2026-03-31", "due_date": "2026-03-01"})), Some(0.0));
    }

    #[test]
    fn what_no_rule_applies_to_has_no_opinion() {
        for answer in
            [json!({"store": "Shop", "total": 4}), json!([1]), json!({"total": null, "subtotal": 3})]
        {
            assert_eq!(passed(&answer), None, "{answer}");
        }
    }

    #[test]
    fn codes_are_checked_by_the_names_of_their_fields() {
        assert_eq!(passed(&json!({"seller": {"iban": "DE89 3704 0044 0532 0130 00"}})), Some(1.0));
        assert_eq!(
            passed(&json!({"iban": "DE89 3704 0044 0532 0130 01", "vat_id": "DE136695976"})),
            Some(0.5)
        );
    }
}
