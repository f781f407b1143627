//! Numbers and money as people read them: the one place where outputs format them.

use eval_summary::{Bounds, Cost, Opinion, StandingKind};

use crate::document::Tone;

/// What stands where a figure is not known.
pub(crate) const UNKNOWN: &str = "n/a";

/// A share: `85.0%`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}%", tenths(share) / 10.0)
}

/// A difference of shares in points: `−1.2`.
#[must_use]
pub fn points(difference: f64) -> String {
    format!("{:+.1}", tenths(difference) / 10.0).replace('-', "−")
}

/// An amount of points without a sign: `1 point`, `2.5 points`.
#[must_use]
pub fn points_of(share: f64) -> String {
    let points = tenths(share) / 10.0;
    if points == 1.0 { "1 point".to_owned() } else { format!("{points} points") }
}

/// In tenths of a percent; never a negative zero.
fn tenths(share: f64) -> f64 {
    (share * 1_000.0).round() + 0.0
}

pub(crate) fn interval(bounds: Option<&Bounds>) -> String {
    bounds.map_or_else(|| UNKNOWN.to_owned(), |one| between(one.low, one.high))
}

/// The ends of an interval of shares, in per cent.
pub(crate) fn between(low: f64, high: f64) -> String {
    format!("{:.1}–{:.1}", tenths(low) / 10.0, tenths(high) / 10.0)
}

pub(crate) fn interval_of_points(bounds: Option<&Bounds>) -> String {
    bounds.map_or_else(|| UNKNOWN.to_owned(), |one| format!("[{}, {}]", points(one.low), points(one.high)))
}

/// A duration: `0.4 ms`, `199 ms`, `1.2 s`, `2.5 min`.
#[must_use]
pub fn seconds(value: f64) -> String {
    match value {
        short if short < 0.0095 => format!("{:.1} ms", short * 1_000.0),
        short if short < 0.9995 => format!("{:.0} ms", short * 1_000.0),
        long if long < 99.5 => format!("{long:.1} s"),
        long => format!("{:.1} min", long / 60.0),
    }
}

/// `316–436 ms`: the unit once, if it is the same; `≥ 316 ms` where one end is not known.
pub(crate) fn range_of_seconds(low: Option<f64>, high: Option<f64>) -> String {
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (seconds(low), seconds(high)),
        (Some(low), None) => return format!("≥ {}", seconds(low)),
        (None, Some(high)) => return format!("≤ {}", seconds(high)),
        (None, None) => return String::new(),
    };
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number}–{high}"),
        _ => format!("{low}–{high}"),
    }
}

/// Tokens per second: `7.5`, `84`.
pub(crate) fn speed(value: f64) -> String {
    if value < 9.95 { format!("{value:.1}") } else { count(value.round() as u64) }
}

/// A moment for people: `2026-11-21 08:00`.
pub(crate) fn minute(started: &str) -> String {
    started.chars().take(16).collect::<String>().replace('T', " ")
}

/// US dollars: `$0`, `<$0.0001`, `$0.0042`, `$1.20`, `$12,345.00`; `n/a` where it is no amount.
#[must_use]
pub fn money(usd: f64) -> String {
    vision_core::Usd(usd).to_string()
}

/// What something costs: `free`, or the money.
#[must_use]
pub fn price(usd: f64) -> String {
    if usd == 0.0 { "free".to_owned() } else { money(usd) }
}

/// How many times as much: `1.25 times`, `40.0 times`; never `1.0 times` of what is more.
#[must_use]
pub fn times(factor: f64) -> String {
    match factor {
        close if close < 1.005 => "slightly more than 1 times".to_owned(),
        small if small < 1.95 => format!("{small:.2} times"),
        large if large < 1e6 => format!("{large:.1} times"),
        _ => "more than a million times".to_owned(),
    }
}

/// How much more or less that is: `+12%`; nothing where the difference is hardly one.
pub(crate) fn relative(before: f64, now: f64) -> String {
    let share = now / before - 1.0;
    match share {
        share if !share.is_finite() || share.abs() < 0.005 => String::new(),
        large if large >= 9.0 => format!("×{:.0}", large + 1.0),
        share => format!("{:+.0}%", share * 100.0).replace('-', "−"),
    }
}

