use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use eval_record::Record;
use eval_report::Look;
use eval_summary::{
    Baseline, Cutoff, GateReport, GateRules, GateVerdict, Options, Summary, explain_gate, gate, score,
};

use crate::app::App;
use crate::compared::{Compared, ComparedOutput, Format};
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::repeating;
use crate::settings::Project;
use crate::sides::{Side, explain, newest, side};
use crate::summaries;
use crate::table::{columns, print};

/// What `gate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval gate
  vision-eval gate --explain
  vision-eval gate runs/ci --baseline main --margin 0.02 -o gate.html -o comment.md
  vision-eval gate --cutoff receipts.score=0.9 --cutoff 'p95<=10@openai/gpt-5.6-luna'

Exit codes: 0 pass or no loss found, 100 regressed or below a cutoff, 3 inconclusive, 5 incomplete, 96 stale baseline.")]
pub struct GateArguments {
    /// Run directory [default: the newest run]
    run: Option<PathBuf>,

    #[command(flatten)]
    rules: Rules,

    /// Show which losses the gate detects and rules out; check no run
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    output: ComparedOutput,
}

/// What a run is held against.
#[derive(Debug, Clone, Default, Args)]
pub struct Rules {
    /// Compare with this baseline
    #[arg(long, value_name = "NAME", help_heading = "Gate")]
    pub baseline: Option<String>,

    /// Tolerate a loss of up to this share of the score [default: 0.01]
    #[arg(long, value_name = "SHARE", value_parser = margin, help_heading = "Gate")]
    pub margin: Option<f64>,

    /// Require that a loss of this share of the score would be detected [default: 0.1]
    #[arg(long, value_name = "SHARE", help_heading = "Gate")]
    pub detect: Option<f64>,

    /// Require a bound: receipts.score=0.9, p95<=10@PROVIDER (repeatable)
    #[arg(long, value_name = "BOUND", help_heading = "Gate")]
    pub cutoff: Vec<Cutoff>,
}

/// The same bounds as in the configuration.
fn margin(text: &str) -> Result<f64, String> {
    let margin = text.parse().map_err(|_| "not a share such as 0.01".to_owned())?;
    eval::check_margin(margin)
}

impl Rules {
    /// What was typed, and what the configuration says.
    pub fn resolve(&self, project: &Project) -> Result<(Option<String>, GateRules), Failure> {
        let config = &project.config.gate;
        let mut cutoffs = self.cutoff.clone();
        for text in &config.cutoff {
            cutoffs.push(
                text.parse().map_err(|message: String| Failure::setup(format!("eval.toml: {message}")))?,
            );
        }
        let usual = GateRules::default();
        let margin = self.margin.or(config.margin).unwrap_or(usual.margin);
        let rules = GateRules {
            margin,
            detect: self.detect.or(config.detect).unwrap_or(usual.detect.max(margin)),
            cutoffs,
        };
        Ok((self.baseline.clone().or_else(|| config.baseline.clone()), rules))
    }

    /// Whether somebody asked for a gate.
    pub fn are_asked_for(&self) -> bool {
        self.baseline.is_some() || !self.cutoff.is_empty()
    }
}

/// Holds a run against a baseline and bounds.
pub fn start(arguments: GateArguments, app: &App) -> Result<Exit, Failure> {
    let mut project = Project::read(&app.shared)?;
    arguments.output.check()?;
    project.add_datasets(&arguments.output.dataset);
    if arguments.explain {
        return explain_rules(&arguments, &project, app);
    }
    let dir = arguments.run.map_or_else(|| newest(&project), Ok)?;
    let (baseline, rules) = arguments.rules.resolve(&project)?;
    if baseline.is_none() && rules.cutoffs.is_empty() {
        let advice = "nothing to hold the run against: name a --baseline or a --cutoff, here or in eval.toml";
        return Err(Failure::new(Exit::Usage, advice));
    }
    let options = summaries::options(&project, &app.environment)?;
    let baseline = baseline.map(|name| side(&name, &project, &options)).transpose()?;
    let (mut report, now) = judge(&dir, baseline.as_ref(), &rules, &options)?;
    if let (Some(against), Some(before)) = (&mut report.against, &baseline) {
        explain(against, before, &now, &project, &options)?;
    }
    let name = format!("gate-{}", report.baseline.as_ref().unwrap_or(&report.run));
    let sides: Vec<Side> = baseline.into_iter().chain([now]).collect();
    Compared {
        printed: &report,
        name: &name,
        sides: &sides,
        page: eval_report::gate_html,
        project: &project,
        options: &options,
        app,
    }
    .put_out(&arguments.output)?;
    announce(&report, &app.environment)?;
    Ok(exit(report.verdict))
}

