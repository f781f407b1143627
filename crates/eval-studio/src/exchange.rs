//! Labels in files of other tools: out, and in again.

mod cell;
mod csv_table;
mod label_studio;
mod lines;

use serde::{Deserialize, Serialize};

use crate::board::{Board, Truth};
use crate::check::check;
use crate::event::{Label, Labeled, Mark, Origin};
use crate::export::exports;
use crate::field::Field;
use crate::kept::Kept;
use crate::studio::Studio;
use crate::typed::same;
use crate::{Result, StudioError, documents};

/// A form of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A table: a column `file`, and one for each field.
    Csv,
    /// A document a line.
    Jsonl,
    /// The JSON of Label Studio.
    LabelStudio,
}

/// Labels of a document, by field.
pub(crate) struct Row<'a> {
    pub document: &'a str,
    pub labels: Vec<(&'a Field, Label)>,
}

/// A document in a file, before it is found in the folder.
pub(crate) struct Found {
    /// Where it stands in the file, for messages.
    pub place: String,
    pub document: String,
    /// By field; in place of a label, why there is none.
    pub labels: Vec<(String, std::result::Result<Label, String>)>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// A name for it.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// Labeled documents that are not in it, because they are flagged or skipped, or their files have changed since.
    pub left_out: usize,
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The batch, which can be undone; nothing if there was nothing new.
    pub batch: Option<u64>,
    /// Labels that were added.
    pub labels: usize,
    /// Labels that stand already.
    pub known: usize,
    /// What was not imported, and why.
    pub refused: Vec<String>,
}

/// Everything that stands, as a file. As in a dataset, documents that are flagged or skipped, or
/// of which the file has changed since, are left out, and what reviews of earlier exports decided is followed.
///
/// # Errors
/// If the folder cannot be read.
pub fn write(studio: &Studio, form: Form) -> Result<Written> {
    let found = studio.documents()?;
    let kept = Kept::of(&exports(&studio.export_base()));
    studio.look(|board, _| {
        let (mut rows, mut left_out) = (Vec::new(), 0);
        for path in found.paths.iter().filter(|path| board.knows(path)) {
            let content = documents::content(studio.store().root(), path);
            let is_marked = |mark: &Mark| board.mark(path, *mark).is_some();
            let is_out =
                [Mark::Flagged, Mark::Skipped].iter().any(is_marked) || board.is_changed(path, &content);
            match row(studio, board, path, (&content, &kept)) {
                Some(_) if is_out => left_out += 1,
                row => rows.extend(row),
            }
        }
        let (ending, text) = match form {
            Form::Csv => ("csv", csv_table::write(studio.fields(), &rows)),
            Form::Jsonl => ("jsonl", lines::write(&rows)),
            Form::LabelStudio => ("label-studio.json", label_studio::write(&rows)),
        };
        Written { name: format!("labels.{ending}"), text, left_out }
    })
}

fn row<'a>(
    studio: &'a Studio,
    board: &Board,
    document: &'a str,
    (content, kept): (&str, &Kept),
) -> Option<Row<'a>> {
    let of = |field: &'a Field| match board.truth(document, field) {
        Truth::One(standing) => Some((field, kept.revised(content, &field.name, standing).label)),
        Truth::None | Truth::Disagreed(_) => None,
    };
    let labels: Vec<_> = studio.fields().iter().filter_map(of).collect();
    (!labels.is_empty()).then_some(Row { document, labels })
}

/// Takes in the labels of a file, all as one batch of this person. What cannot be read is refused and named.
///
/// # Errors
/// If it is no such file, or nothing can be saved.
pub fn read(studio: &Studio, by: &str, form: Form, text: &str, at: &str) -> Result<Imported> {
    let text = text.trim_start_matches('\u{feff}');
    let paths = studio.documents()?.paths;
    let read = match form {
        Form::Csv => csv_table::read(studio, &paths, text),
        Form::Jsonl => lines::read(studio, &paths, text),
        Form::LabelStudio => label_studio::read(studio, &paths, text),
    };
    let rows = read.map_err(StudioError::invalid)?;
    let (mut imported, mut labels) = (Imported::default(), Vec::new());
    for row in rows {
        match document(&paths, &row.document) {
            Some(path) => add(studio, by, path, row, (&mut imported, &mut labels))?,
            None => imported.refused.push(format!("{}: there is no document `{}`", row.place, row.document)),
        }
    }
    imported.labels = labels.len();
    if !labels.is_empty() {
        imported.batch = Some(studio.import(by, labels, at)?.batch);
    }
    Ok(imported)
}

fn add(
    studio: &Studio,
    by: &str,
    document: &str,
    row: Found,
    (imported, labels): (&mut Imported, &mut Vec<Labeled>),
) -> Result<()> {
    let content = &documents::content(studio.store().root(), document);
    for (name, read) in row.labels {
        let field = studio.field(&name)?;
        let fits = |label: Label| match check(field, &label) {
            Ok(()) => Ok(label),
            Err(error) => Err(error.message),
        };
        let label = match read.and_then(fits) {
            Ok(label) => label,
            Err(reason) => {
                imported.refused.push(format!("{}: {name}: {reason}", row.place));
                continue;
            }
        };
        let is_known = |label: &Label| {
            studio.look(|board, _| {
                board.standing(document, &name, by).is_some_and(|it| same(field, &it.label, label))
            })
        };
        if labels.iter().any(|it| it.document == document && it.field == name) {
            imported.refused.push(format!("{}: {name}: {document} is there twice", row.place));
        } else if is_known(&label)? {
            imported.known += 1;
        } else {
            let document = document.to_owned();
            let (origin, content) = (Origin::Imported, content.to_owned());
            labels.push(Labeled { document, field: name, label, origin, content, settles: false });
        }
    }
    Ok(())
}

/// The document of this path; or the only one with this file name.
fn document<'a>(paths: &'a [String], named: &str) -> Option<&'a str> {
    let named = named.replace('\\', "/");
    let named = named.trim_start_matches("./");
    if let Some(path) = paths.iter().find(|path| *path == named) {
        return Some(path);
    }
    let file = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut alike = paths.iter().filter(|path| file(path) == file(named));
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
