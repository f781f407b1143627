//! A run against its baseline: each provider on all its cases first, then task by task.
//!
//! The pooled check decides, because tasks of few cases can show nothing alone. A task decides only if it regressed,
//! or if it cannot be compared. All of it is one family: three quarters of the error for the pooled checks, a quarter
//! for the tasks (Holm with weights).

use std::collections::BTreeMap;

use eval_statistics::{
    Comparison, LOSS_TAIL, Level, LossRules, LossVerdict, PairedCase, PairedTasks, PairedVariance,
    UNSEEN_TAIL, holm_weighted, report_weights,
};

use super::{GateRules, unknown};
use crate::summarise::{
    Group, Groups, JudgedChange, Standing, comparison_settings, corrected_bounds, corrected_change,
    level_among,
};
use crate::{
    Against, Baseline, Broke, Check, CheckReason, GateVerdict, Loss, NeededCases, Options, Paired, Scope,
    Uncalibrated, Unit,
};

/// Power behind "how many more cases", and of what is called detectable before a run.
pub(super) const POWER: f64 = 0.8;

/// One line per provider, and one per task where there are several.
#[must_use]
pub fn loss_checks(
    baseline: &Baseline,
    now: &Baseline,
    against: &Against,
    rules: &GateRules,
    options: &Options,
) -> Vec<Check> {
    let rule = format!("baseline {}", baseline.name);
    let groups = Groups::new(baseline, now);
    let mut by_provider: BTreeMap<&str, Vec<&Group<'_>>> = BTreeMap::new();
    // What the baseline does not have cannot be worse than it.
    for group in groups.0.values().filter(|group| group.has_before()) {
        by_provider.entry(group.now).or_default().push(group);
    }
    if by_provider.is_empty() {
        return vec![unknown(&rule, "", Scope::Overall, CheckReason::EmptyBaseline)];
    }
    let share = 1.0 / by_provider.len() as f64;
    let level = level_among(by_provider.len(), options.level);
    let mut lines: Vec<Line<'_>> =
        by_provider.values().flat_map(|groups| Line::of_provider(groups, against, share)).collect();
    let settings = comparison_settings(options.level);
    let tests: Vec<(f64, f64)> = lines.iter().map(|line| (line.p_of_loss(&settings), line.weight)).collect();
    for (line, p) in lines.iter_mut().zip(holm_weighted(&tests)) {
        line.p = p;
    }
    lines.iter().map(|line| line.check(&rule, against, rules, level)).collect()
}

/// A provider on all its tasks, or on one.
struct Line<'a> {
    groups: Vec<&'a Group<'a>>,
    scope: Scope,
    /// What the baseline is out of date about.
    stale: Option<Vec<String>>,
    cases: Vec<PairedCase>,
    pairs: Option<PairedTasks>,
    /// Where people correct a judge's scores.
    corrected: Option<JudgedChange>,
    /// Whether another line decides for this one.
    is_part: bool,
    weight: f64,
    p: f64,
}

impl<'a> Line<'a> {
    fn of_provider(groups: &[&'a Group<'a>], against: &Against, share: f64) -> Vec<Self> {
        let comparable: Vec<&Group<'_>> = groups
            .iter()
            .copied()
            .filter(|group| undecided(group).is_none() && stale(group, against).is_none())
            .filter(|group| !group.shared.is_empty())
            .collect();
        let comparable = Group::deciding(&comparable);
        let is_pooled = comparable.len() > 1;
        let (of_pooled, of_task) = report_weights(usize::from(is_pooled), groups.len());
        let deciding: Vec<Scope> = Group::deciding(groups).iter().map(|group| group.scope.clone()).collect();
        let mut lines = Vec::new();
        if is_pooled {
            lines.push(Self::new(comparable, Scope::Overall, None, false, share * of_pooled));
        }
        lines.extend(groups.iter().map(|group| {
            let stale = stale(group, against);
            let is_part = is_pooled || !deciding.contains(&group.scope);
            Self::new(vec![*group], group.scope.clone(), stale, is_part, share * of_task)
        }));
        lines
    }

