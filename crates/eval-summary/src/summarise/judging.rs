//! What judges and people say of open answers.

use std::collections::{BTreeSet, HashMap};

use eval_record::{Canary, JudgedAnswer};
use eval_statistics::ppi::CorrectedScore;
use eval_statistics::{Level, Moments, score_over_tasks, student_quantile};

use super::corrected::{METHOD, estimate, of_candidate};
use super::preference::preference;
use crate::judgements::{NEEDED, OneJudge};
use crate::scored::{Open, OpenRow};
use crate::{
    Agreement, Bounds, CheckAgreement, Estimate, Favor, JudgeStanding, JudgedCandidate, JudgedTask, Judging,
    Options, OtherJudge, Scored, Warning,
};

/// Nothing where nobody judged.
pub(super) fn judging(scored: &Scored<'_>, options: &Options) -> Option<Judging> {
    let open = scored.open.as_ref()?;
    let units = (0..scored.units.len()).filter_map(|unit| {
        let standing = open.judgements.standing(u16::try_from(unit).ok()?)?;
        Some(Part { scored, open, unit, standing, level: options.level }.task())
    });
    let tasks: Vec<JudgedTask> =
        units.filter(|task| task.answers + task.labelled > 0 || task.canaries > 0).collect();
    (!tasks.is_empty()).then_some(Judging { tasks })
}

/// What a reader must know of the judges.
pub(super) fn warnings(judging: Option<&Judging>) -> Vec<Warning> {
    let of_task = |task: &JudgedTask| {
        let (of, judge) = (task.scope.to_string(), task.judge.clone()?);
        match task.standing {
            JudgeStanding::Caught => {
                Some(Warning::JudgeCaught { of, judge, fell_for: task.fell_for.clone() })
            }
            JudgeStanding::Calibrated => None,
            standing => Some(Warning::JudgeUncalibrated {
                of,
                judge,
                labelled: task.labelled,
                needed: task.needed,
                allowed: standing == JudgeStanding::Allowed,
            }),
        }
    };
    judging.map(|judging| judging.tasks.iter().filter_map(of_task).collect()).unwrap_or_default()
}

/// That overall scores rest on accepted wordings, where no judge was asked.
pub(super) fn wordings_only(scored: &Scored<'_>) -> Option<Warning> {
    let is_unjudged = |unit: &usize| {
        let standing = scored.open.as_ref().zip(u16::try_from(*unit).ok());
        standing.and_then(|(open, unit)| open.judgements.standing(unit)).is_none()
    };
    let units = scored.deciding().into_iter().filter(|unit| scored.is_by_wordings(*unit));
    let of: Vec<String> = units.filter(is_unjudged).map(|unit| scored.units[unit].name()).collect();
    (!of.is_empty()).then_some(Warning::WordingsOnly { of })
}

/// One task.
struct Part<'a> {
    scored: &'a Scored<'a>,
    open: &'a Open,
    unit: usize,
    standing: JudgeStanding,
    level: Level,
}

