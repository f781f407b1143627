//! From scored trials to a summary.

mod against;
mod board;
mod corrected;
mod degraded;
mod describe;
mod differences;
mod failings;
mod judging;
mod money;
mod pairing;
mod preference;
mod row;
mod stopped;
mod tried;
mod trust;
mod verdict;

use eval_record::Record;

use crate::{Options, SCORER, SUMMARY_VERSION, Scored, Summary, SummaryError, TradeOff, score};

pub(crate) use against::{
    Group, Groups, JudgedChange, Standing, against, comparison_settings, corrected as corrected_change,
    level_among, served_fingerprints, served_models,
};
pub(crate) use board::overall;
pub(crate) use corrected::{bounds as corrected_bounds, calibrated};
pub(crate) use describe::{metric_hash, prompt_hash, served};
pub(crate) use row::planned;

impl Summary {
    /// Scores a record and summarises it.
    pub fn of(record: &Record, options: &Options) -> Result<Self, SummaryError> {
        Self::of_scored(&score(record, options)?, options)
    }

    /// Summarises a record that is scored already, with the same options.
    pub fn of_scored(scored: &Scored<'_>, options: &Options) -> Result<Self, SummaryError> {
        let boards: Vec<_> =
            (0..scored.units.len()).map(|unit| board::of_unit(scored, unit, options)).collect();
        let overall = board::overall(scored, options);
        let compared = differences::Compared::new(scored, options);
        let differences = compared.all();
        let against_baseline = match &options.baseline {
            Some(baseline) => {
                let now = crate::Baseline::of(scored, "this run")?;
                Some(against(baseline, &now, options)?)
            }
            None => None,
        };
        let judging = judging::judging(scored, options);
        let mut trust = trust::trust(scored, &overall, options)?;
        trust.warnings.extend(judging::wordings_only(scored));
        trust.warnings.extend(judging::warnings(judging.as_ref()));
        let verdict = verdict::verdict(scored, &overall, &differences, &trust, options);
        Ok(Self {
            v: SUMMARY_VERSION,
            scorer: SCORER.to_owned(),
            run: describe::run(scored.plan()),
            providers: describe::providers(scored),
            datasets: describe::datasets(scored),
            stopped: stopped::stopped(scored),
            tried: tried::tried(scored, &overall, &differences, options),
            degraded: degraded::degraded(scored, options)?,
            judging,
            overall,
            boards,
            differences: compared.at(verdict.level).all(),
            verdict,
            against_baseline,
            failings: failings::all(scored, options)?,
            trust,
        })
    }
}

impl Scored<'_> {
    /// What the verdict would be under other limits; nothing without candidates, or with very many. The summary is that of
    /// this record with these options.
    #[must_use]
    pub fn trade_off(&self, summary: &Summary, options: &Options) -> Option<TradeOff> {
        verdict::trade_off(self, summary, options)
    }
}
