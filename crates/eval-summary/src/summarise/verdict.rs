//! Which candidate is recommended: who is eligible, the rule of [`crate::decide`] on them, and what would change it.

mod changes;
mod differences;
mod eligible;
mod trade_off;

use crate::decide::{Contender, Gaps, Ruling, decide, outlook};
use crate::{
    Behind, Board, Bounds, Constraints, Decision, Excluded, Open, Options, PairedGap, Prefer, Provisional,
    Row, Scored, Settle, Standing, StandingKind, Trust, Verdict,
};

use differences::Differences;
use eligible::Eligible;

pub(super) use trade_off::trade_off;

pub(super) fn verdict(
    scored: &Scored<'_>,
    overall: &Board,
    said: &[crate::Differences],
    trust: &Trust,
    options: &Options,
) -> Verdict {
    let field = eligible::Field::new(scored, &overall.rows, options);
    let constraints = &options.constraints;
    let differences = Differences::new(scored, &overall.rows, said, constraints.prefer);
    let eligible = field.eligible(constraints);
    let choice = Choice::new(&differences, &eligible, constraints);
    let provisional = provisional(&overall.rows, trust, u64::from(scored.plan().repeats));
    let brief = in_brief(&choice, eligible.excluded, provisional);
    let settle = choice.settle(scored);
    Verdict {
        open: brief.open.map(|open| Open { settle, ..open }),
        changes: changes::changes(&differences, &field, &choice),
        ..brief
    }
}

/// Who of these is recommended by the same rule, or else the one that the figures as they are speak for.
pub(super) fn among(
    scored: &Scored<'_>,
    overall: &Board,
    said: &[crate::Differences],
    labels: &[&str],
    options: &Options,
) -> (Option<String>, Option<String>) {
    let field = eligible::Field::new(scored, &overall.rows, options);
    let mut eligible = field.eligible(&options.constraints);
    let is_among = |row: &&Row| labels.contains(&row.provider.as_str());
    eligible.rows.retain(is_among);
    eligible.rivals.retain(is_among);
    let differences = Differences::new(scored, &overall.rows, said, options.constraints.prefer);
    let choice = Choice::new(&differences, &eligible, &options.constraints);
    (choice.recommended().map(|row| row.provider.clone()), choice.today())
}

/// What is decided, without an estimate of further cases, and without what would change it.
fn in_brief(choice: &Choice<'_>, excluded: Vec<Excluded>, provisional: Option<Provisional>) -> Verdict {
    let recommended = choice.recommended();
    Verdict {
        constraints: choice.constraints.clone(),
        decision: match (choice.eligible == 0, recommended) {
            (true, _) => Decision::NoRecommendation,
            (false, Some(_)) => Decision::Recommended,
            (false, None) => Decision::NotSettled,
        },
        winner: recommended.map(|row| row.provider.clone()),
        runner_up: recommended.and_then(|winner| choice.best_but(winner)),
        today: choice.today(),
        time_unknown: choice.time_unknown,
        about_these_alone: choice.about_these_alone,
        provisional,
        candidates: choice.standings(),
        open: choice.open(),
        in_doubt: choice.in_doubt(),
        excluded,
        changes: Vec::new(),
        level: choice.gaps.level().get(),
    }
}

/// The eligible candidates under some constraints, the best score first, then rivals that are not shown to beat a
/// control, and what the rule says of them.
struct Choice<'a> {
    rows: Vec<&'a Row>,
    eligible: usize,
    /// By what it is chosen: cost decides where time should and is not known.
    constraints: Constraints,
    time_unknown: bool,
    /// The dollars per 1,000 documents that a whole difference is, where the total cost decides.
    usd: Option<f64>,
    /// Whether the differences are those of the documents of the run alone.
    about_these_alone: bool,
    contenders: Vec<Contender>,
    gaps: Gaps,
    ruling: Option<Ruling>,
}

impl<'a> Choice<'a> {
    fn new(differences: &Differences<'_>, field: &Eligible<'a>, asked: &Constraints) -> Self {
        let rows: Vec<&Row> = field.rows.iter().chain(&field.rivals).copied().collect();
        let (gaps, eligible) = (differences.between(&rows), field.rows.len());
        let time_unknown =
            asked.prefer == Prefer::Time && rows.iter().all(|row| price(row, Prefer::Time).is_none());
        let prefer = if time_unknown { Prefer::Cost } else { asked.prefer };
        let constraints = Constraints { prefer, ..asked.clone() };
        let usd = differences.usd();
        let contender = |(at, row): (usize, &&Row)| {
            let price = price(row, constraints.prefer);
            let saved = |usd: f64| 1.0 - price.unwrap_or(usd) / usd;
            let meets = eligible::in_doubt(row, &constraints).is_empty();
            Contender { score: usd.map_or_else(|| score(row), saved), price, eligible: at < eligible, meets }
        };
        let contenders: Vec<Contender> = rows.iter().enumerate().map(contender).collect();
        let ruling = decide(&contenders, &gaps, tolerance(&constraints, usd));
        let about_these_alone = differences.about_these_alone();
        Self { rows, eligible, constraints, time_unknown, usd, about_these_alone, contenders, gaps, ruling }
    }

