//! Open answers held against a list of checks: the metric `checks`, for descriptions, summaries and comparisons in words.
//!
//! A label says what an answer must say and what it must not say, each with a weight and other accepted wordings; the
//! settings of a dataset add criteria for every case. An answer says something if one of the wordings stands in a clause
//! that does not deny it; what it only supposes counts half. Formula: the weight of what it says and must say, less the
//! weight of what it says and must not say, over the weight of what it must say, not below 0. Where nothing must be said:
//! one minus the share of what must not be. An empty answer scores 0.
//!
//! Flaw: wordings are compared as words. An answer that says the same in words that are not listed counts as not having
//! said it, so scores by this rule alone are lower bounds. Judgements that are recorded for an answer take the place of the rule.

mod quote;
mod wording;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Better, CaseFacts, Finding, PARTLY, Parse, Reply, STRICT, Scored, Tally, ValueInfo, info};
use crate::MetricError;
use crate::value::Verdict;
use wording::Said;

pub use quote::quotes;

pub(super) const VALUES: [ValueInfo; 7] = [
    info("score", "weight of what must be said and is, less what must not be and is", Better::Higher),
    info("said", "share of what must be said", Better::Higher),
    info("right", "checks that are met", Better::Neither),
    info("missing", "things that must be said and are not", Better::Lower),
    info("invented", "things that must not be said and are", Better::Lower),
    PARTLY,
    STRICT,
];

/// Checks of one case that are judged; more is a mistake in the label.
const MOST_CHECKS: usize = 500;

/// One thing that an answer must say, or must not.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub struct Check {
    /// What is to be said, in plain words: what a person or a model judges by.
    pub text: String,
    /// How much it counts beside the others.
    pub weight: f64,
    /// Other words for it.
    pub accepted: Vec<String>,
}

/// A check with its path in the label, and whether it must be said.
pub type PlacedCheck = (String, bool, Check);

/// A check as people write it: a text alone, or with more.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Whole(Whole),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    text: String,
    #[serde(default = "one")]
    weight: f64,
    #[serde(default)]
    accepted: Vec<String>,
}

fn one() -> f64 {
    1.0
}

impl From<Written> for Check {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Self { text, weight: 1.0, accepted: Vec::new() },
            Written::Whole(Whole { text, weight, accepted }) => Self { text, weight, accepted },
        }
    }
}

/// The checks of a case.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Checks {
    /// What the answer must say.
    pub must: Vec<Check>,
    /// What it must not say.
    pub must_not: Vec<Check>,
}

impl Checks {
    /// Reads the label of a case.
    ///
    /// # Errors
    /// If it is no list of checks, holds none or too many, or a weight or wording makes no sense.
    pub fn read(expected: &Value) -> Result<Self, MetricError> {
        let wrong = |what: &str| MetricError::new(format!("expected: {what}"));
        if !expected.is_object() {
            return Err(wrong("should be an object with `must` and `must_not`, each a list of checks"));
        }
        let read = |key: &str| -> Result<Vec<Check>, MetricError> {
            let list = expected.get(key).filter(|list| !list.is_null());
            list.map_or(Ok(Vec::new()), |list| {
                Vec::deserialize(list).map_err(|_| {
                    wrong(&format!(
                        "`{key}` should be a list of texts, or of objects with text, weight and accepted"
                    ))
                })
            })
        };
        if let Some(key) =
            expected.as_object().and_then(|it| it.keys().find(|key| !KEYS.contains(&key.as_str())))
        {
            return Err(wrong(&format!("`{key}` is neither `must` nor `must_not`")));
        }
        let checks = Self { must: read(KEYS[0])?, must_not: read(KEYS[1])? };
        if checks.must.len() + checks.must_not.len() > MOST_CHECKS {
            return Err(wrong(&format!("more than {MOST_CHECKS} checks")));
        }
        checks.all().try_for_each(|(path, _, check)| sensible(&path, check))?;
        Ok(checks)
    }

    /// Every check with its path, and whether it must be said.
    pub fn all(&self) -> impl Iterator<Item = (String, bool, &Check)> {
        let named = |name: &'static str, must: bool| {
            move |(at, check): (usize, _)| (format!("{name}[{at}]"), must, check)
        };
        let must = self.must.iter().enumerate().map(named(KEYS[0], true));
        must.chain(self.must_not.iter().enumerate().map(named(KEYS[1], false)))
    }
}

const KEYS: [&str; 2] = ["must", "must_not"];

