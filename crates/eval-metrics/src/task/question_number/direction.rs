//! Words around a number that turn or bound it.

use super::unit::Unit;
use crate::value::{bounds_before, bounds_behind, falls_before, falls_behind, is_fall};

/// As many bytes beside a number as are looked at.
const NEAR: usize = 48;

/// Whether a question asks how much something fell: `By how much did it drop?`, `What is the decrease in sales?`, `How much
/// less?`. That it speaks of a fall is not enough: `What was the value after the drop?` asks for a value.
pub(super) fn asks_for_fall(question: &str) -> bool {
    let lower = question.to_lowercase();
    let asked: Vec<&str> = words(&lower).collect();
    let amount = asked.windows(2).position(|pair| {
        pair[0] == "how" && matches!(pair[1], "much" | "many" | "far") || pair[0] == "by" && pair[1] == "what"
    });
    let by_verb = amount.is_some_and(|at| asks_by_verb(&asked[at + 2..]) || is_compared(&asked[at + 2..]));
    by_verb || (0..asked.len()).any(|at| is_asked_for(&asked, at))
}

/// `did sales fall from 2020`; in `was it in the fall` the fall is none.
fn asks_by_verb(rest: &[&str]) -> bool {
    let helps =
        |word: &&str| matches!(*word, "did" | "does" | "do" | "has" | "have" | "had" | "was" | "were" | "is");
    let names = |word: &str| {
        matches!(word, "the" | "a" | "an" | "in" | "after" | "before" | "this" | "last" | "during" | "for")
    };
    let Some(from) = rest.iter().position(helps) else { return false };
    (from + 1..rest.len()).any(|at| is_fall(rest[at]) && !names(rest[at - 1]))
}

/// `less was sold`, `lower is A than B`.
fn is_compared(rest: &[&str]) -> bool {
    let is_less = |word: &&str| {
        matches!(*word, "lower" | "less" | "fewer" | "smaller" | "below" | "cheaper" | "shorter")
    };
    rest.iter().take(2).any(&is_less) || rest.iter().any(is_less) && rest.contains(&"than")
}

/// Whether the word at a place is a fall that is asked for: `What is the decrease in …?`, `What percentage drop …?`.
fn is_asked_for(asked: &[&str], at: usize) -> bool {
    const NOUNS: [&str; 8] = ["decrease", "decline", "drop", "fall", "reduction", "loss", "dip", "shrinkage"];
    let both = asked.iter().any(|word| is_rise(word) || *word == "or");
    let ends = asked
        .get(at + 1)
        .is_none_or(|next| matches!(*next, "in" | "of" | "from" | "between" | "since" | "over"));
    let before = |by: usize| at.checked_sub(by).map_or("", |at| asked[at]);
    let copula =
        |by: usize| before(by) == "the" && matches!(before(by + 1), "is" | "was" | "are" | "were" | "s");
    let percent =
        matches!(before(1), "percent" | "percentage") && matches!(before(2), "what" | "the" | "which");
    NOUNS.contains(&asked[at]) && ends && !both && (copula(1) || copula(2) || percent)
}

/// Whether a question asks how much something fell, in a verb that no rise can answer.
pub(super) fn asks_for_fall_alone(question: &str) -> bool {
    let lower = question.to_lowercase();
    let asked: Vec<&str> = words(&lower).collect();
    asks_for_fall(question)
        && asked.iter().any(|word| is_fall(word))
        && !asked.iter().any(|word| is_rise(word) || *word == "or")
}

/// Whether the words before a number say that something rose by it.
pub(super) fn is_of_a_rise(before: &str) -> bool {
    const IDLE: [&str; 8] = ["by", "of", "about", "around", "roughly", "approximately", "a", "an"];
    let before = end_of(before);
    let clause = &before[before.rfind([';', ',', '.']).map_or(0, |at| at + 1)..];
    words(clause).rev().find(|word| !IDLE.contains(word)).is_some_and(is_rise)
}

