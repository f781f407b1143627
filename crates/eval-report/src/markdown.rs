use crate::document::{Block, Document, Section, Table, Tone};
use crate::escape;

/// A wider table is continued below itself, as pages of pull requests are narrow.
const MOST_COLUMNS: usize = 10;

pub(crate) fn render(document: &Document) -> String {
    let mut out = format!("## {}\n\n", escape::markdown(&document.title));
    out.push_str(&format!("{}**{}**\n", mark(document.tone), escape::markdown(&document.headline)));
    if !document.about.is_empty() {
        out.push_str(&format!("\n{}\n", escape::markdown(&document.about)));
    }
    for section in document.sections.iter().filter(|section| !section.is_drawn()) {
        let title = escape::markdown(&section.title);
        if section.folded {
            push_fold(&mut out, section);
        } else {
            out.push_str(&format!("\n### {title}\n"));
            push_blocks(&mut out, &section.blocks);
        }
    }
    out
}

fn push_fold(out: &mut String, section: &Section) {
    // The blank lines make a host read Markdown inside.
    out.push_str(&format!("\n<details><summary>{}</summary>\n", escape::markdown(&section.title)));
    push_blocks(out, &section.blocks);
    out.push_str("\n</details>\n");
}

fn push_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Text(tone, text) => {
                out.push_str(&format!("\n{}{}\n", mark(*tone), escape::markdown(text)));
            }
            Block::Items(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("- {}\n", escape::markdown(item)));
                }
            }
            Block::Facts(facts) => {
                out.push('\n');
                for fact in facts {
                    let lines: Vec<String> = fact.lines.iter().map(|line| escape::markdown(line)).collect();
                    out.push_str(&format!("- **{}:** {}\n", fact.name, lines.join(" ")));
                }
            }
            Block::Notes(notes) => {
                let notes: Vec<String> = notes.iter().map(|note| escape::markdown(note)).collect();
                out.push_str(&format!("\n<sub>{}</sub>\n", notes.join(" ")));
            }
            Block::Command(command) => {
                out.push_str(&format!("\n{}\n", escape::markdown_block(&escape::terminal(command))));
            }
            Block::Table(table) => push_table(out, table),
            Block::Fold(section) if section.is_drawn() => {}
            Block::Fold(section) if section.folded => push_fold(out, section),
            Block::Fold(section) => {
                out.push_str(&format!("\n#### {}\n", escape::markdown(&section.title)));
                push_blocks(out, &section.blocks);
            }
            Block::Drawing(_) => {}
        }
    }
}

fn push_table(out: &mut String, table: &Table) {
    if !table.title.is_empty() {
        out.push_str(&format!("\n**{}**\n", escape::markdown(&table.title)));
    }
    let rest: Vec<usize> = (1..table.columns.len()).collect();
    // Parts of the same width, so that no column stands alone.
    let parts = table.columns.len().div_ceil(MOST_COLUMNS);
    for part in rest.chunks(rest.len().div_ceil(parts).max(1)) {
        let columns: Vec<usize> = std::iter::once(0).chain(part.iter().copied()).collect();
        push_part(out, table, &columns);
    }
}

fn push_part(out: &mut String, table: &Table, columns: &[usize]) {
    let names: Vec<String> =
        columns.iter().map(|&column| escape::markdown(&table.columns[column].full_name())).collect();
    out.push_str(&format!("\n| {} |\n|", names.join(" | ")));
    for &column in columns {
        out.push_str(if table.columns[column].numeric { " ---: |" } else { " --- |" });
    }
    out.push('\n');
    for row in &table.rows {
        let cells: Vec<String> =
            columns.iter().map(|&column| escape::markdown(&row.cells[column].full_text())).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Good => "✅ ",
        Tone::Bad => "❌ ",
        Tone::Unsure => "⚠️ ",
    }
}
