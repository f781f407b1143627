use std::ops::Range;

/// The key as Base64 spells it behind none, one or two other bytes: those letters in which no neighbour has a part.
pub(super) fn coded(key: &str) -> Vec<String> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |at: usize| usize::from(key.as_bytes()[at / 8] >> (7 - at % 8) & 1);
    let behind = |before: usize| {
        let sure = usize::div_ceil(before, 6)..(before + 8 * key.len()) / 6;
        let code = |letter| (6 * letter..6 * letter + 6).fold(0, |code, at| code << 1 | bit(at - before));
        sure.map(|letter| char::from(LETTERS[code(letter)])).collect()
    };
    [0, 8, 16].map(behind).into()
}

/// `place` with what stands around it in the same code: the letter on each side that a part of the key is in, and the
/// padding.
pub(super) fn with_neighbours(text: &str, place: Range<usize>) -> Range<usize> {
    let sign = |letter: char| matches!(letter, '+' | '/' | '-' | '_');
    let trimmed = text[..place.start].trim_end_matches(sign);
    let start =
        trimmed.strip_suffix(|letter: char| letter.is_ascii_alphanumeric()).map_or(place.start, str::len);
    let rest = text[place.end..].trim_start_matches(sign);
    let rest = rest.strip_prefix(|letter: char| letter.is_ascii_alphanumeric()).unwrap_or(rest);
    let rest = rest.trim_start_matches(|letter| sign(letter) || letter == '=');
    start..text.len() - rest.len()
}
