//! ExtractBench: `short.jsonl`, `medium.jsonl` and `long.jsonl`, one document with its schema a line, and the folder `docs`.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use vision_core::{Bounds, Task};

use super::output::{Output, Row, SCHEMAS};
use super::{Import, open};
use crate::lines::{Lines, json_message};
use crate::{LabelEvidence, Problem, Result, check};

const SPLITS: [&str; 3] = ["short", "medium", "long"];

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let is_file = import.input.is_file();
    let root = if is_file { import.input.parent().unwrap_or(Path::new("")) } else { &import.input };
    let lists: Vec<PathBuf> = match is_file {
        true => vec![import.input.clone()],
        false => {
            SPLITS.iter().map(|split| root.join(format!("{split}.jsonl"))).filter(|it| it.is_file()).collect()
        }
    };
    if lists.is_empty() {
        return Err(Problem::new(&import.input, "has neither short.jsonl nor medium.jsonl nor long.jsonl"));
    }
    output.use_task(Task::Extract, import.prompt.as_ref());
    // Each document has its own.
    if let Some(file) = output.tasks.get_mut(&Task::Extract).and_then(|spec| spec.schema.take()) {
        output.schemas.remove(&file);
    }
    let root = import.files.as_deref().unwrap_or(root);
    let mut known = BTreeMap::new();
    lists.iter().try_for_each(|list| rows(list, root, &mut known, output))
}

/// A line of the list; four of its columns are JSON inside of a text.
#[derive(Deserialize)]
struct Document {
    id: String,
    #[serde(default)]
    category: String,
    pdf: String,
    #[serde(default)]
    tags: Vec<String>,
    data_schema: Value,
    expected_output: Value,
    #[serde(default)]
    field_rules: Value,
}

/// Files of schemas, by their text: many documents share one.
type Known = BTreeMap<String, String>;

fn rows(list: &Path, root: &Path, known: &mut Known, output: &mut Output) -> Result<()> {
    let mut lines = Lines::new(BufReader::new(open(list)?));
    while let Some(line) = lines.next().map_err(|error| Problem::unreadable(list, &error))? {
        let number = line.number;
        let document = match line.bytes {
            Ok(bytes) if bytes.trim_ascii().is_empty() => continue,
            Ok(bytes) => serde_json::from_slice::<Document>(bytes).map_err(|error| json_message(&error)),
            Err(message) => Err(message),
        };
        let mut dropped = Vec::new();
        let row = document.and_then(|document| row(document, number, root, known, &mut dropped, output));
        for path in dropped {
            let note = format!("`field_rules` names `{path}`, which `expected_output` lacks: left out");
            output.note(Problem::at_line(list, number, note));
        }
        match row {
            Ok(row) => output.case(row)?,
            Err(message) => output.refuse(Problem::at_line(list, number, message)),
        }
    }
    Ok(())
}

fn row(
    document: Document,
    line: usize,
    root: &Path,
    known: &mut Known,
    dropped: &mut Vec<String>,
    output: &mut Output,
) -> Result<Row, String> {
    let schema = embedded("data_schema", document.data_schema)?;
    let mut expected = embedded("expected_output", document.expected_output)?;
    // `{"value": {…}}` is what is in it.
    if let Value::Object(fields) = &mut expected
        && fields.len() == 1
        && let Some(inner @ Value::Object(_)) = fields.get_mut("value")
    {
        expected = inner.take();
    }
    if !expected.is_object() {
        return Err("`expected_output` is no object".to_owned());
    }
    if let Some(fault) = check::misfit(&schema, &expected) {
        return Err(format!("`expected_output` does not follow `data_schema`: {fault}"));
    }
    let evidence = evidence(&embedded("field_rules", document.field_rules)?, &expected, dropped)?;
    let medium = output.copy(root, &document.pdf)?;
    let text = schema.to_string();
    let file = match known.get(&text) {
        Some(file) => file.clone(),
        None => {
            let file = format!("{SCHEMAS}/{:04}.schema.json", known.len() + 1);
            known.insert(text, file.clone());
            output.schemas.insert(file.clone(), schema);
            file
        }
    };
    Ok(Row {
        id: document.id,
        line,
        media: vec![medium],
        expected,
        tags: tags(&document.tags, &document.category),
        schema: Some(file),
        evidence,
        ..Row::default()
    })
}

/// A column that is JSON in a text; an empty one is nothing.
fn embedded(column: &str, value: Value) -> Result<Value, String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Ok(Value::Null),
        Value::String(text) => {
            serde_json::from_str(&text).map_err(|error| format!("`{column}` {}", json_message(&error)))
        }
        other => Ok(other),
    }
}

