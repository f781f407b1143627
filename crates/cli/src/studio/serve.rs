//! A folder or a run is opened, and its page served.

use std::sync::Arc;

use eval_studio::{Choosing, Project, Room, Server, Settings, Studio, StudioError};
use tokio::sync::oneshot;

use super::StudioArguments;
use super::prefill::{Prefill, proposers};
use super::review;
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::settings::read_text;
use crate::table::print;

/// Serves the page; of a folder, asks for proposals meanwhile.
pub async fn start(arguments: StudioArguments, app: &App) -> Result<Exit, Failure> {
    if let Some(room) = review::room(&arguments, app)? {
        let server = Server::bind(room, arguments.port).await?;
        opened(&server, ".studio/review.jsonl in the run's folder")?;
        server.serve().await?;
        return Ok(Exit::Pass);
    }
    let settings = Settings { export: arguments.export.clone(), proposers: proposers(&arguments) };
    let project = project(&arguments)?;
    if project.is_none() && Studio::is_new(&arguments.folder) {
        return choose(arguments, settings, app).await;
    }
    let studio = Arc::new(Studio::open(&arguments.folder, project, settings)?);
    let prefill = Prefill::wanted(&studio, &arguments, app)?;
    let server = Server::bind(Room::Label(studio), arguments.port).await?;
    opened(&server, LABELS)?;
    let proposals = async { prefill?.carry_out(&arguments.how, app).await };
    served(server, proposals).await
}

const LABELS: &str = ".studio/labels.jsonl";

fn opened(server: &Server, kept: &str) -> Result<(), Failure> {
    print(&format!("Open {}", server.address()))?;
    eprintln!("The page is for this machine only; stop it with Ctrl-C. What you do is kept in {kept}.");
    Ok(())
}

/// The fields are chosen in the page; proposals are asked for from then on.
async fn choose(arguments: StudioArguments, settings: Settings, app: &App) -> Result<Exit, Failure> {
    let (tell, told) = oneshot::channel();
    let choosing = Choosing::new(arguments.folder.clone(), settings, move |studio| {
        // Whoever would hear it has ended.
        let _ = tell.send(studio);
    })?;
    let server = Server::bind(Room::Fields(choosing), arguments.port).await?;
    opened(&server, LABELS)?;
    let proposals = async {
        let studio = told.await.ok()?;
        match Prefill::wanted(&studio, &arguments, app) {
            Ok(prefill) => prefill?.carry_out(&arguments.how, app).await,
            Err(failure) => {
                eprintln!("error: no proposals: {}", eval_report::escape::lines(&failure.to_string()));
                None
            }
        }
    };
    served(server, proposals).await
}

/// Serves the page while proposals are asked for, and after: until the process is told to end.
async fn served(server: Server, proposals: impl Future<Output = Option<Exit>>) -> Result<Exit, Failure> {
    let ended = async {
        match proposals.await {
            Some(exit) => exit,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        served = server.serve() => served.map(|()| Exit::Pass).map_err(Failure::from),
        exit = ended => Ok(exit),
    }
}

/// What is labeled, as it was typed; nothing if nothing was.
fn project(arguments: &StudioArguments) -> Result<Option<Project>, Failure> {
    let project = if let Some(name) = &arguments.template {
        Some(Project::from_template(name, &arguments.class)?)
    } else if let Some(path) = &arguments.schema {
        let schema = serde_json::from_str(&read_text(path)?)
            .map_err(|error| Failure::setup(format!("{}: {error}", path.display())))?;
        Some(Project::from_schema(schema)?)
    } else if let Some(path) = &arguments.columns_of {
        Some(Project::from_header(&read_text(path)?)?)
    } else if arguments.field.is_empty() {
        None
    } else {
        Some(Project::from_names(&arguments.field)?)
    };
    let Some(mut project) = project else { return Ok(None) };
    if let Some(order) = &arguments.date_order {
        project.set_date_order(order)?;
    }
    project.blind_share = arguments.blind.unwrap_or(project.blind_share);
    Ok(Some(project))
}

impl From<StudioError> for Failure {
    fn from(error: StudioError) -> Self {
        let exit = if error.kind == eval_studio::Kind::Unwritable { Exit::Output } else { Exit::Setup };
        Self::new(exit, error.to_string())
    }
}
