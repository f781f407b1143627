use super::{Structure, be16, be32, le16, le32, size};

const STRIP_OFFSETS: u16 = 273;
const STRIP_LENGTHS: u16 = 279;
const TILE_OFFSETS: u16 = 324;
const TILE_LENGTHS: u16 = 325;

/// All strips or tiles of the first image have to be there, and the directories that follow it are counted.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let tiff = Tiff { bytes, little: bytes.first()? == &b'I' };
    // The 64-bit variant is so rare that only its header is looked at.
    if tiff.short(2)? != 42 {
        return Some(Structure::still(1));
    }
    let first = size(tiff.long(4)?);
    let pairs = [(STRIP_OFFSETS, STRIP_LENGTHS), (TILE_OFFSETS, TILE_LENGTHS)];
    for (offsets, lengths) in pairs {
        let (Some(offsets), Some(lengths)) = (tiff.entry(first, offsets)?, tiff.entry(first, lengths)?)
        else {
            continue;
        };
        for index in 0..offsets.count.min(lengths.count) {
            let end = size(tiff.value(offsets, index)?).checked_add(size(tiff.value(lengths, index)?))?;
            if end > bytes.len() {
                return None;
            }
        }
    }
    Some(Structure::still(tiff.directories(first)))
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

/// Where the values of an entry stand.
#[derive(Clone, Copy)]
struct Values {
    at: usize,
    count: u32,
    short: bool,
}

impl Tiff<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        if self.little { le16(self.bytes, at) } else { be16(self.bytes, at) }
    }

    fn long(&self, at: usize) -> Option<u32> {
        if self.little { le32(self.bytes, at) } else { be32(self.bytes, at) }
    }

    /// The entry of this tag: nothing if the file is cut there, `Some(None)` if there is no such entry.
    fn entry(&self, directory: usize, tag: u16) -> Option<Option<Values>> {
        let entries = usize::from(self.short(directory)?);
        for entry in 0..entries {
            let at = directory.checked_add(2 + 12 * entry)?;
            if self.short(at)? != tag {
                continue;
            }
            let (short, count) = (self.short(at + 2)? == 3, self.long(at + 4)?);
            let width = if short { 2 } else { 4 };
            let inside = size(count).checked_mul(width)? <= 4;
            let at = if inside { at + 8 } else { size(self.long(at + 8)?) };
            return Some(Some(Values { at, count, short }));
        }
        Some(None)
    }

    fn value(&self, values: Values, index: u32) -> Option<u32> {
        let index = size(index);
        if values.short {
            self.short(values.at.checked_add(index * 2)?).map(u32::from)
        } else {
            self.long(values.at.checked_add(index.checked_mul(4)?)?)
        }
    }

    fn directories(&self, first: usize) -> u32 {
        // Directories can form a ring.
        const MOST: u32 = 1000;
        let mut directory = first;
        let next = |directory: usize| {
            let entries = usize::from(self.short(directory)?);
            self.long(directory.checked_add(2 + 12 * entries)?).map(size).filter(|next| *next > 0)
        };
        let mut count = 1;
        while let Some(following) = next(directory).filter(|_| count < MOST) {
            (directory, count) = (following, count + 1);
        }
        count
    }
}
