//! Small valid media for tests.

use vision_core::{Facts, Media};

/// A valid picture: its pixels are noise that depends on `seed`, so that no two are alike.
///
/// It is stored without compression: its size is close to `width * height * 3`.
pub fn png(name: &str, width: u32, height: u32, seed: u32) -> Media {
    let facts = Facts { width: Some(width), height: Some(height), ..Facts::default() };
    Media::new(name, png_bytes(width, height, seed), facts).expect("a PNG is a medium")
}

/// A picture that the provider shall fetch itself.
pub fn link(url: &str) -> Media {
    let facts = Facts { width: Some(640), height: Some(480), ..Facts::default() };
    Media::from_url(url, vision_core::MediaKind::Png, facts)
}

/// A document of one page.
pub fn pdf(name: &str) -> Media {
    let facts = Facts { pages: Some(1), ..Facts::default() };
    Media::new(name, PDF.as_bytes(), facts).expect("a PDF is a medium")
}

/// A document of several pages, no two of which are alike.
pub fn pages(name: &str, count: u32) -> Media {
    let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut text = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
         2 0 obj<</Type/Pages/Kids[{}]/Count {count}>>endobj\n",
        kids.join(" ")
    );
    for page in 0..count {
        let (number, width) = (page + 3, 200 + page);
        let object = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} 200]>>");
        text.push_str(&format!("{number} 0 obj{object}endobj\n"));
    }
    text.push_str("trailer<</Root 1 0 R>>\n%%EOF\n");
    let facts = Facts { pages: Some(count), ..Facts::default() };
    Media::new(name, text, facts).expect("a PDF is a medium")
}

/// A second of silence.
pub fn wav(name: &str) -> Media {
    let facts = Facts { seconds: Some(1.0), ..Facts::default() };
    Media::new(name, wav_bytes(8_000), facts).expect("a WAV file is a medium")
}

/// The first bytes of a film: enough to tell what it is.
pub fn mp4(name: &str) -> Media {
    let facts = Facts { seconds: Some(1.0), ..Facts::default() };
    let bytes = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free".as_slice();
    Media::new(name, bytes, facts).expect("an MP4 file is a medium")
}

const PDF: &str = "%PDF-1.4\n\
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

fn wav_bytes(samples: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(44 + samples as usize);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + samples).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16u32.to_le_bytes());
    for word in [1u16, 1] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    for rate in [8_000u32, 8_000] {
        bytes.extend_from_slice(&rate.to_le_bytes());
    }
    for word in [1u16, 8] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&samples.to_le_bytes());
    bytes.resize(44 + samples as usize, 128);
    bytes
}

fn png_bytes(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::from(width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]); // eight bits a channel, RGB, not interlaced
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &stored(&pixels(width, height, seed)));
    chunk(&mut png, b"IEND", &[]);
    png
}

fn pixels(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let row = width as usize * 3;
    let mut state = seed.wrapping_mul(2_654_435_769) | 1;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    // Each row starts with the number of its filter, and 0 is none.
    (0..(row + 1) * height as usize).map(|at| if at % (row + 1) == 0 { 0 } else { noise() }).collect()
}

/// A zlib stream of blocks without compression.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = Vec::with_capacity(data.len() + data.len() / 1000 + 16);
    stream.extend_from_slice(&[0x78, 0x01]);
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).expect("a chunk is no longer than this");
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(&(!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    stream.extend_from_slice(&adler32(data).to_be_bytes());
    stream
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    png.extend_from_slice(&u32::try_from(data.len()).expect("below four gigabytes").to_be_bytes());
    let start = png.len();
    png.extend_from_slice(name);
    png.extend_from_slice(data);
    let check = crc32(&png[start..]);
    png.extend_from_slice(&check.to_be_bytes());
}

fn adler32(data: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for block in data.chunks(5_552) {
        for &byte in block {
            a += u32::from(byte);
            b += a;
        }
        a %= 65_521;
        b %= 65_521;
    }
    b << 16 | a
}

fn crc32(data: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut value = index as u32;
            let mut bit = 0;
            while bit < 8 {
                value = if value & 1 == 1 { value >> 1 ^ 0xEDB8_8320 } else { value >> 1 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !data.iter().fold(!0, |crc, &byte| TABLE[usize::from((crc as u8) ^ byte)] ^ crc >> 8)
}

#[cfg(test)]
mod tests {
    use vision_core::MediaKind;

    use super::{adler32, crc32, mp4, pdf, png, wav};

    #[test]
    fn the_checksums_are_the_standard_ones() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn each_is_what_it_says() {
        assert_eq!(png("a.png", 3, 2, 1).kind(), MediaKind::Png);
        assert_eq!(pdf("a.pdf").kind(), MediaKind::Pdf);
        assert_eq!(wav("a.wav").kind(), MediaKind::Wav);
        assert_eq!(mp4("a.mp4").kind(), MediaKind::Mp4);
        assert_ne!(png("a.png", 3, 2, 1).bytes(), png("a.png", 3, 2, 2).bytes());
    }
}
