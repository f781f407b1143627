//! Questions about charts: the metric `chart-question`.
//!
//! Formula: 1 if the typed answer is right. A *number* is within a relative tolerance of the expected one, in its unit or
//! written out ($620K = 620000); a *category* is the expected text or an alias; a *trend* is up, down, flat or mixed by
//! its words; *yes_no* is a yes or a no. The answer is taken from JSON (`answer`), else from the text after its last
//! "answer", else from the whole text.
//! Days and times of day are compared by what they mean (`2024-03-04` is March 4, 2024), and numbers with units of measure in
//! one unit (180 minutes are 3 hours). A name that is part of another one (`North Korea`) is another name.
//! Known flaws: a sentence with several numbers is read by rule (see [`super::question_number`]); not every negation of a trend
//! or a category is understood, nor every word that makes another name of one inside a long sentence.

use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::{conclusion, denies, plainly};
use super::keys::{Fields, best_object};
use super::question_number::{self, Asks, Expected};
use super::refusal::{declines_to_say, states_error};
use super::{Better, CaseFacts, Finding, Reply, STRICT, Scored, ValueInfo, category, info, opinion, trend};
use crate::MetricError;
use crate::answer::plain_text;
use crate::value::clock::time_of_day;
use crate::value::{Verdict, dates, is_same_spelling};

pub(super) const VALUES: [ValueInfo; 6] = [
    info("accuracy", "1 if the answer is right", Better::Higher),
    info("answered", "1 if an answer of the right type was found", Better::Higher),
    info("rounded", "1 if the number is rounded beyond the tolerance", Better::Lower),
    info("shifted", "1 if the number has a moved point, swapped or dropped digits", Better::Lower),
    info("relative_error", "relative error of the number", Better::Lower),
    STRICT,
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
    pub(super) fn score(
        &self,
        expected: &Value,
        reply: &Reply<'_>,
        facts: &CaseFacts,
    ) -> Result<Scored, MetricError> {
        let kind = crate::arguments::string("expected.type", &expected["type"])?;
        let given = Given::of(reply);
        let question = facts.question.as_deref().unwrap_or_default();
        let (verdict, note, error) = match kind {
            "number" => {
                let asks = facts.question.as_deref().map(Asks::read).unwrap_or_default();
                let expected = Expected::read(expected, self.tolerance)?;
                let text = question_number::asked_part(&given.text, question);
                question_number::judge(&expected, &given.value, text, asks)
            }
            "category" => self.category(expected, &given, question)?,
            "trend" => judge_trend(expected, &given)?,
            "yes_no" => yes_no(expected, &given, question)?,
            other => {
                return Err(MetricError::new(format!(
                    "`expected.type` should be number, category, trend or yes_no, but is `{other}`"
                )));
            }
        };
        let is = |wanted: Verdict| Some(f64::from(verdict == wanted));
        // A number within the tolerance is right by the rule of the case, and not by leniency.
        let bare_number = given.value.is_number() || given.text.trim().parse::<f64>().is_ok();
        let is_number = kind == "number" && bare_number && error.is_some_and(|error| error < 1.0);
        let literal = verdict == Verdict::Right
            && (given.is_literal(expected, reply)
                || (is_number && (reply.json.value.is_none() || reply.is_bare())));
        let lenient = verdict == Verdict::Right && !literal;
        let mut scored = reply.scored(is(Verdict::Right)).with_values([
            ("accuracy", is(Verdict::Right)),
            ("answered", Some(f64::from(verdict != Verdict::Missing))),
            ("rounded", is(Verdict::Rounded)),
            ("shifted", is(Verdict::Shifted)),
            ("relative_error", error),
            ("strict", Some(f64::from(literal))),
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
            lenient,
        });
        Ok(scored)
    }

    fn category(&self, expected: &Value, given: &Given, question: &str) -> Result<Judged, MetricError> {
        let mut names = vec![crate::arguments::string("expected.value", &expected["value"])?];
        if !expected["aliases"].is_null() {
            names.extend(crate::arguments::strings("expected.aliases", &expected["aliases"])?);
        }
        if let Some(judged) = moment(names[0], &given.text) {
            return Ok(judged);
        }
        let asked = category::Asked { question, is_prose: given.prose };
        let verdict = category::judge(&names, &given.text, asked, self.name_threshold);
        Ok((verdict, None, None))
    }
}

