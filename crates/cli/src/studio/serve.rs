//! The folder is opened, its fields agreed on, and the page served.

use std::sync::Arc;

use eval_studio::{Project, Server, Settings, Studio, StudioError};

use super::StudioArguments;
use super::prefill::Prefill;
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::settings::read_text;
use crate::table::print;

/// Asks for proposals while the page is there already.
pub async fn start(arguments: StudioArguments, app: &App) -> Result<Exit, Failure> {
    let settings = Settings { export: arguments.export.clone() };
    let studio = Arc::new(Studio::open(&arguments.folder, project(&arguments)?, settings)?);
    let prefill = match arguments.no_proposals {
        true => None,
        false => Prefill::plan(&studio, &arguments, app)?,
    };
    let server = Server::bind(studio, arguments.port).await?;
    print(&format!("Open {}", server.address()))?;
    eprintln!(
        "The page is for this machine only; stop it with Ctrl-C. Labels are kept in .studio/labels.jsonl."
    );
    let proposals = async {
        if let Some(prefill) = prefill {
            prefill.carry_out(&arguments.how, app).await;
        }
    };
    let (served, ()) = tokio::join!(server.serve(), proposals);
    served?;
    Ok(Exit::Pass)
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
        Self::setup(error.to_string())
    }
}
