//! What a text in words claims, and what it denies.
//!
//! A text is cut into clauses. What stands behind a "not" in its clause is denied, and so is what "is not" follows; what
//! "could be" is claimed only if nothing else is. Behind "wait" or "actually" a text begins anew, and behind "the answer
//! is" stands the conclusion. That is no grammar, but it is how a hurried reader goes about it.

use std::borrow::Cow;

use crate::value::fold::narrow;

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
    const CONTRASTS: [&str; 11] = [
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
    )
}

/// Whether words begin with what excludes what follows, of what is shown rather than of what is said.
fn excludes(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match (word(0), word(1)) {
        ("ruled" | "rules" | "rule" | "ruling", "out") | ("free", "of") | ("negative", "for") => true,
        ("absence" | "lack", "of") | ("no", "sign" | "signs" | "evidence") => true,
        ("false", next) => matches!(next, "positive" | "negative" | "alarm"),
        ("unlikely" | "excludes" | "excluding" | "denies" | "lacks", _) => true,
        ("non" | "pseudo" | "pas" | "nie" | "sans" | "sin" | "ohne" | "senza" | "niet" | "inte", next) => {
            !next.is_empty()
        }
        _ => false,
    }
}

/// How sure a text is of something it mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stance {
    Denied,
    Hedged,
    Claimed,
}

/// A clause in words, and from where on it denies.
pub(super) struct Clause {
    pub(super) words: Vec<String>,
    denied_from: usize,
    /// Where it says `between`, else its end.
    between: usize,
    hedged: bool,
    /// Where it says what was said before, else its end: `previously I said Germany`.
    said_from: usize,
}

impl Clause {
    pub(super) fn new(words: Vec<String>) -> Self {
        let is_pair = |at: usize| {
            let next = words.get(at + 1).map(String::as_str);
            matches!(
                (words[at].as_str(), next),
                ("rather", Some("than"))
                    | ("instead", Some("of"))
                    | ("other", Some("than"))
                    | ("opposed", Some("to"))
            )
        };
        // What failed is there; what failed to show is not.
        let fails = |at: usize| words[at] != "failed" || words.get(at + 1).is_some_and(|next| next == "to");
        let denies_here = |at: usize| denies(&words[at]) && fails(at);
        // `No, it is …` answers a question and denies nothing here.
        let denied_from = (0..words.len())
            .find(|&at| denies_here(at) || is_pair(at) || excludes(&words[at..]))
            .unwrap_or(words.len());
        let hedge = |word: &str| {
            matches!(word, "could" | "might" | "maybe" | "perhaps" | "possibly" | "alternatively")
        };
        let may_be = words
            .windows(2)
            .any(|pair| pair[0] == "may" && matches!(pair[1].as_str(), "be" | "also" | "seem"));
        // `Although it says invoice on top`
        let concedes =
            words.first().is_some_and(|word| matches!(word.as_str(), "although" | "though" | "despite"));
        // `Some say Germany`
        let reported = words.windows(2).any(|pair| {
            matches!(pair[0].as_str(), "some" | "others" | "many" | "people")
                && matches!(pair[1].as_str(), "say" | "claim" | "think" | "believe" | "argue")
        });
        let hedged = may_be || concedes || reported || words.iter().any(|word| hedge(word));
        let between = words.iter().position(|word| word == "between").unwrap_or(words.len());
        let before_that =
            |word: &String| matches!(word.as_str(), "previously" | "earlier" | "initially" | "first");
        let said = words.iter().position(|word| word == "said").filter(|_| words.iter().any(before_that));
        let said_from = said.unwrap_or(words.len());
        Self { words, denied_from, between, hedged, said_from }
    }

    /// The stance of the clause to what it mentions from word `start` to `end`.
    pub(super) fn stance(&self, start: usize, end: usize) -> Stance {
        let word = |at: usize| self.words.get(at).map_or("", String::as_str);
        let is_verb = matches!(
            word(end),
            "is" | "was"
                | "are"
                | "were"
                | "does"
                | "did"
                | "do"
                | "can"
                | "could"
                | "would"
                | "has"
                | "had"
                | "be"
        );
        let ruled_out = match (word(end), word(end + 1)) {
            ("ruled", "out") | ("vs" | "versus", _) => true,
            ("unlikely" | "improbable" | "excluded" | "denied" | "absent", _) => true,
            (_, "unlikely" | "excluded" | "improbable" | "absent") => is_verb,
            (_, "ruled") => is_verb && word(end + 2) == "out",
            _ => false,
        };
        let refuted = ruled_out
            || is_verb
                && (matches!(word(end + 1), "not" | "wrong" | "incorrect" | "false" | "excluded")
                    || (matches!(word(end + 1), "be" | "clearly")
                        && matches!(word(end + 2), "wrong" | "incorrect" | "not")));
        // `Q4 is lower than Q3`, `I first thought Q4`: something else is meant.
        let surpassed = is_verb
            && matches!(
                word(end + 1),
                "second"
                    | "2th"
                    | "lower"
                    | "less"
                    | "smaller"
                    | "fewer"
                    | "below"
                    | "behind"
                    | "beaten"
                    | "overtaken"
                    | "exceeded"
            )
            && matches!(word(end + 2), "" | "to" | "than" | "by" | "behind" | "the" | "only" | "after");
        // `Berlin is one, Paris is another`
        let is_among = is_verb
            && matches!(word(end + 1), "one" | "1" | "another" | "candidate" | "option")
            && word(end + 2).is_empty();
        let thought = self.words[start.saturating_sub(3)..start]
            .iter()
            .any(|word| matches!(word.as_str(), "thought" | "assumed" | "guessed" | "suspected"));
        let thought = thought || self.said_from < start;
        // `higher than Q3`, `followed by Q3`: a measure for something else.
        let article =
            usize::from(start.checked_sub(1).is_some_and(|at| matches!(word(at), "a" | "an" | "the")));
        let before = |back: usize| start.checked_sub(back + article).map_or("", word);
        // `credit note for an invoice`, `inconclusive between benign and malignant`
        let resembles = matches!(
            (before(2), before(1)),
            (_, "resembles") | ("similar", "to") | ("looks" | "look", "like")
        );
        let aside = start >= 2 + article && before(1) == "for" || self.between < start || resembles;
        let reference = matches!(
            before(1),
            "than"
                | "vs"
                | "versus"
                | "exceeding"
                | "surpassing"
                | "behind"
                | "beats"
                | "beat"
                | "exceeds"
                | "tops"
                | "outperforms"
                | "surpasses"
                | "overtook"
                | "overtakes"
        ) || matches!(
            (before(2), before(1)),
            ("compared", "to" | "with")
                | ("followed", "by")
                | ("ahead" | "behalf", "of")
                | ("next" | "second" | "2th", "is")
                | ("to", "be")
        ) && (before(1) != "be" || before(3) == "used");
        if self.denied_from < start || refuted || reference || surpassed || thought || is_among {
            Stance::Denied
        } else if self.hedged || aside {
            Stance::Hedged
        } else {
            Stance::Claimed
        }
    }

    /// Every place where the words of `phrase` stand in a row.
    pub(super) fn mentions<'a>(
        &'a self,
        phrase: &'a [String],
        same: &'a dyn Fn(&str, &str) -> bool,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let last = (self.words.len() + 1).saturating_sub(phrase.len().max(1));
        (0..last)
            .filter(move |&at| phrase.iter().zip(&self.words[at..]).all(|(a, b)| same(a, b)))
            .map(|at| (at, at + phrase.len()))
    }
}
