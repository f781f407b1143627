//! Classification: the metric `classify`.
//!
//! Formula: 1 if the answer's label is the expected one. The label is taken from JSON (`label` or a key like it, or a bare
//! string), else it is the only known label that the text claims: behind "answer:", on a line of its own, or in a
//! sentence that does not deny it. No known label, or several, is malformed: the headline is 0, but it is counted apart
//! from wrong labels. Corpus figures: [`crate::metric::classification::Confusion`] over [`super::Scored::labels`].

mod denial;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::{Clause, Stance, conclusion, ends_of, plainly, segments};
use super::keys::{Fields, best_object};
use super::{Better, Finding, LabelPair, Reply, STRICT, Scored, ValueInfo, info, read_settings};
use crate::MetricError;
use crate::answer::plain_text;
use crate::value::Verdict;
use crate::value::names::is_plural;
use crate::value::spoken::in_digits;
use crate::value::{document_names, same_signs, ticked};
use denial::with_plain_denials;

pub(super) const VALUES: [ValueInfo; 4] = [
    info("accuracy", "1 if the label is right", Better::Higher),
    info("wrong", "1 if another known label was given", Better::Lower),
    info("malformed", "1 if no known label was given, or several", Better::Lower),
    STRICT,
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
        let in_place = match &reply.json.value {
            Some(Value::Object(fields)) => reply.is_bare() && fields.contains_key("label"),
            Some(Value::String(_)) => reply.is_bare(),
            Some(_) => false,
            None => true,
        };
        let literal = verdict == Verdict::Right && in_place && got.as_str().map(str::trim) == Some(expected);
        let lenient = verdict == Verdict::Right && !literal;
        let mut scored = reply.scored(is(Verdict::Right)).with_values([
            ("accuracy", is(Verdict::Right)),
            ("wrong", is(Verdict::Wrong)),
            ("malformed", is(Verdict::Malformed)),
            ("strict", Some(f64::from(literal))),
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
            note: note.map(str::to_owned).or_else(|| lenient.then(|| format!("read as {expected}"))),
            lenient,
        });
        Ok(scored)
    }

    /// What the answer says, and the label it names or why it names none.
    fn predicted(&self, reply: &Reply<'_>) -> (Value, Result<&str, &'static str>) {
        if let Some(label) = self.ticked(reply.text) {
            return (json!(reply.text.trim()), Ok(label));
        }
        match &reply.json.value {
            Some(value @ (Value::Object(_) | Value::Array(_))) => {
                // A flood is not worth a copy for the explanation.
                const LONGEST: usize = 100_000;
                let is_flood = reply.text.len() > LONGEST;
                let (got, label) = self.in_json(value, is_flood);
                let start = || json!(reply.text.chars().take(200).collect::<String>());
                (if is_flood { start() } else { got }, label)
            }
            Some(Value::String(label)) => (json!(label), self.in_words(label)),
            Some(other) if !other.is_null() => (other.clone(), self.as_scalar(other)),
            _ => {
                let text = plain_text(reply.text);
                let label = self.in_words(&text);
                (json!(text), label)
            }
        }
    }

    /// The only label that is ticked in a text: `☑ receipt ☐ photo`.
    fn ticked(&self, text: &str) -> Option<&str> {
        const LONGEST: usize = 2_000;
        if text.len() > LONGEST || text.contains('{') {
            return None;
        }
        match ticked(&json!(text)).as_deref() {
            Some([only]) => self.exactly(only),
            _ => None,
        }
    }

    fn in_json(&self, value: &Value, is_flood: bool) -> (Value, Result<&str, &'static str>) {
        let value = match value {
            Value::Array(items) if items.len() == 1 => &items[0],
            value => value,
        };
        let given = match value {
            Value::Object(_) => {
                let (fields, known) = best_object(value, &["label"]);
                let found = fields
                    .filter(|_| known > 0)
                    .and_then(|map| Fields::of(map).get("label", std::iter::empty()));
                // `{"result": {"label": …}}`: the object inside has the label.
                match found.map(|found| found.value) {
                    Some(inner @ (Value::Object(_) | Value::Array(_))) => {
                        return self.in_json(inner, is_flood);
                    }
                    found => found,
                }
            }
            other => Some(other),
        };
        // `{"labels": ["chart"]}`
        let given = match given {
            Some(Value::Array(items)) if items.len() == 1 => items.first(),
            given => given,
        };
        match given {
            Some(Value::String(label)) => {
                (json!(label), self.ticked(label).map_or_else(|| self.in_words(label), Ok))
            }
            _ if is_flood => (Value::Null, self.in_scores(value).ok_or("the answer has no `label`")),
            Some(other) => (other.clone(), self.as_scalar(other)),
            None => (value.clone(), self.in_scores(value).ok_or("the answer has no `label`")),
        }
    }

    /// The label that a number or a truth value is, where labels are numbers or `yes` and `no`.
    fn as_scalar(&self, value: &Value) -> Result<&str, &'static str> {
        let found = match value {
            Value::Number(number) => self.as_number(number.as_f64()),
            Value::Bool(true) => self.exactly("true").or_else(|| self.exactly("yes")),
            Value::Bool(false) => self.exactly("false").or_else(|| self.exactly("no")),
            _ => None,
        };
        found.ok_or("the label is no text")
    }

    fn as_number(&self, number: Option<f64>) -> Option<&str> {
        let is = |label: &&String| number.is_some() && label.trim().parse().ok() == number;
        self.labels.iter().find(is).map(String::as_str)
    }

    /// The label with the highest score, or the only one that is true: `{"chart": 0.9, "photo": 0.1}`.
    fn in_scores(&self, value: &Value) -> Option<&str> {
        let fields = value.as_object().filter(|fields| fields.len() <= 4 * self.labels.len())?;
        let score = |value: &Value| value.as_f64().or(value.as_bool().map(f64::from));
        let scored = fields.iter().filter_map(|(key, value)| Some((self.exactly(key)?, score(value)?)));
        let mut scored: Vec<(&str, f64)> = scored.collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1));
        match scored.as_slice() {
            [(label, score), rest @ ..] if *score > 0.0 && rest.iter().all(|(_, other)| other < score) => {
                Some(label)
            }
            _ => None,
        }
    }

    /// The label that a text is, in any spelling.
    fn exactly(&self, given: &str) -> Option<&str> {
        let text = normal(given);
        let same = |name: &str| {
            let name = normal(name);
            name == text || is_form_of(&name, &text)
        };
        let same = |name: &str| same(name) && same_signs(name, given);
        let exact = self
            .labels
            .iter()
            .find(|label| self.names(label).any(|name| normal(name) == text && same_signs(name, given)));
        exact.or_else(|| self.labels.iter().find(|label| self.names(label).any(&same))).map(String::as_str)
    }

    /// The label in an answer of some words: the whole of it, its first or last line, or what it claims.
    fn in_words(&self, text: &str) -> Result<&str, &'static str> {
        // `-2` and `1.9` are no `2` and `1`, but `two` is.
        let number = |text: &str| text.trim().parse::<f64>().ok();
        if self.labels.iter().any(|label| number(label).is_some())
            && let Some(given) = number(text).or_else(|| number(&in_digits(&text.trim().to_lowercase())))
        {
            return self.as_number(Some(given)).ok_or("names none of the labels");
        }
        // `bar_chart`
        let text = text.replace('_', " ");
        let text = conclusion(&text, &MARKS);
        if text.len() < 400
            && let Some(label) = self.exactly(text)
        {
            return Ok(label);
        }
        // `Class A`
        let named = text.split_once(' ').filter(|(kind, _)| {
            matches!(kind.to_lowercase().as_str(), "class" | "label" | "category" | "type" | "grade")
        });
        if let Some(label) = named.and_then(|(_, label)| self.exactly(label)) {
            return Ok(label);
        }
        let line =
            |line: Option<&str>| line.filter(|line| line.len() < 100).and_then(|line| self.exactly(line));
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        if let Some(label) = line(lines.clone().next_back()).or_else(|| line(lines.next())) {
            return Ok(label);
        }
        self.in_sentence(text)
    }

    /// The label, its aliases, and its synonyms that are no labels themselves.
    fn names<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a str> {
        let plain = normal(label);
        let documents = document_names(&plain);
        let synonyms = SYNONYMS
            .iter()
            .filter(move |(name, _)| *name == plain)
            .flat_map(|(_, list)| list.iter().copied())
            .chain(documents.iter().copied());
        let own = move |name: &&str| {
            !self.labels.iter().any(|other| other != label && normal(other) == normal(name))
        };
        std::iter::once(label)
            .chain(self.aliases.get(label).into_iter().flatten().map(String::as_str))
            .chain(synonyms.filter(own))
    }

    fn in_sentence(&self, text: &str) -> Result<&str, &'static str> {
        let named: Vec<(&str, Vec<Vec<String>>)> = self
            .labels
            .iter()
            .map(|label| {
                (label.as_str(), self.names(label).map(split).filter(|name| !name.is_empty()).collect())
            })
            .collect();
        // With many labels less of a long text is read, so that the work is bounded.
        const MOST: usize = 4_000_000;
        let names: usize = named.iter().map(|(_, names)| names.len()).sum();
        let plain = with_plain_denials(&plainly(&ends_of(text, MOST / names.max(1))));
        for segment in segments(&plain) {
            let clauses: Vec<Clause> = segment.into_iter().map(|clause| Clause::new(split(clause))).collect();
            let stance = |names: &[Vec<String>]| {
                let mentions = clauses.iter().flat_map(|clause| {
                    names.iter().flat_map(|name| {
                        clause
                            .mentions(name, &is_word_of)
                            .map(|(start, end)| clause.stance(start, end))
                            .collect::<Vec<_>>()
                    })
                });
                mentions.max()
            };
            let stances: Vec<(&str, Stance)> =
                named.iter().filter_map(|(label, names)| Some((*label, stance(names)?))).collect();
            let best = stances.iter().map(|(_, stance)| *stance).max();
            let mut of_best =
                stances.iter().filter(|(_, stance)| Some(*stance) == best).map(|(label, _)| *label);
            match (best, of_best.next(), of_best.next()) {
                (None, ..) => {}
                (Some(Stance::Denied), ..) => return Err("denies what it names"),
                (_, Some(label), None) => return Ok(label),
                _ => return concluded(&clauses, &named).ok_or("names several labels"),
            }
        }
        Err("names none of the labels")
    }
}

