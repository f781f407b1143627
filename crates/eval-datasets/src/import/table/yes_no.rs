//! Yes and no as answers to questions, in the languages of our readers.

/// Words that are nothing but yes or no, wherever they stand.
const WORDS: [(&str, bool); 10] = [
    ("yes", true),
    ("true", true),
    ("ja", true),
    ("oui", true),
    ("да", true),
    ("no", false),
    ("false", false),
    ("nein", false),
    ("non", false),
    ("нет", false),
];

/// Words and letters that may be something else, as N is a point of the compass and Si an element.
const SHORT: [(&str, bool); 20] = [
    ("y", true),
    ("j", true),
    ("t", true),
    ("si", true),
    ("sí", true),
    ("sì", true),
    ("sim", true),
    ("tak", true),
    ("wahr", true),
    ("vrai", true),
    ("vero", true),
    ("はい", true),
    ("n", false),
    ("f", false),
    ("não", false),
    ("nao", false),
    ("nie", false),
    ("falsch", false),
    ("faux", false),
    ("いいえ", false),
];

/// The truth of a word that means nothing else.
pub(super) fn word(text: &str) -> Option<bool> {
    find(text, &WORDS)
}

/// The truth of a word or letter in a column of nothing but yes and no.
pub(super) fn letter(text: &str) -> Option<bool> {
    word(text).or_else(|| find(text, &SHORT))
}

fn find(text: &str, words: &[(&str, bool)]) -> Option<bool> {
    let text = text.trim().to_lowercase();
    words.iter().find(|(word, _)| *word == text).map(|(_, truth)| *truth)
}

/// Whether all answers of a column are yes or no, and both are there.
#[derive(Debug, Default)]
pub(super) struct Seen {
    yes: usize,
    no: usize,
    others: usize,
}

impl Seen {
    pub fn see(&mut self, text: &str) {
        match letter(text) {
            Some(true) => self.yes += 1,
            Some(false) => self.no += 1,
            None => self.others += 1,
        }
    }

    pub fn is_all(&self) -> bool {
        self.yes > 0 && self.no > 0 && self.others == 0
    }
}
