use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

mod base64;
mod search;
mod spelling;
mod traces;

use search::Search;

/// A key. It prints as stars, has no `Display` and no serde, and leaves through one door.
///
/// Whatever derives `Debug` around it stays harmless.
#[derive(Clone)]
pub struct Secret {
    key: String,
    /// Made on first use, and shared by all copies.
    search: Arc<OnceLock<Search>>,
}

impl Secret {
    /// Keeps `value`, without the blanks and newlines that copying a key brings along.
    pub fn new(value: impl AsRef<str>) -> Self {
        Self { key: value.as_ref().trim().to_owned(), search: Arc::default() }
    }

    /// The key itself. Call this only where a header is built.
    pub fn expose(&self) -> &str {
        &self.key
    }

    /// Whether it is so short that ordinary text holds it by chance.
    pub fn is_short(&self) -> bool {
        self.key.chars().count() < SHORTEST_TRACE
    }

    /// `text` with every occurrence of the key replaced by stars.
    ///
    /// Hosts quote keys in their error messages, whole or without their first or last characters, so any run of
    /// eight or more characters of the key is starred, however JSON, HTML or an address spells them, and whatever
    /// invisible characters stand between them. A key that a host has rewritten (in capitals, backwards, with dashes or
    /// blanks in between, in hex or in Base64) is starred where it is whole, or sixteen letters of it are.
    pub fn scrub(&self, text: &str) -> String {
        if self.key.is_empty() {
            return text.to_owned();
        }
        let search = self.search.get_or_init(|| Search::new(&self.key));
        search.starred(text, STARS)
    }

    /// `text` with the key starred, if it is long enough to be told from ordinary words.
    ///
    /// This is for the words of a model: a key `1` or `cash` must not change an answer.
    pub fn scrub_answer<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_short() {
            return Cow::Borrowed(text);
        }
        let clean = self.scrub(text);
        if clean == text { Cow::Borrowed(text) } else { Cow::Owned(clean) }
    }
}

const STARS: &str = "***";

/// Shorter pieces of a key are too common in ordinary text, and too little to be of use.
const SHORTEST_TRACE: usize = 8;

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

#[cfg(test)]
mod tests;
