//! Shows what the intervals and tests of this crate hold, on data shaped like ours.
//!
//! `cargo xtask simulate [intervals] [families] [gate] [power] [--seed N]` prints the tables of `docs/statistics.md`.
//! The same seed prints the same tables.

mod amounts;
mod draw;
mod family;
mod gate;
mod judge;
mod judged;
mod latency;
mod overall;
mod paired;
mod pairs;
mod required;
mod single;

/// Share of runs in per cent, with a mark where it leaves the band.
fn cell(share: f64, low: f64, high: f64) -> String {
    let mark = match share {
        share if share < low => " ↓",
        share if share > high => " ↑",
        _ => "",
    };
    format!("{:.1}{mark}", 100.0 * share)
}

fn row(name: &str, cells: &[String]) {
    println!("| {name} | {} |", cells.join(" | "));
}

fn header(first: &str, columns: &[String]) {
    row(first, columns);
    println!("| --- |{}", " ---: |".repeat(columns.len()));
}

fn runs_for(documents: usize) -> u64 {
    if documents <= 200 { 4_000 } else { 1_000 }
}

/// Monte-Carlo noise of `runs` at 95 %, two standard errors: what a band must forgive.
fn noise(runs: u64) -> f64 {
    2.0 * (0.95 * 0.05 / runs as f64).sqrt()
}

/// Coverage with a mark below 93 %.
fn covered(share: f64, runs: u64) -> String {
    cell(share, 0.93 - noise(runs), 1.0)
}

fn sizes(all: &[usize]) -> Vec<String> {
    all.iter().map(|size| format!("n = {size}")).collect()
}

fn intervals_of_means(seed: u64) {
    const SIZES: [usize; 7] = [8, 12, 20, 50, 200, 500, 2_000];
    println!("\n### 95 % intervals of a score: share that covers the truth, in %\n");
    let mut columns = sizes(&SIZES);
    columns.extend(["width at n = 20", "at n = 200", "plain t, n = 20"].map(str::to_owned));
    header("scores", &columns);
    for (number, shape) in single::SHAPES.iter().enumerate() {
        let mut cells = Vec::new();
        let mut extra = Vec::new();
        for size in SIZES {
            let own_seed = seed ^ ((number as u64) << 32) ^ size as u64;
            let runs = runs_for(size);
            let found = single::coverage(shape, size, runs, own_seed);
            cells.push(covered(found.printed, runs));
            if size == 20 || size == 200 {
                extra.push(format!("{:.1}", found.width));
            }
            if size == 20 {
                extra.push(format!("{:.1}", 100.0 * found.student));
            }
        }
        extra.swap(1, 2);
        cells.extend(extra);
        row(shape.name, &cells);
    }
}

fn intervals_of_overall_figures(seed: u64) {
    println!("\n### 95 % intervals over several tasks: share that covers the truth, in %\n");
    let columns = ["overall score", "width", "overall difference", "width"].map(str::to_owned);
    header("tasks", &columns);
    for (number, shape) in overall::SHAPES.iter().enumerate() {
        let runs = 2_000;
        let found = overall::coverage(shape, runs, seed ^ ((number as u64) << 24));
        let width = |width: f64| format!("{width:.1}");
        let cells = [
            covered(found.score, runs),
            width(found.score_width),
            covered(found.difference, runs),
            width(found.difference_width),
        ];
        row(shape.name, &cells);
    }
}

fn intervals_of_amounts(seed: u64) {
    const SIZES: [usize; 7] = [8, 12, 20, 50, 200, 500, 2_000];
    println!("\n### 95 % intervals of a cost per case: share that covers the truth, in %\n");
    let mut columns = sizes(&SIZES);
    columns.extend(["width at n = 20, in %", "plain t, n = 20"].map(str::to_owned));
    header("costs", &columns);
    for (number, shape) in amounts::SHAPES.iter().enumerate() {
        let found = SIZES.map(|size| {
            let runs = runs_for(size);
            (amounts::coverage(shape, size, runs, seed ^ ((number as u64) << 16) ^ size as u64), runs)
        });
        let mut cells: Vec<String> = found.iter().map(|(it, runs)| covered(it.printed, *runs)).collect();
        let at_twenty = &found[2].0;
        cells.extend([format!("{:.0}", at_twenty.width), format!("{:.1}", 100.0 * at_twenty.student)]);
        row(shape.name, &cells);
    }
    println!("\n### 95 % intervals of an overall cost: share that covers the truth, in %\n");
    header(
        "tasks, lognormal with a spread of 1; each task twice as dear as the one before",
        &["covers".to_owned()],
    );
    for (number, sizes) in amounts::TASKS.iter().enumerate() {
        let runs = 2_000;
        let found = amounts::coverage_over_tasks(sizes, runs, seed ^ ((number as u64) << 8));
        row(&format!("{sizes:?}"), &[covered(found, runs)]);
    }
}

