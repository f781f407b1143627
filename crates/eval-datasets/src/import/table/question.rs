//! What only a person knows of a column: asked, and said.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::date::{self, DateOrder};
use super::number::{self, Mark};

/// A cell, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub line: usize,
    pub cell: String,
}

/// What a person has to say before a column can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The column, or the place in the labels.
    pub column: String,
    /// A cell that can be read in several ways, and its line.
    pub cell: String,
    /// From 1.
    pub line: usize,
    /// The ways.
    pub choice: Choice,
}

/// The ways to read a cell, each with what it would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Which of day, month and year stands first.
    DateOrder(Vec<(DateOrder, String)>),
    /// Which mark separates decimals.
    Mark(Vec<(Mark, Value)>),
}

pub(super) fn ask_mark(name: &str, odd: &Seen) -> Question {
    let number = number::read(&odd.cell);
    let by = |mark| Some((mark, number.as_ref()?.by(mark)?.clone()));
    let ways = [Mark::Point, Mark::Comma].into_iter().filter_map(by).collect();
    Question { column: name.to_owned(), cell: odd.cell.clone(), line: odd.line, choice: Choice::Mark(ways) }
}

pub(super) fn ask_order(name: &str, odd: &Seen) -> Question {
    let date = date::read(&odd.cell);
    let by = |order| Some((order, date.as_ref()?.by(order)?.to_owned()));
    let ways = DateOrder::ALL.into_iter().filter_map(by).collect();
    Question {
        column: name.to_owned(),
        cell: odd.cell.clone(),
        line: odd.line,
        choice: Choice::DateOrder(ways),
    }
}

/// What a person said about columns; the empty name stands for all.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub orders: BTreeMap<String, DateOrder>,
    pub marks: BTreeMap<String, Mark>,
    /// The columns that are kept as text.
    pub texts: BTreeSet<String>,
    /// What the other columns of the file say, if they agree.
    pub usual_mark: Option<Mark>,
}

impl Said {
    pub fn order(&self, name: &str) -> Option<DateOrder> {
        self.orders.get(name).or_else(|| self.orders.get("")).copied()
    }

    pub fn mark(&self, name: &str) -> Option<Mark> {
        self.marks.get(name).or_else(|| self.marks.get("")).copied()
    }
}
