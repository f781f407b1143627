//! Questions about charts: the metric `chart-question`.
//!
//! Formula: 1 if the typed answer is right. A *number* is within a relative tolerance of the expected one, in its unit or
//! written out ($620K = 620000); a *category* is the expected text or an alias; a *trend* is up, down, flat or mixed by
//! its words; *yes_no* is a yes or a no. The answer is taken from JSON (`answer`), else from the text after its last
//! "answer" or "=", else from the whole text.
//! Known flaws: a sentence with several numbers is read by rule (see [`super::question_number`]); negations of trends and
//! categories are not understood.

use serde::Deserialize;
use serde_json::{Value, json};

use super::classify::words;
use super::question_number::{self, Expected};
use super::{Better, Finding, Reply, Scored, ValueInfo, info};
use crate::MetricError;
use crate::answer::plain_text;
use crate::value::{Verdict, alike};

pub(super) const VALUES: [ValueInfo; 5] = [
    info("accuracy", "1 if the answer is right", Better::Higher),
    info("answered", "1 if an answer of the right type was found", Better::Higher),
    info("rounded", "1 if the number is rounded beyond the tolerance", Better::Lower),
    info("shifted", "1 if the number has a moved point, swapped or dropped digits", Better::Lower),
    info("relative_error", "relative error of the number", Better::Lower),
];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    /// Relative error up to which a number is right, where the case names none.
    tolerance: f64,
    name_threshold: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { tolerance: 0.0, name_threshold: 0.85 }
    }
}

/// A verdict with its note, and the relative error of a number.
type Judged = (Verdict, Option<String>, Option<f64>);

impl Rules {
    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let kind = crate::arguments::string("expected.type", &expected["type"])?;
        let given = Given::of(reply);
        let (verdict, note, error) = match kind {
            "number" => {
                question_number::judge(&Expected::read(expected, self.tolerance)?, &given.value, &given.text)
            }
            "category" => self.category(expected, &given)?,
            "trend" => trend(expected, &given)?,
            "yes_no" => yes_no(expected, &given)?,
            other => {
                return Err(MetricError::new(format!(
                    "`expected.type` should be number, category, trend or yes_no, but is `{other}`"
                )));
            }
        };
        let is = |wanted: Verdict| Some(f64::from(verdict == wanted));
        let mut scored = reply.scored(is(Verdict::Right)).with_values([
            ("accuracy", is(Verdict::Right)),
            ("answered", Some(f64::from(verdict != Verdict::Missing))),
            ("rounded", is(Verdict::Rounded)),
            ("shifted", is(Verdict::Shifted)),
            ("relative_error", error),
        ]);
        scored.parse = reply.parse_or_prose();
        let (expected, got) = (expected["value"].clone(), given.value);
        scored.explanation.push(Finding {
            path: "answer".to_owned(),
            field: kind.to_owned(),
            expected,
            got,
            verdict,
            note,
        });
        Ok(scored)
    }

    fn category(&self, expected: &Value, given: &Given) -> Result<Judged, MetricError> {
        let mut names = vec![crate::arguments::string("expected.value", &expected["value"])?];
        if !expected["aliases"].is_null() {
            names.extend(crate::arguments::strings("expected.aliases", &expected["aliases"])?);
        }
        if given.text.trim().is_empty() {
            return Ok((Verdict::Missing, None, None));
        }
        let text = format!(" {} ", words(&given.text));
        let equal = |name: &str| alike(name, &given.text) >= self.name_threshold;
        // Only prose is searched: in a typed answer, `Q4 and Q3` is not Q4.
        let named = |name: &str| given.prose && text.contains(&format!(" {} ", words(name)));
        let right = names.iter().any(|name| equal(name) || named(name));
        Ok((if right { Verdict::Right } else { Verdict::Wrong }, None, None))
    }
}

/// What was answered.
struct Given {
    /// For the explanation.
    value: Value,
    text: String,
    /// The text is prose rather than the typed answer.
    prose: bool,
}

