//! What a text in words claims, and what it denies.
//!
//! A text is cut into clauses. What stands behind a "not" in its clause is denied, and so is what "is not" follows; what
//! "could be" is claimed only if nothing else is. Behind "wait" or "actually" a text begins anew, and behind "the answer
//! is" stands the conclusion. That is no grammar, but it is how a hurried reader goes about it.

use std::borrow::Cow;

use crate::value::fold::narrow;

mod clause;

pub(super) use clause::{Clause, Stance};

/// A longer text is read from its beginning and its end only.
const LONGEST: usize = 400_000;

/// Idioms that deny nothing.
const IDIOMS: [&str; 26] = [
    "in other words",
    "on the other hand",
    "among other things",
    "amongst other things",
    "no doubt",
    "without a doubt",
    "without doubt",
    "without any doubt",
    "without question",
    "no question",
    "not surprisingly",
    "not only",
    "not just",
    "not merely",
    "not simply",
    "nothing but",
    "none other than",
    "not to mention",
    "if not",
    "yes or no",
    "not entirely sure",
    "not quite sure",
    "not 100% sure",
    "no wonder",
    "no problem",
    "no worries",
];

/// A text in lower case and one spelling, without marks of emphasis and without idioms that look like denials.
pub(super) fn plainly(text: &str) -> String {
    let mut plain: String = narrow(&ends_of(text, LONGEST)).to_lowercase();
    plain.retain(|c| !"*_`\"".contains(c));
    plain = plain.replace("n't", " not").replace("cannot", "can not").replace("n t ", " not ");
    for (phrase, plainer) in [
        ("not far from ", "near "),
        ("not far ", "near "),
        ("anyone but ", "not "),
        ("anybody but ", "not "),
        ("anything but ", "not "),
        ("far from being ", "not "),
        ("far from ", "not "),
        ("everything but ", "not "),
        ("everyone but ", "not "),
        ("any but ", "not "),
        ("all but ", "not "),
    ] {
        if plain.contains(phrase) {
            plain = plain.replace(phrase, plainer);
        }
    }
    for idiom in IDIOMS {
        if plain.contains(idiom) {
            plain = plain.replace(idiom, "");
        }
    }
    plain
}

/// The beginning and the end of a text that has more than `most` bytes.
pub(super) fn ends_of(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let (mut head, mut tail) = (most / 2, text.len() - most / 2);
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    while !text.is_char_boundary(tail) {
        tail += 1;
    }
    Cow::Owned(format!("{}\n{}", &text[..head], &text[tail..]))
}

/// The text after the last mark of a conclusion, if there is any.
pub(super) fn conclusion<'a>(text: &'a str, marks: &[&str]) -> &'a str {
    let lower = text.to_ascii_lowercase();
    let ends = marks.iter().filter_map(|mark| lower.rfind(mark).map(|at| at + mark.len()));
    let rest = ends.max().map_or(text, |at| &text[at..]);
    if rest.chars().any(char::is_alphanumeric) { rest.trim() } else { text.trim() }
}

/// The clauses of a text, from the last new beginning back to the first: a correction comes before what it corrects.
pub(super) fn segments(plain: &str) -> Vec<Vec<&str>> {
    const ANEW: [&str; 15] = [
        "wait",
        "actually",
        "correction",
        "sorry",
        "oops",
        "scratch that",
        "on second thought",
        "no wait",
        "let me correct",
        "my mistake",
        "i mean",
        "looking again",
        "on closer",
        "upon closer",
        "rather it is",
    ];
    let mut segments: Vec<Vec<&str>> = vec![Vec::new()];
    let all = clauses(plain);
    // A question claims nothing, unless nothing else is said.
    let says = |clause: &str| clause.contains(char::is_alphanumeric);
    let answered = all.iter().any(|(clause, asks)| !asks && says(clause));
    for (clause, _) in all.into_iter().filter(|(_, asks)| !(*asks && answered)) {
        let clause = clause.trim();
        // `42... no, 57`
        let anew = clause == "no"
            || ANEW.iter().any(|word| {
                clause.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            });
        if anew && segments.last().is_some_and(|segment| !segment.is_empty()) {
            segments.push(Vec::new());
        }
        if let Some(segment) = segments.last_mut().filter(|_| !clause.is_empty()) {
            segment.push(clause);
        }
    }
    segments.reverse();
    segments
}

/// Cuts at punctuation that is no part of a number, and before words of contrast; each with whether it is a question.
fn clauses(plain: &str) -> Vec<(&str, bool)> {
    const CONTRASTS: [&str; 20] = [
        "but ",
        "however ",
        "rather ",
        "instead ",
        "whereas ",
        "while ",
        "although ",
        "though ",
        "then ",
        "because ",
        "since ",
        "sondern ",
        "aber ",
        "mais ",
        "sino ",
        "pero ",
        "maar ",
        "utan ",
        "lecz ",
        "ma ",
    ];
    let bytes = plain.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let (mut clauses, mut start) = (Vec::new(), 0);
    for (at, c) in plain.char_indices() {
        let numeric = digit(at.checked_sub(1)) && digit(Some(at + 1));
        let cut = match c {
            ';' | '!' | '?' | '\n' | '(' | ')' => true,
            // `.05`
            '.' if digit(Some(at + 1))
                && at.checked_sub(1).is_none_or(|at| b" $(=~-".contains(&bytes[at])) =>
            {
                false
            }
            ',' | '.' | ':' => !numeric,
            // `80 - 45` is one calculation or range.
            '-' => {
                let spaced = at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1) == Some(&b' ');
                spaced && !(digit(at.checked_sub(2)) && digit(Some(at + 2)))
            }
            _ => false,
        };
        if cut {
            clauses.push((&plain[start..at], c == '?'));
            start = at + c.len_utf8();
        } else if c == ' ' && CONTRASTS.iter().any(|word| plain[at + 1..].starts_with(word)) {
            clauses.push((&plain[start..at], false));
            start = at + 1;
        }
    }
    clauses.push((&plain[start..], false));
    clauses
}

/// Words that deny what follows them in their clause.
pub(super) fn denies(word: &str) -> bool {
    matches!(
        word,
        "not"
            | "no"
            | "never"
            | "neither"
            | "nor"
            | "without"
            | "except"
            | "excluding"
            | "unlike"
            | "nothing"
            | "hardly"
            | "isn"
            | "nicht"
            | "kein"
            | "keine"
            | "failed"
            | "keinen"
            | "keiner"
            | "keinem"
            | "pas"
            | "aucun"
            | "aucune"
            | "ningún"
            | "ningun"
            | "ninguna"
            | "nessun"
            | "nessuno"
            | "nessuna"
            | "nenhum"
            | "nenhuma"
            | "não"
            | "nao"
            | "niet"
            | "geen"
            | "nie"
            | "inte"
            | "inga"
            | "ingen"
            | "ikke"
            | "bukan"
            | "не"
            | "нет"
            | "ليس"
            | "ليست"
            | "לא"
            | "δεν"
            | "nem"
            | "değil"
            | "degil"
    )
}
