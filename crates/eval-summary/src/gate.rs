//! May this run pass? A gate fails closed: what is not known is not passed.

use std::cmp::Reverse;

use eval_statistics::{MarginVerdict, PairedComparison, compare, correct_family};

use crate::cutoff::Cutoff;
use crate::summarise::{Group, Groups, against, comparison_settings};
use crate::{
    Against, Baseline, Check, GateReport, GateVerdict, Options, SUMMARY_VERSION, Scope, Summary, SummaryError,
};

/// What a gate insists on.
#[derive(Debug, Clone, PartialEq)]
pub struct GateRules {
    /// A loss of less than this share of the score is no regression.
    pub margin: f64,
    /// Absolute bounds.
    pub cutoffs: Vec<Cutoff>,
}

impl Default for GateRules {
    fn default() -> Self {
        Self { margin: 0.01, cutoffs: Vec::new() }
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
    if !(0.0..1.0).contains(&rules.margin) {
        return Err(SummaryError::Setting(format!("the margin {} is not between 0 and 1", rules.margin)));
    }
    let mut checks = whole(summary);
    let mut changed = None;
    if let Some(baseline) = baseline {
        let against = against(baseline, now, options)?;
        checks.extend(with_baseline(baseline, now, &against, rules.margin, options));
        changed = Some(against);
    }
    for cutoff in &rules.cutoffs {
        checks.extend(with_cutoff(cutoff, summary)?);
    }
    if baseline.is_none() && rules.cutoffs.is_empty() {
        return Err(SummaryError::Setting("a gate needs a baseline or a cutoff".to_owned()));
    }
    checks.sort_by_key(|check| Reverse(check.verdict));
    let verdict = checks.iter().map(|check| check.verdict).max().unwrap_or(GateVerdict::Incomplete);
    Ok(GateReport {
        v: SUMMARY_VERSION,
        verdict,
        sentence: sentence(verdict, &checks),
        run: summary.run.name.clone(),
        baseline: baseline.map(|baseline| baseline.name.clone()),
        margin: rules.margin,
        checks,
        against: changed,
    })
}

fn sentence(verdict: GateVerdict, checks: &[Check]) -> String {
    let count = checks.iter().filter(|check| check.verdict == verdict).count();
    let all = checks.len();
    match verdict {
        GateVerdict::Pass => format!("Passed: {all} checks."),
        GateVerdict::Inconclusive => {
            format!("Inconclusive: too few cases to say in {count} of {all} checks.")
        }
        GateVerdict::Stale => format!("The baseline is stale in {count} of {all} checks: set it anew."),
        GateVerdict::Incomplete => {
            format!("Incomplete: {count} of {all} checks lack cases, trials or figures.")
        }
        GateVerdict::Regressed => format!("Regressed in {count} of {all} checks."),
    }
}

/// What is missing from the run itself.
fn whole(summary: &Summary) -> Vec<Check> {
    let check = |provider: &str, message: String| Check {
        rule: "the run is complete".to_owned(),
        provider: provider.to_owned(),
        scope: Scope::Overall,
        verdict: GateVerdict::Incomplete,
        value: None,
        bound: None,
        message,
        broke: Vec::new(),
        cases: Vec::new(),
    };
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

fn with_baseline(
    baseline: &Baseline,
    now: &Baseline,
    against: &Against,
    margin: f64,
    options: &Options,
) -> Vec<Check> {
    let groups = Groups::new(baseline, now);
    // What the baseline does not have cannot be worse than it.
    let groups: Vec<&Group<'_>> = groups.0.values().filter(|group| group.has_before()).collect();
    let settings = comparison_settings(options.level);
    let mut comparisons: Vec<Option<PairedComparison>> =
        groups.iter().map(|group| compare(&group.paired(), &settings)).collect();
    let mut family: Vec<PairedComparison> = comparisons.iter().flatten().copied().collect();
    correct_family(&mut family, options.level);
    for (slot, corrected) in comparisons.iter_mut().flatten().zip(family) {
        *slot = corrected;
    }
    let rule = format!("baseline {}", baseline.name);
    let mut checks: Vec<Check> = groups
        .iter()
        .zip(comparisons)
        .map(|(group, comparison)| {
            let mut check = Check {
                rule: rule.clone(),
                provider: group.now.to_owned(),
                scope: group.scope.clone(),
                verdict: GateVerdict::Incomplete,
                value: None,
                bound: None,
                message: "this run has none of the cases of the baseline".to_owned(),
                broke: Vec::new(),
                cases: Vec::new(),
            };
            if let Some(what) = stale(group, against) {
                check.verdict = GateVerdict::Stale;
                check.message = format!("the baseline is about another {what}");
            } else if let Some(comparison) = comparison {
                judge(&mut check, group, &comparison, against, margin);
            }
            check
        })
        .collect();
    if checks.is_empty() {
        checks.push(Check {
            rule,
            provider: String::new(),
            scope: Scope::Overall,
            verdict: GateVerdict::Incomplete,
            value: None,
            bound: None,
            message: "the baseline holds no scores".to_owned(),
            broke: Vec::new(),
            cases: Vec::new(),
        });
    }
    checks
}

/// What makes scores incomparable, if anything.
fn stale(group: &Group<'_>, against: &Against) -> Option<String> {
    let of = group.name();
    let matters = |what: &str| ["dataset", "prompt", "metric", "scorer"].contains(&what);
    let mut what: Vec<&str> = against
        .changes
        .iter()
        .filter(|change| matters(&change.what) && (change.of == of || change.of.is_empty()))
        .map(|change| change.what.as_str())
        .collect();
    what.dedup();
    (!what.is_empty()).then(|| what.join(", "))
}

fn judge(
    check: &mut Check,
    group: &Group<'_>,
    comparison: &PairedComparison,
    against: &Against,
    margin: f64,
) {
    let (before, now) = crate::summarise::means(&group.paired());
    (check.bound, check.value) = (Some(before), Some(now));
    check.verdict = match comparison.against_margin(margin) {
        MarginVerdict::Pass => GateVerdict::Pass,
        MarginVerdict::Regressed => GateVerdict::Regressed,
        MarginVerdict::Inconclusive => GateVerdict::Inconclusive,
    };
    let range = comparison.interval.map_or_else(String::new, |interval| {
        format!(", probably from {} to {}", points(interval.low), points(interval.high))
    });
    let difference = points(comparison.difference);
    check.message = format!("{difference} points against the baseline on {} cases{range}", comparison.n);
    // What the run left out may be what broke.
    if group.lacking() > 0 {
        check.verdict = check.verdict.max(GateVerdict::Incomplete);
        check
            .message
            .push_str(&format!("; {} more cases of the baseline are not in this run", group.lacking()));
    }
    if check.verdict == GateVerdict::Pass {
        return;
    }
    let fields = against.fields.iter().filter(|change| {
        change.provider == group.now && group.is(&change.dataset, change.task) && change.broken > change.fixed
    });
    check.broke = fields
        .map(|change| {
            format!(
                "field {}: broken in {}, fixed in {} of {} cases",
                change.field, change.broken, change.fixed, change.cases
            )
        })
        .collect();
    let tags = group.tag_losses().into_iter().filter(|(_, loss)| *loss > margin).take(5);
    check.broke.extend(tags.map(|(tag, loss)| format!("tag {tag}: {:.1} points lost", loss * 100.0)));
    check.cases = group.broken().take(10).map(str::to_owned).collect();
}

/// A difference of shares in points, without a negative zero.
fn points(difference: f64) -> String {
    let rounded = (difference * 1_000.0).round() / 10.0;
    format!("{:+.1}", rounded + 0.0).replace('-', "−")
}

fn with_cutoff(cutoff: &Cutoff, summary: &Summary) -> Result<Vec<Check>, SummaryError> {
    let check = |found: crate::cutoff::Found| {
        let (verdict, message) = match (found.holds, found.value) {
            (Some(true), _) => (GateVerdict::Pass, format!("{cutoff} holds")),
            (Some(false), Some(value)) => {
                (GateVerdict::Regressed, format!("{cutoff} does not hold: it is {value:.4}"))
            }
            (_, Some(value)) => {
                let message =
                    format!("{cutoff} cannot be told: it is at least {value:.4}, a price is not known");
                (GateVerdict::Incomplete, message)
            }
            (_, None) => {
                (GateVerdict::Incomplete, format!("{cutoff} cannot be told: there is no such figure"))
            }
        };
        Check {
            rule: cutoff.text.clone(),
            provider: found.provider,
            scope: found.scope,
            verdict,
            value: found.value,
            bound: Some(found.limit),
            message,
            broke: Vec::new(),
            cases: Vec::new(),
        }
    };
    Ok(cutoff.find(summary)?.into_iter().map(check).collect())
}
