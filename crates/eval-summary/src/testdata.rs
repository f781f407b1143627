//! Synthetic records for tests, benches and pictures of reports.
//!
//! Nothing in them was said by a model: cases, answers, times and prices are made up from a seed, and the providers'
//! names say so. The same settings give the same bytes.

mod answers;
mod cases;
mod damage;
mod plan;

use std::path::Path;
use std::time::Duration;

use eval_record::{
    CaseLine, Failure, MediaEntry, Outcome, OutputMode, Price, Record, RecordError, Trial, TrialKey, VERSION,
};
use eval_statistics::SplitMix64;
use serde_json::{Value, json};
use vision_core::{Attempt, ErrorKind, Response, Stop, Task, Timing, Usage, Usd};

pub use damage::damaged;

/// A run that never happened.
#[derive(Debug, Clone)]
pub struct SyntheticRun {
    /// Decides everything that looks random.
    pub seed: u64,
    /// The run's name.
    pub name: String,
    /// When it pretends to have begun.
    pub started: String,
    /// Cases of each dataset.
    pub cases: u64,
    /// How often each case is asked.
    pub repeats: u32,
    /// What is asked: receipts, labels of pictures, plain text, descriptions; one dataset each.
    pub tasks: Vec<Task>,
    /// Who is asked.
    pub providers: Vec<SyntheticProvider>,
    /// The hash that the datasets pretend to have.
    pub content_hash: String,
    /// What is asked; `{{kind}}` is the name of the task.
    pub prompt: String,
    /// The day of the price book and of every price.
    pub price_date: String,
}

/// A provider that does not exist.
#[derive(Debug, Clone)]
pub struct SyntheticProvider {
    /// What reports print.
    pub label: String,
    /// Decides which fields go wrong. Two with the same are the same.
    pub seed: u64,
    /// The chance that a field is right.
    pub accuracy: f64,
    /// The chance that two digits of a number are swapped.
    pub damage: f64,
    /// The chance that a trial fails.
    pub failing: f64,
    /// The chance that an answer comes from the cache.
    pub cached: f64,
    /// Dollars per million tokens, in and out; `None` for an unknown price.
    pub price: Option<f64>,
    /// The usual time of an answer in milliseconds.
    pub milliseconds: u64,
    /// The model that it says it is.
    pub served: String,
    /// The mark of the system behind it.
    pub fingerprint: Option<String>,
    /// Whether it is a control.
    pub control: bool,
    /// Whether it runs on this machine.
    pub local: bool,
    /// Tasks it cannot be asked.
    pub refuses: Vec<Task>,
    /// Whether its media are made smaller.
    pub shrinks: bool,
}

impl SyntheticProvider {
    /// One that is right with this chance and has no other fault.
    #[must_use]
    pub fn new(label: &str, seed: u64, accuracy: f64) -> Self {
        Self {
            label: label.to_owned(),
            seed,
            accuracy,
            damage: 0.0,
            failing: 0.0,
            cached: 0.0,
            price: Some(1.0),
            milliseconds: 1_500,
            served: format!("{}-2026-11-01", label.rsplit('/').next().unwrap_or(label)),
            fingerprint: None,
            control: false,
            local: false,
            refuses: Vec::new(),
            shrinks: false,
        }
    }
}

