//! Words that differ by a misprint or an ending.

use crate::distance::{between, length};

/// Whether two words look the same to a reader of pale print: `C0rner`, `mllk`.
pub(super) fn is_same_shape(a: &str, b: &str) -> bool {
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let shape = |word: &str| -> String {
        let shape = |c: char| match c {
            'i' | '1' | '|' => 'l',
            '0' | 'q' => 'o',
            'e' => 'c',
            'v' => 'u',
            '5' => 's',
            '8' => 'b',
            other => other,
        };
        word.replace("rn", "m").replace("vv", "w").chars().map(shape).collect()
    };
    is_word(a) && is_word(b) && shape(a) == shape(b)
}

/// Whether one word is a misprint or the plural of another. A short word with another letter is another word.
pub(crate) fn is_near(a: &str, b: &str) -> bool {
    if a == b || is_plural(a, b) || is_plural(b, a) {
        return true;
    }
    let has_digits = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let longest = length(a).max(length(b));
    // A letter too many or too few is a misprint sooner than another letter, which may make another name.
    let long_enough = if length(a) == length(b) {
        longest >= 8
    } else {
        longest >= 9 || longest >= 6 && is_doubled_only(a, b)
    };
    let same_start = a.chars().next() == b.chars().next();
    long_enough && same_start && !has_digits(a) && !has_digits(b) && between(a, b) <= (longest / 5).max(1)
}

/// Whether two words differ in doubled letters only: `Tallgras`. Another letter more makes a hostel of a hotel.
fn is_doubled_only(a: &str, b: &str) -> bool {
    let single = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    single(a) == single(b)
}

/// Whether the second word is the plural of the first.
pub(crate) fn is_plural(one: &str, many: &str) -> bool {
    length(one) >= 3
        && (many.strip_prefix(one).is_some_and(|end| matches!(end, "s" | "es"))
            || one.strip_suffix('y').is_some_and(|stem| many.strip_suffix("ies") == Some(stem)))
}
