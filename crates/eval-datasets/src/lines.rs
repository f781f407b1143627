use std::io::{self, BufRead, Read as _};

/// A longer line is not a case but a mistake, or an attack.
pub(crate) const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// Reads line by line with one buffer; a line that is too long is skipped without being held.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: usize,
    offset: u64,
}

/// One line of a file.
#[derive(Debug)]
pub(crate) struct RawLine<'a> {
    /// From 1.
    pub number: usize,
    /// The place of its first byte.
    pub offset: u64,
    /// The line with its end, or why it cannot be had.
    pub bytes: Result<&'a [u8], String>,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, offset: 0 }
    }

    /// The next line, or nothing at the end.
    pub fn next(&mut self) -> io::Result<Option<RawLine<'_>>> {
        self.buffer.clear();
        let offset = self.offset;
        let mut start = self.reader.by_ref().take(LONGEST_LINE as u64 + 1);
        let len = start.read_until(b'\n', &mut self.buffer)?;
        if len == 0 {
            return Ok(None);
        }
        self.offset += len as u64;
        self.number += 1;
        let bytes = if len > LONGEST_LINE {
            if self.buffer.last() != Some(&b'\n') {
                self.offset += self.reader.skip_until(b'\n')? as u64;
            }
            Err(format!("the line is longer than {} MiB", LONGEST_LINE >> 20))
        } else {
            Ok(self.buffer.as_slice())
        };
        Ok(Some(RawLine { number: self.number, offset, bytes }))
    }
}

/// serde_json's place is relative to the line, so only its column is of use.
pub(crate) fn json_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let words = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    let place = format!("{words} (column {})", error.column());
    // What is too deep is JSON all the same.
    if error.is_data() || words.starts_with("recursion limit") {
        place
    } else {
        format!("is not JSON: {place}")
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read as _};

    use super::{LONGEST_LINE, Lines};

    #[test]
    fn a_huge_line_is_named_and_skipped_without_being_held() {
        let huge = std::io::repeat(b'x').take(3 * LONGEST_LINE as u64);
        let mut lines = Lines::new(BufReader::new(huge.chain(&b"\nnext"[..])));
        let first = lines.next().unwrap().unwrap();
        assert!(first.bytes.unwrap_err().contains("longer than 16 MiB"));
        let second = lines.next().unwrap().unwrap();
        assert_eq!((second.number, second.bytes.unwrap()), (2, &b"next"[..]));
        assert_eq!(second.offset, 3 * LONGEST_LINE as u64 + 1);
        assert!(lines.next().unwrap().is_none());
        assert!(lines.buffer.capacity() <= 4 * LONGEST_LINE);
    }
}
