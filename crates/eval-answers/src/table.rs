use eval_datasets::Sheet;
use serde_json::{Map, Value};

use crate::Answer;
use crate::answer::{ID_NAMES, NO_ANSWER, amount, key, text};

/// The names that a column may have, ours first.
const CANDIDATE: [&str; 3] = ["candidate", "model", "provider"];
const ANSWER: [&str; 6] = ["answer", "output", "prediction", "predicted", "response", "text"];
const ERROR: [&str; 1] = ["error"];
const REPEAT: [&str; 2] = ["repeat", "epoch"];
const USD: [&str; 3] = ["usd", "cost_usd", "cost"];
const SECONDS: [&str; 4] = ["seconds", "time", "latency", "latency_seconds"];
const MILLISECONDS: [&str; 2] = ["latency_ms", "milliseconds"];
const INPUT: [&str; 2] = ["input_tokens", "prompt_tokens"];
const OUTPUT: [&str; 2] = ["output_tokens", "completion_tokens"];

/// A table with a head, as spreadsheets save it. Empty cells say nothing.
pub(crate) fn csv(table: &str) -> Result<Vec<Answer>, String> {
    let sheet = Sheet::new(table.to_owned(), |name| is_one_of(&ID_NAMES, name))?;
    let mut answers = Vec::new();
    sheet.rows::<String>(&mut |number, row| {
        let row = row.map_err(|error| format!("line {number}: {error}"))?;
        let cells = sheet.header.iter().zip(row);
        let cells = cells.filter(|(name, cell)| !cell.is_empty() || is_one_of(&ANSWER, name));
        let line: Map<String, Value> =
            cells.map(|(name, cell)| (name.to_ascii_lowercase(), Value::from(cell))).collect();
        answers.push(line_of(number, &Value::Object(line), true)?);
        Ok(())
    })?;
    Ok(answers)
}

/// A line of JSON with the same names.
pub(crate) fn line(number: usize, line: &Value) -> Result<Answer, String> {
    line_of(number, line, false)
}

/// An empty cell is where nothing was written; an empty text in JSON is an answer.
fn line_of(number: usize, line: &Value, is_table: bool) -> Result<Answer, String> {
    let wrong = |what: &str| Err(format!("line {number}: {what}"));
    let first = |names: &[&str]| names.iter().find_map(|name| line.get(*name)).filter(|it| !it.is_null());
    let figure = |names: &[&str]| -> Result<Option<f64>, String> {
        let Some(value) = first(names) else { return Ok(None) };
        let number_of = |text: &str| text.trim().trim_start_matches('$').parse::<f64>().ok().map(Value::from);
        let value = value.as_str().map_or_else(|| Some(value.clone()), number_of);
        match value.as_ref().and_then(amount) {
            Some(amount) => Ok(Some(amount)),
            None => Err(format!("line {number}: `{}` is not an amount", names[0])),
        }
    };
    let keys: Vec<String> = ID_NAMES.iter().filter_map(|name| line.get(*name)).filter_map(key).collect();
    if keys.is_empty() {
        return wrong("no case: name it in a column or field `case`");
    }
    let has_place = ANSWER.iter().any(|name| line.get(*name).is_some());
    let outcome = match (first(&ERROR), first(&ANSWER).map(text)) {
        (Some(error), _) => Err(text(error)),
        (None, Some(answer)) if !(is_table && answer.trim().is_empty()) => Ok(answer),
        (None, _) if has_place => Err(NO_ANSWER.to_owned()),
        (None, _) => return wrong("neither `answer` nor `error`"),
    };
    let count = |names: &[&str]| figure(names).map(|count| count.map(|count| count as u64));
    let seconds = match figure(&SECONDS)? {
        Some(seconds) => Some(seconds),
        None => figure(&MILLISECONDS)?.map(|milliseconds| milliseconds / 1_000.0),
    };
    Ok(Answer {
        keys,
        candidate: first(&CANDIDATE).map(text).unwrap_or_default(),
        repeat: figure(&REPEAT)?.map(|repeat| repeat as u32),
        place: format!("line {number}"),
        outcome,
        model: None,
        usd: figure(&USD)?,
        seconds,
        input_tokens: count(&INPUT)?,
        output_tokens: count(&OUTPUT)?,
    })
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.contains(&name.trim().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use crate::{Answer, NO_ANSWER, read};

    fn csv(text: &str) -> Result<Vec<Answer>, String> {
        read("a.csv", text, None)
    }

    #[test]
    fn what_a_table_does_not_say_is_not_known() {
        let answers =
            csv("case,candidate,answer,usd,latency_ms\nc1,m,\"a, b\",$0.5,1500\nc2,m,,,\n").unwrap();
        assert_eq!((answers[0].usd, answers[0].seconds), (Some(0.5), Some(1.5)));
        assert_eq!(answers[0].outcome.as_deref(), Ok("a, b"));
        assert_eq!(
            answers[1],
            Answer {
                keys: vec!["c2".into()],
                candidate: "m".into(),
                place: "a.csv, line 3".into(),
                outcome: Err(NO_ANSWER.into()),
                ..Answer::default()
            }
        );
    }

    #[test]
    fn a_table_may_be_as_spreadsheets_save_it() {
        for text in [
            "case;candidate;answer\r\nc1;m;a, b\r\n",
            "sep=;\ncase;candidate;answer\nc1;m;\"a, b\"\n",
            "\u{feff}case\tcandidate\tanswer\nc1\tm\ta, b\n",
        ] {
            let answers = csv(text).unwrap();
            assert_eq!(answers.len(), 1, "{text}");
            assert_eq!((answers[0].keys[0].as_str(), answers[0].outcome.as_deref()), ("c1", Ok("a, b")));
        }
    }

    #[test]
    fn lines_of_json_say_the_same() {
        let lines = "{\"case\": 7, \"model\": \"m\", \"answer\": {\"total\": 1}, \"input_tokens\": 9}\n\
                     {\"case\": 8, \"model\": \"m\", \"error\": \"timeout\"}\n";
        let answers = read("a.jsonl", lines, None).unwrap();
        assert_eq!((answers[0].keys[0].as_str(), answers[0].input_tokens), ("7", Some(9)));
        assert_eq!(answers[0].outcome.as_deref(), Ok("{\"total\":1}"));
        assert_eq!(answers[1].outcome.as_ref().map_err(String::as_str), Err("timeout"));
    }

    #[test]
    fn an_empty_text_is_an_answer_and_null_is_none() {
        let lines = "{\"case\": 1, \"answer\": \"\"}\n{\"case\": 2, \"answer\": null}\n";
        let answers = read("a.jsonl", lines, None).unwrap();
        let outcomes = [&answers[0].outcome, &answers[1].outcome];
        assert_eq!(outcomes, [&Ok(String::new()), &Err(NO_ANSWER.to_owned())]);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, said) in [
            ("candidate,answer\nm,1\n", "line 2: no case"),
            ("case,candidate\nc,m\n", "line 2: neither `answer` nor `error`"),
            ("case,answer,usd\nc,1,cheap\n", "line 2: `usd` is not an amount"),
            ("case,answer,usd\nc,1,-1\n", "line 2: `usd` is not an amount"),
        ] {
            assert!(csv(text).unwrap_err().starts_with(said), "{text}");
        }
        assert!(read("a.jsonl", "{\"case\":1,\"answer\":1}\n{", None).unwrap_err().starts_with("line 2: "));
        assert!(read("a.json", "[]", None).unwrap_err().contains("known form"));
    }
}
