use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Component, Path};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use vision_core::{MediaKind, Task};

use super::{Import, Imported, templates};
use crate::dataset::hex;
use crate::index::hash;
use crate::{Manifest, Problem, Result, TaskSpec, write_sums};

/// A bigger medium is refused: no provider takes it.
const BIGGEST: u64 = 256 << 20;

/// The dataset's folder being written, one case at a time.
pub(super) struct Output {
    cases: BufWriter<File>,
    count: usize,
    ids: HashMap<u64, u32>,
    /// Every task with the fields its prompt must have a place for.
    pub tasks: BTreeMap<Task, TaskSpec>,
    /// Schemas by the name of their files.
    pub schemas: BTreeMap<String, Value>,
    refused: Vec<Problem>,
    notes: Vec<Problem>,
    folder: std::path::PathBuf,
}

/// A row that became a case.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub id: String,
    pub task: Option<Task>,
    pub media: Vec<String>,
    pub expected: Value,
    pub tags: BTreeMap<String, String>,
    pub source: Option<String>,
    pub fields: BTreeMap<String, String>,
}

impl Output {
    /// Starts in a new or empty folder; nothing that exists is overwritten.
    pub fn create(import: &Import) -> Result<Self> {
        let folder = &import.output;
        if !import.input.exists() {
            return Err(Problem::new(&import.input, "does not exist"));
        }
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Problem::new(folder, "is not empty: import into a new folder"));
        }
        let failed = |error| unwritable(folder, &error);
        fs::create_dir_all(folder.join("media")).map_err(failed)?;
        let cases = BufWriter::new(File::create(folder.join("cases.jsonl")).map_err(failed)?);
        Ok(Self {
            cases,
            count: 0,
            ids: HashMap::new(),
            tasks: BTreeMap::new(),
            schemas: BTreeMap::new(),
            refused: Vec::new(),
            notes: Vec::new(),
            folder: folder.clone(),
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
        let (mut spec, schema) = templates::of(task);
        if let Some(prompt) = prompt {
            spec.prompt.clone_from(prompt);
        }
        if let (Some(file), Some(schema)) = (&spec.schema, schema) {
            self.schemas.insert(file.clone(), schema);
        }
        self.tasks.insert(task, spec);
    }

    /// Copies the file `name` of `root` into the dataset.
    pub fn copy(&mut self, root: &Path, name: &str) -> Result<String, String> {
        let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        // Some lists were written on Windows.
        let name = name.replace('\\', "/");
        if name.is_empty() || !Path::new(&name).components().all(plain) {
            return Err(format!("`{name}` leaves the folder of the input"));
        }
        let path = root.join(&name);
        let unreadable = |error: std::io::Error| format!("`{name}` cannot be read: {error}");
        let real = path.canonicalize().map_err(unreadable)?;
        if !real.starts_with(root.canonicalize().map_err(unreadable)?) {
            return Err(format!("`{name}` is a link out of the folder of the input"));
        }
        let mut bytes = Vec::new();
        let file = File::open(real).map_err(unreadable)?;
        file.take(BIGGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        self.store(&bytes).map_err(|message| format!("`{name}` {message}"))
    }

    /// Stores a medium under a name made of its content: no name from a stranger reaches the disk, and what is used
    /// twice is stored once.
    pub fn store(&mut self, bytes: &[u8]) -> Result<String, String> {
        if bytes.len() as u64 > BIGGEST {
            return Err(format!("is larger than {} MiB", BIGGEST >> 20));
        }
        let kind = MediaKind::sniff(bytes).ok_or("is of no known media type, judged by its bytes")?;
        let digest = hex(&Sha256::digest(bytes)[..12]);
        let name = format!("media/{digest}.{}", kind.extension());
        let path = self.folder.join(&name);
        if !path.exists() {
            fs::write(&path, bytes).map_err(|error| format!("cannot be copied: {error}"))?;
        }
        Ok(name)
    }

    /// Writes a case. An id that is taken gets a number.
    pub fn case(&mut self, row: Row) -> Result<()> {
        let times = self.ids.entry(hash(&row.id)).or_default();
        *times += 1;
        let mut id = row.id;
        if *times > 1 {
            id = format!("{id}-{times}");
            self.ids.insert(hash(&id), 1);
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
                put(
                    key,
                    map.into_iter()
                        .map(|(key, value)| (key, Value::from(value)))
                        .collect::<Map<_, _>>()
                        .into(),
                );
            }
        }
        if let Some(source) = row.source {
            put("source", source.into());
        }
        self.count += 1;
        serde_json::to_writer(&mut self.cases, &line)
            .map_err(std::io::Error::from)
            .and_then(|()| self.cases.write_all(b"\n"))
            .map_err(|error| unwritable(&self.folder, &error))
    }

    /// Writes everything but the cases, which are written.
    pub fn finish(mut self, import: &Import) -> Result<Imported> {
        let failed = |error: std::io::Error| unwritable(&self.folder, &error);
        self.cases.flush().map_err(failed)?;
        if self.count == 0 {
            let first = self.refused.first().map(|problem| format!("; the first row: {problem}"));
            let reason = format!("nothing in it could be imported{}", first.unwrap_or_default());
            return Err(Problem::new(&import.input, reason));
        }
        let manifest = self.manifest(import);
        let write = |name: &str, text: String| fs::write(self.folder.join(name), text).map_err(failed);
        write("dataset.toml", toml::to_string_pretty(&manifest).expect("a manifest is plain data"))?;
        for (file, schema) in &self.schemas {
            write(file, format!("{schema:#}\n"))?;
        }
        write("README.md", card(import, &manifest, self.count, self.refused.len()))?;
        write_sums(&self.folder)?;
        Ok(Imported { cases: self.count, refused: self.refused, notes: self.notes })
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
            tasks: self.tasks.clone(),
        }
    }
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Problem {
    Problem::new(folder, format!("cannot be written: {error}"))
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
