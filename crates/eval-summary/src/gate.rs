//! May this run pass? A gate fails closed: what is not known is not passed.

mod explain;
mod loss;
mod words;

use std::cmp::Reverse;

use crate::cutoff::{Cutoff, Found};
use crate::summarise::against;
use crate::{
    Baseline, Check, GateReport, GateVerdict, Options, SUMMARY_VERSION, Scope, Summary, SummaryError,
};

pub use explain::explain_gate;
pub use loss::loss_checks;

/// What a gate insists on.
#[derive(Debug, Clone, PartialEq)]
pub struct GateRules {
    /// A loss of less than this share of the score is no regression.
    pub margin: f64,
    /// A loss of this share of the score must not go unseen.
    pub detect: f64,
    /// Absolute bounds.
    pub cutoffs: Vec<Cutoff>,
}

impl Default for GateRules {
    fn default() -> Self {
        Self { margin: 0.01, detect: 0.1, cutoffs: Vec::new() }
    }
}

impl GateRules {
    /// Refuses a margin that swallows every loss, and a loss to detect that lies inside it.
    fn check(&self) -> Result<(), SummaryError> {
        let refuse = |what: String| Err(SummaryError::Setting(what));
        if !(0.0..1.0).contains(&self.margin) {
            return refuse(format!(
                "the margin {} is not a share from 0 to below 1, such as 0.01",
                self.margin
            ));
        }
        if !(self.detect >= self.margin && self.detect <= 1.0) {
            return refuse(format!(
                "the loss to detect, {}, is not a share of at least the margin {}, such as 0.1",
                self.detect, self.margin
            ));
        }
        Ok(())
    }
}

/// Judges a run by a baseline, by cutoffs, or by both.
///
/// `summary` and `now` are of the same run. It is regressed only where the paired test shows a loss beyond the margin,
/// corrected for all providers and tasks, or where a cutoff does not hold.
pub fn gate(
    summary: &Summary,
    now: &Baseline,
    baseline: Option<&Baseline>,
    rules: &GateRules,
    options: &Options,
) -> Result<GateReport, SummaryError> {
    rules.check()?;
    let mut checks = whole(summary);
    let mut changed = None;
    if let Some(baseline) = baseline {
        let against = against(baseline, now, options)?;
        checks.extend(loss_checks(baseline, now, &against, rules, options));
        changed = Some(against);
    }
    for cutoff in &rules.cutoffs {
        checks.extend(with_cutoff(cutoff, summary)?);
    }
    if baseline.is_none() && rules.cutoffs.is_empty() {
        return Err(SummaryError::Setting("a gate needs a baseline or a cutoff".to_owned()));
    }
    checks.sort_by_key(|check| (check.part, Reverse(check.verdict)));
    let deciding = || checks.iter().filter(|check| !check.part);
    let verdict = deciding().map(|check| check.verdict).max().unwrap_or(GateVerdict::Incomplete);
    Ok(GateReport {
        v: SUMMARY_VERSION,
        verdict,
        sentence: words::sentence(verdict, &deciding().collect::<Vec<_>>(), rules),
        run: summary.run.name.clone(),
        baseline: baseline.map(|baseline| baseline.name.clone()),
        margin: rules.margin,
        detect: rules.detect,
        checks,
        against: changed,
    })
}

/// A check that nothing is known of yet.
fn unknown(rule: &str, provider: &str, scope: Scope, message: String) -> Check {
    Check {
        rule: rule.to_owned(),
        provider: provider.to_owned(),
        scope,
        verdict: GateVerdict::Incomplete,
        part: false,
        value: None,
        bound: None,
        loss: None,
        message,
        broke: Vec::new(),
        cases: Vec::new(),
    }
}

/// What is missing from the run itself.
fn whole(summary: &Summary) -> Vec<Check> {
    let check =
        |provider: &str, message: String| unknown("the run is complete", provider, Scope::Overall, message);
    let trust = &summary.trust;
    let mut checks: Vec<Check> = trust
        .incomplete
        .iter()
        .map(|line| {
            let message = format!("{} of {} trials of {} are missing", line.missing, line.planned, line.of);
            check(&line.provider, message)
        })
        .collect();
    if trust.damaged.lines > 0 {
        checks.push(check("", format!("{} lines of the record cannot be read", trust.damaged.lines)));
    }
    checks
}

fn with_cutoff(cutoff: &Cutoff, summary: &Summary) -> Result<Vec<Check>, SummaryError> {
    let check = |found: Found| {
        let (verdict, message) = match (found.holds, found.value) {
            (Some(true), _) => (GateVerdict::Pass, format!("{cutoff} holds")),
            (Some(false), Some(value)) => {
                (GateVerdict::Regressed, format!("{cutoff} does not hold: it is {value:.4}"))
            }
            (_, Some(value)) => {
                let message =
                    format!("{cutoff} cannot be checked: it is at least {value:.4}, but a price is unknown");
                (GateVerdict::Incomplete, message)
            }
            (_, None) => {
                (GateVerdict::Incomplete, format!("{cutoff} cannot be checked: there is no such figure"))
            }
        };
        let (value, bound) = (found.value, Some(found.limit));
        Check { verdict, value, bound, ..unknown(&cutoff.text, &found.provider, found.scope, message) }
    };
    Ok(cutoff.find(summary)?.into_iter().map(check).collect())
}
