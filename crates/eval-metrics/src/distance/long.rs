//! Distance between long texts, piece by piece.
//!
//! The time of an exact distance grows with the square of the length: two texts of 100,000 characters take seconds. Longer
//! texts are cut where both have the same words, and the distances of the pieces are added up. That is a way to turn one
//! text into the other, so the sum is never too small, and it is exact where the cuts are those of a best way.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::{FixedState, RandomState};

use super::{between, length};

/// Texts whose table has no more cells are compared as a whole.
const MOST_CELLS: usize = 16_384 * 16_384;

/// Pieces without a word in common are cut to this many characters.
const PIECE: usize = 2_048;

/// Words in a row that both texts have once, where they are cut.
const RUN: usize = 4;

/// The distance of two texts, or a little more if they are long.
pub(crate) fn between_long(a: &str, b: &str) -> usize {
    if length(a).saturating_mul(length(b)) <= MOST_CELLS {
        return between(a, b);
    }
    let (mut from_a, mut from_b, mut sum) = (0, 0, 0);
    for (at_a, at_b) in cuts(a, b).into_iter().chain([(a.len(), b.len())]) {
        // A piece should be worth a comparison.
        let is_end = at_a == a.len() && at_b == b.len();
        if is_end || (at_a - from_a).max(at_b - from_b) >= PIECE / 4 {
            sum += in_pieces(&a[from_a..at_a], &b[from_b..at_b]);
            (from_a, from_b) = (at_a, at_b);
        }
    }
    sum
}

/// The distance of two texts that were cut at the same shares of their lengths.
fn in_pieces(a: &str, b: &str) -> usize {
    let pieces = a.len().max(b.len()).div_ceil(2 * PIECE).max(1);
    let end = |text: &str, piece: usize| {
        let mut end = text.len() * piece / pieces;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        end
    };
    let piece = |text: &str, at: usize| end(text, at)..end(text, at + 1);
    (0..pieces).map(|at| between(&a[piece(a, at)], &b[piece(b, at)])).sum()
}

/// Where the same words begin in both, which both have once, from the first to the last.
fn cuts(a: &str, b: &str) -> Vec<(usize, usize)> {
    let (a, b) = (once(a), once(b));
    let mut pairs: Vec<(usize, usize)> =
        a.iter().filter_map(|(run, at)| Some(((*at)?, (*b.get(run)?)?))).collect();
    pairs.sort_unstable();
    in_order(&pairs)
}

/// Runs of words and where they begin; nothing for one that comes again.
fn once(text: &str) -> HashMap<u64, Option<usize>, RandomState> {
    let hasher = FixedState::default();
    let words: Vec<(usize, &str)> =
        text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word)).collect();
    let mut found = HashMap::default();
    for run in words.windows(RUN) {
        let key = hasher.hash_one(run.iter().map(|word| word.1).collect::<Vec<_>>());
        found.entry(key).and_modify(|at| *at = None).or_insert(Some(run[0].0));
    }
    found
}

/// The longest part of the pairs that rises on both sides.
fn in_order(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best chain of each length, and what comes before each pair.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (index, pair) in pairs.iter().enumerate() {
        let at = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(at.checked_sub(1).map(|last| ends[last]));
        if at == ends.len() { ends.push(index) } else { ends[at] = index }
    }
    let mut chain: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |&at| before[at]).map(|at| pairs[at]).collect();
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(count: usize, seed: usize) -> Vec<String> {
        (0..count).map(|at| format!("w{}", (at * 7919 + seed) % 4001)).collect()
    }

    #[test]
    fn long_texts_are_compared_piece_by_piece() {
        let mut other = words(4_000, 1);
        let text = other.join(" ");
        other.splice(500..500, (0..200).map(|at| format!("new{at}")));
        other[3_000] = "x".to_owned();
        let other = other.join(" ");
        assert!(text.len() * other.len() > MOST_CELLS);
        assert_eq!(between_long(&text, &other), between(&text, &other));
        assert_eq!(between_long(&text, &text), 0);
    }

    #[test]
    fn unlike_texts_are_never_nearer_than_they_are() {
        let (a, b) = (words(4_000, 1).join(" "), words(4_000, 5).concat());
        let (sum, exact) = (between_long(&a, &b), between(&a, &b));
        assert!((exact..=a.len().max(b.len())).contains(&sum), "{sum} for {exact}");
    }
}
