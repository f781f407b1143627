use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{CaseLine, LineReader, LineWriter, MediaEntry, Plan, Trial, TrialKey, VERSION};

/// The directory of one run.
///
/// `plan.json` says what was to be done, `cases.jsonl` what was asked, `trials.jsonl` how each trial went, and
/// `media.jsonl` what became of each medium. A trial that was repeated stands in it more than once: the last line
/// counts.
#[derive(Debug)]
pub struct Record {
    /// Where it is.
    pub dir: PathBuf,
    /// What was planned.
    pub plan: Plan,
}

const TRIALS: &str = "trials.jsonl";

/// The cases of a dataset's other parts, in the record of a run with `--partition`: lines as in `cases.jsonl`.
pub const OTHER_PARTS: &str = "other-parts.jsonl";

/// A plan that says more was not made by this program, and lists of all its trials would not fit into memory.
const MOST_REPEATS: u32 = 1_000;

/// Why a record cannot be read or written.
#[derive(Debug)]
pub struct RecordError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, and what to do.
    pub message: String,
    /// What caused it.
    pub source: Option<io::Error>,
}

/// A line that cannot be read. The rest of the record still can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Record {
    /// Starts a record in a directory that has none yet.
    ///
    /// A plan without a list of cases is what a crash within the first moments leaves: nothing was asked, so it is
    /// written over.
    pub fn create(dir: &Path, plan: Plan) -> Result<Self, RecordError> {
        Self::create_locked(dir, plan).map(|(record, _)| record)
    }

    /// The same, and keeps every other process out from the first moment, see [`Record::lock`].
    pub fn create_locked(dir: &Path, plan: Plan) -> Result<(Self, File), RecordError> {
        if vision_files::storage::is_address(dir) {
            return Err(RecordError::new(
                dir,
                "is in object storage, where only `run` writes: name a directory",
            ));
        }
        fs::create_dir_all(dir).map_err(|error| RecordError::io(dir, "cannot be made", error))?;
        let record = Self { dir: dir.to_owned(), plan };
        let lock = record.lock()?;
        if record.path("plan.json").exists() && record.path("cases.jsonl").exists() {
            return Err(RecordError::new(dir, "holds a run already; resume it, or name another directory"));
        }
        record.write_json("plan.json", &record.plan)?;
        Ok((record, lock))
    }

    /// Opens a record. One in object storage is brought to this disk.
    pub fn open(dir: &Path) -> Result<Self, RecordError> {
        let dir =
            vision_files::storage::run(dir).map_err(|refused| RecordError::new(dir, &refused.to_string()))?;
        let dir = dir.as_ref();
        let path = dir.join("plan.json");
        let text = vision_files::below(dir, "plan.json")
            .and_then(|path| vision_files::read_text(&path, vision_files::DOCUMENT))
            .map_err(|refused| {
                RecordError::io(&path, "cannot be read (is this the directory of a run?)", refused.into())
            })?;
        let version =
            serde_json::from_str::<serde_json::Value>(&text).ok().and_then(|plan| plan["v"].as_u64());
        if version.is_some_and(|version| version > u64::from(VERSION)) {
            return Err(RecordError::new(&path, "was written by a newer version of this program"));
        }
        let plan: Plan = serde_json::from_str(&text)
            .map_err(|error| RecordError::new(&path, &format!("is not a plan: {error}")))?;
        if plan.repeats > MOST_REPEATS {
            let message = format!("repeats is {}, and at most {MOST_REPEATS} are possible", plan.repeats);
            return Err(RecordError::new(&path, &message));
        }
        Ok(Self { dir: dir.to_owned(), plan })
    }

    /// Keeps other processes from writing to this record, for as long as the result lives.
    pub fn lock(&self) -> Result<File, RecordError> {
        let path = self.path("lock");
        check_target(&path)?;
        let file = File::create(&path).map_err(|error| RecordError::io(&path, "cannot be written", error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(_) => Err(RecordError::new(&self.dir, "another process is running or resuming this run")),
        }
    }

    /// A file of the record.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Opens one of the files of lines to append to.
    pub fn append(&self, name: &str) -> Result<LineWriter, RecordError> {
        let path = self.path(name);
        check_target(&path)?;
        LineWriter::append(&path).map_err(|error| RecordError::io(&path, "cannot be written", error))
    }

    /// Writes a whole file, all of it or nothing.
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), RecordError> {
        // Of this process alone: another one may be reporting on the same run.
        let (path, draft) = (self.path(name), self.path(&format!("{name}.{}.draft", std::process::id())));
        check_target(&draft)?;
        let mut text = serde_json::to_string_pretty(value).expect("our own types are plain data");
        text.push('\n');
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, &path))
            .map_err(|error| RecordError::io(&path, "cannot be written", error))
    }

    /// Every trial as it ended, in the order in which they ended. Damaged lines are collected in `damage`.
    pub fn trials(&self, damage: &mut Vec<Damage>) -> Result<Trials, RecordError> {
        let hasher = RandomState::new();
        let mut last = HashMap::new();
        damage.extend(self.lines(|key: TrialKey, offset| {
            last.insert(hasher.hash_one(&key), offset);
        })?);
        Ok(Trials { path: self.path(TRIALS), reader: self.trial_reader()?, last, hasher })
    }

    /// A reader of single trials by their place; `None` if nothing was ever recorded.
    pub fn trial_reader(&self) -> Result<Option<LineReader>, RecordError> {
        self.path(TRIALS).exists().then(|| self.open_lines(TRIALS)).transpose()
    }

    /// Every line of `trials.jsonl` with its place, those that a later one of the same trial replaces too. What cannot
    /// be read is returned.
    pub fn lines<T: DeserializeOwned>(
        &self,
        mut each: impl FnMut(T, u64),
    ) -> Result<Vec<Damage>, RecordError> {
        let (path, mut damage) = (self.path(TRIALS), Vec::new());
        let Some(mut reader) = self.trial_reader()? else { return Ok(damage) };
        while let Some(line) = read_line(&mut reader, &path)? {
            match line.value {
                Ok(value) => each(value, line.offset),
                Err(message) => damage.push(Damage { path: path.clone(), line: line.number, message }),
            }
        }
        Ok(damage)
    }

    /// Every case that was planned, with the place of its line.
    pub fn cases(&self, each: impl FnMut(u64, CaseLine)) -> Result<(), RecordError> {
        self.read_all("cases.jsonl", each)
    }

    /// Every case that other parts of the plan hold, if this is one of several.
    pub fn cases_of_other_parts(&self, mut each: impl FnMut(CaseLine)) -> Result<(), RecordError> {
        self.read_all(OTHER_PARTS, |_, case| each(case))
    }

    /// A reader of single cases by their place.
    pub fn case_reader(&self) -> Result<LineReader, RecordError> {
        self.open_lines("cases.jsonl")
    }

    /// What became of each medium.
    pub fn media(&self) -> Result<Vec<MediaEntry>, RecordError> {
        let mut entries = Vec::new();
        self.read_all("media.jsonl", |_, entry| entries.push(entry))?;
        Ok(entries)
    }

    /// Every medium, one after the other, in bounded memory.
    pub fn each_medium(&self, mut each: impl FnMut(MediaEntry)) -> Result<(), RecordError> {
        self.read_all("media.jsonl", |_, entry| each(entry))
    }

    pub(crate) fn open_lines(&self, name: &str) -> Result<LineReader, RecordError> {
        let reader = vision_files::below(&self.dir, name).map_err(io::Error::from);
        reader
            .and_then(|path| LineReader::open(&path))
            .map_err(|error| RecordError::io(&self.path(name), "cannot be read", error))
    }

    pub(crate) fn read_all<T: DeserializeOwned>(
        &self,
        name: &str,
        mut each: impl FnMut(u64, T),
    ) -> Result<(), RecordError> {
        let path = self.path(name);
        if !path.exists() {
            return Ok(());
        }
        let mut reader = self.open_lines(name)?;
        while let Some(line) = read_line(&mut reader, &path)? {
            match line.value {
                Ok(value) => each(line.offset, value),
                Err(message) => {
                    return Err(RecordError::new(&path, &format!("line {}: {message}", line.number)));
                }
            }
        }
        Ok(())
    }
}

