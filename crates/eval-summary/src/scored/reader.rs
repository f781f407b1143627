//! Reads trials as they come, scores them in batches, and keeps rows and counts.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use eval_metrics::task::{CaseFacts, Scored as Judgement};
use eval_metrics::value::Verdict;
use eval_record::{Damage, Outcome, Record, Trial};
use serde::Deserialize;
use serde_json::Value;
use vision_core::{ErrorKind, Person};

use super::{
    Kept, Open, Part, PixelCheck, Places, Priced, Prices, Rightness, Row, Scored, Tally, Unit, field_bit,
};
use crate::cases::{CaseNumbers, CaseReader, Cases};
use crate::judge::{fully_right, is_scored, with_evidence};
use crate::judgements::{Judgements, OpenScores};
use crate::{Damaged, Labels, LossTable, Options, SummaryError, Unscorable};

/// Trials that are scored together.
const BATCH: usize = 2_048;

/// A trial and where it belongs.
struct Placed {
    unit: u16,
    provider: u16,
    case: u32,
    trial: Trial,
}

/// What the metric says: nothing for trials that are not scored.
type Verdicts = Vec<Option<Result<OneVerdict, String>>>;

/// The score that counts, and those of everybody for an open answer that is judged.
type OneVerdict = (Judgement, Option<OpenScores>);

pub(super) fn read<'r>(
    record: &'r Record,
    options: &Options,
    part: Part,
) -> Result<Scored<'r>, SummaryError> {
    let units = Unit::all(&record.plan, options, part)?;
    let others = record.plan.datasets.iter().filter(|dataset| !part.has(dataset));
    let others: HashSet<&str> = others.map(|dataset| dataset.name.as_str()).collect();
    let places = Places::new(&units, &record.plan.providers);
    let (cases, numbers) = Cases::read(record, |dataset, task| places.unit(dataset, task))?;
    // Worse pictures are not put before a judge.
    let judgements = match part {
        Part::Clean => Judgements::read(record, options, (&units, &cases, &numbers))?,
        Part::Twins => None,
    };
    let mut lines = Vec::new();
    let trials = record.trials(&mut lines)?;
    let mut damaged = Damaged::default();
    lines.iter().for_each(|line| damaged.add(line_text(line)));

    let pairs = units.len() * record.plan.providers.len();
    let mut collector = Collector {
        prices: Prices::new(record, options),
        pixels: PixelCheck::new(cases.len(), &record.plan),
        rows: Vec::with_capacity(trials.len()),
        tallies: vec![Tally::default(); pairs],
        unscorable: BTreeMap::new(),
        unscored: Vec::new(),
        kept: Kept::new(options.keep),
        labels: options.labels.clone(),
        loss: options.loss.clone().filter(|table| !table.is_empty()),
        open: judgements.map(Open::new),
        units,
    };
    let mut readers: Vec<CaseReader<'_>> =
        (0..options.threads.get()).map(|_| cases.reader()).collect::<Result<_, _>>()?;
    let mut batch = Vec::with_capacity(BATCH);
    for trial in trials {
        match place(trial?, &places, &numbers, &cases) {
            Ok(placed) => batch.push(placed),
            Err(trial) if others.contains(trial.key.dataset.as_str()) => {}
            Err(trial) => damaged.add(format!(
                "trials.jsonl: {} / {} / {} is not part of the plan",
                trial.key.dataset, trial.key.case, trial.key.provider
            )),
        }
        if batch.len() == BATCH {
            collector.take(&mut batch, &mut readers)?;
        }
    }
    collector.take(&mut batch, &mut readers)?;
    drop(readers);
    let looks = record.looks()?;
    Ok(Scored { looks, ..collector.finish(record, cases, damaged) })
}

fn line_text(damage: &Damage) -> String {
    let file = damage.path.file_name().unwrap_or_default().to_string_lossy();
    format!("{file}:{}: {}", damage.line, damage.message)
}

impl Damaged {
    fn add(&mut self, example: String) {
        self.lines += 1;
        if self.examples.len() < 10 {
            self.examples.push(example);
        }
    }
}

fn place(trial: Trial, places: &Places, numbers: &CaseNumbers, cases: &Cases) -> Result<Placed, Box<Trial>> {
    let found = (|| {
        let provider = places.provider(&trial.key.provider)?;
        let case = numbers.get(&trial.key.dataset, &trial.key.case)?;
        Some((cases.unit(case)?, provider, case))
    })();
    match found {
        Some((unit, provider, case)) => Ok(Placed { unit, provider, case, trial }),
        None => Err(Box::new(trial)),
    }
}

struct Collector {
    units: Vec<Unit>,
    prices: Prices,
    pixels: PixelCheck,
    rows: Vec<Row>,
    tallies: Vec<Tally>,
    /// By unit: trials, and what is wrong with the first.
    unscorable: BTreeMap<u16, (u64, String)>,
    unscored: Vec<(u16, u32)>,
    kept: Kept,
    labels: Labels,
    loss: Option<LossTable>,
    open: Option<Open>,
}

