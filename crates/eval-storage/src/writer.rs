//! Copies a run to its store while it goes on.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use object_store::buffered::BufWriter;
use object_store::{Error, ObjectStoreExt as _, PutMode, PutOptions};
use tokio::io::AsyncWriteExt as _;
use vision_files::Refused;

use crate::Settings;
use crate::address::Place;
use crate::bridge::wait;
use crate::objects::{make, refused};
use crate::run::{CHECKPOINTS, Double, Listing, is_ours};

/// Why a run was not copied.
#[derive(Debug)]
pub enum Refusal {
    /// Somebody else writes there, or has a run there.
    Taken(&'static str),
    /// The store or the disk does not let us; it may later.
    Failed(Refused),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(what) => f.write_str(what),
            Self::Failed(refused) => refused.fmt(f),
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Failed(refused)
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

type Result<T> = std::result::Result<T, Refusal>;

/// The most bytes of a piece.
const PIECE: u64 = 32 << 20;

/// A run that is recorded on this disk and copied to its store.
pub struct Writer {
    place: Place,
    double: Double,
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    /// Bytes of files of lines.
    lines: HashMap<String, u64>,
    /// Other files as they were.
    others: HashMap<String, (u64, SystemTime)>,
    /// Pieces that the whole files do not hold yet.
    pieces: Vec<String>,
}

impl Writer {
    /// For a new run at an address that has none.
    pub fn begin(settings: &Settings, address: &str) -> Result<Self> {
        let place = settings.place(address)?;
        let double = Double::of(settings, &place);
        if Listing::of(&place)?.0.contains_key("plan.json") {
            return Err(Refusal::Taken("holds a run already; resume it, or name another address"));
        }
        let trials = double.folder.join("trials.jsonl").metadata();
        if double.unfinished.exists() && trials.is_ok_and(|trials| trials.len() > 0) {
            return Err(Refusal::Failed(Refused::Elsewhere(format!(
                "holds no run, but one that was recorded for it was never copied: move or delete {}",
                double.folder.display()
            ))));
        }
        double.clear()?;
        Ok(Self { place, double, sent: Mutex::default() })
    }

    /// For a run that was brought here.
    pub fn go_on(settings: &Settings, address: &str) -> Result<Self> {
        let place = settings.place(address)?;
        let double = Double::of(settings, &place);
        let listing = Listing::of(&place)?;
        let mut sent = Sent::default();
        for (name, pieces) in &listing.0 {
            if name.ends_with(".jsonl") {
                sent.lines.insert(name.clone(), listing.len(name));
                let pieces = pieces.iter().filter(|piece| piece.name.starts_with(CHECKPOINTS));
                sent.pieces.extend(pieces.map(|piece| piece.name.clone()));
            }
        }
        Ok(Self { place, double, sent: Mutex::new(sent) })
    }

    /// Where the run is recorded.
    pub fn folder(&self) -> &Path {
        &self.double.folder
    }

    /// From now on this machine has more of the run than the store. Of a new run the plan is copied, unless somebody
    /// else was quicker.
    pub fn open(&self) -> Result<()> {
        let plan = std::fs::read(self.double.folder.join("plan.json"))?;
        let tag = || Ok(Listing::of(&self.place)?.tag("plan.json"));
        if self.double.tag("plan.json").is_none() {
            self.create("plan.json", plan.into())?;
            self.double.set_tag("plan.json", &tag().map_err(Refusal::Failed)?)?;
        }
        make(self.double.unfinished.parent().unwrap_or(Path::new(".")))?;
        Ok(std::fs::write(&self.double.unfinished, "")?)
    }

    /// Copies what is new.
    pub fn checkpoint(&self) -> Result<()> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        // By name: reservations before trials, so that no money is forgotten between the two.
        for name in self.files()? {
            match name.ends_with(".jsonl") {
                true => self.add_lines(&name, &mut sent)?,
                false => self.replace(&name, &mut sent)?,
            }
        }
        Ok(())
    }

    /// Copies what is new, and writes each file whole.
    pub fn finish(&self) -> Result<()> {
        self.checkpoint()?;
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for name in self.files()? {
            if sent.pieces.iter().any(|piece| file_of(piece) == Some(&name)) {
                self.write_whole(&name)?;
            }
        }
        // Only now, when nothing needs them.
        for piece in std::mem::take(&mut sent.pieces) {
            let (store, object) = (self.place.store.clone(), self.place.object(&piece));
            wait(async move {
                match store.delete(&object).await {
                    Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
                    Err(error) => Err(refused(&error)),
                }
            })?;
        }
        let listing = Listing::of(&self.place)?;
        listing.0.keys().try_for_each(|name| self.double.set_tag(name, &listing.tag(name)))?;
        std::fs::remove_file(&self.double.unfinished).ok();
        Ok(())
    }

    fn files(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.double.folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.extend(entry.file_name().into_string().ok().filter(|name| is_ours(name)));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Adds whole lines as pieces.
    fn add_lines(&self, name: &str, sent: &mut Sent) -> Result<()> {
        let mut file = File::open(self.double.folder.join(name))?;
        let end = file.metadata()?.len();
        let begun = sent.lines.get(name).copied().unwrap_or(0);
        if end < begun {
            // A torn line was cut off that had been copied.
            self.write_whole(name)?;
            sent.lines.insert(name.to_owned(), end);
            return Ok(());
        }
        file.seek(SeekFrom::Start(begun))?;
        let mut start = begun;
        while start < end {
            let mut bytes = Vec::new();
            (&mut file).take(PIECE.min(end - start)).read_to_end(&mut bytes)?;
            if start + bytes.len() as u64 >= end {
                // A line may be half written right now.
                let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                bytes.truncate(whole);
            }
            if bytes.is_empty() {
                return Ok(());
            }
            let piece = format!("{CHECKPOINTS}/{name}.{start:015}");
            let length = bytes.len() as u64;
            self.create(&piece, bytes.into())?;
            sent.pieces.push(piece);
            start += length;
            sent.lines.insert(name.to_owned(), start);
        }
        Ok(())
    }

    /// Copies another file if it is not what it was.
    fn replace(&self, name: &str, sent: &mut Sent) -> Result<()> {
        let about = self.double.folder.join(name).metadata()?;
        let stamp = (about.len(), about.modified()?);
        if name != "plan.json" && sent.others.get(name) != Some(&stamp) {
            self.write_whole(name)?;
            sent.others.insert(name.to_owned(), stamp);
        }
        Ok(())
    }

    /// Writes an object that must not be there. One that holds the same is our own, from a request whose reply was lost.
    fn create(&self, name: &str, bytes: Bytes) -> Result<()> {
        let (store, object) = (self.place.store.clone(), self.place.object(name));
        let is_ours = wait(async move {
            let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            match store.put_opts(&object, bytes.clone().into(), options).await {
                Ok(_) => Ok(true),
                Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                    let there = store.get(&object).await.map_err(|error| refused(&error))?;
                    Ok(there.bytes().await.map_err(|error| refused(&error))? == bytes)
                }
                Err(error) => Err(refused(&error)),
            }
        })?;
        match is_ours {
            true => Ok(()),
            false => Err(Refusal::Taken("is written by another process, which goes on with the same run")),
        }
    }

    fn write_whole(&self, name: &str) -> Result<()> {
        let (store, object) = (self.place.store.clone(), self.place.object(name));
        let path = self.double.folder.join(name);
        let copying = async move {
            let mut file = File::open(path)?;
            let mut writer = BufWriter::with_capacity(store, object, PIECE as usize);
            let mut buffer = vec![0; 1 << 20];
            loop {
                match file.read(&mut buffer)? {
                    0 => return writer.shutdown().await,
                    length => writer.write_all(&buffer[..length]).await?,
                }
            }
        };
        let said = |error: std::io::Error| match error.downcast::<Error>() {
            Ok(error) => refused(&error),
            Err(error) => error.into(),
        };
        Ok(wait(async move { copying.await.map_err(said) })?)
    }
}

/// The file that a piece belongs to.
fn file_of(piece: &str) -> Option<&str> {
    piece.strip_prefix(CHECKPOINTS)?.strip_prefix('/')?.rsplit_once('.').map(|(file, _)| file)
}
