//! Whether two names mean the same shop, person or product.

mod branch;
mod legal;
mod misprint;
mod person;
mod role;
mod spelling;

use std::borrow::Cow;

use super::Verdict;
use super::fold::{Umlaut, fold, tokens};
use super::spoken::in_digits;
use crate::distance::{length, similarity};
use branch::{is_general, without_branch, without_kind};
use legal::{abbreviated, join_forms, legal_form, without_domain, without_joined_form, without_registration};
use misprint::is_same_shape;
use spelling::{is_filler, spelled_out, without_label};

pub(crate) use misprint::{is_near, is_plural};

/// What a name belongs to, which decides how much may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bearer {
    /// A shop, firm or product: a misprint in a long word is forgiven.
    Thing,
    /// A person: another letter is another person. With the mark of a firm in it, it is a thing.
    Person,
}

/// Whether two names are the same, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compared {
    /// Right, in part, or wrong.
    pub(crate) verdict: Verdict,
    pub(crate) note: Option<String>,
}

impl Compared {
    fn same(note: Option<String>) -> Self {
        Self { verdict: Verdict::Right, note }
    }

    fn in_part(note: &str) -> Self {
        Self { verdict: Verdict::Partly, note: Some(format!("{note}: counts half")) }
    }

    fn different(note: &str) -> Self {
        Self { verdict: Verdict::Wrong, note: Some(note.to_owned()) }
    }

    fn is_same(&self) -> bool {
        self.verdict == Verdict::Right
    }
}

/// Longer texts are no names, and comparing them would take long.
const LONGEST: usize = 400;

/// Compares two names, the similarity of whose letters must reach `threshold`.
pub(crate) fn compare(expected: &str, got: &str, threshold: f64, bearer: Bearer) -> Compared {
    let whole = compare_whole(expected, got, threshold, bearer);
    match bearer {
        Bearer::Person if !whole.is_same() => compare_bare(expected, got, threshold).unwrap_or(whole),
        _ => whole,
    }
}

fn compare_whole(expected: &str, got: &str, threshold: f64, bearer: Bearer) -> Compared {
    if length(got) > LONGEST + 2 * length(expected) {
        return Compared::different("much longer than the name");
    }
    if bearer == Bearer::Person && person::is_addressed_otherwise(expected, got) {
        return Compared::different("another form of address");
    }
    // `1 kg` is `1kg`.
    let (expected, got) = (&*glued(expected), &*glued(got));
    let folded = |a: &str, b: &str, umlaut| compare_folded(a, b, threshold, bearer, umlaut);
    let one = folded(expected, got, Umlaut::Bare);
    // `Walmart #1234` for `Walmart`: the number of a branch may be left out, but not be another.
    let (a, b) = (without_branch(expected), without_branch(got));
    if !one.is_same() && a.is_some() != b.is_some() {
        let (a, b) = (a.unwrap_or(expected), b.unwrap_or(got));
        let same = |a: &str, b: &str| folded(a, b, Umlaut::Bare).is_same();
        if (same(a, b) || same(without_kind(a), without_kind(b))) && has_digits(a) == has_digits(b) {
            return Compared::same(Some("but for the number of the branch".to_owned()));
        }
    }
    // `Harrow & Pike, 12 Main Street`
    // Of a person, two words behind the name are the name of another person.
    let most = if bearer == Bearer::Person { 1 } else { 2 };
    let is_place = |tail: &str| has_digits(tail) || tail.split_whitespace().count() <= most;
    let addressed =
        got.split_once([',', '\n', '(']).filter(|(_, tail)| is_place(tail) && !expected.contains([',', '(']));
    if let Some((name, _)) = addressed
        && !one.is_same()
        && folded(expected, name, Umlaut::Bare).is_same()
    {
        return Compared::in_part(&format!("an address behind `{}`", name.trim()));
    }
    if one.is_same() || (expected.is_ascii() && got.is_ascii()) {
        return one;
    }
    let other = folded(expected, got, Umlaut::WithE);
    if other.is_same() { other } else { one }
}

