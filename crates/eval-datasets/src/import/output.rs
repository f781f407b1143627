use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use serde_json::{Map, Value};
use vision_core::Task;

use super::shelf::Shelf;
use super::understood::{Sample, Understood};
use super::{Import, Imported, templates};
use crate::index::hash;
use crate::{LabelCheck, Manifest, MediaRef, Problem, Result, TaskSpec, write_sums};

/// The folder for schemas of single cases.
pub(super) const SCHEMAS: &str = "schemas";

/// So many cases are shown to the person who imports.
const SHOWN: usize = 3;

/// The dataset's folder being written, one case at a time.
pub(super) struct Output {
    /// Nothing if nothing is to be written.
    cases: Option<BufWriter<File>>,
    count: usize,
    /// By id: how many cases have it, and the line of the first.
    ids: HashMap<u64, (u32, usize)>,
    shelf: Shelf,
    sources: Sources,
    /// Every task with the fields its prompt must have a place for.
    pub tasks: BTreeMap<Task, TaskSpec>,
    /// Schemas by the name of their files.
    pub schemas: BTreeMap<String, Value>,
    /// What the columns of a table were taken for.
    pub understood: Option<Understood>,
    samples: Vec<Sample>,
    /// The first spelling of each class, by the class in small letters; nothing once another was noted.
    classes: HashMap<String, Option<String>>,
    /// Made when the first label is checked.
    label_check: Option<LabelCheck>,
    refused: Vec<Problem>,
    notes: Vec<Problem>,
    folder: std::path::PathBuf,
    input: std::path::PathBuf,
}

/// A row that became a case.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub id: String,
    /// Where it stands, if it stands in a line.
    pub line: usize,
    pub task: Option<Task>,
    pub media: Vec<String>,
    pub expected: Value,
    pub tags: BTreeMap<String, String>,
    pub source: Option<String>,
    pub note: Option<String>,
    pub fields: BTreeMap<String, String>,
    /// The file with the schema of this case.
    pub schema: Option<String>,
    /// By the path of a field; null if nothing is labeled.
    pub evidence: Value,
}

impl Output {
    /// Starts in a new or empty folder; nothing that exists is overwritten.
    pub fn create(import: &Import) -> Result<Self> {
        let folder = &import.output;
        if !import.input.exists() {
            return Err(Problem::new(&import.input, "does not exist"));
        }
        let cases = if import.dry_run { None } else { Some(start(folder)?) };
        Ok(Self {
            shelf: Shelf::new(cases.is_some().then_some(folder)),
            cases,
            count: 0,
            ids: HashMap::new(),
            sources: Sources::default(),
            tasks: BTreeMap::new(),
            schemas: BTreeMap::new(),
            understood: None,
            samples: Vec::new(),
            classes: HashMap::new(),
            label_check: None,
            refused: Vec::new(),
            notes: Vec::new(),
            folder: folder.clone(),
            input: import.input.clone(),
        })
    }

    /// Says that a row was not imported.
    pub fn refuse(&mut self, problem: Problem) {
        self.refused.push(problem);
    }

    /// Says that something was read otherwise than it looks.
    pub fn note(&mut self, note: Problem) {
        self.notes.push(note);
    }

    /// Takes the task into the manifest, with our own prompt, schema and metric for it.
    pub fn use_task(&mut self, task: Task, prompt: Option<&String>) {
        if self.tasks.contains_key(&task) {
            return;
        }
        let (mut spec, schema) = templates::task_template(task);
        if let Some(prompt) = prompt {
            spec.prompt.clone_from(prompt);
        }
        if let (Some(file), Some(schema)) = (&spec.schema, schema) {
            self.schemas.insert(file.clone(), schema);
        }
        self.tasks.insert(task, spec);
    }

    /// Refuses a label that `datasets check` would refuse, where all labels are of one task.
    pub fn check_label(&mut self, expected: &Value) -> Result<(), String> {
        let Some((task, spec)) = self.tasks.first_key_value() else { return Ok(()) };
        // Their schemas are made of the labels.
        if matches!(task, Task::Document | Task::Extract) {
            return Ok(());
        }
        let schema = spec.schema.as_ref().and_then(|file| self.schemas.get(file));
        let check = self.label_check.get_or_insert_with(|| LabelCheck::unwritten(*task, spec, schema));
        check.fault(*task, expected).map_or(Ok(()), Err)
    }

    /// Copies the file `name` of `root` into the dataset, under its own name. An address stays one.
    pub fn copy(&mut self, root: &Path, name: &str) -> Result<String, String> {
        if let MediaRef::Url(address) = MediaRef::from(name.to_owned()) {
            return Ok(address);
        }
        self.shelf.copy(root, name)
    }

