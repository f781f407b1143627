use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use eval::Planned;
use eval_report::escape;
use eval_report::figures::money;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::plan::{Keys, now, planned, quote_table};
use crate::registry::{self, Providers};
use crate::settings::{Choice, Project, Shared};
use crate::table::{columns, print};

mod asking;
mod candidates;
mod config;
pub mod data;
mod finds;
mod folder;
mod peers;
mod workflow;

use config::{Data, Proposal, name_of, round_budget, slashed};
use data::Labels;
use folder::Folder;
use workflow::Workflow;

/// What `init` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval init
  vision-eval init --yes
  vision-eval init ~/receipts --no-ci")]
pub struct InitArguments {
    /// Project directory
    #[arg(default_value = ".")]
    folder: PathBuf,

    /// Accept every proposal without asking; import the labels that were found
    #[arg(short, long)]
    yes: bool,

    /// Do not write a CI workflow
    #[arg(long)]
    no_ci: bool,

    /// Overwrite existing files
    #[arg(long)]
    force: bool,
}

const SCHEMA: &str = include_str!("../../../schemas/eval.schema.json");

/// Looks at the folder, writes what a project needs to begin, and says what to do next.
pub fn start(arguments: &InitArguments, app: &App) -> Result<Exit, Failure> {
    let root = root(arguments);
    fs::create_dir_all(if root.as_os_str().is_empty() { Path::new(".") } else { root })
        .map_err(|error| unwritten(root, &error))?;
    // The keys of the project that is set up, not of the folder that somebody stands in.
    let shared = Shared { config: Some(root.join("eval.toml")), ..app.shared.clone() };
    let app =
        App { shared, environment: app.environment.clone().with_file(root, registry::may_stand_in_a_file) };
    let config = root.join("eval.toml");
    // A cloned folder may hold links in the place of files that are written here.
    let workflow = (!arguments.no_ci).then(|| Workflow::of(root));
    let own = ["eval.toml", "eval.schema.json", ".gitignore"].map(|name| (root, root.join(name)));
    let shared = workflow.as_ref().map(|it| (it.repository.as_path(), it.path.clone()));
    for (folder, path) in own.into_iter().chain(shared) {
        vision_files::check_target_below(folder, &path)
            .map_err(|refused| Failure::new(Exit::Output, format!("{} {refused}", path.display())))?;
    }
    let is_asking = !arguments.yes && app.environment.is_interactive();
    let (next, proposal) = match config.exists() && !arguments.force {
        true => (finish(arguments, root, is_asking, &app)?, None),
        false => propose(arguments, root, is_asking, &app)?,
    };
    match &proposal {
        Some(proposal) => write(&config, &proposal.text(), true)?,
        None => print(&format!("kept    {}", config.display()))?,
    }
    write(&root.join("eval.schema.json"), SCHEMA, arguments.force)?;
    if let Some(workflow) = workflow {
        write(&workflow.path, &workflow.text, arguments.force)?;
    }
    ignore_runs(root)?;
    if let (Next::Run, Some(proposal)) = (&next, proposal) {
        quote(proposal, is_asking, &config, &app)?;
    }
    print(&next.text())?;
    Ok(Exit::Pass)
}

/// The project's folder; empty for the current one, so that names are printed without a `./`.
fn root(arguments: &InitArguments) -> &Path {
    arguments.folder.strip_prefix(".").unwrap_or(&arguments.folder)
}

/// What is to be done after `init`.
#[derive(Debug)]
enum Next {
    /// Labels were found and not imported: the command that does it.
    Import(String),
    /// Nothing is labeled.
    Label,
    /// Nothing is labeled, but there are documents to label: the folder.
    Studio(String),
    /// There is a configuration that may need a look.
    Plan,
    /// Everything is planned.
    Run,
}

impl Next {
    fn text(&self) -> String {
        let import = match self {
            Self::Import(command) => Some((command.as_str(), "the labels that were found")),
            Self::Label => Some((
                "vision-eval datasets import csv labels.csv datasets/mine",
                "your own files and labels: columns `file` and `label`",
            )),
            Self::Studio(command) => {
                Some((command.as_str(), "label the documents, and export them as a dataset"))
            }
            Self::Plan | Self::Run => None,
        };
        let plan = ("vision-eval plan", "what it would ask and cost");
        let plan = (!matches!(self, Self::Run)).then_some(plan);
        let rest = [
            ("vision-eval run", "ask, score, report"),
            ("vision-eval baseline set main", "what CI compares later runs with"),
        ];
        let lines: Vec<_> = import.into_iter().chain(plan).chain(rest).collect();
        let width = lines.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
        let lines = lines.into_iter().map(|(command, about)| format!("\n  {command:<width$}  # {about}"));
        format!("\nNext:{}", lines.collect::<String>())
    }
}

