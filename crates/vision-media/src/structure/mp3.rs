use super::{Structure, array, be32, size};

/// Frames, one after another. An index in the first one says how many there should be.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let mut at = first_frame(bytes)?;
    let promised = index(bytes, at);
    let (mut frames, mut seconds) = (0u32, 0.0);
    while let Some(frame) = Frame::read(bytes, at) {
        if at + frame.length > bytes.len() {
            break;
        }
        (frames, seconds) = (frames + 1, seconds + frame.seconds);
        at += frame.length;
    }
    match promised {
        // The index is a frame of its own, without sound.
        Some(promised) if frames < promised.count.min(u32::MAX - 1) => None,
        Some(promised) => Some(Structure::lasting(Some(promised.seconds))),
        None => Some(Structure::lasting((frames > 0).then_some(seconds))),
    }
}

/// What follows the tag that most files begin with; frames may be preceded by some rubbish.
fn first_frame(bytes: &[u8]) -> Option<usize> {
    const RUBBISH: usize = 8192;
    let start = match array(bytes, 0)? {
        [b'I', b'D', b'3'] => {
            let length: [u8; 4] = array(bytes, 6)?;
            10 + length.iter().fold(0, |length, byte| length << 7 | usize::from(byte & 0x7F))
        }
        _ => 0,
    };
    if start >= bytes.len() {
        return None;
    }
    let sound = |at: &usize| {
        Frame::read(bytes, *at).is_some_and(|frame| {
            let next = at + frame.length;
            next >= bytes.len() || Frame::read(bytes, next).is_some()
        })
    };
    (start..bytes.len().min(start + RUBBISH)).find(sound).or(Some(bytes.len()))
}

struct Promised {
    count: u32,
    seconds: f64,
}

/// The index that encoders put into the first frame.
fn index(bytes: &[u8], at: usize) -> Option<Promised> {
    let frame = Frame::read(bytes, at)?;
    let start = at + 4 + frame.side_info;
    let name: [u8; 4] = array(bytes, start)?;
    let counted = be32(bytes, start + 4)? & 1 != 0;
    let count = match &name {
        b"Xing" | b"Info" if counted => be32(bytes, start + 8)?,
        _ => return None,
    };
    (count > 0).then(|| Promised { count, seconds: f64::from(count) * frame.seconds })
}

struct Frame {
    length: usize,
    seconds: f64,
    side_info: usize,
}

impl Frame {
    /// The frame whose header stands at `at`, if one does.
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let header = be32(bytes, at)?;
        if header >> 21 != 0x7FF {
            return None;
        }
        let (version, layer) = (header >> 19 & 3, header >> 17 & 3);
        // Layer III alone is MP3; version 1 is reserved.
        if layer != 1 || version == 1 {
            return None;
        }
        let newest = version == 3;
        let kilobits = *if newest { &RATES_1 } else { &RATES_2 }.get(size(header >> 12 & 0xF))?;
        let hertz = *[44_100u32, 48_000, 32_000].get(size(header >> 10 & 3))?;
        let hertz = match version {
            3 => hertz,
            2 => hertz / 2,
            _ => hertz / 4,
        };
        let mono = header >> 6 & 3 == 3;
        let samples: u32 = if newest { 1152 } else { 576 };
        let padding = header >> 9 & 1;
        let length = size(samples / 8 * kilobits * 1000 / hertz + padding);
        let side_info = match (newest, mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        (kilobits > 0 && length > 4).then(|| Self {
            length,
            seconds: f64::from(samples) / f64::from(hertz),
            side_info,
        })
    }
}

/// Kilobits a second, by the number in the header. Zero is "free" and not supported by anybody.
const RATES_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
