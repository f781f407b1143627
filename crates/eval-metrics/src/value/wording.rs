//! Names, texts and codes.

use crate::distance::similarity;

/// A text without what does not matter: case, the kind of blanks, punctuation at the ends.
#[must_use]
pub fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ").to_lowercase();
    joined.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// A code without blanks, in upper case.
#[must_use]
pub fn code(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// How similar two names are, from 0 to 1: edit similarity without case, blanks and punctuation.
#[must_use]
pub fn alike(a: &str, b: &str) -> f64 {
    similarity(&letters(a), &letters(b))
}

/// What [`alike`] compares: letters and digits in lower case, or the punctuation if there is nothing else.
pub(crate) fn letters(text: &str) -> String {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if letters.is_empty() { plain(text) } else { letters }
}
