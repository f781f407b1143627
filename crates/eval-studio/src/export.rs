//! The dataset that comes out: an ordinary folder that everything else of the tool takes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use eval_datasets::{Manifest, Origin as Media, Shelf, check, write_sums};
use eval_decide::labels::also;
use eval_metrics::task::TASK_METRICS;
use serde::Serialize;
use serde_json::{Value, json};

use crate::board::{Board, Standing, Truth};
use crate::event::{Label, Mark, Origin};
use crate::field::expected;
use crate::kept::{Kept, Revised};
use crate::studio::Studio;
use crate::{Result, StudioError, documents};

/// The version of a dataset that was just made.
const VERSION: &str = "1.0.0";

/// More folders of one name are not tried.
const MOST: usize = 1_000;

/// Why a document is left out that nobody has labeled.
const NOT_LABELED: &str = "not labeled";

/// What was exported.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Exported {
    /// The new folder.
    pub folder: PathBuf,
    /// Cases in it.
    pub cases: usize,
    /// Labels in it, by how people came to them.
    pub labels: BTreeMap<&'static str, usize>,
    /// Decisions of reviews about earlier exports that are followed in it.
    pub kept: usize,
    /// Such decisions that are not, because the label is another one by now.
    pub outdated: usize,
    /// Documents that are not in it, and why.
    pub left_out: Vec<LeftOut>,
    /// Fields that two people disagree on, which are left unlabeled.
    pub disagreements: usize,
    /// What the check of datasets says.
    pub findings: Vec<String>,
}

/// A document that is not exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its path.
    pub document: String,
    /// Why.
    pub reason: String,
}

/// Writes what stands into a new folder: `base`, or `base-2` and so on if that is taken.
///
/// # Errors
/// If nothing is labeled, or the folder cannot be written; nothing of it is left then.
pub fn export(studio: &Studio, base: &Path) -> Result<Exported> {
    let found = studio.documents()?;
    let (folder, earlier) = new_folder(base)?;
    let kept = Kept::of(&earlier);
    let written = studio
        .look(|board, _| Draft::new(studio, &folder, &kept).fill(board, &found.paths))
        .and_then(|draft| draft?.finish());
    if written.is_err() {
        // Only what was written just now is in there, and half a dataset is none.
        let _ = fs::remove_dir_all(&folder);
    }
    written
}

/// The names of exports, the first ones first.
fn names(base: &Path) -> impl Iterator<Item = PathBuf> {
    let numbered = (2..MOST).map(|number| PathBuf::from(format!("{}-{number}", base.display())));
    std::iter::once(base.to_owned()).chain(numbered)
}

/// The exports that there are.
pub(crate) fn exports(base: &Path) -> Vec<PathBuf> {
    names(base).take_while(|folder| folder.symlink_metadata().is_ok()).collect()
}

/// A new folder, and those before it: nothing that exists is written over.
fn new_folder(base: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    let mut earlier = Vec::new();
    for folder in names(base) {
        match fs::create_dir(&folder) {
            Ok(()) => return Ok((folder, earlier)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => earlier.push(folder),
            Err(error) => return Err(StudioError::unwritable(&folder, &error)),
        }
    }
    Err(StudioError::files(base, "is taken, with all numbers behind it"))
}

struct Draft<'a> {
    studio: &'a Studio,
    kept: &'a Kept,
    folder: PathBuf,
    shelf: Shelf,
    /// The first document of each medium.
    media: HashMap<String, String>,
    cases: String,
    events: String,
    authors: BTreeSet<String>,
    exported: Exported,
}

/// The labels of a document.
#[derive(Default)]
struct Found<'s, 'b> {
    /// By field.
    values: BTreeMap<&'s str, Value>,
    labels: Vec<(&'s str, &'b Standing, Revised)>,
    /// Other readings that are right, too.
    evidence: Value,
    disagreements: usize,
    outdated: usize,
}

