//! SROIE: `img/X.jpg`, `entities/X.txt` (or `key/X.json`) with JSON of company, date, address and total, and
//! `box/X.txt` with lines `x1,y1,x2,y2,x3,y3,x4,y4,text`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use vision_core::Task;
use vision_files::TEXT;

use super::output::{Output, Row};
use super::{Import, amounts};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let root = &import.input;
    let task = import.task.unwrap_or(Task::Receipt);
    let (folder, ending) = match task {
        Task::Receipt => ["entities", "key"]
            .into_iter()
            .find(|name| root.join(name).is_dir())
            .map(|name| (name, if name == "key" { "json" } else { "txt" }))
            .ok_or_else(|| Problem::new(root, "has neither a folder `entities` nor `key`"))?,
        Task::Text => ("box", "txt"),
        other => return Err(Problem::new(root, format!("SROIE has no labels for the task `{other}`"))),
    };
    output.use_task(task, import.prompt.as_ref());
    let images = names(&root.join("img"))?;
    let mut images: BTreeMap<String, String> =
        images.into_iter().map(|name| (stem(&name).to_owned(), name)).collect();
    for label in names(&root.join(folder))? {
        let path = root.join(folder).join(&label);
        let stem = stem(&label).to_owned();
        let Some(image) = images.remove(&stem) else {
            output.refuse(Problem::new(&path, "has no image of its name in `img`"));
            continue;
        };
        if Path::new(&label).extension().is_none_or(|it| it != ending) {
            output.refuse(Problem::new(&path, format!("is not a .{ending} file")));
            continue;
        }
        let expected = if task == Task::Receipt { receipt(&path) } else { text(&path) };
        match expected {
            Ok(expected) => match output.copy(root, &format!("img/{image}")) {
                Ok(medium) => {
                    output.case(Row { id: stem, media: vec![medium], expected, ..Row::default() })?;
                }
                Err(message) => output.refuse(Problem::new(&path, message)),
            },
            Err(problem) => output.refuse(problem),
        }
    }
    for image in images.into_values() {
        output.refuse(Problem::new(root.join("img").join(image), format!("has no label in `{folder}`")));
    }
    Ok(())
}

/// The names of the files in a folder, sorted.
pub(super) fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|error| Problem::unreadable(folder, &error))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Problem::unreadable(folder, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with('.'));
    names.sort_unstable();
    Ok(names)
}

/// A file's name without its ending.
pub(super) fn stem(name: &str) -> &str {
    Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name)
}

fn receipt(path: &Path) -> Result<Value> {
    let text = lossy(path)?;
    let labels: Map<String, Value> = serde_json::from_str(&text)
        .map_err(|error| Problem::at_line(path, error.line(), error.to_string()))?;
    let mut expected = Map::new();
    for (from, to) in [("company", "store"), ("date", "date"), ("total", "total")] {
        let Some(value) = labels.get(from) else { continue };
        let written = value.as_str().map(str::trim).unwrap_or_default();
        // SROIE leaves a field empty when the receipt does not show it.
        let value = match (to, written) {
            (_, "") => Some(Value::Null),
            ("store", name) => Some(name.into()),
            ("date", date) => amounts::date(date).map(Value::from),
            (_, amount) => amounts::decimal(amount),
        };
        let line = text.lines().position(|line| line.contains(&format!("\"{from}\""))).map_or(1, |at| at + 1);
        let value = value
            .ok_or_else(|| Problem::at_line(path, line, format!("`{from}` cannot be read: `{written}`")))?;
        expected.insert(to.to_owned(), value);
    }
    if expected.is_empty() {
        return Err(Problem::new(path, "labels none of company, date and total"));
    }
    Ok(expected.into())
}

fn text(path: &Path) -> Result<Value> {
    let text = lossy(path)?;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let words = line.splitn(9, ',').collect::<Vec<_>>();
        match words.as_slice() {
            [corners @ .., words]
                if corners.len() == 8 && corners.iter().all(|it| it.trim().parse::<i32>().is_ok()) =>
            {
                lines.push(*words);
            }
            _ => return Err(Problem::at_line(path, at + 1, "should be eight coordinates and a text")),
        }
    }
    Ok(lines.join("\n").into())
}

/// Some of its files are not UTF-8, and have a byte-order mark.
fn lossy(path: &Path) -> Result<String> {
    let bytes = vision_files::read(path, TEXT).map_err(|refused| Problem::new(path, refused.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}
