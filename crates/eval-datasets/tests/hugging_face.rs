//! A parquet file shaped like those of the Hugging Face hub; all content is made up.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use eval_datasets::{Dataset, Import, Selection, check, import};
use parquet::basic::{Compression, GzipLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::json;

const SCHEMA: &str = "message schema { optional group image { optional binary bytes; optional binary path (UTF8); } optional int64 label; }";
const NAMES: &str = r#"{"info":{"features":{"image":{"_type":"Image"},"label":{"names":["cat","dog"],"_type":"ClassLabel"}}}}"#;

fn write(path: &Path, compression: Compression, images: &[Vec<u8>], labels: &[i64]) {
    let properties = WriterProperties::builder()
        .set_compression(compression)
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
            "row 4: is of no known media type, judged by its bytes",
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
