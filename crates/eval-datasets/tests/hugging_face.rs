//! A parquet file shaped like those of the Hugging Face hub; all content is made up.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use eval_datasets::{Dataset, Import, Selection, check, import};
use flate2::write::GzEncoder;
use parquet::basic::{Compression, GzipLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use serde_json::json;

const SCHEMA: &str = "message schema { optional group image { optional binary bytes; optional binary path (UTF8); } optional int64 label; }";
const NAMES: &str = r#"{"info":{"features":{"image":{"_type":"Image"},"label":{"names":["cat","dog"],"_type":"ClassLabel"}}}}"#;

fn write(path: &Path, compression: Compression, images: &[Vec<u8>], labels: &[i64]) {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_column_dictionary_enabled(ColumnPath::from(vec!["image".to_owned(), "bytes".to_owned()]), false)
        .set_key_value_metadata(Some(vec![KeyValue::new("huggingface".to_owned(), NAMES.to_owned())]))
        .build();
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer =
        SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let images: Vec<ByteArray> = images.iter().cloned().map(ByteArray::from).collect();
    let paths: Vec<ByteArray> = labels.iter().map(|_| ByteArray::from("../../x.png")).collect();
    for values in [images, paths] {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&vec![2; values.len()]), None).unwrap();
        column.close().unwrap();
    }
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(labels, Some(&vec![1; labels.len()]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

fn picture(seed: u32) -> Vec<u8> {
    let blot = |x: u32, y: u32| ((x / 4 * 7 + y / 4 * 13) * (seed * 29 + 3) % 251) as u8;
    let image = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([blot(x, y); 3]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn settings(folder: &Path) -> Import {
    Import {
        kind: "hugging-face".to_owned(),
        input: folder.join("handmade.parquet"),
        output: folder.join("out"),
        ..Import::default()
    }
}

#[test]
fn embedded_images_and_named_classes_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    write(
        &settings.input,
        Compression::SNAPPY,
        &[picture(1), picture(2), picture(3), b"no picture".to_vec()],
        &[0, 1, 7, 0],
    );
    let imported = import(&settings).unwrap();
    let dataset = Dataset::open(&settings.output).unwrap();
    let cases: Vec<_> = dataset.index(&Selection::default()).unwrap().cases().map(Result::unwrap).collect();
    assert_eq!(
        cases.iter().map(|case| &case.expected).collect::<Vec<_>>(),
        [&json!({"label": "cat"}), &json!({"label": "dog"})]
    );
    let told: Vec<String> = imported.refused.iter().map(|problem| problem.message.clone()).collect();
    assert_eq!(
        told,
        [
            "row 3: the label 7 has no name in the file's metadata",
            "row 4: `row-000004` is of no known media type, judged by its bytes",
        ]
    );
    let report = check(&settings.output, &["classify"]);
    assert!(report.passed(), "{:#?}", report.findings);
}

#[test]
fn a_small_file_that_unpacks_to_much_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    write(&settings.input, Compression::GZIP(GzipLevel::default()), &[vec![0; 40 << 20]], &[0]);
    assert!(fs::metadata(&settings.input).unwrap().len() < 1 << 20);
    let outcome = import(&settings).unwrap_err();
    assert!(outcome.message.contains("unpacks from"), "{outcome}");
    assert!(!settings.output.exists());
}

/// As `write` does it, but the page of images is exchanged for another of the same length, of which the head knows nothing.
fn write_liar(path: &Path, page: &[u8]) {
    // What cannot be packed takes the room that is wanted.
    let next = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Some((*state >> 56) as u8)
    };
    let noise: Vec<u8> = (0..page.len() + 1_000).scan(1, |state, _| next(state)).collect();
    write(path, Compression::GZIP(GzipLevel::default()), &[noise], &[0]);
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let (start, length) = reader.metadata().row_group(0).column(0).byte_range();
    let mut file = fs::read(path).unwrap();
    let chunk = &mut file[usize::try_from(start).unwrap()..][..usize::try_from(length).unwrap()];
    let begin = chunk.windows(3).position(|window| window == [0x1F, 0x8B, 8]).unwrap();
    let room = &mut chunk[begin..];
    // An empty stream with as much to skip in its head as fills the room.
    let skipped = room.len() - page.len() - 22;
    let mut filling = vec![0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0];
    filling.extend(u16::try_from(skipped).unwrap().to_le_bytes());
    filling.resize(12 + skipped, 0);
    filling.extend([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    room.copy_from_slice(&[page, &filling].concat());
    fs::write(path, file).unwrap();
}

#[test]
fn a_file_that_unpacks_to_more_than_it_admits_is_refused_before_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let mut stream = GzEncoder::new(Vec::new(), flate2::Compression::best());
    stream.write_all(&vec![0; 16 << 20]).unwrap();
    // Two gigabytes in two megabytes.
    write_liar(&settings.input, &stream.finish().unwrap().repeat(128));
    assert!(fs::metadata(&settings.input).unwrap().len() < 3 << 20);
    let outcome = import(&settings).unwrap_err();
    assert!(outcome.message.contains("that its head promises"), "{outcome}");
    assert!(!settings.output.exists());
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kilobytes < 300 << 10, "{kilobytes} kB");
    }
}

#[test]
fn a_damaged_file_is_an_error_and_never_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let codecs = [
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::UNCOMPRESSED,
    ];
    let mut state = 7_u64;
    let mut lot = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    for codec in codecs {
        write(
            &settings.input,
            codec,
            &[b"\x89PNG\r\n\x1a\n one".to_vec(), b"two".to_vec(), b"two".to_vec()],
            &[0, 1, 1],
        );
        let whole = fs::read(&settings.input).unwrap();
        for _ in 0..150 {
            let mut damaged = whole.clone();
            for _ in 0..=lot(3) {
                let at = lot(damaged.len());
                damaged[at] = [0, 0xFF, 0x7F, 0x80, lot(256) as u8][lot(5)];
            }
            if lot(8) == 0 {
                damaged.truncate(lot(damaged.len()));
            }
            fs::write(&settings.input, &damaged).unwrap();
            let _ = import(&settings);
            fs::remove_dir_all(&settings.output).ok();
        }
    }
}
