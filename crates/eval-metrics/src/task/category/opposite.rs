//! Answers about the other end of a scale: `The lowest is Germany` to a question for the highest.

use super::spelling::words;

const HIGH: [&str; 14] = [
    "highest", "largest", "biggest", "greatest", "most", "maximum", "max", "best", "top", "longest",
    "oldest", "latest", "tallest", "fastest",
];
const LOW: [&str; 14] = [
    "lowest", "smallest", "least", "fewest", "minimum", "min", "worst", "bottom", "shortest", "youngest",
    "earliest", "slowest", "lightest", "weakest",
];

/// The words of the end that a question does not ask for.
pub(super) struct Contrary(&'static [&'static str], &'static [&'static str]);

/// Nothing where a question asks for neither end, or for both.
pub(super) fn asked(question: &str) -> Contrary {
    match asks_for_high(&words(question)) {
        Some(true) => Contrary(&LOW, &HIGH),
        Some(false) => Contrary(&HIGH, &LOW),
        None => Contrary(&[], &[]),
    }
}

/// Whether a question asks for the high end; nothing where it asks for neither, or for both.
pub(super) fn asks_for_high(asked: &[String]) -> Option<bool> {
    let asks = |list: &[&str]| asked.iter().any(|word| list.contains(&word.as_str()));
    match (asks(&HIGH), asks(&LOW)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// The words for the end that a question asks for.
pub(super) fn ends_of(asked: &[String]) -> &'static [&'static str] {
    match asks_for_high(asked) {
        Some(true) => &HIGH,
        Some(false) => &LOW,
        None => &[],
    }
}

/// Whether a word is for an end of a scale.
pub(super) fn is_end(word: &str) -> bool {
    HIGH.contains(&word) || LOW.contains(&word)
}

impl Contrary {
    /// Whether words speak of the other end alone, and do not deny it.
    pub(super) fn is_said(&self, words: &[String]) -> bool {
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let bounds =
            words.windows(2).any(|pair| pair[0] == "at" && matches!(pair[1].as_str(), "least" | "most"));
        words.len() <= 12
            && says(self.0)
            && !says(self.1)
            && !bounds
            && !words.iter().any(|word| crate::task::claims::denies(word))
    }
}
