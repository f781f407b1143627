//! How a comparison and the outcome of a gate are printed and written.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use eval_record::Record;
use eval_report::{Embed, Look, MediaSource, Page, Printed};
use eval_summary::{ComparedCases, Options, case_views, compared_cases};
use serde::Serialize;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::media_source::DatasetMedia;
use crate::report::folder_of;
use crate::settings::Project;
use crate::sides::{Side, run_of};
use crate::table::{columns, print};

/// Cases of a page, those that changed most first.
const MOST_CASES: usize = 5_000;

/// What to write, and where.
#[derive(Debug, Clone, Default, Args)]
pub struct ComparedOutput {
    /// Write a page, a comment for a pull request, data or text: .html .md .json .txt
    #[arg(short, long = "output", value_name = "FILE", help_heading = "Output")]
    output: Vec<PathBuf>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub format: Format,

    /// Embed media in HTML: all, some or none; link the rest
    #[arg(long, value_name = "WHICH", default_value = "some", help_heading = "Output")]
    embed: Embed,

    /// Show media of these datasets in HTML, beside those of eval.toml and the run's own folder
    #[arg(short, long, value_name = "DIR,…", value_delimiter = ',', help_heading = "Output")]
    pub dataset: Vec<String>,
}

/// What a comparison and the outcome of a gate can be written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a step summary
    #[value(alias = "md")]
    Markdown,
    /// For a comment on a pull request, in at most 65,536 characters
    Github,
    /// One self-contained page with the cases
    Html,
    /// Data
    Json,
}

impl Format {
    fn of_path(path: &Path) -> Result<Self, Failure> {
        match path.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
            "html" | "htm" => Ok(Self::Html),
            "md" | "markdown" => Ok(Self::Github),
            "json" => Ok(Self::Json),
            "txt" => Ok(Self::Text),
            _ => Err(Failure::setup(format!(
                "{} has an ending that is none of .html .md .json .txt",
                path.display()
            ))),
        }
    }
}

/// What there is to say, and the runs that it is about.
pub struct Compared<'a, T> {
    /// The comparison or the outcome.
    pub printed: &'a T,
    /// The name of the comment.
    pub name: &'a str,
    /// The runs in its order.
    pub sides: &'a [Side],
    /// The page.
    pub page: fn(&T, &ComparedCases, &dyn MediaSource, &Page<'_>) -> String,
    pub project: &'a Project,
    pub options: &'a Options,
    pub app: &'a App,
}

impl ComparedOutput {
    /// Whether every file has an ending that says what to write.
    pub fn check(&self) -> Result<(), Failure> {
        self.output.iter().try_for_each(|path| Format::of_path(path).map(drop))
    }
}

impl<T: Printed + Serialize> Compared<'_, T> {
    /// Writes the files that were asked for, and prints.
    pub fn put_out(&self, output: &ComparedOutput) -> Result<(), Failure> {
        let environment = &self.app.environment;
        for path in &output.output {
            let folder = folder_of(path);
            let look = Look { columns: 100, color: false };
            let text = self.render(Format::of_path(path)?, look, output.embed, Some(folder))?;
            fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| {
                Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
            })?;
            if !self.app.shared.quiet {
                eprintln!("written {}", path.display());
            }
        }
        let look = Look { columns: columns(environment), color: self.app.shared.wants_color(environment) };
        let text = self.render(output.format, look, output.embed, None)?;
        match output.format {
            // As long as it is: a line more would make a page other than its file.
            Format::Html => Failure::unless_closed(std::io::stdout().lock().write_all(text.as_bytes())),
            _ => print(text.trim_end()),
        }
    }

    fn render(
        &self,
        format: Format,
        look: Look,
        embed: Embed,
        folder: Option<&Path>,
    ) -> Result<String, Failure> {
        Ok(match format {
            Format::Text => eval_report::terminal(self.printed, look),
            Format::Markdown => eval_report::markdown(self.printed),
            Format::Github => eval_report::comment(self.printed, self.name),
            Format::Json => eval_report::json(self.printed),
            Format::Html => self.page(embed, folder)?,
        })
    }

    fn page(&self, embed: Embed, folder: Option<&Path>) -> Result<String, Failure> {
        // A baseline holds scores alone; its run may still be there.
        let found: Vec<Option<Record>> = self
            .sides
            .iter()
            .map(|side| if side.record.is_none() { run_of(&side.scores, self.project) } else { None })
            .collect();
        let records: Vec<Option<&Record>> = self
            .sides
            .iter()
            .zip(&found)
            .map(|(side, found)| side.record.as_ref().or(found.as_ref()))
            .collect();
        let sides: Result<Vec<_>, Failure> = self
            .sides
            .iter()
            .zip(&records)
            .map(|(side, record)| {
                let views = record.map(|record| case_views(record, self.options)).transpose()?;
                Ok((&side.scores, views))
            })
            .collect();
        let cases = compared_cases(sides?, MOST_CASES)?;
        let cache = || self.app.environment.cache_folder();
        // The last run's first: that is what is asked today.
        let media: Vec<DatasetMedia> = records
            .iter()
            .rev()
            .flatten()
            .map(|record| DatasetMedia::new(self.project, record, folder, cache()))
            .collect();
        let page = Page { embed, threads: self.options.threads, ..Page::default() };
        Ok((self.page)(self.printed, &cases, &media, &page))
    }
}