fn intervals_of_latencies(seed: u64) {
    const SIZES: [usize; 5] = [8, 20, 80, 200, 2_000];
    println!("\n### 95 % intervals of latency quantiles: share that covers the truth, in %\n");
    let mut columns = sizes(&SIZES);
    columns.extend(["pooled repeats, n = 200", "no upper bound, n = 20"].map(str::to_owned));
    header("latencies", &columns);
    for (number, shape) in latency::SHAPES.iter().enumerate() {
        for (name, q) in [("p50", 0.5), ("p95", 0.95)] {
            let of_size = |size: usize| {
                let runs = runs_for(size).min(2_000);
                let own_seed = seed ^ ((number as u64) << 20) ^ size as u64;
                (latency::coverage(shape, q, size, runs, own_seed), runs)
            };
            let found: Vec<_> = SIZES.iter().map(|size| of_size(*size)).collect();
            let mut cells: Vec<String> =
                found.iter().map(|(found, runs)| covered(found.printed, *runs)).collect();
            cells.push(format!("{:.1}", 100.0 * found[3].0.pooled));
            cells.push(format!("{:.0}", 100.0 * found[1].0.open));
            row(&format!("{name}, {}", shape.0), &cells);
        }
    }
}

fn intervals_of_differences(seed: u64) {
    const SIZES: [usize; 7] = [8, 12, 20, 50, 200, 500, 2_000];
    let columns = sizes(&SIZES);
    println!("\n### 95 % intervals of a paired difference: share that covers the truth, in %\n");
    header("pairs", &columns);
    let mut alarms = Vec::new();
    for (number, shape) in paired::SHAPES.iter().chain(paired::LOPSIDED).enumerate() {
        for effect in [0.0, 0.05] {
            if effect > 0.0 && shape.reached <= 0.0 {
                continue;
            }
            let mut holds = Vec::new();
            let mut wrong = Vec::new();
            for size in SIZES {
                let own_seed = seed ^ ((number as u64) << 40) ^ ((effect * 100.0) as u64) << 32 ^ size as u64;
                let runs = runs_for(size);
                let found = paired::simulate(shape, effect, size, runs, own_seed);
                holds.push(covered(found.covered, runs));
                wrong.push(cell(found.better + found.worse, 0.0, 0.05 + noise(runs)));
            }
            row(&format!("{}, difference {:+.3}", shape.name, shape.truth(effect)), &holds);
            if shape.truth(effect) == 0.0 {
                alarms.push((shape.name, wrong));
            }
        }
    }
    println!("\n### False alarms between two that are alike in the mean, in % (at most 5)\n");
    header("pairs", &columns);
    for (name, wrong) in alarms {
        row(name, &wrong);
    }
}

fn families(seed: u64) {
    println!("\n### Eight equal providers: runs with at least one false alarm, in % (at most 5)\n");
    let columns = [
        "all 28 pairs, Holm",
        "baseline against 7, Holm",
        "best seen against 7, Holm over 7 (wrong)",
        "28 pairs, no correction (wrong)",
    ];
    header("scores", &columns.map(str::to_owned));
    for (name, case, per_document) in family::SHAPES {
        for documents in [12, 40, 100] {
            let runs = 1_000;
            let found = family::alarms(*case, *per_document, documents, runs, seed);
            let shares = [found.all_pairs, found.baseline, found.best_of_seen, found.uncorrected];
            let cells = shares.map(|share| cell(share, 0.0, 0.05 + noise(runs)));
            row(&format!("{name}, {documents} documents"), &cells);
        }
    }
}

fn reports(seed: u64) {
    println!(
        "\n### Reports on five tasks, providers alike: reports that call anybody better or worse, in % (at most 5)\n"
    );
    let columns = ["one family for the report", "each task for itself (wrong)"].map(str::to_owned);
    header("report", &columns);
    for (name, case, _) in &family::SHAPES[..2] {
        for (providers, cases) in [(2, 20), (2, 60), (2, 200), (4, 60), (8, 60)] {
            let runs = 1_000;
            let found = family::reports(*case, providers, cases, (0.0, true), runs, seed);
            let cells = [found.any, found.any_apart].map(|share| cell(share, 0.0, 0.05 + noise(runs)));
            row(&format!("{name}, {providers} providers, 5 × {cases} cases"), &cells);
        }
    }
    println!("\n### What one family costs: differences found, in %\n");
    let columns = ["overall", "if nothing else were asked", "first task", "if nothing else were asked"];
    header("one is better (2 and 4 providers, 5 × 60 cases)", &columns.map(str::to_owned));
    let gains = [
        ("by 4 points on all tasks", 0.04, true),
        ("by 8 points on all tasks", 0.08, true),
        ("by 16 points on the first task", 0.16, false),
    ];
    for providers in [2, 4] {
        for (name, gain, on_all) in gains {
            let found = family::reports(family::SHAPES[0].1, providers, 60, (gain, on_all), 500, seed);
            let shares = [found.overall, found.overall_alone, found.task, found.task_alone];
            row(
                &format!("yes/no, {providers} providers, {name}"),
                &shares.map(|share| format!("{:.0}", 100.0 * share)),
            );
        }
    }
}

