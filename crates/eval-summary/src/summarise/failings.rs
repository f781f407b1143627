//! Where providers fail: by field, by tag, by label, by case.

use std::collections::{BTreeMap, HashMap};

use eval_metrics::metric::classification::{Confusion as Matrix, KappaWeights};
use eval_statistics::{ClusteredSample, Moments};

use crate::scored::{FIELD_VERDICTS, Row, Scored, by_case};
use crate::{CaseScores, Confusion, Failings, FieldCounts, Options, SummaryError, TagScore};

pub(super) fn all(scored: &Scored<'_>, options: &Options) -> Result<Vec<Failings>, SummaryError> {
    (0..scored.units.len())
        .map(|unit| {
            let (worst, disagreed) = cases(scored, unit, options.examples)?;
            Ok(Failings {
                scope: scored.units[unit].scope(),
                fields: per_provider(scored, |provider| fields(scored, unit, provider)),
                tags: per_provider(scored, |provider| tags(scored, unit, provider, options)),
                confusion: per_provider(scored, |provider| confusion(scored, unit, provider)),
                worst,
                disagreed,
            })
        })
        .collect()
}

fn per_provider<T, I: IntoIterator<Item = T>>(scored: &Scored<'_>, of: impl Fn(usize) -> I) -> Vec<T> {
    (0..scored.providers().len()).flat_map(of).collect()
}

fn fields(scored: &Scored<'_>, unit: usize, provider: usize) -> Vec<FieldCounts> {
    let (it, counts) = (&scored.units[unit], &scored.tally(unit, provider).fields);
    let known = it.judge.fields().len();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    // Known fields in the order of the metric, others by name: in which order answers came must not show.
    order.sort_by_key(|at| (if *at < known { *at } else { known }, &it.fields[*at].0));
    let line = |at: usize| {
        let (field, critical) = &it.fields[at];
        let [right, missing, wrong, invented, rounded, shifted, malformed, partly] = counts[at];
        FieldCounts {
            provider: scored.providers()[provider].label.clone(),
            field: field.clone(),
            critical: *critical,
            judged: counts[at].iter().sum(),
            right,
            missing,
            wrong,
            invented,
            rounded,
            shifted,
            malformed,
            partly,
        }
    };
    const { assert!(FIELD_VERDICTS.len() == 8) };
    order.into_iter().map(line).filter(|counts| counts.judged > 0).collect()
}

/// Scores with the source document of each.
type Scores = Vec<(usize, f64)>;

/// A tag with more different values than this names cases, not kinds of cases.
const MOST_VALUES: usize = 40;

fn tags(scored: &Scored<'_>, unit: usize, provider: usize, options: &Options) -> Vec<TagScore> {
    let cases = &scored.cases;
    let mut values: HashMap<u32, Scores> = HashMap::new();
    for row in scored.rows(unit, provider) {
        let Some(score) = row.score() else { continue };
        for tag in cases.tags(row.case) {
            values.entry(*tag).or_default().push((cases.cluster(row.case), score));
        }
    }
    let mut by_name: BTreeMap<&str, BTreeMap<&str, Scores>> = BTreeMap::new();
    for (tag, scores) in values {
        let (name, value) = &cases.tag_names[tag as usize];
        by_name.entry(name).or_default().insert(value, scores);
    }
    let mut lines = Vec::new();
    for (tag, values) in by_name.into_iter().filter(|(_, values)| values.len() <= MOST_VALUES) {
        for (value, scores) in values {
            let estimate = ClusteredSample::from_pairs(scores).score_interval(options.level);
            lines.extend(estimate.map(|estimate| TagScore {
                provider: scored.providers()[provider].label.clone(),
                tag: tag.to_owned(),
                value: value.to_owned(),
                score: estimate.into(),
            }));
        }
    }
    lines
}

