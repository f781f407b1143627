//! A dataset that is elsewhere.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::TryStreamExt;
use vision_files::{LINES, MEDIUM, Refused};

use crate::address::Place;
use crate::bridge::wait;
use crate::objects::{fetch, hex, is_there, make, refused, short_hash};

const SUMS: &str = "SHA256SUMS";

/// Its double on this disk, and where the files come from.
pub struct RemoteDataset {
    place: Place,
    /// The double.
    folder: PathBuf,
    /// What tells the state of each file of the double.
    tags: PathBuf,
    /// Files by their hashes, of all datasets.
    blobs: PathBuf,
    sums: HashMap<String, [u8; 32]>,
    /// What this process has fetched or found to be as it was.
    settled: Mutex<HashSet<String>>,
    /// One at a time for each name, so that nothing is fetched twice.
    under_way: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

impl RemoteDataset {
    /// Fetches what everybody needs of it: what it is, its cases and its list of hashes.
    pub fn open(place: Place, folder: &Path, cache: &Path) -> Result<Self, Refused> {
        let mut dataset = Self {
            tags: cache.join("tags").join(&place.double),
            place,
            folder: folder.to_owned(),
            blobs: cache.join("blobs"),
            sums: HashMap::new(),
            settled: Mutex::default(),
            under_way: Mutex::default(),
        };
        make(folder)?;
        match dataset.fetch(SUMS) {
            Ok(()) => dataset.sums = read_sums(&folder.join(SUMS))?,
            Err(Refused::Unreadable(error)) if error.kind() == ErrorKind::NotFound => {
                // An earlier state of it may have had one.
                std::fs::remove_file(folder.join(SUMS)).ok();
            }
            Err(refused) => return Err(refused),
        }
        dataset.fetch("dataset.toml")?;
        match dataset.fetch("cases.jsonl") {
            Err(Refused::Unreadable(error)) if error.kind() == ErrorKind::NotFound => {}
            other => other?,
        }
        Ok(dataset)
    }

    /// Brings a file here. Its name holds no climbing parts.
    pub fn fetch(&self, name: &str) -> Result<(), Refused> {
        let name = name.strip_prefix("./").unwrap_or(name);
        if lock(&self.settled).contains(name) {
            return Ok(());
        }
        let turn = lock(&self.under_way).entry(name.to_owned()).or_default().clone();
        let _turn = lock(&turn);
        if lock(&self.settled).contains(name) {
            return Ok(());
        }
        let fetched = match self.sums.get(name) {
            Some(digest) => self.fetch_listed(name, digest),
            None => self.fetch_changed(name),
        };
        lock(&self.under_way).remove(name);
        fetched?;
        lock(&self.settled).insert(name.to_owned());
        Ok(())
    }

    /// A file whose hash is known is fetched once, for all datasets that have it.
    fn fetch_listed(&self, name: &str, digest: &[u8; 32]) -> Result<(), Refused> {
        let hash = hex(digest);
        let target = self.folder.join(name);
        let wanted = format!("sha256 {hash}");
        if target.is_file() && self.tag(name).as_deref() == Some(&wanted) {
            return Ok(());
        }
        let blob = self.blobs.join(&hash[..2]).join(&hash);
        if !blob.is_file() {
            let draft = blob.with_extension(format!("{}-{}", std::process::id(), short_hash(name)));
            let got = self.get(name, draft.clone(), None)?.is_some_and(|got| got == *digest);
            if !got {
                std::fs::remove_file(&draft).ok();
                return Err(Refused::Elsewhere(
                    "was changed: its hash is not the one in SHA256SUMS".to_owned(),
                ));
            }
            std::fs::rename(&draft, &blob)?;
        }
        make(target.parent().unwrap_or(&self.folder))?;
        std::fs::remove_file(&target).ok();
        // Where the disk knows no second name for a file.
        if std::fs::hard_link(&blob, &target).is_err() && !target.is_file() {
            std::fs::copy(&blob, &target)?;
        }
        self.set_tag(name, &wanted)
    }

    /// Any other is asked for again, and comes if it has changed.
    fn fetch_changed(&self, name: &str) -> Result<(), Refused> {
        let target = self.folder.join(name);
        let tag = self.tag(name).filter(|tag| target.is_file() && !tag.starts_with("sha256 "));
        self.get(name, target, tag).map(drop)
    }

    /// Fetches an object; the hash of what came, or `None` if it is as it was.
    fn get(&self, name: &str, target: PathBuf, tag: Option<String>) -> Result<Option<[u8; 32]>, Refused> {
        let most = if ["cases.jsonl", SUMS].contains(&name) { LINES } else { MEDIUM };
        let (store, object) = (self.place.store.clone(), self.place.object(name));
        let got = wait(async move { fetch(store.as_ref(), &object, &target, tag, most).await })?;
        let Some(got) = got else { return Ok(None) };
        self.set_tag(name, &got.tag)?;
        Ok(Some(got.digest))
    }

    /// Whether there is such a file.
    pub fn contains(&self, name: &str) -> bool {
        let name = name.strip_prefix("./").unwrap_or(name);
        if self.sums.contains_key(name) || lock(&self.settled).contains(name) {
            return true;
        }
        let (store, object) = (self.place.store.clone(), self.place.object(name));
        wait(async move { is_there(store.as_ref(), &object).await }).unwrap_or(false)
    }

    /// All names, as far as the store lists them; a plain web server lists nothing, and then its list of hashes counts.
    pub fn names(&self) -> Result<Vec<String>, Refused> {
        let (store, prefix) = (self.place.store.clone(), self.place.prefix.clone());
        let listed = wait(async move {
            let objects: Vec<_> =
                store.list(Some(&prefix)).try_collect().await.map_err(|error| refused(&error))?;
            let name = |object: &object_store::ObjectMeta| {
                let parts = object.location.prefix_match(&prefix)?;
                Some(parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/"))
            };
            Ok(objects.iter().filter_map(name).filter(|name| !name.is_empty()).collect::<Vec<_>>())
        });
        match listed {
            Ok(names) if !names.is_empty() => Ok(names),
            _ if !self.sums.is_empty() => Ok(self.sums.keys().cloned().chain([SUMS.to_owned()]).collect()),
            other => other,
        }
    }

    fn tag(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.tags.join(name)).ok().filter(|tag| !tag.is_empty())
    }

    fn set_tag(&self, name: &str, tag: &str) -> Result<(), Refused> {
        let path = self.tags.join(name);
        make(path.parent().unwrap_or(&self.tags))?;
        Ok(std::fs::write(path, tag)?)
    }
}

/// What `SHA256SUMS` lists. What is wrong with it is said by those who read it as a list.
fn read_sums(path: &Path) -> Result<HashMap<String, [u8; 32]>, Refused> {
    let text = vision_files::read(path, LINES)?;
    let lines =
        text.split(|byte| *byte == b'\n').filter_map(|line| vision_files::listed_hash(line.trim_ascii_end()));
    Ok(lines.map(|(digest, name)| (name.to_owned(), digest)).collect())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
