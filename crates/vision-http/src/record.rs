use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result, Secret};

use crate::recording::{Asked, Recording};
use crate::{Call, Reply, Transport};

/// Writes down every exchange of another transport, one readable file each, for [`Replay`](crate::Replay).
///
/// Keys and private pieces of a call are starred wherever they turn up. Failures are written down too, so that
/// a run with retries replays as it was.
#[derive(Debug)]
pub struct Record {
    inner: Arc<dyn Transport>,
    folder: PathBuf,
    next: AtomicU64,
}

impl Record {
    /// Adds to what already lies in `folder`, which is made if need be.
    pub fn new(inner: Arc<dyn Transport>, folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        let next = fs::create_dir_all(&folder).and_then(|()| first_free(&folder));
        let next = next.map_err(|source| unwritable(&folder, source))?;
        Ok(Self { inner, folder, next: AtomicU64::new(next) })
    }

    /// Numbers tell the order. Another process may write into the same folder, so a name is taken only if free.
    fn write(&self, recording: &Recording) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(recording)?;
        text.push('\n');
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let path = self.folder.join(file_name(number, &recording.request));
            match File::create_new(path) {
                Ok(mut file) => return file.write_all(text.as_bytes()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[async_trait]
impl Transport for Record {
    async fn send(&self, call: Call) -> Result<Reply> {
        let asked = Asked::new(&call);
        let mut secrets: Vec<Secret> = call.secrets().cloned().collect();
        let result = self.inner.send(call).await;
        secrets.extend(result.iter().flat_map(|reply| reply.sent.iter().cloned()));
        let written = self.write(&Recording::new(asked, &result, &secrets));
        // A recording with holes is worse than none: the caller that asked for one must be told.
        written.map_err(|source| unwritable(&self.folder, source))?;
        result
    }
}

fn unwritable(folder: &Path, source: io::Error) -> Error {
    let message = format!("cannot write recordings to {}", folder.display());
    Error::new(ErrorKind::Config, message).with_source(source)
}

fn first_free(folder: &Path) -> io::Result<u64> {
    let mut first = 1;
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.split_once('_')?.0.parse::<u64>().ok());
        first = first.max(number.map_or(0, |number| number + 1));
    }
    Ok(first)
}

/// `000001_POST_completions_3f2a9c41.json`.
fn file_name(number: u64, asked: &Asked) -> String {
    let path = asked.path.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("root");
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '-' };
    let last: String = last.chars().take(40).map(plain).collect();
    format!("{number:06}_{}_{last}_{}.json", asked.method, &asked.body_sha256[..8])
}