impl SyntheticRun {
    /// A small run with everything that a report must be able to show: a control, a local provider, an unknown price,
    /// failures, hits of the cache, a task that one refuses, pixels that differ, repeats.
    #[must_use]
    pub fn varied() -> Self {
        let provider = SyntheticProvider::new;
        Self {
            seed: 7,
            name: "synthetic".to_owned(),
            started: "2026-11-21T08:00:00Z".to_owned(),
            cases: 40,
            repeats: 2,
            tasks: vec![Task::Receipt, Task::Classify, Task::Text],
            providers: vec![
                SyntheticProvider { price: Some(4.0), ..provider("synthetic/large", 1, 0.97) },
                SyntheticProvider {
                    price: Some(0.4),
                    cached: 0.1,
                    milliseconds: 700,
                    ..provider("synthetic/small", 2, 0.95)
                },
                SyntheticProvider { price: None, failing: 0.08, ..provider("synthetic/unpriced", 3, 0.9) },
                SyntheticProvider {
                    price: Some(0.0),
                    local: true,
                    milliseconds: 90,
                    damage: 0.05,
                    shrinks: true,
                    refuses: vec![Task::Text],
                    ..provider("local/synthetic-ocr", 4, 0.6)
                },
                SyntheticProvider { price: Some(0.0), control: true, ..provider("control/blank", 5, 0.0) },
            ],
            content_hash: "5e1f".repeat(16),
            prompt: "Read the {{kind}} in this image.".to_owned(),
            price_date: "2026-11-01".to_owned(),
        }
    }

    /// Writes the record. The directory must not hold one yet.
    pub fn write(&self, dir: &Path) -> Result<Record, RecordError> {
        let record = Record::create(dir, self.plan())?;
        let failed = |source| RecordError {
            path: dir.to_owned(),
            message: "cannot be written".to_owned(),
            source: Some(source),
        };
        let mut cases = record.append("cases.jsonl")?;
        let mut trials = record.append("trials.jsonl")?;
        let mut media = record.append("media.jsonl")?;
        for task in &self.tasks {
            for number in 0..self.cases {
                let case = cases::case(*task, self.seed, number);
                cases.write(&case).map_err(failed)?;
                for entry in self.media(&case) {
                    media.write(&entry).map_err(failed)?;
                }
                for provider in self.providers.iter().filter(|provider| !provider.refuses.contains(task)) {
                    for repeat in 0..self.repeats {
                        trials.write(&self.trial(&case, number, provider, repeat)).map_err(failed)?;
                    }
                }
            }
        }
        Ok(record)
    }

    /// The media of a case in the forms in which they were sent.
    fn media(&self, case: &CaseLine) -> Vec<MediaEntry> {
        let entry = |name: &str, shrunk: bool| MediaEntry {
            setting: String::new(),
            dataset: case.dataset.clone(),
            name: name.to_owned(),
            source_hash: sent_hash(&case.case, false),
            sent_hash: sent_hash(&case.case, shrunk),
            sniffed: "image/jpeg".to_owned(),
            declared: Some("image/jpeg".to_owned()),
            source_pixels: Some((1600, 1200)),
            sent_pixels: Some(if shrunk { (800, 600) } else { (1600, 1200) }),
            source_bytes: 90_000,
            sent_bytes: if shrunk { 30_000 } else { 90_000 },
            steps: if shrunk { vec!["resized to 800×600".to_owned()] } else { Vec::new() },
        };
        let sent = |shrunk: bool| self.providers.iter().any(|one| !one.control && one.shrinks == shrunk);
        let forms = [false, true].into_iter().filter(|shrunk| sent(*shrunk));
        forms.flat_map(|shrunk| case.media.iter().map(move |name| entry(name, shrunk))).collect()
    }

    fn trial(&self, case: &CaseLine, number: u64, provider: &SyntheticProvider, repeat: u32) -> Trial {
        let mut dice = Dice::new(&[self.seed, provider.seed, case.task as u64, number, u64::from(repeat)]);
        let trial = |outcome, cost| Trial {
            v: VERSION,
            key: TrialKey {
                dataset: case.dataset.clone(),
                case: case.case.clone(),
                provider: provider.label.clone(),
                repeat,
            },
            task: case.task,
            at_ms: number * 100,
            output: OutputMode::Schema,
            media: if provider.control { Vec::new() } else { vec![sent_hash(&case.case, provider.shrinks)] },
            outcome,
            cost,
            sent: None,
            untimed: false,
        };
        if dice.happens(provider.failing) {
            return trial(Outcome::Failed(failure(&mut dice)), None);
        }
        let text = if provider.control { String::new() } else { answers::answer(case, provider, &mut dice) };
        let usage = if provider.control {
            Usage::default()
        } else {
            let output = 40 + text.len() as u64 / 4;
            Usage { input: Some(900 + dice.below(200)), output: Some(output), ..Usage::default() }
        };
        let cost = self.planned_price(provider).and_then(|price| price.cost(&usage, 1));
        trial(Outcome::Answered(response(provider, text, usage, cost, &mut dice)), cost)
    }

