//! A JSON parser that forgives and remembers.

mod scalar;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Repair;
use scalar::{Place, closing_quote};

/// As deep as serde_json reads.
const MOST_NESTED: usize = 127;

/// A longer key is prose after a bracket.
const LONGEST_KEY: usize = 200;

pub(super) struct Parsed {
    pub(super) value: Value,
    pub(super) repairs: BTreeSet<Repair>,
    /// Bytes read.
    pub(super) length: usize,
}

/// Reads the object or list at the start of a text; nothing if it does not look like JSON.
///
/// # Errors
/// How far the attempt went, so that the caller can bound what failed attempts cost.
pub(super) fn container(text: &str) -> Result<Parsed, Failed> {
    parse(text, |parser| match parser.peek()? {
        '{' => parser.object(0).map(Value::Object),
        '[' => parser.list(0).map(Value::Array),
        _ => None,
    })
}

/// An attempt that found no JSON.
#[derive(Debug)]
pub(super) struct Failed {
    /// Bytes it looked at.
    pub(super) reached: usize,
    /// It is JSON nested too deeply, and so is everything up to there.
    pub(super) too_deep: bool,
}

/// Reads the fields of an object that has no braces.
pub(super) fn fields(text: &str) -> Option<Parsed> {
    let mut parsed = parse(text, |parser| parser.entries(0).map(Value::Object)).ok()?;
    // Nothing was opened, so nothing is missing at the end.
    parsed.repairs.remove(&Repair::Cut);
    Some(parsed)
}

fn parse(text: &str, read: impl FnOnce(&mut Parser<'_>) -> Option<Value>) -> Result<Parsed, Failed> {
    let mut parser =
        Parser { text, at: 0, repairs: BTreeSet::new(), after_blank_line: false, too_deep: false };
    let value = read(&mut parser);
    let failed = Failed { reached: parser.at.max(1), too_deep: parser.too_deep };
    let Some(value) = value else { return Err(failed) };
    let nothing = match &value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    // An empty container that was repaired is a brace in prose, and so is a list of bare words.
    let repaired = !parser.repairs.is_empty() && !parser.repairs.contains(&Repair::Cut);
    let prose = (nothing && repaired) || (value.is_array() && parser.repairs.contains(&Repair::BareText));
    if prose { Err(failed) } else { Ok(Parsed { value, repairs: parser.repairs, length: parser.at }) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    repairs: BTreeSet<Repair>,
    /// A blank line was skipped last.
    after_blank_line: bool,
    too_deep: bool,
}

/// What reading a value gave.
enum Read {
    Value(Value),
    /// The text ends inside the value.
    Cut,
}

/// What stands next in an object or a list.
enum Next {
    Member,
    Comma,
    End,
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
        self.after_blank_line = false;
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            let blanks = &rest[..rest.len() - trimmed.len()];
            self.after_blank_line |= blanks.bytes().filter(|byte| *byte == b'\n').count() > 1;
            self.at += blanks.len();
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
            match self.next(('}', ']'), fields.is_empty(), &mut comma, depth) {
                Next::Member => {}
                Next::Comma => continue,
                Next::End => return Some(fields),
            }
            let key = match self.key(fields.is_empty()) {
                Key::Found(key) => key,
                Key::Cut => {
                    self.repaired(Repair::Cut);
                    return Some(fields);
                }
                // What starts like this is prose; what goes on like this has a stray word.
                Key::None if fields.is_empty() => return None,
                // The model broke off and began anew.
                Key::None if self.after_blank_line || (depth == 0 && self.rest().starts_with('{')) => {
                    self.repaired(Repair::Cut);
                    return Some(fields);
                }
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

    /// What comes next in an object or a list that `close` ends; `wrong` would end the other of the two.
    fn next(&mut self, (close, wrong): (char, char), empty: bool, comma: &mut bool, depth: usize) -> Next {
        self.skip();
        match self.peek() {
            Some('`') if self.rest().starts_with("```") => {
                self.repaired(Repair::Cut);
                return Next::End;
            }
            None => {
                self.repaired(Repair::Cut);
                return Next::End;
            }
            Some(found) if found == close => {
                self.take(close);
                if *comma && !empty {
                    self.repaired(Repair::ExtraComma);
                }
                return Next::End;
            }
            Some(found) if found == wrong => {
                // The bracket belongs to whatever is outside; without that there is nothing it could close.
                self.repaired(Repair::Brackets);
                if depth == 0 {
                    self.take(wrong);
                }
                return Next::End;
            }
            Some(',' | ';') => {
                self.at += 1;
                if *comma {
                    self.repaired(Repair::ExtraComma);
                }
                *comma = true;
                return Next::Comma;
            }
            Some(_) => {}
        }
        if !*comma {
            self.repaired(Repair::MissingComma);
        }
        Next::Member
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Value>> {
        self.take('[');
        let mut items = Vec::new();
        let mut comma = true;
        loop {
            match self.next((']', '}'), items.is_empty(), &mut comma, depth) {
                Next::Member => {}
                Next::Comma => continue,
                Next::End => return Some(items),
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
                None if self.peek().is_some() => return Key::None,
                None => return Key::Cut,
            },
            None => {
                let rest = self.rest();
                let end = rest.find([':', '=', '\n', ',', '{', '}', '[', ']', '"']).unwrap_or(rest.len());
                if end > LONGEST_KEY {
                    return Key::None;
                }
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
        let literal = || {
            ["true", "false", "null", "None", "True", "False"]
                .iter()
                .any(|word| self.rest().starts_with(word))
        };
        if self.rest().starts_with("```") || (self.after_blank_line && c.is_alphabetic() && !literal()) {
            return Some(Read::Cut);
        }
        if let Some(close) = closing_quote(c) {
            return Some(
                self.quoted(close, Place::Value).map_or(Read::Cut, |text| Read::Value(Value::String(text))),
            );
        }
        if depth >= MOST_NESTED && "{[".contains(c) {
            self.too_deep = true;
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
}
