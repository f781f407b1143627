//! Are held-out figures of chains what chains give? Each is compared with the same chain on many other documents.

use eval_decide::chain::{ChainSignal, ChainStage, Goal, chains};
use eval_decide::{People, Signal, Study, StudyAnswer};

use crate::population::{THREE, study};

const TRUTH: usize = 20_000;
const PEOPLE: People = People { usd: 0.3, error: 0.01 };

pub fn print(studies: usize) {
    println!("\n### Are the held-out figures of chains true?\n");
    println!(
        "Means over {studies} studies: the held-out figure, what the exported chain gives on {TRUTH} other documents, and \
         the difference with its error.\n"
    );
    println!(
        "| documents, goal | right, held out | right, in truth | difference | $ per 1,000, held out | in truth | difference |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let truth = study(TRUTH, &THREE, 2);
    let goals = [
        ("as right as the best", Goal::BestSingle, None),
        ("$2 per wrong answer", Goal::TotalCost { wrong_usd: 2.0 }, None),
        ("$2 per wrong answer, with a person", Goal::TotalCost { wrong_usd: 2.0 }, Some(PEOPLE)),
    ];
    for documents in [60, 200, 600] {
        for (name, goal, people) in goals {
            row(documents, name, goal, people, studies, &truth);
        }
    }
}

fn row(documents: usize, name: &str, goal: Goal, people: Option<People>, studies: usize, truth: &Study) {
    let mut seen: Vec<[f64; 4]> = Vec::new();
    for number in 0..studies {
        let pilot = study(documents, &THREE, 5_000 + number as u64);
        let report = chains("simulated", &[pilot], goal, people);
        let Some(task) = report.tasks.first() else { continue };
        let (right, usd) = play(&task.chosen, people, truth);
        let held_out = &task.held_out;
        seen.push([held_out.accuracy.mean, right, held_out.answers + held_out.people, usd * 1000.0]);
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

/// The share that is right and the dollars per case.
fn play(chain: &[ChainStage], people: Option<People>, truth: &Study) -> (f64, f64) {
    let (mut right, mut usd) = (0.0, 0.0);
    for case in &truth.cases {
        let mut before = None;
        let mut taken = false;
        for stage in chain {
            let at = truth.candidates.iter().position(|it| *it == stage.provider).expect("it is one of them");
            let answer = case.answers[at].as_ref().expect("all are asked");
            usd += answer.usd.unwrap_or(0.0);
            if stage
                .accept
                .is_none_or(|it| value(answer, it.signal, before).is_some_and(|v| v >= it.threshold))
            {
                right += f64::from(u8::from(answer.right));
                taken = true;
                break;
            }
            before = Some(at);
        }
        if let (false, Some(people)) = (taken, people) {
            right += 1.0 - people.error;
            usd += people.usd;
        }
    }
    let n = truth.cases.len() as f64;
    (right / n, usd / n)
}

fn value(answer: &StudyAnswer, signal: ChainSignal, before: Option<usize>) -> Option<f64> {
    match signal {
        ChainSignal::Previous => answer.agreement[before?],
        ChainSignal::Rules => answer.signal(Signal::Rules),
        ChainSignal::Schema => answer.signal(Signal::Schema),
        ChainSignal::Evidence => answer.signal(Signal::Evidence),
        ChainSignal::Stated => answer.signal(Signal::Stated),
    }
}
