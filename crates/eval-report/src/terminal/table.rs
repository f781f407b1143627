use std::collections::HashMap;

use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Modify, Padding, Style};
use unicode_width::UnicodeWidthStr;

use super::{BOLD, FAINT, Look, color_of, paint, push_wrapped};
use crate::document::{Cell, Table};
use crate::escape;

const GAP: usize = 2;

/// A column as it is printed: details of numbers have one of their own, so that both stand in line.
struct Strip {
    /// The head first.
    cells: Vec<String>,
    is_number: bool,
    /// Whether it is the detail of the one before.
    is_detail: bool,
}

pub(super) fn push(out: &mut String, table: &Table, look: Look) {
    if !table.title.is_empty() {
        out.push('\n');
        push_wrapped(out, &table.title, "", look, BOLD);
    }
    let strips = readable(table, look.columns);
    let mut start = 1;
    while start < strips.len() || start == 1 {
        let end = fitting(&strips, start, look.columns);
        let shown: Vec<&Strip> = std::iter::once(&strips[0]).chain(&strips[start..end]).collect();
        if start > 1 {
            out.push('\n');
        }
        push_strips(out, &shown, table, look);
        start = end.max(start + 1);
        if start < strips.len() && !table.whole {
            let hidden = strips[start..].iter().filter(|strip| !strip.is_detail).count();
            let columns = if hidden == 1 { "column" } else { "columns" };
            let hint = format!("({hidden} more {columns} where the terminal is wider)");
            push_wrapped(out, &hint, "", look, FAINT);
            return;
        }
    }
}

/// With as much of each name as lets all columns stand beside each other; of a table that is too wide for that, little.
fn readable(table: &Table, columns: usize) -> Vec<Strip> {
    const WIDTHS: [usize; 7] = [60, 54, 48, 42, 36, 30, 24];
    let fits = |strips: &Vec<Strip>| fitting(strips, 1, columns) == strips.len();
    let usual = || strips(table, if columns < 120 { 24 } else { 48 });
    WIDTHS.into_iter().map(|widest| strips(table, widest)).find(fits).unwrap_or_else(usual)
}

fn strips(table: &Table, widest: usize) -> Vec<Strip> {
    let mut strips = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let cells = || table.rows.iter().map(|row| &row.cells[at]);
        let widest = room(&cells().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), widest);
        let has_strip = column.numeric && !column.detail.is_empty();
        let text = |cell: &Cell| match cell.detail.is_empty() || has_strip {
            true => shortened(&cell.text, widest),
            false => format!("{} ({})", shortened(&cell.text, widest), cut(&cell.detail, widest)),
        };
        strips.push(Strip {
            cells: std::iter::once(cut(&column.name, widest)).chain(cells().map(text)).collect(),
            is_number: column.numeric,
            is_detail: false,
        });
        if has_strip {
            let details = cells().map(|cell| cut(&cell.detail, widest));
            strips.push(Strip {
                cells: std::iter::once(column.detail.to_owned()).chain(details).collect(),
                is_number: false,
                is_detail: true,
            });
        }
    }
    strips
}

/// How wide a column may be: wider where two of its texts would look the same.
fn room(texts: &[&str], widest: usize) -> usize {
    const MOST: usize = 4;
    let is_clear = |room: &usize| {
        let mut shown: HashMap<String, &str> = HashMap::new();
        texts.iter().all(|text| *shown.entry(shortened(text, *room)).or_insert(text) == *text)
    };
    (1..=MOST).map(|times| times * widest).find(is_clear).unwrap_or(widest)
}

/// Where to stop, so that the first column and those from `start` fit; a detail stays with its number.
fn fitting(strips: &[Strip], start: usize, columns: usize) -> usize {
    let wide = |strip: &Strip| strip.cells.iter().map(|cell| cell.width()).max().unwrap_or(0) + GAP;
    let mut used = wide(&strips[0]);
    let mut end = start;
    for (at, strip) in strips.iter().enumerate().skip(start) {
        used += wide(strip);
        if used > columns + GAP {
            break;
        }
        let followed = strips.get(at + 1).is_some_and(|next| next.is_detail);
        if !followed {
            end = at + 1;
        }
    }
    end
}

fn push_strips(out: &mut String, strips: &[&Strip], table: &Table, look: Look) {
    let mut builder = Builder::default();
    for at in 0..=table.rows.len() {
        builder.push_record(strips.iter().map(|strip| strip.cells[at].as_str()));
    }
    let mut grid = builder.build();
    grid.with(Style::empty()).with(Padding::new(0, GAP, 0, 0));
    for (column, _) in strips.iter().enumerate().filter(|(_, strip)| strip.is_number) {
        grid.with(Modify::new(Columns::one(column)).with(Alignment::right()));
    }
    for (at, line) in grid.to_string().lines().enumerate() {
        let color = match at {
            0 => FAINT,
            at => table.rows.get(at - 1).map_or("", |row| color_of(row.tone)),
        };
        out.push_str(&paint(line.trim_end(), color, look));
        out.push('\n');
    }
}

/// The text in at most so many columns. Of a list of names the last ones are counted: with its middle left out it would read as
/// one name.
fn shortened(text: &str, widest: usize) -> String {
    let names = names(text).filter(|_| text.width() > widest);
    let Some(names) = names else { return cut(text, widest) };
    let with_more = |shown: usize| format!("{} and {} more", names[..shown].join(", "), names.len() - shown);
    let fitting = (1..names.len()).rev().map(with_more).find(|text| text.width() <= widest);
    fitting.unwrap_or_else(|| {
        let more = format!(" and {} more", names.len() - 1);
        cut(&names[0], widest.saturating_sub(more.width()).max(1)) + &more
    })
}

/// `a/b, c/d` and `a/b and c/d`; nothing where it is no list of names.
fn names(text: &str) -> Option<Vec<String>> {
    let parts = text.split(", ").flat_map(|part| part.split(" and "));
    let names: Vec<String> = parts.map(escape::terminal).collect();
    let is_name = |name: &String| !name.is_empty() && !name.contains(' ');
    (names.len() > 1 && names.iter().all(is_name)).then_some(names)
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

#[cfg(test)]
mod tests {
    use super::{cut, room, shortened};

    #[test]
    fn no_name_is_hidden_in_the_middle_of_a_list() {
        let names = "compatible/q91, compatible/q92, compatible/q93";
        assert_eq!(shortened(names, 60), names);
        assert_eq!(shortened(names, 42), "compatible/q91, compatible/q92 and 1 more");
        assert_eq!(shortened(names, 28), "compatible/q91 and 2 more");
        assert_eq!(shortened("compatible/q91 and compatible/q93", 28), "compatible/q91 and 1 more");
        let long = "compatible/with-a-long-name, compatible/b";
        assert_eq!(shortened(long, 24), format!("{} and 1 more", cut("compatible/with-a-long-name", 13)));
        let prose = "not found, and the rest of the answer is cut";
        assert_eq!(shortened(prose, 24), cut(prose, 24));
    }

    #[test]
    fn names_that_would_look_the_same_get_more_room() {
        let names = ["compatible/sharp · long_side=600", "compatible/plain · long_side=600"];
        assert_eq!((cut(names[0], 24), room(&names, 24)), (cut(names[1], 24), 48));
        assert_eq!(room(&[names[0], names[0], "local/fast"], 24), 24);
    }
}
