//! Numbers, words and texts.

use serde_json::{Number, Value};

use super::{LONGEST_KEY, Parser, Read};
use crate::answer::Repair;

/// How far a quote looks ahead to see whether it ends the text.
const LOOK_AHEAD: usize = 64;

impl Parser<'_> {
    /// A number, a literal or a text without quotes.
    pub(super) fn bare(&mut self, in_object: bool) -> Option<Read> {
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

    /// A text in quotes; nothing if it does not end, or is too long for a key.
    pub(super) fn quoted(&mut self, close: char, place: Place) -> Option<String> {
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
                if matches!(place, Place::Key) && out.len() > LONGEST_KEY {
                    return None;
                }
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
pub(super) enum Place {
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

pub(super) fn closing_quote(open: char) -> Option<char> {
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
