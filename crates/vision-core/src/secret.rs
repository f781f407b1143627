use std::fmt;
use std::ops::Range;

/// A key. It prints as stars, has no `Display` and no serde, and leaves through one door.
///
/// Whatever derives `Debug` around it stays harmless.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value`, without the blanks and newlines that copying a key brings along.
    pub fn new(value: impl AsRef<str>) -> Self {
        Self(value.as_ref().trim().to_owned())
    }

    /// The key itself. Call this only where a header is built.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of the key replaced by stars.
    ///
    /// Hosts quote keys in their error messages, whole or without their first or last characters, so
    /// any run of eight or more characters of the key is starred; however JSON, HTML or an address spells them. The whole
    /// key is starred in Base64, too, whatever stands around it there.
    pub fn scrub(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        coded(&self.0).iter().fold(self.scrub_letters(text), |text, coded| match text.contains(coded) {
            true => text.replace(coded, STARS),
            false => text,
        })
    }

    fn scrub_letters(&self, text: &str) -> String {
        let key: Vec<Vec<String>> = self.0.chars().map(spellings).collect();
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        // Texts can be a picture of many megabytes: letter by letter is only for where a trace may begin.
        for place in self.suspicious(text) {
            clean.push_str(&text[at..at.max(place.start)]);
            at = at.max(place.start);
            while at < place.end {
                let run = longest_run(&text[at..], &key);
                clean.push_str(if run > 0 { STARS } else { &text[at..text.ceil_char_boundary(at + 1)] });
                at = text.ceil_char_boundary(at + run.max(1));
            }
        }
        clean + &text[at..]
    }

    /// Where in `text` a trace of the key may begin, in order and apart from each other.
    ///
    /// A run of eight characters holds one of the key's pieces of four whole, unless it is spelled otherwise.
    fn suspicious(&self, text: &str) -> Vec<Range<usize>> {
        let key: Vec<char> = self.0.chars().collect();
        let size = if key.len() < SHORTEST_TRACE { key.len() } else { SHORTEST_TRACE / 2 };
        let pieces = key.chunks_exact(size).map(|piece| piece.iter().collect::<String>());
        let mut hits: Vec<usize> = pieces
            .flat_map(|piece| text.match_indices(&piece).map(|hit| hit.0).collect::<Vec<_>>())
            .collect();
        if self.0.contains(|letter| !is_always_itself(letter)) {
            hits.extend(text.match_indices(['\\', '%', '&']).map(|hit| hit.0));
        }
        hits.sort_unstable();
        let mut places: Vec<Range<usize>> = Vec::new();
        for hit in hits {
            let start = text.floor_char_boundary(hit.saturating_sub(key.len() * LONGEST_SPELLING));
            // Further than the hit itself: pieces that overlap are found once.
            let end = text.ceil_char_boundary(hit + size);
            match places.last_mut() {
                Some(last) if last.end >= start => last.end = end,
                _ => places.push(start..end),
            }
        }
        places
    }
}

const STARS: &str = "***";

/// Shorter pieces of a key are too common in ordinary text, and too little to be of use.
const SHORTEST_TRACE: usize = 8;

/// In bytes: `&#x10ffff;`.
const LONGEST_SPELLING: usize = 10;

