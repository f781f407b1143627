use std::collections::{HashMap, VecDeque};
use std::ops::Range;

/// All runs of some length that some spellings of a key hold, for finding them in one walk through a text, however long
/// either is.
pub(super) struct Grams {
    needles: Vec<Needle>,
    size: usize,
    /// In which needle, and where in it, a run of this hash begins.
    starts: HashMap<u64, Vec<(usize, usize)>>,
    /// Whether any hash with these first bits is among them: nearly every letter of a text ends here.
    first_bits: Vec<bool>,
    /// What the oldest letter of a run weighs in its hash.
    oldest: u64,
}

/// One spelling of a key.
pub(super) struct Needle {
    pub letters: Vec<char>,
    /// Whether a part of the key may stand in the letters on both sides, too.
    pub spills: bool,
}

/// A run that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    pub place: Range<usize>,
    /// That of its needle.
    pub spills: bool,
}

/// Reads the letter at the start of a text, which is not empty, and says how many bytes it takes; `None` where there is
/// nothing to compare.
pub(super) type Read = fn(&str) -> (Option<char>, usize);

const BITS: u32 = 12;

/// Any odd number that spreads letters well.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Grams {
    /// Runs of `size` letters, or of the shortest needle if that is less. No needle is empty.
    pub fn new(needles: Vec<Needle>, size: usize) -> Self {
        let size = needles.iter().map(|needle| needle.letters.len()).fold(size, usize::min);
        let mut starts: HashMap<u64, Vec<(usize, usize)>> = HashMap::new();
        let mut first_bits = vec![false; 1 << BITS];
        for (which, needle) in needles.iter().enumerate() {
            for (start, gram) in needle.letters.windows(size).enumerate() {
                let hash = gram.iter().fold(0, |hash, &letter| push(hash, letter));
                first_bits[first(hash)] = true;
                starts.entry(hash).or_default().push((which, start));
            }
        }
        let oldest = (1..size).fold(1_u64, |weight, _| weight.wrapping_mul(BASE));
        Self { needles, size, starts, first_bits, oldest }
    }

    /// Where in `text` such runs stand, if `read` tells its letters; in order and apart from each other.
    pub fn find(&self, text: &str, read: Read) -> Vec<Trace> {
        let mut found: Vec<Trace> = Vec::new();
        let mut window: VecDeque<(char, usize)> = VecDeque::with_capacity(self.size);
        let (mut hash, mut at) = (0_u64, 0);
        while at < text.len() {
            let (letter, bytes) = read(&text[at..]);
            let start = at;
            at += bytes;
            let Some(letter) = letter else { continue };
            if window.len() == self.size
                && let Some((oldest, _)) = window.pop_front()
            {
                hash = hash.wrapping_sub(weight(oldest).wrapping_mul(self.oldest));
            }
            window.push_back((letter, start));
            hash = push(hash, letter);
            let Some(needle) = self.holds(hash, &window) else { continue };
            let begin = window.front().map_or(start, |(_, start)| *start);
            match found.last_mut() {
                Some(last) if last.place.end > begin => {
                    last.place.end = at;
                    last.spills |= needle.spills;
                }
                _ => found.push(Trace { place: begin..at, spills: needle.spills }),
            }
        }
        found
    }

    fn holds(&self, hash: u64, window: &VecDeque<(char, usize)>) -> Option<&Needle> {
        if !self.first_bits[first(hash)] || window.len() < self.size {
            return None;
        }
        let letters = || window.iter().map(|(letter, _)| *letter);
        let is_here = |&(which, start): &(usize, usize)| {
            let needle = &self.needles[which];
            letters().eq(needle.letters[start..start + self.size].iter().copied()).then_some(needle)
        };
        self.starts.get(&hash)?.iter().find_map(is_here)
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
