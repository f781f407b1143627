//! The reference pages of the docs: written from the command line, the schema of `eval.toml`, and what is known of each
//! kind of provider. A test keeps the committed pages equal to them.

mod command_line;
mod configuration;
mod provider_page;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::registry::KINDS;

/// What `reference` takes.
#[derive(Debug, Args)]
pub struct ReferenceArguments {
    /// Directory for the pages
    dir: PathBuf,
}

/// Writes the pages.
pub fn start(arguments: &ReferenceArguments) -> Result<Exit, Failure> {
    write(&arguments.dir.join("command-line.md"), &command_line::page())?;
    write(&arguments.dir.join("configuration.md"), &configuration::page())?;
    for kind in KINDS.iter() {
        let page = provider_page::page(kind)?;
        write(&arguments.dir.join(format!("providers/{}.md", kind.name)), &page)?;
    }
    write(&arguments.dir.join("trials.md"), &trials())?;
    for (name, schema) in crate::output::schemas() {
        write(&arguments.dir.join(format!("output/{name}.schema.json")), &eval_report::json(&schema))?;
    }
    Ok(Exit::Pass)
}

/// The columns of a table of trials.
fn trials() -> String {
    let rows = eval_report::COLUMNS.iter().map(|column| {
        vec![format!("`{}`", column.name), column.holds.parquet_name().to_owned(), column.meaning.to_owned()]
    });
    format!(
        "# Trials as Parquet\n\nColumns of `vision-eval report -o trials.parquet`, one row per trial. Every column is optional: \
         an empty cell is null. New columns are added at the end.\n\n{}",
        table(&["Column", "Type", "Meaning"], rows)
    )
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::new(Exit::Output, format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    std::fs::write(path, text).map_err(failed)
}

/// A row of a Markdown table.
fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A Markdown table.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = row(&head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
    text += &row(&vec!["---".to_owned(); head.len()]);
    text.extend(rows.into_iter().map(|cells| row(&cells)));
    text
}
