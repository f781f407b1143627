//! What a dataset is, as one hash.

use std::collections::{BTreeMap, HashSet};
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::check::{Digests, digest_of, listed};
use crate::dataset::{hash_into, hex};
use crate::index::hash;
use crate::lines::{Lines, json_message};
use crate::{Dataset, MediaRef, Problem, Result, files};

mod memory;
mod stamp;

use memory::Memory;
use stamp::Stamp;

/// So many media are remembered as one: few enough to read again when one of them changed.
const TOGETHER: usize = 256;

const SUMS: &str = "SHA256SUMS";

impl Dataset {
    /// A hash of everything that decides what is asked and what is right: manifest, schemas, cases, and every medium.
    ///
    /// With a folder for a memory, media that have the size, the times and the place they had are not read again. A file
    /// that is not the one `SHA256SUMS` lists, or is not listed there, is an error, and so is a list with other lines.
    /// Where there is no such list, a medium that cannot be read is none, as its trials will say so.
    pub fn content_hash(&self, memory: Option<&Path>) -> Result<String> {
        let mut names = vec!["dataset.toml".to_owned()];
        names.extend(self.manifest.tasks.values().filter_map(|spec| spec.schema.clone()));
        let mut digests = BTreeMap::new();
        for name in names {
            digests.insert(name.clone(), self.digest(&name)?);
        }
        let is_double = vision_files::storage::is_double(&self.folder);
        let has_sums = match is_double {
            true => vision_files::storage::exists(&self.folder, SUMS),
            false => self.folder.join(SUMS).symlink_metadata().is_ok(),
        };
        let sums = if has_sums { Some(self.digest(SUMS)?) } else { None };
        let listed = if has_sums { listed(&self.folder)? } else { Digests::default() };
        let mut media = Media {
            dataset: self,
            listed,
            sums,
            // Times of copies say nothing of what they are copies of.
            memory: Memory::open(memory.filter(|_| !is_double), &self.folder),
            is_double,
            pending: Vec::with_capacity(TOGETHER),
            hasher: Sha256::new(),
        };
        let cases = self.scan(&mut media)?;
        digests.insert("cases.jsonl".to_owned(), cases);
        for (name, digest) in &digests {
            media.check(name, digest)?;
        }
        digests.extend(sums.map(|sums| (SUMS.to_owned(), sums)));
        let mut hasher = Sha256::new();
        for (name, digest) in digests {
            hasher.update(name.as_bytes());
            hasher.update([0]);
            hasher.update(digest);
        }
        hasher.update(media.finish()?);
        Ok(hex(&hasher.finalize()))
    }

    fn digest(&self, name: &str) -> Result<[u8; 32]> {
        let unreadable = |error| Problem::unreadable(self.folder.join(name), &error);
        let mut hasher = Sha256::new();
        hash_into(&mut hasher, &mut files::open(&self.folder, name)?).map_err(unreadable)?;
        Ok(hasher.finalize().into())
    }

    /// Reads the cases once, for their hash and for the media they name.
    fn scan(&self, media: &mut Media<'_>) -> Result<[u8; 32]> {
        let path = self.cases_path();
        let unreadable = |error| Problem::unreadable(&path, &error);
        let mut hasher = Sha256::new();
        let mut lines =
            Lines::new(BufReader::with_capacity(1 << 16, files::open(&self.folder, "cases.jsonl")?));
        let mut seen = HashSet::new();
        while let Some(line) = lines.next().map_err(unreadable)? {
            let refuse = |message| Problem::at_line(&path, line.number, message);
            let bytes = line.bytes.map_err(refuse)?;
            hasher.update(bytes);
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let case: Named = serde_json::from_slice(bytes).map_err(|error| refuse(json_message(&error)))?;
            let files = case.schema.into_iter().map(MediaRef::File);
            for medium in case.media.into_iter().chain(files) {
                if let MediaRef::File(name) = medium
                    && seen.insert(hash(&name))
                {
                    media.add(name)?;
                }
            }
        }
        Ok(hasher.finalize().into())
    }
}

/// The SHA-256 of a file below this folder; `None` if it cannot be read.
pub fn file_hash(folder: &Path, name: &str) -> Option<String> {
    let path = vision_files::below(folder, name).ok()?;
    digest_of(&path).ok().map(|digest| hex(&digest))
}

/// The part of a line that matters here.
#[derive(Deserialize)]
struct Named {
    media: Vec<MediaRef>,
    /// A file that counts as a medium does.
    schema: Option<String>,
}

/// The media of a dataset, in the order in which cases name them.
struct Media<'a> {
    dataset: &'a Dataset,
    listed: Digests,
    /// Another list makes all files doubtful.
    sums: Option<[u8; 32]>,
    memory: Memory,
    /// Whether the files are elsewhere: what is listed is held to its hash when it comes.
    is_double: bool,
    pending: Vec<String>,
    hasher: Sha256,
}

impl Media<'_> {
    fn add(&mut self, name: String) -> Result<()> {
        self.pending.push(name);
        if self.pending.len() == TOGETHER { self.flush() } else { Ok(()) }
    }

    fn finish(mut self) -> Result<[u8; 32]> {
        self.flush()?;
        self.memory.save();
        Ok(self.hasher.finalize().into())
    }

    fn flush(&mut self) -> Result<()> {
        let names = std::mem::take(&mut self.pending);
        let mut stamp = Stamp::new(self.sums.as_ref());
        names.iter().for_each(|name| stamp.add(name, &self.dataset.folder.join(name)));
        let (stamp, settled) = stamp.finish();
        let digest = match self.memory.get(&stamp) {
            Some(digest) => digest,
            None => self.read(&names)?,
        };
        self.hasher.update(digest);
        if settled {
            self.memory.put(stamp, digest);
        }
        Ok(())
    }

    /// The hash of these media, by their bytes.
    fn read(&self, names: &[String]) -> Result<[u8; 32]> {
        let mut hasher = Sha256::new();
        for (name, digest) in names.iter().zip(self.digests(names)) {
            hasher.update(name.as_bytes());
            hasher.update([0]);
            match digest {
                Some(digest) => {
                    self.check(name, &digest)?;
                    hasher.update(digest);
                }
                None => hasher.update(b"unreadable"),
            }
        }
        Ok(hasher.finalize().into())
    }

    /// What the media hold, read on all processors.
    fn digests(&self, names: &[String]) -> Vec<Option<[u8; 32]>> {
        let folder = &self.dataset.folder;
        let promised = |name: &String| self.listed.get(name).filter(|_| self.is_double);
        let digest = |name: &String| {
            promised(name).or_else(|| digest_of(&vision_files::below(folder, name).ok()?).ok())
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = names.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = names
                .chunks(share)
                .map(|part| scope.spawn(move || part.iter().map(digest).collect::<Vec<_>>()))
                .collect();
            parts.into_iter().flat_map(|part| part.join().expect("reading files does not panic")).collect()
        })
    }

    fn check(&self, name: &str, digest: &[u8; 32]) -> Result<()> {
        if self.sums.is_none() {
            return Ok(());
        }
        let wrong = match self.listed.get(name) {
            Some(listed) if listed == *digest => return Ok(()),
            Some(_) => {
                "was changed: its hash is not the one in SHA256SUMS; restore it or, if the change is meant"
            }
            None => "is not listed in SHA256SUMS; remove it or, if it is meant to be there",
        };
        let folder = &self.dataset.folder;
        let message = format!("{wrong}, run `vision-eval datasets check --write-sums {}`", folder.display());
        Err(Problem::new(folder.join(name), message))
    }
}

#[cfg(test)]
mod tests;