/// Whether no format ever spells it otherwise.
fn is_always_itself(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

/// The ways in which texts spell a letter of a key: itself first, then as JSON, addresses and HTML do.
fn spellings(letter: char) -> Vec<String> {
    let code = u32::from(letter);
    let mut ways = vec![letter.to_string()];
    if is_always_itself(letter) {
        return ways;
    }
    ways.extend([format!("\\{letter}"), format!("\\u{code:04x}"), format!("\\u{code:04X}")]);
    ways.extend([
        format!("%{code:02X}"),
        format!("%{code:02x}"),
        format!("&#{code};"),
        format!("&#x{code:x};"),
    ]);
    let name = match letter {
        '"' => "&quot;",
        '\'' => "&apos;",
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => return ways,
    };
    ways.push(name.to_owned());
    ways
}

/// The key as Base64 spells it behind none, one or two other bytes: those letters in which no neighbour has a part.
fn coded(key: &str) -> Vec<String> {
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

/// How many bytes at the start of `text` are a run of `key`, if it is long enough.
fn longest_run(text: &str, key: &[Vec<String>]) -> usize {
    let shortest = key.len().min(SHORTEST_TRACE);
    let plain = |ways: &[String], rest: &str| rest.starts_with(&ways[0]).then(|| ways[0].len());
    // A backslash may be a letter of the key or the disguise of the next one: each reading gets its chance.
    let disguised = |ways: &[String], rest: &str| {
        ways.iter().rev().find(|way| rest.starts_with(way.as_str())).map(String::len)
    };
    let run = |start: usize, length: &dyn Fn(&[String], &str) -> Option<usize>| {
        let (mut letters, mut bytes) = (0, 0);
        for ways in &key[start..] {
            let Some(more) = length(ways, &text[bytes..]) else { break };
            (letters, bytes) = (letters + 1, bytes + more);
        }
        if letters >= shortest { bytes } else { 0 }
    };
    (0..=key.len() - shortest).map(|start| run(start, &plain).max(run(start, &disguised))).max().unwrap_or(0)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Secret;

    #[track_caller]
    fn check(key: &str, text: &str, clean: &str) {
        assert_eq!(Secret::new(key).scrub(text), clean);
    }

    #[test]
    fn prints_stars() {
        assert_eq!(format!("{:?}", Secret::new("sk-abc")), "***");
    }

    #[test]
    fn drops_the_newline_of_a_copied_key() {
        assert_eq!(Secret::new(" sk-abc\n").expose(), "sk-abc");
    }

    #[test]
    fn stars_the_whole_key() {
        check("sk-abcdefghij", "bad key sk-abcdefghij.", "bad key ***.");
    }

    #[test]
    fn stars_a_key_that_lost_its_ends() {
        check("sk-abcdefghijklm", "bad key abcdefghij…", "bad key ***…");
    }

    #[test]
    fn keeps_short_chance_matches() {
        check("sk-abcdefghij", "the sk-abc prefix", "the sk-abc prefix");
    }

    #[test]
    fn stars_even_a_very_short_key() {
        check("k1", "your key k1 is bad", "your key *** is bad");
    }

    #[test]
    fn stars_any_eight_characters_wherever_they_are_cut() {
        let key = "ab-Cd3fGh1jKlMnOpQr";
        for start in 0..=key.len() - 8 {
            check(key, &format!("<{}>", &key[start..start + 8]), "<***>");
        }
    }

    #[test]
    fn a_key_that_repeats_itself_leaves_too_little_to_be_of_use() {
        check("ababababab", "xabababababababy", "x***ababy");
        check("aaaaaaaaab", "aaaaaaaaaaaaab", "***aaaab");
    }

    #[test]
    fn stars_the_whole_key_in_base64_whatever_stands_before() {
        // Made with `base64`.
        check("sk-abcdefghij>?~~~", "[c2stYWJjZGVmZ2hpaj4/fn5+]", "[***]");
        check("sk-abcdefghij>?~~~", "[c2stYWJjZGVmZ2hpaj4_fn5-]", "[***]");
        check("sk-abcdefghij>?~~~", "[eHNrLWFiY2RlZmdoaWo+P35+fnk=]", "[eH***nk=]");
        check("sk-abcdefghij>?~~~", "[Onhzay1hYmNkZWZnaGlqPj9+fn46]", "[Onh***46]");
        check("sk-abc", "c2stYWJj", "c2stYWJj");
    }

    #[test]
    fn an_empty_key_changes_nothing() {
        check("", "text", "text");
    }

    #[test]
    fn stars_a_key_however_it_is_spelled() {
        let key = r#"a"b\c/d<e>f&g'h+i=j"#;
        for spelled in [
            r#"a"b\c/d<e>f&g'h+i=j"#,
            r#"a\"b\\c/d<e>f&g'h+i=j"#,
            r#"a\"b\\c\/d\u003ce\u003Ef\u0026g'h+i=j"#,
            "a&quot;b\\c/d&lt;e&gt;f&amp;g&#39;h+i=j",
            "a%22b%5Cc%2Fd%3Ce%3Ef%26g%27h%2bi%3dj",
        ] {
            check(key, &format!("<{spelled}>"), "<***>");
        }
        check(key, r#"{"a": "b\\c", "d": "e"}"#, r#"{"a": "b\\c", "d": "e"}"#);
        check(r"1\\2\\3\\", r"so: 1\\2\\3\\", "so: ***");
    }

    #[test]
    fn a_picture_of_many_megabytes_takes_no_longer_than_reading_it() {
        // Pieces of four letters of any key turn up in so much Base64, but none of eight.
        let mut letters = (0_u64..).map(|step| {
            let mixed = (step ^ (step >> 7)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(mixed >> 58) as usize]
        });
        let text: Vec<u8> = letters.by_ref().take(4 << 20).collect();
        let text = String::from_utf8(text).unwrap();
        for key in ["sk-Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0", "k/Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf+"] {
            let key = Secret::new(key);
            let letter_by_letter: usize = key.suspicious(&text).iter().map(|place| place.len()).sum();
            assert!(letter_by_letter < text.len() / 20, "{letter_by_letter} of {}", text.len());
            assert_eq!(key.scrub(&text), text);
        }
    }

    proptest! {
        #[test]
        fn finds_a_spelled_key_wherever_it_stands(
            key in r#"[a-z0-9/+"&<é-]{8,20}"#,
            before in r#"[a-z\\%&é ]{0,30}"#,
            after in r#"[A-Z\\%& ]{0,30}"#,
            ways in proptest::collection::vec(0_usize..12, 20),
        ) {
            let letters = key.trim().chars().zip(ways);
            let spelled: String = letters
                .map(|(letter, way)| {
                    let ways = super::spellings(letter);
                    // What is not to be escaped stays as it is; the others all one way, as a format does.
                    if ways.len() == 1 { ways[0].clone() } else { ways[1 + way % (ways.len() - 1)].clone() }
                })
                .collect();
            let clean = Secret::new(&key).scrub(&format!("{before}<{spelled}>{after}"));
            prop_assert!(clean.contains("***"), "{clean}");
            prop_assert!(!clean.contains(&spelled), "{clean}");
        }
    }

    #[test]
    fn works_on_keys_that_are_not_ascii() {
        check("schlüssel-日本語", "no: schlüssel-日本語!", "no: ***!");
    }
}
