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
    /// any run of eight or more characters of the key is starred.
    pub fn scrub(&self, text: &str) -> String {
        let key: Vec<char> = self.0.chars().collect();
        if key.is_empty() || !self.may_be_in(text) {
            return text.to_owned();
        }
        let shortest = key.len().min(SHORTEST_TRACE);
        let text: Vec<char> = text.chars().collect();
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let run = longest_run(&text[at..], &key, shortest);
            if run > 0 {
                clean.push_str(STARS);
                at += run;
            } else {
                clean.push(text[at]);
                at += 1;
            }
        }
        clean
    }

    /// Whether a trace of the key may be in `text`. Quick, as texts of many megabytes are asked about.
    ///
    /// Any run of eight characters holds one of the key's pieces of four whole.
    fn may_be_in(&self, text: &str) -> bool {
        let key: Vec<char> = self.0.chars().collect();
        if key.len() < SHORTEST_TRACE {
            return text.contains(&self.0);
        }
        key.chunks_exact(SHORTEST_TRACE / 2).any(|piece| text.contains(&piece.iter().collect::<String>()))
    }
}

const STARS: &str = "***";

/// Shorter pieces of a key are too common in ordinary text, and too little to be of use.
const SHORTEST_TRACE: usize = 8;

/// How many characters at the start of `text` are a run of `key`, if at least `shortest`.
fn longest_run(text: &[char], key: &[char], shortest: usize) -> usize {
    (0..=key.len() - shortest)
        .map(|start| text.iter().zip(&key[start..]).take_while(|(a, b)| a == b).count())
        .filter(|&run| run >= shortest)
        .max()
        .unwrap_or(0)
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
    fn works_on_keys_that_are_not_ascii() {
        check("schlüssel-日本語", "no: schlüssel-日本語!", "no: ***!");
    }
}
