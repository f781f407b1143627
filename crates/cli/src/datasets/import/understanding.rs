//! What a table was taken for, in words: one line per column, and the first cases.

use eval_datasets::{Encoding, Import, Mark, Purpose, Reading, Understanding, Understood};
use eval_report::escape;
use eval_report::figures::counted;
use serde_json::Value;

use crate::environment::Environment;
use crate::table::{columns, table};

/// A longer cell says no more.
const LONGEST: usize = 40;

/// The whole text.
pub fn text(wanted: &Import, understood: &Understood, environment: &Environment) -> String {
    let mut rows: Vec<[String; 3]> = understood.columns.iter().map(row).collect();
    rows.extend(
        understood.places.iter().map(|(place, reading)| {
            [format!("  {place}"), "inside of cells".to_owned(), reading_text(reading)]
        }),
    );
    let mut lines = vec![head(wanted, understood), task(understood), String::new()];
    lines.push(table(["column", "read as", "how"], rows, columns(environment)));
    lines.push(String::new());
    for sample in &understood.samples {
        let media = sample.media.join(", ");
        let expected = escape::lines(&sample.expected.to_string());
        lines.push(format!("line {}: {} {expected}", sample.line, escape::lines(&media)));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn head(wanted: &Import, understood: &Understood) -> String {
    let rows = counted(understood.rows as u64, "row");
    let input = wanted.input.display();
    let Some((delimiter, encoding)) = understood.dialect else { return format!("{input}: {rows}") };
    let delimiter = match delimiter {
        '\t' => "tab".to_owned(),
        other => format!("`{other}`"),
    };
    let encoding = match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf16 => "UTF-16",
        Encoding::Windows1252 => {
            "Windows-1252 (not UTF-8; if accents look wrong below, save the file as UTF-8)"
        }
    };
    format!("{input}: {rows}, separated by {delimiter}, {encoding}")
}

fn task(understood: &Understood) -> String {
    let task = understood.task;
    match understood.guessed {
        true => format!("task: {task} (guessed from the columns; --task changes it)"),
        false => format!("task: {task}"),
    }
}

fn row(column: &Understanding) -> [String; 3] {
    let purpose = match &column.purpose {
        Purpose::File => "file".to_owned(),
        Purpose::Id => "id".to_owned(),
        Purpose::Source => "source".to_owned(),
        Purpose::Note => "note".to_owned(),
        Purpose::Tag(None) => "tags".to_owned(),
        Purpose::Tag(Some(key)) => format!("tag `{key}`"),
        Purpose::Field(None) => "fields of the prompt".to_owned(),
        Purpose::Field(Some(key)) => format!("field `{key}` of the prompt"),
        Purpose::Expected => "whole label".to_owned(),
        Purpose::Label(place) => format!("label `{place}`"),
        Purpose::DatePart(place) => format!("part of the label `{place}`"),
        Purpose::Ignored => "left out".to_owned(),
    };
    let how = match (&column.reading, &column.example) {
        (_, None) if column.purpose != Purpose::Ignored => "empty".to_owned(),
        (Some(reading), Some((cell, value))) => {
            let value = plain(value);
            let cell = cell.trim();
            let changed =
                if cell == value { String::new() } else { format!(", stored as {}", short(&value)) };
            format!("{}: `{}`{changed}", reading_text(reading), short(cell))
        }
        (None, Some((cell, _))) => format!("`{}`", short(cell.trim())),
        _ => String::new(),
    };
    [column.column.clone(), purpose, how]
}

fn reading_text(reading: &Reading) -> String {
    match reading {
        Reading::Text => "text".to_owned(),
        Reading::Flag => "true or false".to_owned(),
        Reading::Word => "one of a few words".to_owned(),
        Reading::Date { order: None } => "date".to_owned(),
        Reading::Date { order: Some(order) } => format!("date, {}", order.name()),
        Reading::Number { decimals, money, currencies, percent } => {
            let mut parts = vec![if *money { "amount" } else { "number" }.to_owned()];
            match decimals.mark {
                Some(Mark::Point) => parts.push("decimal point".to_owned()),
                Some(Mark::Comma) => parts.push("decimal comma".to_owned()),
                None => {}
            }
            parts.extend(currencies.iter().map(|currency| (*currency).to_owned()));
            if *percent {
                parts.push("percent".to_owned());
            }
            parts.join(", ")
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}