impl Part<'_> {
    fn task(&self) -> JudgedTask {
        let judge = self.open.judgements.judge();
        let of_unit: Vec<&JudgedAnswer> = judge.map(|judge| self.answers(judge)).unwrap_or_default();
        let canaries: Vec<&JudgedAnswer> =
            judge.into_iter().flat_map(|it| &it.canaries).filter(|line| self.is_of(line)).collect();
        let fell_for: BTreeSet<Canary> =
            judge.into_iter().flat_map(OneJudge::obeyed).filter_map(|line| line.canary).collect();
        let count = |is: fn(&&&JudgedAnswer) -> bool| of_unit.iter().filter(is).count() as u64;
        let all = of_unit.iter().chain(&canaries);
        let usd: Option<f64> = all.map(|line| line.usd.map(|usd| usd.0)).sum();
        let people = self.open.judgements.people.values().flatten();
        let authors: BTreeSet<&str> = people.map(|line| line.author.as_str()).collect();
        JudgedTask {
            scope: self.scored.units[self.unit].scope(),
            judge: judge.map(|judge| judge.name.to_string()),
            standing: self.standing,
            answers: of_unit.len() as u64,
            unjudged: if judge.is_some() { self.unjudged() } else { 0 },
            unreadable: count(|line| line.unreadable),
            misquoted: of_unit.iter().flat_map(|line| &line.checks).filter(|check| check.misquoted).count()
                as u64,
            without_media: count(|line| !line.saw_media),
            usd: usd.filter(|_| judge.is_some()).map(|usd| usd + 0.0),
            canaries: canaries.len() as u64,
            fell_for: fell_for.into_iter().map(name).collect(),
            people: authors.len() as u64,
            labelled: self.labelled(),
            needed: NEEDED,
            candidates: (0..self.scored.providers().len()).filter_map(|at| self.candidate(at)).collect(),
            checks: self.checks(),
            family: self.family(),
            preference: preference(self.scored, self.open, self.number(), self.level),
            others: self.others(judge),
        }
    }

    fn number(&self) -> u16 {
        u16::try_from(self.unit).unwrap_or(u16::MAX)
    }

    fn labelled(&self) -> u64 {
        self.open.judgements.labelled.get(&self.number()).copied().unwrap_or_default()
    }

    fn rows(&self) -> impl Iterator<Item = &OpenRow> {
        let number = self.number();
        self.open.rows.iter().filter(move |row| row.unit == number)
    }

    fn is_of(&self, line: &JudgedAnswer) -> bool {
        let unit = &self.scored.units[self.unit];
        line.dataset == unit.dataset && line.task == unit.task
    }

    fn answers<'l>(&self, judge: &'l OneJudge) -> Vec<&'l JudgedAnswer> {
        judge.answers.values().filter(|line| self.is_of(line)).collect()
    }

    /// Trials with words that the judge said nothing of.
    fn unjudged(&self) -> u64 {
        self.open.unjudged.get(&self.number()).copied().unwrap_or_default()
    }

    fn candidate(&self, provider: usize) -> Option<JudgedCandidate> {
        let rows = self.open.of(self.unit, provider);
        let planned = &self.scored.providers()[provider];
        let mean = |of: fn(&OpenRow) -> f64| rows.iter().map(of).sum::<f64>() / rows.len() as f64;
        let bias: Moments = rows.iter().filter_map(|row| Some(row.judge - row.people?)).collect();
        let judge = self.open.judgements.judge();
        let agreement = self.open.by_provider.get(&(self.number(), u16::try_from(provider).ok()?));
        let figure = of_candidate(self.scored, self.open, self.unit, provider);
        (!rows.is_empty()).then(|| JudgedCandidate {
            provider: planned.label.clone(),
            trials: rows.len() as u64,
            rule: mean(|row| row.rule),
            judge: judge.map(|_| mean(|row| row.judge)),
            corrected: figure.map(|figure| estimate(&figure, self.level)),
            labelled: rows.iter().filter(|row| row.people.is_some()).count() as u64,
            bias: bias.mean().filter(|_| judge.is_some()),
            agreement: agreement.map(|it| it.with_kappa()),
            labels_to_halve: self.labels_to_halve(rows, figure),
            own_family: self.is_own(provider),
        })
    }

    fn is_own(&self, provider: usize) -> bool {
        let planned = &self.scored.providers()[provider];
        self.open.judgements.judge().is_some_and(|judge| judge.name.kind == planned.kind)
    }

    /// The error is one of what is not judged by people, which more judgements hardly change, and one that they divide.
    fn labels_to_halve(&self, rows: &[OpenRow], figure: Option<CorrectedScore>) -> Option<u64> {
        let figure = figure?;
        let (error, n) = (figure.error?, rows.iter().filter(|row| row.people.is_some()).count() as f64);
        let others: Vec<(usize, f64)> = rows
            .iter()
            .filter(|row| row.people.is_none())
            .map(|row| (self.scored.cases.cluster(row.case), row.judge))
            .collect();
        let left = others.len();
        let of_others = score_over_tasks(&[others], self.level)?.standard_error?;
        let fixed = (figure.lambda * of_others).powi(2);
        let divided = (error * error - fixed).max(0.0) * n;
        let half = |error: f64, degrees: f64| -student_quantile(self.level.tail(), degrees) * error;
        let wanted = half(error, figure.degrees) / 2.0;
        let per_document = (figure.degrees + 1.0) / n;
        (1..left).map(|more| more as f64).find_map(|more| {
            let rest = fixed * left as f64 / (left as f64 - more) + divided / (n + more);
            let degrees = (per_document * (n + more) - 1.0).max(1.0);
            (half(rest.sqrt(), degrees) <= wanted).then_some(more as u64)
        })
    }

    fn checks(&self) -> Vec<CheckAgreement> {
        let number = self.number();
        let of_unit = self.open.by_check.iter().filter(|((unit, _), _)| *unit == number);
        of_unit
            .map(|((_, check), agreement)| CheckAgreement {
                check: check.clone(),
                agreement: agreement.with_kappa(),
            })
            .collect()
    }

    /// By document: the judge's excess on its own kind less that on the others, where people judged both.
    fn family(&self) -> Option<Favor> {
        self.open.judgements.judge()?;
        let mut by_document: HashMap<usize, [Moments; 2]> = HashMap::new();
        for row in self.rows() {
            let (Some(people), provider) = (row.people, usize::from(row.provider)) else { continue };
            if !self.scored.providers()[provider].control {
                let of = by_document.entry(self.scored.cases.cluster(row.case)).or_default();
                of[usize::from(self.is_own(provider))].push(row.judge - people);
            }
        }
        let excess: Moments =
            by_document.values().filter_map(|[others, own]| Some(own.mean()? - others.mean()?)).collect();
        let (mean, documents) = (excess.mean()?, excess.count() as f64);
        let error = excess.standard_error();
        let half = error.map(|error| -student_quantile(self.level.tail(), documents - 1.0) * error);
        let interval = half.map(|half| Bounds {
            low: mean - half,
            high: mean + half,
            level: self.level.get(),
            method: METHOD.to_owned(),
        });
        let shown = interval.as_ref().is_some_and(|interval| interval.low > 0.0);
        let n = excess.count();
        Some(Favor { difference: Estimate { mean, n, clusters: n, error, interval, caution: None }, shown })
    }

    fn others(&self, used: Option<&OneJudge>) -> Vec<OtherJudge> {
        let Some(used) = used else { return Vec::new() };
        let others = self.open.judgements.judges.iter().filter(|judge| judge.name != used.name);
        let line = |judge: &OneJudge| {
            let mut agreement = Agreement::default();
            for other in self.answers(judge) {
                let Some(own) = used.answers.get(&other.answer) else { continue };
                for check in &other.checks {
                    let same = own.checks.iter().find(|it| it.path == check.path && it.text == check.text);
                    same.into_iter().for_each(|own| agreement.add(own.met, check.met));
                }
            }
            OtherJudge {
                judge: judge.name.to_string(),
                answers: self.answers(judge).len() as u64,
                agreement: agreement.with_kappa(),
                caught: judge.obeyed().next().is_some(),
            }
        };
        others.map(line).filter(|other| other.answers > 0).collect()
    }
}