fn is_rise(word: &str) -> bool {
    ["rise", "rose", "risen", "grew", "grow", "grown", "gain", "gained", "up", "climbed", "growth"]
        .contains(&word)
        || word.starts_with("increas")
}

/// Whether the words beside a number say that it is below zero: `down 12`, `a loss of 12`, `12% lower`.
pub(super) fn is_below_zero(before: &str, after: &str) -> bool {
    let before = end_of(before);
    let before = &before[before.rfind([';', ',', '.', ':', '(']).map_or(0, |at| at + 1)..];
    let before: Vec<&str> = words(before).collect();
    let after = start_of(after);
    let after = &after[..after.find([';', ',', '.', ':', '(', '-']).unwrap_or(after.len())];
    let is_unit = |word: &&str| {
        matches!(*word, "point" | "points" | "percentage" | "units") || !Unit::read(word).is_none()
    };
    let after: Vec<&str> = words(after).skip_while(is_unit).collect();
    // `12 less than Q1` measures it by something else, as `12 lower than` does; both are a fall.
    let is_less_by =
        matches!(before.as_slice(), [.., "lower" | "less" | "fewer" | "smaller" | "overdrawn", "by"]);
    is_less_by || falls_before(&before) || falls_behind(&after) || is_marked_below(&after)
}

/// `12 degrees below zero`, `12 (negative)`, with the brackets taken away.
fn is_marked_below(after: &[&str]) -> bool {
    let words: Vec<&str> = after.iter().copied().skip_while(|word| word.starts_with("degree")).collect();
    matches!(words.as_slice(), ["below" | "under", "zero" | "0" | "freezing", ..] | ["subzero", ..])
}

/// Whether a sign beside a number says that it is below zero: an arrow down before it, a minus or `(negative)` behind it.
pub(super) fn is_signed_below(before: &str, after: &str) -> bool {
    let apart = |rest: &str| !rest.trim_start().starts_with(|c: char| c.is_alphanumeric());
    let closes = |rest: &str| apart(rest) && !rest.starts_with(['-', ':']);
    before.trim_end().ends_with(['▼', '↓', '⬇', '▾', '🔻'])
        || after.strip_prefix(['-', '−']).is_some_and(closes)
        || ["(negative)", "(minus)"].iter().any(|mark| after.trim_start().starts_with(mark))
}

/// How far a number is no more than a bound for the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// It is the value.
    None,
    /// `just over 510` is about 510.
    Near,
    /// The value is more or less: `more than 510`.
    Open,
}

/// How the words and signs around a number bound it.
pub(super) fn bound(before: &str, after: &str) -> Bound {
    const NEARLY: [&str; 4] = ["just", "slightly", "barely", "marginally"];
    let is_unit = |word: &str| !Unit::read(word).is_none();
    if bounds_behind(start_of(after), is_unit) {
        return Bound::Open;
    }
    let end = end_of(before);
    // A bound stands in the same clause, and `rose from 46 to 64` bounds nothing.
    let clause = &end[end.rfind([';', ',', '\n']).map_or(0, |at| at + 1)..];
    if words(clause).next_back().is_some_and(|word| matches!(word, "almost" | "nearly" | "beinahe" | "knapp"))
    {
        return Bound::Near;
    }
    if words(clause).any(is_motion) || !bounds_before(clause) {
        Bound::None
    } else if words(clause).rev().nth(1).is_some_and(|word| NEARLY.contains(&word)) {
        Bound::Near
    } else {
        Bound::Open
    }
}

/// `rose from`, `fell from`, `climbed until`.
fn is_motion(word: &str) -> bool {
    is_fall(word)
        || ["rose", "grew", "went", "climbed", "increased", "jumped", "rises", "grows", "goes", "moved"]
            .contains(&word)
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '%')).filter(|word| !word.is_empty())
}

fn end_of(text: &str) -> &str {
    let mut start = text.len().saturating_sub(NEAR);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

fn start_of(text: &str) -> &str {
    let mut end = text.len().min(NEAR);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
