use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Appends JSON lines, each with one write, so that a killed process leaves whole lines.
#[derive(Debug)]
pub struct LineWriter {
    file: File,
    buffer: Vec<u8>,
}

impl LineWriter {
    /// Opens a file to append to. A torn last line, which only a crash leaves, is cut off first.
    pub fn append(path: &Path) -> io::Result<Self> {
        let mut file = File::options().create(true).read(true).append(true).open(path)?;
        let whole = end_of_last_whole_line(&mut file)?;
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
        }
        Ok(Self { file, buffer: Vec::new() })
    }

    /// Appends one line.
    pub fn write(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.buffer.clear();
        serde_json::to_writer(&mut self.buffer, value)?;
        self.buffer.push(b'\n');
        self.file.write_all(&self.buffer)
    }

    /// The file, for a disk that is told to keep it while lines are written.
    pub fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Makes sure that what was written survives a power cut.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn end_of_last_whole_line(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut chunk = vec![0; 1 << 16];
    while end > 0 {
        let start = end.saturating_sub(chunk.len() as u64);
        let part = &mut chunk[..(end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        io::Read::read_exact(file, part)?;
        if let Some(at) = part.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Reads JSON lines one by one.
#[derive(Debug)]
pub struct LineReader {
    reader: BufReader<File>,
    buffer: Vec<u8>,
    number: usize,
    offset: u64,
}

/// One line of a file.
#[derive(Debug)]
pub struct Line<T> {
    /// From 1.
    pub number: usize,
    /// Its first byte.
    pub offset: u64,
    /// What it holds, or what is wrong with it.
    pub value: Result<T, String>,
}

impl LineReader {
    /// Opens a file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let reader = BufReader::with_capacity(1 << 16, vision_files::open(path)?);
        Ok(Self { reader, buffer: Vec::new(), number: 0, offset: 0 })
    }

    /// Starts from `offset`, where a line must begin. Line numbers count from there.
    pub fn seek(&mut self, offset: u64) -> io::Result<()> {
        // Relative, so that a jump within the buffer costs nothing.
        self.reader.seek_relative(offset as i64 - self.offset as i64)?;
        (self.offset, self.number) = (offset, 0);
        Ok(())
    }

    /// Where the line after the one that was read begins.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.offset
    }

    /// The next line; a torn last one counts as the end.
    pub fn read<T: DeserializeOwned>(&mut self) -> io::Result<Option<Line<T>>> {
        loop {
            self.buffer.clear();
            let offset = self.offset;
            let len =
                self.reader.by_ref().take(vision_files::LINE + 1).read_until(b'\n', &mut self.buffer)?;
            if len as u64 > vision_files::LINE {
                let message = format!("a line is longer than {} MiB", vision_files::LINE >> 20);
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            self.offset += len as u64;
            if self.buffer.last() != Some(&b'\n') {
                return Ok(None);
            }
            self.number += 1;
            if self.buffer.trim_ascii().is_empty() {
                continue;
            }
            let value = serde_json::from_slice(&self.buffer).map_err(|error| error.to_string());
            return Ok(Some(Line { number: self.number, offset, value }));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LineReader, LineWriter};

    fn read(path: &std::path::Path) -> Vec<(usize, Option<u32>)> {
        let mut reader = LineReader::open(path).unwrap();
        let mut lines = Vec::new();
        while let Some(line) = reader.read::<u32>().unwrap() {
            lines.push((line.number, line.value.ok()));
        }
        lines
    }

    #[test]
    fn a_torn_last_line_is_no_line_and_is_cut_off_on_append() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "1\n22\n33").unwrap();
        assert_eq!(read(&path), [(1, Some(1)), (2, Some(22))]);
        LineWriter::append(&path).unwrap().write(&4).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "1\n22\n4\n");
    }

    #[test]
    fn a_file_of_one_torn_line_starts_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "3".repeat(200_000)).unwrap();
        LineWriter::append(&path).unwrap().write(&4).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "4\n");
    }

    #[test]
    fn garbage_in_the_middle_is_one_bad_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, b"1\n\xff\xfe{\n\n3\n").unwrap();
        assert_eq!(read(&path), [(1, Some(1)), (2, None), (4, Some(3))]);
    }

    #[test]
    fn seeks_back_and_forth() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "1\n22\n333\n").unwrap();
        let mut reader = LineReader::open(&path).unwrap();
        for (offset, value) in [(5, 333), (0, 1), (2, 22), (5, 333)] {
            reader.seek(offset).unwrap();
            assert_eq!(reader.read::<u32>().unwrap().unwrap().value, Ok(value));
        }
    }
}
