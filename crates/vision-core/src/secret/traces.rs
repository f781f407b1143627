use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::spelling::is_invisible;

/// All runs of some length that a key holds, for finding them in one walk through a text, however long either is.
pub(super) struct Grams {
    key: Vec<char>,
    size: usize,
    /// Where in the key a run of this hash begins.
    starts: HashMap<u64, Vec<usize>>,
    /// Whether any hash with these first bits is among them: nearly every letter of a text ends here.
    first_bits: Vec<bool>,
    /// What the oldest letter of a run weighs in its hash.
    oldest: u64,
}

const BITS: u32 = 12;

/// Any odd number that spreads letters well.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Grams {
    /// Runs of `size` letters, or of the whole key if it is shorter. The key is not empty.
    pub fn new(key: &str, size: usize) -> Self {
        let key: Vec<char> = key.chars().collect();
        let size = size.min(key.len());
        let mut starts: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut first_bits = vec![false; 1 << BITS];
        for (start, gram) in key.windows(size).enumerate() {
            let hash = gram.iter().fold(0, |hash, &letter| push(hash, letter));
            first_bits[first(hash)] = true;
            starts.entry(hash).or_default().push(start);
        }
        let oldest = (1..size).fold(1_u64, |weight, _| weight.wrapping_mul(BASE));
        Self { key, size, starts, first_bits, oldest }
    }

    /// Where in `text` runs of the key stand, if `read` tells its letters; in order and apart from each other.
    pub fn find(&self, text: &str, read: fn(&str) -> (char, usize)) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut window: VecDeque<(char, usize)> = VecDeque::with_capacity(self.size);
        let (mut hash, mut at) = (0_u64, 0);
        while at < text.len() {
            let (letter, bytes) = read(&text[at..]);
            let start = at;
            at += bytes;
            if is_invisible(letter) {
                continue;
            }
            if window.len() == self.size
                && let Some((oldest, _)) = window.pop_front()
            {
                hash = hash.wrapping_sub(weight(oldest).wrapping_mul(self.oldest));
            }
            window.push_back((letter, start));
            hash = push(hash, letter);
            if self.holds(hash, &window) {
                let begin = window.front().map_or(start, |(_, start)| *start);
                match found.last_mut() {
                    Some(last) if last.end > begin => last.end = at,
                    _ => found.push(begin..at),
                }
            }
        }
        found
    }

    fn holds(&self, hash: u64, window: &VecDeque<(char, usize)>) -> bool {
        if !self.first_bits[first(hash)] || window.len() < self.size {
            return false;
        }
        let Some(starts) = self.starts.get(&hash) else { return false };
        let letters = || window.iter().map(|(letter, _)| *letter);
        starts.iter().any(|&start| letters().eq(self.key[start..start + self.size].iter().copied()))
    }
}

fn first(hash: u64) -> usize {
    (hash >> (u64::BITS - BITS)) as usize
}

fn push(hash: u64, letter: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(weight(letter))
}

fn weight(letter: char) -> u64 {
    u64::from(u32::from(letter)) + 1
}
