//! The cases of a record by number, in memory proportional to their count and not to their size.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use eval_record::{CaseLine, Record, RecordError};
use serde::de::DeserializeOwned;
use vision_core::Task;

use crate::SummaryError;

/// What is kept of every case.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    path: PathBuf,
    /// Where its line begins; one more for the end of the file.
    offsets: Vec<u64>,
    /// Its dataset × task; `u16::MAX` if the plan does not know it.
    units: Vec<u16>,
    /// Its source document.
    clusters: Vec<u32>,
    /// Where its tags begin in `tags`; one more for the end.
    tag_starts: Vec<u32>,
    tags: Vec<u32>,
    /// Every tag and value that occurs.
    pub tag_names: Vec<(String, String)>,
    copies: u64,
}

/// Numbers of cases by name; only needed while trials are read.
#[derive(Debug, Default)]
pub(crate) struct CaseNumbers(HashMap<u64, u32, Hasher>);

type Hasher = BuildHasherDefault<DefaultHasher>;

/// More different tags than any report can print; what comes later has none.
const MOST_TAGS: usize = 5_000;

impl Cases {
    /// Reads all of them; `unit` gives the number of a dataset × task.
    pub fn read(
        record: &Record,
        unit: impl Fn(&str, Task) -> Option<u16>,
    ) -> Result<(Self, CaseNumbers), RecordError> {
        let mut cases = Self { path: record.path("cases.jsonl"), ..Self::default() };
        let mut numbers = CaseNumbers::default();
        let mut clusters: HashMap<u64, u32, Hasher> = HashMap::default();
        let mut tags: HashMap<(String, String), u32> = HashMap::new();
        let mut asked: HashSet<u64, Hasher> = HashSet::default();
        let contents = contents(record);
        record.cases(|offset, case| {
            let number = u32::try_from(cases.offsets.len()).expect("memory ends before four billion cases");
            numbers.0.insert(hash(&(&case.dataset, &case.case)), number);
            let next = u32::try_from(clusters.len()).expect("no more documents than cases");
            let cluster = *clusters.entry(hash(&(&case.dataset, &case.source))).or_insert(next);
            // The same bytes under two names are one medium, where they are known.
            let of_name = |name: &String| {
                contents.get(&hash(&(&case.dataset, name))).copied().unwrap_or_else(|| hash(name))
            };
            let media: Vec<u64> = case.media.iter().map(of_name).collect();
            let question = (&case.dataset, case.task, media, &case.fields);
            cases.copies += u64::from(!case.media.is_empty() && !asked.insert(hash(&question)));
            cases.offsets.push(offset);
            cases.units.push(unit(&case.dataset, case.task).unwrap_or(u16::MAX));
            cases.clusters.push(cluster);
            cases.tag_starts.push(cases.tags.len() as u32);
            for tag in case.tags {
                let next = tags.len();
                if next < MOST_TAGS || tags.contains_key(&tag) {
                    cases.tags.push(*tags.entry(tag).or_insert(next as u32));
                }
            }
        })?;
        let end = std::fs::metadata(&cases.path).map_or(0, |file| file.len());
        cases.offsets.push(end);
        cases.tag_starts.push(cases.tags.len() as u32);
        let mut names: Vec<_> = tags.into_iter().collect();
        names.sort_by_key(|(_, number)| *number);
        cases.tag_names = names.into_iter().map(|(name, _)| name).collect();
        Ok((cases, numbers))
    }

    /// Cases that ask the same about the same media as an earlier one.
    pub fn copies(&self) -> u64 {
        self.copies
    }

    pub fn len(&self) -> usize {
        self.units.len()
    }

    pub fn unit(&self, case: u32) -> Option<u16> {
        Some(self.units[case as usize]).filter(|unit| *unit != u16::MAX)
    }

    /// The number of its source document.
    pub fn cluster(&self, case: u32) -> usize {
        self.clusters[case as usize] as usize
    }

    /// Its tags, as places in `tag_names`.
    pub fn tags(&self, case: u32) -> &[u32] {
        let at = case as usize;
        &self.tags[self.tag_starts[at] as usize..self.tag_starts[at + 1] as usize]
    }

    pub fn reader(&self) -> Result<CaseReader<'_>, SummaryError> {
        let file =
            vision_files::open(&self.path).map_err(|refused| SummaryError::file(&self.path, refused))?;
        Ok(CaseReader { cases: self, file, buffer: Vec::new() })
    }
}

/// What media hold, by dataset and name. What cannot be read of it is left out: media are known by their names then.
fn contents(record: &Record) -> HashMap<u64, u64, Hasher> {
    let mut contents: HashMap<u64, u64, Hasher> = HashMap::default();
    let _ = record.each_medium(|entry| {
        contents.insert(hash(&(&entry.dataset, &entry.name)), hash(&entry.source_hash));
    });
    contents
}

impl CaseNumbers {
    pub fn get(&self, dataset: &str, case: &str) -> Option<u32> {
        self.0.get(&hash(&(dataset, case))).copied()
    }
}

/// Always the same for the same value, so that the same record gives the same bytes.
pub(crate) fn hash(value: &impl Hash) -> u64 {
    Hasher::default().hash_one(value)
}

/// Reads single cases: one seek and one read of exactly the line.
#[derive(Debug)]
pub(crate) struct CaseReader<'a> {
    cases: &'a Cases,
    file: File,
    buffer: Vec<u8>,
}

impl CaseReader<'_> {
    pub fn read(&mut self, case: u32) -> Result<CaseLine, SummaryError> {
        self.read_as(case)
    }

    /// Reads only what `T` asks for.
    pub fn read_as<T: DeserializeOwned>(&mut self, case: u32) -> Result<T, SummaryError> {
        let at = case as usize;
        let (start, end) = (self.cases.offsets[at], self.cases.offsets[at + 1]);
        read_line(&mut self.file, start, end, &mut self.buffer, &self.cases.path)
    }
}

/// The line that begins at `start` and ends before `end`.
pub(crate) fn read_line<T: DeserializeOwned>(
    file: &mut File,
    start: u64,
    end: u64,
    buffer: &mut Vec<u8>,
    path: &Path,
) -> Result<T, SummaryError> {
    buffer.clear();
    file.seek(SeekFrom::Start(start))
        .and_then(|_| Read::by_ref(file).take(end - start).read_to_end(buffer))
        .map_err(|error| SummaryError::file(path, error))?;
    let line = buffer.split(|byte| *byte == b'\n').next().unwrap_or_default();
    serde_json::from_slice(line).map_err(|error| SummaryError::file(path, error))
}
