//! Names that look alike and stand for something else: `Employed` and `Unemployed`, `Q1 2024` and `Q2 2024`, `Weight (kg)`
//! and `Weight (s)`.

use std::collections::HashMap;
use std::rc::Rc;

use super::unit::{measure_of, unit_name, without_unit};
use crate::task::category::words;
use crate::value::measure::Measure;

/// What tells a row or a column apart.
pub(super) struct Name {
    words: Vec<String>,
    unit: Option<String>,
    pub(super) measure: Option<Measure>,
}

impl Name {
    pub(super) fn read(label: &str) -> Self {
        const LONGEST: usize = 120;
        let label: String = label.chars().take(LONGEST).collect();
        Self { words: words(&without_unit(&label)), unit: unit_name(&label), measure: measure_of(&label) }
    }

    /// Whether this is the name of something else, however alike the two are spelled.
    pub(super) fn is_other(&self, given: &Self) -> bool {
        let units_apart = match (self.measure, given.measure) {
            (Some((a, _)), Some((b, _))) => a != b,
            _ => matches!((&self.unit, &given.unit), (Some(a), Some(b)) if a != b),
        };
        units_apart || are_other(&self.words, &given.words)
    }
}

/// The names of rows and columns of many cells, each read once.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Rc<Name>>);

impl Names {
    pub(super) fn of(&mut self, label: &str) -> Rc<Name> {
        if let Some(known) = self.0.get(label) {
            return Rc::clone(known);
        }
        let name = Rc::new(Name::read(label));
        self.0.insert(label.to_owned(), Rc::clone(&name));
        name
    }
}

/// Words that turn each other around.
const OPPOSITES: [(&str, &str); 26] = [
    ("under", "over"),
    ("below", "above"),
    ("male", "female"),
    ("males", "females"),
    ("man", "woman"),
    ("men", "women"),
    ("boys", "girls"),
    ("north", "south"),
    ("east", "west"),
    ("northern", "southern"),
    ("eastern", "western"),
    ("import", "export"),
    ("imports", "exports"),
    ("before", "after"),
    ("urban", "rural"),
    ("public", "private"),
    ("yes", "no"),
    ("agree", "disagree"),
    ("increase", "decrease"),
    ("income", "expenses"),
    ("gain", "loss"),
    ("high", "low"),
    ("maximum", "minimum"),
    ("max", "min"),
    ("with", "without"),
    ("gross", "net"),
];

/// Whether the words that two names do not share make another thing of them: an opposite, a denial, a number, a period.
pub(super) fn are_other(expected: &[String], given: &[String]) -> bool {
    const MOST: usize = 30;
    if expected == given || expected.len() > MOST || given.len() > MOST {
        return false;
    }
    let rest = |a: &[String], b: &[String]| -> Vec<String> {
        let mut left = b.to_vec();
        let own = |word: &&String| match left.iter().position(|other| other == *word) {
            Some(at) => {
                left.swap_remove(at);
                false
            }
            None => true,
        };
        a.iter().filter(own).cloned().collect()
    };
    let (left, right) = (rest(expected, given), rest(given, expected));
    let denies = |words: &[String]| words.iter().any(|word| matches!(word.as_str(), "not" | "non" | "no"));
    let counted = |words: &[String]| words.iter().any(|word| is_counted(word));
    let pairs = || left.iter().flat_map(|a| right.iter().map(move |b| (a.as_str(), b.as_str())));
    denies(&left) != denies(&right)
        || counted(&left) && counted(&right)
        || pairs().any(|(a, b)| are_opposite(a, b) || negates(a, b) || negates(b, a) || are_letters(a, b))
}

/// A number, or a quarter, month or day of the week.
fn is_counted(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    word.contains(|c: char| c.is_ascii_digit()) || DAYS.contains(&word) || MONTHS.contains(&word)
}

fn are_opposite(a: &str, b: &str) -> bool {
    OPPOSITES.iter().any(|&(one, other)| (a, b) == (one, other) || (b, a) == (one, other))
}

/// `unemployed` and `employed`.
fn negates(long: &str, short: &str) -> bool {
    short.len() >= 4
        && ["un", "non", "in", "il", "im", "ir", "dis"]
            .iter()
            .any(|prefix| long.strip_prefix(prefix) == Some(short))
}

/// Names of one letter each: `A` and `B`, `A` and `A+`.
fn are_letters(a: &str, b: &str) -> bool {
    let letter = |word: &str| word.trim_end_matches(['+', '-']).chars().count() == 1;
    letter(a) && letter(b)
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn what_differs_in_meaning_is_something_else() {
        for (a, b) in [
            ("Employed", "Unemployed"),
            ("Under 18 years", "Over 18 years"),
            ("Q1 2024", "Q2 2024"),
            ("Men 18-24", "Women 18-24"),
            ("Not stated", "Stated"),
            ("January 2023", "January 2024"),
            ("A-", "A+"),
            ("Sales ($)", "Sales (€)"),
            ("Weight (kg)", "Weight (s)"),
        ] {
            assert!(Name::read(a).is_other(&Name::read(b)), "{a} {b}");
        }
        for (a, b) in [
            ("Electronics", "Eletronics"),
            ("Sales ($)", "Sales"),
            ("Weight (kg)", "Weight (g)"),
            ("Q1", "Q1 2025"),
            ("North region", "Region North"),
        ] {
            assert!(!Name::read(a).is_other(&Name::read(b)), "{a} {b}");
        }
    }
}
