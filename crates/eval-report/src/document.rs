//! What a report says, without saying how it looks. All text is raw: each format escapes it.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
    Unsure,
}

#[derive(Debug, Serialize)]
pub(crate) struct Document {
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
    Command(String),
    Table(Table),
    /// Our own, safe drawing; formats without pictures leave it out.
    Drawing(String),
}

/// Columns stand in the order of their importance: a narrow terminal leaves out the last ones.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) headers: Vec<&'static str>,
    pub(crate) rows: Vec<Line>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) cells: Vec<Cell>,
    pub(crate) tone: Tone,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// What to sort by, for numbers.
    pub(crate) number: Option<f64>,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: None }
    }

    /// A number in its printed form; nothing for an unknown one.
    pub(crate) fn number(value: Option<f64>, print: impl Fn(f64) -> String) -> Self {
        Self { text: value.map_or_else(|| "–".to_owned(), print), number: value }
    }

    pub(crate) fn count(count: u64) -> Self {
        Self { text: count.to_string(), number: Some(count as f64) }
    }
}

impl Line {
    pub(crate) fn plain(cells: Vec<Cell>) -> Self {
        Self { cells, tone: Tone::Plain }
    }
}

impl Table {
    /// Whether a column holds numbers, which stand on the right.
    pub(crate) fn is_numeric(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row.cells[column].number.is_some())
    }
}

impl Section {
    pub(crate) fn open(title: impl Into<String>) -> Self {
        Self { title: title.into(), folded: false, blocks: Vec::new() }
    }

    pub(crate) fn folded(title: impl Into<String>) -> Self {
        Self { folded: true, ..Self::open(title) }
    }

    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(Tone::Plain, text.into()));
    }

    pub(crate) fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.blocks.push(Block::Items(items));
        }
    }

    pub(crate) fn table(&mut self, title: impl Into<String>, headers: &[&'static str], rows: Vec<Line>) {
        if !rows.is_empty() {
            let headers = headers.to_vec();
            self.blocks.push(Block::Table(Table { title: title.into(), headers, rows }));
        }
    }
}