/// Tags by their axis: `T1` of the task, `P2` of the capture, `S3` of the table, `D4` of the domain; others stand for themselves.
fn tags(listed: &[String], category: &str) -> BTreeMap<String, String> {
    const AXES: [(char, &str); 4] = [('T', "task"), ('P', "capture"), ('S', "table"), ('D', "domain")];
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for tag in listed.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        let mut letters = tag.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let numbered = letters.next().is_some_and(|letter| letter.is_ascii_digit());
        match AXES.iter().find(|(letter, _)| Some(*letter) == first && numbered) {
            Some((_, axis)) => tags
                .entry((*axis).to_owned())
                .and_modify(|known| *known = format!("{known}, {tag}"))
                .or_insert_with(|| tag.to_owned()),
            None => tags.entry(tag.to_owned()).or_insert_with(|| "yes".to_owned()),
        };
    }
    if !category.is_empty() {
        tags.insert("split".to_owned(), category.to_owned());
    }
    tags
}

/// Rules by path, or in a list, as evidence.
fn evidence(rules: &Value, expected: &Value, dropped: &mut Vec<String>) -> Result<Value, String> {
    let by_path: Vec<(String, &Value)> = match rules {
        Value::Null => return Ok(Value::Null),
        Value::Object(rules) => rules.iter().map(|(path, rule)| (path.clone(), rule)).collect(),
        Value::Array(rules) => {
            let path = |rule: &Value| rule["field_path"].as_str().map(str::to_owned);
            let with_path = |rule| path(rule).map(|path| (path, rule)).ok_or("a rule has no `field_path`");
            rules.iter().map(with_path).collect::<Result<_, _>>()?
        }
        _ => return Err("`field_rules` is neither an object nor a list".to_owned()),
    };
    let mut evidence: BTreeMap<String, Vec<LabelEvidence>> = BTreeMap::new();
    for (path, rule) in by_path {
        if !check::stands(expected, &path) {
            dropped.push(path);
            continue;
        }
        let entries = entries(rule).map_err(|message| format!("`field_rules` of `{path}`: {message}"))?;
        evidence.entry(path).or_default().extend(entries);
    }
    evidence.retain(|_, entries| !entries.is_empty());
    Ok(if evidence.is_empty() { Value::Null } else { json!(evidence) })
}

fn entries(rule: &Value) -> Result<Vec<LabelEvidence>, String> {
    let mut entries = Vec::new();
    match &rule["evidence"] {
        Value::Null => {
            for place in rule["bboxes"].as_array().into_iter().flatten() {
                entries.push(entry(place, &rule["expected_value"]));
            }
        }
        Value::Array(listed) => entries.extend(listed.iter().map(|it| entry(it, &it["value"]))),
        _ => return Err("`evidence` is no list".to_owned()),
    }
    let normalizers = rule["normalizers"].as_array().into_iter().flatten();
    let normalizers: Vec<String> = normalizers.filter_map(Value::as_str).map(str::to_owned).collect();
    if !normalizers.is_empty() {
        if entries.is_empty() {
            entries.push(LabelEvidence::default());
        }
        entries[0].normalizers = normalizers;
    }
    entries.retain(|entry| *entry != LabelEvidence::default());
    Ok(entries)
}

fn entry(place: &Value, value: &Value) -> LabelEvidence {
    let page = place["page"].as_u64().and_then(|page| u32::try_from(page).ok()).filter(|page| *page > 0);
    LabelEvidence {
        value: Some(value.clone()).filter(|value| !value.is_null()),
        text: place["quote"].as_str().filter(|_| !value.is_null()).map(str::to_owned),
        page,
        // A box without a page says nothing.
        bounds: page.and_then(|_| bounds(&place["bbox"])),
        normalizers: Vec::new(),
    }
}

/// Left, top, width and height as the sides of a part of the page.
fn bounds(value: &Value) -> Option<Bounds> {
    let numbers: Vec<f64> = value.as_array()?.get(..4)?.iter().map(Value::as_f64).collect::<Option<_>>()?;
    let [left, top, width, height] = numbers[..] else { return None };
    let side = |at: f64| at.clamp(0.0, 1.0);
    (width >= 0.0 && height >= 0.0).then(|| Bounds {
        left: side(left),
        top: side(top),
        right: side(left + width),
        bottom: side(top + height),
    })
}
