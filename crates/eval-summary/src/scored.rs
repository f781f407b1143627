//! Every trial of a record with its score, in memory proportional to their count and not to their size.

mod kept;
mod open;
mod pixels;
mod priced;
mod prices;
mod reader;
mod tally;

use std::collections::HashMap;

use eval_record::{Plan, PlannedDataset, PlannedProvider, PlannedTask, Record};
use vision_core::Task;

use crate::cases::Cases;
use crate::judge::Judge;
use crate::summarise;
use crate::{Damaged, JudgeStanding, Labels, Options, Scope, SummaryError, Unscorable};

pub(crate) use kept::{Kept, Place};
pub(crate) use open::{Open, OpenRow};
pub(crate) use pixels::PixelCheck;
pub(crate) use priced::Priced;
pub(crate) use prices::Prices;
pub(crate) use tally::{FIELD_VERDICTS, Tally};

/// A record whose trials are scored: what summaries, baselines and case views are made from.
#[derive(Debug)]
pub struct Scored<'r> {
    pub(crate) record: &'r Record,
    pub(crate) units: Vec<Unit>,
    pub(crate) cases: Cases,
    /// Sorted by unit, provider, case and repeat.
    pub(crate) rows: Vec<Row>,
    /// Per unit and provider, units first.
    pub(crate) tallies: Vec<Tally>,
    pub(crate) pixels: PixelCheck,
    pub(crate) damaged: Damaged,
    pub(crate) unscorable: Vec<Unscorable>,
    /// Provider and case of the trials that have no row though they are there: skipped, or without a usable label.
    pub(crate) unscored: Vec<(u16, u32)>,
    /// What the metrics said, as far as the options wanted it kept.
    pub(crate) kept: Kept,
    pub(crate) prices: Prices,
    pub(crate) labels: Labels,
    /// What documents cost; nothing where mistakes have no price.
    pub(crate) priced: Option<Priced>,
    /// What judges and people say of open answers, if anybody judged any.
    pub(crate) open: Option<Open>,
    /// The trials with worse pictures, where there are any: they are paid for, and count in no headline.
    pub(crate) twins: Option<Box<Scored<'r>>>,
    /// What looks at a run that ends when it is decided have shown.
    pub(crate) looks: Vec<eval_record::Look>,
    /// Where the rows of each unit × provider begin; one more for the end.
    starts: Vec<usize>,
}

/// One task of one dataset, with its metric.
#[derive(Debug)]
pub(crate) struct Unit {
    pub dataset: String,
    pub task: Task,
    pub planned: PlannedTask,
    pub judge: Judge,
    /// The fields that are judged and whether they are critical.
    pub fields: Vec<(String, bool)>,
}

/// One scored trial. A million of them are 64 MB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub unit: u16,
    pub provider: u16,
    pub case: u32,
    pub repeat: u16,
    pub failed: bool,
    pub right: Rightness,
    /// NaN if undefined.
    score: f64,
    /// Microseconds; `u32::MAX` if it does not count.
    micros: u32,
    /// Seconds to the first token; NaN where the answer was not streamed.
    first_token: f32,
    /// NaN where it is not known.
    tokens_per_second: f32,
    /// The answer and the person, if one reads the case; NaN if not known.
    cost: f64,
    /// Dollars for its mistakes; NaN where they have no price.
    loss: f64,
    /// `u32::MAX` if not counted.
    input: u32,
    /// `u32::MAX` if not counted.
    output: u32,
    /// Fields that are not right, as bits; the last one stands for all from the 64th.
    pub wrong: u64,
}

/// Whether nothing at all is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rightness {
    Wrong,
    Right,
    /// A person reads the case: it is right as often as the score says.
    Referred,
}

/// Scores every trial of a record.
pub fn score<'r>(record: &'r Record, options: &Options) -> Result<Scored<'r>, SummaryError> {
    options.loss.as_ref().map_or(Ok(()), |loss| loss.check_fields(&record.plan))?;
    let any = record.plan.datasets.iter().any(|dataset| Part::Twins.has(dataset));
    let twins = any.then(|| reader::read(record, options, Part::Twins)).transpose()?;
    Ok(Scored { twins: twins.map(Box::new), ..reader::read(record, options, Part::Clean)? })
}

/// Which of a record's datasets are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Those with pictures as they are.
    Clean,
    /// Those whose pictures are made worse.
    Twins,
}

impl Part {
    pub fn has(self, dataset: &PlannedDataset) -> bool {
        (self == Self::Twins) == dataset.degraded.is_some()
    }
}

impl Unit {
    pub fn all(plan: &Plan, options: &Options, part: Part) -> Result<Vec<Self>, SummaryError> {
        let mut units = Vec::new();
        for dataset in plan.datasets.iter().filter(|dataset| part.has(dataset)) {
            for (task, planned) in &dataset.tasks {
                let of = Scope::task(&dataset.name, *task).to_string();
                let judge = Judge::new(&of, planned, options.metric.as_ref())?;
                units.push(Self {
                    dataset: dataset.name.clone(),
                    task: *task,
                    planned: planned.clone(),
                    fields: judge.fields(),
                    judge,
                });
            }
        }
        Ok(units)
    }

    pub fn scope(&self) -> Scope {
        Scope::task(&self.dataset, self.task)
    }

    /// As scopes are printed.
    pub fn name(&self) -> String {
        self.scope().to_string()
    }

    /// The number of a field; unknown ones are added.
    fn field(&mut self, name: &str) -> usize {
        self.fields.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.fields.push((name.to_owned(), false));
            self.fields.len() - 1
        })
    }

    /// The names of the fields in a row's bits.
    pub fn field_names(&self, bits: u64) -> impl Iterator<Item = &str> {
        self.fields
            .iter()
            .enumerate()
            .filter(move |(at, _)| bits & field_bit(*at) != 0)
            .map(|(_, (name, _))| name.as_str())
    }
}

