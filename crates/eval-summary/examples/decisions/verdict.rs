//! How often is a recommendation wrong, and how often is a dearer one of equals recommended?

use eval_statistics::SplitMix64;

use crate::study::{Kind, Setting};

const SIZES: [usize; 4] = [20, 100, 500, 2_000];

/// Shares of studies.
#[derive(Default)]
struct Found {
    settled: u64,
    /// Recommended, and worse than the best by more than the tolerance.
    wrong: u64,
    /// Recommended, although a cheaper one is worse by no more than the tolerance and meets the minimum, or is as good.
    dearer: u64,
    /// Recommended, and below the minimum.
    below: u64,
}

fn simulate(setting: &Setting, cases: usize, studies: u64, seed: u64) -> Found {
    let mut stream = SplitMix64::new(seed);
    let mut found = Found::default();
    for _ in 0..studies {
        let setting = &setting.with_truth(&mut stream);
        if let Some(recommended) = setting.draw(cases, &mut stream).recommended() {
            found.settled += 1;
            found.wrong += u64::from(setting.loss(recommended) > setting.tolerance + 1e-9);
            let (truth, price) =
                (|one: usize| setting.candidates[one].0, |one: usize| setting.candidates[one].1);
            let is_good_enough = |one: usize| {
                setting.loss(one) <= setting.tolerance + 1e-9 && truth(one) >= setting.minimum - 1e-9
            };
            let cheaper = |one: usize| {
                price(one) < price(recommended) && (is_good_enough(one) || truth(one) >= truth(recommended))
            };
            found.below += u64::from(truth(recommended) < setting.minimum - 1e-9);
            found.dearer += u64::from((0..setting.candidates.len()).any(cheaper));
        }
    }
    found
}

fn settings() -> Vec<Setting> {
    let mut settings = Vec::new();
    for (kind, best) in [(Kind::YesNo, 0.9), (Kind::Graded, 0.94)] {
        let eight = |worse: f64| {
            (0..8).map(|at| (if at < 4 { best - worse } else { best }, 1.0 + f64::from(at))).collect()
        };
        settings.extend([
            Setting::new("2 equal, one 10 × dearer", kind, vec![(best, 10.0), (best, 1.0)]),
            Setting::new("2, the dear one 0.5 points better", kind, vec![(best, 10.0), (best - 0.005, 1.0)]),
            Setting::new("2, the dear one 1.1 points better", kind, vec![(best, 10.0), (best - 0.011, 1.0)]),
            Setting::new("2, the dear one 5 points better", kind, vec![(best, 10.0), (best - 0.05, 1.0)]),
            Setting::new("2, the cheap one 5 points better", kind, vec![(best, 1.0), (best - 0.05, 10.0)]),
            Setting {
                spread: 0.035,
                ..Setting::new("2, of different quality in each study", kind, vec![(best, 10.0), (best, 1.0)])
            },
            Setting::new("8 equal, each dearer", kind, eight(0.0)),
            Setting::new("8, the cheap half 1.1 points worse", kind, eight(0.011)),
            Setting::new("8, the cheap half 10 points worse", kind, eight(0.1)),
            Setting::new(
                "8, one 5 points ahead of the rest",
                kind,
                (0..8).map(|at| (if at == 3 { best } else { best - 0.05 }, 1.0 + f64::from(at))).collect(),
            ),
        ]);
    }
    settings
}

/// The same where a minimum score of 90 points is asked for.
fn with_a_minimum() -> Vec<Setting> {
    let mut settings = Vec::new();
    for kind in [Kind::YesNo, Kind::Graded] {
        let of = |name: &str, candidates: Vec<(f64, f64)>| Setting {
            minimum: 0.9,
            ..Setting::new(name, kind, candidates)
        };
        settings.extend([
            of("1 alone, at the minimum", vec![(0.9, 1.0)]),
            of("1 alone, 1 point below it", vec![(0.89, 1.0)]),
            of("1 alone, 4 points above it", vec![(0.94, 1.0)]),
            of("2 equal, one 10 × dearer, at the minimum", vec![(0.9, 10.0), (0.9, 1.0)]),
            of("2 equal, one 10 × dearer, 1 point below it", vec![(0.89, 10.0), (0.89, 1.0)]),
            of("2 equal, one 10 × dearer, 4 points above it", vec![(0.94, 10.0), (0.94, 1.0)]),
            of("2, the cheap one 1 point below it, the dear one 4 above", vec![(0.94, 10.0), (0.89, 1.0)]),
            of("8 equal, each dearer, at the minimum", (0..8).map(|at| (0.9, 1.0 + f64::from(at))).collect()),
        ]);
    }
    settings
}

/// Prints the table.
pub fn print(studies: u64, seed: u64) {
    println!("\n### The verdict: recommendations and mistakes, in % of studies\n");
    println!(
        "{studies} studies for each figure (a quarter with eight candidates at n = 2,000), tolerance 1 point:"
    );
    println!(
        "a candidate is recommended / is worse than the best by more than the tolerance / is dearer than one"
    );
    println!("that is good enough.\n");
    print_table(&settings(), studies, seed, |share, found| {
        format!("{:.0} / {:.1} / {:.1}", share(found.settled), share(found.wrong), share(found.dearer))
    });
}

/// Prints the table of a minimum score.
pub fn print_minimum(studies: u64, seed: u64) {
    println!(
        "\n### The verdict with a minimum score of 90 %: recommendations and mistakes, in % of studies\n"
    );
    println!(
        "{studies} studies for each figure, as above: a candidate is recommended / is below the minimum / is dearer than one that is as good, or good"
    );
    println!("enough.\n");
    print_table(&with_a_minimum(), studies, seed ^ 1 << 48, |share, found| {
        format!("{:.0} / {:.1} / {:.1}", share(found.settled), share(found.below), share(found.dearer))
    });
}

fn print_table(
    settings: &[Setting],
    studies: u64,
    seed: u64,
    text: impl Fn(&dyn Fn(u64) -> f64, &Found) -> String,
) {
    let columns: Vec<String> = SIZES.iter().map(|size| format!("n = {size}")).collect();
    println!("| candidates | scores | {} |", columns.join(" | "));
    println!("| --- | --- |{}", " --- |".repeat(columns.len()));
    for (number, setting) in settings.iter().enumerate() {
        let cell = |(at, cases): (usize, &usize)| {
            let studies = if *cases > 500 && setting.candidates.len() > 2 { studies / 4 } else { studies };
            let found = simulate(setting, *cases, studies, seed ^ (number as u64) << 32 ^ (at as u64) << 16);
            let share = |count: u64| 100.0 * count as f64 / studies as f64;
            text(&share, &found)
        };
        let cells: Vec<String> = SIZES.iter().enumerate().map(cell).collect();
        println!("| {} | {} | {} |", setting.name, setting.kind.name(), cells.join(" | "));
    }
}
