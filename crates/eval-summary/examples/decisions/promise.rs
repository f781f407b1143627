//! Does the promised number of further cases settle the choice?

use eval_statistics::SplitMix64;
use eval_summary::decide::outlook;

use crate::study::{Kind, Setting};

/// The truth is as far from the tolerance as a promise asks, but for rounding.
const ROUNDING: f64 = 1e-9;

const SIZES: [usize; 4] = [20, 60, 124, 500];

/// By how much the cheap candidate is better than the dear one, in points.
const GAINS: [f64; 9] = [8.0, 5.0, 2.0, 0.0, -1.0, -2.0, -4.0, -6.0, -12.0];

#[derive(Default)]
struct Found {
    open: u64,
    /// Told a number and how far from the tolerance the truth has to be, and it is.
    promised: u64,
    kept: u64,
    cases: Vec<u64>,
    /// Told a number, but the truth is closer than was said.
    closer: u64,
    /// Settled by it all the same.
    lucky: u64,
}

impl Found {
    fn add(&mut self, other: &Self) {
        self.promised += other.promised;
        self.kept += other.kept;
        self.closer += other.closer;
        self.lucky += other.lucky;
    }
}

fn simulate(setting: &Setting, cases: usize, studies: u64, seed: u64) -> Found {
    let mut stream = SplitMix64::new(seed);
    let mut found = Found::default();
    for _ in 0..studies {
        let mut drawn = setting.draw(cases, &mut stream);
        if drawn.ruling().recommended().is_some() {
            continue;
        }
        found.open += 1;
        let outlook = outlook(&drawn.contenders(), &drawn.gaps(), setting.tolerance, cases as u64, seed);
        let Some((more, distance)) = outlook.and_then(|it| Some((it.high?, it.distance))) else { continue };
        let applies = drawn.distance() >= distance - ROUNDING;
        drawn.extend(more as usize, &mut stream);
        let settled = u64::from(drawn.ruling().recommended().is_some());
        if applies {
            found.promised += 1;
            found.kept += settled;
            found.cases.push(more);
        } else {
            found.closer += 1;
            found.lucky += settled;
        }
    }
    found.cases.sort_unstable();
    found
}

fn settings() -> Vec<Setting> {
    let mut settings = Vec::new();
    for (tolerance, candidates) in [(0.01, 2_u8), (0.05, 2), (0.01, 5)] {
        for gain in GAINS {
            let name =
                format!("{candidates}, tolerance {:.0}, the cheap one {gain:+.0} points", tolerance * 100.0);
            // The dear one is at 85 %, the cheap one by the gain above or below it, the others are dearer and worse.
            let rest = (2..candidates).map(|at| (0.85 - 0.03 * f64::from(at), 10.0 + f64::from(at)));
            let all = [(0.85, 10.0), (0.85 + gain / 100.0, 1.0)].into_iter().chain(rest).collect();
            settings.push(Setting { tolerance, ..Setting::new(&name, Kind::YesNo, all) });
        }
    }
    settings
}

/// Prints the table.
pub fn print(studies: u64, seed: u64) {
    println!(
        "\n### \"So many more cases settle the choice\": open studies that are told a number, and how often it does\n"
    );
    println!(
        "{studies} studies for each figure: in % of the open ones, those with an upper number / in % of those whose"
    );
    println!(
        "truth is as far from the tolerance as the promise asks, settled by so many cases (median). *Closer*: of"
    );
    println!("none of them it is.\n");
    let columns: Vec<String> = SIZES.iter().map(|size| format!("n = {size}")).collect();
    println!("| candidates | {} |", columns.join(" | "));
    println!("| --- |{}", " ---: |".repeat(columns.len()));
    let (mut all, mut worst) = (Found::default(), (100.0, String::new()));
    for (number, setting) in settings().iter().enumerate() {
        let mut line = Found::default();
        let cell = |(at, cases): (usize, &usize)| {
            let found = simulate(setting, *cases, studies, seed ^ (number as u64) << 32 ^ (at as u64) << 16);
            line.add(&found);
            cell(&found)
        };
        let cells: Vec<String> = SIZES.iter().enumerate().map(cell).collect();
        println!("| {} | {} |", setting.name, cells.join(" | "));
        all.add(&line);
        if line.promised > 0 && share(line.kept, line.promised) < worst.0 {
            worst = (share(line.kept, line.promised), setting.name.clone());
        }
    }
    println!(
        "\nOf all {} promises that apply {:.0} % were kept; in the worst line, *{}*, {:.0} %. Of {} whose truth is closer to",
        all.promised,
        share(all.kept, all.promised),
        worst.1,
        worst.0,
        all.closer
    );
    println!("the tolerance than they say, {:.0} % were settled.", share(all.lucky, all.closer));
}

fn cell(found: &Found) -> String {
    let told = found.promised + found.closer;
    match found.promised {
        _ if told == 0 => format!("0 of {}", found.open),
        0 => format!("{:.0} of {} / closer", share(told, found.open), found.open),
        promised => format!(
            "{:.0} of {} / {:.0} ({})",
            share(told, found.open),
            found.open,
            share(found.kept, promised),
            found.cases[found.cases.len() / 2]
        ),
    }
}

fn share(count: u64, of: u64) -> f64 {
    100.0 * count as f64 / of.max(1) as f64
}
