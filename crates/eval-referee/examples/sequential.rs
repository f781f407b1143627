//! How often a run that ends when it is decided decides wrongly, and how many cases it needs: `cargo xtask simulate until-decided`.
//!
//! Two candidates on 300 documents that are drawn from many more like them. The better one is ten times as dear, one point
//! may be given up for the lower cost, and somebody looks after every document. What is not decided by the end is judged as
//! in any report.

use eval_decide::planning::{Wanted, required_cases};
use eval_referee::race::Weights;
use eval_statistics::{Comparison, Level, PairedCase, PairedTasks};
use eval_summary::decide::{Contender, Gap, Gaps, decide};

const DOCUMENTS: usize = 300;
const TOLERANCE: f64 = 0.01;

fn main() {
    let runs = std::env::args().skip_while(|word| word != "--runs").nth(1);
    let runs: usize = runs.and_then(|runs| runs.parse().ok()).unwrap_or(400);
    println!(
        "| scores | true difference | wrong decisions | decided | of these early | documents asked, of {DOCUMENTS} | fixed number for this difference |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (name, fields) in [("right or wrong", 1), ("share of ten fields", 10)] {
        for points in [0.0, 1.1, 2.0, 5.0, 10.0, 20.0] {
            let figures = simulate(fields, points / 100.0, runs);
            println!(
                "| {name} | {points} points | {:.1}% | {:.0}% | {:.0}% | {:.0} | {} |",
                figures.wrong * 100.0,
                figures.decided * 100.0,
                figures.early * 100.0,
                figures.documents,
                figures.fixed
            );
        }
    }
}

struct Figures {
    wrong: f64,
    decided: f64,
    early: f64,
    documents: f64,
    fixed: u64,
}

fn simulate(fields: u32, difference: f64, runs: usize) -> Figures {
    let mut dice = Dice(7 + u64::from(fields));
    let weights = Weights::new(std::iter::repeat_n(1.0 / DOCUMENTS as f64, DOCUMENTS));
    let times: Vec<usize> = (1..=DOCUMENTS).collect();
    let (mut wrong, mut decided, mut early, mut documents, mut fixed) = (0, 0, 0, 0, 0.0);
    for _ in 0..runs {
        let differences = dataset(&mut dice, fields, difference);
        let weighed: Vec<f64> = differences.iter().map(|it| it / DOCUMENTS as f64).collect();
        let path = weights.path(&weighed, 1, &times);
        let before_the_end = (1..).zip(&path[..DOCUMENTS - 1]);
        let looked = before_the_end.into_iter().find_map(|(after, gap)| Some((after, ruling(*gap)?)));
        let decision = looked.or_else(|| Some((DOCUMENTS, ruling(at_the_end(&differences))?)));
        decided += usize::from(decision.is_some());
        let (after, loss) = decision
            .map_or((DOCUMENTS, 0.0), |(after, is_dear)| (after, if is_dear { 0.0 } else { difference }));
        wrong += usize::from(loss > TOLERANCE + 1e-9);
        early += usize::from(after < DOCUMENTS);
        documents += after;
        let delta = if difference > 0.0 { difference } else { TOLERANCE };
        let wanted = Wanted { alpha: 0.05, power: 0.8, delta, population: None };
        fixed += required_cases(&differences, None, &wanted).n_normal.unwrap_or(0.0);
    }
    let share = |count: usize| count as f64 / runs as f64;
    Figures {
        wrong: share(wrong),
        decided: share(decided),
        early: share(early),
        documents: share(documents),
        fixed: (fixed / runs as f64).ceil() as u64,
    }
}

/// What a report says of all documents.
fn at_the_end(differences: &[f64]) -> Gap {
    // Only the difference of two scores counts: the lower one is anything that leaves both in their range.
    let case = |(number, difference): (usize, &f64)| {
        PairedCase::single(number, (-difference).max(0.0), difference.max(0.0))
    };
    let cases: Vec<PairedCase> = differences.iter().enumerate().map(case).collect();
    let pairs = PairedTasks::new(&[&cases]).expect("there are documents");
    Gap::of(&pairs, Level::P95).agreeing(pairs.compare(&Comparison::usual(1)).verdict)
}

/// Whether the dear one is recommended, if anybody is. `gap` is its score minus that of the cheap one.
fn ruling(gap: Gap) -> Option<bool> {
    let contender = |score, price| Contender { score, price: Some(price), eligible: true };
    let gaps = Gaps::new(2, |_, _| gap);
    let contenders = [contender(0.8 + gap.mean, 10.0), contender(0.8, 1.0)];
    decide(&contenders, &gaps, TOLERANCE)?.recommended().map(|pick| pick == 0)
}

/// The differences of two candidates on all documents in random order: each field is right by chance, and more often both
/// or neither than by chance alone.
fn dataset(dice: &mut Dice, fields: u32, difference: f64) -> Vec<f64> {
    let (low, high) = (0.8 - difference / 2.0, 0.8 + difference / 2.0);
    let document = |dice: &mut Dice| {
        let mut sum = 0.0;
        for _ in 0..fields {
            // Three of four fields are as hard for both.
            let both = dice.next();
            let (a, b) = if dice.next() < 0.75 { (both, both) } else { (dice.next(), dice.next()) };
            sum += f64::from(u8::from(a < high)) - f64::from(u8::from(b < low));
        }
        sum / f64::from(fields)
    };
    (0..DOCUMENTS).map(|_| document(dice)).collect()
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
