//! The simulations behind decisions: `decide [promise] [cascade] [labels] [--studies N]`. Tables are Markdown.
//!
//! Documents, answers and labels are made up from a seed; what is true of them is known.

mod chains;
mod doubts;
mod population;
mod promises;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let studies = arguments.iter().position(|it| it == "--studies");
    let studies = studies.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(1_000);
    let wants = |name: &str| {
        arguments.iter().any(|it| it == name)
            || arguments.iter().all(|it| it.starts_with("--") || it.parse::<u64>().is_ok())
    };
    if wants("promise") {
        promises::print(studies);
    }
    if wants("cascade") {
        chains::print(studies);
    }
    if wants("labels") {
        doubts::print(studies / 100);
    }
}