    /// Who is chosen as things stand: recommended, or the one to take today.
    fn current(&self) -> Option<String> {
        self.recommended().map(|row| row.provider.clone()).or_else(|| self.today())
    }

    fn eligible_rows(&self) -> &[&'a Row] {
        &self.rows[..self.eligible]
    }

    fn recommended(&self) -> Option<&'a Row> {
        Some(self.rows[self.ruling.as_ref()?.recommended()?])
    }

    /// The best score among the others.
    fn best_but(&self, winner: &Row) -> Option<String> {
        let mut others = self.eligible_rows().iter().filter(|row| row.provider != winner.provider);
        others.next().map(|row| row.provider.clone())
    }

    /// Who would be recommended if it were shown to meet the constraints, or to be as good as the others.
    fn in_doubt(&self) -> Option<String> {
        let ruling = self.ruling.as_ref().filter(|ruling| ruling.in_doubt)?;
        Some(self.rows[ruling.pick].provider.clone())
    }

    /// The cheapest that meets the constraints and is within the tolerance of the best by its figures as seen, where
    /// nothing is settled.
    fn today(&self) -> Option<String> {
        let ruling = self.ruling.as_ref().filter(|ruling| ruling.recommended().is_none())?;
        let close = |one: &usize| {
            let gap = self.gaps.between(*one, ruling.leader);
            !ruling.out[*one] && gap.mean >= -self.tolerance()
        };
        let cheapest =
            |a: &usize, b: &usize| crate::decide::cheapest_first(&self.contenders[*a], &self.contenders[*b]);
        let meets = |one: &usize| eligible::meets_as_seen(self.rows[*one], &self.constraints);
        let all = || (0..self.eligible).filter(close);
        let today = all().filter(meets).min_by(cheapest).or_else(|| all().min_by(cheapest));
        Some(self.rows[today.unwrap_or(ruling.leader)].provider.clone())
    }

    fn standings(&self) -> Vec<Standing> {
        let Some(ruling) = &self.ruling else { return Vec::new() };
        let standing = |(at, row): (usize, &&Row)| Standing {
            provider: row.provider.clone(),
            score: score(row),
            fully_right: row.fully_right.as_ref().map(|share| share.mean),
            usd_per_1000: price(row, Prefer::Cost),
            at_least: row.cost.at_least,
            p50_seconds: price(row, Prefer::Time),
            total_usd_per_1000: price(row, Prefer::TotalCost),
            against_best: (at != ruling.leader).then(|| self.gap(at, ruling.leader)),
            behind: self.behind(at, ruling).filter(|_| ruling.out[at]),
            in_doubt: eligible::in_doubt(row, &self.constraints),
            standing: match (ruling.recommended() == Some(at), ruling.out[at]) {
                (true, _) => StandingKind::Recommended,
                (false, true) => StandingKind::Worse,
                (false, false) => StandingKind::InContention,
            },
            skipped: row.answers.skipped,
        };
        self.eligible_rows().iter().enumerate().map(standing).collect()
    }

    /// Whom one is shown to be worse than by the most, if that is not the best.
    fn behind(&self, one: usize, ruling: &Ruling) -> Option<Behind> {
        let gap = |other: &usize| self.gaps.between(one, *other);
        let is_loss = |other: &usize| gap(other).is_loss_beyond(self.tolerance());
        let leader_meets = self.contenders[ruling.leader].meets;
        if one != ruling.leader && leader_meets && is_loss(&ruling.leader) {
            return None;
        }
        let is_better = |other: &usize| self.contenders[*other].meets && is_loss(other);
        let better = (0..self.rows.len()).filter(is_better);
        let better = better.min_by(|a, b| gap(a).high.total_cmp(&gap(b).high))?;
        Some(Behind { provider: self.rows[better].provider.clone(), gap: self.gap(one, better) })
    }

    /// The score of one minus that of another, or the dollars per 1,000 documents that it saves.
    fn gap(&self, one: usize, other: usize) -> PairedGap {
        let gap = self.gaps.between(one, other);
        let unit = self.usd.unwrap_or(1.0);
        let level = self.gaps.level().get();
        let bounds =
            Bounds { low: gap.low * unit, high: gap.high * unit, level, method: "paired".to_owned() };
        PairedGap { difference: gap.mean * unit, interval: gap.is_bounded().then_some(bounds) }
    }

    /// As a share, whatever decides.
    fn tolerance(&self) -> f64 {
        tolerance(&self.constraints, self.usd)
    }

    fn open(&self) -> Option<Open> {
        let ruling = self.ruling.as_ref()?;
        let first = *ruling.open.first()?;
        // The pick against the best score, or against whoever may be better than it if it has the best score itself.
        let against = if ruling.open.contains(&ruling.leader) { ruling.leader } else { first };
        // A rival that cannot be recommended leads nobody.
        let pick_leads = against >= self.eligible
            || (self.gaps.between(ruling.pick, against).mean >= 0.0 && ruling.pick == ruling.leader);
        let (leader, rival) = if pick_leads { (ruling.pick, against) } else { (against, ruling.pick) };
        Some(Open {
            leader: self.rows[leader].provider.clone(),
            rival: self.rows[rival].provider.clone(),
            gap: self.gap(rival, leader),
            cheaper: self.rows[ruling.pick].provider.clone(),
            settle: None,
        })
    }

    /// The further cases that would settle it; nothing where it is settled, or where a constraint is in doubt, too.
    fn settle(&self, scored: &Scored<'_>) -> Option<Settle> {
        let is_open = |ruling: &&Ruling| ruling.recommended().is_none() && !ruling.in_doubt;
        let ruling = self.ruling.as_ref().filter(is_open)?;
        let left: Vec<&Row> =
            self.rows.iter().zip(&ruling.out).filter(|(_, out)| !**out).map(|(row, _)| *row).collect();
        let cases = left.iter().map(|row| row.answers.cases).min()?;
        let plan = scored.plan();
        let outlook = outlook(&self.contenders, &self.gaps, self.tolerance(), cases, plan.seed);
        let repeats = u64::from(plan.repeats).max(1);
        let prices: Option<f64> = left.iter().map(|row| usd_per_trial(row)).sum();
        // Of these documents alone everything is known when all are asked.
        let to_come = left.iter().map(|row| row.answers.missing.div_ceil(repeats)).max();
        let to_come = to_come.filter(|cases| self.about_these_alone && *cases > 0);
        let bound = |cases: Option<u64>| match to_come {
            Some(most) => Some(cases.map_or(most, |cases| cases.min(most))),
            None => cases,
        };
        if outlook.is_none() && to_come.is_none() {
            return None;
        }
        let (low, high) = outlook.map_or((None, None), |outlook| (outlook.low, outlook.high));
        let is_all = to_come.is_some() && bound(high) == to_come;
        let too_close = outlook.filter(|_| high.is_some() && !is_all).map(|outlook| outlook.distance);
        Some(Settle {
            cases_low: bound(low),
            cases_high: bound(high),
            left: to_come,
            too_close: too_close.map(|distance| distance * self.usd.unwrap_or(1.0)),
            usd_per_case: prices.map(|usd| usd * repeats as f64),
        })
    }
}

