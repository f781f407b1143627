//! A table: a column with the file, and one for each field.

use eval_datasets::line_of;

use super::{Found, Row, cell};
use crate::field::Field;
use crate::studio::Studio;

/// Names of the column with the file.
const FILE: [&str; 5] = ["file", "document", "image", "path", "filename"];

/// Writes a row for each document.
pub fn write(fields: &[Field], rows: &[Row<'_>]) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = std::iter::once(FILE[0]).chain(fields.iter().map(|field| field.name.as_str()));
    table.write_record(head).expect("memory takes it");
    for row in rows {
        let of = |field: &Field| {
            let label = row.labels.iter().find(|(known, _)| known.name == field.name);
            label.map_or_else(String::new, |(_, label)| cell::write(field, label))
        };
        let cells = std::iter::once(guarded(row.document)).chain(fields.iter().map(of));
        table.write_record(cells).expect("memory takes it");
    }
    String::from_utf8(table.into_inner().expect("memory takes it")).expect("texts are UTF-8")
}

/// A file may be named like a formula.
fn guarded(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\'']) { format!("'{name}") } else { name.to_owned() }
}

/// Reads a table; columns that are no field are passed over.
pub fn read(studio: &Studio, text: &str) -> Result<Vec<Found>, String> {
    let first = text.lines().next().unwrap_or_default();
    let mark =
        [b',', b';', b'\t'].into_iter().max_by_key(|mark| first.bytes().filter(|it| it == mark).count());
    let mut table =
        csv::ReaderBuilder::new().delimiter(mark.unwrap_or(b',')).flexible(true).from_reader(text.as_bytes());
    let head = table.headers().map_err(|error| format!("is no table: {error}"))?.clone();
    let is_file = |name: &str| FILE.contains(&name.trim().to_lowercase().as_str());
    let file = head.iter().position(is_file).ok_or("has no column `file`")?;
    let columns: Vec<(usize, &Field)> = head
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != file)
        .filter_map(|(at, name)| Some((at, studio.fields().iter().find(|field| field.name == name.trim())?)))
        .collect();
    if columns.is_empty() {
        return Err("has no column of a field".to_owned());
    }
    let order = studio.project().date_order();
    let mut rows = Vec::new();
    for record in table.records() {
        let record = record.map_err(|error| format!("is no table: {error}"))?;
        let line = record.position().map_or(0, |position| line_of(text, position) as u64);
        let read = |(at, field): &(usize, &Field)| {
            let read = cell::read(field, record.get(*at).unwrap_or_default(), order).transpose()?;
            Some((field.name.clone(), read))
        };
        let document = record.get(file).unwrap_or_default();
        rows.push(Found {
            place: format!("line {line}"),
            document: document.strip_prefix('\'').unwrap_or(document).to_owned(),
            labels: columns.iter().filter_map(read).collect(),
        });
    }
    Ok(rows)
}
