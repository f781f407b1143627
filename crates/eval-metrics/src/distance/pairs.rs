//! All similarities between two lists of texts.
//!
//! Written here, although `rapidfuzz` measures one pair well, because matching a hundred line items asks for ten
//! thousand distances between short names: eight names are compared with a text at once, at some ten nanoseconds a pair.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use foldhash::fast::RandomState;

use super::{between, ratio};

/// Names compared at once; a loop over them becomes vector instructions.
const LANES: usize = 8;

/// Hyyrö's bit-parallel Levenshtein for the given rows, `$lanes` at once, whose letters fit the bits of `$word`.
///
/// The distance is the length of the text, plus where the last column of the table goes up, minus where it goes down.
macro_rules! fill {
    ($word:ty, $lanes:expr, $which:expr, $rows:expr, $columns:expr, $letters:expr, $similarities:ident) => {
        let mut masks = Vec::new();
        for group in $which.chunks($lanes) {
            masks.clear();
            masks.resize($letters, [0 as $word; $lanes]);
            // Where the letters of each name are; unused lanes have none.
            let mut bits = [0 as $word; $lanes];
            for (lane, &row) in group.iter().enumerate() {
                let name = $rows.at(row);
                bits[lane] = <$word>::MAX.checked_shr(<$word>::BITS - name.len() as u32).unwrap_or(0);
                for (bit, &letter) in name.iter().enumerate() {
                    masks[letter as usize][lane] |= 1 << bit;
                }
            }
            for (column, text) in $columns.iter().enumerate() {
                let (mut up, mut down) = ([<$word>::MAX; $lanes], [0 as $word; $lanes]);
                for &letter in text {
                    let equal = &masks[letter as usize];
                    for lane in 0..$lanes {
                        let (equal, vertical, negative) = (equal[lane], up[lane], down[lane]);
                        let carried = (equal & vertical).wrapping_add(vertical) ^ vertical;
                        let diagonal = carried | equal | negative;
                        let right = ((negative | !(diagonal | vertical)) << 1) | 1;
                        let left = (diagonal & vertical) << 1;
                        up[lane] = left | !(diagonal | right);
                        down[lane] = right & diagonal;
                    }
                }
                let mut change = [0_i32; $lanes];
                for lane in 0..$lanes {
                    let count = |word: $word| (word & bits[lane]).count_ones() as i32;
                    change[lane] = count(up[lane]) - count(down[lane]);
                }
                for (&row, change) in group.iter().zip(change) {
                    let distance = text.len().wrapping_add_signed(change as isize);
                    $similarities[row * $columns.ends.len() + column] =
                        similarity(distance, text.len().max($rows.at(row).len()));
                }
            }
        }
    };
}

/// The [`similarity`](super::similarity) of every text on the left to every text on the right, row by row.
#[must_use]
pub fn similarities(left: &[&str], right: &[&str]) -> Vec<f64> {
    let mut alphabet = Alphabet::default();
    let rows = Letters::of(left, |letter| alphabet.known_or_new(letter));
    let columns = Letters::of(right, |letter| alphabet.known(letter));
    let mut similarities = vec![0.0; left.len() * right.len()];
    let rows_of = |lengths: RangeInclusive<usize>| -> Vec<usize> {
        (0..left.len()).filter(|&row| lengths.contains(&rows.at(row).len())).collect()
    };
    // Half as many bits are twice as many lanes in a register, and most names are short.
    // Four or fewer that are left over would leave half of the lanes idle.
    let short = rows_of(0..=32);
    let few = Some(short.len() % LANES).filter(|rest| *rest <= LANES / 2).unwrap_or(0);
    let (whole, few) = short.split_at(short.len() - few);
    fill!(u32, LANES, whole, &rows, &columns, alphabet.size(), similarities);
    fill!(u32, LANES / 2, few, &rows, &columns, alphabet.size(), similarities);
    fill!(u64, LANES, rows_of(33..=64), &rows, &columns, alphabet.size(), similarities);
    for row in rows_of(65..=usize::MAX) {
        for (column, text) in columns.iter().enumerate() {
            let distance = between(left[row], right[column]);
            similarities[row * right.len() + column] =
                similarity(distance, text.len().max(rows.at(row).len()));
        }
    }
    similarities
}

fn similarity(distance: usize, longest: usize) -> f64 {
    if longest == 0 { 1.0 } else { 1.0 - ratio(distance, longest) }
}

/// Texts as numbers, one behind the other, since a list of lists would cost an allocation for each name.
struct Letters {
    all: Vec<u32>,
    ends: Vec<usize>,
}

impl Letters {
    fn of(texts: &[&str], mut number: impl FnMut(char) -> u32) -> Self {
        let mut all = Vec::with_capacity(texts.iter().map(|text| text.len()).sum());
        let mut end_of = |text: &str| {
            if text.is_ascii() {
                all.extend(text.bytes().map(u32::from));
            } else {
                all.extend(text.chars().map(&mut number));
            }
            all.len()
        };
        let ends = texts.iter().map(|text| end_of(text)).collect();
        Self { all, ends }
    }

    fn at(&self, index: usize) -> &[u32] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.all[start..self.ends[index]]
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.ends.len()).map(|index| self.at(index))
    }
}

/// Letters as small numbers, so that where they stand can be looked up in a list: ASCII as it is, others as they come.
#[derive(Default)]
struct Alphabet {
    others: HashMap<char, u32, RandomState>,
}

/// Any letter beyond ASCII that does not occur on the left.
const UNKNOWN: u32 = 128;

impl Alphabet {
    fn size(&self) -> usize {
        self.others.len() + UNKNOWN as usize + 1
    }

    fn known_or_new(&mut self, letter: char) -> u32 {
        let next = self.others.len() as u32 + UNKNOWN + 1;
        if letter.is_ascii() { letter as u32 } else { *self.others.entry(letter).or_insert(next) }
    }

    fn known(&self, letter: char) -> u32 {
        if letter.is_ascii() { letter as u32 } else { self.others.get(&letter).copied().unwrap_or(UNKNOWN) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_strsim(
            left in proptest::collection::vec("[abß日 ]{0,70}", 0..20),
            right in proptest::collection::vec("[abcß日本]{0,70}", 0..6),
        ) {
            let expected: Vec<f64> =
                left.iter().flat_map(|a| right.iter().map(|b| strsim::normalized_levenshtein(a, b))).collect();
            let [left, right] = [&left, &right].map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(similarities(&left, &right), expected);
        }
    }

    #[test]
    fn measures_names_of_exactly_one_word() {
        let name = "x".repeat(65);
        let names = [31, 32, 33, 63, 64, 65, 0].map(|length| &name[..length]);
        let expected =
            names.iter().flat_map(|name| ["x", ""].map(|text| super::super::similarity(name, text)));
        assert_eq!(similarities(&names, &["x", ""]), expected.collect::<Vec<_>>());
    }
}
