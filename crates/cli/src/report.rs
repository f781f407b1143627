use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use eval_record::Record;
use eval_report::{Embed, Format, Look, Page};
use eval_summary::{CaseView, CaseViews, GateReport, Options, Scored, Summary, SummaryError, score};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::media_source::DatasetMedia;
use crate::needs::Needs;
use crate::settings::{Project, prices};
use crate::sides::{newest, side};
use crate::summaries;
use crate::table::{columns, print};

/// What `report` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval report
  vision-eval report runs/20261121T100000Z-eval -o report.html -o trials.parquet
  vision-eval report --format markdown
  vision-eval report reports/record -o reports/report.md --check
  vision-eval report --prices prices.json")]
pub struct ReportArguments {
    /// Run directory [default: the newest run]
    run: Option<PathBuf>,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    needs: Needs,

    /// Use these prices instead of those of the run
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,

    /// Score by the present labels of these datasets instead of those of the record
    #[arg(long, value_name = "DIR,…", value_delimiter = ',')]
    labels: Vec<PathBuf>,

    /// Score open answers by this judge [default: the one that judged last]
    #[arg(long, value_name = "NAME")]
    judge: Option<String>,

    /// Show media of these datasets, beside those of eval.toml and the run's own folder
    #[arg(short, long, value_name = "DIR,…", value_delimiter = ',')]
    dataset: Vec<String>,

    /// Compare with this baseline
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,

    /// Verify that the files match the record; write nothing
    #[arg(long, requires = "output")]
    check: bool,
}

/// Where reports go.
#[derive(Debug, Clone, Default, Args)]
pub struct Output {
    /// Write a report: .html .md .txt .json .jsonl .csv .parquet .junit.xml
    ///
    /// With .cases.junit.xml each trial is a test case; .parquet needs a build with that feature.
    #[arg(short, long = "output", value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,

    /// Print text, markdown, json, jsonl, csv, parquet, junit, junit-cases or html
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub format: Option<Format>,

    /// Embed media in HTML: all, some or none; link the rest
    ///
    /// Some are those of cases that candidates disagree on, then of those with something wrong, then of a sample of the
    /// rest, within a few megabytes.
    #[arg(long, value_name = "WHICH", default_value = "some", help_heading = "Output")]
    pub embed: Embed,
}

impl Output {
    /// Whether every file has an ending that says what to write, and this build can.
    pub fn check(&self) -> Result<(), Failure> {
        for path in &self.output {
            lacking(Format::of_path(path).map_err(Failure::setup)?)?;
        }
        self.format.map_or(Ok(()), lacking)
    }
}

impl Output {
    /// Whether every file can be written, as far as is known without writing it.
    pub fn check_places(&self) -> Result<(), Failure> {
        self.output.iter().try_for_each(|path| {
            check_place(path).map_err(|error| {
                Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
            })
        })
    }
}

/// A file that is there is opened and left as it is; else one is made and removed where its folder is or will be.
fn check_place(path: &Path) -> std::io::Result<()> {
    match path.metadata() {
        Ok(about) if about.is_file() || about.is_dir() => {
            return fs::File::options().append(true).open(path).map(drop);
        }
        // A pipe is opened when there is something for its reader.
        Ok(_) => return Ok(()),
        Err(_) => {}
    }
    let mut folder = folder_of(path);
    while !folder.exists() {
        folder = folder.parent().filter(|it| *it != Path::new("")).unwrap_or(Path::new("."));
    }
    let draft = folder.join(format!(".vision-eval.{}.draft", std::process::id()));
    fs::File::create_new(&draft)?;
    fs::remove_file(&draft)
}

