//! The signals of one answer.

use eval_metrics::task::Parse;
use eval_metrics::value::is_absent;
use eval_summary::{AnswerView, TrialStatus};
use serde_json::Value;

use super::{Asked, Builder};
use crate::reading::{Reading, is_on};
use crate::rules;
use crate::signal::{Signal, Signals};

impl Builder<'_> {
    pub(super) fn signals(&self, at: usize, asked: &Asked<'_>, agreement: &[Option<f64>]) -> Signals {
        let mut signals = Signals::default();
        if asked.first.status != TrialStatus::Answered {
            return signals;
        }
        let on = &self.study.on;
        let mut set = |signal: Signal, value: Option<f64>| signals[signal.place()] = value;
        let repeat = |other: &&AnswerView| match other.status {
            TrialStatus::Answered => self.comparer.agreement(&asked.reading, &Reading::new(&other.text)),
            _ => 0.0,
        };
        set(Signal::Repeats, mean(asked.others.iter().map(repeat)));
        set(Signal::Candidates, mean(agreement.iter().flatten().copied()));
        let of_same_model = agreement.iter().enumerate().filter(|(other, _)| self.is_variant(at, *other));
        set(Signal::Variants, mean(of_same_model.filter_map(|(_, share)| *share)));
        set(Signal::Rules, asked.reading.value.as_ref().and_then(rules::passed));
        set(Signal::Schema, schema(asked.first));
        set(Signal::Evidence, evidence(asked.first, on));
        set(Signal::Stated, asked.reading.value.as_ref().and_then(|value| stated(value, on)));
        signals
    }

    /// Whether two candidates are one model, asked in two ways.
    fn is_variant(&self, one: usize, other: usize) -> bool {
        let model = |at: usize| (&self.providers[at].kind, &self.providers[at].model);
        one != other && model(one) == model(other)
    }
}

fn mean(shares: impl Iterator<Item = f64>) -> Option<f64> {
    shares.collect::<eval_statistics::Moments>().mean()
}

fn schema(answer: &AnswerView) -> Option<f64> {
    match answer.parse? {
        Parse::SchemaValid | Parse::Valid => Some(1.0),
        Parse::SchemaInvalid | Parse::Repaired => Some(0.5),
        Parse::Truncated | Parse::Unreadable => Some(0.0),
        Parse::NotNeeded => None,
    }
}

/// The lowest confidence for one of the fields; that for the whole answer where there is none.
fn evidence(answer: &AnswerView, on: &[String]) -> Option<f64> {
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let found = answer.evidence.iter().filter(|it| wanted(&it.path)).filter_map(|it| it.confidence);
        found.reduce(f64::min)
    };
    of(&|path| !path.is_empty() && is_on(path, on)).or_else(|| of(&str::is_empty))
}

/// What an answer says of itself: `"confidence": 0.9`, or an object with a number for each field. Per cent are
/// understood.
fn stated(answer: &Value, on: &[String]) -> Option<f64> {
    let share = |value: &Value| match value.as_f64()? {
        share @ 0.0..=1.0 => Some(share),
        percent @ 1.0..=100.0 => Some(percent / 100.0),
        _ => None,
    };
    match answer.get("confidence").filter(|value| !is_absent(value))? {
        Value::Object(fields) => {
            let of_fields = fields.iter().filter(|(name, _)| is_on(name, on)).filter_map(|(_, it)| share(it));
            of_fields.reduce(f64::min)
        }
        value => share(value),
    }
}
