use eval_summary::{GateReport, History, RunComparison, Summary};

use crate::terminal::Look;
use crate::{contents, html};

/// The summary for a terminal.
#[must_use]
pub fn terminal(summary: &Summary, look: Look) -> String {
    crate::terminal::render(&contents::summary(summary), look)
}

/// The summary for a pull request or a step summary.
#[must_use]
pub fn markdown(summary: &Summary) -> String {
    crate::markdown::render(&contents::summary(summary))
}

/// The summary itself.
#[must_use]
pub fn json(summary: &Summary) -> String {
    let mut text = serde_json::to_string_pretty(summary).expect("a summary is plain data");
    text.push('\n');
    text
}

/// A comparison for a terminal.
#[must_use]
pub fn compare_terminal(comparison: &RunComparison, look: Look) -> String {
    crate::terminal::render(&contents::comparison(comparison), look)
}

/// A comparison for a pull request.
#[must_use]
pub fn compare_markdown(comparison: &RunComparison) -> String {
    crate::markdown::render(&contents::comparison(comparison))
}

/// The outcome of a gate for a terminal.
#[must_use]
pub fn gate_terminal(report: &GateReport, look: Look) -> String {
    crate::terminal::render(&contents::gate(report), look)
}

/// The outcome of a gate for a pull request.
#[must_use]
pub fn gate_markdown(report: &GateReport) -> String {
    crate::markdown::render(&contents::gate(report))
}

/// A history for a terminal.
#[must_use]
pub fn history_terminal(history: &History, look: Look) -> String {
    crate::terminal::render(&contents::history(history), look)
}

/// A history for a pull request.
#[must_use]
pub fn history_markdown(history: &History) -> String {
    crate::markdown::render(&contents::history(history))
}

/// A history as one self-contained page.
#[must_use]
pub fn history_html(history: &History) -> String {
    html::page(&contents::history(history), None)
}
