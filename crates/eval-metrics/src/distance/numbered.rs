//! Distance between two sequences of small numbers.
//!
//! Written here, although `rapidfuzz` has the same algorithm, because that looks up numbers from 256 on in a hash table for
//! every 64 elements of every column, and follows a band around the diagonal that texts of this length gain nothing from.

use super::between_sequences;

/// Longer sequences go to `rapidfuzz`: it leaves out the parts of the table that are far from the diagonal, and these tables
/// of bits would grow with the square of the length.
const LONGEST: usize = 4096;

/// Levenshtein distance between two sequences of numbers below `numbers`, such as words that were numbered.
pub(crate) fn between_numbered(left: &[u32], right: &[u32], numbers: usize) -> usize {
    if left.len() > LONGEST || right.len() > LONGEST {
        return between_sequences(left, right);
    }
    // Hyyrö's bit-parallel algorithm, 64 elements a block.
    let blocks = left.len().div_ceil(64);
    // Where each number stands on the left.
    let mut masks = vec![0_u64; numbers * blocks];
    for (at, &number) in left.iter().enumerate() {
        masks[number as usize * blocks + at / 64] |= 1 << (at % 64);
    }
    // Where the column of the table goes up and where it goes down.
    let mut column = vec![(u64::MAX, 0); blocks];
    for &number in right {
        let masks = &masks[number as usize * blocks..][..blocks];
        let (mut rises, mut falls) = (1, 0);
        for ((up, down), mask) in column.iter_mut().zip(masks) {
            let equal = mask | falls;
            let diagonal = ((equal & *up).wrapping_add(*up) ^ *up) | equal | *down;
            let (rising, falling) = (*down | !(diagonal | *up), diagonal & *up);
            let (right, left) = (rising << 1 | rises, falling << 1 | falls);
            (*up, *down) = (left | !(diagonal | right), right & diagonal);
            (rises, falls) = (rising >> 63, falling >> 63);
        }
    }
    // The last column starts with the length of the right side.
    let last = u64::MAX >> ((64 - left.len() % 64) % 64);
    let change = |at: usize, (up, down): (u64, u64)| {
        let valid = if at + 1 == blocks { last } else { u64::MAX };
        (up & valid).count_ones() as isize - (down & valid).count_ones() as isize
    };
    let changes: isize = column.into_iter().enumerate().map(|(at, bits)| change(at, bits)).sum();
    right.len().wrapping_add_signed(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_rapidfuzz(
            left in proptest::collection::vec(0..40_u32, 0..300),
            right in proptest::collection::vec(0..40_u32, 0..300),
        ) {
            prop_assert_eq!(between_numbered(&left, &right, 40), between_sequences(&left, &right));
        }
    }

    #[test]
    fn measures_sequences_of_whole_blocks() {
        for length in [63, 64, 65, 128] {
            let left: Vec<u32> = (0..length).collect();
            assert_eq!(between_numbered(&left, &left[1..], 128), 1);
            assert_eq!(between_numbered(&left, &[], 128), left.len());
            assert_eq!(between_numbered(&[], &left, 128), left.len());
        }
    }
}
