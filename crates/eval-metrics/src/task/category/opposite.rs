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
    let asked = words(question);
    let asks = |list: &[&str]| asked.iter().any(|word| list.contains(&word.as_str()));
    match (asks(&HIGH), asks(&LOW)) {
        (true, false) => Contrary(&LOW, &HIGH),
        (false, true) => Contrary(&HIGH, &LOW),
        _ => Contrary(&[], &[]),
    }
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
