//! From the models to documents.

mod against;
mod board;
mod differences;
mod failings;
mod gate;
mod history;
mod trust;
mod verdict;

use eval_summary::Summary;

pub(crate) use against::comparison;
pub(crate) use gate::{explanation, gate};
pub(crate) use history::history;
pub use verdict::headline;

use crate::document::{Document, Section};
use crate::figures::minute;

pub(crate) fn summary(summary: &Summary) -> Document {
    let mut sections = vec![verdict::section(summary), board::section(summary)];
    sections.push(differences::section(summary));
    if let Some(earlier) = &summary.against_baseline {
        let mut section = Section::open(format!("Against {}", earlier.name));
        against::push(&mut section, earlier);
        sections.push(section);
    }
    sections.push(failings::section(summary));
    sections.push(trust::section(summary));
    let cases: u64 = summary.datasets.iter().map(|dataset| dataset.cases).sum();
    Document {
        title: format!("vision-eval · {}", summary.run.name),
        about: format!(
            "{} · {} case{}, {} provider{}, {} repeat{} · {}",
            minute(&summary.run.started) + " UTC",
            cases,
            plural(cases),
            summary.providers.len(),
            plural(summary.providers.len() as u64),
            summary.run.repeats,
            plural(summary.run.repeats.into()),
            program(&summary.run.tool),
        ),
        headline: verdict::headline(&summary.verdict),
        tone: verdict::tone(&summary.verdict),
        sections,
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Older records hold the bare version.
fn program(tool: &str) -> String {
    if tool.starts_with(|one: char| one.is_ascii_digit()) {
        format!("vision-eval {tool}")
    } else {
        tool.to_owned()
    }
}
