//! The signals of one answer.

use eval_summary::AnswerView;

use super::{Asked, Builder, SecondReading, is_answered};
use crate::answered::{evidence, stated, tokens, validity};
use crate::reading::Reading;
use crate::rules;
use crate::signal::{Signal, Signals};

impl Builder<'_> {
    pub(super) fn signals(&self, at: usize, asked: &Asked<'_>, agreement: &[Option<f64>]) -> Signals {
        let mut signals = Signals::default();
        if !is_answered(asked.first) {
            return signals;
        }
        let on = &self.study.on;
        let mut set = |signal: Signal, value: Option<f64>| signals[signal.place()] = value;
        set(Signal::Repeats, mean(asked.others.iter().map(|other| self.says_the_same(asked, other))));
        set(Signal::Candidates, mean(agreement.iter().flatten().copied()));
        let of_same_model = agreement.iter().enumerate().filter(|(other, _)| self.is_variant(at, *other));
        set(Signal::Variants, mean(of_same_model.filter_map(|(_, share)| *share)));
        set(Signal::Rules, asked.reading.value.as_ref().and_then(rules::passed));
        set(Signal::Schema, asked.first.parse.and_then(validity));
        set(Signal::Evidence, evidence(&asked.first.evidence, on));
        set(Signal::Stated, asked.reading.value.as_ref().and_then(|value| stated(value, on)));
        set(Signal::Tokens, asked.first.token_probabilities.as_ref().map(|it| tokens(it, on)));
        signals
    }

    pub(super) fn again(&self, asked: &Asked<'_>) -> Option<SecondReading> {
        let second = asked.others.first().filter(|_| is_answered(asked.first))?;
        let usd = if is_answered(second) { second.usd } else { Some(0.0) };
        Some(SecondReading { agreement: self.says_the_same(asked, second), usd })
    }

    /// How much another repeat agrees with the first.
    fn says_the_same(&self, asked: &Asked<'_>, other: &AnswerView) -> f64 {
        match is_answered(other) {
            true => self.comparer.agreement(&asked.reading, &Reading::new(&other.text)),
            false => 0.0,
        }
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
