use eval_statistics::{PairedComparison, PairedTasks, Verdict, correct_family};

use crate::summarise::differences::settings;
use crate::summarise::pairing::{beside_nothing, shared};
use crate::{Bounds, Constraints, Excluded, Objection, Options, PairedGap, Prefer, Row, Scored};

/// The candidates under some constraints.
pub(super) struct Eligible<'a> {
    /// Who may be recommended, the best score first.
    pub rows: Vec<&'a Row>,
    /// Who is not eligible for no other reason than that it is not shown to beat a control: it may be better than those
    /// who are.
    pub rivals: Vec<&'a Row>,
    /// Why the others, rivals included, are not eligible.
    pub excluded: Vec<Excluded>,
}

/// All candidates, and which of them are shown to beat the controls.
pub(super) struct Field<'a> {
    scored: &'a Scored<'a>,
    rows: &'a [Row],
    /// By label: the controls it is not shown to beat.
    blind: Vec<(String, Objection)>,
}

impl<'a> Field<'a> {
    pub fn new(scored: &'a Scored<'a>, rows: &'a [Row], options: &Options) -> Self {
        Self { scored, rows, blind: not_above_controls(scored, options) }
    }

    /// Who is eligible, and why the others are not. Controls are no candidates.
    pub fn eligible(&self, constraints: &Constraints) -> Eligible<'a> {
        let (mut eligible, mut rivals, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
        for row in self.rows.iter().filter(|row| !row.control) {
            let reasons = self.objections(row, constraints);
            if reasons.is_empty() {
                eligible.push(row);
            } else {
                if reasons.iter().all(is_lack_of_evidence) {
                    rivals.push(row);
                }
                excluded.push(Excluded { provider: row.provider.clone(), reasons });
            }
        }
        let score = |row: &Row| row.score.as_ref().map_or(0.0, |score| score.mean);
        eligible.sort_by(|a, b| score(b).total_cmp(&score(a)));
        if constraints.prefer == Prefer::TotalCost {
            let total =
                |row: &Row| row.loss.as_ref().and_then(|loss| loss.total.as_ref()).map_or(0.0, |it| it.mean);
            eligible.sort_by(|a, b| total(a).total_cmp(&total(b)));
        }
        Eligible { rows: eligible, rivals, excluded }
    }

    fn objections(&self, row: &Row, constraints: &Constraints) -> Vec<Objection> {
        if row.answers.answered == 0 && row.answers.failed > 0 {
            let kind = row.failures.iter().max_by_key(|(_, count)| **count).map(|(kind, _)| kind.clone());
            return vec![Objection::NoAnswers { failed: row.answers.failed, kind }];
        }
        if row.score.is_none() {
            // Nothing but skipped cases: that is why.
            let is_skipped = row.answers.answered + row.answers.failed == 0;
            let most = row.skipped.iter().filter(|_| is_skipped).max_by_key(|skip| skip.cases);
            return vec![Objection::NoScore { skipped: most.cloned() }];
        }
        let mut reasons = Vec::new();
        // Lower bounds may rank candidates by how they word things.
        if self.scored.deciding().into_iter().all(|unit| self.scored.is_by_wordings(unit)) {
            reasons.push(Objection::ByWordings);
        }
        if !row.tasks_missing.is_empty() {
            reasons.push(Objection::MissingTasks { tasks: row.tasks_missing.clone() });
        }
        let of_it = self.blind.iter().filter(|(label, _)| *label == row.provider);
        reasons.extend(of_it.map(|(_, objection)| objection.clone()));
        let has_total = row.loss.as_ref().is_some_and(|loss| loss.total.is_some());
        if constraints.prefer == Prefer::TotalCost && !has_total {
            reasons.push(Objection::NoTotalCost);
        }
        reasons.extend(min_score(row, constraints, Shown::Missed));
        reasons.extend(max_p95(row, constraints, Shown::Missed));
        if let Some(limit) = constraints.max_usd_per_1000 {
            let (usd, at_least) = (row.cost.per_1000, row.cost.at_least);
            if at_least || usd.is_none_or(|usd| usd > limit) {
                reasons.push(Objection::MaxCost { usd, at_least, limit });
            }
        }
        let planned = self.scored.providers().iter().find(|provider| provider.label == row.provider);
        let has = |wanted: &String| planned.is_some_and(|planned| planned.capabilities.contains(wanted));
        let lacking: Vec<String> = constraints.require.iter().filter(|it| !has(it)).cloned().collect();
        if !lacking.is_empty() {
            reasons.push(Objection::Lacks { capabilities: lacking });
        }
        reasons
    }
}

/// What the interval of a figure says about a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Met,
    Missed,
    /// The limit lies within the interval, or there is none.
    Neither,
}