/// Compares the names alone where one says beside it what the person is: `Rosa Delgado, Manager`. Nothing where they are not
/// alike.
fn compare_bare(expected: &str, got: &str, threshold: f64) -> Option<Compared> {
    let signed = (role::without_signature(expected), role::without_signature(got));
    let (expected, got) = match (role::alone(signed.0), role::alone(signed.1)) {
        (Some(name), None) => (name, signed.1),
        (None, Some(name)) => (signed.0, name),
        _ if signed != (expected.trim(), got.trim()) => signed,
        _ => return None,
    };
    let Compared { verdict, note } = compare(expected, got, threshold, Bearer::Person);
    let note = note.unwrap_or_else(|| "but for what is said beside the name".to_owned());
    (verdict != Verdict::Wrong).then_some(Compared { verdict, note: Some(note) })
}

/// A text without the blank between a number and its unit.
fn glued(text: &str) -> Cow<'_, str> {
    const UNITS: [&str; 14] =
        ["kg", "g", "mg", "l", "ml", "cl", "m", "cm", "mm", "km", "oz", "lb", "pcs", "w"];
    if !has_digits(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let unit = word.trim_end_matches(['.', ',', ')']).to_lowercase();
        let is_unit = UNITS.contains(&unit.as_str()) && out.ends_with(|c: char| c.is_ascii_digit());
        if !out.is_empty() && !is_unit {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

fn has_digits(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

fn compare_folded(expected: &str, got: &str, threshold: f64, bearer: Bearer, umlaut: Umlaut) -> Compared {
    let (a, b) = (Name::read(expected, umlaut, bearer), Name::read(got, umlaut, bearer));
    if a.words.is_empty() || b.words.is_empty() {
        let same = plain_letters(expected, umlaut) == plain_letters(got, umlaut);
        return Compared { verdict: if same { Verdict::Right } else { Verdict::Wrong }, note: None };
    }
    if let (Some(a), Some(b)) = (&a.registration, &b.registration)
        && a != b
    {
        return Compared::different("another registration number");
    }
    if !a.legal.is_empty() && !b.legal.is_empty() && a.legal != b.legal {
        return Compared::different("another legal form");
    }
    let bearer = if a.is_firm() || b.is_firm() { Bearer::Thing } else { bearer };
    let mut note = (a.legal != b.legal).then(|| "but for the legal form".to_owned());
    if a.registration != b.registration {
        note = Some("but for the registration number".to_owned());
    }
    if a.joined() == b.joined() || sorted(&a.words) == sorted(&b.words) {
        return Compared::same(note);
    }
    let (left, right) = rest(&a.words, &b.words);
    if numbers(&left) != numbers(&right) {
        return Compared::different("the numbers differ");
    }
    if left.iter().chain(&right).any(|word| is_negation(word)) {
        return Compared::different("one denies what the other says");
    }
    let alike = similarity(&a.joined(), &b.joined()).max(similarity(&sorted(&a.words), &sorted(&b.words)));
    let near = alike >= threshold
        && match bearer {
            Bearer::Person => person::is_same(&left, &right),
            Bearer::Thing => is_misprint(&left, &right, threshold),
        };
    if near && bearer == Bearer::Person && has_digits(expected) != has_digits(got) {
        return Compared::in_part("a digit in place of a letter");
    }
    if near {
        return Compared::same(Some(format!("similarity {alike:.2}")));
    }
    let in_part = match bearer {
        Bearer::Person => person::in_part(&a.words, &b.words, &left, &right),
        Bearer::Thing => in_part(&a, &b, &left, &right),
    };
    match in_part {
        Some(note) => Compared::in_part(note),
        None if alike < threshold => Compared::different(&format!("similarity {alike:.2}")),
        None => Compared::different("a word differs"),
    }
}

/// Why a name of a thing is given in part, if it is.
fn in_part(a: &Name, b: &Name, left: &[String], right: &[String]) -> Option<&'static str> {
    let general = |words: &[String]| words.iter().all(|word| is_general(word));
    let shared = if left.is_empty() { &a.words } else { &b.words };
    if (left.is_empty() || right.is_empty()) && general(left) && general(right) && !general(shared) {
        return Some("but for a general word");
    }
    let initials =
        |name: &Name| -> String { name.words.iter().filter_map(|word| word.chars().next()).collect() };
    let stands_for = |short: &Name, long: &Name| {
        let letters = short.joined();
        (2..=6).contains(&letters.len())
            && long.words.len() >= 2
            && initials(long).ends_with(&letters)
            && long.words.iter().any(|word| word.len() > 2)
            && (initials(long) == letters || initials(long) == letters.repeat(2))
    };
    (stands_for(a, b) || stands_for(b, a)).then_some("the initials of the name")
}

/// A name in words, and what does not identify it.
struct Name {
    words: Vec<String>,
    legal: Vec<&'static str>,
    registration: Option<String>,
    ampersand: bool,
}

impl Name {
    fn read(text: &str, umlaut: Umlaut, bearer: Bearer) -> Self {
        let text = without_label(text);
        let (text, joined) = without_joined_form(text);
        let (text, domain) = without_domain(&text);
        let folded = abbreviated(&fold(text, umlaut).replace('\'', ""));
        let (rest, registration) = without_registration(&folded);
        let digits = in_digits(&rest);
        let mut words: Vec<String> =
            tokens(&digits).into_iter().map(|word| spelled_out(word, bearer)).collect();
        join_forms(&mut words);
        // `No 5` is a number and denies nothing.
        let numbered = |words: &[String], at: usize| {
            matches!(words[at].as_str(), "no" | "nr" | "num" | "number")
                && words.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
        };
        let kept: Vec<String> = (0..words.len())
            .filter(|&at| !numbered(&words, at) && !is_filler(&words[at], bearer))
            .map(|at| words[at].clone())
            .collect();
        if !kept.is_empty() {
            words = kept;
        }
        let mut legal: Vec<&'static str> = joined.into_iter().chain(domain).collect();
        while words.len() > 1
            && let Some(form) = words.last().and_then(|word| legal_form(word))
        {
            legal.push(form);
            words.pop();
        }
        // `ООО Ромашка`, `PT Sinar`
        let leads = |word: &String| !word.is_ascii() || word == "pt";
        if words.len() > 1
            && let Some(form) = words.first().filter(|word| leads(word)).and_then(|word| legal_form(word))
        {
            legal.push(form);
            words.remove(0);
        }
        legal.sort_unstable();
        legal.dedup();
        Self { words, legal, registration, ampersand: text.contains('&') }
    }

    fn joined(&self) -> String {
        self.words.concat()
    }

    fn is_firm(&self) -> bool {
        const MARKS: [&str; 14] = [
            "shop",
            "store",
            "group",
            "services",
            "bank",
            "studio",
            "partners",
            "associates",
            "school",
            "university",
            "council",
            "clinic",
            "hotel",
            "department",
        ];
        !self.legal.is_empty()
            || self.ampersand
            || self.registration.is_some()
            || self.words.iter().any(|word| MARKS.contains(&word.as_str()))
    }
}

fn plain_letters(text: &str, umlaut: Umlaut) -> String {
    let folded = fold(text, umlaut);
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() { folded.trim().to_owned() } else { letters }
}

fn sorted(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The words that only one of two names has, in their order; a misread letter does not make another word.
fn rest(a: &[String], b: &[String]) -> (Vec<String>, Vec<String>) {
    let mut right: Vec<String> = b.to_vec();
    let mut left = Vec::new();
    for word in a {
        let same = |other: &String| other == word || is_same_shape(word, other);
        match right.iter().position(same) {
            Some(at) => {
                right.remove(at);
            }
            None => left.push(word.clone()),
        }
    }
    (left, right)
}

/// All digits of the words that hold any, in their order.
fn numbers(words: &[String]) -> String {
    words.iter().flat_map(|word| word.chars()).filter(char::is_ascii_digit).collect()
}

fn is_negation(word: &str) -> bool {
    matches!(
        word,
        "no" | "not" | "non" | "without" | "sans" | "ohne" | "sin" | "free" | "never" | "except" | "w/o"
    )
}

fn is_misprint(left: &[String], right: &[String], threshold: f64) -> bool {
    if left.is_empty() || right.is_empty() || left.concat() == right.concat() {
        return true;
    }
    if left.len() == right.len() {
        return left.iter().zip(right).all(|(a, b)| is_near(a, b));
    }
    let (a, b) = (left.concat(), right.concat());
    length(&a) >= 6 && similarity(&a, &b) >= threshold
}
