use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eval_metrics::task::TaskMetric;
use serde_json::Value;
use sha2::{Digest, Sha256};
use vision_core::{Schema, Task};

use crate::{Index, Manifest, Problem, Result, Selection, TaskSpec, files, structured};

/// A dataset's folder.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Where it is.
    pub folder: PathBuf,
    /// What its `dataset.toml` says.
    pub manifest: Manifest,
}

impl Dataset {
    /// Reads the manifest. An address in object storage becomes a folder on this disk, whose files come when they are named.
    pub fn open(folder: &Path) -> Result<Self> {
        let folder = vision_files::storage::dataset(folder)
            .map_err(|refused| Problem::new(folder, refused.to_string()))?;
        let folder = folder.as_ref();
        let text = files::read_text(folder, "dataset.toml")?;
        let manifest = Manifest::parse(&folder.join("dataset.toml"), &text)?;
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Every folder right below `folder` that has a `dataset.toml`, by name.
    pub fn find(folder: &Path) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder).map_err(|error| Problem::unreadable(folder, &error))?;
        let mut found: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.join("dataset.toml").is_file())
            .collect();
        found.sort();
        Ok(found)
    }

    /// Finds the wanted cases.
    pub fn index(&self, selection: &Selection) -> Result<Index> {
        Index::build(&self.folder, &self.manifest, selection)
    }

    /// What one task asks.
    pub fn task(&self, task: Task) -> Option<&TaskSpec> {
        self.manifest.tasks.get(&task)
    }

    /// The JSON Schema of a task's answers, if it has one.
    pub fn schema(&self, task: Task) -> Result<Option<Schema>> {
        let Some(file) = self.task(task).and_then(|spec| spec.schema.as_ref()) else { return Ok(None) };
        let schema = structured::read(&self.folder, file)?;
        // A schema that a user wrote for other purposes may be looser than hosts want it.
        let schema = if task == Task::Extract { structured::structured(&schema) } else { schema };
        Ok(Some(answer_schema(task, Arc::new(schema))))
    }

    /// The same as its author wrote it, where it is asked for in a stricter form.
    pub fn own_schema(&self, task: Task) -> Result<Option<Value>> {
        let file = self.task(task).and_then(|spec| spec.schema.as_ref()).filter(|_| task == Task::Extract);
        let Some(schema) = file.map(|file| structured::read(&self.folder, file)).transpose()? else {
            return Ok(None);
        };
        Ok(Some(schema).filter(|schema| structured::structured(schema) != *schema))
    }

    /// The metric of a task; nothing where it is none of a task, or its settings make no sense.
    #[must_use]
    pub fn metric(&self, task: Task) -> Option<TaskMetric> {
        let spec = self.task(task)?;
        let schema =
            spec.schema.as_ref().map(|file| structured::read(&self.folder, file)).transpose().ok()?;
        let settings = serde_json::to_value(&spec.settings).ok()?;
        TaskMetric::from_settings(&spec.metric, &settings, &spec.critical, schema.as_ref()).ok()
    }

    /// The file with the cases.
    pub fn cases_path(&self) -> PathBuf {
        self.folder.join("cases.jsonl")
    }
}

/// The schema as it is sent for a task.
#[must_use]
pub fn answer_schema(task: Task, schema: Arc<Value>) -> Schema {
    let name = task.name().replace('-', "_");
    let strict = task != Task::Extract || structured::is_closed(&schema);
    Schema { name: name.into(), schema, strict }
}

pub(crate) fn hash_into(hasher: &mut Sha256, reader: &mut impl std::io::Read) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(()),
            len => hasher.update(&buffer[..len]),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
