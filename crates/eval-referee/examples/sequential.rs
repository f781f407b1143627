//! How often a run that ends when it is decided decides wrongly, and how many cases it needs: `cargo xtask simulate until-decided`.
//!
//! Two candidates on 300 documents that are drawn from many more like them. The better one is ten times as dear, one point
//! may be given up for the lower cost, and somebody looks after every document. What is not decided by the end is judged as
//! in any report.

use eval_record::About;
use eval_referee::race::Weights;
use eval_referee::{Expected, expected};
use eval_statistics::{Comparison, Level, Moments, PairedCase, PairedTasks};
use eval_summary::decide::{Contender, Gap, Gaps, decide};

const DOCUMENTS: usize = 300;
const TOLERANCE: f64 = 0.01;

fn main() {
    let runs = std::env::args().skip_while(|word| word != "--runs").nth(1);
    let runs: usize = runs.and_then(|runs| runs.parse().ok()).unwrap_or(400);
    for (about, name) in [
        (About::DocumentsLikeThese, "documents like these"),
        (About::TheseDocuments, "these documents alone"),
    ] {
        println!("About {name}, {runs} runs a row:\n");
        println!(
            "| scores | true difference | wrong about documents like these | wrong about these documents | decided | \
             of these early | documents asked, of {DOCUMENTS} | fixed number | looks without end |"
        );
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (name, fields) in [("right or wrong", 1), ("share of ten fields", 10)] {
            for points in [0.0, 1.1, 2.0, 5.0, 10.0, 20.0] {
                let figures = simulate(about, fields, points / 100.0, runs);
                println!("| {name} | {points} points | {} |", figures.text(runs));
            }
        }
        println!();
    }
}

/// What came of all runs.
#[derive(Default)]
struct Figures {
    wrong: usize,
    wrong_here: usize,
    decided: usize,
    early: usize,
    documents: usize,
    /// How far the true difference is from the tolerance, and the sum of how much differences spread.
    beyond: f64,
    spread: f64,
}

impl Figures {
    fn text(&self, runs: usize) -> String {
        let share = |count: usize| 100.0 * count as f64 / runs as f64;
        let Expected { fixed, looks } = expected(self.beyond, self.spread / runs as f64);
        format!(
            "{:.1}% | {:.1}% | {:.0}% | {:.0}% | {:.0} | {fixed} | {looks}",
            share(self.wrong),
            share(self.wrong_here),
            share(self.decided),
            share(self.early),
            self.documents as f64 / runs as f64
        )
    }
}

fn simulate(about: About, fields: u32, difference: f64, runs: usize) -> Figures {
    let mut dice = Dice(7 + u64::from(fields));
    let weights = Weights::new(std::iter::repeat_n(1.0 / DOCUMENTS as f64, DOCUMENTS));
    let weights = weights.right_or_wrong(fields == 1).about(about);
    let mut figures = Figures { beyond: (difference - TOLERANCE).abs(), ..Figures::default() };
    for _ in 0..runs {
        let differences = dataset(&mut dice, fields, difference);
        let moments: Moments = differences.iter().copied().collect();
        figures.spread += moments.deviation().unwrap_or(0.0);
        let Some((after, is_dear)) = first_decision(&weights, &differences, about) else {
            figures.documents += DOCUMENTS;
            continue;
        };
        // The cheap one is the right one unless it is worse by more than the tolerance; just there, both are.
        let far = |truth: f64| truth - TOLERANCE;
        let is_wrong = |truth: f64| usize::from(if is_dear { far(truth) < -1e-9 } else { far(truth) > 1e-9 });
        figures.wrong += is_wrong(difference);
        figures.wrong_here += is_wrong(moments.mean().unwrap_or(0.0));
        figures.decided += 1;
        figures.early += usize::from(after < DOCUMENTS);
        figures.documents += after;
    }
    figures
}

/// After how many documents it is decided, and whether for the dear one.
fn first_decision(weights: &Weights, differences: &[f64], about: About) -> Option<(usize, bool)> {
    let weighed: Vec<f64> = differences.iter().map(|it| it / DOCUMENTS as f64).collect();
    let times: Vec<usize> = (1..=DOCUMENTS).collect();
    let path = weights.path(&weighed, 1, &times);
    let (last, before_the_end) = path.split_last()?;
    let looked = (1..).zip(before_the_end).find_map(|(after, gap)| Some((after, ruling(*gap)?)));
    let at_the_end = || match about {
        About::DocumentsLikeThese => ruling(reported(differences)),
        About::TheseDocuments => ruling(*last),
    };
    looked.or_else(|| Some((DOCUMENTS, at_the_end()?)))
}

/// What a report says of all documents.
fn reported(differences: &[f64]) -> Gap {
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
    let contender = |score, price| Contender { score, price: Some(price), eligible: true, meets: true };
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
