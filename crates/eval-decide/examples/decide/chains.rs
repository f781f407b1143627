//! Are the figures of chains what chains give? Each is compared with the same chain on other documents.

use eval_decide::chain::{ChainSignal, ChainStage, ChainTask, Goal, chains};
use eval_decide::{People, Study, StudyAnswer};
use eval_statistics::{Level, score_over_tasks};
use eval_summary::{Estimate, Kept, PromiseCheck};

use crate::population::{ALIKE, Made, ONE, POOR, THREE, study};

const TRUTH: usize = 20_000;
const PEOPLE: People = People { usd: 0.3, error: 0.01 };
const GOALS: [(&str, Goal, Option<People>); 3] = [
    ("as right as the best", Goal::BestSingle, None),
    ("$2 per wrong answer", Goal::TotalCost { wrong_usd: 2.0 }, None),
    ("$2 per wrong answer, with a person", Goal::TotalCost { wrong_usd: 2.0 }, Some(PEOPLE)),
];

/// Held-out figures are compared in fewer studies: each plays its chain on many documents.
pub fn print(studies: usize) {
    let few = (studies / 50).max(2);
    println!("\n### Are the held-out figures of chains true?\n");
    println!(
        "Means over {few} studies: the held-out figure, what the exported chain gives on {TRUTH} other documents, and \
         the difference with its error.\n"
    );
    println!(
        "| documents, goal | right, held out | right, in truth | difference | $ per 1,000, held out | in truth | difference |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let truth = study(TRUTH, &THREE, 2);
    for documents in [60, 200, 600] {
        for (name, goal, people) in GOALS {
            row(documents, name, goal, people, few, &truth);
        }
    }
    print_promises(studies / 2);
}

/// Candidates that chains are made of.
const SHAPES: [(&str, &[Made]); 4] = [
    ("cheap, middling, dear", &THREE),
    ("cheap and poor, dear", &POOR),
    ("two alike", &ALIKE),
    ("one", &ONE),
];

/// A promise against the next run of as many documents.
fn print_promises(studies: usize) {
    println!("\n### Is a chain as good as it is exported to be?\n");
    println!(
        "{studies} studies: the share for a person that the exported chain promises and what it truly is, and how often a run \
         of as many other documents is said to miss or exceed the promise. Both should be rare.\n"
    );
    println!(
        "| candidates | documents, goal | right, promised | in truth | to a person, promised | in truth | right: missed | exceeded | \
         to a person: missed | exceeded |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (shape, made) in SHAPES {
        let truth = study(TRUTH, made, 2);
        for documents in [24, 60, 200] {
            // One candidate is a chain only before a person.
            for (name, goal, people) in GOALS.into_iter().filter(|(.., it)| made.len() > 1 || it.is_some()) {
                let seen = promises(made, documents, (goal, people), studies, &truth);
                println!("| {shape} | {documents}, {name} | {} |", seen.text());
            }
        }
    }
}

/// The truth is looked at in the first studies only: it has many documents.
fn promises(
    made: &[Made],
    documents: usize,
    (goal, people): (Goal, Option<People>),
    studies: usize,
    truth: &Study,
) -> Promises {
    let mut seen = Promises::default();
    for number in 0..studies {
        let (pilot, next) = (5_000 + number as u64, 1_000_000 + number as u64);
        let report = chains("simulated", &[study(documents, made, pilot)], goal, people);
        let Some(task) = report.tasks.first() else { continue };
        let true_figures = (number < 50).then(|| Figures::of(task, people, truth));
        seen.add(task, &Figures::of(task, people, &study(documents, made, next)), true_figures.as_ref());
    }
    seen
}

/// What became of promises.
#[derive(Default)]
struct Promises {
    count: f64,
    /// Right and referred: promised and true, of the studies for which the truth is known.
    known: Vec<[f64; 4]>,
    /// Right missed, exceeded, referred missed, exceeded.
    broken: [f64; 4],
}

impl Promises {
    fn add(&mut self, task: &ChainTask, next: &Figures, truth: Option<&Figures>) {
        let it = &task.promised;
        let interval = |of: &Estimate| of.interval.as_ref().map(|bounds| [bounds.low, bounds.high]);
        let check = PromiseCheck {
            run: String::new(),
            provider: String::new(),
            cases: next.right.len() as u64,
            promised_accuracy: it.accuracy.mean,
            promised_accuracy_interval: interval(&it.accuracy),
            accuracy: estimate(&next.right),
            promised_usd_per_1000: 0.0,
            usd_per_1000: None,
            promised_referred: it.referred.mean,
            promised_referred_interval: interval(&it.referred),
            referred: estimate(&next.referred),
            promised_people_usd_per_1000: None,
            people_usd_per_1000: None,
        };
        self.count += 1.0;
        let found = [check.accuracy_kept(), check.referred_kept()];
        for (at, kept) in found.into_iter().enumerate() {
            self.broken[2 * at] += f64::from(u8::from(kept == Kept::Worse));
            self.broken[2 * at + 1] += f64::from(u8::from(kept == Kept::Better));
        }
        let truth = truth
            .map(|truth| [it.accuracy.mean, mean(&truth.right), it.referred.mean, mean(&truth.referred)]);
        self.known.extend(truth);
    }

    fn text(&self) -> String {
        let mean = |at: usize| self.known.iter().map(|it| it[at]).sum::<f64>() / self.known.len() as f64;
        let figures = (0..4).map(|at| format!("{:.1}%", 100.0 * mean(at)));
        let broken = self.broken.iter().map(|count| format!("{:.1}%", 100.0 * count / self.count));
        figures.chain(broken).collect::<Vec<_>>().join(" | ")
    }
}

fn estimate(cases: &[(usize, f64)]) -> Estimate {
    Estimate::from(score_over_tasks(&[cases.to_vec()], Level::P95).expect("there are cases"))
}

fn mean(cases: &[(usize, f64)]) -> f64 {
    cases.iter().map(|(_, value)| value).sum::<f64>() / cases.len() as f64
}

fn row(documents: usize, name: &str, goal: Goal, people: Option<People>, studies: usize, truth: &Study) {
    let mut seen: Vec<[f64; 4]> = Vec::new();
    for number in 0..studies {
        let pilot = study(documents, &THREE, 5_000 + number as u64);
        let report = chains("simulated", &[pilot], goal, people);
        let Some(task) = report.tasks.first() else { continue };
        let found = Figures::of(task, people, truth);
        let held_out = &task.held_out;
        let promised = held_out.answers + held_out.people;
        seen.push([held_out.accuracy.mean, mean(&found.right), promised, mean(&found.usd) * 1000.0]);
    }
    let n = seen.len() as f64;
    let mean = |at: usize| seen.iter().map(|it| it[at]).sum::<f64>() / n;
    let difference = |a: usize, b: usize| {
        let mean = mean(a) - mean(b);
        let squares: f64 = seen.iter().map(|it| (it[a] - it[b] - mean).powi(2)).sum();
        (mean, (squares / (n - 1.0) / n).sqrt())
    };
    let ((right, right_error), (usd, usd_error)) = (difference(0, 1), difference(2, 3));
    println!(
        "| {documents}, {name} | {:.2}% | {:.2}% | {:+.2} ± {:.2} points | ${:.2} | ${:.2} | {:+.2} ± {:.2} |",
        100.0 * mean(0),
        100.0 * mean(1),
        100.0 * right,
        100.0 * right_error,
        mean(2),
        mean(3),
        usd,
        usd_error
    );
}

/// What a chain makes of cases, each with its document.
#[derive(Default)]
struct Figures {
    right: Vec<(usize, f64)>,
    referred: Vec<(usize, f64)>,
    usd: Vec<(usize, f64)>,
}

impl Figures {
    fn of(task: &ChainTask, people: Option<People>, study: &Study) -> Self {
        let people = people.filter(|_| task.ends_with_person);
        let mut figures = Self::default();
        for case in &study.cases {
            let (mut right, mut usd, mut before, mut taken) = (0.0, 0.0, Vec::new(), false);
            for stage in &task.chosen {
                let found = study.candidates.iter().position(|it| *it == stage.provider);
                let at = found.expect("it is one of them");
                let answer = case.answers[at].as_ref().expect("all are asked");
                usd += answer.usd.unwrap_or(0.0);
                if stage.accept.is_some_and(|accept| accept.signal.asks_again()) {
                    usd += answer.again.and_then(|again| again.usd).unwrap_or(0.0);
                }
                right = f64::from(u8::from(answer.right));
                taken = is_taken(stage, answer, &before);
                if taken {
                    break;
                }
                before.push(at);
            }
            let person = people.filter(|_| !taken);
            if let Some(people) = person {
                right = 1.0 - people.error;
                usd += people.usd;
            }
            figures.right.push((case.document, right));
            figures.referred.push((case.document, f64::from(u8::from(person.is_some()))));
            figures.usd.push((case.document, usd));
        }
        figures
    }
}

fn is_taken(stage: &ChainStage, answer: &StudyAnswer, before: &[usize]) -> bool {
    let Some(accept) = stage.accept else { return true };
    let agreement = |with: &[usize]| {
        let known = with.iter().filter_map(|before| answer.agreement[*before]);
        known.collect::<eval_statistics::Moments>().mean()
    };
    let read = |signal: ChainSignal| match signal {
        ChainSignal::Previous => agreement(&before[before.len().saturating_sub(1)..]),
        ChainSignal::Candidates => agreement(before),
        ChainSignal::Repeats => answer.again.map(|again| again.agreement),
        ChainSignal::Compared => None,
        own => ChainSignal::OWN.iter().find(|(it, _)| *it == own).and_then(|(_, read)| answer.signal(*read)),
    };
    let value = match &stage.model {
        Some(model) => Some(model.chance(read)),
        None => read(accept.signal),
    };
    value.is_some_and(|value| value >= accept.threshold)
}
