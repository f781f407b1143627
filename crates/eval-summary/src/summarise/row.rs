//! One line of a leaderboard, from the trials of one provider on one task or on all.

use std::collections::BTreeMap;

use eval_statistics::{
    Level, Moments, amount_over_tasks, clustered_quantile_interval, flip_rate, pass_at_k, pass_hat_k,
    quantile, score_over_tasks,
};

use crate::scored::{Row as Trial, Scored, Tally, by_case};
use crate::{
    Answers, Cost, Estimate, ExpectedLoss, Latency, Options, Referred, Repeats, Row, Skip, Streamed, Tokens,
    ValueMean,
};

pub(super) fn row(scored: &Scored<'_>, provider: usize, units: &[usize], options: &Options) -> Row {
    let planned = &scored.providers()[provider];
    let part = Part { scored, provider, units, level: options.level };
    let (answered, missing): (Vec<usize>, Vec<usize>) =
        units.iter().partition(|unit| !scored.rows(**unit, provider).is_empty());
    let cost = part.cost();
    // What people correct is the score; other figures of a judge's verdicts would be as wrong as the judge.
    let corrected = super::corrected::score(scored, provider, units, options.level);
    let is_corrected = corrected.is_some();
    let score = corrected.or_else(|| part.mean(Trial::score));
    Row {
        provider: planned.label.clone(),
        control: planned.control,
        local: planned.local,
        strict: score.as_ref().filter(|_| !is_corrected).and_then(|score| part.strict(score.mean)),
        score,
        score_answered: part.mean(|trial| trial.score().filter(|_| !trial.failed)).filter(|_| !is_corrected),
        fully_right: part.fully_right().filter(|_| !is_corrected),
        tasks: answered.len() as u64,
        tasks_missing: missing.iter().map(|unit| scored.units[*unit].name()).collect(),
        answers: part.answers(),
        failures: part.failures(),
        skipped: part.skips(),
        latency: part.latency(),
        streamed: part.streamed(),
        tokens: part.tokens(),
        cost,
        loss: part.loss(),
        referred: part.referred(),
        repeats: part.repeats(),
        values: if let [unit] = units { values(scored, *unit, provider) } else { BTreeMap::new() },
        pareto_cost: false,
        pareto_latency: false,
    }
}

/// The trials of one provider on some tasks.
struct Part<'a> {
    scored: &'a Scored<'a>,
    provider: usize,
    units: &'a [usize],
    level: Level,
}