fn gates(seed: u64) {
    const SIZES: [usize; 8] = [6, 10, 20, 30, 60, 100, 200, 1_000];
    println!("\n### The gate: regressed / exit 0 (pass or no loss found), in % of runs\n");
    header("what happened since the baseline", &sizes(&SIZES));
    for (number, shape) in gate::SHAPES.iter().enumerate() {
        let cell = |size: &usize| {
            let found = gate::outcomes(shape, *size, 2_000, seed ^ ((number as u64) << 30) ^ *size as u64);
            format!("{:.1} / {:.1}", 100.0 * found.regressed, 100.0 * found.exit_zero)
        };
        row(shape.name, &SIZES.iter().map(cell).collect::<Vec<_>>());
    }
    println!(
        "\n### The loss that `gate --explain` calls detectable with 80 % power, in points: runs that lost it and end \
         with 100 / with 0, in %\n"
    );
    header("yes/no cases", &sizes(&SIZES));
    for (name, noise) in [("nothing changes by itself", 0.0), ("10 % flip by themselves", 0.1)] {
        let cell = |size: &usize| match gate::detectable(noise, *size, 2_000, seed ^ *size as u64) {
            Some((loss, found)) => {
                let [loss, regressed, exit_zero] =
                    [loss, found.regressed, found.exit_zero].map(|share| format!("{:.1}", 100.0 * share));
                format!("{loss}: {regressed} / {exit_zero}")
            }
            None => "none".to_owned(),
        };
        row(name, &SIZES.iter().map(cell).collect::<Vec<_>>());
    }
}

fn power(seed: u64) {
    println!("\n### Power: predicted for the test / found by the test / called better, in %\n");
    const SIZES: [usize; 6] = [10, 20, 50, 200, 500, 2_000];
    header("pairs", &sizes(&SIZES));
    for (number, shape) in paired::SHAPES.iter().enumerate() {
        let calm = paired::truth(shape, 0.0, seed);
        let mut cells = Vec::new();
        for size in SIZES {
            let limit = match shape.kind {
                paired::Kind::YesNo { discordant } => 0.9 * discordant,
                paired::Kind::Steps | paired::Kind::Smooth => 0.28,
            };
            let effect = (calm.interesting(size) / shape.reached).min(limit);
            let truth = paired::truth(shape, effect, seed);
            let predicted = truth.predicted_power(shape.kind, size).expect("a positive error");
            let runs = runs_for(size).min(1_000);
            let own_seed = seed ^ ((number as u64) << 48) ^ size as u64;
            let found = paired::simulate(shape, effect, size, runs, own_seed);
            let shares = [predicted, found.found, found.better].map(|share| format!("{:.0}", 100.0 * share));
            cells.push(shares.join(" / "));
        }
        row(shape.name, &cells);
    }
}

fn promises(seed: u64) {
    const SIZES: [usize; 4] = [20, 60, 124, 400];
    println!(
        "\n### \"So many more cases settle it\": open studies that are told a number / of these settled by it, in % (median)\n"
    );
    header("pairs", &sizes(&SIZES));
    for (number, shape) in required::SHAPES.iter().enumerate() {
        let cell = |cases: usize| {
            let found = required::promises(shape, cases, 400, seed ^ ((number as u64) << 12) ^ cases as u64);
            match (found.open, found.told) {
                (open, _) if open < 0.025 => "settled".to_owned(),
                (_, told) if told < 0.025 => "none".to_owned(),
                (_, told) => format!("{:.0} / {:.0} ({})", 100.0 * told, 100.0 * found.kept, found.cases),
            }
        };
        row(shape.name, &SIZES.map(cell));
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let seed = words.iter().position(|word| word == "--seed").and_then(|at| words.get(at + 1));
    let seed = seed.and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    let tables: Vec<&str> = ["intervals", "costs", "families", "gate", "power", "required", "judge"]
        .into_iter()
        .filter(|table| words.iter().any(|word| word == table))
        .collect();
    let wants = |table: &str| tables.is_empty() || tables.contains(&table);
    println!("Seed {seed}. ↓ marks coverage below 93 and ↑ alarms above 5 by more than");
    println!("the noise of the simulation (4,000 runs up to n = 200, then 1,000); n = documents.");
    if wants("intervals") {
        intervals_of_overall_figures(seed);
        intervals_of_means(seed);
        intervals_of_differences(seed);
        intervals_of_latencies(seed);
    }
    if wants("costs") {
        intervals_of_amounts(seed);
    }
    if wants("families") {
        families(seed);
        reports(seed);
    }
    if wants("gate") {
        gates(seed);
    }
    if wants("power") {
        power(seed);
    }
    if wants("required") {
        promises(seed);
    }
    if wants("judge") {
        judged::judges(seed);
    }
}
