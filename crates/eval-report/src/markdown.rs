use crate::document::{Block, Document, Section, Table, Tone};
use crate::escape;

/// A wider table is continued below itself, as pages of pull requests are narrow.
const MOST_COLUMNS: usize = 10;

/// GitHub refuses longer comments. It counts characters, which are never more than bytes.
const MOST_BYTES: usize = 65_536;
/// Longer texts are cut: no name or answer may take the place of everything else.
const MOST_CHARACTERS: usize = 1_000;

/// With a hidden first line that names it, in at most as many bytes as GitHub takes.
pub(crate) fn comment(document: &Document, name: &str) -> String {
    let mark = format!("<!-- vision-eval:{} -->\n", escape::file_name(name));
    let text = render(document);
    if mark.len() + text.len() <= MOST_BYTES {
        return mark + &text;
    }
    let commands =
        document.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Command(command) => Some(fenced(command)),
            _ => None,
        });
    let end = format!("\nCut: GitHub takes no longer comment.\n{}", commands.collect::<String>());
    let folds = "\n</details>\n".repeat(2);
    let room = MOST_BYTES.saturating_sub(mark.len() + end.len() + folds.len());
    mark + &cut(&text, room) + &end
}

/// Whole lines, with an end to every fold that they open.
fn cut(text: &str, room: usize) -> String {
    let (mut out, mut folds) = (String::new(), 0_usize);
    for line in text.lines() {
        if out.len() + line.len() + 1 > room {
            break;
        }
        folds += usize::from(line.starts_with("<details>"));
        folds -= usize::from(line == "</details>");
        out.push_str(line);
        out.push('\n');
    }
    out + &"\n</details>\n".repeat(folds)
}

fn fenced(command: &str) -> String {
    format!("\n{}\n", escape::markdown_block(&escape::terminal(&shortened(command))))
}

fn escaped(text: &str) -> String {
    escape::markdown(&shortened(text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

pub(crate) fn render(document: &Document) -> String {
    let mut out = format!("## {}\n\n", escaped(&document.title));
    out.push_str(&format!("{}**{}**\n", mark(document.tone), escaped(&document.headline)));
    if !document.about.is_empty() {
        out.push_str(&format!("\n{}\n", escaped(&document.about)));
    }
    for section in document.sections.iter().filter(|section| !section.is_drawn()) {
        let title = escaped(&section.title);
        let is_of_folds = section.blocks.iter().all(|block| matches!(block, Block::Fold(_)));
        if section.folded && is_of_folds {
            // One click is enough.
            push_blocks(&mut out, &section.blocks);
        } else if section.folded {
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
    out.push_str(&format!("\n<details><summary>{}</summary>\n", escaped(&section.title)));
    push_blocks(out, &section.blocks);
    out.push_str("\n</details>\n");
}

fn push_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Text(tone, text) => {
                out.push_str(&format!("\n{}{}\n", mark(*tone), escaped(text)));
            }
            Block::Items(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("- {}\n", escaped(item)));
                }
            }
            Block::Facts(facts) => {
                out.push('\n');
                for fact in facts {
                    let lines: Vec<String> = fact.lines.iter().map(|line| escaped(line)).collect();
                    out.push_str(&format!("- **{}:** {}\n", fact.name, lines.join(" ")));
                }
            }
            Block::Notes(notes) => {
                let notes: Vec<String> = notes.iter().map(|note| escaped(note)).collect();
                out.push_str(&format!("\n<sub>{}</sub>\n", notes.join(" ")));
            }
            Block::Command(command) => out.push_str(&fenced(command)),
            Block::Table(table) => push_table(out, table),
            Block::Fold(section) if section.is_drawn() => {}
            Block::Fold(section) if section.folded => push_fold(out, section),
            Block::Fold(section) => {
                out.push_str(&format!("\n#### {}\n", escaped(&section.title)));
                push_blocks(out, &section.blocks);
            }
            Block::Drawing(_) => {}
        }
    }
}

fn push_table(out: &mut String, table: &Table) {
    if !table.title.is_empty() {
        out.push_str(&format!("\n**{}**\n", escaped(&table.title)));
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
        columns.iter().map(|&column| escaped(&table.columns[column].full_name())).collect();
    out.push_str(&format!("\n| {} |\n|", names.join(" | ")));
    for &column in columns {
        out.push_str(if table.columns[column].numeric { " ---: |" } else { " --- |" });
    }
    out.push('\n');
    for row in &table.rows {
        let cells: Vec<String> =
            columns.iter().map(|&column| escaped(&row.cells[column].full_text())).collect();
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
