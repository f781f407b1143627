//! Where a text states its result: `510 - 420 = 90`, `the sum of 7 and 8 is 15`.

use super::abroad::{is_between, is_to_or_or};

/// What a result stands behind; of the first group that has one, the last counts.
const MARKS: [&[&str]; 2] = [
    &[
        "=",
        "equals ",
        "answer is ",
        "answer ; ",
        "result is ",
        "result ; ",
        "difference is ",
        "difference ; ",
        "sum is ",
        "sum ; ",
        "total is ",
        "answer would be ",
        "total ; ",
        "gives ",
        "comes to ",
        "adds up to ",
        " so ",
        " thus ",
        " hence ",
        " therefore ",
    ],
    &[" is "],
];

/// The text from its result on, or all of it where none is stated.
pub(super) fn stated(text: &str) -> &str {
    MARKS.iter().find_map(|marks| last_result(text, marks)).unwrap_or(text)
}

fn last_result<'a>(text: &'a str, marks: &[&str]) -> Option<&'a str> {
    let ends = marks.iter().flat_map(|mark| text.match_indices(mark).map(|(at, mark)| (at, at + mark.len())));
    let (_, end) =
        ends.filter(|(at, end)| !text[..*at].ends_with("which") && is_result(&text[*end..])).max()?;
    Some(&text[end..])
}

/// Whether a number comes at once, and no calculation with it.
fn is_result(text: &str) -> bool {
    const BEFORE: [&str; 13] = [
        "by",
        "about",
        "approximately",
        "around",
        "roughly",
        "exactly",
        "only",
        "just",
        "a total of",
        "equal to",
        "minus",
        "therefore",
        "negative",
    ];
    let blank = |c: char| c.is_whitespace() || "$€£¥₹₽~≈-−+;:".contains(c);
    let mut rest = text.trim_start_matches(blank);
    while let Some(next) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = next.trim_start_matches(blank);
    }
    let number = |c: char| c.is_ascii_digit() || ".,'’_".contains(c);
    let behind = rest.trim_start_matches(number);
    let calculates = |rest: &str| {
        let operator = rest.trim_start().strip_prefix(|c: char| "+-−x×*/÷;".contains(c));
        operator.is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    };
    rest.starts_with(|c: char| c.is_ascii_digit()) && !calculates(behind)
}

/// Whether a bracket holds another number under a condition: `13 if you count the child`.
pub(super) fn is_conditional(working: &str) -> bool {
    working.starts_with(|c: char| c.is_ascii_digit())
        && [" if ", " when ", " with "].iter().any(|word| working.contains(word))
}

/// Whether the value of one time is followed by that of another: `12 last year and 13 this year`.
fn is_of_another_time(between: &str) -> bool {
    const TIMES: [&str; 8] = [
        "last year",
        "this year",
        "next year",
        "last month",
        "this month",
        "last week",
        "this week",
        "before",
    ];
    let before = between.trim_end().strip_suffix("and");
    before.is_some_and(|before| TIMES.contains(&before.trim()))
}

/// Whether what stands between two numbers offers the second in place of the first: `510 or 520`, `510 to 520`.
///
/// `before` is the text before the first number. What rises from 420 to 510 is neither of the two.
pub(super) fn is_alternative(before: &str, between: &str) -> bool {
    let units = |c: char| c.is_whitespace() || "$€£¥₹₽%;,".contains(c);
    let between = between.trim_start();
    // `510K or 520K`
    let scaled = between.strip_prefix(['k', 'm']).filter(|rest| !rest.starts_with(char::is_alphanumeric));
    let joint = scaled.unwrap_or(between).trim_matches(units);
    let is_range = is_between(before, joint) || is_to_or_or(joint);
    // `12 of them ; maybe 13`
    let last = between.rsplit_once(';').map_or("", |parts| parts.1).trim();
    is_range
        || is_of_another_time(between)
        || matches!(last, "maybe" | "perhaps" | "possibly" | "or maybe" | "or" | "or perhaps")
        || matches!(joint, "to" | "until" | "bis" | "through")
        || matches!(
            joint,
            "minus"
                | "or"
                | "maybe"
                | "perhaps"
                | "possibly"
                | "or maybe"
                | "or perhaps"
                | "or possibly"
                | "or even"
                | "or rather"
                | "but possibly"
                | "but maybe"
                | "but perhaps"
                | "but it could be"
                | "but it might be"
                | "-"
                | "and/or"
                | "/"
                | "~"
        )
}