impl Collector {
    fn take(&mut self, batch: &mut Vec<Placed>, readers: &mut [CaseReader<'_>]) -> Result<(), SummaryError> {
        if batch.is_empty() {
            return Ok(());
        }
        let share = batch.len().div_ceil(readers.len());
        let judgements = self.open.as_ref().map(|open| &open.judgements);
        let by = By { units: &self.units, labels: &self.labels, judgements };
        let judged: Vec<Result<Verdicts, SummaryError>> = std::thread::scope(|scope| {
            let mut parts = batch.chunks(share).zip(readers.iter_mut());
            // The first part is worked on here: one thread needs no other.
            let here = parts.next();
            let others: Vec<_> =
                parts.map(|(part, reader)| scope.spawn(move || judge(by, part, reader))).collect();
            let mut judged: Vec<_> = here.into_iter().map(|(part, reader)| judge(by, part, reader)).collect();
            judged.extend(others.into_iter().map(|other| other.join().expect("scoring does not panic")));
            judged
        });
        let mut placed = batch.drain(..);
        for part in judged {
            for (verdict, placed) in part?.into_iter().zip(&mut placed) {
                self.add(placed, verdict);
            }
        }
        Ok(())
    }

    fn add(&mut self, placed: Placed, verdict: Option<Result<OneVerdict, String>>) {
        let (case, provider, trial) = (placed.case, placed.provider, &placed.trial);
        let cost = self.prices.cost(provider, trial);
        self.count_trial(&placed, cost);
        let Some(verdict) = verdict else { return };
        self.pixels.add(case, provider, &trial.media);
        let (judgement, scores) = match verdict {
            Ok(verdict) => verdict,
            Err(reason) => {
                self.tally(&placed).unscorable += 1;
                self.unscored.push((provider, case));
                self.unscorable.entry(placed.unit).or_insert((0, reason)).0 += 1;
                return;
            }
        };
        if let Some(scores) = &scores {
            self.add_open(&placed, scores);
        }
        let mut row = self.row(&placed, &judgement, cost);
        let Some(response) = trial.response() else {
            // A case that labels nothing is undefined for everybody, else a failed trial scores 0.
            row.score = judgement.headline.map_or(f64::NAN, |_| 0.0);
            self.rows.push(row);
            self.kept.add((case, provider, trial.key.repeat), judgement);
            return;
        };
        self.tally(&placed).add_response(response);
        if let Some(person) = response.referred {
            self.tally(&placed).add_person(person);
            row.refer(person);
            self.rows.push(row);
            return;
        }
        row.right = if fully_right(&judgement) { Rightness::Right } else { Rightness::Wrong };
        row.wrong = self.add_findings(&placed, &judgement);
        self.rows.push(row);
        self.kept.add((case, provider, trial.key.repeat), judgement);
    }

    fn tally(&mut self, placed: &Placed) -> &mut Tally {
        let providers = self.tallies.len() / self.units.len();
        &mut self.tallies[usize::from(placed.unit) * providers + usize::from(placed.provider)]
    }

    /// Counts a trial, and what it failed by.
    fn count_trial(&mut self, placed: &Placed, cost: Option<f64>) {
        let tally = self.tally(placed);
        tally.add_trial(&placed.trial, cost);
        let Some(failure) = placed.trial.failure() else { return };
        match failure.kind {
            ErrorKind::Unsupported => {
                *tally.skips.entry(failure.message.clone()).or_default() += 1;
                self.unscored.push((placed.provider, placed.case));
            }
            ErrorKind::Budget => tally.over_budget += 1,
            kind => *tally.failures.entry(kind.name()).or_default() += 1,
        }
    }

    /// Adds what everybody says of an open answer.
    fn add_open(&mut self, placed: &Placed, scores: &OpenScores) {
        let Some(open) = &mut self.open else { return };
        let Placed { unit, provider, case, trial } = placed;
        let text = trial.response().map_or("", |response| response.text.as_str());
        let has_words = text.contains(char::is_alphanumeric);
        open.add((*unit, *provider, *case), scores, has_words);
        if has_words && trial.key.repeat == 0 {
            open.stand((*unit, *provider, *case), scores);
        }
    }

    /// Counts the values of an answer; the bits of the fields that are wrong.
    fn add_findings(&mut self, placed: &Placed, judgement: &Judgement) -> u64 {
        self.tally(placed).add_scored(judgement);
        let mut wrong = 0;
        for finding in &judgement.explanation {
            let field = self.units[usize::from(placed.unit)].field(&finding.field);
            self.tally(placed).add_finding(field, finding);
            if !matches!(finding.verdict, Verdict::Right | Verdict::Unlabelled) {
                wrong |= field_bit(field);
            }
        }
        wrong
    }

    /// The row of a trial before anything is known of its answer but its score, its time and its price.
    fn row(&self, placed: &Placed, judgement: &Judgement, cost: Option<f64>) -> Row {
        let Placed { unit, provider, case, trial } = placed;
        let mut row = Row {
            unit: *unit,
            provider: *provider,
            case: *case,
            repeat: u16::try_from(trial.key.repeat).unwrap_or(u16::MAX),
            failed: trial.response().is_none(),
            right: Rightness::Wrong,
            score: judgement.headline.unwrap_or(f64::NAN),
            micros: u32::MAX,
            first_token: f32::NAN,
            tokens_per_second: f32::NAN,
            cost: cost.unwrap_or(f64::NAN),
            loss: f64::NAN,
            input: count(trial.usage().input),
            output: count(trial.usage().output),
            wrong: 0,
        };
        if let Some(table) = self.loss.as_ref().filter(|_| judgement.headline.is_some()) {
            let seconds = trial.response().map(|response| response.timing.total.as_secs_f64());
            row.loss = table.of(judgement, trial.response().is_some(), seconds);
        }
        let is_control = self.prices.controls[usize::from(*provider)];
        if let Some(time) = trial.latency().filter(|_| !is_control && trial.response().is_some()) {
            row.micros = u32::try_from(time.as_micros()).map_or(u32::MAX - 1, |t| t.min(u32::MAX - 1));
            row.first_token = trial.first_token().map_or(f32::NAN, |time| time.as_secs_f32());
            row.tokens_per_second = trial.tokens_per_second().map_or(f32::NAN, |speed| speed as f32);
        }
        row
    }

    fn finish(self, record: &Record, cases: Cases, damaged: Damaged) -> Scored<'_> {
        let Self { units, prices, mut rows, tallies, pixels, unscorable, unscored, kept, labels, loss, open } =
            self;
        let open = open.map(|mut open| {
            open.finish();
            open
        });
        rows.sort_unstable_by_key(|row| (row.unit, row.provider, row.case, row.repeat));
        let providers = record.plan.providers.len();
        let place = |row: &Row| usize::from(row.unit) * providers + usize::from(row.provider);
        let starts =
            (0..=units.len() * providers).map(|at| rows.partition_point(|row| place(row) < at)).collect();
        let priced = loss.map(|table| Priced::new(&table, &units, &cases, &rows));
        let unscorable = unscorable
            .into_iter()
            .map(|(unit, (trials, reason))| Unscorable {
                of: units[usize::from(unit)].name(),
                trials,
                reason,
            })
            .collect();
        Scored {
            record,
            units,
            cases,
            rows,
            tallies,
            pixels,
            damaged,
            unscorable,
            unscored,
            kept,
            prices,
            labels,
            priced,
            open,
            twins: None,
            looks: Vec::new(),
            starts,
        }
    }
}

