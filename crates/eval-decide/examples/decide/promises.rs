//! Is a promise kept? In each study thresholds are chosen; whether the documents above them are good enough is then seen
//! on many others.

use eval_decide::learned::Learned;
use eval_decide::promise::{Target, naive, promise, promised_today};
use eval_decide::{Line, People, Recommended, Signal, Study, StudyAnswer, Wanted, automation, lines};

use crate::population::{THREE, study};

const TRUTH: usize = 8_000;
const DELTA: f64 = 0.05;

/// How often a rule was used, promised more than is true, and what it accepted.
#[derive(Default, Clone, Copy)]
struct Count {
    promised: f64,
    broken: f64,
    accepted: f64,
}

impl Count {
    fn add(&mut self, true_error: f64, promised: f64, share: f64) {
        self.promised += 1.0;
        self.broken += f64::from(u8::from(true_error > promised));
        self.accepted += share;
    }

    fn text(self, studies: usize) -> String {
        let n = studies as f64;
        format!(
            "{:.1}% ({:.0}% of studies, {:.0}% accepted)",
            100.0 * self.broken / n,
            100.0 * self.promised / n,
            100.0 * self.accepted / n
        )
    }
}

pub fn print(studies: usize) {
    println!("\n### Is the promise kept?\n");
    println!(
        "Share of {studies} studies whose true error is above what was promised; in parentheses how many promise \
         anything, and the share of documents accepted on average.\n"
    );
    println!(
        "| documents, target | each line by itself | learned signals | the recommended line | each line, level of today | \
         recommended, level of today | naive (confidence of the API) |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let truth = study(TRUTH, &THREE, 1);
    for (documents, error) in [(60, 0.1), (100, 0.1), (300, 0.05), (1_000, 0.02)] {
        row(documents, Target { error, delta: DELTA }, studies, &truth);
    }
}

/// What came of one rule in all studies.
#[derive(Default)]
struct Counts {
    read: Count,
    learned: Count,
    best: Count,
    today: Count,
    best_today: Count,
    blind: Count,
    /// Lines by signals that are read, and by those that are learned.
    lines: [usize; 2],
}

fn row(documents: usize, target: Target, studies: usize, truth: &Study) {
    let mut counts = Counts::default();
    for number in 0..studies {
        let pilot = study(documents, &THREE, 1_000 + number as u64);
        let all = lines(&pilot);
        for line in &all {
            counts.add_line(line, target, &pilot, truth);
        }
        counts.add_choice(&all, target, &pilot, truth);
    }
    let both = counts.lines.iter().sum();
    println!(
        "| {documents}, {:.0}% | {} | {} | {} | {} | {} | {} |",
        target.error * 100.0,
        counts.read.text(counts.lines[0]),
        counts.learned.text(counts.lines[1]),
        counts.best.text(studies),
        counts.today.text(both),
        counts.best_today.text(studies),
        counts.blind.text(studies)
    );
}

impl Counts {
    fn add_line(&mut self, line: &Line, target: Target, pilot: &Study, truth: &Study) {
        let is_learned = matches!(line.signal, Signal::Own | Signal::Combined);
        let truth = std::cell::LazyCell::new(|| Truth::of(pilot, truth, line));
        self.lines[usize::from(is_learned)] += 1;
        if let Some(it) = promise(&line.documents, target) {
            let count = if is_learned { &mut self.learned } else { &mut self.read };
            count.add(truth.error(it.threshold), target.error, it.share);
        }
        if let Some(it) = promised_today(&line.documents, target) {
            self.today.add(truth.error(it.accepted.threshold), it.error, it.accepted.share);
        }
        let is_one = line.provider == "synthetic/0" && line.signal == Signal::Evidence;
        if let Some(it) = naive(&line.documents, target).filter(|_| is_one) {
            self.blind.add(truth.error(it.threshold), target.error, it.share);
        }
    }

    fn add_choice(&mut self, lines: &[Line], target: Target, pilot: &Study, truth: &Study) {
        let wanted = Wanted {
            max_error: target.error,
            delta: target.delta,
            people: People { usd: 0.4, error: 0.01 },
            wrong_usd: None,
        };
        let found = automation("simulated", std::slice::from_ref(pilot), &wanted);
        let task = &found.tasks[0];
        let true_error = |it: &Recommended| {
            let is_it = |line: &&Line| line.provider == it.provider && line.signal == it.signal;
            let line = lines.iter().find(is_it).expect("it was chosen from these");
            Truth::of(pilot, truth, line).error(it.promised.threshold)
        };
        if let Some(it) = &task.recommended {
            self.best.add(true_error(it), target.error, it.promised.share);
        }
        if let Some(it) = &task.today {
            self.best_today.add(true_error(&it.best), it.error, it.best.promised.share);
        }
    }
}

/// Documents that nobody has seen, by the value of a line's signal.
struct Truth(Vec<(f64, bool)>);

impl Truth {
    /// A learned signal is that of a model of all documents of the pilot: the one that would be used.
    fn of(pilot: &Study, truth: &Study, line: &Line) -> Self {
        let at = pilot.candidates.iter().position(|it| *it == line.provider).expect("it is one of them");
        let among: &[Signal] = if line.signal == Signal::Own { &Signal::FREE } else { &Signal::READ };
        let answers: Vec<&StudyAnswer> =
            pilot.cases.iter().filter_map(|case| case.answers[at].as_ref()).collect();
        let model = Learned::fit(&answers, among);
        let value = |answer: &StudyAnswer| match line.signal {
            Signal::Own | Signal::Combined => model.as_ref().map_or(0.0, |model| model.chance(answer)),
            signal => answer.signal(signal).unwrap_or(-1.0),
        };
        let mut documents = vec![(f64::INFINITY, true); truth.documents];
        for case in &truth.cases {
            let Some(answer) = &case.answers[at] else { continue };
            let document = &mut documents[case.document];
            *document = (document.0.min(value(answer)), document.1 && answer.right);
        }
        Self(documents)
    }

    fn error(&self, threshold: f64) -> f64 {
        let above = self.0.iter().filter(|(value, _)| *value >= threshold);
        let (all, wrong) = above
            .fold((0.0, 0.0), |(all, wrong), (_, right)| (all + 1.0, wrong + f64::from(u8::from(!right))));
        if all > 0.0 { wrong / all } else { 0.0 }
    }
}
