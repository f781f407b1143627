//! Whether a chain takes an answer, while it is carried out: by the same signals as when it was chosen.

use eval_metrics::task::{CaseFacts, TaskMetric};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vision_core::{Evidence, TokenProbabilities};

use super::model::Accept;
use super::signal::{ChainModel, ChainSignal};
use crate::answered::{evidence, stated, tokens, validity};
use crate::reading::{Comparer, Reading};
use crate::rules;

/// What decides whose answer a chain takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainRule {
    /// The fields that matter; empty for the whole answer.
    #[serde(default)]
    pub on: Vec<String>,
    /// The metric of the task, which compares values.
    pub metric: String,
    /// Its settings.
    #[serde(default)]
    pub settings: Value,
    /// By candidate: when its answer is taken; always if nothing is said.
    #[serde(default)]
    pub accept: Vec<Option<Accept>>,
    /// By candidate: what its learned signal was learned to be.
    #[serde(default)]
    pub models: Vec<Option<ChainModel>>,
}

/// The last answer, with what it is looked at by.
struct Last<'a> {
    said: Said<'a>,
    reading: Reading,
    previous: Option<Said<'a>>,
    schema: Option<&'a Value>,
}

/// An answer, as far as a rule looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The text.
    pub text: &'a str,
    /// What the provider says of its values.
    pub evidence: &'a [Evidence],
    /// How sure the model was of its tokens.
    pub tokens: Option<&'a TokenProbabilities>,
}

impl ChainRule {
    /// Whether the last answer is taken; nothing in it stands for a candidate that failed.
    #[must_use]
    pub fn takes(&self, answers: &[Option<Said<'_>>], schema: Option<&Value>) -> bool {
        let Some((Some(last), before)) = answers.split_last() else { return false };
        let Some(accept) = self.accept.get(before.len()).copied().flatten() else { return true };
        let last = Last {
            said: *last,
            reading: Reading::new(last.text),
            previous: before.last().copied().flatten(),
            schema,
        };
        let value = match accept.signal {
            ChainSignal::Own | ChainSignal::Combined => {
                let model = self.models.get(before.len()).and_then(Option::as_ref);
                model.map(|model| model.chance(|signal| self.value(signal, &last)))
            }
            signal => self.value(signal, &last),
        };
        value.is_some_and(|value| value >= accept.threshold)
    }

    /// A signal that is read.
    fn value(&self, signal: ChainSignal, last: &Last<'_>) -> Option<f64> {
        let read = last.reading.value.as_ref();
        match signal {
            ChainSignal::Previous => last.previous.map(|previous| {
                let comparer = Comparer::by(&self.metric, &self.settings, &self.on);
                comparer.agreement(&last.reading, &Reading::new(previous.text))
            }),
            ChainSignal::Rules => read.and_then(rules::passed),
            ChainSignal::Schema => self.validity(last.said.text, last.schema),
            ChainSignal::Evidence => evidence(last.said.evidence, &self.on),
            ChainSignal::Stated => read.and_then(|value| stated(value, &self.on)),
            ChainSignal::Tokens => last.said.tokens.map(|it| tokens(it, &self.on)),
            ChainSignal::Own | ChainSignal::Combined => None,
        }
    }

    /// Whether it can only be followed if models say how sure they are of their tokens.
    #[must_use]
    pub fn wants_token_probabilities(&self) -> bool {
        let weights = self.models.iter().flatten().flat_map(|model| &model.weights);
        let mut signals = weights.map(|it| it.signal).chain(self.accept.iter().flatten().map(|it| it.signal));
        signals.any(|signal| signal == ChainSignal::Tokens)
    }

    fn validity(&self, text: &str, schema: Option<&Value>) -> Option<f64> {
        let metric = TaskMetric::from_settings(&self.metric, &self.settings, &[], schema).ok()?;
        let scored = metric.score_case(&json!({}), text, &CaseFacts::default()).ok()?;
        validity(scored.parse)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Accept, ChainRule, ChainSignal, Said};

    fn rule(signal: ChainSignal, threshold: f64) -> ChainRule {
        ChainRule {
            on: vec!["total".to_owned()],
            metric: "document".to_owned(),
            settings: json!({"fields": {"total": "money", "date": "date"}}),
            accept: vec![Some(Accept { signal, threshold }), Some(Accept { signal, threshold }), None],
            models: Vec::new(),
        }
    }

    fn said(text: &str) -> Option<Said<'_>> {
        Some(Said { text, evidence: &[], tokens: None })
    }

    #[test]
    fn an_answer_that_agrees_with_the_one_before_is_taken() {
        let rule = rule(ChainSignal::Previous, 1.0);
        let (one, same, other) =
            (said(r#"{"total": 12.5}"#), said(r#"{"total": "12,50 €"}"#), said(r#"{"total": 15}"#));
        assert!(!rule.takes(&[one], None));
        assert!(rule.takes(&[one, same], None));
        assert!(!rule.takes(&[one, other], None) && !rule.takes(&[None, one], None));
    }

    #[test]
    fn the_last_one_is_taken_in_any_case_unless_it_failed() {
        let rule = rule(ChainSignal::Previous, 1.0);
        let unlike = said("no idea");
        assert!(rule.takes(&[None, None, unlike], None));
        assert!(!rule.takes(&[unlike, unlike, None], None) && !rule.takes(&[], None));
    }

    #[test]
    fn rules_and_validity_look_at_the_answer_alone() {
        let sums = rule(ChainSignal::Rules, 1.0);
        assert!(sums.takes(&[said(r#"{"subtotal": 10, "tax": 2, "total": 12}"#)], None));
        assert!(!sums.takes(&[said(r#"{"subtotal": 10, "tax": 2, "total": 13}"#)], None));
        assert!(!sums.takes(&[said(r#"{"total": 13}"#)], None));
        let valid = rule(ChainSignal::Schema, 1.0);
        let schema = json!({"type": "object", "required": ["total"]});
        assert!(valid.takes(&[said(r#"{"total": 13}"#)], Some(&schema)));
        assert!(
            !valid.takes(&[said(r#"{"sum": 13}"#)], Some(&schema))
                && !valid.takes(&[said("{total: 13,}")], None)
        );
    }
}