/// The only label that a last clause claims: `The options are A, B and C. It is A.`
fn concluded<'l>(clauses: &[Clause], named: &[(&'l str, Vec<Vec<String>>)]) -> Option<&'l str> {
    let last = clauses.last().filter(|_| clauses.len() > 1)?;
    let word = |at: usize| last.words.get(at).map_or("", String::as_str);
    if !matches!((word(0), word(1)), ("it" | "this", "is" | "s") | ("so" | "therefore", _)) {
        return None;
    }
    let claims = |name: &Vec<String>| {
        last.mentions(name, &is_word_of).any(|(start, end)| last.stance(start, end) == Stance::Claimed)
    };
    let mut claimed = named.iter().filter(|(_, names)| names.iter().any(claims)).map(|(label, _)| *label);
    claimed.next().filter(|_| claimed.next().is_none())
}

/// What announces the label.
const MARKS: [&str; 9] = [
    "answer is",
    "answer:",
    "label is",
    "label:",
    "class is",
    "class:",
    "category is",
    "category:",
    "classification:",
];

/// Other words for common labels.
const SYNONYMS: [(&str, &[&str]); 4] = [
    ("photo", &["photograph", "snapshot", "foto", "fotografie", "fotografia"]),
    ("chart", &["graph", "plot", "diagramm", "graphique", "grafico"]),
    ("screenshot", &["screen capture", "screengrab", "screen shot", "bildschirmfoto", "capture d ecran"]),
    ("diagram", &["flowchart", "flow chart", "schema"]),
];

fn split(text: &str) -> Vec<String> {
    words(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_word_of(name: &str, word: &str) -> bool {
    name == word || is_form_of(name, word)
}

/// Whether a word is the plural of another, or grown from it: `photographs` of `photo`.
fn is_form_of(name: &str, word: &str) -> bool {
    let grown = word.strip_prefix(name).filter(|_| name.len() >= 4);
    is_plural(name, word)
        || is_plural(word, name)
        || grown.is_some_and(|end| matches!(end, "graph" | "graphs" | "graphic" | "graphy" | "graphed"))
}

fn normal(text: &str) -> String {
    words(text).replace(' ', "")
}

/// Lower-case words, one blank between them.
pub(super) fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
