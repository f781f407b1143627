//! What a reader needs to know before believing the figures.

use std::collections::{BTreeSet, HashMap};

use super::money;
use super::row::{missing, planned};
use crate::{
    Board, Incomplete, Options, PriceBasis, QuoteCheck, Row, Scored, SummaryError, Trust, Unscorable, Warning,
};

pub(super) fn trust(scored: &Scored<'_>, overall: &Board, options: &Options) -> Result<Trust, SummaryError> {
    let mut trust = Trust {
        warnings: Vec::new(),
        pixels: scored.pixels.finish(scored.record, &scored.cases)?,
        incomplete: incomplete(scored)?,
        damaged: scored.damaged.clone(),
        unscorable: scored.unscorable.clone(),
        quote: (0..scored.providers().len()).map(|provider| quote(scored, provider)).collect(),
        prices: prices(scored, overall, options)?,
        dropped_parameters: dropped(scored),
    };
    trust.warnings = warnings(scored, overall, &trust, options);
    Ok(trust)
}

fn incomplete(scored: &Scored<'_>) -> Result<Vec<Incomplete>, SummaryError> {
    let mut lines = Vec::new();
    for (at, provider) in scored.providers().iter().enumerate() {
        for (unit, it) in scored.units.iter().enumerate() {
            let missing = missing(scored, unit, at);
            if missing > 0 {
                lines.push(Incomplete {
                    provider: provider.label.clone(),
                    of: it.name(),
                    planned: planned(scored, unit, at),
                    missing,
                    over_budget: scored.tally(unit, at).over_budget,
                    cases: cases_missing(scored, unit, at)?,
                });
            }
        }
    }
    Ok(lines)
}

/// Cases that are named of those that are missing.
const NAMED: usize = 10;

/// The first cases of a unit that a provider has too few trials of.
fn cases_missing(scored: &Scored<'_>, unit: usize, provider: usize) -> Result<Vec<String>, SummaryError> {
    let mut seen: HashMap<u32, u32> = HashMap::new();
    for row in scored.rows(unit, provider) {
        *seen.entry(row.case).or_default() += 1;
    }
    for (_, case) in scored.unscored.iter().filter(|(by, _)| usize::from(*by) == provider) {
        *seen.entry(*case).or_default() += 1;
    }
    let repeats = scored.plan().repeats;
    let all = 0..u32::try_from(scored.cases.len()).unwrap_or(u32::MAX);
    let lacks = |case: &u32| {
        scored.cases.unit(*case).map(usize::from) == Some(unit)
            && seen.get(case).copied().unwrap_or_default() < repeats
    };
    let mut reader = scored.cases.reader()?;
    all.filter(lacks).take(NAMED).map(|case| Ok(reader.read(case)?.case)).collect()
}

fn quote(scored: &Scored<'_>, provider: usize) -> QuoteCheck {
    let label = &scored.providers()[provider].label;
    let quoted: Vec<_> = scored.plan().quote.lines.iter().filter(|line| line.provider == *label).collect();
    let asked = || quoted.iter().filter(|line| line.requests > 0);
    let tallies = || scored.paid(provider);
    let sum_of = |of: fn(&eval_record::Money) -> f64| -> Option<f64> {
        // An empty sum of floats is -0.
        asked().map(|line| line.money.as_ref().map(of)).sum::<Option<f64>>().map(|sum| sum + 0.0)
    };
    let three =
        sum_of(|money| money.low.0).zip(sum_of(|money| money.expected.0)).zip(sum_of(|money| money.high.0));
    QuoteCheck {
        provider: label.clone(),
        requests: quoted.iter().map(|line| line.requests).sum(),
        attempts: if scored.providers()[provider].control {
            0
        } else {
            tallies().map(|tally| tally.attempts).sum()
        },
        input_tokens: asked().map(|line| line.input_tokens).sum(),
        input_tokens_counted: tallies().map(|tally| tally.input_total).fold(0, u64::saturating_add),
        quoted: three.filter(|_| !quoted.is_empty()).map(|((low, expected), high)| [low, expected, high]),
        spent: tallies().map(|tally| tally.spent).sum::<f64>() + 0.0,
        at_least: tallies().any(|tally| tally.spent_unknown > 0),
        charged: tallies().map(|tally| tally.charged).sum::<f64>() + 0.0,
    }
}

