//! Scores of a judge, corrected by what people say of some of the same answers. They stand wherever a calibrated judge's
//! scores decide: in leaderboards, differences and the verdict.

use eval_statistics::ppi::{CorrectedScore, JudgedCase};
use eval_statistics::{Estimate as Score, Level, PairedTasks, normal_quantile, score_over_tasks};

use super::pairing::shared;
use crate::scored::{Open, OpenRow};
use crate::{Bounds, Difference, Estimate, JudgeStanding, Opinion, Scored};

/// How an interval is called that rests on people's judgements.
pub(super) const METHOD: &str = "judge corrected by people";

/// A difference as people's judgements correct it, with the means of its sides. Each comparison has its share of the
/// report's error.
pub(crate) fn line(
    line: Difference,
    figure: &CorrectedScore,
    (mean_a, mean_b): (f64, f64),
    (weight, level): (f64, Level),
) -> Difference {
    let share = Level::from_alpha((1.0 - level.get()) * weight).unwrap_or(level);
    let bounds = bounds(figure, share);
    let opinion = match &bounds {
        Some(bounds) if bounds.low > 0.0 => Opinion::Better,
        Some(bounds) if bounds.high < 0.0 => Opinion::Worse,
        _ => Opinion::CannotTell,
    };
    Difference {
        mean_a,
        mean_b,
        difference: figure.mean,
        interval: bounds,
        p: figure.p(),
        p_adjusted: (figure.p() / weight).min(1.0),
        test: format!("{METHOD}, jackknife t"),
        smallest_detectable: None,
        cases_to_settle: None,
        opinion,
        doubt: None,
        ..line
    }
}

/// The interval of a corrected difference.
pub(crate) fn bounds(figure: &CorrectedScore, level: Level) -> Option<Bounds> {
    figure.interval(level).map(|(low, high)| Bounds {
        low: low.max(-1.0),
        high: high.min(1.0),
        level: level.get(),
        method: METHOD.to_owned(),
    })
}

/// As a score, which ends at 0 and 1.
pub(crate) fn estimate(score: &CorrectedScore, level: Level) -> Estimate {
    let bounds = score.interval(level).map(|(low, high)| Bounds {
        low: low.max(0.0),
        high: high.min(1.0),
        level: level.get(),
        method: METHOD.to_owned(),
    });
    Estimate {
        mean: score.mean.clamp(0.0, 1.0),
        n: score.n,
        clusters: score.documents,
        error: score.error,
        caution: bounds.is_none().then(|| "people judged too few of its answers".to_owned()),
        interval: bounds,
    }
}

/// The open answers, where people's judgements correct the scores of this task.
pub(crate) fn calibrated<'s>(scored: &'s Scored<'_>, unit: usize) -> Option<&'s Open> {
    let open = scored.open.as_ref()?;
    let standing = open.judgements.standing(u16::try_from(unit).ok()?);
    (standing == Some(JudgeStanding::Calibrated)).then_some(open)
}

/// The corrected score of one candidate on one task, whatever it decides.
pub(super) fn of_candidate(
    scored: &Scored<'_>,
    open: &Open,
    unit: usize,
    provider: usize,
) -> Option<CorrectedScore> {
    let rows = open.of(unit, provider);
    if !rows.is_empty() && rows.iter().all(|row| row.is_empty) {
        // Such as of a control: there is nothing to judge, and nothing to be wrong about.
        let n = rows.len() as u64;
        let nothing =
            CorrectedScore { mean: 0.0, error: Some(0.0), degrees: 1.0, n, documents: n, lambda: 0.0 };
        return Some(nothing);
    }
    let case = |row: &OpenRow| JudgedCase {
        document: scored.cases.cluster(row.case),
        people: row.people,
        judge: row.judge,
    };
    CorrectedScore::of(&rows.iter().map(case).collect::<Vec<_>>(), 0.0)
}