impl Part<'_> {
    fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.units.iter().flat_map(|unit| self.scored.rows(*unit, self.provider))
    }

    fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.units.iter().map(|unit| self.scored.tally(*unit, self.provider))
    }

    fn sum(&self, of: impl Fn(&Tally) -> u64) -> u64 {
        self.tallies().map(of).fold(0, u64::saturating_add)
    }

    /// What is known of the trials of each task, with their documents.
    fn by_task(&self, of: impl Fn(&Trial) -> Option<f64>) -> Vec<Vec<(usize, f64)>> {
        let cases = &self.scored.cases;
        let of_unit = |unit: &usize| {
            let trials = self.scored.rows(*unit, self.provider).iter();
            trials.filter_map(|trial| Some((cases.cluster(trial.case), of(trial)?))).collect()
        };
        self.units.iter().map(of_unit).collect()
    }

    /// The mean over tasks of a share.
    fn mean(&self, of: impl Fn(&Trial) -> Option<f64>) -> Option<Estimate> {
        score_over_tasks(&self.by_task(of), self.level).map(Estimate::from)
    }

    /// The score without what leniency added to it.
    fn strict(&self, score: f64) -> Option<f64> {
        let added = |unit: &usize| {
            let trials = self.scored.rows(*unit, self.provider).iter();
            let scored = trials.filter(|trial| trial.score().is_some()).count();
            (scored > 0).then(|| self.scored.tally(*unit, self.provider).leniency / scored as f64)
        };
        let added = self.units.iter().filter_map(added).collect::<Moments>().mean()?;
        Some((score - added).max(0.0))
    }

    fn fully_right(&self) -> Option<Estimate> {
        self.mean(Trial::right)
    }

    /// The mean over tasks of an amount.
    fn amount(&self, of: impl Fn(&Trial) -> Option<f64>) -> Option<Estimate> {
        let mut estimate = Estimate::from(amount_over_tasks(&self.by_task(of), self.level)?);
        if let Some(interval) = &mut estimate.interval {
            interval.low = interval.low.max(0.0);
        }
        Some(estimate)
    }

    /// Of documents. Mistakes are bounded, so that their interval counts on one that was not seen.
    fn loss(&self) -> Option<ExpectedLoss> {
        let priced = self.scored.priced.as_ref()?;
        let per_1000 = |of: &dyn Fn(&Trial) -> Option<f64>| {
            let of_unit = |unit: &usize| -> Vec<(usize, f64)> {
                let documents = priced.documents(self.scored, (*unit, self.provider), of).into_iter();
                documents.map(|(document, usd)| (document, (usd / priced.most).clamp(0.0, 1.0))).collect()
            };
            let tasks: Vec<_> = self.units.iter().map(of_unit).collect();
            let share = score_over_tasks(&tasks, self.level).map(Estimate::from)?;
            Some(share.times(priced.most * 1000.0))
        };
        // What is not known is not nothing.
        let is_known = self.trials().all(|trial| trial.loss().is_none() || trial.total().is_some());
        Some(ExpectedLoss {
            mistakes: per_1000(&Trial::loss)?,
            total: if is_known { per_1000(&Trial::total) } else { None },
        })
    }

    fn answers(&self) -> Answers {
        let trials = self.trials().count() as u64;
        let failed = self.trials().filter(|trial| trial.failed).count() as u64;
        let cases =
            self.units.iter().map(|unit| by_case(self.scored.rows(*unit, self.provider)).count() as u64);
        let mut read: BTreeMap<String, u64> = BTreeMap::new();
        for (name, count) in self.tallies().flat_map(|tally| &tally.read) {
            *read.entry((*name).to_owned()).or_default() += count;
        }
        Answers {
            trials,
            cases: cases.sum(),
            answered: trials - failed,
            failed,
            skipped: self.skips().iter().map(|skip| skip.cases).sum(),
            missing: self.units.iter().map(|unit| missing(self.scored, *unit, self.provider)).sum(),
            undefined: self.trials().filter(|trial| trial.score().is_none()).count() as u64,
            cached: self.sum(|tally| tally.cached),
            cut: self.sum(|tally| tally.cut),
            refused: self.sum(|tally| tally.refused),
            filtered: self.sum(|tally| tally.filtered),
            malformed: self.sum(|tally| tally.malformed),
            schema_valid: self
                .share_of_structured(|tally, has_schema| has_schema.then_some(tally.schema_valid)),
            repaired: self.share_of_structured(|tally, _| {
                Some(read_as(tally, "repaired") + read_as(tally, "truncated"))
            }),
            unreadable: self.share_of_structured(|tally, _| Some(read_as(tally, "unreadable"))),
            read,
        }
    }

    /// The mean over tasks of a share of the answers that need JSON. `of` is told whether the task has a schema: one
    /// without can be neither valid nor invalid.
    fn share_of_structured(&self, of: impl Fn(&Tally, bool) -> Option<u64>) -> Option<f64> {
        let of_unit = |unit: &usize| {
            let tally = self.scored.tally(*unit, self.provider);
            let structured = tally.read.values().sum::<u64>() - read_as(tally, "not_needed");
            let part = of(tally, self.scored.units[*unit].planned.schema.is_some())?;
            (structured > 0).then(|| part as f64 / structured as f64)
        };
        self.units.iter().filter_map(of_unit).collect::<Moments>().mean()
    }

    fn failures(&self) -> BTreeMap<String, u64> {
        let mut failures = BTreeMap::new();
        for (kind, count) in self.tallies().flat_map(|tally| &tally.failures) {
            *failures.entry((*kind).to_owned()).or_default() += count;
        }
        failures
    }

    fn skips(&self) -> Vec<Skip> {
        let label = &self.scored.providers()[self.provider].label;
        let mut skips: Vec<Skip> = Vec::new();
        let mut add = |reason: &str, cases| {
            let reason = without_file(reason);
            match skips.iter_mut().find(|skip| skip.reason == reason) {
                Some(skip) => skip.cases += cases,
                None => skips.push(Skip { reason: reason.to_owned(), cases }),
            }
        };
        for unit in self.units {
            let it = &self.scored.units[*unit];
            for skip in &self.scored.plan().skipped {
                if skip.provider == *label && skip.dataset == it.dataset && skip.task == it.task {
                    add(&skip.reason, skip.cases);
                }
            }
            for (reason, cases) in &self.scored.tally(*unit, self.provider).skips {
                add(reason, *cases);
            }
        }
        skips
    }

    fn latency(&self) -> Option<Latency> {
        let answered = |trial: &Trial| trial.seconds().filter(|_| !trial.failed);
        let by_document: Vec<(usize, f64)> = self.by_task(answered).concat();
        let mut seconds: Vec<f64> = by_document.iter().map(|(_, seconds)| *seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let mean = seconds.iter().copied().collect::<Moments>().mean()?;
        Some(Latency {
            n: seconds.len() as u64,
            mean,
            p50: clustered_quantile_interval(&by_document, 0.5, self.level)?.into(),
            p95: clustered_quantile_interval(&by_document, 0.95, self.level)?.into(),
            quantiles: (0..=20).filter_map(|step| quantile(&seconds, f64::from(step) / 20.0)).collect(),
        })
    }

    fn streamed(&self) -> Option<Streamed> {
        let first: Vec<(usize, f64)> = self.by_task(Trial::first_token).concat();
        let speed: Vec<(usize, f64)> = self.by_task(Trial::tokens_per_second).concat();
        let quantile = |of: &[(usize, f64)], share| clustered_quantile_interval(of, share, self.level);
        Some(Streamed {
            n: first.len() as u64,
            first_token: quantile(&first, 0.5)?.into(),
            first_token_p95: quantile(&first, 0.95)?.into(),
            tokens_per_second: quantile(&speed, 0.5).map(Into::into),
        })
    }

    fn tokens(&self) -> Tokens {
        let reasoning = self.tallies().filter_map(|tally| {
            Some((tally.reasoning.mean()? * tally.reasoning.count() as f64, tally.reasoning.count()))
        });
        let (sum, count) =
            reasoning.fold((0.0, 0), |(sum, count), (part, trials)| (sum + part, count + trials));
        Tokens {
            input: self.amount(Trial::input),
            output: self.amount(Trial::output),
            reasoning: (count > 0).then(|| sum / count as f64),
            input_total: self.sum(|tally| tally.input_total),
            output_total: self.sum(|tally| tally.output_total),
            uncounted: self.sum(|tally| tally.uncounted),
        }
    }

    fn cost(&self) -> Cost {
        let unknown = self.trials().filter(|trial| trial.cost().is_none()).count() as u64;
        // What people cost is no part of what was paid for the run. An empty sum of floats is -0.
        let referred = self.trials().filter(|trial| trial.is_referred() && trial.cost().is_some()).count();
        let people = self.person_usd().unwrap_or(0.0) * referred as f64;
        let total = (self.trials().filter_map(Trial::cost).sum::<f64>() - people).max(0.0) + 0.0;
        let answers = || self.trials().filter(|trial| !trial.failed);
        // Failures alone say nothing about a price.
        let anything_known =
            answers().any(|trial| trial.cost().is_some()) || (answers().next().is_none() && unknown == 0);
        // What is not known counts nothing here, which is why the mean is a lower bound then.
        let per_case =
            anything_known.then(|| self.amount(|trial| Some(trial.cost().unwrap_or(0.0)))).flatten();
        // Both are means over tasks, so that one follows from the other.
        let right = self.fully_right().map_or(0.0, |right| right.mean);
        Cost {
            total,
            unknown,
            at_least: unknown > 0,
            per_1000: per_case.as_ref().map(|cost| cost.mean * 1000.0),
            per_fully_right: per_case.as_ref().filter(|_| right > 0.0).map(|cost| cost.mean / right),
            per_case,
        }
    }

    /// What goes to people; nothing where nothing does.
    fn referred(&self) -> Option<Referred> {
        let cases = self.sum(|tally| tally.referred);
        if cases == 0 {
            return None;
        }
        let share = self.mean(|trial| Some(f64::from(u8::from(trial.is_referred()))))?;
        let usd_per_1000 = self.person_usd().map(|usd| usd * share.mean * 1000.0);
        Some(Referred { trials: cases, share, usd_per_1000 })
    }

    /// Dollars of a person for a case: nothing where there is none, or the price is not known.
    fn person_usd(&self) -> Option<f64> {
        self.tallies().find_map(|tally| tally.person).and_then(|person| person.usd).map(|usd| usd.0)
    }

    fn repeats(&self) -> Option<Repeats> {
        let cases: Vec<&[Trial]> = self
            .units
            .iter()
            .flat_map(|unit| by_case(self.scored.rows(*unit, self.provider)))
            .filter(|repeats| repeats.len() > 1)
            .collect();
        let k = cases.iter().map(|repeats| repeats.len()).max()? as u64;
        let outcomes: Vec<Vec<Option<f64>>> =
            cases.iter().map(|repeats| repeats.iter().map(Trial::score).collect()).collect();
        let passes = |pass: fn(u64, u64, u64) -> Option<f64>| {
            let each = cases.iter().filter_map(|repeats| {
                let right = repeats.iter().filter(|trial| trial.right() == Some(1.0)).count();
                pass(repeats.len() as u64, right as u64, k)
            });
            each.collect::<Moments>().mean()
        };
        let within = cases
            .iter()
            .filter_map(|repeats| repeats.iter().filter_map(Trial::score).collect::<Moments>().variance());
        Some(Repeats {
            cases: cases.len() as u64,
            k,
            flip_rate: flip_rate(&outcomes)?,
            pass_at_k: passes(pass_at_k),
            pass_hat_k: passes(pass_hat_k),
            deviation: within.collect::<Moments>().mean().map(f64::sqrt),
        })
    }
}

