//! Decisions leave the review: as a queue that `labels apply` takes, or at once as a new version of a dataset.

use eval_datasets::Dataset;
use eval_decide::labels::{Decided, Ruling, corrected, events, next_version, outstanding};
use serde::Serialize;
use serde_json::{Value, json};

use super::Review;
use super::desk::Standing;
use super::event::Ruled;
use crate::exchange::Written;
use crate::{Result, StudioError};

/// A new version of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// The dataset's name.
    pub dataset: String,
    /// Its folder.
    pub folder: String,
    /// The version before.
    pub from: String,
    /// The version now.
    pub version: String,
    /// Values that changed.
    pub changed: usize,
    /// Decisions in all.
    pub decided: usize,
}

impl Review {
    /// Every decision that stands, as lines that `vision-eval labels apply` takes.
    ///
    /// # Errors
    /// If nothing is decided.
    pub fn decisions(&self) -> Result<Written> {
        let state = self.state();
        let standing = state.desk.cases().flat_map(|(_, case)| case.standing());
        let text: String = standing.map(|it| line(it).to_string() + "\n").collect();
        match text.is_empty() {
            true => Err(StudioError::invalid("nothing is decided yet")),
            false => Ok(Written { name: "decisions.jsonl".to_owned(), text, left_out: 0 }),
        }
    }

    /// Writes what was decided about a dataset into its folder, as a new version.
    ///
    /// # Errors
    /// If its folder may not be opened, a label was changed there since, or it cannot be written.
    pub fn apply(&self, dataset: &str, at: &str) -> Result<Applied> {
        let folder = self.settings.folders.get(dataset).ok_or_else(|| {
            StudioError::invalid(format!(
                "the folder of `{dataset}` may not be opened from here: download the decisions and use `vision-eval labels apply`"
            ))
        })?;
        let state = self.state();
        let standing = state.desk.cases().filter(|(of, _)| of.dataset == dataset);
        let decided: Vec<Decided> = standing.flat_map(|(_, case)| case.standing()).map(decided).collect();
        if decided.is_empty() {
            return Err(StudioError::invalid(format!("nothing is decided about `{dataset}`")));
        }
        let problem = |problem: eval_datasets::Problem| StudioError::files(&problem.path, &problem.message);
        let known = Dataset::open(folder).map_err(problem)?;
        let path = known.cases_path();
        let text = vision_files::read_text(&path, vision_files::TEXT)
            .map_err(|refused| StudioError::files(&path, refused))?;
        let decided = outstanding(&text, decided);
        if decided.is_empty() {
            return Err(StudioError::invalid(format!(
                "`{dataset}` says all that was decided already: there is nothing new to apply"
            )));
        }
        let (cases, changed) = corrected(&text, &decided)
            .map_err(|message| StudioError::conflict(format!("{}: {message}", path.display())))?;
        let version = next_version(&known.manifest.version);
        known.write_version(&version, &cases, &events(&decided, &version, "", at)).map_err(problem)?;
        Ok(Applied {
            dataset: dataset.to_owned(),
            folder: folder.display().to_string(),
            from: known.manifest.version,
            version,
            changed,
            decided: decided.len(),
        })
    }
}

fn decided(standing: &Standing) -> Decided {
    let decision = &standing.decision;
    Decided {
        at: "the run".to_owned(),
        case: decision.of.case.clone(),
        field: decision.field.clone(),
        label: decision.from.clone(),
        ruling: match &decision.ruling {
            Ruled::Kept => Ruling::Keep,
            Ruled::Value(value) => Ruling::Replace(value.clone()),
            Ruled::Absent => Ruling::Replace(Value::Null),
            Ruled::Unlabeled => Ruling::Unlabel,
            Ruled::Also(value) => Ruling::Also(value.clone()),
        },
        reason: decision.reason.clone(),
        author: standing.by.clone(),
    }
}

/// As a line of the queue of `labels audit`.
fn line(standing: &Standing) -> Value {
    let decision = &standing.decision;
    let (word, value) = match &decision.ruling {
        Ruled::Kept => ("keep", Value::Null),
        Ruled::Value(value) => ("replace", value.clone()),
        Ruled::Absent => ("absent", Value::Null),
        Ruled::Unlabeled => ("unlabel", Value::Null),
        Ruled::Also(value) => ("also", value.clone()),
    };
    json!({
        "dataset": decision.of.dataset, "case": decision.of.case, "field": decision.field, "label": decision.from,
        "suggestion": null, "decision": word, "value": value, "reason": decision.reason, "author": standing.by,
        "at": standing.at,
    })
}