impl<'a> Draft<'a> {
    fn new(studio: &'a Studio, folder: &Path, kept: &'a Kept) -> Self {
        Self {
            studio,
            kept,
            folder: folder.to_owned(),
            shelf: Shelf::new(Some(folder)),
            media: HashMap::new(),
            cases: String::new(),
            events: String::new(),
            authors: BTreeSet::new(),
            exported: Exported { folder: folder.to_owned(), ..Exported::default() },
        }
    }

    fn fill(mut self, board: &Board, documents: &[String]) -> Result<Self> {
        let media = self.folder.join("media");
        fs::create_dir(&media).map_err(|error| StudioError::unwritable(&media, &error))?;
        for document in documents {
            if let Err(reason) = self.case(board, document) {
                self.exported.left_out.push(LeftOut { document: document.clone(), reason });
            }
        }
        match self.exported.cases {
            0 => Err(StudioError::invalid(self.nothing())),
            _ => Ok(self),
        }
    }

    /// Why there is no case at all.
    fn nothing(&self) -> String {
        let reason = self.exported.left_out.iter().find(|it| it.reason != NOT_LABELED);
        reason.map_or_else(
            || "nothing is labeled yet".to_owned(),
            |it| format!("nothing can be exported: {}: {}", it.document, it.reason),
        )
    }

    /// Adds a case, or says why there is none.
    fn case(&mut self, board: &Board, document: &str) -> std::result::Result<(), String> {
        for (mark, word) in [(Mark::Skipped, "skipped"), (Mark::Flagged, "flagged")] {
            if let Some(reason) = board.mark(document, mark) {
                return Err(if reason.is_empty() { word.to_owned() } else { format!("{word}: {reason}") });
            }
        }
        let content = documents::content(self.studio.store().root(), document);
        if board.is_changed(document, &content) {
            return Err(documents::CHANGED.to_owned());
        }
        let Found { values, labels, evidence, disagreements, outdated } =
            self.found(board, document, &content);
        if values.is_empty() {
            return Err(if disagreements > 0 { "two people disagree" } else { NOT_LABELED }.to_owned());
        }
        let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if self.studio.project().task.is_open() && values.values().all(is_empty) {
            return Err("says nothing that an answer must say, or must not".to_owned());
        }
        let medium = self.shelf.copy(self.studio.store().root(), document)?;
        if let Some(first) = self.media.insert(medium.clone(), document.to_owned()) {
            self.media.insert(medium, first.clone());
            return Err(format!("the same file as {first}"));
        }
        self.exported.disagreements += disagreements;
        self.exported.outdated += outdated;
        self.exported.cases += 1;
        let how = if labels.iter().any(|(_, it, _)| it.origin == Origin::Imported) {
            "imported"
        } else if labels.iter().all(|(_, it, _)| it.origin == Origin::Blind) {
            "blind"
        } else {
            "assisted"
        };
        let mut line = json!({
            "id": document, "media": [medium], "expected": expected(self.studio.project().task, &values),
            "tags": { "labeled": how }, "source": document,
        });
        if !evidence.is_null() {
            line["evidence"] = evidence;
        }
        self.cases += &format!("{line}\n");
        for (field, standing, revised) in labels {
            self.event(document, field, standing);
            self.decisions(document, revised.lines);
        }
        Ok(())
    }

