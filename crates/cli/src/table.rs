//! Tables that fit the terminal.

use std::io::Write;

use clap::ValueEnum;
use eval_report::escape;
use tabled::builder::Builder;
use tabled::settings::object::Rows;
use tabled::settings::{Alignment, Modify, Style};
use textwrap::core::Word;
use textwrap::{WordSeparator, WordSplitter, wrap};

use crate::environment::Environment;
use crate::exit::Failure;

/// Columns where their number is not known: what a log or a small terminal shows whole.
const COLUMNS: usize = 80;

/// How a history is printed.
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
    let lines =
        table.to_string().replace(TIED, " ").lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    escape::no_commands(&lines)
}

/// Ties a number to its unit.
pub const TIED: char = '\u{a0}';

/// The widest column gives way first; names stay whole where there is room, are broken after hyphens and slashes where there
/// is not, and anywhere only if they take more than their share. Numbers are broken last.
fn widths<const N: usize>(cells: &[[String; N]], room: usize) -> [usize; N] {
    let widest = |column: usize, split: fn(&str) -> Vec<&str>| {
        let parts = cells.iter().flat_map(|row| split(&row[column]));
        parts.map(|part| console::measure_text_width(part.trim_end())).max().unwrap_or(0)
    };
    let mut widths = std::array::from_fn(|column| widest(column, |cell| cell.lines().collect()));
    let whole: [usize; N] = std::array::from_fn(|column| widest(column, |cell| cell.split(' ').collect()));
    let longest: [usize; N] = std::array::from_fn(|column| widest(column, parts));
    let numbers: [usize; N] = std::array::from_fn(|column| {
        widest(column, |cell| parts(cell).into_iter().filter(|part| is_number(part)).collect())
    });
    // One long name must not make the others tall.
    let fair = |of: &[usize; N], share: usize| -> [usize; N] {
        std::array::from_fn(|column| of[column].min(share).max(numbers[column]).max(1))
    };
    let share = 2 * room / N;
    for least in
        [fair(&whole, share), fair(&longest, share), fair(&longest, room / N), fair(&[1; N], 1), [1; N]]
    {
        while widths.iter().sum::<usize>() > room {
            let narrower = (0..N).filter(|&column| widths[column] > least[column]);
            let Some(column) = narrower.max_by_key(|&column| (widths[column], column)) else { break };
            widths[column] -= 1;
        }
    }
    widths
}

/// What a line may end with: a word, or a hyphen or slash within one.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, mark) in text.match_indices([' ', '-', '/']) {
        let (before, after) = (&text[..at], &text[at + mark.len()..]);
        let ends = match mark {
            " " => !after.starts_with(' '),
            _ => before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric),
        };
        if ends {
            parts.push(&text[start..at + mark.len()]);
            start = at + mark.len();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// `12`, `$0.04`, `($0.01–$0.50)`, `≤ 3 k`, `~ $1.20`
fn is_number(word: &str) -> bool {
    word.trim_start_matches(['(', '$', '≤', '≥', '−', '~', TIED])
        .starts_with(|letter: char| letter.is_ascii_digit())
}

/// Lines end with a word, a hyphen or a slash; what is longer than the column is broken anywhere.
fn wrapped(cell: &str, width: usize) -> String {
    let look = textwrap::Options::new(width)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation);
    wrap(cell, look).join("\n")
}

fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    Box::new(parts(line).into_iter().map(Word::from))
}

/// Columns of this terminal.
pub fn columns(environment: &Environment) -> usize {
    let (_, columns) = console::Term::stdout().size();
    let seen = console::Term::stdout().is_term().then_some(usize::from(columns));
    environment.columns().or(seen).unwrap_or(COLUMNS).max(40)
}

/// Prints a text to stdout.
pub fn print(text: &str) -> Result<(), Failure> {
    Failure::unless_closed(writeln!(std::io::stdout().lock(), "{text}"))
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
         deepinfra  JSON schema  deepinfra/Qwen3-VL-
                                 30B-Instruct
        ");
    }

    #[test]
    fn names_of_a_quote_are_broken_at_the_slash_and_only_where_they_must_be() {
        let head = ["provider", "dataset, task", "asks", "upload", "tokens in", "out", "cost", "time"];
        let row = |cost: &str| {
            [
                "local/accurate",
                "receipts document",
                "120",
                "12\u{a0}MB",
                "1234\u{a0}k",
                "~\u{a0}2457",
                cost,
                "12\u{a0}min",
            ]
            .map(str::to_owned)
        };
        let cheap = table(head, [row("free")], 80);
        assert!(cheap.contains("local/accurate"), "{cheap}");
        let dear = table(head, [row("$12.3456 ($10.1234–$112.3456)")], 80);
        let first = dear.lines().map(|line| line.trim_start().split(' ').next().unwrap_or_default());
        let first: Vec<&str> = first.collect();
        assert!(first.contains(&"local/accurate") || first.contains(&"local/"), "{dear}");
    }

    #[test]
    fn no_line_begins_with_a_command_after_it_was_wrapped() {
        let printed = table(["provider"], [["aaaaaaaaaaaaaaaaaaaa ::warning::x".to_owned()]], 24);
        assert!(printed.contains("warning"), "{printed}");
        assert!(!printed.lines().any(|line| line.trim_start().starts_with("::")), "{printed}");
    }

    #[test]
    fn names_give_way_and_numbers_do_not() {
        let row =
            ["openai/gpt-5.6-luna-2026-11-20", "receipts document", "1200", "12.3 MB", "1234 k", "≤ 2457 k"];
        let row = row.into_iter().chain(["≤ $12.3456 ($0.1234–$12.3456)", "12 min"]);
        let tied = |cell: &str| match cell.starts_with(|letter: char| letter.is_ascii_digit()) {
            true => cell.replace(' ', "\u{a0}"),
            false => cell.replacen("≤ ", "≤\u{a0}", 1),
        };
        let row: Vec<String> = row.map(tied).collect();
        let head = ["provider", "dataset, task", "asks", "upload", "tokens in", "out", "cost", "time"];
        let printed = table(head, [row.clone().try_into().unwrap()], 80);
        for number in
            row.iter().flat_map(|cell| cell.split(' ')).filter(|word| word.contains(['$', '\u{a0}']))
        {
            assert!(printed.contains(&number.replace('\u{a0}', " ")), "{number}:\n{printed}");
        }
        assert!(printed.lines().all(|line| console::measure_text_width(line) <= 80), "{printed}");
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
