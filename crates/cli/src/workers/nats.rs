use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eval::{Event, Observer, Workbench, Workers};
use eval_record::{Plan, Record};
use eval_workers::{Access, Coordinator, Credentials, Notice, Said, Setup, Terms};
use tokio::task::AbortHandle;
use vision_cache::Mode;

use crate::app::App;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::interrupts;
use crate::progress::Progress;
use crate::registry::Providers;
use crate::running::SendFlags;
use crate::settings::Project;
use crate::worker::WorkerArguments;

/// Workers at a broker, for one run.
pub struct Engaged {
    coordinator: Arc<Coordinator>,
    watching: AbortHandle,
}

impl Engaged {
    /// Whoever makes the attempts.
    pub fn workers(&self) -> Arc<dyn Workers> {
        self.coordinator.clone()
    }

    /// They are needed no longer; what is left at the broker is for whoever resumes the run.
    pub async fn dismiss(self, is_complete: bool) {
        self.watching.abort();
        if let Err(reason) = self.coordinator.finish(is_complete).await {
            eprintln!("warning: {reason}");
        }
    }
}

/// Silence after which a worker counts as gone, unless the flag says otherwise.
const SILENCE: Duration = Duration::from_secs(30);

/// Posts the run at its broker, if it is to be carried out by workers.
pub async fn engage(
    how: &SendFlags,
    plan: &Plan,
    record: &Record,
    progress: Arc<Progress>,
    app: &App,
) -> Result<Option<Engaged>, Failure> {
    let Some(url) = &how.workers else { return Ok(None) };
    if how.cache != Mode::Off {
        return Err(Failure::setup(
            "--cache does not work with --workers: answers are cached where they are requested",
        ));
    }
    let run = match record.run_at_broker()? {
        Some(run) => run,
        None => record.name_run_at_broker(drawn())?,
    };
    let access = access(url, app)?;
    let silence = how.worker_timeout.map_or(Ok(SILENCE), Duration::try_from_secs_f64).unwrap_or(SILENCE);
    let terms = Terms { run, silence, max_concurrency: plan.execution.max_concurrency };
    let coordinator = Coordinator::start(&access, plan, &terms).await.map_err(Failure::setup)?;
    let watching = tokio::spawn(watch(coordinator.clone(), progress, url.clone())).abort_handle();
    Ok(Some(Engaged { coordinator, watching }))
}

/// A name that no other run has: the standard library seeds its hashers from the system.
fn drawn() -> u128 {
    let half = || u128::from(RandomState::new().hash_one(std::time::SystemTime::now()));
    half() << 64 | half()
}

/// How often somebody looks whether there are workers.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Says when no worker is there, and when one is again.
async fn watch(coordinator: Arc<Coordinator>, progress: Arc<Progress>, url: String) {
    let mut was_said = String::new();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let reason = match coordinator.presence().await {
            Ok(presence) if presence.workers == 0 && presence.untaken > 0 => {
                format!("no worker is connected; start one with `vision-eval worker {url}`")
            }
            Ok(_) => String::new(),
            Err(error) => format!("the server does not answer: {error}"),
        };
        if reason != was_said && !reason.is_empty() {
            progress.event(Event::Paused { provider: "the run", reason: &reason });
        }
        was_said = reason;
    }
}

/// Works on every run of a broker that this machine can serve.
pub async fn work(arguments: WorkerArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let transport = transport(&app.shared, &Traffic::default())?;
    let environment = app.environment.clone();
    let hashes = app.environment.cache_folder().map(|folder| folder.join("media"));
    let (root, trusted) = (project.root, project.config.provider);
    let open = move |notice: &Notice| -> Result<Workbench, String> {
        let asking = Providers::new(&environment, transport.clone(), true)
            .of_a_record(&trusted)
            .within(notice.plan.execution.timeout_seconds);
        let quoting = Providers::new(&environment, transport.clone(), false).of_a_record(&trusted);
        Workbench::open(&notice.plan, &root, hashes.as_deref(), (&quoting, &asking))
            .map_err(|error| error.to_string())
    };
    let quiet = app.shared.quiet;
    let url = arguments.url.clone();
    let setup = Setup {
        access: access(&arguments.url, app)?,
        remote_at_once: arguments.max_concurrency.get(),
        local_at_once: arguments.local_concurrency.map_or_else(|| app.environment.threads(), usize::from),
        open: Arc::new(open),
        said: Arc::new(move |said| say(&said, &url, quiet)),
        leave: interrupts::work_begins(),
    };
    eval_workers::work(setup).await.map_err(Failure::setup)?;
    Ok(Exit::Pass)
}

/// Tells the person. What a plan or a host says may come from a stranger.
fn say(said: &Said, url: &str, quiet: bool) {
    let line = match said {
        Said::Useless { name, reason } => format!("warning: cannot work on {name}: {reason}"),
        _ if quiet => return,
        Said::Ready => format!("waiting for runs at {url}"),
        Said::Begun { name, served, missing } => {
            for (label, reason) in missing {
                eprintln!(
                    "{}",
                    eval_report::escape::terminal(&format!("warning: {label} is left to others: {reason}"))
                );
            }
            format!("working on {name}: {}", served.join(", "))
        }
        Said::Ended { name, attempts } => {
            format!("done with {name}: {}", eval_report::figures::counted(*attempts, "request"))
        }
    };
    eprintln!("{}", eval_report::escape::terminal(&line));
}

/// The broker's address, and the keys that the environment has for it.
fn access(url: &str, app: &App) -> Result<Access, Failure> {
    Ok(Access {
        url: url.to_owned(),
        credentials: credentials(&app.environment)?,
        certificates: app.shared.ca_certificate.clone(),
        name: "vision-eval".to_owned(),
    })
}

fn credentials(environment: &Environment) -> Result<Credentials, Failure> {
    let get = |name| environment.get(name).map(str::to_owned);
    if let Some(path) = get("NATS_CREDENTIALS") {
        return Ok(Credentials::File(PathBuf::from(path)));
    }
    if let Some(seed) = get("NATS_NKEY") {
        return Ok(Credentials::Nkey(seed));
    }
    match (get("NATS_TOKEN"), get("NATS_USER"), get("NATS_PASSWORD")) {
        (Some(token), _, _) => Ok(Credentials::Token(token)),
        (None, Some(user), Some(password)) => Ok(Credentials::User(user, password)),
        (None, None, None) => Ok(Credentials::None),
        _ => Err(Failure::setup("NATS_USER and NATS_PASSWORD belong together: set both")),
    }
}
