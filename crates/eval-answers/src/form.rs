use serde_json::Value;

use crate::{Answer, inspect, lmms_eval, predictions, promptfoo, table};

/// What wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A table with a head: case, candidate, answer, …
    Csv,
    /// Lines of JSON with the same names.
    Jsonl,
    /// The results of promptfoo, as JSON.
    Promptfoo,
    /// A log of Inspect, as JSON.
    Inspect,
    /// The samples of lmms-eval: lines of JSON.
    LmmsEval,
    /// A prediction: the values read from a document, with or without citations.
    Prediction,
}

impl Form {
    /// Every form with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("csv", Self::Csv),
        ("jsonl", Self::Jsonl),
        ("promptfoo", Self::Promptfoo),
        ("inspect", Self::Inspect),
        ("lmms-eval", Self::LmmsEval),
        ("prediction", Self::Prediction),
    ];

    /// By the name of the file and what it holds.
    fn of(name: &str, text: &str) -> Result<Self, String> {
        if has_end(name, ".csv") || has_end(name, ".tsv") {
            return Ok(Self::Csv);
        }
        let first = text.lines().next().unwrap_or_default();
        if let Ok(line) = serde_json::from_str::<Value>(first)
            && (has_end(name, ".jsonl") || has_end(name, ".ndjson") || text.trim().lines().count() > 1)
        {
            return Ok(match line.get("filtered_resps").or_else(|| line.get("resps")) {
                Some(_) => Self::LmmsEval,
                None => Self::Jsonl,
            });
        }
        let whole: Value = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        Ok(match () {
            () if whole["results"]["results"].is_array() => Self::Promptfoo,
            () if whole["eval"].is_object()
                && (whole["samples"].is_array() || whole["status"].is_string()) =>
            {
                Self::Inspect
            }
            () if whole.is_object() => Self::Prediction,
            () => return Err("holds no answers of a known form".to_owned()),
        })
    }
}

/// The answers of a file of this name, in the order of the file; its form is found out if it is not given.
pub fn read(name: &str, text: &str, form: Option<Form>) -> Result<Vec<Answer>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let form = form.map_or_else(|| Form::of(name, text), Ok)?;
    let mut answers = answers(name, text, form)?;
    for (number, answer) in (1..).zip(&mut answers) {
        answer.place = match answer.place.as_str() {
            "" => format!("{name}, answer {number}"),
            place => format!("{name}, {place}"),
        };
    }
    Ok(answers)
}

fn answers(name: &str, text: &str, form: Form) -> Result<Vec<Answer>, String> {
    match form {
        Form::Csv => table::csv(text),
        Form::Jsonl => lines(text)?.iter().map(|(number, line)| table::line(*number, line)).collect(),
        Form::Promptfoo => promptfoo::read(&document(text)?),
        Form::Inspect => inspect::read(&document(text)?),
        Form::LmmsEval => Ok(lines(text)?.iter().map(|(_, line)| lmms_eval::line(name, line)).collect()),
        Form::Prediction => Ok(vec![predictions::read(name, &document(text)?)]),
    }
}

fn has_end(name: &str, end: &str) -> bool {
    name.to_ascii_lowercase().ends_with(end)
}

fn document(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))
}

fn lines(text: &str) -> Result<Vec<(usize, Value)>, String> {
    let filled = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line): (usize, &str)| match serde_json::from_str(line) {
        Ok(value) => Ok((number, value)),
        Err(error) => Err(format!("line {number}: is not JSON: {error}")),
    };
    filled.map(read).collect()
}