impl Row {
    /// A person reads the case: it comes out right as often as a person is, and costs what a person costs. What a mistake
    /// of a person costs is what the case costs without an answer, as often as a person makes one.
    fn refer(&mut self, person: Person) {
        let error = person.error.unwrap_or(f64::NAN);
        self.right = Rightness::Referred;
        self.score = if self.score.is_nan() { f64::NAN } else { 1.0 - error };
        self.loss *= error;
        self.cost += person.usd.map_or(f64::NAN, |usd| usd.0);
    }
}

fn count(tokens: Option<u64>) -> u32 {
    tokens.map_or(u32::MAX, |tokens| u32::try_from(tokens).map_or(u32::MAX - 1, |t| t.min(u32::MAX - 1)))
}

/// What trials are scored by.
#[derive(Clone, Copy)]
struct By<'a> {
    units: &'a [Unit],
    labels: &'a Labels,
    judgements: Option<&'a Judgements>,
}

fn judge(by: By<'_>, part: &[Placed], reader: &mut CaseReader<'_>) -> Result<Verdicts, SummaryError> {
    #[derive(Deserialize)]
    struct Label {
        expected: Value,
        #[serde(default)]
        tags: BTreeMap<String, String>,
        #[serde(default)]
        fields: BTreeMap<String, String>,
        schema: Option<Value>,
        own_schema: Option<Arc<Value>>,
        #[serde(default)]
        evidence: Value,
    }
    part.iter()
        .map(|placed| {
            let text = match &placed.trial.outcome {
                // What a model said of a case that a person reads is nobody's answer.
                Outcome::Answered(response) if response.referred.is_some() => "",
                Outcome::Answered(response) => response.text.as_str(),
                Outcome::Failed(failure) if is_scored(failure.kind) => "",
                Outcome::Failed(_) => return Ok(None),
            };
            let mut label: Label = reader.read_as(placed.case)?;
            let key = &placed.trial.key;
            by.labels.replace(&key.dataset, &key.case, &mut label.expected, &mut label.evidence);
            let facts = CaseFacts::from_tags(&label.tags).asked(&label.fields);
            let judge = &by.units[usize::from(placed.unit)].judge;
            let facts = CaseFacts { own_schema: label.own_schema, ..facts };
            let scored =
                with_evidence(facts, label.schema, &label.evidence, &placed.trial).and_then(|facts| match by
                    .judgements
                {
                    Some(judgements) => {
                        let of = (key.dataset.as_str(), key.case.as_str());
                        judgements.score((placed.unit, judge), of, (&label.expected, text), facts)
                    }
                    None => judge.score(&label.expected, text, &facts).map(|scored| (scored, None)),
                });
            Ok(Some(scored))
        })
        .collect()
}
