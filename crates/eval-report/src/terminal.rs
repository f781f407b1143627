use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Modify, Padding, Style};
use unicode_width::UnicodeWidthStr;

use crate::document::{Block, Document, Section, Table, Tone};
use crate::escape;

/// How a terminal looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Its width.
    pub columns: usize,
    /// Whether to add colour. Nothing is said by colour alone.
    pub color: bool,
}

const GAP: usize = 2;
const BOLD: &str = "1";

pub(crate) fn render(document: &Document, look: Look) -> String {
    let look = Look { columns: look.columns.max(40), ..look };
    let mut out = String::new();
    push_wrapped(&mut out, &document.headline, "", look, strong(document.tone));
    if !document.about.is_empty() {
        push_wrapped(&mut out, &document.about, "", look, "2");
    }
    for section in &document.sections {
        push_section(&mut out, section, look);
    }
    out
}

fn push_section(out: &mut String, section: &Section, look: Look) {
    if section.blocks.iter().all(|block| matches!(block, Block::Drawing(_))) {
        return;
    }
    let title = section.title.to_uppercase();
    out.push('\n');
    push_wrapped(out, &title, "", look, BOLD);
    for block in &section.blocks {
        match block {
            Block::Text(tone, text) => push_wrapped(out, text, "", look, color_of(*tone)),
            Block::Items(items) => items.iter().for_each(|item| push_wrapped(out, item, "· ", look, "")),
            // Whole, so that it can be copied.
            Block::Command(command) => out.push_str(&format!("  {}\n", escape::terminal(command))),
            Block::Table(table) => push_table(out, table, look),
            Block::Drawing(_) => {}
        }
    }
}

fn push_table(out: &mut String, table: &Table, look: Look) {
    if !table.title.is_empty() {
        out.push('\n');
        push_wrapped(out, &table.title, "", look, BOLD);
    }
    let widest = if look.columns < 120 { 24 } else { 48 };
    let mut rows: Vec<Vec<String>> = vec![table.headers.iter().map(|&name| name.to_owned()).collect()];
    rows.extend(table.rows.iter().map(|row| row.cells.iter().map(|cell| cut(&cell.text, widest)).collect()));
    let shown = columns_that_fit(&rows, look.columns);
    let mut builder = Builder::default();
    for row in &rows {
        builder.push_record(row[..shown].iter());
    }
    let mut grid = builder.build();
    grid.with(Style::blank()).with(Padding::new(0, GAP, 0, 0));
    grid.with(Style::empty());
    for column in (0..shown).filter(|&column| table.is_numeric(column)) {
        grid.with(Modify::new(Columns::one(column)).with(Alignment::right()));
    }
    grid.with(Modify::new(Rows::first()).with(Padding::new(0, GAP, 0, 0)));
    for (at, line) in grid.to_string().lines().enumerate() {
        let color = match at {
            0 => "2",
            at => table.rows.get(at - 1).map_or("", |row| color_of(row.tone)),
        };
        out.push_str(&paint(line.trim_end(), color, look));
        out.push('\n');
    }
    let hidden = table.headers.len() - shown;
    if hidden > 0 {
        push_wrapped(out, &format!("({hidden} more columns where the terminal is wider)"), "", look, "2");
    }
}

fn columns_that_fit(rows: &[Vec<String>], columns: usize) -> usize {
    let mut used = 0;
    for column in 0..rows[0].len() {
        used += rows.iter().map(|row| row[column].width()).max().unwrap_or(0) + GAP;
        if used > columns + GAP {
            return column.max(1);
        }
    }
    rows[0].len()
}

/// The text in at most so many columns, with its middle left out: both ends of a name matter.
fn cut(text: &str, widest: usize) -> String {
    let text = escape::terminal(text);
    if text.width() <= widest {
        return text;
    }
    let count = text.chars().count();
    let half = (widest - 1) / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(count - half).collect();
    let short = format!("{head}…{tail}");
    // Wide characters need more room than they count for.
    if short.width() <= widest {
        short
    } else {
        format!("{}…", text.chars().take(half / 2).collect::<String>())
    }
}

fn push_wrapped(out: &mut String, text: &str, mark: &str, look: Look, color: &str) {
    let room = look.columns.saturating_sub(mark.width()).max(20);
    let (mut line, mut first) = (String::new(), true);
    let text = escape::terminal(text);
    let mut flush = |line: &mut String| {
        let lead = if first { mark.to_owned() } else { " ".repeat(mark.width()) };
        first = false;
        out.push_str(&lead);
        out.push_str(&paint(line, color, look));
        out.push('\n');
        line.clear();
    };
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            flush(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for one in word.chars() {
            if line.width() + 2 > room + 1 {
                flush(&mut line);
            }
            line.push(one);
        }
    }
    flush(&mut line);
}

fn paint(text: &str, color: &str, look: Look) -> String {
    if !look.color || color.is_empty() || text.is_empty() {
        return text.to_owned();
    }
    format!("\x1b[{color}m{text}\x1b[0m")
}

fn color_of(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Good => "32",
        Tone::Bad => "31",
        Tone::Unsure => "33",
    }
}

fn strong(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => BOLD,
        Tone::Good => "1;32",
        Tone::Bad => "1;31",
        Tone::Unsure => "1;33",
    }
}
