//! A JSON parser that forgives and remembers.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use super::Repair;

/// As deep as serde_json reads.
const MOST_NESTED: usize = 127;

/// How far a quote looks ahead to see whether it ends the text.
const LOOK_AHEAD: usize = 64;

pub(super) struct Parsed {
    pub(super) value: Value,
    pub(super) repairs: BTreeSet<Repair>,
    /// Bytes read.
    pub(super) length: usize,
}

/// Reads the object or list at the start of a text; nothing if it does not look like JSON.
pub(super) fn container(text: &str) -> Option<Parsed> {
    parse(text, |parser| match parser.peek()? {
        '{' => parser.object(0).map(Value::Object),
        '[' => parser.list(0).map(Value::Array),
        _ => None,
    })
}

/// Reads the fields of an object that has no braces.
pub(super) fn fields(text: &str) -> Option<Parsed> {
    parse(text, |parser| parser.entries(0).map(Value::Object)).map(|mut parsed| {
        // Nothing was opened, so nothing is missing at the end.
        parsed.repairs.remove(&Repair::Cut);
        parsed
    })
}

fn parse(text: &str, read: impl FnOnce(&mut Parser<'_>) -> Option<Value>) -> Option<Parsed> {
    let mut parser = Parser { text, at: 0, repairs: BTreeSet::new() };
    let value = read(&mut parser)?;
    let nothing = match &value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    // An empty container that was repaired is a brace in prose, and so is a list of bare words.
    let repaired = !parser.repairs.is_empty() && !parser.repairs.contains(&Repair::Cut);
    let prose = (nothing && repaired) || (value.is_array() && parser.repairs.contains(&Repair::BareText));
    (!prose).then_some(Parsed { value, repairs: parser.repairs, length: parser.at })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    repairs: BTreeSet<Repair>,
}

/// What reading a value gave.
enum Read {
    Value(Value),
    /// The text ends inside the value.
    Cut,
}

enum Key {
    Found(String),
    None,
    /// The text ends before the value.
    Cut,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, token: char) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len_utf8();
        }
        found
    }

    fn repaired(&mut self, repair: Repair) {
        self.repairs.insert(repair);
    }

    /// Skips blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            self.at += rest.len() - trimmed.len();
            let end = if trimmed.starts_with("//") || trimmed.starts_with('#') {
                trimmed.find('\n')
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map(|at| at + 2)
            } else {
                return;
            };
            self.repaired(Repair::Comment);
            self.at += end.unwrap_or(trimmed.len());
        }
    }

    fn object(&mut self, depth: usize) -> Option<Map<String, Value>> {
        self.take('{');
        self.entries(depth)
    }

    fn entries(&mut self, depth: usize) -> Option<Map<String, Value>> {
        let mut fields = Map::new();
        let mut comma = true;
        loop {
            self.skip();
            match self.peek() {
                None => {
                    self.repaired(Repair::Cut);
                    return Some(fields);
                }
                Some('}') => {
                    self.take('}');
                    if comma && !fields.is_empty() {
                        self.repaired(Repair::ExtraComma);
                    }
                    return Some(fields);
                }
                Some(']') => {
                    // The bracket belongs to a list outside; without one there is nothing it could close.
                    self.repaired(Repair::Brackets);
                    if depth == 0 {
                        self.take(']');
                    }
                    return Some(fields);
                }
                Some(',' | ';') => {
                    self.at += 1;
                    if comma {
                        self.repaired(Repair::ExtraComma);
                    }
                    comma = true;
                    continue;
                }
                Some(_) => {}
            }
            if !comma {
                self.repaired(Repair::MissingComma);
            }
            let key = match self.key(fields.is_empty()) {
                Key::Found(key) => key,
                Key::Cut => {
                    self.repaired(Repair::Cut);
                    return Some(fields);
                }
                // What starts like this is prose; what goes on like this has a stray word.
                Key::None if fields.is_empty() => return None,
                Key::None => {
                    self.skip_stray();
                    continue;
                }
            };
            match self.value(depth, true)? {
                Read::Value(value) => {
                    fields.insert(key, value);
                }
                Read::Cut => {
                    self.repaired(Repair::Cut);
                    return Some(fields);
                }
            }
            comma = false;
        }
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Value>> {
        self.take('[');
        let mut items = Vec::new();
        let mut comma = true;
        loop {
            self.skip();
            match self.peek() {
                None => {
                    self.repaired(Repair::Cut);
                    return Some(items);
                }
                Some(']') => {
                    self.take(']');
                    if comma && !items.is_empty() {
                        self.repaired(Repair::ExtraComma);
                    }
                    return Some(items);
                }
                Some('}') => {
                    self.repaired(Repair::Brackets);
                    if depth == 0 {
                        self.take('}');
                    }
                    return Some(items);
                }
                Some(',' | ';') => {
                    self.at += 1;
                    if comma {
                        self.repaired(Repair::ExtraComma);
                    }
                    comma = true;
                    continue;
                }
                Some(_) => {}
            }
            if !comma {
                self.repaired(Repair::MissingComma);
            }
            let before = self.at;
            match self.value(depth, false)? {
                Read::Value(value) => items.push(value),
                Read::Cut => {
                    self.repaired(Repair::Cut);
                    return Some(items);
                }
            }
            if self.at == before {
                return None;
            }
            comma = false;
        }
    }

    /// A key and the colon after it. The first key of an object must look like one, or this is prose.
    fn key(&mut self, first: bool) -> Key {
        let key = match self.peek().and_then(closing_quote) {
            Some(close) => match self.quoted(close, Place::Key) {
                Some(key) => key,
                None => return Key::Cut,
            },
            None => {
                let rest = self.rest();
                let end = rest.find([':', '=', '\n', ',', '{', '}', '[', ']', '"']).unwrap_or(rest.len());
                let word = rest[..end].trim_end();
                let looks =
                    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-.$ ".contains(c));
                if !looks || (first && word.contains(' ')) {
                    return Key::None;
                }
                self.at += end;
                self.repaired(Repair::BareKey);
                word.to_owned()
            }
        };
        self.skip();
        if self.peek().is_none() {
            return Key::Cut;
        }
        if !self.take(':') && !self.take('=') {
            return Key::None;
        }
        self.take('>');
        Key::Found(key)
    }

    /// Skips what is neither a field nor the end of the object.
    fn skip_stray(&mut self) {
        self.repaired(Repair::Stray);
        let rest = self.rest();
        let end = rest.find([',', '}', ']', '\n', '"']).unwrap_or(rest.len());
        // A stray quote would be found again.
        self.at += if rest[end..].starts_with('"') { end + 1 } else { end };
    }

    fn value(&mut self, depth: usize, in_object: bool) -> Option<Read> {
        self.skip();
        let Some(c) = self.peek() else { return Some(Read::Cut) };
        if let Some(close) = closing_quote(c) {
            return Some(
                self.quoted(close, Place::Value).map_or(Read::Cut, |text| Read::Value(Value::String(text))),
            );
        }
        if depth >= MOST_NESTED && "{[".contains(c) {
            return None;
        }
        match c {
            '{' => {
                let fields = self.object(depth + 1)?;
                let cut_empty = fields.is_empty() && self.repairs.contains(&Repair::Cut);
                Some(if cut_empty { Read::Cut } else { Read::Value(Value::Object(fields)) })
            }
            '[' => Some(Read::Value(Value::Array(self.list(depth + 1)?))),
            '}' | ']' | ',' if in_object => {
                self.repaired(Repair::MissingValue);
                Some(Read::Value(Value::Null))
            }
            _ => self.bare(in_object),
        }
    }

    /// A number, a literal or a text without quotes.
    fn bare(&mut self, in_object: bool) -> Option<Read> {
        let rest = self.rest();
        let end = bare_end(rest, in_object);
        let word = rest[..end].trim_end();
        if word.is_empty() {
            return None;
        }
        self.at += end;
        if end == rest.len() {
            return Some(Read::Cut);
        }
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "True" | "TRUE" => self.foreign(Value::Bool(true)),
            "False" | "FALSE" => self.foreign(Value::Bool(false)),
            "None" | "NULL" | "Null" | "nil" | "undefined" => self.foreign(Value::Null),
            _ => match word.trim_start_matches(['+', '-']) {
                "NaN" | "nan" | "Infinity" | "inf" | "Inf" => {
                    self.repaired(Repair::NotANumber);
                    Value::Null
                }
                _ => self.number_or_text(word),
            },
        };
        Some(Read::Value(value))
    }

    fn foreign(&mut self, value: Value) -> Value {
        self.repaired(Repair::ForeignLiteral);
        value
    }

    fn number_or_text(&mut self, word: &str) -> Value {
        if let Ok(number) = serde_json::from_str::<Number>(word) {
            return Value::Number(number);
        }
        let numeric = word.chars().all(|c| c.is_ascii_digit() || "+-.,_eE".contains(c))
            && word.contains(|c: char| c.is_ascii_digit());
        let plain = if grouped(word) { word.replace([',', '_'], "") } else { word.to_owned() };
        if let Some(number) = plain.parse().ok().filter(|_| numeric).and_then(Number::from_f64) {
            self.repaired(Repair::NumberSpelling);
            return Value::Number(number);
        }
        if numeric && plain.parse::<f64>().is_ok() {
            self.repaired(Repair::NotANumber);
            return Value::Null;
        }
        self.repaired(Repair::BareText);
        Value::String(word.to_owned())
    }

    /// A text in quotes; nothing if it does not end.
    fn quoted(&mut self, close: char, place: Place) -> Option<String> {
        if close != '"' || !self.rest().starts_with('"') {
            self.repaired(Repair::Quotes);
        }
        self.at += self.peek().map_or(0, char::len_utf8);
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(|c: char| c == close || c == '\\' || c.is_control()).unwrap_or(rest.len());
            out.push_str(&rest[..plain]);
            self.at += plain;
            let c = self.peek()?;
            if c == '\\' {
                self.escape(&mut out)?;
                continue;
            }
            self.at += c.len_utf8();
            if c == close {
                if place.ends(self.rest()) {
                    return Some(out);
                }
                self.repaired(Repair::InnerQuote);
            } else if c.is_ascii_control() && c != '\u{7f}' {
                self.repaired(Repair::ControlCharacter);
            }
            out.push(c);
        }
    }

    fn escape(&mut self, out: &mut String) -> Option<()> {
        let c = self.rest()[1..].chars().next()?;
        self.at += 1 + c.len_utf8();
        let plain = match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' if self.rest().len() < 4 => return None,
            'u' => self.unicode().unwrap_or_else(|| {
                self.repairs.insert(Repair::Escape);
                '\u{fffd}'
            }),
            '\'' | '\n' => {
                self.repaired(Repair::Escape);
                c
            }
            other => {
                self.repaired(Repair::Escape);
                out.push('\\');
                other
            }
        };
        out.push(plain);
        Some(())
    }

    /// The four digits after `\u`, and a second half if they are the first of a pair.
    fn unicode(&mut self) -> Option<char> {
        let unit = |rest: &str| {
            let digits =
                rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            u32::from_str_radix(digits, 16).ok()
        };
        let first = unit(self.rest())?;
        self.at += 4;
        if let Some(c) = char::from_u32(first) {
            return Some(c);
        }
        let second = self.rest().strip_prefix("\\u").and_then(unit);
        let second = second.filter(|second| (0xdc00..0xe000).contains(second) && first < 0xdc00)?;
        self.at += 6;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }
}