/// A price that may be a lower bound.
pub(crate) fn price_of(cost: &Cost, usd: f64) -> String {
    if cost.at_least { format!("≥ {}", money(usd)) } else { price(usd) }
}

/// A count with commas between thousands: `1,234,567`.
#[must_use]
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 case`, `1,200 cases`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// `a, b and c`.
#[must_use]
pub fn and<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// A sentence from its words.
pub(crate) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A figure of unknown unit, in at most four decimals.
pub(crate) fn plain(value: f64) -> String {
    let text = format!("{:.4}", value + 0.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A figure with its sign, such as log odds.
pub(crate) fn signed(value: f64) -> String {
    format!("{value:+.2}")
}

pub(crate) fn whole(value: f64) -> String {
    format!("{:.0}", value + 0.0)
}

/// A p-value.
pub(crate) fn chance(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}

/// A p-value behind the letter: `= 0.012`, `< 0.001`.
pub(crate) fn equal(p: f64) -> String {
    let p = chance(p);
    if p.starts_with('<') { p.replace('<', "< ") } else { format!("= {p}") }
}

/// How a candidate stands, in a table.
#[must_use]
pub fn standing(standing: StandingKind) -> &'static str {
    match standing {
        StandingKind::Recommended => "recommended",
        StandingKind::InContention => "in contention",
        StandingKind::Worse => "worse",
    }
}

pub(crate) fn opinion(opinion: Opinion) -> (&'static str, Tone) {
    match opinion {
        Opinion::Better => ("better", Tone::Good),
        Opinion::Worse => ("worse", Tone::Bad),
        Opinion::CannotTell => ("not significant", Tone::Unsure),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        and, count, counted, money, percent, points, points_of, price, range_of_seconds, relative, times,
    };

    #[test]
    fn more_than_once_never_reads_as_once() {
        let said = [1.0000001, 1.004, 1.02, 1.5, 40.0, 1e300].map(times);
        let expected =
            ["slightly more than 1 times", "slightly more than 1 times", "1.02 times", "1.50 times"];
        assert_eq!(said[..4], expected);
        assert_eq!(said[4..], ["40.0 times", "more than a million times"]);
    }

    #[test]
    fn a_range_says_which_end_is_not_known() {
        let said = [(Some(0.3), Some(0.4)), (Some(0.3), Some(1.2)), (Some(0.3), None), (None, Some(1.2))];
        let said = said.map(|(low, high)| range_of_seconds(low, high));
        assert_eq!(said, ["300–400 ms", "300 ms–1.2 s", "≥ 300 ms", "≤ 1.2 s"]);
    }

    #[test]
    fn a_change_is_said_as_a_share_of_what_was() {
        let said = [(2.0, 2.5), (2.0, 1.5), (1.0, 1.001), (1.0, 30.0), (0.0, 1.0)];
        assert_eq!(said.map(|(before, now)| relative(before, now)), ["+25%", "−25%", "", "×30", ""]);
    }

    #[test]
    fn what_is_no_amount_of_money_is_not_available() {
        assert_eq!([f64::NAN, f64::INFINITY, 1e300, -1e300].map(money), ["n/a"; 4]);
    }

    #[test]
    fn numbers_and_lists_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.01, 0.025, 0.1].map(points_of), ["1 point", "2.5 points", "10 points"]);
        assert_eq!(and(&["a", "b", "c"]), "a, b and c");
        assert_eq!([1, 2].map(|it| counted(it, "case")), ["1 case", "2 cases"]);
    }

    #[test]
    fn no_zero_has_a_sign_and_no_money_rounds_to_nothing() {
        assert_eq!([-0.000_01, 0.0, -0.0].map(percent), ["0.0%", "0.0%", "0.0%"]);
        assert_eq!([-0.000_01, -0.012, 0.012].map(points), ["+0.0", "−1.2", "+1.2"]);
        assert_eq!(
            [0.0, -0.0, 0.000_04, 0.004_2, 0.05, 0.099_96, 1.2, 12_345.0].map(money),
            ["$0", "$0", "<$0.0001", "$0.0042", "$0.05", "$0.10", "$1.20", "$12,345.00"]
        );
        assert_eq!(([0.0, 0.5].map(price)), ["free", "$0.50"]);
    }
}