pub(crate) fn field_bit(field: usize) -> u64 {
    1 << field.min(63)
}

impl Scored<'_> {
    /// What was planned.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.record.plan
    }

    /// Whether the scores of a task are those of a judge.
    pub(crate) fn is_judged(&self, unit: usize) -> bool {
        let standing = self.open.as_ref().zip(u16::try_from(unit).ok());
        standing.and_then(|(open, unit)| open.judgements.standing(unit)).is_some_and(JudgeStanding::decides)
    }

    /// Whether a task is scored by accepted wordings alone, so that its scores are lower bounds.
    pub(crate) fn is_by_wordings(&self, unit: usize) -> bool {
        self.units[unit].judge.is_by_wordings() && !self.is_judged(unit)
    }

    /// The tasks that count in overall scores and in the verdict: not those that are scored by accepted wordings alone,
    /// unless candidates are asked nothing else.
    pub(crate) fn deciding(&self) -> Vec<usize> {
        let candidates = || (0..self.providers().len()).filter(|at| !self.providers()[*at].control);
        let is_asked = |unit: usize| candidates().any(|at| summarise::planned(self, unit, at) > 0);
        let all: Vec<usize> = (0..self.units.len()).collect();
        let others = || all.iter().copied().filter(|unit| !self.is_by_wordings(*unit));
        if others().any(is_asked) { others().collect() } else { all }
    }

    pub(crate) fn providers(&self) -> &[PlannedProvider] {
        &self.record.plan.providers
    }

    /// The rows of one unit and provider, by case and repeat.
    pub(crate) fn rows(&self, unit: usize, provider: usize) -> &[Row] {
        let at = unit * self.providers().len() + provider;
        &self.rows[self.starts[at]..self.starts[at + 1]]
    }

    /// All that a provider was paid for, worse pictures included.
    pub(crate) fn paid(&self, provider: usize) -> impl Iterator<Item = &Tally> {
        let of = move |scored: &Self| (0..scored.units.len()).map(move |unit| (unit, provider));
        let twins =
            self.twins.iter().flat_map(move |twins| of(twins).map(|(unit, at)| twins.tally(unit, at)));
        of(self).map(|(unit, at)| self.tally(unit, at)).chain(twins)
    }

    pub(crate) fn tally(&self, unit: usize, provider: usize) -> &Tally {
        &self.tallies[unit * self.providers().len() + provider]
    }
}

impl Row {
    /// The headline score; undefined if the case labels nothing that is judged.
    pub fn score(&self) -> Option<f64> {
        (!self.score.is_nan()).then_some(self.score)
    }

    /// The chance that nothing at all is wrong; 1 or 0 for an answer.
    pub fn right(&self) -> Option<f64> {
        self.score().map(|score| match self.right {
            Rightness::Wrong => 0.0,
            Rightness::Right => 1.0,
            Rightness::Referred => score,
        })
    }

    /// Whether a person reads the case.
    pub fn is_referred(&self) -> bool {
        self.right == Rightness::Referred
    }

    /// Seconds of the answer, if they count.
    pub fn seconds(&self) -> Option<f64> {
        (self.micros != u32::MAX).then(|| f64::from(self.micros) / 1e6)
    }

    /// Seconds to the first token, if they count.
    pub fn first_token(&self) -> Option<f64> {
        (!self.first_token.is_nan()).then(|| f64::from(self.first_token))
    }

    /// Tokens after the first, by second, if known.
    pub fn tokens_per_second(&self) -> Option<f64> {
        (!self.tokens_per_second.is_nan()).then(|| f64::from(self.tokens_per_second))
    }

    /// Dollars for the answer and for the person who reads the case instead, if known.
    pub fn cost(&self) -> Option<f64> {
        (!self.cost.is_nan()).then_some(self.cost)
    }

    /// Dollars for its mistakes, where they have a price.
    pub fn loss(&self) -> Option<f64> {
        (!self.loss.is_nan()).then_some(self.loss)
    }

    /// Dollars for the answer and its mistakes, where both are known.
    pub fn total(&self) -> Option<f64> {
        Some(self.loss()? + self.cost()?)
    }

    pub fn input(&self) -> Option<f64> {
        (self.input != u32::MAX).then(|| f64::from(self.input))
    }

    pub fn output(&self) -> Option<f64> {
        (self.output != u32::MAX).then(|| f64::from(self.output))
    }
}

/// Rows of the same case, one slice after the other.
pub(crate) fn by_case(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(|a, b| a.case == b.case)
}

/// The places of things by name.
pub(crate) struct Places {
    units: HashMap<(String, Task), u16>,
    providers: HashMap<String, u16>,
}

impl Places {
    pub fn new(units: &[Unit], providers: &[PlannedProvider]) -> Self {
        let place = |at: usize| u16::try_from(at).expect("no plan has 65,536 tasks or providers");
        Self {
            units: (units.iter().enumerate())
                .map(|(at, unit)| ((unit.dataset.clone(), unit.task), place(at)))
                .collect(),
            providers: (providers.iter().enumerate())
                .map(|(at, provider)| (provider.label.clone(), place(at)))
                .collect(),
        }
    }

    pub fn provider(&self, label: &str) -> Option<u16> {
        self.providers.get(label).copied()
    }

    pub fn unit(&self, dataset: &str, task: Task) -> Option<u16> {
        self.units.get(&(dataset.to_owned(), task)).copied()
    }
}
