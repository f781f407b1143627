use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde::de::IgnoredAny;
use vision_core::Task;

use crate::case::Line;
use crate::lines::{Lines, json_message};
use crate::{Case, Manifest, Problem, Result, Selection, files, structured};

/// Where the wanted cases stand in `cases.jsonl`: a few bytes a case, whatever the cases hold.
#[derive(Debug)]
pub struct Index {
    path: PathBuf,
    file: Mutex<File>,
    only_task: Option<Task>,
    /// The wanted cases in file order.
    pub entries: Vec<Entry>,
}

/// Where one case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The first byte of its line.
    pub offset: u64,
    /// Bytes of its line.
    pub len: u32,
    /// Its line, from 1.
    pub line: u32,
    /// What it asks.
    pub task: Task,
    /// Of its bytes: a file that is edited while it is in use holds other cases at the same places.
    pub hash: u64,
}

impl Index {
    /// Reads a folder's `cases.jsonl` once, keeping the places of the wanted cases.
    ///
    /// Every line must be JSON of the right form with an id of its own; the first that is not is the error.
    pub fn build(folder: &Path, manifest: &Manifest, selection: &Selection) -> Result<Self> {
        let path = folder.join("cases.jsonl");
        let only_task = manifest.only_task();
        let mut reader = BufReader::with_capacity(1 << 16, files::open(folder, "cases.jsonl")?);
        let entries = Self::scan(&path, &mut reader, manifest, selection)?;
        Ok(Self { path, file: Mutex::new(reader.into_inner()), only_task, entries })
    }

    fn scan(
        path: &Path,
        reader: impl BufRead,
        manifest: &Manifest,
        selection: &Selection,
    ) -> Result<Vec<Entry>> {
        let only_task = manifest.only_task();
        let (mut entries, mut seen) = (Vec::new(), HashMap::new());
        let mut lines = Lines::new(reader);
        while let Some(line) = lines.next().map_err(|error| Problem::unreadable(path, &error))? {
            let refuse = |message: String| Problem::at_line(path, line.number, message);
            let bytes = line.bytes.map_err(refuse)?;
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let head: Head<'_> =
                serde_json::from_slice(bytes).map_err(|error| refuse(json_message(&error)))?;
            let task = check_head(&head, manifest, only_task, line.number, &mut seen).map_err(refuse)?;
            if selection.wants(&head.id, task, &head.tags) {
                let (offset, len) = (line.offset, bytes.len() as u32);
                let hash = fingerprint(bytes);
                entries.push(Entry { offset, len, line: line.number as u32, task, hash });
            }
        }
        Ok(selection.narrow(entries))
    }

    /// Reads one case. What was written over since the index was built is an error and not another case.
    pub fn read(&self, entry: Entry) -> Result<Case> {
        let refuse = |message: String| Problem::at_line(&self.path, entry.line as usize, message);
        let changed =
            || refuse("was changed while it was in use; start again with the dataset as it is now".into());
        let mut bytes = vec![0; entry.len as usize];
        match self.read_exact(entry.offset, &mut bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(changed()),
            outcome => outcome.map_err(|error| refuse(format!("cannot be read: {error}")))?,
        }
        if fingerprint(&bytes) != entry.hash {
            return Err(changed());
        }
        let line: Line = serde_json::from_slice(&bytes).map_err(|error| refuse(json_message(&error)))?;
        let file = line.schema.clone();
        let case = line.into_case(self.only_task).map_err(refuse)?;
        let Some(file) = file else { return Ok(case) };
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let schema = structured::read(folder, &file)
            .map_err(|problem| refuse(format!("`schema`: {}", problem.message)))?;
        let asked = structured::structured(&schema);
        let own_schema = (asked != schema).then(|| Arc::new(schema));
        Ok(Case { schema: Some(Arc::new(asked)), own_schema, ..case })
    }

    fn read_exact(&self, offset: u64, bytes: &mut [u8]) -> std::io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }

    /// Reads all cases, one after the other.
    pub fn cases(&self) -> impl Iterator<Item = Result<Case>> + '_ {
        self.entries.iter().map(|entry| self.read(*entry))
    }
}

/// The part of a line that the index needs; the rest is only checked to be JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    task: Option<Task>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[expect(dead_code, reason = "required, but not looked at")]
    media: IgnoredAny,
    #[expect(dead_code, reason = "required, but not looked at")]
    expected: IgnoredAny,
    #[serde(default)]
    #[expect(dead_code, reason = "allowed, but not looked at")]
    source: IgnoredAny,
    #[serde(default)]
    #[expect(dead_code, reason = "allowed, but not looked at")]
    fields: IgnoredAny,
    #[serde(default)]
    #[expect(dead_code, reason = "allowed, but not looked at")]
    schema: IgnoredAny,
    #[serde(default)]
    #[expect(dead_code, reason = "allowed, but not looked at")]
    evidence: IgnoredAny,
    #[serde(default)]
    #[expect(dead_code, reason = "allowed, but not looked at")]
    note: IgnoredAny,
}

fn check_head(
    head: &Head<'_>,
    manifest: &Manifest,
    only_task: Option<Task>,
    line: usize,
    seen: &mut HashMap<u64, usize>,
) -> Result<Task, String> {
    if head.id.trim().is_empty() {
        return Err("`id` is empty".to_owned());
    }
    let task = head.task.or(only_task).ok_or("`task` is missing, and the dataset has several")?;
    if !manifest.tasks.contains_key(&task) {
        return Err(format!("the task `{task}` is not in dataset.toml"));
    }
    match seen.insert(hash(&head.id), line) {
        Some(first) => Err(format!("the id `{}` stands in line {first} already", head.id)),
        None => Ok(task),
    }
}

/// 64 bits of an id: two of a million ids are alike with a chance of one in forty million.
pub(crate) fn hash(id: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// 64 bits of a line.
fn fingerprint(line: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(line);
    hasher.finish()
}

#[cfg(test)]
mod tests;
