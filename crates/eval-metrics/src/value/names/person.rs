//! Names of persons, where another letter is another person.

use crate::distance::length;

/// Whether only initials differ.
pub(super) fn is_same(left: &[String], right: &[String]) -> bool {
    let initials = |words: &[String]| words.iter().all(|word| length(word) == 1);
    (left.is_empty() || right.is_empty()) && initials(left) && initials(right)
        || left.concat() == right.concat()
}

/// Whether two names are addressed as other persons: `Mr. Smith` and `Mrs. Smith`.
pub(super) fn is_addressed_otherwise(expected: &str, got: &str) -> bool {
    let forms = |text: &str| {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let leads = |at: usize| at == 0 || matches!(words[at - 1], "and" | "und" | "et" | "y");
        let form = |word: &str| match word {
            "mr" | "mister" | "herr" | "monsieur" | "signor" | "sir" => Some(false),
            "mrs" | "ms" | "miss" | "frau" | "mme" | "madame" | "mlle" | "sra" | "signora" => Some(true),
            _ => None,
        };
        (0..words.len()).filter(|at| leads(*at)).filter_map(|at| form(words[at])).collect::<Vec<bool>>()
    };
    let (a, b) = (forms(expected), forms(got));
    !a.is_empty() && !b.is_empty() && a != b
}

/// Why a name is given in part, if it is: `R. Delgado` for `Rosa Delgado`.
pub(super) fn in_part(
    expected: &[String],
    got: &[String],
    left: &[String],
    right: &[String],
) -> Option<&'static str> {
    let is_initial = |short: &str, long: &str| length(short) == 1 && long.starts_with(short);
    let initials = |(a, b): (&String, &String)| is_initial(a, b) || is_initial(b, a);
    let has_common = expected.len() > left.len();
    if has_common && !left.is_empty() && left.len() == right.len() && left.iter().zip(right).all(initials) {
        return Some("an initial for a name");
    }
    // Of `Anna Maria Schmidt` the first and the last are there.
    let (short, between) =
        if left.is_empty() { (expected.len(), right) } else { (expected.len() - left.len(), left) };
    let is_middle = |words: &[String]| {
        words.first().is_some_and(|first| !between.contains(first))
            && words.last().is_some_and(|last| !between.contains(last))
    };
    let longer = if left.is_empty() { got } else { expected };
    if left.is_empty() != right.is_empty() && short >= 2 && between.len() <= 2 && is_middle(longer) {
        return Some("without a middle name");
    }
    let generation = |words: &[String]| {
        words
            .iter()
            .all(|word| matches!(word.as_str(), "jr" | "sr" | "junior" | "senior" | "ii" | "iii" | "iv"))
    };
    let one_side = left.is_empty() != right.is_empty();
    (has_common && one_side && generation(left) && generation(right)).then_some("but for the generation")
}
