//! What is labeled in a folder from now on.

use crate::project::Project;
use crate::store::Store;
use crate::token;
use crate::{Result, StudioError};

/// The project to go on with. Labels of other fields would stand for nothing.
pub fn agreed(wanted: Option<Project>, store: &Store) -> Result<Project> {
    let mut wanted = match (wanted, Project::read(store)?) {
        (None, Some(known)) => return Ok(known),
        (None, None) => {
            return Err(StudioError::invalid("say what is labeled: a template, a schema or names of fields"));
        }
        (Some(wanted), Some(known)) => {
            if wanted.fields()? != known.fields()? {
                let place = store.root().join(".studio");
                return Err(StudioError::invalid(format!(
                    "this folder is labeled with other fields already; move {} away to begin anew",
                    place.display()
                )));
            }
            Project { seed: known.seed, ..wanted }
        }
        (Some(wanted), None) => wanted,
    };
    if wanted.seed.is_empty() {
        wanted.seed = token::random();
    }
    wanted.write(store)?;
    Ok(wanted)
}
