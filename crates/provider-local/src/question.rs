//! Questions in plain English, answered from what stands on the page, or refused.
//!
//! The rules know ideas (highest, sum, difference, total, date, what stands beside a label) and not sentences. A
//! question that none of them answers is refused: a wrong answer costs more than none.

mod asked;
mod page;
mod table;

use serde_json::{Map, Value};

use crate::page::Page;
use crate::words::{contains_any, words};
use crate::{Failure, chart, classify};

use asked::Asked;

/// Answers the question of a prompt about a chart, or about what else the page turns out to be.
pub fn about_chart(picture: &Page, prompt: &str) -> Result<Map<String, Value>, Failure> {
    let asked = Asked::of(prompt);
    let table = chart::read(picture);
    let value = if table::fits(&table, &asked) {
        table::answer(&table, &asked).or_else(|| page::answer(picture, &asked))
    } else {
        page::answer(picture, &asked).or_else(|| table::answer(&table, &asked))
    };
    let value = value.ok_or_else(|| unanswered(&asked))?;
    Ok([("answer".to_owned(), value)].into_iter().collect())
}

/// Answers a free question about any page, as text.
pub fn free(picture: &Page, prompt: &str) -> Result<String, Failure> {
    let asked = Asked::of(prompt);
    let is_chart = || classify::best(picture) == "chart";
    let value = match page::answer(picture, &asked) {
        Some(value) if !is_chart() => Some(value),
        found => {
            let table = chart::read(picture);
            let from_table = table::fits(&table, &asked).then(|| table::answer(&table, &asked)).flatten();
            from_table.or(found)
        }
    };
    match value.ok_or_else(|| unanswered(&asked))? {
        Value::String(text) => Ok(text),
        Value::Bool(holds) => Ok(if holds { "yes" } else { "no" }.to_owned()),
        other => Ok(other.to_string()),
    }
}

/// Whether a prompt asks for the text of the page rather than for something particular on it.
pub fn is_transcription(prompt: &str) -> bool {
    const READING: &[&str] = &[
        "transcribe",
        "transcription",
        "transcript",
        "ocr",
        "read out",
        "write down",
        "copy out",
        "type out",
        "transkribiere",
        "transcris",
        "transcribir",
        "trascrivi",
        "was steht",
    ];
    const TEXT: &[&str] = &[
        "text",
        "texts",
        "words",
        "everything",
        "content",
        "contents",
        "all",
        "lines",
        "page",
        "document",
        "it",
    ];
    const VERBS: &[&str] =
        &["extract", "read", "return", "give", "output", "print", "show", "get", "list", "copy", "write"];
    let prompt = words(prompt);
    let says = |phrases: &[&str]| contains_any(&prompt, phrases);
    let particular = says(&[
        "box", "corner", "line", "row", "column", "heading", "title", "total", "first", "last", "top",
        "bottom",
    ]);
    prompt.is_empty()
        || says(READING)
        || says(&[
            "does it say",
            "does this say",
            "is written here",
            "is written on",
            "text is on",
            "text is in",
            "what is the text",
            "do you read",
            "can you read",
        ]) && !particular
        || prompt.first().is_some_and(|verb| VERBS.contains(&verb.as_str())) && says(TEXT) && !particular
        || prompt.len() == 1 && says(TEXT)
}

/// Whether a prompt is one question, and not the instructions of a task.
pub fn is_question(prompt: &str) -> bool {
    let prompt = prompt.trim();
    prompt.ends_with('?') && prompt.chars().count() <= 200 && !prompt.contains('\n')
}

fn unanswered(asked: &Asked) -> Failure {
    Failure::Unanswered(format!(
        "this reader finds no answer to \"{}\": it reads printed text and charts, and answers questions about their \
         labels and values",
        asked.text.chars().take(200).collect::<String>()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_for_the_text_is_no_question() {
        for prompt in [
            "",
            "What does it say?",
            "Transcribe all text on this page in reading order, line by line, exactly as printed.",
            "Read the text.",
            "Extract everything",
            "Return all words of the document as plain text.",
            "OCR",
            "text",
        ] {
            assert!(is_transcription(prompt), "{prompt}");
        }
        for prompt in [
            "What is the total?",
            "Which bar is highest?",
            "Is it signed?",
            "Describe the mood of the picture.",
            "Give the total.",
            "What is the text in the box at the top?",
        ] {
            assert!(!is_transcription(prompt), "{prompt}");
        }
    }
}
