//! The files of a dataset's folder, by the one rule for files that somebody else names.

use std::fs::File;
use std::path::Path;

use vision_files::{LINES, Refused, TEXT};

use crate::{Problem, Result};

/// Reads a text such as the manifest or a schema.
pub(crate) fn read_text(folder: &Path, name: &str) -> Result<String> {
    let text = vision_files::below(folder, name).and_then(|path| vision_files::read_text(&path, TEXT));
    text.map_err(|refused| problem(folder, name, &refused))
}

/// Opens a file that is read piece by piece.
pub(crate) fn open(folder: &Path, name: &str) -> Result<File> {
    let file = vision_files::below(folder, name).and_then(|path| vision_files::open_within(&path, LINES));
    file.map_err(|refused| problem(folder, name, &refused))
}

fn problem(folder: &Path, name: &str, refused: &Refused) -> Problem {
    Problem::new(folder.join(name), refused.to_string())
}
