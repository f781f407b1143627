use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

mod base64;
mod spelling;
mod traces;

use traces::Grams;

/// A key. It prints as stars, has no `Display` and no serde, and leaves through one door.
///
/// Whatever derives `Debug` around it stays harmless.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value`, without the blanks and newlines that copying a key brings along.
    pub fn new(value: impl AsRef<str>) -> Self {
        Self(value.as_ref().trim().to_owned())
    }

    /// The key itself. Call this only where a header is built.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is so short that ordinary text holds it by chance.
    pub fn is_short(&self) -> bool {
        self.0.chars().count() < SHORTEST_TRACE
    }

    /// `text` with every occurrence of the key replaced by stars.
    ///
    /// Hosts quote keys in their error messages, whole or without their first or last characters, so any run of
    /// eight or more characters of the key is starred, however JSON, HTML or an address spells them, and whatever
    /// invisible characters stand between them. The whole key is starred in Base64, too.
    pub fn scrub(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let clean = self.scrub_letters(text);
        base64::coded(&self.0).iter().fold(clean, |text, coded| match text.contains(coded) {
            true => text.replace(coded, STARS),
            false => text,
        })
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

    fn scrub_letters(&self, text: &str) -> String {
        let grams = Grams::new(&self.0, SHORTEST_TRACE);
        let mut traces: Vec<Range<usize>> = Vec::new();
        // Texts can be a picture of many megabytes: letter by letter is only for where a trace may be.
        for place in self.suspicious(text) {
            // A backslash may be a letter of the key or the disguise of the next one: each reading gets its chance.
            for read in [spelling::plain, spelling::disguised] {
                let found = grams.find(&text[place.clone()], read).into_iter();
                traces.extend(found.map(|trace| place.start + trace.start..place.start + trace.end));
            }
        }
        traces.sort_unstable_by_key(|trace| trace.start);
        star(text, &traces)
    }

    /// Where in `text` a trace of the key may be, in order and apart from each other: around a piece of the key, a
    /// disguise, or a letter that nobody sees.
    ///
    /// A run of eight letters that all stand for themselves holds one of the key's pieces of four whole.
    fn suspicious(&self, text: &str) -> Vec<Range<usize>> {
        let key: Vec<char> = self.0.chars().collect();
        let size = if key.len() < SHORTEST_TRACE { key.len() } else { SHORTEST_TRACE / 2 };
        let mut hits: Vec<usize> = Vec::new();
        let pieces: HashSet<String> = key.chunks_exact(size).map(|piece| piece.iter().collect()).collect();
        for piece in &pieces {
            hits.extend(text.match_indices(piece).map(|(at, _)| at));
        }
        let bytes = text.as_bytes().iter().enumerate();
        hits.extend(bytes.filter(|(_, byte)| spelling::may_begin_unseen(**byte)).map(|(at, _)| at));
        hits.sort_unstable();
        let mut places: Vec<Range<usize>> = Vec::new();
        for hit in hits {
            let start = text.floor_char_boundary(hit.saturating_sub(AROUND));
            let end = text.ceil_char_boundary((hit + AROUND).min(text.len()));
            match places.last_mut() {
                Some(last) if last.end >= start => last.end = end,
                _ => places.push(start..end),
            }
        }
        places
    }
}

/// `text` with the ranges starred, which are in order but may overlap.
fn star(text: &str, traces: &[Range<usize>]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut done = 0;
    for trace in traces {
        if trace.start >= done {
            clean.push_str(&text[done..trace.start]);
            clean.push_str(STARS);
        }
        done = done.max(trace.end);
    }
    clean + &text[done..]
}

const STARS: &str = "***";

/// In bytes: more than eight letters take, however they are spelled.
const AROUND: usize = 8 * 12;

/// Shorter pieces of a key are too common in ordinary text, and too little to be of use.
const SHORTEST_TRACE: usize = 8;

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

#[cfg(test)]
mod tests;