/// The reason without the name of the file at its end: the same reason for many files is one.
fn without_file(reason: &str) -> &str {
    match reason.strip_suffix(')').and_then(|start| start.rsplit_once(" (")) {
        Some((start, name)) if name.contains(['/', '.']) && !name.contains(' ') => start,
        _ => reason,
    }
}

fn read_as(tally: &Tally, name: &str) -> u64 {
    tally.read.get(name).copied().unwrap_or(0)
}

/// Trials that are planned and not there.
pub(super) fn missing(scored: &Scored<'_>, unit: usize, provider: usize) -> u64 {
    if super::stopped::is_done(scored, &scored.providers()[provider].label) {
        return 0;
    }
    let there = scored.rows(unit, provider).len() as u64;
    let tally = scored.tally(unit, provider);
    let seen = there + tally.unscorable + tally.skips.values().sum::<u64>();
    planned(scored, unit, provider).saturating_sub(seen)
}

/// Trials that are planned, without what could not be asked.
pub(crate) fn planned(scored: &Scored<'_>, unit: usize, provider: usize) -> u64 {
    let (it, label) = (&scored.units[unit], &scored.providers()[provider].label);
    let skipped: u64 = scored
        .plan()
        .skipped
        .iter()
        .filter(|skip| skip.provider == *label && skip.dataset == it.dataset && skip.task == it.task)
        .map(|skip| skip.cases)
        .sum();
    it.planned.cases.saturating_sub(skipped) * u64::from(scored.plan().repeats)
}

fn values(scored: &Scored<'_>, unit: usize, provider: usize) -> BTreeMap<String, ValueMean> {
    let about = scored.units[unit].judge.values();
    let failed = scored.rows(unit, provider).iter().filter(|trial| trial.failed && trial.score().is_some());
    let failed = failed.count() as f64;
    let value = |(name, moments): (&String, &Moments)| {
        let (mean, n) = (moments.mean()?, moments.count());
        let is_good = about.iter().any(|value| value.name == *name && value.better == "higher");
        let all = is_good.then(|| mean * n as f64 / (n as f64 + failed));
        Some((name.clone(), ValueMean { mean, n, all }))
    };
    scored.tally(unit, provider).values.iter().filter_map(value).collect()
}
