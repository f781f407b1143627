//! `cargo xtask VERB`: starts the command line of this workspace, or cargo, and links nothing of ours.

mod census;
mod circles;
#[cfg(test)]
mod layering;

use std::env;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
cargo xtask eval [ARGUMENTS]      vision-eval of this workspace; bare: run the bundled evaluation
cargo xtask datasets [ARGUMENTS]  vision-eval datasets, with the generator or parquet built in
cargo xtask test                  every test
cargo xtask bench [--full]        every bench, and a table of figures with targets
cargo xtask bench --scale         a summary of 10 million trials and a studio of 10,000 documents, in target/scale
cargo xtask bench --workers       the tables of docs/workers.md, over a NATS server from PyPI
cargo xtask simulate [TABLES] [--seed N] [--long]  the tables of docs/statistics.md: intervals, costs, families, gate,
                                  power, required, judge; verdict, minimum, promises, reports, checks
cargo xtask simulate decide [promise] [cascade] [labels]  promises, chains, audits: the tables of docs/decide.md
cargo xtask simulate until-decided [--runs N]  the table of docs/stop-when-decided.md
cargo xtask conformance           the conformance rules that each provider passes
cargo xtask census                whether each provider crate has all that it must have
cargo xtask ci                    what CI checks, without the browser";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (verb, rest) = match arguments.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match verb {
        "eval" => cargo(&["run", "--quiet", "--package", "vision-eval", "--"], rest),
        "datasets" => {
            // Each brings much that the other does not need.
            let is_generate = rest.first().is_some_and(|verb| verb == "generate");
            let features = if is_generate { "vision-eval/generate" } else { "vision-eval/parquet" };
            cargo(
                &["run", "--quiet", "--package", "vision-eval", "--features", features, "--", "datasets"],
                rest,
            )
        }
        "test" => cargo(&["test", "--workspace"], rest),
        "bench" => bench(rest),
        "simulate" => simulate(rest),
        "conformance" => conformance(),
        "census" => census::check(),
        "ci" => ci(),
        "help" | "-h" | "--help" => {
            println!("{USAGE}");
            Ok(())
        }
        other => {
            eprintln!("there is no `{other}`\n\n{USAGE}");
            Err(2)
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(code) => ExitCode::from(code),
    }
}

/// Runs cargo; its exit code is ours.
fn cargo(words: &[&str], rest: &[String]) -> Result<(), u8> {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program).args(words).args(rest).status().map_err(|error| {
        eprintln!("cannot start cargo: {error}");
        1_u8
    })?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(u8::try_from(code).unwrap_or(1)),
        None => Err(1),
    }
}

/// The small benches first: the last one prints their figures, too. Other arguments than these are for `cargo bench`.
fn bench(rest: &[String]) -> Result<(), u8> {
    const BENCH: [&str; 3] = ["bench", "--package", "benches"];
    const SMALL: [&str; 6] = ["golden", "metrics", "statistics", "wire", "ocr", "report"];
    const WORKERS: [&str; 8] =
        ["test", "--release", "--package", "vision-eval", "--features", "workers", "--test", "workers"];
    if rest == ["--workers"] {
        return cargo(
            &WORKERS,
            &["--", "--ignored", "--nocapture", "--test-threads=1", "scale_"].map(str::to_owned),
        );
    }
    if rest == ["--scale"] {
        return scale();
    }
    let full = rest == ["--full"];
    if !(rest.is_empty() || full) {
        return cargo(&BENCH, rest);
    }
    let small = SMALL.into_iter().flat_map(|name| ["--bench", name]);
    cargo(&BENCH.into_iter().chain(small).collect::<Vec<_>>(), &[])?;
    let large = ["--bench", "run"].into_iter().chain(full.then_some(["--", "--full"]).into_iter().flatten());
    cargo(&BENCH.into_iter().chain(large).collect::<Vec<_>>(), &[])
}

/// What takes long and much room on the disk: ten million trials summarised, ten thousand documents labeled.
fn scale() -> Result<(), u8> {
    const RELEASE: [&str; 4] = ["run", "--quiet", "--release", "--package"];
    const TRIALS: [&str; 7] =
        ["eval-summary", "--example", "many", "--", "target/scale/trials", "10000000", "2"];
    const DOCUMENTS: [&str; 6] =
        ["eval-studio", "--example", "large_folder", "--", "target/scale/studio", "10000"];
    cargo(&RELEASE.into_iter().chain(TRIALS).collect::<Vec<_>>(), &[])?;
    cargo(&RELEASE.into_iter().chain(DOCUMENTS).collect::<Vec<_>>(), &[])
}

/// The simulations behind the statistics: those of figures, and those of verdicts, reports and gates.
fn simulate(rest: &[String]) -> Result<(), u8> {
    const FIGURES: [&str; 7] =
        ["run", "--quiet", "--release", "--package", "eval-statistics", "--example", "simulate"];
    const DECISIONS: [&str; 7] =
        ["run", "--quiet", "--release", "--package", "eval-summary", "--example", "decisions"];
    const DECIDE: [&str; 8] =
        ["run", "--quiet", "--release", "--package", "eval-decide", "--example", "decide", "--"];
    const OF_DECISIONS: [&str; 5] = ["verdict", "minimum", "promises", "reports", "checks"];
    const OF_FIGURES: [&str; 7] = ["intervals", "costs", "families", "gate", "power", "required", "judge"];
    if let Some((_, tables)) = rest.split_first().filter(|(first, _)| *first == "decide") {
        return cargo(&DECIDE, tables);
    }
    if let [name, rest @ ..] = rest
        && name == "until-decided"
    {
        const SEQUENTIAL: [&str; 8] =
            ["run", "--quiet", "--release", "--package", "eval-referee", "--example", "sequential", "--"];
        return cargo(&SEQUENTIAL, rest);
    }
    let asked = |tables: &[&str]| rest.iter().any(|word| tables.contains(&word.as_str()));
    let everything = !asked(&OF_FIGURES) && !asked(&OF_DECISIONS);
    for (program, tables) in [(FIGURES, &OF_FIGURES[..]), (DECISIONS, &OF_DECISIONS[..])] {
        if everything || asked(tables) {
            cargo(&program.into_iter().chain(["--"]).collect::<Vec<_>>(), rest)?;
        }
    }
    Ok(())
}

/// Runs the shared suite of each provider; every rule is a line.
fn conformance() -> Result<(), u8> {
    for provider in census::providers().map_err(|message| {
        eprintln!("{message}");
        1_u8
    })? {
        if provider.has_suite() {
            println!("\n{}", provider.name);
            cargo(
                &[
                    "test",
                    "--quiet",
                    "--package",
                    &provider.name,
                    "--test",
                    "conformance",
                    "--",
                    "--format=pretty",
                ],
                &[],
            )?;
        }
    }
    Ok(())
}

/// What `.ci/run` checks, without the browser.
fn ci() -> Result<(), u8> {
    cargo(&["fmt", "--all", "--check"], &[])?;
    census::check()?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])?;
    cargo(&["test", "--workspace"], &[])?;
    cargo(&["doc", "--workspace", "--no-deps"], &[])?;
    cargo(
        &[
            "run",
            "--quiet",
            "--package",
            "vision-eval",
            "--",
            "run",
            "--no-progress",
            "--baseline",
            "default",
        ],
        &[],
    )
}
