//! Contractions and titles, written out.
//!
//! `dog's` is `dog is`, unless the other of two transcripts says `dog has` or `dogs` there: all of them sound the same.

use std::collections::HashSet;

/// Words for words.
const WHOLE: [(&str, &str); 42] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("let's", "let us"),
    ("ain't", "aint"),
    ("y'all", "you all"),
    ("wanna", "want to"),
    ("kinda", "kind of"),
    ("sorta", "sort of"),
    ("dunno", "do not know"),
    ("gotta", "got to"),
    ("gonna", "going to"),
    ("i'ma", "i am going to"),
    ("imma", "i am going to"),
    ("woulda", "would have"),
    ("coulda", "could have"),
    ("shoulda", "should have"),
    ("cause", "because"),
    ("'cause", "because"),
    ("ma'am", "madam"),
    ("mr", "mister"),
    ("mrs", "missus"),
    ("st", "saint"),
    ("dr", "doctor"),
    ("prof", "professor"),
    ("capt", "captain"),
    ("gov", "governor"),
    ("ald", "alderman"),
    ("gen", "general"),
    ("sen", "senator"),
    ("rep", "representative"),
    ("pres", "president"),
    ("rev", "reverend"),
    ("hon", "honorable"),
    ("asst", "assistant"),
    ("assoc", "associate"),
    ("lt", "lieutenant"),
    ("col", "colonel"),
    ("jr", "junior"),
    ("sr", "senior"),
    ("esq", "esquire"),
    ("alright", "all right"),
];
const FILLERS: [&str; 6] = ["hmm", "mm", "mhm", "mmm", "uh", "um"];
const ENDINGS: [(&str, &str); 8] = [
    ("n't", " not"),
    ("'re", " are"),
    ("'s", " is"),
    ("'d", " would"),
    ("'ll", " will"),
    ("'t", " not"),
    ("'ve", " have"),
    ("'m", " am"),
];

/// What may be meant by an ending, the usual first.
const MEANINGS: [(&str, [&str; 2]); 3] =
    [("'s", ["is", "has"]), ("'d", ["would", "had"]), ("'ll", ["will", "shall"])];

/// Endings that are often written without their apostrophe, and then are no other word.
const GLUED: [&str; 5] = ["'s", "n't", "'m", "'ve", "'t"];

/// What another transcript of the same speech says, by words that follow each other.
#[derive(Default)]
pub(super) struct Beside<'a> {
    pairs: HashSet<(&'a str, &'a str)>,
    triples: HashSet<(&'a str, &'a str, &'a str)>,
}

impl<'a> Beside<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let words =
            text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).map(|word| word.trim_matches('\''));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        Self {
            pairs: (0..words.len()).map(|at| (word(at), next_word(word(at + 1)))).collect(),
            triples: (1..words.len()).map(|at| (word(at - 1), word(at), next_word(word(at + 1)))).collect(),
        }
    }

    /// The form of a word with an apostrophe that is written there, if one is.
    fn form(&self, word: &str, next: &str) -> Option<String> {
        let glued = || word.replace('\'', "");
        if GLUED.iter().any(|ending| word.ends_with(ending)) && self.pairs.contains(&(glued().as_str(), next))
        {
            return Some(glued());
        }
        let (stem, verbs) =
            MEANINGS.iter().find_map(|(ending, verbs)| Some((word.strip_suffix(ending)?, verbs)))?;
        let verb = verbs.iter().find(|verb| self.triples.contains(&(stem, **verb, next)))?;
        Some(format!("{stem} {verb}"))
    }
}

/// The text, in lower case already, without contractions and fillers.
pub(super) fn written_out(text: &str, beside: &Beside<'_>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(|c: char| c.is_alphanumeric()).unwrap_or(rest.len());
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '\'')).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        let word = word.trim_end_matches('\'');
        let next = next_word(tail);
        match beside.form(word, next) {
            Some(form) => out.push_str(&form),
            None => push(word, next, &mut out),
        }
        rest = tail;
    }
    out
}

fn next_word(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())]
}

fn push(word: &str, next: &str, out: &mut String) {
    if FILLERS.contains(&word) {
        return;
    }
    if let Some((_, long)) = WHOLE.iter().find(|(short, _)| *short == word) {
        out.push_str(long);
        return;
    }
    if let Some(stem) = word.strip_suffix("'d").filter(|_| matches!(next, "been" | "gone" | "done")) {
        out.push_str(stem);
        out.push_str(" had");
        return;
    }
    if let Some(stem) = word.strip_suffix("'s").filter(|_| matches!(next, "been" | "gone" | "got")) {
        out.push_str(stem);
        out.push_str(" has");
        return;
    }
    let ending = ENDINGS.iter().find_map(|(short, long)| Some((word.strip_suffix(short)?, long)));
    let (stem, long) = ending.unwrap_or((word, &""));
    out.push_str(stem);
    out.push_str(long);
}