    /// Stores a medium that has no name of its own.
    #[cfg(feature = "parquet")]
    pub fn store(&mut self, name: &str, bytes: &[u8]) -> Result<String, String> {
        self.shelf.store(name, bytes.to_vec())
    }

    /// The line of the case with this id, if there is one.
    pub fn line_of(&self, id: &str) -> Option<usize> {
        self.ids.get(&hash(id)).map(|(_, line)| *line)
    }

    /// Writes a case. An id that is taken gets a number.
    pub fn case(&mut self, row: Row) -> Result<()> {
        let mut id = row.id;
        let (times, _) =
            self.ids.entry(hash(&id)).and_modify(|(times, _)| *times += 1).or_insert((1, row.line));
        let mut times = *times;
        while times > 1 {
            let numbered = format!("{id}-{times}");
            if !self.ids.contains_key(&hash(&numbered)) {
                self.ids.entry(hash(&id)).and_modify(|(known, _)| *known = times);
                id = numbered;
                self.ids.insert(hash(&id), (1, row.line));
                break;
            }
            times += 1;
        }
        self.note_spelling(&row.expected, row.line);
        let source = self.sources.of(row.source, &row.media, &id);
        if self.samples.len() < SHOWN {
            let (media, expected) = (row.media.clone(), row.expected.clone());
            self.samples.push(Sample { line: row.line, id: id.clone(), media, expected });
        }
        let mut line = Map::new();
        let mut put = |key: &str, value: Value| line.insert(key.to_owned(), value);
        put("id", id.into());
        if let Some(task) = row.task {
            put("task", task.name().into());
        }
        put("media", row.media.into());
        put("expected", row.expected);
        for (key, map) in [("tags", row.tags), ("fields", row.fields)] {
            if !map.is_empty() {
                let map: Map<_, _> = map.into_iter().map(|(key, value)| (key, Value::from(value))).collect();
                put(key, map.into());
            }
        }
        put("source", source.into());
        if let Some(schema) = row.schema {
            put("schema", schema.into());
        }
        if !row.evidence.is_null() {
            put("evidence", row.evidence);
        }
        if let Some(note) = row.note {
            put("note", note.into());
        }
        self.count += 1;
        let Some(cases) = &mut self.cases else { return Ok(()) };
        write_line(cases, &line).map_err(|error| Problem::unwritable(&self.folder, &error))
    }

    /// Two classes that differ in capitals only are mostly one.
    fn note_spelling(&mut self, expected: &Value, line: usize) {
        let Some(class) = expected["label"].as_str().filter(|_| self.tasks.contains_key(&Task::Classify))
        else {
            return;
        };
        let first = self.classes.entry(class.to_lowercase()).or_insert_with(|| Some(class.to_owned()));
        if let Some(first) = first.take_if(|first| first != class) {
            let note =
                format!("the classes `{first}` and `{class}` differ only in capitals, and count as two");
            let note = Problem { line: (line > 0).then_some(line), ..Problem::new(&self.input, note) };
            self.notes.push(note);
        }
    }

    /// Writes everything but the cases, which are written.
    pub fn finish(mut self, import: &Import) -> Result<Imported> {
        if let Some(error) = self.shelf.unwritten() {
            return Err(Problem::unwritable(&import.output, error));
        }
        if self.count == 0 {
            let first = self.refused.first().map(|problem| format!("; the first row: {problem}"));
            let reason = format!("nothing in it could be imported{}", first.unwrap_or_default());
            return Err(Problem::new(&import.input, reason));
        }
        if let Some(cases) = self.cases.take() {
            let failed = |error| Problem::unwritable(&import.output, &error);
            cases.into_inner().map_err(|error| failed(error.into_error()))?;
            if self.sources.met() {
                self.rewrite().map_err(failed)?;
            }
            self.write(import)?;
        }
        if let Some(understood) = &mut self.understood {
            understood.samples = self.samples;
        }
        self.notes.extend(self.sources.notes(&import.input));
        let Self { count, refused, notes, understood, .. } = self;
        Ok(Imported { cases: count, refused, notes, understood })
    }

    /// Manifest, schemas, card and hashes.
    fn write(&self, import: &Import) -> Result<()> {
        let failed = |error: std::io::Error| Problem::unwritable(&self.folder, &error);
        let manifest = self.manifest(import);
        let write = |name: &str, text: String| fs::write(self.folder.join(name), text).map_err(failed);
        write("dataset.toml", toml::to_string_pretty(&manifest).expect("a manifest is plain data"))?;
        if self.schemas.keys().any(|file| file.contains('/')) {
            fs::create_dir_all(self.folder.join(SCHEMAS)).map_err(failed)?;
        }
        for (file, schema) in &self.schemas {
            write(file, format!("{schema:#}\n"))?;
        }
        write("README.md", card(import, &manifest, self.count, self.refused.len()))?;
        write_sums(&self.folder).map(|_| ())
    }