    fn new(
        groups: Vec<&'a Group<'a>>,
        scope: Scope,
        stale: Option<Vec<String>>,
        is_part: bool,
        weight: f64,
    ) -> Self {
        let cases = if stale.is_some() { Vec::new() } else { Group::pooled(&groups) };
        let pairs = PairedTasks::new(&[&cases]);
        // All cases count the same, whatever their task.
        let corrected = corrected_change(&groups, |group| group.shared.len() as f64);
        Self { groups, scope, stale, cases, pairs, corrected, is_part, weight, p: 1.0 }
    }

    fn undecided(&self) -> Option<&Uncalibrated> {
        self.groups.iter().find_map(|group| undecided(group))
    }

    fn p_of_loss(&self, settings: &Comparison) -> f64 {
        match (self.undecided(), &self.corrected, &self.pairs) {
            (None, Some(corrected), _) => corrected.difference.p_of_loss(),
            (None, None, Some(pairs)) => pairs.p_of_chance_loss(settings),
            _ => 1.0,
        }
    }

    fn check(&self, rule: &str, against: &Against, rules: &GateRules, level: Level) -> Check {
        let provider = self.groups.first().map_or("", |group| group.now);
        let mut check = unknown(rule, provider, self.scope.clone(), CheckReason::NoSharedCases);
        check.unit = Unit::Share;
        if let Some(why) = self.undecided() {
            check.verdict = GateVerdict::Inconclusive;
            check.reason = CheckReason::Uncalibrated(why.clone());
        } else if let Some(what) = &self.stale {
            check.verdict = GateVerdict::Stale;
            check.reason = CheckReason::Stale { what: what.clone() };
        } else if let Some(pairs) = &self.pairs {
            self.judge(&mut check, pairs, rules, level);
        }
        self.incomplete(&mut check);
        if check.verdict > GateVerdict::NoLossFound {
            self.explain(&mut check, against, rules.margin);
        }
        // Alone, a few cases show nothing; that is what the pooled check is for.
        let decides = self.undecided().is_some() || check.verdict > GateVerdict::Inconclusive;
        check.part = self.is_part && !decides;
        check
    }

    fn judge(&self, check: &mut Check, pairs: &PairedTasks, rules: &GateRules, level: Level) {
        let by_people = self.corrected.as_ref();
        let (before, now) = by_people.map_or_else(|| pairs.means(), |it| (it.before, it.now));
        (check.bound, check.value) = (Some(before), Some(now));
        let loss_rules = LossRules { margin: rules.margin, detect: rules.detect };
        let verdict = match by_people {
            Some(it) => it.difference.judge_loss(&loss_rules, self.p),
            None => pairs.judge_loss(&loss_rules, self.p),
        };
        check.verdict = match verdict {
            LossVerdict::Pass => GateVerdict::Pass,
            LossVerdict::NoLossFound => GateVerdict::NoLossFound,
            LossVerdict::Inconclusive => GateVerdict::Inconclusive,
            LossVerdict::Regressed => GateVerdict::Regressed,
        };
        let is_open = verdict == LossVerdict::Inconclusive;
        let needed = |loss: f64, tail: f64| {
            let cases = pairs.required_cases(loss, tail, POWER).filter(|_| is_open && by_people.is_none())?;
            Some(NeededCases { low: cases.low, high: cases.high })
        };
        let loss = Loss {
            cases: pairs.cases() as u64,
            documents: pairs.documents() as u64,
            changed: pairs.changed() as u64,
            difference: by_people.map_or_else(|| pairs.difference(), |it| it.difference.mean),
            interval: match by_people {
                Some(it) => corrected_bounds(&it.difference, level),
                None => pairs.interval(level).map(Into::into),
            },
            by_people: by_people.is_some(),
            p_adjusted: self.p,
            shown: Some(by_people.map_or_else(|| pairs.surely_lost(), |it| it.difference.surely_lost()))
                .filter(|_| verdict == LossVerdict::Regressed),
            could_see: by_people
                .map_or_else(|| pairs.could_see(), |it| it.difference.could_see())
                .map(|seen| seen.max(0.0)),
            needed_for_margin: needed(rules.margin, LOSS_TAIL),
            needed_to_detect: needed(rules.detect, UNSEEN_TAIL),
            own_noise: own_noise(&self.cases),
        };
        check.reason = CheckReason::Compared;
        check.loss = Some(loss);
    }

