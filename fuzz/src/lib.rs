#![doc = include_str!("../README.md")]

mod batch;
mod documents;
mod reply;
mod schema;
mod script;
mod stream;
mod studio;
mod table;

use std::fs;
use std::path::Path;

use eval_datasets::{Dataset, Manifest, Selection};
use eval_record::{LineReader, LineWriter, Plan, Trial};
use vision_core::{Capabilities, MediaKind};
use vision_media::{Limits, Policy, Settings, Source};

pub use batch::batch;
pub use documents::{ENGINES, documents};
pub use eval::check_messages as messages;
pub use eval_metrics::answer::check_invariants as answer;
pub use provider_local::check_rules as layout;
pub use reply::reply;
pub use schema::schema;
pub use stream::stream;
pub use studio::studio;
pub use table::table;

/// A name, and what holds for any bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them by their names, as `.ci/fuzz` calls them.
pub const TARGETS: [Target; 13] = [
    ("answer", answer),
    ("reply", reply),
    ("stream", stream),
    ("batch", batch),
    ("documents", documents),
    ("messages", messages),
    ("studio", studio),
    ("schema", schema),
    ("table", table),
    ("dataset", dataset),
    ("record", record),
    ("layout", layout),
    ("media", media),
];

/// Parts a manifest from its cases.
const BETWEEN: &str = "\n---\n";

/// Opens, indexes, reads and checks the folder that the bytes describe.
pub fn dataset(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (manifest, cases) = text.split_once(BETWEEN).unwrap_or((include_str!("dataset.toml"), &text));
    let folder = tempfile::tempdir().expect("there is room for a small folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("there is room for a small file");
    };
    write("dataset.toml", manifest);
    write("cases.jsonl", cases);
    // An error in the manifest is one that shows itself in the text, whatever stands there.
    if let Err(problem) = Manifest::parse(Path::new("dataset.toml"), manifest) {
        assert!(problem.to_string().contains("dataset.toml"), "{problem}");
    }
    if let Ok(dataset) = Dataset::open(folder.path())
        && let Ok(index) = dataset.index(&Selection::default())
    {
        assert!(index.cases().count() <= cases.lines().count(), "a line is at most one case");
    }
    let _ = eval_datasets::check(folder.path(), &["receipt"]);
}

/// Reads a record as a crash may have left it, and appends to it.
pub fn record(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Plan>(bytes);
    let folder = tempfile::tempdir().expect("there is room for a small folder");
    let path = folder.path().join("trials.jsonl");
    fs::write(&path, bytes).expect("there is room for a small file");
    let before = readable(&path);
    let mut writer = LineWriter::append(&path).expect("any file can be appended to");
    writer.write(&"another line").expect("there is room for a line");
    assert_eq!(readable(&path), before, "appending neither loses nor invents a trial");
}

fn readable(path: &Path) -> usize {
    let mut reader = LineReader::open(path).expect("the file is there");
    let mut trials = 0;
    while let Some(line) = reader.read::<Trial>().expect("a file of bytes can be read") {
        trials += usize::from(line.value.is_ok());
    }
    trials
}

/// Sniffs, measures and prepares a file for a provider that takes little.
pub fn media(bytes: &[u8]) {
    // Little memory, so that a broken length cannot take much.
    let limits = Limits { bytes: 1 << 20, pixels: 1 << 16 };
    let kind = MediaKind::sniff(bytes);
    let source = Source::Bytes { name: "fuzzed".to_owned(), bytes: bytes.to_vec().into() };
    let Ok(original) = vision_media::load(&source, &limits) else { return };
    assert!(kind.is_some(), "what was loaded was known by its bytes");
    let target = Capabilities {
        formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Pdf],
        max_image_side: Some(16),
        ..Capabilities::default()
    };
    let _ = original.prepare(Policy::Fit, &[&target], &Settings::default());
}