    /// What stands, and what reviews made of it.
    fn found<'b>(&self, board: &'b Board, document: &str, content: &str) -> Found<'a, 'b> {
        let mut found = Found::default();
        for field in self.studio.fields() {
            let standing = match board.truth(document, field) {
                Truth::One(standing) => standing,
                Truth::Disagreed(_) => {
                    found.disagreements += 1;
                    continue;
                }
                Truth::None => continue,
            };
            let revised = self.kept.revised(content, &field.name, standing);
            found.outdated += revised.outdated;
            match &revised.label {
                Label::Value(value) => _ = found.values.insert(&field.name, value.clone()),
                Label::Absent => _ = found.values.insert(&field.name, Value::Null),
                Label::Unlabeled => {}
            }
            for reading in &revised.also {
                also(&mut found.evidence, &field.name, reading);
            }
            if revised.label != Label::Unlabeled || !revised.lines.is_empty() {
                found.labels.push((&field.name, standing, revised));
            }
        }
        found
    }

    /// What a review decided, with its author, time and reason.
    fn decisions(&mut self, document: &str, lines: Vec<Value>) {
        self.exported.kept += lines.len();
        for mut line in lines {
            line["case"] = json!(document);
            line["version"] = json!(VERSION);
            self.events += &format!("{line}\n");
        }
    }

    fn event(&mut self, document: &str, field: &str, standing: &Standing) {
        self.authors.insert(standing.by.clone());
        let origin = word(standing.origin);
        *self.exported.labels.entry(origin).or_default() += 1;
        let value = match &standing.label {
            Label::Value(value) => value,
            Label::Absent | Label::Unlabeled => &Value::Null,
        };
        let line = json!({
            "at": standing.at, "author": standing.by, "version": VERSION, "case": document, "field": field,
            "to": value, "decision": if standing.settles { "settle" } else { "label" }, "origin": origin,
        });
        self.events += &format!("{line}\n");
    }

    fn finish(mut self) -> Result<Exported> {
        let project = self.studio.project();
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut spec = project.spec.clone();
        let schema = project.schema.as_ref().map(|schema| (format!("{}.schema.json", project.task), schema));
        spec.schema = schema.as_ref().map(|(file, _)| file.clone());
        let authors: Vec<&str> = self.authors.iter().map(String::as_str).collect();
        let manifest = Manifest {
            name,
            version: VERSION.to_owned(),
            licence: "LicenseRef-unknown".to_owned(),
            provenance: format!("Labeled with `vision-eval studio` by {}", authors.join(", ")),
            split: "test".to_owned(),
            origin: Some(Media::Real),
            tasks: BTreeMap::from([(project.task, spec)]),
        };
        self.write("dataset.toml", &toml::to_string_pretty(&manifest).expect("a manifest is plain data"))?;
        if let Some((file, schema)) = &schema {
            self.write(file, &format!("{schema:#}\n"))?;
        }
        self.write("cases.jsonl", &self.cases)?;
        self.write("labels.jsonl", &self.events)?;
        self.write("README.md", &card(&manifest, &self.exported))?;
        let failed = |problem: eval_datasets::Problem| StudioError::files(&self.folder, problem);
        write_sums(&self.folder).map_err(failed)?;
        let report = check(&self.folder, &TASK_METRICS);
        let findings = report.findings.iter().map(|finding| finding.problem.to_string());
        self.exported.findings = findings.collect();
        Ok(self.exported)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|error| StudioError::unwritable(&path, &error))
    }
}

fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Blind => "blind",
        Origin::Confirmed => "confirmed",
        Origin::Corrected => "corrected",
        Origin::Entered => "entered",
        Origin::Imported => "imported",
    }
}

/// It does not say the version, which grows when decisions are applied; `dataset.toml` does.
fn card(manifest: &Manifest, exported: &Exported) -> String {
    let labels: Vec<String> =
        exported.labels.iter().map(|(origin, count)| format!("{count} {origin}")).collect();
    format!(
        "# {}\n\n{}.\n\n| | |\n| --- | --- |\n| cases | {} |\n| labels | {} |\n| documents left out | {} |\n\
         | license | unknown: find out before you share it or send it to a provider |\n\n\
         `labels.jsonl` says who gave each label, when, and how: blind (no proposal was shown), confirmed (a proposal was \
         taken as it was), corrected (a filled-in value was replaced), entered (nothing was filled in) or imported.\n",
        manifest.name,
        manifest.provenance,
        exported.cases,
        labels.join(", "),
        exported.left_out.len(),
    )
}