/// The constraints that a candidate is neither shown to meet nor to miss.
pub(super) fn in_doubt(row: &Row, constraints: &Constraints) -> Vec<Objection> {
    let score = min_score(row, constraints, Shown::Neither);
    score.into_iter().chain(max_p95(row, constraints, Shown::Neither)).collect()
}

/// Whether a candidate meets the constraints by its figures as seen, shown or not.
pub(super) fn meets_as_seen(row: &Row, constraints: &Constraints) -> bool {
    let score = row.score.as_ref().map(|score| score.mean);
    let p95 = row.latency.as_ref().map(|latency| latency.p95.value);
    constraints.min_score.is_none_or(|limit| score.is_some_and(|score| score >= limit))
        && constraints.max_p95_seconds.is_none_or(|limit| p95.is_some_and(|p95| p95 <= limit))
}

/// The lowest score as an objection, if this is what is shown of it.
fn min_score(row: &Row, constraints: &Constraints, wanted: Shown) -> Option<Objection> {
    let (score, limit) = (row.score.as_ref()?, constraints.min_score?);
    let shown = match &score.interval {
        Some(it) if it.high < limit => Shown::Missed,
        Some(it) if it.low >= limit => Shown::Met,
        _ => Shown::Neither,
    };
    let objection = Objection::MinScore { score: score.mean, interval: score.interval.clone(), limit };
    (shown == wanted).then_some(objection)
}

/// The longest latency as an objection, if this is what is shown of it.
fn max_p95(row: &Row, constraints: &Constraints, wanted: Shown) -> Option<Objection> {
    let limit = constraints.max_p95_seconds?;
    let seconds = row.latency.as_ref().map(|latency| latency.p95.clone());
    let shown = match &seconds {
        None => Shown::Missed,
        Some(it) if it.low.is_some_and(|low| low > limit) => Shown::Missed,
        Some(it) if it.high.is_some_and(|high| high <= limit) => Shown::Met,
        Some(_) => Shown::Neither,
    };
    (shown == wanted).then_some(Objection::MaxP95 { seconds, limit })
}

fn is_lack_of_evidence(reason: &Objection) -> bool {
    matches!(reason, Objection::NotAboveControl { .. } | Objection::NotAboveBlank)
}

/// Everybody who is not shown to be better than somebody who never looks at the media: paired, and corrected for the
/// number of candidates. A candidate must beat every control, so that the number of controls needs no correction.
/// Every case weighs the same: whether somebody looks is no matter of tasks, and a task of one case would hide it.
/// Without a control in the run, an empty answer is the control that costs nothing.
fn not_above_controls(scored: &Scored<'_>, options: &Options) -> Vec<(String, Objection)> {
    let providers = scored.providers();
    let units = scored.deciding();
    let (controls, candidates): (Vec<usize>, Vec<usize>) =
        (0..providers.len()).partition(|at| providers[*at].control);
    let of = |candidate: usize, objection| (providers[candidate].label.clone(), objection);
    if controls.is_empty() {
        let pairs = |candidate| beside_nothing(scored, &units, candidate).pooled();
        let blind = not_better(scored, options, &candidates, pairs);
        return blind.into_iter().map(|(candidate, _)| of(candidate, Objection::NotAboveBlank)).collect();
    }
    let of_control = |control: usize| {
        let pairs = |candidate| shared(scored, &units, control, candidate).pooled();
        let objection = |gap: Option<PairedComparison>| Objection::NotAboveControl {
            control: providers[control].label.clone(),
            gap: gap
                .map(|it| PairedGap { difference: it.difference, interval: it.interval.map(Bounds::from) }),
        };
        let blind = not_better(scored, options, &candidates, pairs);
        blind.into_iter().map(|(candidate, gap)| of(candidate, objection(gap))).collect::<Vec<_>>()
    };
    controls.into_iter().flat_map(of_control).collect()
}

/// The candidates that are not shown to be the better of such a pair, with what is known of the difference.
fn not_better(
    scored: &Scored<'_>,
    options: &Options,
    candidates: &[usize],
    pairs: impl Fn(usize) -> Option<PairedTasks>,
) -> Vec<(usize, Option<PairedComparison>)> {
    let settings = settings(options.level, scored.plan().seed);
    let compared =
        candidates.iter().filter_map(|candidate| Some((*candidate, pairs(*candidate)?.compare(&settings))));
    let (compared, mut family): (Vec<usize>, Vec<PairedComparison>) = compared.unzip();
    correct_family(&mut family, options.level);
    let of = |candidate: &usize| compared.iter().position(|one| one == candidate).map(|at| family[at]);
    let all = candidates.iter().map(|candidate| (*candidate, of(candidate)));
    all.filter(|(_, it)| it.is_none_or(|it| it.verdict != Verdict::Better)).collect()
}