impl Given {
    fn of(reply: &Reply<'_>) -> Self {
        const KEYS: [&str; 5] = ["answer", "final_answer", "finalanswer", "value", "result"];
        let known = |key: &str| KEYS.contains(&key.to_lowercase().as_str());
        let value = match reply.json.value.as_ref() {
            Some(Value::Object(fields)) => fields.iter().find(|(key, _)| known(key)).map(|(_, value)| value),
            Some(Value::Array(items)) if items.len() == 1 => items.first(),
            Some(Value::Array(_)) | None => None,
            scalar => scalar,
        };
        match value {
            Some(Value::Null) => Self { value: Value::Null, text: String::new(), prose: false },
            Some(value) => Self { value: value.clone(), text: crate::value::text(value), prose: false },
            None => {
                let text = plain_text(reply.text);
                let text = after_marker(&text).to_owned();
                Self { value: json!(text), text, prose: true }
            }
        }
    }
}

/// The text after the last mark of a conclusion, if there is any.
fn after_marker(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let ends = ["answer is", "answer:", "answer:**", "answer =", "= "]
        .into_iter()
        .filter_map(|mark| lower.rfind(mark).map(|at| at + mark.len()));
    let rest = ends.max().map_or(text, |at| &text[at..]);
    if rest.chars().any(char::is_alphanumeric) { rest.trim() } else { text.trim() }
}

fn trend(expected: &Value, given: &Given) -> Result<Judged, MetricError> {
    const WORDS: [(&str, &[&str]); 4] = [
        (
            "up",
            &[
                "up", "upward", "upwards", "increas", "rise", "rises", "rising", "rose", "risen", "grow",
                "grew", "climb", "higher", "positive", "ascend",
            ],
        ),
        (
            "down",
            &[
                "down",
                "downward",
                "downwards",
                "decreas",
                "declin",
                "fall",
                "fell",
                "drop",
                "shrink",
                "shrank",
                "lower",
                "negative",
                "descend",
                "sank",
                "sink",
            ],
        ),
        (
            "flat",
            &[
                "flat",
                "stable",
                "constant",
                "steady",
                "unchanged",
                "stagnant",
                "stagnat",
                "no change",
                "level",
            ],
        ),
        (
            "mixed",
            &[
                "mixed",
                "fluctuat",
                "vary",
                "varies",
                "varied",
                "volatile",
                "oscillat",
                "no clear",
                "irregular",
                "inconsistent",
                "up and down",
            ],
        ),
    ];
    let wanted = crate::arguments::string("expected.value", &expected["value"])?;
    if !WORDS.iter().any(|(trend, _)| *trend == wanted) {
        return Err(MetricError::new(format!(
            "`expected.value` should be up, down, flat or mixed, but is `{wanted}`"
        )));
    }
    let text = format!(" {}", words(&given.text));
    // Short words must stand alone, or `upper` would be up; long ones may be inflected.
    let says = |word: &&str| match word.len() {
        0..=4 => text.split(' ').any(|other| other == *word),
        _ => text.contains(&format!(" {word}")),
    };
    let found: Vec<&str> =
        WORDS.iter().filter(|(_, list)| list.iter().any(says)).map(|(trend, _)| *trend).collect();
    let said = match found.as_slice() {
        [] => return Ok((Verdict::Missing, Some("names no trend".to_owned()), None)),
        [only] => only,
        list if list.contains(&"mixed") || (list.contains(&"up") && list.contains(&"down")) => "mixed",
        [first, ..] => first,
    };
    let verdict = if said == wanted { Verdict::Right } else { Verdict::Wrong };
    Ok((verdict, (given.text.trim() != said).then(|| format!("read as {said}")), None))
}

fn yes_no(expected: &Value, given: &Given) -> Result<Judged, MetricError> {
    let wanted = expected["value"]
        .as_bool()
        .ok_or_else(|| MetricError::shape("expected.value", "true or false", &expected["value"]))?;
    let text = words(&given.text);
    let opinion = |word: &str| match word {
        "yes" | "true" | "correct" | "ja" | "oui" | "sí" | "si" => Some(true),
        "no" | "false" | "incorrect" | "nein" | "non" | "not" => Some(false),
        _ => None,
    };
    // What comes first is the answer; what follows explains it.
    let said = text.split(' ').find_map(opinion);
    let verdict = match said {
        None => Verdict::Missing,
        Some(said) if said == wanted => Verdict::Right,
        Some(_) => Verdict::Wrong,
    };
    Ok((verdict, said.is_none().then(|| "says neither yes nor no".to_owned()), None))
}
