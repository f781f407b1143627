//! The dataset that a judge is asked about, and which answers belong into it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use eval_datasets::{Manifest, MediaRef, Shelf, TaskSpec};
use eval_record::{Canary, JudgeName, JudgedAnswer, JudgedCheck, LineWriter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::item::Item;
use crate::{JudgeError, Prompt};

/// The dataset's folder within a judging's.
pub const DATASET: &str = "dataset";

/// The run's folder within a judging's.
pub const RUN: &str = "run";

pub(crate) const ITEMS: &str = "items.jsonl";

/// The name of the dataset, in records.
const NAME: &str = "judging";

/// Tokens of a reply for each check, quotation included, and for thinking before.
const TOKENS_PER_CHECK: usize = 120;
const TOKENS_TO_THINK: usize = 1_024;

/// A line of `items.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asked {
    #[serde(flatten)]
    pub item: Item,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    pub saw_media: bool,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Answers that are put before the judge.
    pub answers: usize,
    /// Those whose media it does not see.
    pub without_media: usize,
    /// Media that are not there, each with the reason.
    pub left_out: Vec<String>,
}

/// The answers and canaries that this judge has not judged by the checks as they are.
#[must_use]
pub fn unjudged(
    items: Vec<Item>,
    canaries: Vec<(Item, Canary)>,
    said: &[JudgedAnswer],
    judge: &JudgeName,
) -> Vec<(Item, Option<Canary>)> {
    let mut known: HashMap<&str, &JudgedAnswer> = HashMap::new();
    for line in said.iter().filter(|line| line.judge == *judge) {
        known.insert(&line.answer, line);
    }
    let is_judged = |item: &Item| {
        known.get(item.id.as_str()).is_some_and(|line| {
            let is_same = |judged: &JudgedCheck| {
                item.checks.iter().any(|check| check.path == judged.path && check.text == judged.text)
            };
            // What cannot be read is not asked again and again.
            line.unreadable || line.checks.iter().all(is_same)
        })
    };
    let own = items.into_iter().map(|item| (item, None));
    let all = own.chain(canaries.into_iter().map(|(item, kind)| (item, Some(kind))));
    all.filter(|(item, _)| !is_judged(item)).collect()
}

/// Writes the dataset of a judging into a folder that has none yet. `sees` tells whether the judge takes the medium of this
/// name, and `root` is the folder that the plan's datasets are relative to.
///
/// # Errors
/// If it cannot be written.
pub fn draft(
    folder: &Path,
    root: &Path,
    items: &[(Item, Option<Canary>)],
    prompt: &Prompt,
    sees: &dyn Fn(&str) -> bool,
) -> Result<Draft, JudgeError> {
    let dataset = folder.join(DATASET);
    let failed = |error: std::io::Error| JudgeError::unwritable(folder, &error);
    fs::create_dir_all(dataset.join("media")).map_err(failed)?;
    let mut shelf = Shelf::new(Some(&dataset));
    let (mut draft, mut cases, mut asked) = (Draft::default(), String::new(), Vec::new());
    for (item, canary) in items {
        let mut media = Vec::new();
        for name in &item.media {
            match shelved(&mut shelf, &root.join(&item.folder), name, sees) {
                Ok(found) => media.extend(found),
                Err(reason) => draft.left_out.push(format!("{}, case {}: {reason}", item.dataset, item.case)),
            }
        }
        let saw_media = media.len() == item.media.len();
        draft.without_media += usize::from(!saw_media);
        draft.answers += 1;
        let fields: BTreeMap<&str, String> = Prompt::fields(item).into_iter().collect();
        let line = json!({
            "id": item.id, "task": item.task, "media": media, "expected": {}, "fields": fields,
            "source": format!("{}/{}", item.dataset, item.source),
        });
        cases += &format!("{line}\n");
        asked.push(Asked { item: item.clone(), canary: *canary, saw_media });
    }
    let most = items.iter().map(|(item, _)| item.checks.len()).max().unwrap_or_default();
    let text = toml::to_string_pretty(&manifest(items, prompt, most)).expect("a manifest is plain data");
    fs::write(dataset.join("dataset.toml"), text).map_err(failed)?;
    fs::write(dataset.join("reply.schema.json"), format!("{:#}\n", prompt.schema())).map_err(failed)?;
    fs::write(dataset.join("cases.jsonl"), cases).map_err(failed)?;
    // Last: a folder without it is what a crash leaves.
    let path = folder.join(ITEMS);
    let mut writer = LineWriter::append(&path).map_err(failed)?;
    asked.iter().try_for_each(|line| writer.write(line)).map_err(failed)?;
    writer.sync().map_err(failed)?;
    Ok(draft)
}

/// The medium's name in the dataset; nothing if the judge does not take it.
fn shelved(
    shelf: &mut Shelf,
    folder: &Path,
    name: &str,
    sees: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, String> {
    if !sees(name) {
        return Ok(None);
    }
    match MediaRef::from(name.to_owned()) {
        MediaRef::Url(address) => Ok(Some(address)),
        MediaRef::File(name) => shelf.copy(folder, &name).map(Some),
    }
}

fn manifest(items: &[(Item, Option<Canary>)], prompt: &Prompt, most_checks: usize) -> Manifest {
    let spec = TaskSpec {
        system: Some(prompt.system().to_owned()),
        prompt: prompt.text().to_owned(),
        schema: Some("reply.schema.json".to_owned()),
        metric: "checks".to_owned(),
        critical: Vec::new(),
        max_output_tokens: u32::try_from(TOKENS_TO_THINK + TOKENS_PER_CHECK * most_checks).ok(),
        settings: toml::Table::new(),
    };
    Manifest {
        name: NAME.to_owned(),
        version: prompt.version(),
        licence: "LicenseRef-unknown".to_owned(),
        provenance: "Answers of a run, put before a judge".to_owned(),
        split: "judging".to_owned(),
        origin: None,
        tasks: items.iter().map(|(item, _)| (item.task, spec.clone())).collect(),
    }
}
