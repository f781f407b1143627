use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result};

use crate::recording::{Asked, Outcome, Recording};
use crate::{Call, Reply, Transport};

/// Plays recordings of [`Record`](crate::Record) instead of asking anybody.
///
/// A recording belongs to a request of the same method, path and body. Several of the same request play in the
/// order in which they were made, each once.
#[derive(Debug)]
pub struct Replay {
    folder: PathBuf,
    left: Mutex<HashMap<Key, VecDeque<Outcome>>>,
}

/// Method, path and hash of the body.
type Key = (String, String, String);

impl Replay {
    /// Reads every recording in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        let mut left: HashMap<Key, VecDeque<Outcome>> = HashMap::new();
        for path in files(&folder)? {
            let recording = read(&path)?;
            left.entry(key(recording.request)).or_default().push_back(recording.outcome);
        }
        Ok(Self { folder, left: Mutex::new(left) })
    }

    fn miss(&self, key: &Key, played: bool) -> Error {
        let (method, path, hash) = key;
        let why = if played { "all recordings have been played" } else { "there is no recording" };
        let folder = self.folder.display();
        Error::new(
            ErrorKind::Config,
            format!("{why} of {method} {path} with body {} in {folder}", &hash[..8]),
        )
    }
}

#[async_trait]
impl Transport for Replay {
    async fn send(&self, call: Call) -> Result<Reply> {
        let key = key(Asked::new(&call));
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        match left.get_mut(&key) {
            None => Err(self.miss(&key, false)),
            Some(outcomes) => outcomes.pop_front().ok_or_else(|| self.miss(&key, true))?.play(),
        }
    }
}

fn key(asked: Asked) -> Key {
    (asked.method, asked.path, asked.body_sha256)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
    let entries = entries.map_err(|source| {
        Error::new(ErrorKind::Config, format!("cannot read recordings from {}", folder.display()))
            .with_source(source)
    })?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Recording> {
    let unreadable = || Error::new(ErrorKind::Config, format!("{} is not a recording", path.display()));
    let text = fs::read(path).map_err(|source| unreadable().with_source(source))?;
    serde_json::from_slice(&text).map_err(|source| unreadable().with_source(source))
}