/// Reports on a recorded run. Nothing is sent.
pub fn start(arguments: ReportArguments, app: &App) -> Result<Exit, Failure> {
    let mut project = Project::read(&app.shared)?;
    arguments.needs.check()?;
    arguments.output.check()?;
    project.add_datasets(&arguments.dataset);
    let dir = arguments.run.map_or_else(|| newest(&project), Ok)?;
    let record = Record::open(&dir).map_err(|error| Failure::setup(error.to_string()))?;
    if summaries::decide_as_begun(&mut project, &record.plan) && !app.shared.quiet {
        eprintln!(
            "note: the verdict rests on the settings with which the run was started, not on [decide] of today; flags \
             override them"
        );
    }
    arguments.needs.lay_over(&mut project.config.decide);
    let mut options = summaries::options(&project, &app.environment)?;
    options.prices = arguments.prices.as_deref().map(prices).transpose()?;
    options.judge.name = arguments.judge;
    options.labels = crate::labels_audit::labels_of(&arguments.labels)?;
    if let Some(name) = &arguments.baseline {
        options.baseline = Some(side(name, &project, &options)?.scores);
    }
    let embed = arguments.output.embed;
    reported(&record, &options, &project, embed, app, |reporter| match arguments.check {
        true => reporter.check(&arguments.output.output),
        false => reporter.put_out(&arguments.output, true).map(|()| Exit::Pass),
    })
}

/// Scores a record and reports on it.
pub fn reported<T>(
    record: &Record,
    options: &Options,
    project: &Project,
    embed: Embed,
    app: &App,
    report: impl FnOnce(&Reporter<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let scored = score(record, options)?;
    let summary = Summary::of_scored(&scored, options)?;
    report(&Reporter { record, scored: &scored, summary: &summary, gate: None, options, project, embed, app })
}

/// Everything a report is made of.
#[derive(Clone, Copy)]
pub struct Reporter<'a> {
    /// The run.
    pub record: &'a Record,
    /// Its scores.
    pub scored: &'a Scored<'a>,
    /// Its summary.
    pub summary: &'a Summary,
    /// What the run was held against, if it was.
    pub gate: Option<&'a GateReport>,
    /// How it was summarised.
    pub options: &'a Options,
    /// The project, which says whose media may be shown.
    pub project: &'a Project,
    /// Which media are in a page.
    pub embed: Embed,
    /// Flags, and where previews are kept.
    pub app: &'a App,
}

