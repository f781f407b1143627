//! Questions about charts: the metric `chart-question`.
//!
//! Formula: 1 if the typed answer is right. A *number* is within a relative tolerance of the expected one, in its unit or
//! written out ($620K = 620000); a *category* is the expected text or an alias; a *trend* is up, down, flat or mixed by
//! its words; *yes_no* is a yes or a no. The answer is taken from JSON (`answer`), else from the text after its last
//! "answer", else from the whole text.
//! Days and times of day are compared by what they mean (`2024-03-04` is March 4, 2024), and numbers with units of measure in
//! one unit (180 minutes are 3 hours). A name that is part of another one (`North Korea`) is another name.
//! A conclusion outweighs what is mentioned on the way, one of several names is no answer, and what is only supposed, or a date
//! whose day and month could be exchanged, counts half; so does an answer that is a question. A refusal answers nothing,
//! whatever numbers it holds.
//! Known flaws: a sentence with several numbers is read by rule (see [`super::question_number`]); not every negation of a trend
//! or a category is understood, nor every word that makes another name of one inside a long sentence.

mod moment;

use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::conclusion;
use super::keys::{Fields, best_object};
use super::question_number::{self, Asks, Expected};
use super::refusal::{declines_to_say, said_despite, states_error};
use super::{
    Better, CaseFacts, Finding, Reply, STRICT, Scored, ValueInfo, category, comparison, info, opinion, trend,
};
use crate::MetricError;
use crate::answer::plain_text;
use crate::value::{Verdict, is_absent, is_same_spelling};
use moment::Judged;

pub(super) const VALUES: [ValueInfo; 6] = [
    info("accuracy", "1 if the answer is right, half if it may be", Better::Higher),
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
            "number" => self.number(expected, &given, facts)?,
            "category" => self.category(expected, &given, facts)?,
            "trend" => judge_trend(expected, &given)?,
            "yes_no" => yes_no(expected, &given, question)?,
            other => {
                return Err(MetricError::new(format!(
                    "`expected.type` should be number, category, trend or yes_no, but is `{other}`"
                )));
            }
        };
        let is = |wanted: Verdict| Some(f64::from(verdict == wanted));
        let accuracy = if verdict == Verdict::Partly { Some(0.5) } else { is(Verdict::Right) };
        // A number within the tolerance is right by the rule of the case, and not by leniency.
        let bare_number = given.value.is_number() || given.text.trim().parse::<f64>().is_ok();
        let is_number = kind == "number" && bare_number && error.is_some_and(|error| error < 1.0);
        let literal = verdict == Verdict::Right
            && (given.is_literal(expected, reply)
                || (is_number && (reply.json.value.is_none() || reply.is_bare())));
        let lenient = verdict == Verdict::Right && !literal;
        let mut scored = reply.scored(accuracy).with_values([
            ("accuracy", accuracy),
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

    fn number(&self, expected: &Value, given: &Given, facts: &CaseFacts) -> Result<Judged, MetricError> {
        let question = facts.question.as_deref().unwrap_or_default();
        let asks = facts.question.as_deref().map(Asks::read).unwrap_or_default();
        let expected = Expected::read(expected, self.tolerance)?.in_scale_of(question);
        let Some(said) = said_despite(&given.text, question) else {
            return Ok((Verdict::Missing, Some("declines to answer".to_owned()), None));
        };
        let text = question_number::asked_part(said, question);
        let judged = question_number::judge(&expected, &given.value, text, asks);
        let is_supposed = asks_back(said) || opinion::is_supposed(&given.text);
        Ok(if is_supposed { only_asked(judged) } else { judged })
    }

    fn category(&self, expected: &Value, given: &Given, facts: &CaseFacts) -> Result<Judged, MetricError> {
        let question = facts.question.as_deref().unwrap_or_default();
        let mut names = vec![crate::arguments::string("expected.value", &expected["value"])?];
        if !expected["aliases"].is_null() {
            names.extend(crate::arguments::strings("expected.aliases", &expected["aliases"])?);
        }
        if is_absent(&given.value) && is_absent(&json!(names[0])) && !(given.prose && given.text.is_empty()) {
            return Ok((Verdict::Right, Some("says that there is none".to_owned()), None));
        }
        if let Some(judged) = moment::judge(names[0], &given.text, facts.date_order) {
            return Ok(judged);
        }
        if names.len() == 1
            && let Some(judged) = moment::amount(names[0], given.text.trim())
        {
            return Ok(judged);
        }
        let Some(text) = said_despite(&given.text, "") else {
            return Ok((Verdict::Missing, Some("declines to answer".to_owned()), None));
        };
        let asked = category::Asked { question, is_prose: given.prose };
        let verdict = category::judge(&names, text, asked, self.name_threshold);
        let note = (verdict == Verdict::Partly).then(|| "only supposed: counts half".to_owned());
        Ok((verdict, note, None))
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
        let value = match reply.json.value.as_ref() {
            Some(value) if states_error(value) => Some(&Value::Null),
            // The footnote of `4 [1]`.
            Some(Value::Array(items))
                if matches!(items.as_slice(), [Value::Number(_)])
                    && !reply.text.trim_start().starts_with(['[', '`']) =>
            {
                let text = plain_text(reply.text);
                return Self { value: json!(text), text, prose: true };
            }
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

/// Whether a text ends with a number in a question: `Is it 12?`
fn asks_back(text: &str) -> bool {
    let text = text.trim_end();
    let last = [". ", "! ", "\n", "? "]
        .iter()
        .filter_map(|mark| text.rfind(mark))
        .max()
        .map_or(text, |at| &text[at..]);
    text.ends_with('?') && last.contains(|c: char| c.is_ascii_digit())
}

/// A question back is no more than a guess.
fn only_asked((verdict, note, error): Judged) -> Judged {
    match verdict {
        Verdict::Right => (Verdict::Partly, Some("only supposed: counts half".to_owned()), error),
        _ => (verdict, note, error),
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
    let supposed = opinion::supposed_answer(given.text.trim(), question);
    let said = match given.text.trim() {
        _ if supposed.is_some() => supposed.flatten(),
        text if opinion::to_a_denial(text, question).is_some() => opinion::to_a_denial(text, question),
        "1" => Some(true),
        "0" => Some(false),
        "✓" | "✔" | "☑" | "☒" | "[x]" | "[X]" => Some(true),
        "✗" | "✘" | "☐" | "[ ]" => Some(false),
        text if declines_to_say(text, question) => None,
        text if opinion::says_both(text) || opinion::denies_the_opposite(text, question) => None,
        text if opinion::contradicts_itself(text, question) || comparison::echoes(text, question) => None,
        text if opinion::tells_otherwise(text, question).is_some() => {
            opinion::tells_otherwise(text, question)
        }
        text if comparison::told(text, question).is_some() => comparison::told(text, question),
        text => {
            let contrary = opinion::names_the_contrary(text, question);
            let told = opinion::yes_or_no(text).map(|said| said != contrary).or(contrary.then_some(false));
            told.or_else(|| comparison::repeats(text, question).then_some(true))
        }
    };
    let verdict = match said {
        None => Verdict::Missing,
        Some(said) if said == wanted && (supposed.is_some() || opinion::is_supposed(&given.text)) => {
            Verdict::Partly
        }
        Some(said) if said == wanted => Verdict::Right,
        Some(_) => Verdict::Wrong,
    };
    let note = match verdict {
        Verdict::Missing => Some("says neither yes nor no".to_owned()),
        Verdict::Partly => Some("only supposed: counts half".to_owned()),
        _ => None,
    };
    Ok((verdict, note, None))
}
