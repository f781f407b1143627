//! All distances between two lists of texts.
//!
//! Written here, although `rapidfuzz` measures one pair well, because matching a hundred line items asks for ten
//! thousand distances between short names: eight names are compared with a text at once, at some ten nanoseconds a pair.

use std::collections::HashMap;

use super::between;

/// Names compared at once; a loop over them becomes vector instructions.
const LANES: usize = 8;

/// Hyyrö's bit-parallel Levenshtein for the given rows, whose letters fit the bits of `$word`.
///
/// The distance is the length of the text, plus where the last column of the table goes up, minus where it goes down.
macro_rules! fill {
    ($word:ty, $which:expr, $rows:expr, $columns:expr, $letters:expr, $distances:ident) => {
        let mut masks = Vec::new();
        for group in $which.chunks(LANES) {
            masks.clear();
            masks.resize($letters, [0 as $word; LANES]);
            // Where the letters of each name are; unused lanes have none.
            let mut bits = [0 as $word; LANES];
            for (lane, &row) in group.iter().enumerate() {
                bits[lane] = <$word>::MAX.checked_shr(<$word>::BITS - $rows[row].len() as u32).unwrap_or(0);
                for (bit, &letter) in $rows[row].iter().enumerate() {
                    masks[letter as usize][lane] |= 1 << bit;
                }
            }
            for (column, text) in $columns.iter().enumerate() {
                let (mut up, mut down) = ([<$word>::MAX; LANES], [0 as $word; LANES]);
                for &letter in text {
                    let equal = &masks[letter as usize];
                    for lane in 0..LANES {
                        let (equal, vertical, negative) = (equal[lane], up[lane], down[lane]);
                        let carried = (equal & vertical).wrapping_add(vertical) ^ vertical;
                        let diagonal = carried | equal | negative;
                        let right = ((negative | !(diagonal | vertical)) << 1) | 1;
                        let left = (diagonal & vertical) << 1;
                        up[lane] = left | !(diagonal | right);
                        down[lane] = right & diagonal;
                    }
                }
                let mut change = [0_i32; LANES];
                for lane in 0..LANES {
                    let count = |word: $word| (word & bits[lane]).count_ones() as i32;
                    change[lane] = count(up[lane]) - count(down[lane]);
                }
                for (&row, change) in group.iter().zip(change) {
                    $distances[row * $columns.len() + column] =
                        text.len().wrapping_add_signed(change as isize);
                }
            }
        }
    };
}

/// The distance of every text on the left to every text on the right, row by row.
#[must_use]
pub fn between_all(left: &[impl AsRef<str>], right: &[impl AsRef<str>]) -> Vec<usize> {
    let mut alphabet = Alphabet { ascii: [0; 128], others: HashMap::new(), used: 0 };
    let rows: Vec<Vec<u32>> = left.iter().map(|text| alphabet.known_or_new(text.as_ref())).collect();
    let columns: Vec<Vec<u32>> = right.iter().map(|text| alphabet.known(text.as_ref())).collect();
    let mut distances = vec![0; rows.len() * columns.len()];
    let (short, longer): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|&row| rows[row].len() <= 32);
    let (middle, long): (Vec<usize>, Vec<usize>) = longer.into_iter().partition(|&row| rows[row].len() <= 64);
    // Half as many bits are twice as many lanes in a register, and most names are short.
    fill!(u32, &short, &rows, &columns, alphabet.size(), distances);
    fill!(u64, &middle, &rows, &columns, alphabet.size(), distances);
    for row in long {
        for (column, text) in right.iter().enumerate() {
            distances[row * columns.len() + column] = between(left[row].as_ref(), text.as_ref());
        }
    }
    distances
}

/// Letters as small numbers; 0 is any letter that does not occur on the left.
struct Alphabet {
    ascii: [u32; 128],
    others: HashMap<char, u32>,
    used: u32,
}

impl Alphabet {
    fn size(&self) -> usize {
        self.used as usize + 1
    }

    fn known_or_new(&mut self, text: &str) -> Vec<u32> {
        let number = |c: char| {
            let slot = match self.ascii.get_mut(c as usize) {
                Some(slot) => slot,
                None => self.others.entry(c).or_insert(0),
            };
            if *slot == 0 {
                self.used += 1;
                *slot = self.used;
            }
            *slot
        };
        text.chars().map(number).collect()
    }

    fn known(&self, text: &str) -> Vec<u32> {
        let number = |c: char| match self.ascii.get(c as usize) {
            Some(slot) => *slot,
            None => self.others.get(&c).copied().unwrap_or(0),
        };
        text.chars().map(number).collect()
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
            let expected: Vec<usize> =
                left.iter().flat_map(|a| right.iter().map(|b| strsim::levenshtein(a, b))).collect();
            prop_assert_eq!(between_all(&left, &right), expected);
        }
    }

    #[test]
    fn measures_names_of_exactly_one_word() {
        let names = [31, 32, 33, 63, 64, 65, 0].map(|length| "x".repeat(length));
        let expected = names.iter().flat_map(|name| [name.len().abs_diff(1), name.len()]).collect::<Vec<_>>();
        assert_eq!(between_all(&names, &["x", ""]), expected);
    }
}
