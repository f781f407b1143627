//! Tables of labels: what the columns are taken for, and the dataset that comes of it.

use std::fs;

use eval_datasets::{Dataset, Import, Selection, import};
use vision_core::Task;

const PICTURE: &[u8] = include_bytes!("../../crates/vision-media/tests/corpus/one_pixel.png");

/// The first byte chooses the form, the second the task, if any is said; then comes the table.
///
/// # Panics
/// If the import does, or if what it wrote is no dataset with as many cases as it says.
pub fn table(bytes: &[u8]) {
    let [form, task, rest @ ..] = bytes else { return };
    let kind = ["csv", "jsonl", "json"][usize::from(*form) % 3];
    let folder = tempfile::tempdir().expect("there is room for a small folder");
    let path = |name: &str| folder.path().join(name);
    for (name, bytes) in [("labels", rest), ("a.png", PICTURE), ("b.png", PICTURE)] {
        fs::write(path(name), bytes).expect("there is room for a small file");
    }
    let import_of = Import {
        kind: kind.to_owned(),
        input: path("labels"),
        output: path("out"),
        task: Task::ALL.get(usize::from(*task)).copied(),
        ..Import::default()
    };
    let _ = eval_datasets::questions(&import_of);
    match import(&import_of) {
        Ok(imported) => {
            let dataset = Dataset::open(&path("out")).expect("what was imported is a dataset");
            let index = dataset.index(&Selection::default()).expect("it can be read");
            assert_eq!(index.cases().count(), imported.cases, "each case that was written can be read");
        }
        Err(_) => assert!(!path("out").exists(), "half a dataset is none"),
    }
}