fn sensible(path: &str, check: &Check) -> Result<(), MetricError> {
    let wrong = |what: &str| Err(MetricError::new(format!("expected.{path}: {what}")));
    if !check.weight.is_finite() || check.weight <= 0.0 {
        return wrong("a weight should be above 0");
    }
    let has_words = |text: &String| text.contains(char::is_alphanumeric);
    match std::iter::once(&check.text).chain(&check.accepted).all(has_words) {
        true => Ok(()),
        false => wrong("a text without words"),
    }
}

/// What a dataset adds to the checks of its cases.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    rubric: Vec<Check>,
}

/// A check, and what became of it.
struct Judged<'a> {
    path: &'a str,
    must: bool,
    check: &'a Check,
    said: Said<'a>,
}

impl Judged<'_> {
    fn verdict(&self) -> Verdict {
        match (self.must, self.said.share()) {
            (true, 1.0) => Verdict::Right,
            (true, 0.0) => Verdict::Missing,
            (true, _) => Verdict::Partly,
            (false, 0.0) => Verdict::Right,
            (false, _) => Verdict::Invented,
        }
    }

    fn finding(&self) -> Finding {
        let note = |what: &str| Some(what.to_owned());
        Finding {
            path: self.path.to_owned(),
            field: self.path.split('[').next().unwrap_or_default().to_owned(),
            expected: json!(self.check.text),
            got: self.said.quote().map_or(Value::Null, Value::from),
            verdict: self.verdict(),
            note: match (self.must, self.said.share()) {
                (true, share) if share > 0.0 && share < 1.0 => note("only supposed: counts half"),
                (false, _) => note("must not be said"),
                _ => None,
            },
            lenient: false,
        }
    }
}

impl Rules {
    pub(super) fn read(settings: &Value) -> Result<Self, MetricError> {
        let rules: Self = super::read_settings(settings)?;
        for (at, check) in rules.rubric.iter().enumerate() {
            sensible(&format!("rubric[{at}]"), check)?;
        }
        Ok(rules)
    }

    /// The checks of a case with those of the dataset, each with its path and whether it must be said.
    pub(super) fn checks(&self, expected: &Value) -> Result<Vec<PlacedCheck>, MetricError> {
        let checks = Checks::read(expected)?;
        let own = checks.all().map(|(path, must, check)| (path, must, check.clone()));
        let criteria = self.rubric.iter().enumerate();
        let criteria = criteria.map(|(at, check)| (format!("rubric[{at}]"), true, check.clone()));
        Ok(own.chain(criteria).collect())
    }

    pub(super) fn score(
        &self,
        expected: &Value,
        reply: &Reply<'_>,
        facts: &CaseFacts,
    ) -> Result<Scored, MetricError> {
        let checks = self.checks(expected)?;
        let text = wording::prose(reply);
        let clauses = wording::clauses(&text);
        let said = |path: &String, check| match facts.judged.get(path) {
            Some(judged) => Said::judged(judged),
            None => wording::said(&clauses, check),
        };
        let judged = checks.iter().map(|(path, must, check)| Judged {
            path,
            must: *must,
            check,
            said: said(path, check),
        });
        let judged: Vec<Judged<'_>> = judged.collect();
        let answered = text.contains(char::is_alphanumeric);
        let weigh = |must: bool, share: &dyn Fn(f64) -> f64| -> f64 {
            let mine = judged.iter().filter(|it| it.must == must);
            mine.map(|it| it.check.weight * share(it.said.share())).sum()
        };
        let headline = |share: &dyn Fn(f64) -> f64| {
            let (must, must_not) = (weigh(true, &|_| 1.0), weigh(false, &|_| 1.0));
            let (said, wrongly) = (weigh(true, share), weigh(false, &|share| share));
            let score = match must > 0.0 {
                true => (said - wrongly) / must,
                false => 1.0 - wrongly / must_not,
            };
            let labelled = must > 0.0 || must_not > 0.0;
            labelled.then_some(if answered { score.clamp(0.0, 1.0) } else { 0.0 })
        };
        let score = headline(&|share| share);
        let (must, said) = (weigh(true, &|_| 1.0), weigh(true, &|share| share));
        let findings: Vec<Finding> = judged.iter().map(Judged::finding).collect();
        let tally = Tally::of(&findings);
        let count = |verdict| Some(tally.count(verdict) as f64);
        let mut scored = reply.scored(score).with_values([
            ("score", score),
            ("said", (must > 0.0).then(|| said / must)),
            ("right", count(Verdict::Right)),
            ("missing", count(Verdict::Missing)),
            ("invented", count(Verdict::Invented)),
            ("partly", count(Verdict::Partly)),
            ("strict", headline(&f64::floor)),
        ]);
        scored.parse = Parse::NotNeeded;
        scored.repairs.clear();
        scored.explanation = findings;
        Ok(scored)
    }
}

#[cfg(test)]
mod tests;
