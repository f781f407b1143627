use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use eval_metrics::NAMED;
use eval_record::Record;
use eval_summary::{Rescore, TrialStatus, case_views};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::settings::Project;
use crate::summaries;
use crate::table::{columns, print};

/// What `score` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval score --metric anls --cases pairs.jsonl
  vision-eval score runs/20261121T100000Z-eval
  vision-eval score runs/20261121T100000Z-eval --metric exact_match
  vision-eval score --list")]
pub struct ScoreArguments {
    /// Run to re-score
    #[arg(conflicts_with = "cases")]
    run: Option<PathBuf>,

    /// Set the metric; for a run, instead of the planned ones
    #[arg(long, value_name = "NAME")]
    metric: Option<String>,

    /// Score pairs, one JSON object per line: case_id, expected, predicted, params; - is stdin
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,

    /// List and explain all metrics
    #[arg(long)]
    list: bool,
}

/// Scores pairs or a run.
pub fn start(arguments: &ScoreArguments, app: &App) -> Result<Exit, Failure> {
    if arguments.list {
        print(&list(columns(&app.environment)))?;
        return Ok(Exit::Pass);
    }
    match (&arguments.run, &arguments.metric) {
        (Some(run), metric) => score_run(run, metric.as_deref(), app),
        (None, Some(metric)) => score_pairs(metric, arguments.cases.as_deref()),
        (None, None) => {
            Err(Failure::new(Exit::Usage, "name a run, or a --metric with --cases, or ask for --list"))
        }
    }
}

/// Every metric, statistic and decision with what it is about, in lines of at most so many columns.
fn list(columns: usize) -> String {
    let metrics = NAMED.iter().map(|metric| (metric.name, metric.about));
    let statistics = eval_statistics::NAMED.iter().map(|statistic| (statistic.name, statistic.about));
    let decisions = eval_decide::NAMED.iter().map(|decision| (decision.name, decision.about));
    let look = textwrap::Options::new(columns)
        .initial_indent("    ")
        .subsequent_indent("    ")
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let entry = |(name, about): (&str, &str)| {
        let lines: Vec<String> = about.lines().map(|line| textwrap::fill(line.trim(), &look)).collect();
        format!("{name}\n{}\n", lines.join("\n"))
    };
    metrics.chain(statistics).chain(decisions).map(entry).collect::<Vec<_>>().join("\n")
}

/// A way from `(expected, predicted, params)` to a score object.
type Scorer = Box<dyn Fn(&Value, &Value, &Value) -> Result<Value, String>>;

fn scorer(name: &str) -> Result<Scorer, Failure> {
    if let Some(metric) = eval_metrics::named(name) {
        return Ok(Box::new(|expected, predicted, params| {
            (metric.score)(expected, predicted, params).map_err(|error| error.to_string())
        }));
    }
    if let Some(statistic) = eval_statistics::NAMED.iter().find(|statistic| statistic.name == name) {
        return Ok(Box::new(|_, predicted, params| {
            (statistic.score)(predicted, params).map_err(|error| error.to_string())
        }));
    }
    if let Some(decision) = eval_decide::NAMED.iter().find(|decision| decision.name == name) {
        return Ok(Box::new(|expected, predicted, params| {
            (decision.score)(expected, predicted, params).map_err(|error| error.to_string())
        }));
    }
    let known = NAMED.iter().map(|it| it.name).chain(eval_statistics::NAMED.iter().map(|it| it.name));
    let known = known.chain(eval_decide::NAMED.iter().map(|it| it.name));
    let near = eval_datasets::nearest(name, known);
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(Failure::setup(format!(
        "there is no metric `{name}`{hint} (`vision-eval score --list` names them all)"
    )))
}

#[derive(Deserialize)]
struct Pair {
    case_id: Value,
    #[serde(default)]
    expected: Value,
    #[serde(default)]
    predicted: Value,
    #[serde(default)]
    params: Value,
}

fn score_pairs(metric: &str, path: Option<&Path>) -> Result<Exit, Failure> {
    let score = scorer(metric)?;
    let name = path.map_or("stdin".to_owned(), |path| path.display().to_string());
    let reader: Box<dyn BufRead> = match path {
        Some(path) if path != Path::new("-") => {
            let file = File::open(path)
                .map_err(|error| Failure::setup(format!("{name} cannot be read: {error}")))?;
            Box::new(BufReader::new(file))
        }
        _ => Box::new(BufReader::new(std::io::stdin())),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut bad = 0;
    for (number, line) in (1..).zip(reader.split(b'\n')) {
        let line =
            line.map_err(|error| Failure::setup(format!("{name}:{number}: cannot be read: {error}")))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let pair: Result<Pair, String> = serde_json::from_slice(&line).map_err(|error| error.to_string());
        let scored = pair.and_then(|pair| {
            let params = if pair.params.is_null() { json!({}) } else { pair.params };
            let score = score(&pair.expected, &pair.predicted, &params)?;
            Ok(json!({ "case_id": pair.case_id, "score": score }))
        });
        match scored {
            Ok(scored) => writeln!(out, "{scored}").map_err(Failure::output)?,
            Err(message) => {
                bad += 1;
                eprintln!("{name}:{number}: {}", eval_report::escape::terminal(&message));
            }
        }
    }
    out.flush().map_err(Failure::output)?;
    match bad {
        0 => Ok(Exit::Pass),
        _ => Err(Failure::setup(format!("{bad} lines of {name} could not be scored; all others were"))),
    }
}

/// One line per answer of a run, and the table of its means on stderr.
fn score_run(run: &Path, metric: Option<&str>, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let record = Record::open(run).map_err(|error| Failure::setup(error.to_string()))?;
    let mut options = summaries::options(&project, &app.environment)?;
    options.metric = metric.map(|metric| Rescore { metric: metric.to_owned(), settings: Value::Null });
    let mut out = BufWriter::new(std::io::stdout().lock());
    for case in case_views(&record, &options)? {
        let case = case?;
        for answer in case.answers.iter().filter(|answer| answer.status != TrialStatus::Missing) {
            let line = json!({
                "case_id": case.case, "dataset": case.dataset, "task": case.task, "provider": answer.provider,
                "repeat": answer.repeat, "score": answer.values, "headline": answer.score,
            });
            writeln!(out, "{line}").map_err(Failure::output)?;
        }
    }
    out.flush().map_err(Failure::output)?;
    Ok(Exit::Pass)
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn the_list_of_metrics_fits_the_terminal_and_loses_no_word() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let wide = list(100_000);
        for columns in [80, 60] {
            let text = list(columns);
            let longest = text.lines().map(console::measure_text_width).max();
            assert!(longest <= Some(columns), "{text}");
            assert_eq!(words(&text), words(&wide));
        }
    }
}
