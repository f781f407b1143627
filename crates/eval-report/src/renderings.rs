use eval_summary::{GateExplanation, GateReport, History, RunComparison, Summary};
use serde::Serialize;

use crate::document::Document;
use crate::terminal::Look;
use crate::{contents, escape, html};

/// What is printed in words: a summary, a comparison, the outcome of a gate, what a gate can see, a history.
pub trait Printed {
    /// What it says; only the functions of this crate know how that looks.
    #[doc(hidden)]
    fn document(&self) -> Document;
}

impl Printed for Summary {
    fn document(&self) -> Document {
        contents::summary(self)
    }
}

impl Printed for RunComparison {
    fn document(&self) -> Document {
        contents::comparison(self)
    }
}

impl Printed for GateReport {
    fn document(&self) -> Document {
        contents::gate(self)
    }
}

impl Printed for GateExplanation {
    fn document(&self) -> Document {
        contents::explanation(self)
    }
}

impl Printed for History {
    fn document(&self) -> Document {
        contents::history(self)
    }
}

/// For a terminal.
#[must_use]
pub fn terminal(printed: &impl Printed, look: Look) -> String {
    crate::terminal::render(&printed.document(), look)
}

/// What a run prints at its end: the verdict and the first rows of the leaderboard, in at most 25 lines.
#[must_use]
pub fn terminal_brief(summary: &Summary, look: Look) -> String {
    crate::terminal::render(&contents::brief(summary), look)
}

/// For a step summary or a file.
#[must_use]
pub fn markdown(printed: &impl Printed) -> String {
    crate::markdown::render(&printed.document())
}

/// For a comment on a pull request: never longer than GitHub takes, with a hidden first line by which a workflow finds
/// the comment of this name and updates it in place.
#[must_use]
pub fn comment(printed: &impl Printed, name: &str) -> String {
    crate::markdown::comment(&printed.document(), name)
}

/// The model itself.
#[must_use]
pub fn json(model: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(model).expect("our models are plain data");
    text.push('\n');
    escape::json(&text)
}

/// A history as one self-contained page.
#[must_use]
pub fn history_html(history: &History) -> String {
    html::render(&contents::history(history), None)
}