/// Judges a day or a time of day by what it means, where label and answer are one.
fn moment(expected: &str, given: &str) -> Option<Judged> {
    const LONGEST: usize = 200;
    let given = given.trim().trim_end_matches('.');
    let is_denied = || category::words(&plainly(given)).iter().any(|word| denies(word));
    if given.len() > LONGEST || is_denied() || is_same_spelling(&json!(expected), &json!(given)) {
        return None;
    }
    // `It was issued on March 4, 2024`
    let tails =
        [" on ", " is ", ": ", " was ", " at "].iter().filter_map(|mark| Some(given.rsplit_once(mark)?.1));
    let mut readings = std::iter::once(given).chain(tails);
    let (right, read) = if let [day] = dates(expected, None).as_slice() {
        let found = readings.map(|text| dates(text, None)).find(|found| !found.is_empty())?;
        match found.as_slice() {
            [only] => (only == day, only.to_string()),
            _ => {
                return Some((
                    Verdict::Wrong,
                    Some("day and month could be read either way".to_owned()),
                    None,
                ));
            }
        }
    } else {
        let (minutes, seconds) = time_of_day(expected)?;
        let (other, of_minute) = readings.find_map(time_of_day)?;
        (minutes == other && seconds == of_minute, format!("{:02}:{:02}", other / 60, other % 60))
    };
    let verdict = if right { Verdict::Right } else { Verdict::Wrong };
    Some((verdict, Some(format!("read as {read}")), None))
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
        let value = match reply.json.value.as_ref() {
            Some(value) if states_error(value) => Some(&Value::Null),
            Some(value @ (Value::Object(_) | Value::Array(_))) => in_object(value),
            // A number in plain text may be spelled in another country's way.
            Some(Value::Number(_)) => {
                let text = plain_text(reply.text);
                return Self { value: json!(text), text, prose: true };
            }
            scalar => scalar,
        };
        match value {
            // `null` is also zero in German, but no answer here.
            Some(value) if value.is_null() || value == "null" => {
                Self { value: Value::Null, text: String::new(), prose: false }
            }
            Some(value) => {
                let text = match value {
                    Value::Array(items) => {
                        items.iter().map(crate::value::text).collect::<Vec<_>>().join(" and ")
                    }
                    value => crate::value::text(value),
                };
                Self { value: value.clone(), text, prose: false }
            }
            None => {
                let text = plain_text(reply.text);
                let text = conclusion(boxed(&text), &MARKS).to_owned();
                Self { value: json!(text), text, prose: true }
            }
        }
    }

    /// Whether it is the value that was asked for, in the form that was asked for.
    fn is_literal(&self, expected: &Value, reply: &Reply<'_>) -> bool {
        let in_place = match &reply.json.value {
            Some(Value::Object(fields)) => reply.is_bare() && fields.contains_key("answer"),
            Some(_) => reply.is_bare(),
            None => true,
        };
        in_place
            && (is_same_spelling(&expected["value"], &self.value)
                || crate::value::text(&expected["value"]) == self.text.trim())
    }
}

/// What announces the conclusion of a text.
const MARKS: [&str; 5] = ["answer is", "answer:", "answer:**", "answer =", "conclusion:"];

/// The answer in an object, however it is wrapped.
fn in_object(value: &Value) -> Option<&Value> {
    if let Value::Array(items) = value {
        return if items.len() == 1 { in_object(&items[0]).or(items.first()) } else { None };
    }
    let (fields, known) = best_object(value, &["answer"]);
    let fields = fields.filter(|_| known > 0)?;
    let found = Fields::of(fields).get("answer", std::iter::empty())?.value;
    // `{"answer": {"value": 620, "unit": "$K"}}`
    match found {
        Value::Object(inner) => {
            let inner = Fields::of(inner).get("answer", std::iter::empty()).map(|found| found.value);
            inner.or(Some(found))
        }
        found => Some(found),
    }
}

/// What stands in the last `\\boxed{…}` of a text, else the text.
fn boxed(text: &str) -> &str {
    let Some(start) = text.rfind("\\boxed{").map(|at| at + 7) else { return text };
    text[start..].find('}').map_or(text, |end| &text[start..start + end])
}

fn judge_trend(expected: &Value, given: &Given) -> Result<Judged, MetricError> {
    let wanted = crate::arguments::string("expected.value", &expected["value"])?;
    if !trend::is_trend(wanted) {
        return Err(MetricError::new(format!(
            "`expected.value` should be up, down, flat or mixed, but is `{wanted}`"
        )));
    }
    let Some(said) = trend::described(&given.text) else {
        return Ok((Verdict::Missing, Some("names no trend".to_owned()), None));
    };
    let verdict = if said == wanted { Verdict::Right } else { Verdict::Wrong };
    Ok((verdict, (given.text.trim() != said).then(|| format!("read as {said}")), None))
}

fn yes_no(expected: &Value, given: &Given, question: &str) -> Result<Judged, MetricError> {
    let wanted = expected["value"]
        .as_bool()
        .ok_or_else(|| MetricError::shape("expected.value", "true or false", &expected["value"]))?;
    let said = match given.text.trim() {
        "1" if !given.prose => Some(true),
        "0" if !given.prose => Some(false),
        "✓" | "✔" | "☑" | "☒" | "[x]" | "[X]" => Some(true),
        "✗" | "✘" | "☐" | "[ ]" => Some(false),
        text if declines_to_say(text, question) => None,
        text if opinion::says_both(text) || opinion::denies_the_opposite(text, question) => None,
        text => {
            let contrary = opinion::names_the_contrary(text, question);
            opinion::yes_or_no(text).map(|said| said != contrary).or(contrary.then_some(false))
        }
    };
    let verdict = match said {
        None => Verdict::Missing,
        Some(said) if said == wanted => Verdict::Right,
        Some(_) => Verdict::Wrong,
    };
    Ok((verdict, said.is_none().then(|| "says neither yes nor no".to_owned()), None))
}
