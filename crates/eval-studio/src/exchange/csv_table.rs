//! A table: a column with the file, and one for each field.

use eval_datasets::line_of;

use super::{Found, Row, cell};
use crate::field::Field;
use crate::file_column;
use crate::studio::Studio;

/// Writes a row for each document.
pub fn write(fields: &[Field], rows: &[Row<'_>]) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = std::iter::once("file").chain(fields.iter().map(|field| field.name.as_str()));
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

fn plain(name: &str) -> &str {
    name.strip_prefix('\'').unwrap_or(name)
}

/// Reads a table; columns that are no field are passed over.
pub fn read(studio: &Studio, paths: &[String], text: &str) -> Result<Vec<Found>, String> {
    let first = text.lines().next().unwrap_or_default();
    let mark =
        [b',', b';', b'\t'].into_iter().max_by_key(|mark| first.bytes().filter(|it| it == mark).count());
    let mut table =
        csv::ReaderBuilder::new().delimiter(mark.unwrap_or(b',')).flexible(true).from_reader(text.as_bytes());
    let head = table.headers().map_err(|error| format!("is no table: {error}"))?.clone();
    let records: Vec<csv::StringRecord> =
        table.records().collect::<Result<_, _>>().map_err(|error| format!("is no table: {error}"))?;
    let names: Vec<&str> = head.iter().map(str::trim).collect();
    let is_file = |cell: &str| super::document(paths, plain(cell)).is_some();
    let file = file_column::find(&names, records.iter().map(|row| row.iter().collect()), is_file)?;
    let columns: Vec<(usize, &Field)> = head
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != file)
        .filter_map(|(at, name)| Some((at, studio.fields().iter().find(|field| field.name == name.trim())?)))
        .collect();
    if columns.is_empty() {
        let fields: Vec<&str> = studio.fields().iter().map(|field| field.name.as_str()).collect();
        let (fields, names) = (fields.join(", "), names.join(", "));
        return Err(format!("has no column of a field: the fields are {fields}; the columns are {names}"));
    }
    let order = studio.project().date_order();
    let mut rows = Vec::new();
    for record in &records {
        let line = record.position().map_or(0, |position| line_of(text, position) as u64);
        let read = |(at, field): &(usize, &Field)| {
            let read = cell::read(field, record.get(*at).unwrap_or_default(), order).transpose()?;
            Some((field.name.clone(), read))
        };
        let document = plain(record.get(file).unwrap_or_default());
        rows.push(Found {
            place: format!("line {line}"),
            document: document.to_owned(),
            labels: columns.iter().filter_map(read).collect(),
        });
    }
    Ok(rows)
}
