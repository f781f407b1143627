use std::io::Write as _;

use flate2::write::GzEncoder;

use super::*;

fn packed(bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&vec![0; bytes]).unwrap();
    encoder.finish().unwrap()
}

fn head(plain: i64, packed: usize) -> Head {
    Head { plain, packed: i64::try_from(packed).unwrap(), ..Head::default() }
}

#[track_caller]
fn refused(head: &Head, compression: Compression, page: &[u8], words: &str) {
    let message = head.check(compression, page).unwrap_err();
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_head_is_read_by_the_numbers_of_its_fields() {
    // Type 0, plain 300, packed 200, a check sum, and a page of data: 5 values, encoding 7, two more encodings.
    let bytes =
        [0x15, 0, 0x15, 0xD8, 4, 0x15, 0x90, 3, 0x15, 1, 0x1C, 0x15, 10, 0x15, 14, 0x15, 6, 0x15, 6, 0, 0];
    let head = Head::read(&mut &bytes[..]).unwrap();
    assert_eq!((head.plain, head.packed, head.encoding), (300, 200, DELTA_BYTE_ARRAY));
    for end in 0..bytes.len() {
        assert!(Head::read(&mut &bytes[..end]).is_err(), "cut at {end}");
    }
    let negative = [0x15, 0, 0x15, 1, 0x15, 0, 0];
    assert!(Head::read(&mut &negative[..]).is_err());
    assert!(Head::read(&mut [0x1C; 64].as_slice()).is_err(), "too deep");
}

#[test]
fn a_page_is_what_its_head_says() {
    let page = packed(5_000);
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    assert_eq!(head(5_000, page.len()).check(gzip, &page[..]), Ok(()));
    refused(&head(4_999, page.len()), gzip, &page, "more than the 4999 bytes");
    // Several streams one after the other are one page.
    let bomb = page.repeat(3);
    refused(&head(5_000, bomb.len()), gzip, &bomb, "more than the 5000 bytes");
    let levels = [&[1; 20][..], &page].concat();
    let second = Head { levels: 20, ..head(5_020, levels.len()) };
    assert_eq!(second.check(gzip, &levels[..]), Ok(()));
}

#[test]
fn no_room_is_made_for_a_promise_that_nothing_keeps() {
    for compression in [Compression::SNAPPY, Compression::LZ4_RAW, Compression::UNCOMPRESSED] {
        refused(&head(i64::from(i32::MAX), 100), compression, &[0; 100], "unpacks from 100 to 2147483647");
        refused(&head(100 << 20, 4_000), compression, &[0; 4_000], "unpacks from 4000 to");
    }
    let prefixes = Head { encoding: DELTA_BYTE_ARRAY, ..head(100, 100) };
    refused(&prefixes, Compression::SNAPPY, &[0; 100], "DELTA_BYTE_ARRAY");
}
