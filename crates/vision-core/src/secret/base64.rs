use super::SHORTEST_TRACE;

/// The key as Base64 spells it behind none, one or two other bytes: those letters in which no neighbour has a part.
pub(super) fn coded(key: &str) -> Vec<String> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if key.len() < SHORTEST_TRACE {
        return Vec::new();
    }
    let bit = |at: usize| usize::from(key.as_bytes()[at / 8] >> (7 - at % 8) & 1);
    let mut coded = Vec::new();
    for before in [0, 8, 16] {
        let sure = usize::div_ceil(before, 6)..(before + 8 * key.len()) / 6;
        let code = |letter| (6 * letter..6 * letter + 6).fold(0, |code, at| code << 1 | bit(at - before));
        let text: String = sure.map(|letter| char::from(LETTERS[code(letter)])).collect();
        coded.extend([text.replace('+', "-").replace('/', "_"), text]);
    }
    coded.sort_unstable();
    coded.dedup();
    coded
}
