mod table;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::document::{Block, Document, Fact, Section, Tone};
use crate::escape;

/// The terminal that a text is for.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Its width in columns.
    pub columns: usize,
    /// Whether to add color. Nothing is said by color alone.
    pub color: bool,
}

const BOLD: &str = "1";
const FAINT: &str = "2";

pub(crate) fn render(document: &Document, look: Look) -> String {
    let look = Look { columns: look.columns.max(40), ..look };
    let mut out = String::new();
    push_wrapped(&mut out, &document.headline, "", look, strong(document.tone));
    if !document.about.is_empty() {
        push_wrapped(&mut out, &document.about, "", look, FAINT);
    }
    for section in document.sections.iter().filter(|section| !section.is_drawn()) {
        out.push('\n');
        push_wrapped(&mut out, &section.title.to_uppercase(), "", look, BOLD);
        push_blocks(&mut out, &section.blocks, look);
    }
    escape::no_commands(&out)
}

fn push_blocks(out: &mut String, blocks: &[Block], look: Look) {
    for block in blocks {
        match block {
            Block::Text(tone, text) => push_wrapped(out, text, "", look, color_of(*tone)),
            Block::Items(items) => items.iter().for_each(|item| push_wrapped(out, item, "· ", look, "")),
            Block::Facts(facts) => push_facts(out, facts, look),
            Block::Notes(notes) => notes.iter().for_each(|note| push_wrapped(out, note, "", look, FAINT)),
            // Whole, so that it can be copied.
            Block::Command(command) => out.push_str(&format!("  {}\n", escape::terminal(command))),
            Block::Table(table) => table::push(out, table, look),
            Block::Fold(section) if !section.is_drawn() => push_part(out, section, look),
            Block::Drawing(_) | Block::Fold(_) => {}
        }
    }
}

fn push_part(out: &mut String, section: &Section, look: Look) {
    out.push('\n');
    push_wrapped(out, &section.title, "— ", look, BOLD);
    push_blocks(out, &section.blocks, look);
}

/// Names on the left, statements on the right; one below the other where there is little room.
fn push_facts(out: &mut String, facts: &[Fact], look: Look) {
    let wide = facts.iter().map(|fact| fact.name.width()).max().unwrap_or(0) + 2;
    for fact in facts {
        for (at, line) in fact.lines.iter().enumerate() {
            let name = if at == 0 { fact.name } else { "" };
            let lead = format!("{name}{}", " ".repeat(wide.saturating_sub(name.width())));
            push_wrapped(out, line, &lead, look, "");
        }
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
            if line.width() + one.width().unwrap_or(0) > room {
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