    /// Writes the cases again, with the sources that turned out to be one.
    fn rewrite(&mut self) -> std::io::Result<()> {
        let (old, new) = (self.folder.join("cases.jsonl"), self.folder.join("cases.jsonl.new"));
        let mut lines = BufWriter::new(File::create(&new)?);
        for line in BufReader::new(File::open(&old)?).lines() {
            let mut line: Map<String, Value> = serde_json::from_str(&line?)?;
            if let Some(source) = line.get_mut("source")
                && let Some(name) = source.as_str()
            {
                *source = self.sources.root(name).into();
            }
            write_line(&mut lines, &line)?;
        }
        lines.flush()?;
        fs::rename(new, old)
    }

    fn manifest(&self, import: &Import) -> Manifest {
        let file_name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = import.name.clone().or_else(|| file_name(&import.output));
        let input = file_name(&import.input).unwrap_or_default();
        Manifest {
            name: name.unwrap_or_else(|| "imported".to_owned()),
            version: "1.0.0".to_owned(),
            licence: import.licence.clone().unwrap_or_else(|| "LicenseRef-unknown".to_owned()),
            provenance: format!("Imported by `vision-eval datasets import {} {input}`", import.kind),
            split: import.split.clone().unwrap_or_else(|| "test".to_owned()),
            origin: None,
            tasks: self.tasks.clone(),
        }
    }
}

/// Which documents are one: cases that share a medium are not independent.
#[derive(Debug, Default)]
struct Sources {
    /// The source under which a medium was used first.
    of_media: HashMap<String, String>,
    /// A source that is another one, by its name.
    parents: HashMap<String, String>,
}

impl Sources {
    /// The source of a case: as given, or the name of its first medium.
    fn of(&mut self, given: Option<String>, media: &[String], id: &str) -> String {
        let name = |medium: &String| medium.strip_prefix("media/").unwrap_or(medium).to_owned();
        let source = given.filter(|it| !it.is_empty()).or_else(|| media.first().map(name));
        let mut source = source.unwrap_or_else(|| id.to_owned());
        for medium in media {
            match self.of_media.get(medium) {
                Some(known) if *known == source => {}
                Some(known) => {
                    let (a, b) = (self.root(known), self.root(&source));
                    if a != b {
                        self.parents.insert(b, a.clone());
                    }
                    source = a;
                }
                None => _ = self.of_media.insert(medium.clone(), source.clone()),
            }
        }
        source
    }

    /// The source that a source is.
    fn root(&self, source: &str) -> String {
        let mut source = source;
        while let Some(parent) = self.parents.get(source) {
            source = parent;
        }
        source.to_owned()
    }

    /// Whether some turned out to be one.
    fn met(&self) -> bool {
        !self.parents.is_empty()
    }

    fn notes(&self, path: &Path) -> Option<Problem> {
        let mut pairs: Vec<_> = self.parents.keys().map(|from| (from, self.root(from))).collect();
        pairs.sort_unstable();
        let (from, to) = pairs.first()?;
        let more = pairs.len() - 1;
        let more = if more > 0 { format!(", and {more} more like it") } else { String::new() };
        let note = format!("`{from}` and `{to}` share a medium, and so count as one source{more}");
        Some(Problem::new(path, note))
    }
}

fn start(folder: &Path) -> Result<BufWriter<File>> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Problem::new(folder, "is not empty: import into a new folder"));
    }
    let failed = |error| Problem::unwritable(folder, &error);
    fs::create_dir_all(folder.join("media")).map_err(failed)?;
    Ok(BufWriter::new(File::create(folder.join("cases.jsonl")).map_err(failed)?))
}

fn write_line(out: &mut impl std::io::Write, line: &Map<String, Value>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn card(import: &Import, manifest: &Manifest, cases: usize, refused: usize) -> String {
    let tasks: Vec<&str> = manifest.tasks.keys().map(|task| task.name()).collect();
    let licence = match &import.licence {
        Some(licence) => licence.clone(),
        None => "unknown: find out before you share it or send it to a provider".to_owned(),
    };
    format!(
        "# {}\n\n{}.\n\n| | |\n| --- | --- |\n| version | {} |\n| task | {} |\n| cases | {cases} |\n| rows refused | {refused} |\n| licence | {licence} |\n",
        manifest.name,
        manifest.provenance,
        manifest.version,
        tasks.join(", "),
    )
}