/// The corrected score on all these tasks; nothing where no calibrated judge decides on any of them.
pub(super) fn score(scored: &Scored<'_>, provider: usize, units: &[usize], level: Level) -> Option<Estimate> {
    units.iter().find_map(|unit| calibrated(scored, *unit))?;
    let of_unit = |unit: &usize| {
        let rows = scored.rows(*unit, provider).iter();
        let scores = rows.filter_map(|row| Some((scored.cases.cluster(row.case), row.score()?)));
        let plain = score_over_tasks(&[scores.collect()], level)?;
        let plain = plain_score(&plain);
        Some(match calibrated(scored, *unit) {
            Some(open) => {
                of_candidate(scored, open, *unit, provider).unwrap_or(CorrectedScore { error: None, ..plain })
            }
            None => plain,
        })
    };
    let tasks: Vec<CorrectedScore> = units.iter().filter_map(of_unit).collect();
    CorrectedScore::over_tasks(&tasks).map(|score| estimate(&score, level))
}

/// The corrected difference b − a on all these tasks; nothing where no calibrated judge decides on any of them.
pub(super) fn difference(scored: &Scored<'_>, units: &[usize], a: usize, b: usize) -> Option<CorrectedScore> {
    units.iter().find_map(|unit| calibrated(scored, *unit))?;
    let of_unit = |unit: &usize| {
        let plain = plain(&shared(scored, &[*unit], a, b).pairs()?);
        Some(match calibrated(scored, *unit) {
            Some(open) => CorrectedScore::of(&paired(scored, open, *unit, (a, b)), -1.0)
                .unwrap_or(CorrectedScore { error: None, ..plain }),
            None => plain,
        })
    };
    CorrectedScore::over_tasks(&units.iter().filter_map(of_unit).collect::<Vec<_>>())
}

/// A score that nobody corrects.
pub(crate) fn plain_score(score: &Score) -> CorrectedScore {
    CorrectedScore {
        mean: score.mean,
        error: score.standard_error,
        degrees: score.clusters.saturating_sub(1).max(1) as f64,
        n: score.n,
        documents: score.clusters as u64,
        lambda: 0.0,
    }
}

/// The same of a difference.
pub(crate) fn plain(pairs: &PairedTasks) -> CorrectedScore {
    let half = pairs.interval(Level::P95).map(|interval| (interval.high - interval.low) / 2.0);
    CorrectedScore {
        mean: pairs.difference(),
        error: half.map(|half| half / -normal_quantile(Level::P95.tail())),
        degrees: pairs.documents().saturating_sub(1).max(1) as f64,
        n: 0,
        documents: pairs.documents() as u64,
        lambda: 0.0,
    }
}

/// Case by case, repeats in their mean. A case counts as judged by people if they judged an answer of both.
fn paired(scored: &Scored<'_>, open: &Open, unit: usize, (a, b): (usize, usize)) -> Vec<JudgedCase> {
    let (of_a, of_b) = (by_case(open.of(unit, a)), by_case(open.of(unit, b)));
    let mut other = of_b.iter().peekable();
    let mut cases = Vec::new();
    for (case, people_a, judge_a) in of_a {
        while other.next_if(|(next, ..)| *next < case).is_some() {}
        let Some((_, people_b, judge_b)) = other.next_if(|(next, ..)| *next == case) else { continue };
        let people = people_b.zip(people_a).map(|(b, a)| b - a);
        cases.push(JudgedCase { document: scored.cases.cluster(case), people, judge: judge_b - judge_a });
    }
    cases
}

fn by_case(rows: &[OpenRow]) -> Vec<(u32, Option<f64>, f64)> {
    let mean =
        |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let of_case = |rows: &[OpenRow]| {
        // What people judged of a case is held against the judge on the same answers.
        let judged: Vec<&OpenRow> = rows.iter().filter(|row| row.people.is_some()).collect();
        let people = mean(judged.iter().filter_map(|row| row.people).collect());
        let of = if judged.is_empty() { rows.iter().collect() } else { judged };
        Some((rows[0].case, people, mean(of.iter().map(|row| row.judge).collect())?))
    };
    rows.chunk_by(|a, b| a.case == b.case).filter_map(of_case).collect()
}
