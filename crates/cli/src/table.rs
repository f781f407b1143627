//! Tables that fit the terminal.

use std::io::Write;

use clap::ValueEnum;
use eval_report::escape;
use tabled::builder::Builder;
use tabled::settings::object::Rows;
use tabled::settings::peaker::Priority;
use tabled::settings::{Alignment, Modify, Style, Width};

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

/// A table without vertical lines, as wide as the terminal allows. Wide columns are wrapped.
pub fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    columns: usize,
) -> String {
    let mut builder = Builder::default();
    builder.push_record(head);
    for row in rows {
        // Names come from files that somebody else may have written.
        builder.push_record(row.map(|cell| escape::lines(&cell)));
    }
    let mut table = builder.build();
    table.with(Style::sharp().remove_vertical().remove_horizontals().remove_frame());
    table.with(Modify::new(Rows::new(..)).with(Alignment::left()));
    table.with(Width::wrap(columns).keep_words(true).priority(Priority::max(true)));
    // Trailing blanks make a mess of a copied table.
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
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
