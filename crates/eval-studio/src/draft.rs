//! The dataset without labels that candidates are asked about.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use eval_datasets::{Manifest, Shelf};
use serde_json::json;

use crate::event::Mark;
use crate::studio::Studio;
use crate::{Result, StudioError};

/// Its name, in records.
const NAME: &str = "studio";

/// Its folder in `.studio`.
const FOLDER: &str = "draft";

/// Documents that can be sent, as a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its folder.
    pub folder: PathBuf,
    /// How many documents are in it.
    pub documents: usize,
    /// Those that are not, each with the reason.
    pub left_out: Vec<String>,
}

/// Writes a dataset of the documents that are still to be labeled and that one of these candidates has not answered.
/// Nothing if there are none.
///
/// # Errors
/// If it cannot be written.
pub fn draft(studio: &Studio, candidates: &[String]) -> Result<Option<Draft>> {
    let found = studio.documents()?;
    let wanted = studio.look(|board, proposals| {
        let is_wanted = |path: &String| {
            !board.is_done(path, studio.fields())
                && board.mark(path, Mark::Skipped).is_none()
                && candidates.iter().any(|candidate| !proposals.has_answer(path, candidate))
        };
        found.paths.into_iter().filter(is_wanted).collect::<Vec<_>>()
    })?;
    let folder = studio.store().folder(FOLDER)?;
    let failed = |error: std::io::Error| StudioError::unwritable(&folder, &error);
    // Of an earlier start; what is in it are copies.
    fs::remove_dir_all(&folder).and_then(|()| fs::create_dir_all(folder.join("media"))).map_err(failed)?;
    let (mut shelf, mut cases) = (Shelf::new(Some(&folder)), String::new());
    let (mut count, mut left_out) = (0, Vec::new());
    for document in wanted {
        match shelf.copy(studio.store().root(), &document) {
            Ok(medium) => {
                // One source for what is the same file under two names.
                let line = json!({ "id": document, "media": [medium], "expected": {}, "source": medium });
                cases += &format!("{line}\n");
                count += 1;
            }
            Err(reason) => left_out.push(format!("{document}: {reason}")),
        }
    }
    if count == 0 {
        return Ok(None);
    }
    let (task, mut spec, schema) = studio.project().asked();
    spec.schema = schema.as_ref().map(|_| "schema.json".to_owned());
    let manifest = Manifest {
        name: NAME.to_owned(),
        version: "0".to_owned(),
        licence: "LicenseRef-unknown".to_owned(),
        provenance: "Unlabeled documents that candidates are asked about".to_owned(),
        split: "draft".to_owned(),
        origin: None,
        tasks: BTreeMap::from([(task, spec)]),
    };
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).map_err(failed);
    write("dataset.toml", &toml::to_string_pretty(&manifest).expect("a manifest is plain data"))?;
    if let Some(schema) = &schema {
        write("schema.json", &format!("{schema:#}\n"))?;
    }
    write("cases.jsonl", &cases)?;
    Ok(Some(Draft { folder, documents: count, left_out }))
}