#[derive(Clone, Copy)]
enum Place {
    Key,
    Value,
}

impl Place {
    /// Whether a quote with this after it ends the text.
    fn ends(self, rest: &str) -> bool {
        let mut ahead = rest.chars().take(LOOK_AHEAD).skip_while(|c| c.is_whitespace());
        match (self, ahead.next()) {
            (_, None) => true,
            (Self::Key, Some(c)) => ":=".contains(c),
            (Self::Value, Some(c)) => {
                ",}];\"'“#".contains(c) || (c == '/' && matches!(ahead.next(), Some('/' | '*')))
            }
        }
    }
}

fn closing_quote(open: char) -> Option<char> {
    Some(match open {
        '"' | '\'' | '`' => open,
        '“' | '„' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    })
}

/// Whether every comma in a number separates thousands.
fn grouped(word: &str) -> bool {
    let whole = word.split(['.', 'e', 'E']).next().unwrap_or_default();
    word.rfind(',').is_none_or(|last| last < whole.len())
        && whole.split(',').skip(1).all(|group| group.len() == 3)
}

/// Where a value without quotes ends. In an object, a comma between two digits belongs to a number.
fn bare_end(rest: &str, in_object: bool) -> usize {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut from = 0;
    while let Some(end) = rest[from..].find([',', '}', ']', '\n', '{', '[', '"']).map(|at| from + at) {
        let inside = in_object && bytes[end] == b',' && end > 0 && digit(end - 1) && digit(end + 1);
        if !inside {
            return end;
        }
        from = end + 1;
    }
    rest.len()
}
