//! The folder of a run is opened: its cases are reviewed, and while it goes on, it is watched.

use eval_studio::{Live, Review, ReviewSettings, Room};

use super::StudioArguments;
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::media_source::open_folders;
use crate::settings::Project;
use crate::{findings, summaries};

/// The run that was named, if it is one.
pub fn room(arguments: &StudioArguments, app: &App) -> Result<Option<Room>, Failure> {
    let is_elsewhere = vision_files::storage::is_address(&arguments.folder);
    if !is_elsewhere && !arguments.folder.join("plan.json").is_file() {
        return Ok(None);
    }
    if arguments.is_about_labels() {
        let message = format!(
            "{} is a run: fields and proposals are for folders of documents",
            arguments.folder.display()
        );
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut project = Project::read(&app.shared)?;
    project.add_datasets(&arguments.dataset);
    let record = findings::record_here(Some(&arguments.folder), &project)?;
    let (folders, _) = open_folders(&project, &record);
    let settings = ReviewSettings { options: summaries::options(&project, &app.environment)?, folders };
    let review = Review::open(&record.dir, settings)?;
    Ok(Some(Room::Run(Box::new((review, Live::open(&record.dir)?)))))
}
