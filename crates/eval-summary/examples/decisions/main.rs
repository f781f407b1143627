//! Shows what verdicts, reports and gates keep, on data whose truth is known.
//!
//! `cargo xtask simulate [verdict] [minimum] [promises] [reports] [checks] [--seed N] [--long]` prints the tables of
//! `docs/statistics.md`. The same seed prints the same tables; `--long` draws five times as many studies.

mod gate;
mod promise;
mod report;
mod study;
mod verdict;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let seed = words.iter().position(|word| word == "--seed").and_then(|at| words.get(at + 1));
    let seed = seed.and_then(|seed| seed.parse().ok()).unwrap_or(20_261_128);
    let times = if words.iter().any(|word| word == "--long") { 5 } else { 1 };
    let named = ["verdict", "minimum", "promises", "reports", "checks"];
    let all = !named.iter().any(|name| words.iter().any(|word| word == name));
    let wants = |name: &str| all || words.iter().any(|word| word == name);
    println!("Seed {seed}.");
    if wants("verdict") {
        verdict::print(200 * times, seed);
    }
    if wants("minimum") {
        verdict::print_minimum(200 * times, seed);
    }
    if wants("promises") {
        promise::print(200 * times, seed);
    }
    if wants("reports") {
        report::print(200 * times, seed);
    }
    if wants("checks") {
        gate::print(400 * times, seed);
    }
}
