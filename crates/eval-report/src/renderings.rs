use eval_summary::{GateExplanation, GateReport, History, RunComparison, Summary};
use serde::Serialize;

use crate::terminal::Look;
use crate::{contents, escape, html};

/// The summary for a terminal.
#[must_use]
pub fn terminal(summary: &Summary, look: Look) -> String {
    crate::terminal::render(&contents::summary(summary), look)
}

/// What a run prints at its end: the verdict and the first rows of the leaderboard, in at most 25 lines.
#[must_use]
pub fn terminal_brief(summary: &Summary, look: Look) -> String {
    crate::terminal::render(&contents::brief(summary), look)
}

/// The summary for a pull request or a step summary.
#[must_use]
pub fn markdown(summary: &Summary) -> String {
    crate::markdown::render(&contents::summary(summary))
}

/// A summary, a comparison, the outcome of a gate or a history itself.
#[must_use]
pub fn json(model: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(model).expect("our models are plain data");
    text.push('\n');
    escape::json(&text)
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

/// A comparison as one self-contained page.
#[must_use]
pub fn compare_html(comparison: &RunComparison) -> String {
    html::render(&contents::comparison(comparison), None)
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

/// What a gate can see, for a terminal.
#[must_use]
pub fn gate_explanation_terminal(explanation: &GateExplanation, look: Look) -> String {
    crate::terminal::render(&contents::explanation(explanation), look)
}

/// What a gate can see, for a pull request.
#[must_use]
pub fn gate_explanation_markdown(explanation: &GateExplanation) -> String {
    crate::markdown::render(&contents::explanation(explanation))
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
    html::render(&contents::history(history), None)
}
