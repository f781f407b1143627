use proptest::prelude::*;
use serde_json::json;

use super::*;

#[track_caller]
fn amount(text: &str, expected: &str) {
    assert_eq!(money(&json!(text)).map(|amount| amount.to_string()).as_deref(), Some(expected), "{text}");
}

#[track_caller]
fn judged(kind: FieldType, expected: Value, got: Value, verdict: Verdict) {
    let judgement = kind.judge(&expected, &got, &Comparison { name_threshold: 0.8, date_order: None });
    assert_eq!(judgement.verdict, verdict, "{expected} {got} {:?}", judgement.note);
}

#[test]
fn reads_money_whatever_its_spelling() {
    amount("1.234,50 €", "1234.5");
    amount("1234.50", "1234.5");
    amount("¥1,200", "1200");
    amount("(12.50)", "-12.5");
    amount("12,5", "12.5");
    amount("CHF 1'234.50", "1234.5");
    amount("1’234.50", "1234.5");
    amount("₹12,34,567.00", "1234567");
    amount("12.50-", "-12.5");
    amount("-$3.00", "-3");
    amount("$ -3.00", "-3");
    amount("− 3,00", "-3");
    amount("1 234 567,89 zł", "1234567.89");
    amount("1\u{202f}234,5", "1234.5");
    amount("12,-", "12");
    amount("12,– €", "12");
    amount("RM12", "12");
    amount("Rs.50", "50");
    amount("Rs. 1,200.00", "1200");
    amount(".50", "0.5");
    amount("1.234", "1234");
    amount("1,234", "1234");
    amount("0.125", "0.13");
    amount("1.234.567", "1234567");
    amount("２５０円", "250");
    amount("USD 0.99", "0.99");
    amount("12.50 EUR", "12.5");
    amount("+7", "7");
    amount("Rs 9/-", "9");
    amount("９．００", "9");
    amount("twelve dollars and fifty cents", "12.5");
    amount("12 € 50", "12.5");
    amount("12K", "12000");
    amount("€1,5 Mio.", "1500000");
    amount("1.234 million", "1234000");
    amount("3万円", "30000");
    amount("4.2 (in thousands)", "4200");
    amount("99 cents", "0.99");
    amount("$0.99 cents", "0.99");
    amount("1,234.50 CR", "-1234.5");
    amount("Rs 2 Cr", "20000000");
    amount("loss of 12", "-12");
    amount("2.00 + 10.50 = 12.50", "12.5");
    amount("the total is about 12", "12");
    amount("1e5", "100000");
    amount("$12½", "12.5");
    amount("fünfundzwanzig Euro", "25");
    amount("١٢٫٥٠", "12.5");
}

#[test]
fn what_only_arithmetic_with_doubles_adds_is_no_mistake() {
    for kind in [FieldType::Number, FieldType::Quantity, FieldType::Money] {
        for got in [json!(1613.8600000000001), json!("1613.8600000000001"), json!(1613.860000001)] {
            judged(kind, json!(1613.86), got.clone(), Verdict::Right);
            judged(kind, json!(-1613.86), json!(1613.86), Verdict::Wrong);
        }
        judged(kind, json!(0.1 + 0.2), json!(0.3), Verdict::Right);
        judged(kind, json!(1613.86), json!(1613.87), Verdict::Wrong);
        judged(kind, json!(10_000_000_000_u64), json!(10_000_000_001_u64), Verdict::Wrong);
        judged(kind, json!(5_000_000_000_u64), json!(5_000_000_000.01), Verdict::Wrong);
    }
    judged(FieldType::Number, json!(0.3333), json!(0.333_333_333_333), Verdict::Right);
    judged(FieldType::Number, json!(0.3333), json!(0.3334), Verdict::Wrong);
    judged(FieldType::Number, json!(3), json!(3.4), Verdict::Wrong);
}

/// Digits moved, swapped or dropped, as they are spelled.
fn is_shift(got: u32, expected: u32) -> bool {
    let (got, expected) = (got.to_string(), expected.to_string());
    // Leading zeros vanish.
    let swapped = (1..=expected.len()).any(|at| {
        let mut digits = format!("0{expected}").into_bytes();
        digits.swap(at - 1, at);
        String::from_utf8_lossy(&digits).parse::<u32>().is_ok_and(|it| it.to_string() == got)
    });
    let dropped = (0..expected.len()).any(|at| [&expected[..at], &expected[at + 1..]].concat() == got);
    got != expected && (got.trim_end_matches('0') == expected.trim_end_matches('0') || swapped || dropped)
}

