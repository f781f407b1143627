//! The sheet on which people judge answers: a table with one row for each check of each answer.

use std::collections::HashMap;

use eval_datasets::Sheet;

use crate::item::Item;
use crate::{JudgeError, PersonAnswer};

const COLUMNS: [&str; 8] = ["answer_id", "check", "media", "question", "answer", "statement", "also", "met"];

/// The table as CSV. A person fills in the last column with yes or no.
#[must_use]
pub fn sheet(items: &[Item]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut row = |cells: [&str; 8]| writer.write_record(cells).expect("memory takes all that is written");
    row(COLUMNS);
    for item in items {
        let media: Vec<String> = item.media.iter().map(|name| format!("{}/{name}", item.folder)).collect();
        let media = media.join(" | ");
        for (number, check) in item.checks.iter().enumerate() {
            // Long texts once, where the answer begins.
            let [media, question, answer] = if number == 0 {
                [&media, &item.question, &item.answer].map(|text| guarded(text))
            } else {
                Default::default()
            };
            let (statement, also) = (guarded(&check.text), guarded(&check.accepted.join("; ")));
            row([&item.id, &check.id, &media, &question, &answer, &statement, &also, ""]);
        }
    }
    String::from_utf8(writer.into_inner().expect("memory takes all that is written"))
        .expect("all cells are texts")
}

/// A cell that a table calculator would take for a formula is marked as a text.
fn guarded(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// Reads a table that a person has filled in. What is empty was not judged.
///
/// # Errors
/// If it is no such table, or a cell is neither yes nor no.
pub fn read_sheet(text: &str) -> Result<Vec<PersonAnswer>, JudgeError> {
    let table = Sheet::new(text.to_owned(), |name| COLUMNS.contains(&name)).map_err(JudgeError::new)?;
    let place = |name: &str| {
        table.header.iter().position(|column| column == name).ok_or_else(|| {
            JudgeError::new(format!("the column `{name}` is missing: write a sheet with --sample"))
        })
    };
    let [answer, check, met] = [place("answer_id")?, place("check")?, place("met")?];
    let mut said: Vec<PersonAnswer> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    table.rows(&mut |line, row| {
        let wrong = |message: String| JudgeError::new(format!("line {line}: {message}"));
        let row = row.map_err(wrong)?;
        let cell = |at: usize| row[at].trim();
        if cell(answer).is_empty() {
            return Ok(());
        }
        let at = *places.entry(cell(answer).to_owned()).or_insert_with(|| {
            said.push(PersonAnswer { answer: cell(answer).to_owned(), ..PersonAnswer::default() });
            said.len() - 1
        });
        let met = match cell(met).to_lowercase().as_str() {
            "" => return Ok(()),
            "yes" | "y" | "1" | "true" | "x" => true,
            "no" | "n" | "0" | "false" => false,
            other => return Err(wrong(format!("`{other}` is neither yes nor no"))),
        };
        if said[at].met.insert(cell(check).to_owned(), met).is_some_and(|before| before != met) {
            return Err(wrong(format!("the check `{}` is judged twice, and differently", cell(check))));
        }
        Ok(())
    })?;
    Ok(said)
}