    fn planned_price(&self, provider: &SyntheticProvider) -> Option<Price> {
        provider.price.map(|per_mtok| Price {
            provider: "synthetic".to_owned(),
            model: provider.label.clone(),
            as_of: self.price_date.clone(),
            input_per_mtok: Some(per_mtok),
            output_per_mtok: Some(per_mtok),
            ..Price::default()
        })
    }
}

fn failure(dice: &mut Dice) -> Failure {
    let (kind, message, status) = if dice.happens(0.5) {
        (ErrorKind::Timeout, "no answer within 120 s", None)
    } else {
        (ErrorKind::Unavailable, "the host is overloaded", Some(503))
    };
    let attempt = Attempt {
        start: Duration::ZERO,
        total: Duration::from_millis(900),
        error: Some(kind),
        status,
        ..Attempt::default()
    };
    Failure {
        kind,
        message: message.to_owned(),
        status,
        request_id: None,
        usage: Usage::default(),
        body: None,
        attempts: vec![attempt],
    }
}

fn response(
    provider: &SyntheticProvider,
    text: String,
    usage: Usage,
    cost: Option<Usd>,
    dice: &mut Dice,
) -> Response {
    // A long tail to the right, as real hosts have.
    let factor = 0.6 + 0.8 * dice.share() + if dice.happens(0.05) { 3.0 * dice.share() } else { 0.0 };
    let total = Duration::from_micros((provider.milliseconds as f64 * factor * 1_000.0) as u64);
    let cached = dice.happens(provider.cached);
    let attempt = Attempt { total, charged: cost.unwrap_or_default(), ..Attempt::default() };
    Response {
        text,
        stop: Stop::Complete,
        usage,
        model: (!provider.control).then(|| provider.served.clone()),
        fingerprint: provider.fingerprint.clone(),
        timing: Timing { total, ..Timing::default() },
        attempts: if cached || provider.control { Vec::new() } else { vec![attempt] },
        cached,
        ..Response::default()
    }
}

fn sent_hash(case: &str, shrunk: bool) -> String {
    let mut dice = Dice::new(&case.bytes().map(u64::from).chain([u64::from(shrunk)]).collect::<Vec<_>>());
    (0..4).map(|_| format!("{:016x}", dice.0.next_u64())).collect()
}

/// Chances that depend on nothing but what they are made from.
struct Dice(SplitMix64);

impl Dice {
    fn new(parts: &[u64]) -> Self {
        let mixed = parts.iter().fold(0, |state: u64, part| {
            SplitMix64::new(state.rotate_left(17) ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15)).next_u64()
        });
        Self(SplitMix64::new(mixed))
    }

    fn share(&mut self) -> f64 {
        self.0.unit()
    }

    fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound as usize) as u64
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.0.below(from.len())]
    }
}

/// A number or a text with its first two different neighbouring digits swapped.
fn swapped(value: &Value) -> Option<Value> {
    let is_text = value.is_string();
    let mut digits: Vec<char> =
        value.as_str().map_or_else(|| value.to_string(), str::to_owned).chars().collect();
    let at =
        digits.windows(2).position(|pair| pair[0] != pair[1] && pair.iter().all(char::is_ascii_digit))?;
    digits.swap(at, at + 1);
    let text: String = digits.into_iter().collect();
    if is_text { Some(Value::String(text)) } else { text.parse::<f64>().ok().map(|number| json!(number)) }
}

/// The settings that receipts and labels are judged with.
fn settings(task: Task) -> Value {
    match task {
        Task::Classify => json!({ "labels": cases::LABELS }),
        _ => Value::Null,
    }
}
