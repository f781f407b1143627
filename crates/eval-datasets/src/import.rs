//! Making a dataset's folder out of what teams have.

mod amounts;
mod chartqa;
mod classes;
mod cord;
mod docvqa;
mod donut;
mod extractbench;
#[cfg(feature = "parquet")]
mod hugging_face;
mod json_array;
mod output;
mod shape;
mod shelf;
mod sidecars;
mod sroie;
mod table;
mod templates;
mod understood;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use vision_core::Task;

use crate::{Problem, Result, nearest};
use output::Output;

pub use shelf::Shelf;
pub use table::{
    Choice, DateOrder, Decimals, Encoding, Mark, Question, Reading, Sheet, decode, line_of, names_a_medium,
    names_files, questions,
};
pub use templates::{record_schema, task_template};
pub use understood::{Purpose, Sample, Understanding, Understood};

/// The most bytes of a list of labels.
const LIST: u64 = 1 << 30;

/// What to import, and into what.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// One of [`KINDS`].
    pub kind: String,
    /// The file or folder that the kind starts from.
    pub input: PathBuf,
    /// A new or empty folder.
    pub output: PathBuf,
    /// The dataset's name; the output folder's if not given.
    pub name: Option<String>,
    /// What is asked, where the kind does not say it.
    pub task: Option<Task>,
    /// SPDX expression; unknown if not given.
    pub licence: Option<String>,
    /// `test`, `train`, …
    pub split: Option<String>,
    /// The question, where the kind's own is not wanted.
    pub prompt: Option<String>,
    /// The folder that names of files are relative to; a list's own folder if not given.
    pub files: Option<PathBuf>,
    /// Columns to read under another name, by their own.
    pub map: BTreeMap<String, String>,
    /// Columns to leave out.
    pub ignore: Vec<String>,
    /// The order of dates by column; the empty name stands for all.
    pub date_order: BTreeMap<String, DateOrder>,
    /// The decimal mark by column; the empty name stands for all.
    pub decimal: BTreeMap<String, Mark>,
    /// The columns to keep as text, whatever they hold.
    pub text: Vec<String>,
    /// Whether an empty cell says that nothing is there, instead of nothing.
    pub empty_is_null: bool,
    /// Whether to say what would come of it, and to write nothing.
    pub dry_run: bool,
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Cases written.
    pub cases: usize,
    /// Every row that is not among them, and why.
    pub refused: Vec<Problem>,
    /// What was read otherwise than it looks, and why.
    pub notes: Vec<Problem>,
    /// What the columns of a table were taken for.
    pub understood: Option<Understood>,
}

/// What can be imported, each with a line of help.
pub const KINDS: &[(&str, &str)] = &[
    ("csv", "a table: a column `file`, and `label`, `expected` or a column per labeled field"),
    ("jsonl", "the same, one JSON object a line, with nested fields and lists"),
    ("json", "the same as one JSON list of objects"),
    ("sidecars", "a folder with a JSON label beside each file: bill.pdf and bill.json"),
    ("sroie", "a split of SROIE: folders `img`, `entities` (or `key`) and, if wanted, `box`"),
    ("cord", "CORD: folders `image` and `json`, or a folder with metadata.jsonl, read as receipts"),
    ("donut", "a folder with metadata.jsonl of `file_name` and `ground_truth` holding `gt_parse`"),
    ("chartqa", "a split of ChartQA: `png`, `tables`, and the JSON files of questions"),
    ("docvqa", "a JSON file such as val_v1.0.json, with its images beside it"),
    (
        "extractbench",
        "ExtractBench: short.jsonl, medium.jsonl and long.jsonl (or one of them), with the folder `docs`",
    ),
    ("classes", "a folder with one folder of images per class"),
    #[cfg(feature = "parquet")]
    ("hugging-face", "a parquet file of a Hugging Face dataset, with embedded images"),
];

/// Imports into a new folder. What cannot be imported is refused row by row; nothing is dropped silently.
///
/// # Errors
/// If the input is not of the kind at all, the output folder is in use or cannot be written, or nothing is left to import.
pub fn import(import: &Import) -> Result<Imported> {
    let mut output = Output::create(import)?;
    let imported = read(import, &mut output).and_then(|()| output.finish(import));
    if imported.is_err() && !import.dry_run {
        // Only what was written just now is in there, and half a dataset is none.
        let _ = std::fs::remove_dir_all(&import.output);
    }
    imported
}

fn read(import: &Import, output: &mut Output) -> Result<()> {
    match import.kind.as_str() {
        "csv" => table::csv(import, output),
        "jsonl" => table::jsonl(import, output),
        "json" => table::json(import, output),
        "sidecars" => sidecars::read(import, output),
        "sroie" => sroie::read(import, output),
        "cord" => cord::read(import, output),
        "donut" => donut::read(import, output),
        "chartqa" => chartqa::read(import, output),
        "docvqa" => docvqa::read(import, output),
        "extractbench" => extractbench::read(import, output),
        "classes" => classes::read(import, output),
        #[cfg(feature = "parquet")]
        "hugging-face" => hugging_face::read(import, output),
        other => Err(unknown(import, other)),
    }
}

fn unknown(import: &Import, kind: &str) -> Problem {
    let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let hint = match nearest(kind, kinds.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if kind == "hugging-face" => "build with the feature `parquet` for it".to_owned(),
        None => format!("known: {}", kinds.join(", ")),
    };
    Problem::new(&import.input, format!("`{kind}` cannot be imported; {hint}"))
}

/// Opens a file that is read piece by piece.
fn open(path: &Path) -> Result<File> {
    vision_files::open(path).map_err(|refused| Problem::new(path, refused.to_string()))
}