fn name(canary: Canary) -> String {
    match canary {
        Canary::Asks => "asks",
        Canary::Escapes => "escapes",
        Canary::Empty => "empty",
        Canary::Denies => "denies",
    }
    .to_owned()
}

impl Agreement {
    /// Adds a check on which the judge said one thing and a person, or another judge, the same or another.
    pub(crate) fn add(&mut self, judge: bool, person: bool) {
        self.n += 1;
        match (judge, person) {
            (true, false) => self.judge_only += 1,
            (false, true) => self.people_only += 1,
            (true, true) => {
                self.agreed += 1;
                self.both_met += 1;
            }
            (false, false) => self.agreed += 1,
        }
    }

    fn with_kappa(self) -> Self {
        let n = self.n as f64;
        let share = |count: u64| count as f64 / n;
        let (judge, people) =
            (share(self.both_met + self.judge_only), share(self.both_met + self.people_only));
        let chance = judge * people + (1.0 - judge) * (1.0 - people);
        let kappa = (self.n > 0 && chance < 1.0).then(|| (share(self.agreed) - chance) / (1.0 - chance));
        Self { kappa, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::Agreement;

    #[test]
    fn kappa_is_agreement_beyond_chance() {
        let mut agreement = Agreement::default();
        for (judge, person, times) in
            [(true, true, 20), (true, false, 5), (false, true, 10), (false, false, 15)]
        {
            (0..times).for_each(|_| agreement.add(judge, person));
        }
        let kappa = agreement.with_kappa().kappa.unwrap();
        assert!((kappa - 0.4).abs() < 1e-12, "{kappa}");
        let mut same = Agreement::default();
        same.add(true, true);
        assert_eq!(same.with_kappa().kappa, None);
    }
}
