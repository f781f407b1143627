//! `ast.literal_eval` for lists.

use super::float_text;

/// How deep lists may nest before they count as unreadable.
const MOST_NESTED: usize = 90;

/// Reads a Python list literal and gives `str()` of each item.
///
/// Strings (with their prefixes, escapes and implicit concatenation), numbers, `True`, `False`, `None`, lists, tuples
/// and dictionaries are understood. Bytes, sets and complex numbers are not; a list with one of these is no list here.
pub(crate) fn parse_list(text: &str) -> Option<Vec<String>> {
    let mut reader = Reader { rest: text.trim_start_matches([' ', '\t']) };
    let literal = reader.value(0)?;
    reader.skip_blanks();
    match literal {
        Literal::List(items) if reader.rest.is_empty() => Some(items.iter().map(Literal::text).collect()),
        _ => None,
    }
}

enum Literal {
    /// Anything whose `str()` and `repr()` are the same.
    Plain(String),
    Text(String),
    List(Vec<Literal>),
    Tuple(Vec<Literal>),
    Dict(Vec<(Literal, Literal)>),
}

impl Literal {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            _ => self.repr(),
        }
    }

    fn repr(&self) -> String {
        let joined = |items: &[Self]| items.iter().map(Self::repr).collect::<Vec<_>>().join(", ");
        match self {
            Self::Plain(text) => text.clone(),
            Self::Text(text) => quoted(text),
            Self::List(items) => format!("[{}]", joined(items)),
            Self::Tuple(items) if items.len() == 1 => format!("({},)", joined(items)),
            Self::Tuple(items) => format!("({})", joined(items)),
            Self::Dict(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{}: {}", key.repr(), value.repr())).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c == quote => out.extend(['\\', c]),
            _ if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push(quote);
    out
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Literal> {
        if depth > MOST_NESTED {
            return None;
        }
        self.skip_blanks();
        match self.rest.chars().next()? {
            '[' => Some(Literal::List(self.items('[', ']', depth)?.0)),
            '(' => {
                let (mut items, comma) = self.items('(', ')', depth)?;
                match items.len() {
                    1 if !comma => items.pop(),
                    _ => Some(Literal::Tuple(items)),
                }
            }
            '{' => self.dictionary(depth),
            '+' | '-' | '.' | '0'..='9' => self.number(),
            _ => self.word_or_strings(),
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    fn take(&mut self, token: char) -> Option<()> {
        self.skip_blanks();
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    /// Items up to `close`, and whether there was a comma.
    fn items(&mut self, open: char, close: char, depth: usize) -> Option<(Vec<Literal>, bool)> {
        self.take(open)?;
        let (mut items, mut comma) = (Vec::new(), false);
        loop {
            if self.take(close).is_some() {
                return Some((items, comma));
            }
            if !items.is_empty() {
                self.take(',')?;
                comma = true;
                if self.take(close).is_some() {
                    return Some((items, comma));
                }
            }
            items.push(self.value(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Literal> {
        self.take('{')?;
        let mut entries = Vec::new();
        loop {
            if self.take('}').is_some() {
                return Some(Literal::Dict(entries));
            }
            if !entries.is_empty() {
                self.take(',')?;
                if self.take('}').is_some() {
                    return Some(Literal::Dict(entries));
                }
            }
            let key = self.value(depth + 1)?;
            self.take(':')?;
            entries.push((key, self.value(depth + 1)?));
        }
    }

    fn number(&mut self) -> Option<Literal> {
        let mut sign = "";
        if let Some(rest) = self.rest.strip_prefix('-') {
            (sign, self.rest) = ("-", rest);
        } else if let Some(rest) = self.rest.strip_prefix('+') {
            self.rest = rest;
        }
        self.skip_blanks();
        let exponent_sign = |index: usize, c: char| {
            "+-".contains(c)
                && index > 0
                && "eE".contains(&self.rest[index - 1..index])
                && !self.rest.starts_with("0x")
        };
        let end = self
            .rest
            .char_indices()
            .find(|&(index, c)| !(c.is_ascii_alphanumeric() || "._".contains(c) || exponent_sign(index, c)))
            .map_or(self.rest.len(), |(index, _)| index);
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        let text = integer_text(token).or_else(|| decimal_text(token))?;
        let zero = text == "0" && sign == "-";
        Some(Literal::Plain(if zero { text } else { format!("{sign}{text}") }))
    }

    fn word_or_strings(&mut self) -> Option<Literal> {
        for word in ["True", "False", "None"] {
            if let Some(rest) = self.rest.strip_prefix(word)
                && !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric())
            {
                self.rest = rest;
                return Some(Literal::Plain(word.to_owned()));
            }
        }
        let mut text = self.one_string()?;
        loop {
            self.skip_blanks();
            if !self.rest.starts_with(|c: char| "'\"rRuUbBfF".contains(c)) {
                return Some(Literal::Text(text));
            }
            text.push_str(&self.one_string()?);
        }
    }

    fn one_string(&mut self) -> Option<String> {
        let raw = self.rest.starts_with(['r', 'R']);
        self.rest = self.rest.strip_prefix(['r', 'R', 'u', 'U']).unwrap_or(self.rest);
        let quote = self.rest.chars().next().filter(|c| "'\"".contains(*c))?;
        let triple = String::from(quote).repeat(3);
        let long = self.rest.starts_with(&triple);
        let close = if long { triple } else { String::from(quote) };
        self.rest = &self.rest[close.len()..];
        let mut out = String::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix(close.as_str()) {
                self.rest = rest;
                return Some(out);
            }
            match self.next()? {
                '\n' if !long => return None,
                '\\' if raw => out.extend(['\\', self.next()?]),
                '\\' => self.escape(&mut out)?,
                c => out.push(c),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn escape(&mut self, out: &mut String) -> Option<()> {
        let c = match self.next()? {
            '\n' => return Some(()),
            c @ ('\\' | '\'' | '"') => c,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.code(2, 16)?,
            'u' => self.code(4, 16)?,
            'U' => self.code(8, 16)?,
            'N' => return None,
            digit @ '0'..='7' => {
                let more = self.rest.chars().take(2).take_while(|c| ('0'..='7').contains(c)).count();
                let first = u32::from(digit) - u32::from('0');
                let rest = if more == 0 { 0 } else { u32::from(self.code(more, 8)?) };
                char::from_u32(first * 8_u32.pow(u32::try_from(more).ok()?) + rest)?
            }
            other => {
                out.push('\\');
                other
            }
        };
        out.push(c);
        Some(())
    }

    fn code(&mut self, digits: usize, radix: u32) -> Option<char> {
        let (token, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        token.chars().all(|c| c.is_digit(radix)).then_some(())?;
        char::from_u32(u32::from_str_radix(token, radix).ok()?)
    }
}

fn integer_text(token: &str) -> Option<String> {
    let lower = token.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            let digits = digits.strip_prefix('_').unwrap_or(digits);
            return u128::from_str_radix(&digits.replace('_', ""), radix).ok().map(|value| value.to_string());
        }
    }
    let underscores = token.starts_with('_') || token.ends_with('_') || token.contains("__");
    if underscores
        || !token.contains(|c: char| c.is_ascii_digit())
        || !token.chars().all(|c| c == '_' || c.is_ascii_digit())
    {
        return None;
    }
    let digits = token.replace('_', "");
    let trimmed = digits.trim_start_matches('0');
    match (trimmed.is_empty(), trimmed.len() == digits.len()) {
        (true, _) => Some("0".to_owned()),
        (false, true) => Some(digits),
        (false, false) => None,
    }
}

fn decimal_text(token: &str) -> Option<String> {
    token.starts_with(|c: char| c == '.' || c.is_ascii_digit()).then_some(())?;
    token.contains(['.', 'e', 'E']).then_some(())?;
    super::parse_float(token).map(float_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, items: &[&str]) {
        assert_eq!(
            parse_list(text).as_deref(),
            Some(items.iter().map(|&s| s.to_owned()).collect::<Vec<_>>().as_slice()),
            "{text}"
        );
    }

    #[test]
    fn reads_lists_as_python_does() {
        check("[]", &[]);
        check("['a', \"b\", ]", &["a", "b"]);
        check("[1, -2.50, 1e16, 0x1F, 1_000, - 3, -0]", &["1", "-2.5", "1e+16", "31", "1000", "-3", "0"]);
        check("[True, None, 'a' 'b' r'\\n']", &["True", "None", "ab\\n"]);
        check("[['x', 1], (2,), (3), {'k': \"it's\"}]", &["['x', 1]", "(2,)", "3", "{'k': \"it's\"}"]);
        check(r"['\x41\101\u00e9\q']", &["AAé\\q"]);
        check("['''a\nb''', # comment\n 'c']", &["a\nb", "c"]);
    }

    #[test]
    fn refuses_what_is_no_list_literal() {
        for text in [
            "",
            "1",
            "'a'",
            "[a]",
            "['a' b]",
            "[18-29]",
            "['a]",
            "[1,,2]",
            "[,]",
            "['Red 'line'']",
            "[007]",
            "[1] [2]",
            "[b'a']",
            "['a\n']",
        ] {
            assert_eq!(parse_list(text), None, "{text}");
        }
        assert_eq!(parse_list(&"[".repeat(100_000)), None);
    }
}
