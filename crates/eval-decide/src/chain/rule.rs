//! Whether a chain takes an answer, while it is carried out: by the same signals as when it was chosen.

use eval_metrics::task::{CaseFacts, TaskMetric};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vision_core::{Evidence, TokenProbabilities};

use super::model::Accept;
use super::signal::{ChainModel, ChainSignal, mean_of_known};
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
    before: &'a [Option<Said<'a>>],
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
    /// The text of a second reading, if there was one and it gave an answer.
    pub again: Option<&'a str>,
}

impl ChainRule {
    /// Whether the last answer is taken; nothing in it stands for a candidate that failed.
    #[must_use]
    pub fn takes(&self, answers: &[Option<Said<'_>>], schema: Option<&Value>) -> bool {
        let Some((Some(last), before)) = answers.split_last() else { return false };
        let Some(accept) = self.accept.get(before.len()).copied().flatten() else { return true };
        let last = Last { said: *last, reading: Reading::new(last.text), before, schema };
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
        let agreement = |text: &str| {
            let comparer = Comparer::by(&self.metric, &self.settings, &self.on);
            comparer.agreement(&last.reading, &Reading::new(text))
        };
        match signal {
            ChainSignal::Previous => last.before.last()?.map(|previous| agreement(previous.text)),
            ChainSignal::Candidates => {
                mean_of_known(last.before.iter().map(|it| it.map(|earlier| agreement(earlier.text))))
            }
            ChainSignal::Repeats => Some(last.said.again.map_or(0.0, agreement)),
            ChainSignal::Rules => read.and_then(rules::passed),
            ChainSignal::Schema => self.validity(last.said.text, last.schema),
            ChainSignal::Evidence => evidence(last.said.evidence, &self.on),
            ChainSignal::Stated => read.and_then(|value| stated(value, &self.on)),
            ChainSignal::Tokens => last.said.tokens.map(|it| tokens(it, &self.on)),
            ChainSignal::Own | ChainSignal::Combined | ChainSignal::Compared => None,
        }
    }

    /// Whether the candidate at this place is asked a second time about each case that it answers.
    #[must_use]
    pub fn asks_again(&self, place: usize) -> bool {
        let accept = self.accept.get(place).copied().flatten();
        accept.is_some_and(|accept| accept.signal.asks_again())
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
        Some(Said { text, evidence: &[], tokens: None, again: None })
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
    fn an_answer_that_agrees_with_all_before_it_is_told_from_one_that_agrees_with_some() {
        let (one, same, other) =
            (said(r#"{"total": 12.5}"#), said(r#"{"total": "12.50"}"#), said(r#"{"total": 15}"#));
        let takes = |threshold: f64, answers: &[Option<Said<'_>>]| {
            let mut rule = rule(ChainSignal::Candidates, threshold);
            rule.accept.push(Some(Accept { signal: ChainSignal::Candidates, threshold }));
            rule.accept.swap(2, 3);
            rule.takes(answers, None)
        };
        assert!(takes(1.0, &[one, one, same]) && !takes(1.0, &[other, one, same]));
        assert!(takes(0.5, &[other, one, same]) && takes(0.5, &[one, other, same]));
        assert!(!takes(0.5, &[other, other, same]));
        // One that failed says nothing.
        assert!(takes(1.0, &[None, one, same]) && !takes(0.5, &[None, None, same]));
    }

    #[test]
    fn an_answer_that_is_only_compared_with_is_never_taken_by_itself() {
        let mut rule = rule(ChainSignal::Previous, 1.0);
        rule.accept[0] = Some(Accept { signal: ChainSignal::Compared, threshold: 0.0 });
        let (one, same) = (said(r#"{"total": 12.5}"#), said(r#"{"total": "12.50"}"#));
        assert!(!rule.takes(&[one], None) && rule.takes(&[one, same], None));
    }

    #[test]
    fn an_answer_is_taken_if_a_second_reading_says_the_same() {
        let rule = rule(ChainSignal::Repeats, 1.0);
        let twice = |again: Option<&'static str>| said(r#"{"total": 12.5}"#).map(|it| Said { again, ..it });
        assert!(rule.takes(&[twice(Some(r#"{"total": "12,50 €"}"#))], None));
        assert!(!rule.takes(&[twice(Some(r#"{"total": 15}"#))], None));
        assert!(!rule.takes(&[twice(None)], None));
        assert!(rule.asks_again(0) && rule.asks_again(1) && !rule.asks_again(2) && !rule.asks_again(7));
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
