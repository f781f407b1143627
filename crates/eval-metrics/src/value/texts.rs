//! Texts and lists of texts.

use super::fold::{Umlaut, fold, tokens};
use super::signs::same_signs;
use crate::distance::between;
use crate::speech::american;

/// Whether two texts have the same words; accents, case, quotes and dashes do not matter, but signs of numbers do.
pub(crate) fn same_text(expected: &str, got: &str) -> bool {
    if !same_signs(expected, got) {
        return false;
    }
    let words = |text: &str, umlaut| {
        let folded = fold(text, umlaut).replace('\'', "").replace('&', " and ");
        let words: Vec<String> = tokens(&folded).into_iter().map(|word| american(word).to_owned()).collect();
        words
    };
    // `5km` is `5 km`.
    let joined = |words: &[String]| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        words.iter().fold(String::new(), |mut all: String, word| {
            if !all.is_empty() && digit(all.chars().next_back()) == digit(word.chars().next()) {
                all.push(' ');
            }
            all + word
        })
    };
    let same = |umlaut| {
        let (a, b) = (words(expected, umlaut), words(got, umlaut));
        let after_label = || {
            b.split_first().is_some_and(|(first, rest)| {
                matches!(first.as_str(), "subject" | "re" | "betreff" | "objet" | "asunto" | "title")
                    && *rest == a[..]
            })
        };
        if a.is_empty() {
            super::plain(expected) == super::plain(got)
        } else {
            a == b || joined(&a) == joined(&b) || after_label()
        }
    };
    same(Umlaut::Bare) || same(Umlaut::WithE)
}

/// Whether two texts of several words differ by one letter of one longer word.
pub(super) fn is_misprint(expected: &str, got: &str) -> bool {
    const FEWEST_WORDS: usize = 4;
    const LONGEST: usize = 1_000;
    if expected.len() > LONGEST || got.len() > LONGEST {
        return false;
    }
    let (expected, got) = (fold(expected, Umlaut::Bare), fold(got, Umlaut::Bare));
    let (a, b) = (tokens(&expected), tokens(&got));
    let mut apart = a.iter().zip(&b).filter(|(a, b)| a != b);
    let (Some((one, other)), None) = (apart.next(), apart.next()) else { return false };
    let is_long = |word: &str| word.len() >= 4 && word.chars().all(char::is_alphabetic);
    a.len() == b.len()
        && a.len() >= FEWEST_WORDS
        && is_long(one)
        && is_long(other)
        && between(one, other) == 1
}

/// The entries of a list.
pub(super) struct Entries(Vec<String>);

impl Entries {
    /// The entries of a label: between semicolons, else on lines or between bars.
    pub(super) fn of(label: &str) -> Self {
        Self(entries(label, if label.contains(';') { &[';'] } else { &['\n', '|'] }))
    }

    /// Twice the common entries by all, in whatever form the answer lists them; 0 if some are missing and others are
    /// invented, or if a single choice is not met.
    pub(super) fn overlap(&self, got: &str) -> f64 {
        let joined = with_commas(got);
        let readings = [
            entries(got, &[';', '\n', '|']),
            entries(got, &[',']),
            entries(&joined, &[',']),
            if self.0.len() > 1 { numbered(got) } else { Vec::new() },
            if self.0.len() > 1 { entries(got, &['/']) } else { Vec::new() },
        ];
        readings.into_iter().map(|given| self.shared(given)).fold(0.0, f64::max)
    }

    fn shared(&self, mut given: Vec<String>) -> f64 {
        const MOST: usize = 1_000;
        let all = self.0.len() + given.len();
        if all == 0 || all > MOST {
            return 0.0;
        }
        // What is denied is not chosen.
        given.retain(|entry| !entry.starts_with("no ") && !entry.starts_with("not "));
        let mut common = 0_usize;
        for entry in &self.0 {
            if let Some(at) = given.iter().position(|other| is_same(entry, other)) {
                given.swap_remove(at);
                common += 1;
            }
        }
        let exchanged = !given.is_empty() && common < self.0.len();
        if exchanged || self.0.len() < 2 && !given.is_empty() {
            return 0.0;
        }
        2.0 * common as f64 / all as f64
    }
}

/// A text with a comma for the word before the last entry: `apple, pear and plum`.
pub(crate) fn with_commas(text: &str) -> String {
    const JOINTS: [&str; 12] =
        [" and ", " & ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " и ", " та ", " i "];
    let text = text.replace(['、', '،', '，'], ",").replace("和", ",");
    let text = JOINTS.iter().fold(text, |text, joint| text.replace(joint, ","));
    text.replace(", ,", ",").replace(",,", ",")
}

/// Whether two entries are the same, also where blanks differ: `E-mail` and `Email`, `Phone` and `Telephone`.
fn is_same(expected: &str, got: &str) -> bool {
    let joined = |text: &str| text.replace(' ', "").replace("telephone", "phone");
    expected == got || joined(expected) == joined(got)
}

/// `1. Single 2. Family` in its parts.
fn numbered(text: &str) -> Vec<String> {
    let (mut parts, mut rest) = (Vec::new(), text.trim());
    for number in 1..100 {
        let Some(tail) =
            rest.strip_prefix(&format!("{number}.")).or_else(|| rest.strip_prefix(&format!("{number})")))
        else {
            return Vec::new();
        };
        let next = [format!(" {}.", number + 1), format!(" {})", number + 1)];
        match next.iter().filter_map(|mark| tail.find(mark.as_str())).min() {
            Some(at) => {
                parts.push(entry(&tail[..at]));
                rest = tail[at..].trim_start();
            }
            None => {
                parts.push(entry(tail));
                return parts;
            }
        }
    }
    parts
}

/// The entries of a list in a text: between the first of the separators that it has.
fn entries(text: &str, separators: &[char]) -> Vec<String> {
    let mark = separators.iter().copied().find(|mark| text.contains(*mark));
    let parts: Vec<&str> = mark.map_or_else(|| vec![text], |mark| text.split(mark).collect());
    parts.into_iter().map(entry).filter(|entry| !entry.is_empty()).collect()
}

/// An entry without its bullet, tick or number, in plain words.
fn entry(text: &str) -> String {
    let text =
        text.trim().trim_start_matches(|c: char| "☑☒✓✔✅✗■●•*-–[]xX() ".contains(c) && !c.is_alphanumeric());
    let text = text.strip_prefix("x]").or_else(|| text.strip_prefix("X]")).unwrap_or(text);
    let folded = fold(text, Umlaut::Bare);
    tokens(&folded).join(" ")
}
