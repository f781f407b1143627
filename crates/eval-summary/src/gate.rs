//! May this run pass? A gate fails closed: what is not known is not passed.

mod explain;
mod loss;

use std::cmp::Reverse;

use crate::cutoff::{Cutoff, Found};
use crate::summarise::against;
use crate::{
    Baseline, Check, CheckReason, GateReport, GateVerdict, JudgeStanding, Options, SUMMARY_VERSION, Scope,
    Summary, SummaryError, Uncalibrated, Unit, Warning,
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
                "the loss to detect, {}, is not a share of at least the margin {}, such as {}",
                self.detect,
                self.margin,
                self.margin.max(Self::default().detect)
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
        let mut against = against(baseline, now, options)?;
        let mut found = loss_checks(baseline, now, &against, rules, options);
        loss::agree(&mut found, &mut against);
        // An outage is no loss of quality.
        let outage = |check: &Check| {
            checks.iter().any(|whole| !whole.provider.is_empty() && whole.provider == check.provider)
        };
        found
            .iter_mut()
            .filter(|check| outage(check))
            .for_each(|check| check.verdict = GateVerdict::Incomplete);
        checks.extend(found);
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
        run: summary.run.name.clone(),
        command: None,
        baseline: baseline.map(|baseline| baseline.name.clone()),
        margin: rules.margin,
        detect: rules.detect,
        all_cached: all_cached(summary),
        checks,
        against: changed,
    })
}

/// Whether the run measured nothing itself. Controls are no measurement.
fn all_cached(summary: &Summary) -> bool {
    let candidates = || summary.overall.rows.iter().filter(|row| !row.control).map(|row| &row.answers);
    candidates().any(|answers| answers.answered > 0)
        && candidates().all(|answers| answers.cached == answers.answered && answers.failed == 0)
}

/// A check that nothing is known of yet.
fn unknown(rule: &str, provider: &str, scope: Scope, reason: CheckReason) -> Check {
    Check {
        rule: rule.to_owned(),
        provider: provider.to_owned(),
        scope,
        verdict: GateVerdict::Incomplete,
        part: false,
        value: None,
        bound: None,
        loss: None,
        reason,
        unit: Unit::Number,
        lacking: 0,
        broke: Vec::new(),
        cases: Vec::new(),
    }
}

/// What is missing from the run itself.
fn whole(summary: &Summary) -> Vec<Check> {
    let check = |provider: &str, reason| unknown("the run is complete", provider, Scope::Overall, reason);
    let trust = &summary.trust;
    let mut checks: Vec<Check> = trust
        .incomplete
        .iter()
        .map(|line| {
            let (of, missing, planned) = (line.of.clone(), line.missing, line.planned);
            check(&line.provider, CheckReason::MissingTrials { of, missing, planned })
        })
        .collect();
    // A host that is down cannot be told from a model that lost everything.
    let dead = summary.overall.rows.iter().filter(|row| !row.control && row.answers.answered == 0);
    checks.extend(
        dead.filter(|row| row.answers.failed > 0)
            .map(|row| check(&row.provider, CheckReason::NoAnswers { failed: row.answers.failed })),
    );
    for warning in &trust.warnings {
        if let Warning::DatasetChanged { dataset, .. } = warning {
            checks.push(check("", CheckReason::DatasetChanged { dataset: dataset.clone() }));
        }
    }
    if trust.damaged.lines > 0 {
        checks.push(check("", CheckReason::DamagedLines { lines: trust.damaged.lines }));
    }
    checks
}

/// Why a figure that rests on a judge's word decides nothing, if so.
fn by_judge(cutoff: &Cutoff, summary: &Summary, scope: &Scope) -> Option<CheckReason> {
    let tasks = summary.judging.iter().flat_map(|judging| &judging.tasks);
    let of_scope = tasks.filter(|task| *scope == Scope::Overall || *scope == task.scope);
    let mut of_scope = of_scope.filter(|_| cutoff.is_about_answers());
    let is_score = cutoff.is_score(summary, scope);
    of_scope.find_map(|task| match (task.standing, &task.judge) {
        (JudgeStanding::Calibrated, _) if !is_score => Some(CheckReason::NotCorrected),
        (standing, Some(judge)) if !standing.decides() => Some(CheckReason::Uncalibrated(Uncalibrated {
            run: summary.run.name.clone(),
            judge: judge.clone(),
            caught: standing == JudgeStanding::Caught,
            labelled: task.labelled,
            needed: task.needed,
        })),
        _ => None,
    })
}

fn with_cutoff(cutoff: &Cutoff, summary: &Summary) -> Result<Vec<Check>, SummaryError> {
    let check = |found: Found| {
        if let Some(reason) = by_judge(cutoff, summary, &found.scope) {
            let check = unknown(&cutoff.text, &found.provider, found.scope, reason);
            return Check {
                verdict: GateVerdict::Inconclusive,
                bound: Some(found.limit),
                unit: found.unit,
                ..check
            };
        }
        let (verdict, reason) = match (found.holds, found.value) {
            (Some(true), _) => (GateVerdict::Pass, CheckReason::Bound),
            (Some(false), Some(_)) => (GateVerdict::Regressed, CheckReason::Bound),
            (_, Some(_)) => (GateVerdict::Incomplete, CheckReason::PriceUnknown),
            (_, None) => (GateVerdict::Incomplete, CheckReason::NoFigure),
        };
        let check = unknown(&cutoff.text, &found.provider, found.scope, reason);
        Check { verdict, value: found.value, bound: Some(found.limit), unit: found.unit, ..check }
    };
    Ok(cutoff.find(summary)?.into_iter().map(check).collect())
}