proptest! {
    #[test]
    fn a_quick_look_overlooks_no_shifted_number(digits in 1_u32..99_999, at in 0_u32..5, how in 0..3) {
        let power = 10_u32.pow(at);
        let (high, digit, low) = (digits / power / 10, digits / power % 10, digits % power);
        let other = match how {
            0 => high * power + low,
            1 => digits * 10,
            _ => digits.saturating_sub(digit * power),
        };
        let of = |number: u32| quantity(&json!(number)).expect("a number");
        for (got, expected) in [(other, digits), (digits, other)] {
            if got > 0 && expected > 0 {
                prop_assert_eq!(of(got).is_shift_of(of(expected)), is_shift(got, expected), "{} {}", got, expected);
            }
        }
    }
}

#[test]
fn refuses_what_is_no_amount() {
    for text in [
        "",
        "-",
        "abc",
        "2 x 3.50",
        "1,23,45",
        "1.2.3",
        "12.3.2025",
        "1,234.5.6",
        "the total is 12 or 13",
        "more than 12",
        "not 12",
        "12 to 14",
        "12h50",
        "12:30",
        "1,2345.6",
    ] {
        assert_eq!(money(&json!(text)), None, "{text}");
    }
    assert_eq!(money(&json!([12])), None);
    assert_eq!(money(&json!("9".repeat(10_000))), None);
}

#[test]
fn takes_json_numbers_as_they_are() {
    assert_eq!(money(&json!(1.234)).unwrap().to_string(), "1.23");
    assert_eq!(money(&json!(419.5)).unwrap().to_string(), "419.5");
    assert_eq!(money(&json!(-0.1)).unwrap().to_string(), "-0.1");
    assert_eq!(quantity(&json!(0.354)).unwrap().to_string(), "0.354");
    assert_eq!(money(&json!(1e300)), None);
}

#[test]
fn reads_quantities() {
    for (text, number) in [
        ("2 x", "2"),
        ("x2", "2"),
        ("2 pcs", "2"),
        ("0,354 kg", "0.354"),
        ("1.234 kg", "1.234"),
        ("3 Stück", "3"),
    ] {
        assert_eq!(quantity(&json!(text)).unwrap().to_string(), number, "{text}");
    }
}

#[test]
fn reads_dates_whatever_their_spelling() {
    let day = jiff::civil::date(2025, 12, 31);
    for text in [
        "2025-12-31",
        "2025-12-31T14:05:00Z",
        "2025/12/31",
        "2025.12.31",
        "20251231",
        "31.12.2025",
        "12/31/2025",
        "31/12/25",
        "31-Dec-25",
        "Dec 31, 2025",
        "31st December 2025",
        "Wed, 31 Dec 2025 14:05",
        "31. Dezember 2025",
        "31 décembre 2025",
        "2025年12月31日",
        "31 de diciembre de 2025",
        "2025-Dec-31",
        "31.12.25 09:15",
        "Berlin, den 31. Dezember 2025",
        "31 Dec 2025, Vienna",
        "31 grudnia 2025 r.",
        "31 декабря 2025 г.",
        "2025년 12월 31일",
        "令和7年12月31日",
        "31 tháng 12 năm 2025",
        "12/31/2025 (MM/DD/YYYY)",
        "December thirty first, twenty twenty five",
        "not 2025-12-30 but 2025-12-31",
    ] {
        assert_eq!(dates(text, None), [day], "{text}");
    }
}

#[test]
fn gives_every_reading_of_an_ambiguous_date() {
    assert_eq!(dates("03/04/2025", None), [jiff::civil::date(2025, 3, 4), jiff::civil::date(2025, 4, 3)]);
    assert_eq!(dates("5.5.2025", None), [jiff::civil::date(2025, 5, 5)]);
    assert!(dates("10-11-12", None).len() == 3);
}

#[test]
fn refuses_what_is_no_date() {
    for text in ["", "31.02.2025", "2025-13-01", "tomorrow", "12:30", "1234567", "31/12/0025", "99999999"] {
        assert_eq!(dates(text, None), [], "{text}");
    }
}

