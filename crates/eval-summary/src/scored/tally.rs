//! What is counted while trials are read.

use std::collections::{BTreeMap, BTreeSet};

use eval_metrics::task::{Finding, Parse, Scored};
use eval_metrics::value::Verdict;
use eval_record::Trial;
use eval_statistics::Moments;
use vision_core::{Person, Response, Stop};

/// Counts of one provider on one task of one dataset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Trials that the host or the program could not ask at all, by reason.
    pub skips: BTreeMap<String, u64>,
    /// Trials without room in the budget.
    pub over_budget: u64,
    /// Trials of cases whose label the metric cannot use.
    pub unscorable: u64,
    pub failures: BTreeMap<&'static str, u64>,
    pub answered: u64,
    /// Trials of cases that a person reads.
    pub referred: u64,
    /// Who reads them.
    pub person: Option<Person>,
    pub cached: u64,
    pub cut: u64,
    pub refused: u64,
    pub filtered: u64,
    pub malformed: u64,
    pub read: BTreeMap<&'static str, u64>,
    pub schema_valid: u64,
    pub values: BTreeMap<String, Moments>,
    /// What reading leniently added to the scores of its answers, all together.
    pub leniency: f64,
    /// By field of the unit, then by place in `FIELD_VERDICTS`.
    pub fields: Vec<[u64; FIELD_VERDICTS.len()]>,
    /// By expected label and predicted one.
    pub labels: BTreeMap<(String, Option<String>), u64>,
    pub served: BTreeMap<(String, Option<String>), u64>,
    pub reasoning: Moments,
    pub input_total: u64,
    pub output_total: u64,
    pub uncounted: u64,
    pub attempts: u64,
    pub charged: f64,
    /// Attempts that failed and that the host may have billed, and the most that is.
    pub unsettled: u64,
    pub unsettled_usd: f64,
    /// What was really spent: hits of the cache cost nothing.
    pub spent: f64,
    /// Trials that were paid for at an unknown price.
    pub spent_unknown: u64,
    pub dropped: BTreeSet<String>,
    /// Attempts that cost more than their request allowed.
    pub overruns: u64,
    /// How many times as much the worst of them cost.
    pub worst_overrun: f64,
}

/// What is counted per field.
pub(crate) const FIELD_VERDICTS: [Verdict; 8] = [
    Verdict::Right,
    Verdict::Missing,
    Verdict::Wrong,
    Verdict::Invented,
    Verdict::Rounded,
    Verdict::Shifted,
    Verdict::Malformed,
    Verdict::Partly,
];

impl Tally {
    /// What the trial counted and cost, whether there is an answer or not.
    pub fn add_trial(&mut self, trial: &Trial, cost: Option<f64>) {
        let cached = trial.response().is_some_and(|response| response.cached);
        let usage = trial.usage();
        self.input_total = self.input_total.saturating_add(usage.input.unwrap_or(0));
        self.output_total = self.output_total.saturating_add(usage.output.unwrap_or(0));
        if let Some(reasoning) = usage.reasoning {
            self.reasoning.push(reasoning as f64);
        }
        if !cached {
            self.attempts += trial.attempts().len().max(usize::from(trial.response().is_some())) as u64;
            self.charged += Some(trial.charged().0).filter(|usd| *usd < 1e6).unwrap_or(0.0);
            for times in trial.attempts().iter().filter_map(|attempt| attempt.overrun) {
                self.overruns += 1;
                self.worst_overrun = self.worst_overrun.max(times);
            }
            // What was counted for a failure is on its last attempt.
            let counted = trial.failure().is_some() && cost.is_some_and(|cost| cost > 0.0);
            let failed = trial.attempts().iter().rev().skip(usize::from(counted));
            for usd in failed.filter(|it| it.error.is_some()).map(|it| it.charged.0).filter(|usd| *usd > 0.0)
            {
                self.unsettled += 1;
                self.unsettled_usd += usd;
            }
            self.spent += cost.unwrap_or(0.0);
            self.spent_unknown +=
                u64::from(cost.is_none() && (trial.response().is_some() || !trial.attempts().is_empty()));
        }
    }

    pub fn add_response(&mut self, response: &Response) {
        self.answered += 1;
        self.cached += u64::from(response.cached);
        self.uncounted += u64::from(response.usage.output.is_none());
        match response.stop {
            Stop::Length | Stop::ContextWindow => self.cut += 1,
            Stop::Filtered(_) => self.filtered += 1,
            Stop::Refused => self.refused += 1,
            _ => self.refused += u64::from(response.refusal.is_some()),
        }
        if let Some(model) = &response.model {
            *self.served.entry((model.clone(), response.fingerprint.clone())).or_default() += 1;
        }
        self.dropped.extend(response.dropped_params.iter().cloned());
    }

    pub fn add_person(&mut self, person: Person) {
        self.referred += 1;
        self.person = Some(person);
    }

    pub fn add_scored(&mut self, scored: &Scored) {
        self.malformed += u64::from(scored.malformed);
        *self.read.entry(parse_name(scored.parse)).or_default() += 1;
        // A value that fits the schema only after a repair is not what was asked for.
        self.schema_valid += u64::from(scored.parse == Parse::SchemaValid);
        let strict = scored.values.get("strict").copied().flatten();
        if let Some((score, strict)) = scored.headline.zip(strict) {
            self.leniency += (score - strict).max(0.0);
        }
        for (name, value) in &scored.values {
            if let Some(value) = value {
                match self.values.get_mut(name) {
                    Some(moments) => moments.push(*value),
                    None => {
                        self.values.insert(name.clone(), std::iter::once(*value).collect());
                    }
                }
            }
        }
        if let Some(labels) = &scored.labels {
            let key = (labels.expected.clone(), labels.predicted.clone());
            *self.labels.entry(key).or_default() += 1;
        }
    }

    pub fn add_finding(&mut self, field: usize, finding: &Finding) {
        if field >= self.fields.len() {
            self.fields.resize(field + 1, Default::default());
        }
        if let Some(at) = FIELD_VERDICTS.iter().position(|verdict| *verdict == finding.verdict) {
            self.fields[field][at] += 1;
        }
    }
}

/// The name used in files.
pub(crate) fn parse_name(parse: Parse) -> &'static str {
    match parse {
        Parse::SchemaValid => "schema_valid",
        Parse::SchemaInvalid => "schema_invalid",
        Parse::Valid => "valid",
        Parse::Repaired => "repaired",
        Parse::Truncated => "truncated",
        Parse::Unreadable => "unreadable",
        Parse::NotNeeded => "not_needed",
    }
}