fn prices(scored: &Scored<'_>, overall: &Board, options: &Options) -> Result<PriceBasis, SummaryError> {
    let unknown = |provider: &&eval_record::PlannedProvider| {
        overall.rows.iter().any(|row| row.provider == provider.label && row.cost.at_least)
    };
    Ok(PriceBasis {
        date: match &options.prices {
            Some(book) => book.as_of.clone(),
            None => scored.plan().quote.price_date.clone(),
        },
        repriced: options.prices.is_some(),
        unknown: scored.providers().iter().filter(unknown).map(|one| one.label.clone()).collect(),
        outdated: money::outdated(scored),
        changed: scored.record.repriced()?,
    })
}

fn dropped(scored: &Scored<'_>) -> Vec<String> {
    let mut dropped = BTreeSet::new();
    for (at, provider) in scored.providers().iter().enumerate() {
        for unit in 0..scored.units.len() {
            let tally = scored.tally(unit, at);
            dropped.extend(tally.dropped.iter().map(|name| format!("{}: {name}", provider.label)));
        }
    }
    dropped.into_iter().collect()
}

fn warnings(scored: &Scored<'_>, overall: &Board, trust: &Trust, options: &Options) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if trust.pixels.different > 0 {
        let (different, compared) = (trust.pixels.different, trust.pixels.compared);
        warnings.push(Warning::PixelsDiffer { different, compared });
    }
    let missing: u64 = trust.incomplete.iter().map(|line| line.missing).sum();
    if missing > 0 {
        warnings.push(Warning::Incomplete { missing });
    }
    if trust.damaged.lines > 0 {
        warnings.push(Warning::DamagedLines { lines: trust.damaged.lines });
    }
    let changed = scored.record.changed_datasets().unwrap_or_default();
    let changed =
        changed.into_iter().map(|it| Warning::DatasetChanged { dataset: it.dataset, media: it.media });
    warnings.extend(changed);
    for Unscorable { of, trials, reason } in trust.unscorable.iter().cloned() {
        warnings.push(Warning::Unscorable { of, trials, reason });
    }
    if scored.cases.copies() > 0 {
        warnings.push(Warning::Copies { cases: scored.cases.copies() });
    }
    if let Some(rescore) = &options.metric {
        warnings.push(Warning::OtherMetric { metric: rescore.metric.clone() });
    }
    if !trust.prices.changed.is_empty() {
        warnings.push(Warning::PriceChanged { providers: trust.prices.changed.clone() });
    }
    let answered = |row: &Row| row.answers.answered > 0;
    if overall.rows.iter().all(|row| !row.control) && overall.rows.iter().any(answered) {
        warnings.push(Warning::NoControl);
    }
    for row in &overall.rows {
        if row.answers.trials > 0 && row.answers.failed * 20 > row.answers.trials {
            let (failed, trials) = (row.answers.failed, row.answers.trials);
            warnings.push(Warning::Failures { provider: row.provider.clone(), failed, trials });
        }
        if row.answers.cached > 0 {
            warnings.push(Warning::Cached { provider: row.provider.clone(), answers: row.answers.cached });
        }
    }
    warnings.extend(changed_model(scored));
    warnings.extend(open_batches(scored));
    warnings.extend(money::warnings(scored));
    warnings
}

fn open_batches(scored: &Scored<'_>) -> Option<Warning> {
    let mut open = scored.record.batches().unwrap_or_default();
    open.retain(|batch| batch.stage.is_open());
    let asks = || open.iter().flat_map(|batch| &batch.intent.asks);
    (!open.is_empty()).then(|| Warning::OpenBatches {
        batches: open.len() as u64,
        requests: asks().count() as u64,
        usd: asks().map(|ask| ask.usd.0).sum(),
    })
}

fn changed_model(scored: &Scored<'_>) -> Vec<Warning> {
    let of = |(at, provider): (usize, &eval_record::PlannedProvider)| {
        let models: BTreeSet<String> =
            super::served(scored, at).into_iter().map(|served| served.model).collect();
        let provider = provider.label.clone();
        (models.len() > 1).then(|| Warning::SeveralModels { provider, models: models.into_iter().collect() })
    };
    scored.providers().iter().enumerate().filter_map(of).collect()
}
