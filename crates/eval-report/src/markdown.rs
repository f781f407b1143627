use crate::document::{Block, Document, Section, Table, Tone};
use crate::escape;

pub(crate) fn render(document: &Document) -> String {
    let mut out = format!("## {}\n\n", escape::markdown(&document.title));
    out.push_str(&format!("{}**{}**\n", mark(document.tone), escape::markdown(&document.headline)));
    if !document.about.is_empty() {
        out.push_str(&format!("\n{}\n", escape::markdown(&document.about)));
    }
    for section in &document.sections {
        push_section(&mut out, section);
    }
    out
}

fn push_section(out: &mut String, section: &Section) {
    if section.blocks.iter().all(|block| matches!(block, Block::Drawing(_))) {
        return;
    }
    let title = escape::markdown(&section.title);
    if section.folded {
        out.push_str(&format!("\n<details><summary>{title}</summary>\n"));
    } else {
        out.push_str(&format!("\n### {title}\n"));
    }
    for block in &section.blocks {
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
            Block::Command(command) => {
                out.push_str(&format!("\n{}\n", escape::markdown_block(&escape::terminal(command))));
            }
            Block::Table(table) => push_table(out, table),
            Block::Drawing(_) => {}
        }
    }
    if section.folded {
        out.push_str("\n</details>\n");
    }
}

fn push_table(out: &mut String, table: &Table) {
    if !table.title.is_empty() {
        out.push_str(&format!("\n**{}**\n", escape::markdown(&table.title)));
    }
    out.push_str(&format!("\n| {} |\n|", table.headers.join(" | ")));
    for column in 0..table.headers.len() {
        out.push_str(if table.is_numeric(column) { " ---: |" } else { " --- |" });
    }
    out.push('\n');
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(|cell| escape::markdown(&cell.text)).collect();
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