/// The trials of a record, one after the other.
#[derive(Debug)]
pub struct Trials {
    path: PathBuf,
    reader: Option<LineReader>,
    last: HashMap<u64, u64>,
    hasher: RandomState,
}

impl Trials {
    /// How many trials there are.
    pub fn len(&self) -> usize {
        self.last.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }
}

impl Iterator for Trials {
    type Item = Result<Trial, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.reader.as_mut()?;
        loop {
            match read_line::<Trial>(reader, &self.path) {
                Err(error) => return Some(Err(error)),
                Ok(None) => return None,
                Ok(Some(line)) => {
                    let Ok(trial) = line.value else { continue };
                    if self.last.get(&self.hasher.hash_one(&trial.key)) == Some(&line.offset) {
                        return Some(Ok(trial));
                    }
                }
            }
        }
    }
}

/// A record may come from a stranger, whose links lead to somebody else's files.
fn check_target(path: &Path) -> Result<(), RecordError> {
    vision_files::check_target(path)
        .map_err(|refused| RecordError::io(path, "cannot be written", refused.into()))
}

pub(crate) fn read_line<T: DeserializeOwned>(
    reader: &mut LineReader,
    path: &Path,
) -> Result<Option<crate::Line<T>>, RecordError> {
    reader.read().map_err(|error| RecordError::io(path, "cannot be read", error))
}

impl RecordError {
    fn new(path: &Path, message: &str) -> Self {
        Self { path: path.to_owned(), message: message.to_owned(), source: None }
    }

    fn io(path: &Path, message: &str, error: io::Error) -> Self {
        Self { path: path.to_owned(), message: message.to_owned(), source: Some(error) }
    }
}

impl std::fmt::Display for RecordError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)?;
        match &self.source {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RecordError {}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}
