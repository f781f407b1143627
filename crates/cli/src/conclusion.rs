//! What happens with a run when it has ended: scores, reports, baseline, gate.

use clap::Args;
use eval_record::{Plan, Record};
use eval_report::Look;
use eval_summary::{Baseline, GateReport, GateRules, Unmet, Verdict};

use crate::app::App;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::gate::{self, Rules};
use crate::media_source::Ahead;
use crate::needs::Needs;
use crate::report::{Output, Reporter, reported};
use crate::settings::Project;
use crate::sides::{baselines, save_baseline, side};
use crate::storage;
use crate::summaries;
use crate::table::columns;

/// What happens with a run when it has ended.
#[derive(Debug, Default, Args)]
pub struct Conclusion {
    #[command(flatten)]
    pub output: Output,

    /// Print the full report instead of the summary
    #[arg(long, help_heading = "Output")]
    full: bool,

    #[command(flatten)]
    needs: Needs,

    #[command(flatten)]
    rules: Rules,

    /// Save the run as a baseline
    #[arg(long, value_name = "NAME", help_heading = "Gate")]
    save_baseline: Option<String>,
}

impl Conclusion {
    /// Finds before anything is spent what would only be found when all is paid for.
    pub fn check(&self, project: &Project, environment: &Environment) -> Result<(), Failure> {
        let options = summaries::options(project, environment)?;
        self.rules.resolve(project)?;
        if let Some(name) = &self.rules.baseline {
            side(name, project, &options)?;
        }
        if let Some(name) = &self.save_baseline {
            Baseline::check_name(name)?;
        }
        self.needs.check()?;
        self.output.check()?;
        self.output.check_places()
    }

    /// Lays what was typed about the verdict over the configuration.
    pub fn lay_over(&self, project: &mut Project) {
        self.needs.lay_over(&mut project.config.decide);
    }

    /// The same for what the plan tells.
    pub fn check_plan(&self, plan: &Plan, project: &Project) -> Result<(), Failure> {
        let (_, rules) = self.rules.resolve(project)?;
        if self.rules.are_asked_for() {
            rules.cutoffs.iter().try_for_each(|cutoff| cutoff.check(plan))?;
        }
        Ok(())
    }

    /// Begins what can be done of the page before the answers are there. It goes on for as long as the result lives.
    pub fn begin(&self, record: &Record, project: &Project, app: &App) -> Ahead {
        Ahead::begin(record, self.output.embed, project, app)
    }

    /// Scores, reports, and gates. A gap in the run is never hidden by a good score.
    pub fn conclude(
        &self,
        record: &Record,
        exit: Exit,
        mut project: Project,
        app: &App,
    ) -> Result<Exit, Failure> {
        summaries::decide_as_begun(&mut project, &record.plan);
        self.needs.lay_over(&mut project.config.decide);
        let mut options = summaries::options(&project, &app.environment)?;
        let (baseline, rules) = self.rules.resolve(&project)?;
        // Without being asked, a baseline that is not there yet is no mistake.
        let baseline = baseline.filter(|name| {
            self.rules.baseline.is_some() || baselines(&project).join(format!("{name}.json")).is_file()
        });
        options.baseline = baseline
            .as_deref()
            .map(|name| side(name, &project, &options))
            .transpose()?
            .map(|side| side.scores);
        reported(record, &options, &project, self.output.embed, app, |reporter| {
            // Where trials are missing, no gate can say anything.
            let has_gaps = exit != Exit::Pass && !reporter.summary.trust.incomplete.is_empty();
            let is_judged = self.rules.are_asked_for() && !has_gaps;
            let gate = is_judged.then(|| judge(reporter, &rules)).transpose();
            // A gate that cannot be applied costs no report.
            self.put_out(&Reporter { gate: gate.as_ref().ok().and_then(Option::as_ref), ..*reporter })?;
            let gate = gate?;
            let judged = gate.as_ref().map(|gate| announce(gate, app)).transpose()?;
            if has_gaps {
                return Ok(exit);
            }
            Ok(match (exit, worse(judged.unwrap_or(Exit::Pass), constraints(&reporter.summary.verdict))) {
                (Exit::Pass, judged) | (_, judged @ Exit::GateFailed) => judged,
                (gap, _) => gap,
            })
        })
    }

    /// Writes and prints all that was asked for.
    fn put_out(&self, reporter: &Reporter<'_>) -> Result<(), Failure> {
        let Reporter { record, scored, summary, project, app, .. } = *reporter;
        record.write_json("summary.json", summary)?;
        reporter.write_page()?;
        reporter.put_out(&self.output, self.full)?;
        gate::append_to_step_summary(&eval_report::markdown(summary), &app.environment);
        if let Some(name) = &self.save_baseline {
            let path = save_baseline(project, &Baseline::of(scored, name)?)?;
            eprintln!("baseline {}", path.display());
        }
        if !app.shared.quiet {
            eprintln!("\nreport   {}", record.path("report.html").display());
            eprintln!("record   {}", storage::named(&record.dir).display());
        }
        Ok(())
    }
}

fn judge(reporter: &Reporter<'_>, rules: &GateRules) -> Result<GateReport, Failure> {
    let Reporter { record, scored, summary, options, .. } = *reporter;
    let now = Baseline::of(scored, &storage::named(&record.dir).display().to_string())?;
    Ok(eval_summary::gate(summary, &now, options.baseline.as_ref(), rules, options)?)
}

/// What the constraints of the verdict make of the exit code.
fn constraints(verdict: &Verdict) -> Exit {
    match verdict.unmet() {
        None => Exit::Pass,
        Some(Unmet::ByAll) => Exit::GateFailed,
        Some(Unmet::InDoubt) => Exit::Inconclusive,
    }
}

/// What is shown outweighs what is not known.
fn worse(gate: Exit, constraints: Exit) -> Exit {
    if gate == Exit::Pass || constraints == Exit::GateFailed { constraints } else { gate }
}

/// The gate, said beside the report.
fn announce(gate: &GateReport, app: &App) -> Result<Exit, Failure> {
    let look = Look { columns: columns(&app.environment), color: false };
    eprintln!("\n{}", eval_report::terminal(gate, look).trim_end());
    gate::announce(gate, &app.environment)?;
    Ok(gate::exit(gate.verdict))
}
