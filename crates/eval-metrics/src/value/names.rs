//! Whether two names mean the same shop, person or product.

use super::fold::{Umlaut, fold, tokens};
use super::spoken::in_digits;
use crate::distance::{between, length, similarity};

/// What a name belongs to, which decides how much may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bearer {
    /// A shop, firm or product: a misprint in a long word is forgiven.
    Thing,
    /// A person: another letter is another person. With the mark of a firm in it, it is a thing.
    Person,
}

/// Why two names are the same, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compared {
    pub(crate) same: bool,
    pub(crate) note: Option<String>,
}

impl Compared {
    fn same(note: Option<String>) -> Self {
        Self { same: true, note }
    }

    fn different(note: &str) -> Self {
        Self { same: false, note: Some(note.to_owned()) }
    }
}

/// Longer texts are no names, and comparing them would take long.
const LONGEST: usize = 400;

/// Compares two names, the similarity of whose letters must reach `threshold`.
pub(crate) fn compare(expected: &str, got: &str, threshold: f64, bearer: Bearer) -> Compared {
    if length(got) > LONGEST + 2 * length(expected) {
        return Compared::different("much longer than the name");
    }
    let one = compare_folded(expected, got, threshold, bearer, Umlaut::Bare);
    // `Walmart #1234` for `Walmart`: the number of a branch may be left out, but not be another.
    let (a, b) = (without_branch(expected), without_branch(got));
    if !one.same && a.is_some() != b.is_some() {
        let (a, b) = (a.unwrap_or(expected), b.unwrap_or(got));
        let has_digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        let same = |a: &str, b: &str| compare_folded(a, b, threshold, bearer, Umlaut::Bare).same;
        if (same(a, b) || same(without_kind(a), without_kind(b))) && has_digits(a) == has_digits(b) {
            return Compared::same(Some("but for the number of the branch".to_owned()));
        }
    }
    if one.same || (expected.is_ascii() && got.is_ascii()) {
        return one;
    }
    let other = compare_folded(expected, got, threshold, bearer, Umlaut::WithE);
    if other.same { other } else { one }
}

/// A name before `#1234`, if it says more than that it is a store.
fn without_branch(text: &str) -> Option<&str> {
    let marked = text.find('#').filter(|at| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    // `Walmart Store 2041`
    let worded = || {
        let at = text.trim_end().rfind(' ')?;
        let number = text[at..].trim();
        let is_number = number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && without_kind(&text[..at]) != text[..at].trim()).then_some(at)
    };
    let name = text[..marked.or_else(worded)?].trim();
    let general = ["store", "shop", "branch", "no", "unit", "location"];
    (!name.is_empty() && !general.contains(&name.to_lowercase().as_str())).then_some(name)
}

/// A name without the word for a branch that ends it: `Walmart Supercenter`.
fn without_kind(text: &str) -> &str {
    let Some((name, kind)) = text.trim().rsplit_once(' ') else { return text.trim() };
    let kinds = ["store", "supercenter", "restaurant", "branch"];
    if kinds.contains(&kind.to_lowercase().as_str()) { name.trim() } else { text.trim() }
}

fn compare_folded(expected: &str, got: &str, threshold: f64, bearer: Bearer, umlaut: Umlaut) -> Compared {
    let (a, b) = (Name::read(expected, umlaut), Name::read(got, umlaut));
    if a.words.is_empty() || b.words.is_empty() {
        let same = plain_letters(expected, umlaut) == plain_letters(got, umlaut);
        return Compared { same, note: None };
    }
    if let (Some(a), Some(b)) = (&a.registration, &b.registration)
        && a != b
    {
        return Compared::different("another registration number");
    }
    if !a.legal.is_empty() && !b.legal.is_empty() && a.legal != b.legal {
        return Compared::different("another legal form");
    }
    let firm = a.is_firm() || b.is_firm();
    let bearer = if firm { Bearer::Thing } else { bearer };
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
    if alike < threshold {
        return Compared { same: false, note: Some(format!("similarity {alike:.2}")) };
    }
    let near = match bearer {
        Bearer::Person => is_same_person(&left, &right),
        Bearer::Thing => is_misprint(&left, &right, threshold),
    };
    if near {
        Compared::same(Some(format!("similarity {alike:.2}")))
    } else {
        Compared::different("a word differs")
    }
}

/// A name in words, and what does not identify it.
struct Name {
    words: Vec<String>,
    legal: Vec<&'static str>,
    registration: Option<String>,
    ampersand: bool,
}

