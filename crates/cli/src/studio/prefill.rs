//! Candidates are asked for proposals: planned, quoted, agreed to and recorded as any other run.

use std::fs::File;

use eval::{EndedTrials, Prepared, equip};
use eval_record::Record;
use eval_studio::{Studio, draft};
use vision_core::Usd;

use super::StudioArguments;
use crate::agreed;
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::interrupts;
use crate::plan::{self, Keys};
use crate::run::agree;
use crate::running::{SendFlags, carry_out};
use crate::settings::{Choice, Project};

/// Readers that cost nothing, of which two can agree.
const FREE: [&str; 2] = ["local/fast", "local/accurate"];

/// A run that will give proposals.
pub struct Prefill {
    project: Project,
    prepared: Prepared,
    record: Record,
    _lock: File,
}

/// Who is asked for proposals.
pub fn proposers(arguments: &StudioArguments) -> Vec<String> {
    match (arguments.no_proposals, arguments.provider.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) => FREE.map(str::to_owned).to_vec(),
        (false, false) => arguments.provider.clone(),
    }
}

impl Prefill {
    /// The proposals that are wanted, if any are.
    pub fn wanted(studio: &Studio, arguments: &StudioArguments, app: &App) -> Result<Option<Self>, Failure> {
        if arguments.no_proposals { Ok(None) } else { Self::plan(studio, arguments, app) }
    }

    /// Plans it, and asks whether it may be paid for. Nothing if there is nothing left to ask.
    fn plan(studio: &Studio, arguments: &StudioArguments, app: &App) -> Result<Option<Self>, Failure> {
        if arguments.how.workers.is_some() {
            let message = "proposals are asked for from this machine: leave out --workers";
            return Err(Failure::new(Exit::Usage, message));
        }
        let mut project = Project::read(&app.shared)?;
        arguments.how.lay_over(&mut project);
        project.until_decided = None;
        let provider = proposers(arguments);
        let mut choice = Choice { provider, budget_usd: arguments.budget_usd, ..Choice::default() };
        // Once, to know what the candidates are called.
        project.apply(&choice)?;
        let candidates: Vec<String> =
            project.config.provider.iter().map(eval::ProviderConfig::label).collect();
        let Some(draft) = draft(studio, &candidates)? else { return Ok(None) };
        for line in draft.left_out.iter().filter(|_| !app.shared.quiet) {
            eprintln!("warning: {}", eval_report::escape::terminal(line));
        }
        choice.dataset = vec![draft.folder.display().to_string()];
        let planned = plan::planned_unlabeled(&mut project, &choice, &arguments.traffic, Keys::Now, app);
        let (planned, providers) = match planned {
            // Nobody can be asked this: there are simply no proposals.
            Err(failure) if failure.exit() == Exit::NothingSelected => return Ok(None),
            planned => planned?,
        };
        let warnings = plan::warnings(&planned.plan, &project.prices()?);
        let replayed = arguments.traffic.replay.is_some();
        agree(&planned.plan, &warnings, &arguments.how, replayed, app)?;
        let prepared = equip(planned, &providers)?;
        let time: String = prepared.plan.started.chars().filter(char::is_ascii_alphanumeric).collect();
        let runs = studio.store().folder("runs")?;
        let names = std::iter::once(time.clone()).chain((2..).map(|number| format!("{time}-{number}")));
        let dir = names.map(|name| runs.join(name)).find(|dir| dir.symlink_metadata().is_err());
        let dir = dir.expect("some number is free");
        let (record, lock) = Record::create_locked(&dir, prepared.plan.clone())?;
        agreed::note(&record, &app.environment);
        Ok(Some(Self { project, prepared, record, _lock: lock }))
    }

    /// Asks. What goes wrong is said, and the page stays, unless somebody ended the process: then it says so.
    pub async fn carry_out(self, how: &SendFlags, app: &App) -> Option<Exit> {
        let left = (EndedTrials::default(), Usd::ZERO, false);
        let ended = carry_out(self.prepared, &self.record, left, how, (&self.project, app)).await;
        interrupts::run_is_over();
        match ended {
            Ok(Exit::Interrupted) => return Some(Exit::Interrupted),
            Ok(Exit::Pass) if app.shared.quiet => {}
            Ok(Exit::Pass) => eprintln!("All proposals are there."),
            Ok(_) => eprintln!("Some proposals are missing: see above."),
            Err(failure) => eprintln!("error: {}", eval_report::escape::lines(&failure.to_string())),
        }
        None
    }
}
