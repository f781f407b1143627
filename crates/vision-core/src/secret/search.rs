use std::collections::HashSet;
use std::ops::Range;

use super::SHORTEST_TRACE;
use super::base64;
use super::spelling::{self, disguised, folded, plain};
use super::traces::{Grams, Needle};

/// Everything that a key is searched for by.
pub(super) struct Search {
    /// Pieces of the key, one of which is in any run of [`SHORTEST_TRACE`] letters that stand for themselves.
    pieces: HashSet<String>,
    /// Runs of the key itself.
    exact: Grams,
    /// Runs of what a host may have made of it; nothing, if the key is too short.
    rewritten: Option<Grams>,
}

/// Letters of a rewritten key in a row that are no accident, even where somebody chose words for a key.
const REWRITTEN_TRACE: usize = 16;

/// In bytes: more than eight letters take, however they are spelled.
const AROUND: usize = 8 * 12;

impl Search {
    /// The key is not empty.
    pub fn new(key: &str) -> Self {
        let letters: Vec<char> = key.chars().collect();
        let size = if letters.len() < SHORTEST_TRACE { letters.len() } else { SHORTEST_TRACE / 2 };
        let needles = rewritten(key);
        Self {
            pieces: letters.chunks_exact(size).map(|piece| piece.iter().collect()).collect(),
            exact: Grams::new(vec![Needle { letters, spills: false }], SHORTEST_TRACE),
            rewritten: (!needles.is_empty()).then(|| Grams::new(needles, REWRITTEN_TRACE)),
        }
    }

    /// `text` with `stars` wherever there is a trace of the key.
    pub fn starred(&self, text: &str, stars: &str) -> String {
        let mut traces = self.exact(text);
        let rewritten = self.rewritten.iter().flat_map(|grams| grams.find(text, folded));
        traces.extend(rewritten.map(|trace| match trace.spills {
            true => base64::with_neighbours(text, trace.place),
            false => trace.place,
        }));
        traces.sort_unstable_by_key(|trace| trace.start);
        star(text, &traces, stars)
    }

    fn exact(&self, text: &str) -> Vec<Range<usize>> {
        let mut traces = Vec::new();
        // Texts can be a picture of many megabytes: letter by letter is only for where a trace may be.
        for place in self.suspicious(text) {
            // A backslash may be a letter of the key or the disguise of the next one: each reading gets its chance.
            for read in [plain, disguised] {
                let found = self.exact.find(&text[place.clone()], read).into_iter().map(|trace| trace.place);
                traces.extend(found.map(|trace| place.start + trace.start..place.start + trace.end));
            }
        }
        traces
    }

    /// Where in `text` a trace of the key itself may be, in order and apart from each other: around a piece of the key,
    /// a disguise, or an invisible letter.
    pub fn suspicious(&self, text: &str) -> Vec<Range<usize>> {
        let mut hits: Vec<usize> = Vec::new();
        for piece in &self.pieces {
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

/// What a host may have made of the key, as [`folded`] reads it: forwards, backwards, in hex and in Base64.
fn rewritten(key: &str) -> Vec<Needle> {
    if key.chars().count() < SHORTEST_TRACE {
        return Vec::new();
    }
    let hex = |mark: &str| key.bytes().map(|byte| format!("{mark}{byte:02x}")).collect::<String>();
    let needle = |text: &str, spills| Needle { letters: letters(text), spills };
    let mut needles: Vec<Needle> =
        [key, &hex(""), &hex("0x")].into_iter().map(|text| needle(text, false)).collect();
    let backwards = needles[0].letters.iter().rev().copied().collect();
    needles.push(Needle { letters: backwards, spills: false });
    needles.extend(base64::coded(key).iter().map(|text| needle(text, true)));
    needles.retain(|needle| needle.letters.len() >= SHORTEST_TRACE);
    needles
}

fn letters(mut text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    while !text.is_empty() {
        let (letter, bytes) = folded(text);
        letters.extend(letter);
        text = &text[bytes..];
    }
    letters
}

/// `text` with the ranges starred, which are in order but may overlap.
fn star(text: &str, traces: &[Range<usize>], stars: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut done = 0;
    for trace in traces {
        if trace.start >= done {
            clean.push_str(&text[done..trace.start]);
            clean.push_str(stars);
        }
        done = done.max(trace.end);
    }
    clean + &text[done..]
}