fn confusion(scored: &Scored<'_>, unit: usize, provider: usize) -> Option<Confusion> {
    let counts = &scored.tally(unit, provider).labels;
    if counts.is_empty() {
        return None;
    }
    let mut labels: Vec<&str> = counts
        .keys()
        .flat_map(|(expected, predicted)| [Some(expected), predicted.as_ref()])
        .flatten()
        .map(String::as_str)
        .collect();
    labels.sort_unstable();
    labels.dedup();
    let place = |label: &str| labels.partition_point(|known| *known < label);
    let mut matrix = vec![vec![0; labels.len()]; labels.len()];
    let mut malformed = vec![0; labels.len()];
    for ((expected, predicted), count) in counts {
        match predicted {
            Some(predicted) => matrix[place(expected)][place(predicted)] += *count as usize,
            None => malformed[place(expected)] += count,
        }
    }
    let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
    let counted = Matrix { labels, matrix };
    Some(Confusion {
        provider: scored.providers()[provider].label.clone(),
        accuracy: counted.accuracy(),
        balanced_accuracy: counted.balanced_accuracy(),
        macro_f1: counted.macro_average(0.0).filter(|_| counted.total() > 0).map(|class| class.f1),
        kappa: counted.kappa(KappaWeights::None).filter(|_| counted.total() > 0),
        mcc: counted.mcc().filter(|_| counted.total() > 0),
        matrix: counted.matrix.iter().map(|row| row.iter().map(|count| *count as u64).collect()).collect(),
        labels: counted.labels,
        malformed,
    })
}

/// The cases with the worst mean, and those with the widest spread.
fn cases(
    scored: &Scored<'_>,
    unit: usize,
    examples: usize,
) -> Result<(Vec<CaseScores>, Vec<CaseScores>), SummaryError> {
    let providers: Vec<usize> =
        (0..scored.providers().len()).filter(|at| !scored.providers()[*at].control).collect();
    // Sum, count, lowest and highest of each case.
    let mut found: HashMap<u32, (f64, u32, f64, f64)> = HashMap::new();
    for provider in &providers {
        for case in by_case(scored.rows(unit, *provider)) {
            let Some(score) = mean(case) else { continue };
            let one = found.entry(case[0].case).or_insert((0.0, 0, f64::INFINITY, f64::NEG_INFINITY));
            *one = (one.0 + score, one.1 + 1, one.2.min(score), one.3.max(score));
        }
    }
    let mut ranked: Vec<(u32, f64, f64)> = found
        .into_iter()
        .map(|(case, (sum, count, low, high))| (case, sum / f64::from(count), high - low))
        .collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let worst: Vec<_> = ranked.iter().filter(|case| case.1 < 1.0).take(examples).copied().collect();
    ranked.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    let disagreed: Vec<_> = ranked.iter().filter(|case| case.2 > 0.0).take(examples).copied().collect();
    let all: Vec<usize> = (0..scored.providers().len()).collect();
    let mut reader = scored.cases.reader()?;
    let mut named = |cases: Vec<(u32, f64, f64)>| -> Result<Vec<CaseScores>, SummaryError> {
        cases
            .into_iter()
            .map(|(case, mean, _)| {
                Ok(CaseScores {
                    case: reader.read(case)?.case,
                    mean,
                    scores: scores(scored, unit, case, &all),
                })
            })
            .collect()
    };
    Ok((named(worst)?, named(disagreed)?))
}

fn scores(scored: &Scored<'_>, unit: usize, case: u32, providers: &[usize]) -> BTreeMap<String, f64> {
    let of = |provider: &usize| {
        let rows = scored.rows(unit, *provider);
        let first = rows.partition_point(|row| row.case < case);
        let rows = &rows[first..first + rows[first..].partition_point(|row| row.case == case)];
        Some((scored.providers()[*provider].label.clone(), mean(rows)?))
    };
    providers.iter().filter_map(of).collect()
}

/// The mean score over repeats.
fn mean(case: &[Row]) -> Option<f64> {
    case.iter().filter_map(Row::score).collect::<Moments>().mean()
}