impl Reporter<'_> {
    /// Prints, and writes the files that were asked for.
    pub fn put_out(&self, output: &Output, full: bool) -> Result<(), Failure> {
        let app = self.app;
        for path in &output.output {
            self.write(path)?;
            if !app.shared.quiet {
                eprintln!("written {}", path.display());
            }
        }
        match output.format {
            None | Some(Format::Text) => {
                let look = Look {
                    columns: columns(&app.environment),
                    color: app.shared.wants_color(&app.environment),
                };
                let text = match full {
                    true => eval_report::terminal(self.summary, look),
                    false => eval_report::terminal_brief(self.summary, look),
                };
                print(text.trim_end())
            }
            Some(format) => {
                let bytes = self.render(format, None)?;
                Failure::unless_closed(std::io::stdout().lock().write_all(&bytes))
            }
        }
    }

    /// Writes one report; the ending of its name decides about the format.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let format = Format::of_path(path).map_err(Failure::setup)?;
        let failed = |error: std::io::Error| {
            Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
        };
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(failed)?;
        fs::write(path, self.render(format, Some(folder))?).map_err(failed)
    }

    /// Writes the page that `view` opens, into the record itself: never through a link of a stranger's record, and into
    /// the place of what is there, which may be another name of a file elsewhere.
    pub fn write_page(&self) -> Result<(), Failure> {
        let path = self.record.path("report.html");
        let draft = self.record.path(&format!("report.html.{}.draft", std::process::id()));
        let failed = |error: std::io::Error| {
            Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
        };
        vision_files::check_target(&path)
            .map_err(|refused| Failure::new(Exit::Output, format!("{} {refused}", path.display())))?;
        let page = self.render(Format::Html, Some(&self.record.dir))?;
        // What an earlier process left, or a stranger put there, is not written into.
        fs::remove_file(&draft).ok();
        let mut file = fs::File::create_new(&draft).map_err(failed)?;
        file.write_all(&page).and_then(|()| fs::rename(&draft, &path)).map_err(failed)
    }

    /// Whether these reports are what the record gives.
    fn check(&self, paths: &[PathBuf]) -> Result<Exit, Failure> {
        let mut exit = Exit::Pass;
        for path in paths {
            let format = Format::of_path(path).map_err(Failure::setup)?;
            let there = fs::read(path)
                .map_err(|error| Failure::setup(format!("{} cannot be read: {error}", path.display())))?;
            let given = self.render(format, Some(folder_of(path)))?;
            if there == given {
                eprintln!("{} matches {}", path.display(), self.record.dir.display());
            } else {
                let line = first_difference(&there, &given);
                eprintln!(
                    "{}:{line} does not match {}; regenerate it with `report … -o {}`",
                    path.display(),
                    self.record.dir.display(),
                    path.display()
                );
                exit = Exit::GateFailed;
            }
        }
        Ok(exit)
    }

    /// A report; `folder` is where it will be.
    fn render(&self, format: Format, folder: Option<&Path>) -> Result<Vec<u8>, Failure> {
        let summary = self.summary;
        let text = match format {
            Format::Text => eval_report::terminal(summary, Look { columns: 100, color: false }),
            Format::Markdown => eval_report::markdown(summary),
            Format::Json => eval_report::json(summary),
            Format::Junit => eval_report::junit(summary, self.gate),
            Format::JunitCases => self.of_cases(|cases| eval_report::junit_cases(summary, cases))?,
            Format::Jsonl => self.of_cases(|cases| eval_report::jsonl(cases))?,
            Format::Csv => self.of_cases(|cases| eval_report::csv(cases))?,
            Format::Parquet => return self.of_cases(parquet)?,
            Format::Html => self.page(folder)?,
        };
        Ok(text.into_bytes())
    }

    fn page(&self, folder: Option<&Path>) -> Result<String, Failure> {
        let cache = self.app.environment.cache_folder();
        let media = DatasetMedia::new(self.project, self.record, folder, cache);
        let trade_off = self.scored.trade_off(self.summary, self.options);
        let automation = crate::automate::of_scored(self.record, self.scored, self.project)?;
        let page = Page {
            embed: self.embed,
            automation: automation.as_ref(),
            monthly_volume: self.project.config.decide.monthly_volume,
            trade_off: trade_off.as_ref(),
            threads: self.options.threads,
        };
        self.of_cases(|cases| eval_report::html(self.summary, cases, &media, &page))
    }

    /// What is written of all cases, one after another, or the first thing that is wrong with one.
    fn of_cases<T>(&self, write: impl FnOnce(Cases<'_, '_>) -> T) -> Result<T, Failure> {
        let mut views = self.scored.case_views()?;
        let mut failed = None;
        let text = write(Cases { views: &mut views, failed: &mut failed });
        failed.map_or(Ok(text), |error| Err(Failure::from(error)))
    }
}

/// Whether this build writes such reports.
fn lacking(format: Format) -> Result<(), Failure> {
    match format == Format::Parquet && !cfg!(feature = "parquet") {
        true => Err(Failure::setup(
            "this build writes no parquet; install one that does with: cargo install --path crates/cli --features parquet",
        )),
        false => Ok(()),
    }
}

#[cfg(feature = "parquet")]
fn parquet(cases: Cases<'_, '_>) -> Result<Vec<u8>, Failure> {
    eval_report::parquet(cases).map_err(|error| Failure::new(Exit::Output, format!("parquet: {error}")))
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: Cases<'_, '_>) -> Result<Vec<u8>, Failure> {
    lacking(Format::Parquet).map(|()| Vec::new())
}

/// Cases up to the first that cannot be read.
struct Cases<'a, 'r> {
    views: &'a mut CaseViews<'r>,
    failed: &'a mut Option<SummaryError>,
}

impl Iterator for Cases<'_, '_> {
    type Item = CaseView;

    fn next(&mut self) -> Option<CaseView> {
        self.views.next()?.map_err(|error| *self.failed = Some(error)).ok()
    }
}

/// The folder of a file that was typed.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// The number of the first line that is not the same.
fn first_difference(one: &[u8], other: &[u8]) -> usize {
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (one, other) = (lines(one), lines(other));
    one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count() + 1
}