/// Dollars per 1,000 documents that nobody decides by, where nobody says.
const USUAL_TOLERANCE_USD: f64 = 1.0;

fn tolerance(constraints: &Constraints, usd: Option<f64>) -> f64 {
    let of_money = |usd: f64| constraints.tolerance_usd.unwrap_or(USUAL_TOLERANCE_USD) / usd;
    usd.map_or(constraints.tolerance, of_money)
}

fn score(row: &Row) -> f64 {
    row.score.as_ref().map_or(0.0, |score| score.mean)
}

/// What should be little: dollars per 1,000 cases (documents for the total cost), or the median latency in seconds.
fn price(row: &Row, prefer: Prefer) -> Option<f64> {
    match prefer {
        // A few calls of unknown cost leave the figure good enough to compare with; more do not.
        Prefer::Cost => row.cost.per_1000.filter(|_| row.cost.unknown * 5 <= row.answers.trials),
        Prefer::Time => row.latency.as_ref().map(|latency| latency.p50.value),
        Prefer::TotalCost => row.loss.as_ref()?.total.as_ref().map(|total| total.mean),
    }
}

/// In the run's mix of tasks, as further cases are counted; a board's price is the mean over tasks, whatever their size.
fn usd_per_trial(row: &Row) -> Option<f64> {
    price(row, Prefer::Cost).map(|_| row.cost.total / row.answers.trials.max(1) as f64)
}

/// Whether planned trials are missing, of whomever: one that answered nothing so far may still be the best.
fn provisional(rows: &[Row], trust: &Trust, repeats: u64) -> Option<Provisional> {
    let answered = |row: &&Row| !row.control && row.answers.answered > 0;
    let is_short = |row: &&Row| !row.control && row.answers.missing > 0;
    let all: u64 = rows.iter().filter(is_short).map(|row| row.answers.missing).sum();
    let fewest = |of: &dyn Fn(&&Row) -> bool| rows.iter().filter(of).min_by_key(|row| row.answers.cases);
    let short = fewest(&|row| answered(row) && is_short(row)).or_else(|| fewest(&is_short))?;
    let of_it = trust.incomplete.iter().filter(|line| line.provider == short.provider);
    let (missing, over_budget) =
        of_it.fold((0, 0), |(all, over), line| (all + line.missing, over + line.over_budget));
    // What is concluded rests on those who answered, if any did.
    let shown = if answered(&short) { short } else { fewest(&answered).unwrap_or(short) };
    // Trials are cases times repeats.
    let planned = (shown.answers.trials + shown.answers.missing).div_ceil(repeats.max(1));
    Some(Provisional {
        missing: all,
        cases: shown.answers.cases,
        planned: planned.max(shown.answers.cases),
        over_budget: over_budget == missing,
    })
}