/// What a gate can see with this baseline.
fn explain_rules(arguments: &GateArguments, project: &Project, app: &App) -> Result<Exit, Failure> {
    let (baseline, rules) = arguments.rules.resolve(project)?;
    let Some(name) = baseline else {
        return Err(Failure::new(Exit::Usage, "--explain needs a --baseline, here or in eval.toml"));
    };
    let baseline = side(&name, project, &summaries::options(project, &app.environment)?)?;
    let explanation = explain_gate(&baseline.scores, &rules)?;
    let look = Look { columns: columns(&app.environment), color: app.shared.wants_color(&app.environment) };
    let text = match arguments.output.format {
        Format::Text => eval_report::terminal(&explanation, look),
        Format::Markdown | Format::Github => eval_report::markdown(&explanation),
        Format::Json => eval_report::json(&explanation),
        Format::Html => {
            return Err(Failure::new(Exit::Usage, "--explain has no page: use text, markdown or json"));
        }
    };
    print(text.trim_end())?;
    Ok(Exit::Pass)
}

/// The verdict on a recorded run, and the run as one of the sides.
fn judge(
    dir: &Path,
    baseline: Option<&Side>,
    rules: &GateRules,
    options: &Options,
) -> Result<(GateReport, Side), Failure> {
    let record = Record::open(dir).map_err(|error| Failure::setup(error.to_string()))?;
    let options = Options { baseline: baseline.map(|side| side.scores.clone()), ..options.clone() };
    let (report, scores) = {
        let scored = score(&record, &options)?;
        let summary = Summary::of_scored(&scored, &options)?;
        let now = Baseline::of(&scored, &dir.display().to_string())?;
        (gate(&summary, &now, options.baseline.as_ref(), rules, &options)?, now)
    };
    let report = GateReport { command: Some(repeating::command()), ..report };
    Ok((report, Side { scores, record: Some(record), is_mixed: false }))
}

/// The verdict goes into the job's summary, and regressions beside the pull request, where the service has them.
pub fn announce(report: &GateReport, environment: &Environment) -> Result<(), Failure> {
    append_to_step_summary(&eval_report::markdown(report), environment);
    if environment.get("GITHUB_ACTIONS") != Some("true") {
        return Ok(());
    }
    // The service reads both streams, and the other is for data.
    Failure::unless_closed(write!(std::io::stderr().lock(), "{}", eval_report::annotations(report)))
}

/// Appends to the summary of a CI job, if there is one. Nobody asked for it, so that a failure, as in a container that was
/// handed the variable and not the file, does not change how a command ends.
pub fn append_to_step_summary(text: &str, environment: &Environment) {
    let Some(path) = environment.get("GITHUB_STEP_SUMMARY") else { return };
    let file = std::fs::File::options().create(true).append(true).open(path);
    if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
        eprintln!("warning: the job summary {path} cannot be written: {error}");
    }
}

/// The exit code of a verdict. What could hide a loss is never 0.
pub fn exit(verdict: GateVerdict) -> Exit {
    match verdict {
        GateVerdict::Pass | GateVerdict::NoLossFound => Exit::Pass,
        GateVerdict::Inconclusive => Exit::Inconclusive,
        GateVerdict::Stale => Exit::Setup,
        GateVerdict::Incomplete => Exit::Incomplete,
        GateVerdict::Regressed => Exit::GateFailed,
    }
}
