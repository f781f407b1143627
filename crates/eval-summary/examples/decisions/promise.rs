//! Does the promised number of further cases settle the choice?

use eval_statistics::SplitMix64;
use eval_summary::decide::outlook;

use crate::study::{Kind, Setting};

const SIZES: [usize; 4] = [20, 60, 124, 500];

/// By how much the cheap candidate is better than the dear one, in points.
const GAINS: [f64; 9] = [8.0, 5.0, 2.0, 0.0, -1.0, -2.0, -4.0, -6.0, -12.0];

#[derive(Default)]
struct Found {
    open: u64,
    promised: u64,
    kept: u64,
    cases: Vec<u64>,
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
        let Some(more) = outlook.and_then(|outlook| outlook.high) else { continue };
        found.promised += 1;
        found.cases.push(more);
        drawn.extend(more as usize, &mut stream);
        found.kept += u64::from(drawn.ruling().recommended().is_some());
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
        "{studies} studies for each figure: in % of the open ones, those with an upper number / in % of those,"
    );
    println!("settled by so many cases (median).\n");
    let columns: Vec<String> = SIZES.iter().map(|size| format!("n = {size}")).collect();
    println!("| candidates | {} |", columns.join(" | "));
    println!("| --- |{}", " ---: |".repeat(columns.len()));
    let (mut promised, mut kept) = (0_u64, 0_u64);
    for (number, setting) in settings().iter().enumerate() {
        let cell = |(at, cases): (usize, &usize)| {
            let found = simulate(setting, *cases, studies, seed ^ (number as u64) << 32 ^ (at as u64) << 16);
            promised += found.promised;
            kept += found.kept;
            if found.promised == 0 {
                return format!("0 of {}", found.open);
            }
            let share = |count: u64, of: u64| 100.0 * count as f64 / of as f64;
            let median = found.cases[found.cases.len() / 2];
            format!(
                "{:.0} of {} / {:.0} ({median})",
                share(found.promised, found.open),
                found.open,
                share(found.kept, found.promised)
            )
        };
        let cells: Vec<String> = SIZES.iter().enumerate().map(cell).collect();
        println!("| {} | {} |", setting.name, cells.join(" | "));
    }
    println!("\nOf all {promised} promises {:.0} % were kept.", 100.0 * kept as f64 / promised.max(1) as f64);
}
