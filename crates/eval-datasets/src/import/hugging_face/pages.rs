//! What a file's pages unpack to, found out before a reader of parquet believes what the file says of them.
//!
//! That reader makes room for as many bytes as a page's head promises, and unpacks to the end whatever comes.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use flate2::read::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::{MOST_COLUMN_BYTES, caught, too_much};

/// The bytes of a page are in memory at once.
const MOST_PAGE_BYTES: i64 = 1 << 30;

/// Values that share their beginnings: a page of these unpacks to the square of its size.
const DELTA_BYTE_ARRAY: i64 = 7;

/// Refuses a file of which a page is not what its head says, or is too much.
pub(super) fn guard(file: &File, metadata: &ParquetMetaData) -> Result<(), String> {
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        check(file, column).map_err(|problem| format!("the column `{}` {problem}", column.column_path()))?;
    }
    Ok(())
}

fn check(file: &File, column: &ColumnChunkMetaData) -> Result<(), String> {
    let broken = |error: io::Error| format!("has a page that cannot be read: {error}");
    let (mut at, length) = caught(|| Ok(column.byte_range()))?;
    let end = at.saturating_add(length);
    let mut total = 0_i64;
    while at < end {
        let mut file = file;
        file.seek(SeekFrom::Start(at)).map_err(broken)?;
        let mut input = Counted { inner: io::BufReader::new(file.take(end - at)), count: 0 };
        let head = Head::read(&mut input).map_err(broken)?;
        total = total.saturating_add(head.plain);
        if total > MOST_COLUMN_BYTES {
            return Err(format!("unpacks to {total} bytes or more"));
        }
        at = at.saturating_add(input.count).saturating_add(head.packed.unsigned_abs());
        let page = input.inner.take(head.packed.unsigned_abs());
        head.check(column.compression(), page)?;
    }
    Ok(())
}

/// A stream that breaks before is found out later, too.
fn is_more_than(bytes: u64, stream: impl Read) -> bool {
    io::copy(&mut stream.take(bytes + 1), &mut io::sink()).is_ok_and(|count| count > bytes)
}

/// The sizes in the head of a page.
#[derive(Debug, Default)]
struct Head {
    plain: i64,
    packed: i64,
    encoding: i64,
    /// Bytes before the data that are not packed, in pages of the second version.
    levels: i64,
}

impl Head {
    fn read(input: &mut impl Read) -> io::Result<Self> {
        let mut head = Self::default();
        each_field(input, 0, &mut |path, value| match path {
            [2] => head.plain = value,
            [3] => head.packed = value,
            // Of a page of data, and of one of the second version.
            [5, 2] | [8, 4] => head.encoding = value,
            [8, 5 | 6] => head.levels = head.levels.saturating_add(value),
            _ => {}
        })?;
        match head.plain >= 0 && head.packed >= 0 {
            true => Ok(head),
            false => Err(invalid("its size is negative")),
        }
    }

    /// Refuses a page that is too much, or more than its head says.
    fn check(&self, compression: Compression, mut page: impl Read) -> Result<(), String> {
        let Self { plain, packed, .. } = *self;
        if plain > MOST_PAGE_BYTES || too_much(packed, plain) {
            return Err(format!("has a page that unpacks from {packed} to {plain} bytes"));
        }
        if self.encoding == DELTA_BYTE_ARRAY {
            return Err("is encoded as DELTA_BYTE_ARRAY, which is not read here".to_owned());
        }
        let levels = self.levels.clamp(0, packed).unsigned_abs();
        // A page that ends too early is found out by whoever reads it in earnest.
        let _ = skip(&mut page, levels);
        let rest = plain.unsigned_abs().saturating_sub(levels);
        let more = match compression {
            Compression::GZIP(_) => is_more_than(rest, MultiGzDecoder::new(page)),
            Compression::LZ4 => is_more_than(rest, FrameDecoder::new(page)),
            // Those fill the room that was made for them, and no more.
            _ => false,
        };
        match more {
            true => {
                Err(format!("has a page that unpacks to more than the {plain} bytes that its head promises"))
            }
            false => Ok(()),
        }
    }
}

/// Structures in structures: a head needs three.
const DEEPEST: usize = 8;

/// Tells every whole number of a structure in Thrift's compact protocol, by the numbers of the fields that lead to it.
fn each_field(input: &mut impl Read, depth: usize, tell: &mut dyn FnMut(&[i64], i64)) -> io::Result<()> {
    let mut last = 0_i64;
    loop {
        let (delta, kind) = nibbles(byte(input)?);
        if kind == 0 {
            return Ok(());
        }
        last = if delta > 0 { last.saturating_add(delta) } else { zigzag(input)? };
        value(input, kind, depth, &mut |path, value| tell(&[&[last], path].concat(), value))?;
    }
}

fn value(
    input: &mut impl Read,
    kind: i64,
    depth: usize,
    tell: &mut dyn FnMut(&[i64], i64),
) -> io::Result<()> {
    match kind {
        // True and false are kinds of their own.
        1 | 2 => {}
        3 => drop(byte(input)?),
        4..=6 => tell(&[], zigzag(input)?),
        7 => skip(input, 8)?,
        8 => {
            let length = varint(input)?;
            skip(input, length)?;
        }
        12 if depth < DEEPEST => each_field(input, depth + 1, tell)?,
        _ => return Err(invalid("its head is none")),
    }
    Ok(())
}

fn nibbles(byte: u8) -> (i64, i64) {
    (i64::from(byte >> 4), i64::from(byte & 15))
}

fn byte(input: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    Ok(byte[0])
}

fn varint(input: &mut impl Read) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let next = byte(input)?;
        number |= u64::from(next & 127) << shift;
        if next < 128 {
            return Ok(number);
        }
    }
    Err(invalid("a number in its head is too long"))
}

fn zigzag(input: &mut impl Read) -> io::Result<i64> {
    let number = varint(input)?;
    Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

fn skip(input: &mut impl Read, bytes: u64) -> io::Result<()> {
    match io::copy(&mut input.take(bytes), &mut io::sink())? == bytes {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn invalid(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// Knows how far it has read.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
