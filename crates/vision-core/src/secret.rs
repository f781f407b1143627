use std::fmt;

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
    /// any run of eight or more characters of the key is starred; however JSON, HTML or an address spells them.
    pub fn scrub(&self, text: &str) -> String {
        if self.0.is_empty() || !self.may_be_in(text) {
            return text.to_owned();
        }
        let key: Vec<Vec<String>> = self.0.chars().map(spellings).collect();
        let mut clean = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let run = longest_run(rest, &key);
            if run > 0 {
                clean.push_str(STARS);
                rest = &rest[run..];
            } else {
                clean.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        clean
    }

    /// Whether a trace of the key may be in `text`. Quick, as texts of many megabytes are asked about.
    ///
    /// Any run of eight characters holds one of the key's pieces of four whole, unless it is spelled otherwise.
    fn may_be_in(&self, text: &str) -> bool {
        let key: Vec<char> = self.0.chars().collect();
        if key.len() < SHORTEST_TRACE {
            return text.contains(&self.0) || self.may_be_disguised_in(text);
        }
        key.chunks_exact(SHORTEST_TRACE / 2).any(|piece| text.contains(&piece.iter().collect::<String>()))
            || self.may_be_disguised_in(text)
    }

    fn may_be_disguised_in(&self, text: &str) -> bool {
        self.0.contains(|letter| !is_always_itself(letter)) && text.contains(['\\', '%', '&'])
    }
}

const STARS: &str = "***";

/// Shorter pieces of a key are too common in ordinary text, and too little to be of use.
const SHORTEST_TRACE: usize = 8;

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
    fn works_on_keys_that_are_not_ascii() {
        check("schlüssel-日本語", "no: schlüssel-日本語!", "no: ***!");
    }
}
