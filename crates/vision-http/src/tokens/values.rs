//! Where the values of an answer in JSON stand.

use std::ops::Range;

/// No answer is nested deeper.
const DEEPEST: usize = 64;

/// The values that hold no others, in order: with their paths, and without the quotes of texts. Nothing where a text holds
/// no JSON, or JSON that does not come to its end.
pub(super) fn values(text: &str) -> Vec<(String, Range<usize>)> {
    let Some(start) = text.find(['{', '[']) else { return Vec::new() };
    let mut scanner = Scanner { text: text.as_bytes(), at: start, found: Vec::new() };
    match scanner.value("", 0) {
        Some(()) => scanner.found,
        None => Vec::new(),
    }
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    found: Vec<(String, Range<usize>)>,
}

impl Scanner<'_> {
    fn value(&mut self, path: &str, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.skip_space();
        match self.text.get(self.at)? {
            b'{' => self.list(b'}', |scanner, _| {
                let name = scanner.string()?;
                let name = String::from_utf8_lossy(&scanner.text[name]).into_owned();
                scanner.expect(b':')?;
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                scanner.value(&path, depth + 1)
            }),
            b'[' => self.list(b']', |scanner, number| scanner.value(&format!("{path}[{number}]"), depth + 1)),
            b'"' => {
                let span = self.string()?;
                self.found.push((path.to_owned(), span));
                Some(())
            }
            _ => {
                let start = self.at;
                let is_end = |byte: &u8| {
                    matches!(byte, b',' | b'}' | b']' | b'{' | b'[' | b'"') || byte.is_ascii_whitespace()
                };
                let length = self.text[start..].iter().position(is_end)?;
                self.at += length;
                self.found.push((path.to_owned(), start..self.at));
                (length > 0).then_some(())
            }
        }
    }

    /// What stands between brackets, with the number of each item.
    fn list(&mut self, end: u8, mut item: impl FnMut(&mut Self, usize) -> Option<()>) -> Option<()> {
        self.at += 1;
        self.skip_space();
        if self.text.get(self.at) == Some(&end) {
            self.at += 1;
            return Some(());
        }
        for number in 0.. {
            item(self, number)?;
            self.skip_space();
            let next = *self.text.get(self.at)?;
            self.at += 1;
            match next {
                b',' => self.skip_space(),
                _ => return (next == end).then_some(()),
            }
        }
        None
    }

    /// What stands between quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.text.get(self.at)? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(start..self.at - 1)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.text.get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    fn skip_space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::values;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = values(text);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(path, span)| (path.as_str(), &text[span.clone()])).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_leaf_has_its_path_and_place() {
        check(
            r#"Here: {"a": 1.5, "b": {"c": "x \"y\" z"}, "d": [true, {"e": null}], "f": []} done"#,
            &[("a", "1.5"), ("b.c", r#"x \"y\" z"#), ("d[0]", "true"), ("d[1].e", "null")],
        );
        check("[1, 2]", &[("[0]", "1"), ("[1]", "2")]);
    }

    #[test]
    fn what_is_no_json_has_no_values() {
        for text in ["", "hello", "{\"a\": 1", "{\"a\" 1}", "{\"a\": }", "[1, 2}", "{a: 1}", "{\"a\": \"\\"] {
            check(text, &[]);
        }
        check(&"[".repeat(10_000), &[]);
    }
}