impl Name {
    fn read(text: &str, umlaut: Umlaut) -> Self {
        let folded = abbreviated(&fold(text, umlaut).replace('\'', ""));
        let (rest, registration) = without_registration(&folded);
        let digits = in_digits(&rest);
        let mut words: Vec<String> = tokens(&digits).into_iter().map(str::to_owned).collect();
        // `No 5` is a number and denies nothing.
        let numbered = |words: &[String], at: usize| {
            matches!(words[at].as_str(), "no" | "nr" | "num" | "number")
                && words.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
        };
        let kept: Vec<String> = (0..words.len())
            .filter(|&at| !numbered(&words, at) && !is_filler(&words[at]))
            .map(|at| words[at].clone())
            .collect();
        if !kept.is_empty() {
            words = kept;
        }
        let mut legal = Vec::new();
        while words.len() > 1
            && let Some(form) = words.last().and_then(|word| legal_form(word))
        {
            legal.push(form);
            words.pop();
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

/// `s.a.r.l.` and `s/b` as one word.
fn abbreviated(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let single = |at: usize| {
        letters.get(at).is_some_and(|c| c.is_alphabetic())
            && !at.checked_sub(1).and_then(|before| letters.get(before)).is_some_and(|c| c.is_alphanumeric())
            && !letters.get(at + 1).is_some_and(|c| c.is_alphanumeric())
    };
    let mut out = String::with_capacity(text.len());
    for (at, &c) in letters.iter().enumerate() {
        let joins = (c == '.' || c == '/') && at > 0 && single(at - 1) && single(at + 1);
        if !joins {
            out.push(c);
        }
    }
    out
}

/// A company's number behind its name: `(519537-X)`, `Reg. No. 201901`, `#1234`; the name must remain.
fn without_registration(text: &str) -> (String, Option<String>) {
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).count();
    if let Some(open) = text.find('(')
        && let Some(length) = text[open..].find(')')
    {
        let inside = &text[open + 1..open + length];
        if digits(inside) >= 4 && open > 0 {
            let rest = format!("{}{}", &text[..open], &text[open + length + 1..]);
            return (rest, Some(alphanumeric(inside)));
        }
    }
    const CUES: [&str; 13] = [
        " reg no",
        " reg. no",
        " registration",
        " company no",
        " co. no",
        " co no",
        " co. reg",
        " gst",
        " vat",
        " tax id",
        " ust-id",
        " uid",
        " roc",
    ];
    for cue in CUES {
        if let Some(at) = text.find(cue).filter(|at| *at > 0 && digits(&text[*at..]) >= 3) {
            return (text[..at].to_owned(), Some(text[at..].chars().filter(char::is_ascii_digit).collect()));
        }
    }
    // A long number at the end.
    let trimmed = text.trim_end();
    if let Some(at) = trimmed.rfind(' ').filter(|at| *at > 0 && digits(&trimmed[*at..]) >= 6) {
        return (trimmed[..at].trim_end_matches(['-', ' ']).to_owned(), Some(alphanumeric(&trimmed[at..])));
    }
    (text.to_owned(), None)
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "and"
            | "und"
            | "et"
            | "mr"
            | "mrs"
            | "ms"
            | "miss"
            | "dr"
            | "herr"
            | "frau"
            | "mme"
            | "sir"
            | "prof"
            | "professor"
            | "herrn"
    )
}

/// The legal form that a word stands for; two that say the same are one.
fn legal_form(word: &str) -> Option<&'static str> {
    const FORMS: [(&str, &[&str]); 27] = [
        ("ltd", &["ltd", "limited"]),
        ("inc", &["inc", "incorporated"]),
        ("llc", &["llc"]),
        ("llp", &["llp"]),
        ("plc", &["plc"]),
        ("corp", &["corp", "corporation"]),
        ("co", &["co", "company"]),
        ("gmbh", &["gmbh", "mbh"]),
        ("ag", &["ag"]),
        ("kg", &["kg"]),
        ("ohg", &["ohg"]),
        ("ug", &["ug"]),
        ("ek", &["ek"]),
        ("ev", &["ev"]),
        ("sa", &["sa"]),
        ("sas", &["sas"]),
        ("sarl", &["sarl"]),
        ("sl", &["sl", "slu"]),
        ("srl", &["srl"]),
        ("spa", &["spa"]),
        ("bv", &["bv"]),
        ("nv", &["nv"]),
        ("oy", &["oy", "oyj"]),
        ("ab", &["ab"]),
        ("sb", &["sb", "sdn", "bhd", "berhad", "sendirian"]),
        ("pty", &["pty", "pte", "pvt"]),
        ("lda", &["lda", "ltda"]),
    ];
    FORMS.iter().find(|(_, words)| words.contains(&word)).map(|(form, _)| *form)
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

/// Whether two words look the same to a reader of pale print: `C0rner`, `mllk`.
fn is_same_shape(a: &str, b: &str) -> bool {
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let shape = |word: &str| -> String {
        let shape = |c: char| match c {
            'i' | '1' | '|' => 'l',
            '0' | 'q' => 'o',
            'e' => 'c',
            'v' => 'u',
            '5' => 's',
            '8' => 'b',
            other => other,
        };
        word.replace("rn", "m").replace("vv", "w").chars().map(shape).collect()
    };
    is_word(a) && is_word(b) && shape(a) == shape(b)
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

/// Whether only initials differ.
fn is_same_person(left: &[String], right: &[String]) -> bool {
    let initials = |words: &[String]| words.iter().all(|word| length(word) == 1);
    (left.is_empty() || right.is_empty()) && initials(left) && initials(right)
        || left.concat() == right.concat()
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

/// Whether one word is a misprint or the plural of another. A short word with another letter is another word.
pub(crate) fn is_near(a: &str, b: &str) -> bool {
    if a == b || is_plural(a, b) || is_plural(b, a) {
        return true;
    }
    let has_digits = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let longest = length(a).max(length(b));
    // A letter too many or too few is a misprint sooner than another letter, which may make another name.
    let long_enough = if length(a) == length(b) {
        longest >= 8
    } else {
        longest >= 9 || longest >= 6 && is_doubled_only(a, b)
    };
    let same_start = a.chars().next() == b.chars().next();
    long_enough && same_start && !has_digits(a) && !has_digits(b) && between(a, b) <= (longest / 5).max(1)
}

/// Whether two words differ in doubled letters only: `Tallgras`. Another letter more makes a hostel of a hotel.
fn is_doubled_only(a: &str, b: &str) -> bool {
    let single = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    single(a) == single(b)
}

/// Whether the second word is the plural of the first.
pub(crate) fn is_plural(one: &str, many: &str) -> bool {
    length(one) >= 3
        && (many.strip_prefix(one).is_some_and(|end| matches!(end, "s" | "es"))
            || one.strip_suffix('y').is_some_and(|stem| many.strip_suffix("ies") == Some(stem)))
}
