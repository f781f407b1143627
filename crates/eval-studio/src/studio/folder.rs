//! The documents of the opened folder, and how far the work on them is.

use super::{State, Studio};
use crate::Result;
use crate::clock::now;
use crate::documents::{Documents, documents};
use crate::moved::moved;
use crate::view::{Overview, Progress};

/// Who notices that a file has another name.
const MOVED_BY: &str = "studio";

impl Studio {
    /// How far the work is.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn overview(&self, by: &str) -> Result<Overview> {
        let found = self.documents()?;
        let state = self.state()?;
        let progress = |path: &String| self.progress(&state, path, by);
        let list: Vec<Progress> = found.paths.iter().map(progress).collect();
        let pace = crate::pace::seconds(&state.board, &found.paths, &self.fields, by);
        let left = list.iter().filter(|it| !it.done && !it.skipped).count();
        Ok(Overview {
            folder: self.store.root().file_name().unwrap_or_default().to_string_lossy().into_owned(),
            task: self.project.task.name().to_owned(),
            documents: list.len(),
            done: list.iter().filter(|it| it.done).count(),
            skipped: list.iter().filter(|it| it.skipped).count(),
            flagged: list.iter().filter(|it| it.flagged).count(),
            disagreements: list.iter().filter(|it| it.disagreed).count(),
            proposed: state.proposals.len(),
            left_out: found.left_out,
            seconds_each: pace,
            seconds_left: pace.map(|seconds| seconds * left as f64),
            people: state.board.people().map(str::to_owned).collect(),
            list,
        })
    }

    /// The documents of the folder, after what has another name by now was given its labels.
    pub(crate) fn documents(&self) -> Result<Documents> {
        let found = documents(self.store.root())?;
        let mut state = self.state()?;
        let State { board, proposals, contents, .. } = &mut *state;
        let events = moved(self.store.root(), &found.paths, (&*board, &*proposals), contents);
        if !events.is_empty() {
            self.keep(&mut state, &now(), MOVED_BY, events)?;
        }
        Ok(found)
    }
}
