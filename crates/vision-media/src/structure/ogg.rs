use super::{Structure, array, le16, le32};

/// Pages. The position of the last one is the length in samples.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let clock = Clock::read(bytes);
    let (mut at, mut last) = (0, None);
    while at < bytes.len() {
        if bytes.get(at..at + 4)? != b"OggS" {
            break;
        }
        let segments = usize::from(*bytes.get(at + 26)?);
        let table = bytes.get(at + 27..at + 27 + segments)?;
        let end = at + 27 + segments + table.iter().map(|length| usize::from(*length)).sum::<usize>();
        if end > bytes.len() {
            return None;
        }
        // "No packet ends here" has a position of its own.
        let position = u64::from_le_bytes(array(bytes, at + 6)?);
        last = if position == u64::MAX { last } else { Some(position) };
        at = end;
    }
    Some(Structure::lasting(clock.zip(last).map(|(clock, last)| clock.seconds(last))))
}

/// How positions are counted.
struct Clock {
    hertz: u32,
    skipped: u16,
}

impl Clock {
    /// The first packet follows the first page's header and its table of one segment.
    fn read(bytes: &[u8]) -> Option<Self> {
        const PACKET: usize = 28;
        let packet = bytes.get(PACKET..)?;
        if packet.starts_with(b"OpusHead") {
            // Opus counts in 48 kHz, whatever it was recorded in.
            return Some(Self { hertz: 48_000, skipped: le16(packet, 10)? });
        }
        let vorbis = packet.starts_with(b"\x01vorbis").then(|| le32(packet, 12))?;
        vorbis.filter(|hertz| *hertz > 0).map(|hertz| Self { hertz, skipped: 0 })
    }

    fn seconds(&self, position: u64) -> f64 {
        position.saturating_sub(u64::from(self.skipped)) as f64 / f64::from(self.hertz)
    }
}