/// What the configuration should hold, after labels were imported where that is wanted.
fn propose(
    arguments: &InitArguments,
    root: &Path,
    is_asking: bool,
    app: &App,
) -> Result<(Next, Option<Proposal>), Failure> {
    let folder = Folder::look(root);
    let peers = peers::find(root, &folder, &app.environment);
    let transport = transport(&app.shared, &Traffic::default())?;
    let providers = Providers::new(&app.environment, transport, false).for_a_quote();
    let candidates = candidates::propose(&peers, &app.environment, &providers, &now()[..10]);
    let (existing, broken) = data::existing(root, &folder);
    let labels = if existing.is_empty() { data::labels(root, &folder) } else { None };
    finds::show(&folder, &existing, labels.as_ref(), &peers, &candidates)?;
    for problem in broken {
        eprintln!("warning: {}", escape::lines(&problem));
    }
    let mut next = if existing.is_empty() { to_label(root, &folder) } else { Next::Run };
    let existing = existing.into_iter().map(|it| Data { path: slashed(&it.path), cases: Some(it.cases) });
    let mut data: Vec<Data> = existing.collect();
    if let Some(labels) = labels {
        next = Next::Import(labels.command());
        if let Some(cases) = imported(labels, arguments.yes, is_asking, app)? {
            data.push(Data { path: data::TARGET.to_owned(), cases: Some(cases) });
            next = Next::Run;
        }
    }
    Ok((next, Some(Proposal { name: name_of(root), data, candidates, budget: None })))
}

/// What an earlier `init` began: labels that were found then, or came since, are imported where the configuration waits
/// for them.
fn finish(arguments: &InitArguments, root: &Path, is_asking: bool, app: &App) -> Result<Next, Failure> {
    // What is wrong with the configuration is for `plan` to say.
    let Ok(project) = Project::read(&app.shared) else { return Ok(Next::Plan) };
    let is_waiting = project.config.dataset.iter().any(|dataset| dataset.path == data::TARGET);
    if !is_waiting || root.join(data::TARGET).exists() {
        return Ok(Next::Plan);
    }
    let folder = Folder::look(root);
    let Some(labels) = data::labels(root, &folder) else { return Ok(to_label(root, &folder)) };
    let command = labels.command();
    Ok(match imported(labels, arguments.yes, is_asking, app)? {
        Some(_) => Next::Plan,
        None => Next::Import(command),
    })
}

/// Documents without labels are labeled in the studio.
fn to_label(root: &Path, folder: &Folder) -> Next {
    match folder.media.keys().next() {
        Some(media) => {
            let documents = if folder.media.len() == 1 { root.join(media) } else { root.to_owned() };
            let target = root.join(data::TARGET);
            let (documents, target) = (data::quoted(&documents), data::quoted(&target));
            Next::Studio(format!("vision-eval studio {documents} --export {target}"))
        }
        None => Next::Label,
    }
}

/// Imports labels where that is wanted; the count of cases, if it was done.
fn imported(labels: Labels, yes: bool, is_asking: bool, app: &App) -> Result<Option<usize>, Failure> {
    use crate::datasets::import::{carry_out, questions};
    let Labels { mut import, questions: open, input, .. } = labels;
    let input = escape::lines(&input.display().to_string());
    if is_asking {
        if !asking::confirm(&format!("Import the labels of {input} into {}?", data::TARGET))? {
            return Ok(None);
        }
        questions::ask(&open, &mut import)?;
    } else if !yes || !open.is_empty() {
        return Ok(None);
    }
    Ok(Some(carry_out(&import, &app.environment)?.cases))
}

/// Plans with what was written, shows the quote, and sets the budget that it calls for.
fn quote(mut proposal: Proposal, is_asking: bool, config: &Path, app: &App) -> Result<(), Failure> {
    let mut project = Project::read(&app.shared)?;
    let choice = Choice::default();
    let (Planned { plan, .. }, _) = planned(&mut project, &choice, &Traffic::default(), Keys::Later, app)?;
    print(&format!("\n{}", quote_table(&plan, columns(&app.environment))))?;
    let (sum, _) = plan.quote.total();
    if sum.high.0 > 0.0 {
        let usual = round_budget(sum.high.0);
        let budget = match is_asking {
            true => asking::amount("Budget of a run in US dollars", usual)?,
            false => usual,
        };
        proposal.budget = Some(budget);
        put(config, &proposal.text())?;
        print(&format!("budget of a run: {} (budget_usd in eval.toml)", money(budget)))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        print(&format!("kept    {}", path.display()))?;
        return Ok(());
    }
    put(path, text)?;
    print(&format!("written {}", path.display()))
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    made.map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
}

/// Runs and keys do not belong into a repository.
fn ignore_runs(folder: &Path) -> Result<(), Failure> {
    let path = folder.join(".gitignore");
    let known = fs::read_to_string(&path).unwrap_or_default();
    let missing: Vec<_> =
        ["/runs/", ".env"].into_iter().filter(|line| !known.lines().any(|it| it.trim() == *line)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let gap = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    put(&path, &format!("{known}{gap}{}\n", missing.join("\n")))?;
    print(&format!("written {}", path.display()))
}
