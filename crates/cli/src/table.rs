//! Tables that fit the terminal.

use std::io::Write;

use clap::ValueEnum;
use eval_report::escape;
use tabled::builder::Builder;
use tabled::settings::object::Rows;
use tabled::settings::{Alignment, Modify, Style};
use textwrap::wrap;

use crate::environment::Environment;
use crate::exit::Failure;

/// Columns if nobody says how many there are: what a log or a small terminal shows whole.
const COLUMNS: usize = 80;

/// How a comparison or a history is printed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    #[value(alias = "md")]
    Markdown,
    Html,
    Json,
}

/// A table without vertical lines, as wide as the terminal allows. Wide columns are wrapped between words.
pub fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    columns: usize,
) -> String {
    let mut cells = vec![head.map(str::to_owned)];
    // Names come from files that somebody else may have written.
    cells.extend(rows.into_iter().map(|row| row.map(|cell| escape::lines(&cell))));
    // A blank stands on each side of each cell.
    let widths = widths(&cells, columns.saturating_sub(2 * N));
    let mut builder = Builder::default();
    for row in &cells {
        builder.push_record(row.iter().zip(widths).map(|(cell, width)| wrapped(cell, width)));
    }
    let mut table = builder.build();
    table.with(Style::sharp().remove_vertical().remove_horizontals().remove_frame());
    table.with(Modify::new(Rows::new(..)).with(Alignment::left()));
    // Trailing blanks make a mess of a copied table.
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The widest column gives way first; words are only broken after hyphens, unless they take more than their share.
fn widths<const N: usize>(cells: &[[String; N]], room: usize) -> [usize; N] {
    let widest = |column: usize, split: fn(&str) -> Vec<&str>| {
        let parts = cells.iter().flat_map(|row| split(&row[column]));
        parts.map(console::measure_text_width).max().unwrap_or(0)
    };
    let mut widths = std::array::from_fn(|column| widest(column, |cell| cell.lines().collect()));
    let words: [usize; N] = std::array::from_fn(|column| {
        widest(column, |cell| cell.split_inclusive([' ', '-']).map(str::trim_end).collect())
    });
    // One long name must not make the others tall.
    let least = words.map(|word| word.min(room / N).max(1));
    while widths.iter().sum::<usize>() > room {
        let widest = |wanted: &dyn Fn(usize) -> bool| {
            (0..N).filter(|&column| wanted(column)).max_by_key(|&column| (widths[column], column))
        };
        let Some(column) =
            widest(&|column| widths[column] > least[column]).or_else(|| widest(&|column| widths[column] > 1))
        else {
            break;
        };
        widths[column] -= 1;
    }
    widths
}

/// Lines end with a word or a hyphen; what is longer than the column is broken anywhere.
fn wrapped(cell: &str, width: usize) -> String {
    wrap(cell, width).join("\n")
}

/// Columns of this terminal.
pub fn columns(environment: &Environment) -> usize {
    let (_, columns) = console::Term::stdout().size();
    let seen = console::Term::stdout().is_term().then_some(usize::from(columns));
    environment.columns().or(seen).unwrap_or(COLUMNS).max(40)
}

/// Prints a text to stdout.
pub fn print(text: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout().lock(), "{text}").map_err(Failure::output)
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn wide_columns_are_wrapped_between_words_and_names_after_hyphens() {
        let rows = [
            ["openai", "image, PDF, links, temperature", "openai/gpt"],
            ["deepinfra", "JSON schema", "deepinfra/Qwen3-VL-30B-Instruct"],
        ];
        let printed = table(["kind", "takes", "example"], rows.map(|row| row.map(str::to_owned)), 48);
        insta::assert_snapshot!(printed, @r"
         kind       takes        example
         openai     image, PDF,  openai/gpt
                    links,
                    temperature
         deepinfra  JSON schema  deepinfra/Qwen3-
                                 VL-30B-Instruct
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let row = ["a".repeat(90), "räksmörgås ".repeat(9), "1".to_owned()];
        for columns in [20, 40, 80] {
            let printed = table(["a", "b", "c"], [row.clone()], columns);
            let widest = printed.lines().map(console::measure_text_width).max();
            assert!(widest <= Some(columns), "{columns}:\n{printed}");
            assert_eq!(printed.matches('a').count(), 91, "{columns}: nothing is cut off\n{printed}");
        }
    }
}