    /// What the run left out may be what broke, and what ended it may be why the rest looks worse.
    fn incomplete(&self, check: &mut Check) {
        let lacking: usize = self.groups.iter().map(|group| group.lacking()).sum();
        if lacking > 0 && self.pairs.is_some() {
            check.verdict = GateVerdict::Incomplete;
            check.lacking = lacking as u64;
        }
    }

    /// The fields, tags and cases that broke.
    fn explain(&self, check: &mut Check, against: &Against, margin: f64) {
        for group in &self.groups {
            let fields = against.fields.iter().filter(|change| {
                change.provider == group.now
                    && group.is(&change.dataset, change.task)
                    && change.broken > change.fixed
            });
            check.broke.extend(fields.map(|change| Broke::Field {
                field: change.field.clone(),
                broken: change.broken,
                fixed: change.fixed,
                cases: change.cases,
            }));
            let tags = group.tag_losses().into_iter().filter(|(_, loss)| *loss > margin).take(5);
            check.broke.extend(tags.map(|(tag, loss)| Broke::Tag { tag, loss }));
        }
        check.cases =
            self.groups.iter().flat_map(|group| group.broken()).take(10).map(str::to_owned).collect();
    }
}

/// One difference has one interval, whether a check or a comparison shows it: that of the comparison, ended at the loss that
/// is surely exceeded where the check shows one.
pub(super) fn agree(checks: &mut [Check], against: &mut Against) {
    for check in checks {
        let Some(loss) = &mut check.loss else { continue };
        let of_check = against
            .differences
            .iter_mut()
            .filter(|one| one.difference.b == check.provider && one.scope == check.scope);
        // What a gate calls a regression, it does not call doubtful beside it.
        of_check.filter(|_| loss.shown.is_some()).for_each(|one| one.difference.doubt = None);
        // Over several tasks a check pools the cases, and a comparison the tasks: two differences.
        let is_same = |one: &&mut Paired| {
            one.difference.b == check.provider
                && one.scope == check.scope
                && (one.difference.difference - loss.difference).abs() < 1e-9
        };
        let mut paired = against.differences.iter_mut().find(is_same);
        if let Some(paired) = &paired {
            loss.interval.clone_from(&paired.difference.interval);
        }
        if let (Some(bounds), Some(shown)) = (&mut loss.interval, loss.shown) {
            bounds.high = bounds.high.min(-shown);
        }
        if let Some(paired) = &mut paired {
            paired.difference.interval.clone_from(&loss.interval);
        }
    }
}

/// Why nothing is decided on a task, if so.
fn undecided<'g>(group: &'g Group<'_>) -> Option<&'g Uncalibrated> {
    match &group.standing {
        Standing::Undecided(why) => Some(why),
        _ => None,
    }
}

/// What makes scores incomparable, if anything.
fn stale(group: &Group<'_>, against: &Against) -> Option<Vec<String>> {
    let of = group.name();
    let matters = |what: &str| ["dataset", "prompt", "metric", "scorer"].contains(&what);
    let mut what: Vec<String> = against
        .changes
        .iter()
        .filter(|change| matters(&change.what) && (change.of == of || change.of.is_empty()))
        .map(|change| change.what.clone())
        .collect();
    what.dedup();
    (!what.is_empty()).then_some(what)
}

/// The share of the variance between the two runs that repeats of a case explain.
fn own_noise(cases: &[PairedCase]) -> Option<f64> {
    let is_repeated = cases.iter().any(|case| case.a.count() > 1 || case.b.count() > 1);
    let variance = PairedVariance::from_cases(cases).filter(|_| is_repeated)?;
    let noise = variance.within_a / variance.repeats_a + variance.within_b / variance.repeats_b;
    (noise + variance.between_cases > 0.0).then(|| noise / (noise + variance.between_cases))
}