#[test]
fn tells_rounded_from_shifted_from_wrong() {
    use Verdict::{Right, Rounded, Shifted, Wrong};
    for (expected, got, verdict) in [
        (419.5, 419.5, Right),
        (419.5, 419.0, Rounded),
        (419.5, 420.0, Rounded),
        (419.5, 400.0, Rounded),
        (419.5, 430.0, Wrong),
        (419.5, 500.0, Wrong),
        (14.99, 15.0, Rounded),
        (14.99, 10.0, Rounded),
        (0.99, 1.0, Rounded),
        (3.0, 10.0, Wrong),
        (3.0, 0.0, Wrong),
        (1000.0, 100.0, Shifted),
        (12.5, 125.0, Shifted),
        (12.5, 1250.0, Shifted),
        (419.5, 491.5, Shifted),
        (419.5, 41.5, Shifted),
        (1234.56, 134.56, Shifted),
        (419.5, -419.5, Wrong),
        (419.5, 519.5, Wrong),
    ] {
        judged(FieldType::Money, json!(expected), json!(got), verdict);
    }
}

#[test]
fn tells_missing_from_invented_from_absent() {
    judged(FieldType::Money, json!(null), json!("N/A"), Verdict::Right);
    judged(FieldType::Money, json!(null), json!(0), Verdict::Invented);
    judged(FieldType::Money, json!(1), json!(null), Verdict::Missing);
    judged(FieldType::Money, json!(1), json!("cheap"), Verdict::Wrong);
    judged(FieldType::Money, json!(1), json!("not visible"), Verdict::Missing);
}

#[test]
fn compares_words_by_their_type() {
    judged(FieldType::Name, json!("Coffee, large"), json!("COFFEE LARGE"), Verdict::Right);
    judged(FieldType::Name, json!("Coffee"), json!("Toffee apple"), Verdict::Wrong);
    judged(FieldType::Text, json!("Main St 1"), json!(" main  st 1."), Verdict::Right);
    judged(FieldType::Text, json!("Main St 1"), json!("Main St 2"), Verdict::Wrong);
    judged(FieldType::Code, json!("INV-001"), json!("inv - 001"), Verdict::Right);
    judged(FieldType::Code, json!("INV-001"), json!("INV-01"), Verdict::Wrong);
    judged(FieldType::Code, json!("4711"), json!(4711), Verdict::Right);
    judged(FieldType::Enum, json!("credit_card"), json!("Credit Card"), Verdict::Right);
    judged(FieldType::Date, json!("2025-04-03"), json!("03/04/2025"), Verdict::Partly);
    judged(FieldType::Date, json!("2025-04-03"), json!("03.04.2025"), Verdict::Right);
    judged(FieldType::Date, json!("2018-12-25"), json!("2018-12-25 ltd"), Verdict::Wrong);
    judged(FieldType::Date, json!("2025-04-03"), json!("2025-04-04"), Verdict::Wrong);
}

proptest! {
    #[test]
    fn never_panics_on_any_text(text in "[-+0-9.,' €$()A-zäé:/年月日٣]{0,40}") {
        let value = json!(text);
        let _ = (money(&value), quantity(&value), dates(&text, None));
    }

    #[test]
    fn reads_every_common_spelling_of_an_amount(cents in 0..10_000_000_000_i64) {
        let (whole, fraction) = (cents / 100, cents % 100);
        let digits = whole.to_string();
        let groups = |mark: &str| {
            let mut out = String::new();
            for (index, c) in digits.chars().enumerate() {
                if index > 0 && (digits.len() - index) % 3 == 0 {
                    out.push_str(mark);
                }
                out.push(c);
            }
            out
        };
        let expected = Decimal::new(cents.into(), 2);
        for text in [
            format!("{whole}.{fraction:02}"), format!("{whole},{fraction:02} €"), format!("${}.{fraction:02}", groups(",")),
            format!("{},{fraction:02}", groups(".")), format!("CHF {}.{fraction:02}", groups("'")), format!("{},{fraction:02}", groups(" ")),
        ] {
            prop_assert_eq!(money(&json!(text)), Some(expected), "{}", text);
        }
        let number: f64 = format!("{whole}.{fraction:02}").parse().unwrap();
        prop_assert_eq!(money(&json!(number)), Some(expected));
        prop_assert!((expected.to_f64() - number).abs() < 1e-9);
    }
}
