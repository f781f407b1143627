//! What a report says, without saying how it looks. All text is raw: each format escapes it.

mod table;

use serde::Serialize;

pub(crate) use table::{Cell, Column, Line, Table};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
    Unsure,
}

#[derive(Debug, Serialize)]
pub struct Document {
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) headline: String,
    pub(crate) tone: Tone,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) title: String,
    /// Whether Markdown folds it.
    pub(crate) folded: bool,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "value")]
pub(crate) enum Block {
    Text(Tone, String),
    Items(Vec<String>),
    /// Statements under the name of what they are about.
    Facts(Vec<Fact>),
    /// Small print.
    Notes(Vec<String>),
    Command(String),
    Table(Table),
    /// SVG that this crate made; formats without pictures leave it out.
    Drawing(String),
    /// A part that a page folds; folds are not nested.
    Fold(Section),
}

#[derive(Debug, Serialize)]
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// Whether it is a drawing, which formats without pictures leave out.
    pub(crate) fn is_drawing(&self) -> bool {
        match self {
            Self::Drawing(_) => true,
            Self::Fold(section) => section.is_drawn(),
            _ => false,
        }
    }
}

impl Section {
    pub(crate) fn open(title: impl Into<String>) -> Self {
        Self { title: title.into(), folded: false, blocks: Vec::new() }
    }

    pub(crate) fn folded(title: impl Into<String>) -> Self {
        Self { folded: true, ..Self::open(title) }
    }

    /// Whether it holds nothing but drawings.
    pub(crate) fn is_drawn(&self) -> bool {
        self.blocks.iter().all(Block::is_drawing)
    }

    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(Tone::Plain, text.into()));
    }

    pub(crate) fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.blocks.push(Block::Items(items));
        }
    }

    pub(crate) fn facts(&mut self, facts: Vec<(&'static str, Vec<String>)>) {
        let told = facts.into_iter().filter(|(_, lines)| !lines.is_empty());
        let facts: Vec<Fact> = told.map(|(name, lines)| Fact { name, lines }).collect();
        if !facts.is_empty() {
            self.blocks.push(Block::Facts(facts));
        }
    }

    pub(crate) fn note(&mut self, notes: Vec<String>) {
        if !notes.is_empty() {
            self.blocks.push(Block::Notes(notes));
        }
    }

    pub(crate) fn fold(&mut self, section: Section) {
        if !section.blocks.is_empty() {
            self.blocks.push(Block::Fold(section));
        }
    }

    /// A table; nothing without rows.
    pub(crate) fn table(&mut self, title: impl Into<String>, columns: &[Column], rows: Vec<Line>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table(Table::new(title.into(), columns.to_vec(), rows)));
        }
    }

    /// A table of which a page folds the rows with fewer than `least` in a column.
    pub(crate) fn folding_table(
        &mut self,
        title: impl Into<String>,
        columns: &[Column],
        rows: Vec<Line>,
        least: (usize, f64),
    ) {
        if !rows.is_empty() {
            let table = Table::new(title.into(), columns.to_vec(), rows);
            self.blocks.push(Block::Table(Table { minor: Some(least), ..table }));
        }
    }

    /// A table with all its columns, also where there is little room.
    pub(crate) fn whole_table(&mut self, title: impl Into<String>, columns: &[Column], rows: Vec<Line>) {
        if !rows.is_empty() {
            let table = Table::new(title.into(), columns.to_vec(), rows);
            self.blocks.push(Block::Table(Table { whole: true, ..table }));
        }
    }
}
