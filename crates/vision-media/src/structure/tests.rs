use vision_core::MediaKind;

use super::read;

#[track_caller]
fn lasts(kind: MediaKind, bytes: &[u8], seconds: Option<f64>) {
    assert_eq!(read(kind, bytes).unwrap().seconds, seconds);
}

#[track_caller]
fn cut(kind: MediaKind, bytes: &[u8]) {
    assert_eq!(read(kind, bytes), None);
}

/// A frame of 1,024 samples at 48 kHz with a body of `length` bytes.
fn adts(length: u8) -> Vec<u8> {
    let whole = length + 7;
    let mut frame = vec![0xFF, 0xF1, 0x4C, 0x80, whole >> 3, whole << 5, 0xFC];
    frame.resize(usize::from(whole), 0);
    frame
}

#[test]
fn aac_is_counted_frame_by_frame() {
    let two = [adts(20), adts(30)].concat();
    lasts(MediaKind::Aac, &two, Some(2.0 * 1024.0 / 48_000.0));
    lasts(MediaKind::Aac, &[&two[..], b"TAG of some length"].concat(), Some(2.0 * 1024.0 / 48_000.0));
    cut(MediaKind::Aac, &two[..two.len() - 1]);
}

fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap();
    [&length.to_be_bytes()[..], name, content].concat()
}

#[test]
fn film_has_its_length_in_its_header() {
    let mut header = vec![0; 12];
    header.extend_from_slice(&600u32.to_be_bytes());
    header.extend_from_slice(&900u32.to_be_bytes());
    let movie = boxed(b"moov", &[boxed(b"free", b""), boxed(b"mvhd", &header)].concat());
    let file = [boxed(b"ftyp", b"mp42"), boxed(b"mdat", &[0; 99]), movie].concat();
    lasts(MediaKind::Mp4, &file, Some(1.5));
    cut(MediaKind::Mov, &file[..file.len() - 1]);
    cut(MediaKind::Mp4, &[0, 0, 0, 2, b'f', b't', b'y', b'p']);

    let mut long = vec![1];
    long.resize(20, 0);
    long.extend_from_slice(&1000u32.to_be_bytes());
    long.extend_from_slice(&2500u64.to_be_bytes());
    lasts(MediaKind::M4a, &boxed(b"moov", &boxed(b"mvhd", &long)), Some(2.5));
}

#[test]
fn a_box_may_reach_to_the_end_or_have_a_long_length() {
    let open = [boxed(b"ftyp", b"mp42"), b"\0\0\0\0mdat and so on".to_vec()].concat();
    lasts(MediaKind::Mp4, &open, None);
    let long = [&b"\0\0\0\x01mdat"[..], &24u64.to_be_bytes(), &[0; 8]].concat();
    lasts(MediaKind::Mp4, &long, None);
    cut(MediaKind::Mp4, &long[..23]);
}

#[test]
fn a_wav_without_a_rate_has_no_length() {
    let wav = |rate: u32| {
        let format = [&[1, 0, 1, 0][..], &rate.to_le_bytes(), &rate.to_le_bytes(), &[1, 0, 8, 0]].concat();
        [&b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"[..], &format, b"data\x04\0\0\0abcd"].concat()
    };
    lasts(MediaKind::Wav, &wav(8), Some(0.5));
    lasts(MediaKind::Wav, &wav(0), None);
}

#[test]
fn a_jpeg_ends_where_its_end_marker_is_and_not_in_its_data() {
    let image = b"\xff\xd8\xff\xe1\x00\x04\xff\xd9\xff\xda\x00\x02ab\xff\x00\xff\xd0cd\xff\xff\xd9";
    assert!(read(MediaKind::Jpeg, image).is_some());
    cut(MediaKind::Jpeg, &image[..image.len() - 1]);
}

#[test]
fn a_tiff_names_the_places_of_its_strips() {
    let strip = |end: u32| {
        let entry = |tag: u16, value: u32| {
            [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat()
        };
        let entries = [entry(273, 8), entry(279, end - 8)].concat();
        [&b"II*\0\x0c\0\0\0pixs\x02\0"[..], &entries, &[0; 4]].concat()
    };
    assert_eq!(read(MediaKind::Tiff, &strip(12)).unwrap().frames, 1);
    cut(MediaKind::Tiff, &strip(1000));
}

#[test]
fn directories_in_a_ring_end_somewhere() {
    let ring = b"II*\0\x08\0\0\0\0\0\x08\0\0\0";
    assert_eq!(read(MediaKind::Tiff, ring).unwrap().frames, 1000);
}
