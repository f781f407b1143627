//! From the models to documents.

mod against;
mod automation;
mod board;
mod cascade;
mod comparison;
mod degraded;
mod differences;
mod drift;
mod failings;
mod gate;
mod history;
mod judging;
mod labels;
mod promises;
mod stopped;
mod tried;
mod trust;
mod verdict;
mod warnings;

use eval_summary::Summary;

pub(crate) use automation::{automation, signal, unattended};
pub(crate) use cascade::{cascade, chain_name};
pub(crate) use comparison::comparison;
pub use gate::gate_headline;
pub(crate) use gate::{ALL_CACHED, broke, explanation, gate, reason};
pub(crate) use history::history;
pub(crate) use judging::judging;
pub(crate) use labels::label_audit;
pub use verdict::headline;
pub(crate) use verdict::{fully_right_risk, tone};
pub use warnings::{budget_exceeded, changed_during_run, copies};

use crate::document::{Document, Section};
use crate::figures::{count, counted, minute};

/// What a run prints: the verdict and the first rows of the leaderboard.
pub(crate) fn brief(summary: &Summary) -> Document {
    document(summary, vec![verdict::brief(summary), board::brief(summary)])
}

pub(crate) fn summary(summary: &Summary) -> Document {
    let mut sections = vec![verdict::section(summary), board::section(summary)];
    sections.extend(stopped::section(summary));
    sections.extend(tried::section(summary));
    sections.extend(judging::sections(summary));
    sections.extend(degraded::section(summary));
    sections.push(differences::section(summary));
    if let Some(earlier) = &summary.against_baseline {
        let mut section = Section::open(format!("Against {}", earlier.name));
        against::push(&mut section, earlier);
        sections.push(section);
    }
    sections.push(failings::section(summary));
    sections.push(trust::section(summary));
    document(summary, sections)
}

fn document(summary: &Summary, sections: Vec<Section>) -> Document {
    Document {
        title: format!("vision-eval · {}", summary.run.name),
        about: format!(
            "{} · {}, {}, {} · {}",
            minute(&summary.run.started) + " UTC",
            cases(summary),
            counted(summary.providers.len() as u64, "provider"),
            counted(summary.run.repeats.into(), "repeat"),
            program(&summary.run.tool),
        ),
        headline: verdict::headline(&summary.verdict),
        tone: verdict::tone(&summary.verdict),
        sections,
    }
}

/// The cases of the run; those of its plan beside them where it was ended early.
fn cases(summary: &Summary) -> String {
    let planned: u64 = summary.datasets.iter().map(|dataset| dataset.cases).sum();
    let asked = summary.overall.rows.iter().map(|row| row.answers.cases).max().unwrap_or(0);
    match summary.stopped {
        Some(_) if asked < planned => format!("{} of {}", count(asked), counted(planned, "case")),
        _ => counted(planned, "case"),
    }
}

/// Older records hold the bare version.
fn program(tool: &str) -> String {
    if tool.starts_with(|one: char| one.is_ascii_digit()) {
        format!("vision-eval {tool}")
    } else {
        tool.to_owned()
    }
}
