//! How a run that goes on is watched and steered: two files in its folder.

use std::io::{Read as _, Seek as _, SeekFrom};

use serde::{Deserialize, Serialize};

use crate::{Record, RecordError};

/// What people wish of a run. Whoever may write into its folder may steer it.
const WISHES: &str = "control.jsonl";

/// What it does now.
const NOW: &str = "now.json";

/// More bytes of wishes are not read at once.
const MOST: u64 = 1 << 20;

/// A wish about a run that goes on: a line of `control.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// When, RFC 3339, UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub what: Steer,
}

/// What can be wished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Steer {
    /// Nothing: somebody watches.
    Watch,
    /// Begin no further request; those on their way are finished.
    Pause,
    /// Go on.
    Resume,
    /// So many requests at most in parallel.
    Concurrency {
        /// From 1.
        requests: usize,
    },
    /// End in good order, as with Ctrl-C.
    Stop,
}

/// What a run does now: `now.json`, written while somebody watches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// Milliseconds since this part of the run began.
    pub at_ms: u64,
    /// Whether it begins nothing.
    pub paused: bool,
    /// Whether it is ending.
    pub stopping: bool,
    /// Requests in parallel, at most.
    pub max_concurrency: usize,
    /// The bytes of `control.jsonl` that it has read.
    pub obeyed: u64,
    /// What is asked: the trials that have waited longest first, a hundred at most.
    pub asked: Vec<Asking>,
    /// How many are asked in all.
    pub under_way: usize,
    /// How many of them only wait for their turn: nothing was sent, or it is to be sent again.
    #[serde(default)]
    pub waiting: usize,
}

/// A trial that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// The candidate's label.
    pub provider: String,
    /// The dataset's name.
    pub dataset: String,
    /// The case's id.
    pub case: String,
    /// Milliseconds from the beginning of this part of the run to that of the trial.
    pub at_ms: u64,
}

impl Record {
    /// Adds a wish.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn wish(&self, wish: &Wish) -> Result<u64, RecordError> {
        let failed = |source| self.failed(WISHES, "cannot be written", source);
        self.append(WISHES)?.write(wish).map_err(failed)?;
        Ok(self.wished())
    }

    /// How many bytes of wishes there are; nothing is wished by those that were there before a run began.
    #[must_use]
    pub fn wished(&self) -> u64 {
        self.path(WISHES).symlink_metadata().map_or(0, |file| file.len())
    }

    /// The wishes from a byte on that are written whole, and where the next one begins. What cannot be read is no wish.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn wishes(&self, from: u64) -> Result<(Vec<Wish>, u64), RecordError> {
        let failed = |source| self.failed(WISHES, "cannot be read", source);
        let path = vision_files::below(&self.dir, WISHES).map_err(|refused| failed(refused.into()))?;
        let mut file = vision_files::open(&path).map_err(|refused| failed(refused.into()))?;
        file.seek(SeekFrom::Start(from)).map_err(failed)?;
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes).map_err(failed)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines = bytes[..whole].split(|byte| *byte == b'\n');
        let wishes = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        Ok((wishes, from + whole as u64))
    }

    /// Says what the run does now.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn note_now(&self, now: &Now) -> Result<(), RecordError> {
        self.write_json(NOW, now)
    }

    /// What the run did when it last said so; nothing if nobody watched, or it has ended.
    #[must_use]
    pub fn now(&self) -> Option<Now> {
        let path = vision_files::below(&self.dir, NOW).ok()?;
        let text = vision_files::read_text(&path, vision_files::DOCUMENT).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Nothing is done now.
    pub fn forget_now(&self) {
        // It is not there if nobody watched.
        let _ = std::fs::remove_file(self.path(NOW));
    }

    /// Whether a process is carrying it out.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let Ok(path) = vision_files::below(&self.dir, "lock") else { return false };
        // Asked for reading only: two who look do not take each other for a run.
        let Ok(file) = vision_files::open(&path) else { return false };
        matches!(file.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock))
    }

    pub(crate) fn failed(&self, file: &str, message: &str, source: std::io::Error) -> RecordError {
        RecordError { path: self.path(file), message: message.to_owned(), source: Some(source) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Steer, Wish};
    use crate::Record;

    #[test]
    fn wishes_are_read_once_and_only_when_they_are_whole() {
        let folder = tempfile::tempdir().unwrap();
        let plan = include_str!("../../../reports/record/plan.json");
        std::fs::write(folder.path().join("plan.json"), plan).unwrap();
        let record = Record::open(folder.path()).unwrap();
        assert_eq!(record.wished(), 0);
        let wish = |what| Wish { at: "t".to_owned(), by: "anna".to_owned(), what };
        let before = record.wish(&wish(Steer::Stop)).unwrap();
        record.wish(&wish(Steer::Concurrency { requests: 3 })).unwrap();
        let mut file = std::fs::File::options().append(true).open(record.path("control.jsonl")).unwrap();
        file.write_all(b"nonsense\n{\"at\":\"t\",\"by\":\"eve\",\"do\":\"pa").unwrap();
        let (wishes, next) = record.wishes(before).unwrap();
        assert_eq!(wishes, [wish(Steer::Concurrency { requests: 3 })]);
        file.write_all(b"use\"}\n").unwrap();
        let (wishes, end) = record.wishes(next).unwrap();
        assert_eq!(wishes.iter().map(|it| it.what).collect::<Vec<_>>(), [Steer::Pause]);
        assert_eq!(record.wishes(end).unwrap(), (Vec::new(), end));
    }

    #[test]
    fn a_run_is_seen_by_its_lock() {
        let folder = tempfile::tempdir().unwrap();
        let plan = include_str!("../../../reports/record/plan.json");
        std::fs::write(folder.path().join("plan.json"), plan).unwrap();
        let record = Record::open(folder.path()).unwrap();
        assert!(!record.is_running());
        let lock = record.lock().unwrap();
        assert!(record.is_running());
        drop(lock);
        assert!(!record.is_running());
    }
}
