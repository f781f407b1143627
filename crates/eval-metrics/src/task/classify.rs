//! Classification: the metric `classify`.
//!
//! Formula: 1 if the answer's label is the expected one. The label is taken from JSON (`label`, or a bare string), else
//! it is the only known label that occurs as a word in the text. No known label, or several, is malformed: the headline
//! is 0, but it is counted apart from wrong labels. Corpus figures: [`crate::metric::classification::Confusion`] over
//! [`super::Scored::labels`]. Known flaw: "not a chart" names one label.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Better, Finding, LabelPair, Reply, Scored, ValueInfo, info, read_settings};
use crate::MetricError;
use crate::answer::plain_text;
use crate::value::Verdict;

pub(super) const VALUES: [ValueInfo; 3] = [
    info("accuracy", "1 if the label is right", Better::Higher),
    info("wrong", "1 if another known label was given", Better::Lower),
    info("malformed", "1 if no known label was given, or several", Better::Lower),
];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    labels: Vec<String>,
    /// Label → other words for it.
    #[serde(default)]
    aliases: BTreeMap<String, Vec<String>>,
}

impl Rules {
    pub(super) fn read(settings: &Value) -> Result<Self, MetricError> {
        let rules: Self = read_settings(settings)?;
        if rules.labels.is_empty() {
            return Err(MetricError::new("metric settings: `labels` should name at least one label"));
        }
        match rules.aliases.keys().find(|label| !rules.labels.contains(label)) {
            Some(label) => Err(MetricError::new(format!(
                "metric settings: `aliases` names `{label}`, which is no label"
            ))),
            None => Ok(rules),
        }
    }

    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let expected = expected.get("label").unwrap_or(expected);
        let expected = crate::arguments::string("expected.label", expected)?;
        if !self.labels.iter().any(|label| label == expected) {
            return Err(MetricError::new(format!(
                "the expected label `{expected}` is not in the settings' `labels`"
            )));
        }
        let (got, predicted) = self.predicted(reply);
        let (verdict, note) = match predicted {
            Ok(label) if label == expected => (Verdict::Right, None),
            Ok(_) => (Verdict::Wrong, None),
            Err(reason) => (Verdict::Malformed, Some(reason)),
        };
        let is = |wanted: Verdict| Some(f64::from(verdict == wanted));
        let mut scored = reply.scored(is(Verdict::Right)).with_values([
            ("accuracy", is(Verdict::Right)),
            ("wrong", is(Verdict::Wrong)),
            ("malformed", is(Verdict::Malformed)),
        ]);
        scored.parse = reply.parse_or_prose();
        scored.malformed = verdict == Verdict::Malformed;
        scored.labels =
            Some(LabelPair { expected: expected.to_owned(), predicted: predicted.ok().map(str::to_owned) });
        scored.explanation.push(Finding {
            path: "label".to_owned(),
            field: "label".to_owned(),
            expected: json!(expected),
            got,
            verdict,
            note: note.map(str::to_owned),
        });
        Ok(scored)
    }

    /// What the answer says, and the label it names or why it names none.
    fn predicted(&self, reply: &Reply<'_>) -> (Value, Result<&str, &'static str>) {
        let given = reply.json.value.as_ref().and_then(|value| match value {
            Value::Object(fields) => {
                fields.iter().find(|(key, _)| normal(key) == "label").map(|(_, value)| value)
            }
            Value::Array(items) if items.len() == 1 => items.first(),
            Value::String(_) => Some(value),
            _ => None,
        });
        match given {
            Some(Value::String(label)) => {
                let exact = self
                    .labels
                    .iter()
                    .find(|known| self.names(known).any(|name| normal(name) == normal(label)));
                (json!(label), exact.map(String::as_str).ok_or("not one of the labels"))
            }
            Some(other) => (other.clone(), Err("the label is no text")),
            None if reply.json.value.as_ref().is_some_and(Value::is_object) => {
                (reply.json.value.clone().unwrap_or_default(), Err("the answer has no `label`"))
            }
            None => {
                let text = plain_text(reply.text);
                let label = self.in_sentence(&text);
                (json!(text), label)
            }
        }
    }

    fn names<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::once(label).chain(self.aliases.get(label).into_iter().flatten().map(String::as_str))
    }

    fn in_sentence(&self, text: &str) -> Result<&str, &'static str> {
        let text = format!(" {} ", words(text));
        let named =
            |label: &&String| self.names(label).any(|name| text.contains(&format!(" {} ", words(name))));
        let mut found = self.labels.iter().filter(named);
        match (found.next(), found.next()) {
            (Some(label), None) => Ok(label),
            (None, _) => Err("names none of the labels"),
            (Some(_), Some(_)) => Err("names several labels"),
        }
    }
}

fn normal(text: &str) -> String {
    words(text).replace(' ', "")
}

/// Lower-case words, one blank between them.
pub(super) fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
