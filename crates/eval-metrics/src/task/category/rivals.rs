//! Answers that name several things where one was asked for: `Germany, France, Spain`, `France is tied with Germany`.
//!
//! The rule: one of several that are named alike is no answer, unless their values say which of them is meant.

use std::collections::HashSet;

use super::fillers::FILLERS;
use super::opposite;
use super::phrase::is_of_a_sentence;
use super::spelling::{is_year, words};
use crate::task::claims::{Clause, Stance, denies};

/// The words of a text that it writes with a capital, in the spelling of clauses.
pub(super) struct Capitals(HashSet<String>);

impl Capitals {
    pub(super) fn of(text: &str) -> Self {
        const MOST: usize = 500;
        let capital = |word: &&str| word.starts_with(char::is_uppercase);
        let found = text.split(|c: char| !c.is_alphanumeric()).filter(capital).take(MOST);
        Self(found.flat_map(words).collect())
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// Whether another name is joined to the one at a place: `France and Germany`, `France or Germany`.
pub(super) fn is_beside(words: &[String], start: usize, end: usize, known: &Capitals) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", String::as_str);
    let is_joint = |word: &str| matches!(word, "and" | "or" | "vs" | "versus");
    let is_name = |word: &str| known.has(word) && !FILLERS.contains(&word) && word != "i";
    let capital = words[start..end].iter().any(|word| known.has(word));
    let next = is_joint(word(Some(end))) && is_name(word(Some(end + 1)));
    let last = is_joint(word(start.checked_sub(1))) && is_name(word(start.checked_sub(2)));
    capital && (next || last)
}

/// Whether clauses name other things in the same way as one of the names.
pub(super) fn are_named(clauses: &[Clause], names: &[Vec<String>], known: &Capitals, question: &str) -> bool {
    let is_own = |words: &[String]| names.iter().any(|name| holds(words, name));
    let bare: Vec<Vec<String>> = clauses.iter().filter_map(|clause| bare(clause, known)).collect();
    let listed =
        bare.iter().any(|it| is_own(it)) && bare.iter().any(|it| !is_own(it) && !is_part_of(it, names));
    // Where each has a value, the values decide.
    is_outdone(clauses, names, question).unwrap_or(listed)
}

/// Whether a clause says of something else that it is so: `the sign says Paris`.
pub(super) fn are_said(clauses: &[Clause], names: &[Vec<String>], known: &Capitals) -> bool {
    clauses.iter().any(|clause| {
        !names.iter().any(|name| holds(&clause.words, name))
            && clause.words.windows(2).any(|pair| {
                matches!(pair[0].as_str(), "says" | "shows" | "is" | "reads") && known.has(&pair[1])
            })
    })
}

/// Whether a clause says of something else that it was chosen: `but Paris was chosen`.
pub(super) fn are_chosen(clauses: &[Clause], names: &[Vec<String>], known: &Capitals) -> bool {
    const CHOSEN: [&str; 7] = ["chosen", "selected", "picked", "preferred", "elected", "taken", "correct"];
    clauses.iter().any(|clause| {
        let named = |word: &String| known.has(word) && !FILLERS.contains(&word.as_str());
        let is_chosen = clause.words.iter().any(|word| CHOSEN.contains(&word.as_str()));
        is_chosen
            && clause.words.first().is_some_and(|first| first == "but")
            && !clause.words.iter().any(|word| denies(word))
            && clause.words.iter().any(named)
            && !names.iter().any(|name| name.iter().any(|word| clause.words.contains(word)))
    })
}

/// The words of a clause that is a name and nothing else; words without a capital are none beside a name that has one.
fn bare(clause: &Clause, known: &Capitals) -> Option<Vec<String>> {
    const MOST: usize = 3;
    const IDLE: [&str; 20] = [
        "no",
        "yes",
        "not",
        "sorry",
        "well",
        "ok",
        "okay",
        "note",
        "sure",
        "overall",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "herr",
        "frau",
        "reason",
        "explanation",
        "final",
    ];
    let is_aside = |word: &String| {
        word.starts_with(|c: char| c.is_ascii_digit()) && !is_year(word)
            || matches!(word.as_str(), "percent" | "and" | "or")
    };
    let own: Vec<String> = clause.words.iter().filter(|word| !is_aside(word)).cloned().collect();
    let is_plain = |word: &String| {
        let idle = FILLERS.contains(&word.as_str()) || IDLE.contains(&word.as_str()) || word.ends_with("ly");
        !idle && !is_of_a_sentence(word) && known.has(word)
    };
    ((1..=MOST).contains(&own.len()) && own.iter().all(is_plain)).then_some(own)
}

fn holds(words: &[String], name: &[String]) -> bool {
    name.iter().all(|word| words.contains(word))
}

/// `States` beside `United States`.
fn is_part_of(words: &[String], names: &[Vec<String>]) -> bool {
    let is_own = |name: &Vec<String>| words.iter().all(|word| name.contains(word));
    names.iter().any(|name| {
        is_own(name) || OWN_NAMES.iter().any(|(english, own)| name == &[*english] && words == [*own])
    })
}

/// Both names of a country that is named twice: `Germany (Deutschland)`.
pub(super) fn glossed(text: &str) -> Option<[Vec<String>; 2]> {
    const LONGEST: usize = 60;
    let text = Some(text.trim()).filter(|text| text.len() <= LONGEST)?;
    let (one, other) = text.strip_suffix(')')?.split_once('(')?;
    let (one, other) = (words(one), words(other));
    let is =
        |a: &[String], b: &[String]| OWN_NAMES.iter().any(|(english, own)| a == [*english] && b == [*own]);
    (is(&one, &other) || is(&other, &one)).then_some([one, other])
}

/// What countries call themselves, folded.
const OWN_NAMES: [(&str, &str); 16] = [
    ("germany", "deutschland"),
    ("spain", "espana"),
    ("italy", "italia"),
    ("austria", "osterreich"),
    ("switzerland", "schweiz"),
    ("poland", "polska"),
    ("sweden", "sverige"),
    ("norway", "norge"),
    ("denmark", "danmark"),
    ("finland", "suomi"),
    ("japan", "nippon"),
    ("greece", "hellas"),
    ("croatia", "hrvatska"),
    ("hungary", "magyarorszag"),
    ("turkey", "turkiye"),
    ("netherlands", "nederland"),
];

/// Whether another clause gives a value that is more of what was asked for: `France 20, Germany 30`. Nothing if they give none.
fn is_outdone(clauses: &[Clause], names: &[Vec<String>], question: &str) -> Option<bool> {
    let high = opposite::asks_for_high(&words(question))?;
    let values: Vec<(bool, f64)> = clauses.iter().filter_map(|clause| value(clause, names)).collect();
    let (_, own) = values.iter().find(|(own, _)| *own)?;
    let beats = |other: f64| if high { other > *own } else { other < *own };
    (values.len() > 1).then(|| values.iter().any(|(_, other)| beats(*other)))
}

/// The only number of a clause that names something, and whether it names one of the names.
fn value(clause: &Clause, names: &[Vec<String>]) -> Option<(bool, f64)> {
    let is_number = |word: &&String| word.starts_with(|c: char| c.is_ascii_digit()) && !is_year(word);
    let mut numbers = clause.words.iter().filter(is_number).map(|word| word.parse::<f64>());
    let (Some(Ok(number)), None) = (numbers.next(), numbers.next()) else { return None };
    let named = clause.words.iter().any(|word| !FILLERS.contains(&word.as_str()) && !is_number(&word));
    let own = names.iter().any(|name| {
        clause.mentions(name, &|a, b| a == b).any(|(start, end)| clause.stance(start, end) != Stance::Denied)
    });
    named.then_some((own, number))
}
