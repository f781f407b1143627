//! A run that is elsewhere: its files, each of them whole or with pieces that were added at checkpoints.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use object_store::{Error, ObjectMeta, ObjectStoreExt as _};
use vision_files::{LINES, Refused};

use crate::Settings;
use crate::address::Place;
use crate::bridge::wait;
use crate::objects::{Draft, make, pour, refused};

/// Where pieces are, below the run.
pub const CHECKPOINTS: &str = "checkpoints";

/// What a run may have, for stores that list nothing.
const KNOWN: [&str; 12] = [
    "plan.json",
    "cases.jsonl",
    "trials.jsonl",
    "media.jsonl",
    "reservations.jsonl",
    "resumptions.jsonl",
    "changed-datasets.jsonl",
    "looks.jsonl",
    "batches.jsonl",
    "other-parts.jsonl",
    "workers.json",
    "judgements.jsonl",
];

/// The places of a run's double.
#[derive(Debug, Clone)]
pub struct Double {
    pub folder: PathBuf,
    tags: PathBuf,
    /// Is there while this machine has more of the run than the store.
    pub unfinished: PathBuf,
}

impl Double {
    pub fn of(settings: &Settings, place: &Place) -> Self {
        Self {
            folder: settings.cache.join("runs").join(&place.double),
            tags: settings.cache.join("tags").join("run").join(&place.double),
            unfinished: settings.cache.join("unfinished").join(place.double.replace('/', "+")),
        }
    }

    fn len(&self, name: &str) -> Option<u64> {
        self.folder.join(name).metadata().ok().filter(std::fs::Metadata::is_file).map(|about| about.len())
    }

    pub fn tag(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.tags.join(name)).ok()
    }

    pub fn set_tag(&self, name: &str, tag: &str) -> Result<(), Refused> {
        make(&self.tags)?;
        Ok(std::fs::write(self.tags.join(name), tag)?)
    }

    /// Nothing of an earlier run at this address is left.
    pub fn clear(&self) -> Result<(), Refused> {
        for path in [&self.folder, &self.tags] {
            match std::fs::remove_dir_all(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        std::fs::remove_file(&self.unfinished).ok();
        make(&self.folder)
    }
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Below the run.
    pub name: String,
    pub start: u64,
    pub size: u64,
    tag: Option<String>,
}

/// The files of a run in its store, each as the pieces that make it up.
#[derive(Debug, Default)]
pub struct Listing(pub BTreeMap<String, Vec<Piece>>);

impl Listing {
    /// Asks the store.
    pub fn of(place: &Place) -> Result<Self, Refused> {
        let (store, prefix, known) = (place.store.clone(), place.prefix.clone(), place.clone());
        wait(async move {
            let objects: Vec<ObjectMeta> = match store.list(Some(&prefix)).try_collect().await {
                Ok(objects) => objects,
                Err(Error::NotFound { .. }) => Vec::new(),
                Err(_) => probe(&known).await?,
            };
            let named = objects.into_iter().filter_map(|object| {
                let parts = object.location.prefix_match(&prefix)?;
                let name = parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/");
                Some((name, object.size, object.e_tag))
            });
            Ok(Self::new(named))
        })
    }

    fn new(objects: impl Iterator<Item = (String, u64, Option<String>)>) -> Self {
        let mut files: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
        for (name, size, tag) in objects {
            let (file, start) = match name.strip_prefix(CHECKPOINTS).and_then(|rest| rest.strip_prefix('/')) {
                None => (name.as_str(), 0),
                Some(piece) => {
                    match piece.rsplit_once('.').and_then(|(file, at)| Some((file, at.parse().ok()?))) {
                        Some(found) => found,
                        None => continue,
                    }
                }
            };
            if is_ours(file) {
                files.entry(file.to_owned()).or_default().push(Piece {
                    name: name.clone(),
                    start,
                    size,
                    tag,
                });
            }
        }
        files.values_mut().for_each(|pieces| *pieces = chained(std::mem::take(pieces)));
        files.retain(|_, pieces| !pieces.is_empty());
        Self(files)
    }

    /// How much of a file is in the store.
    pub fn len(&self, name: &str) -> u64 {
        self.0.get(name).and_then(|pieces| pieces.last()).map_or(0, |last| last.start + last.size)
    }

    /// What tells this state of a file from others.
    pub fn tag(&self, name: &str) -> String {
        let pieces = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
        let tag =
            |piece: &Piece| format!("{} {} {}", piece.start, piece.size, piece.tag.as_deref().unwrap_or("-"));
        pieces.iter().map(tag).collect::<Vec<_>>().join("\n")
    }
}

/// A file of a run: flat, and none of those that only mean something on one machine.
pub fn is_ours(file: &str) -> bool {
    !file.is_empty()
        && !file.contains('/')
        && !file.starts_with('.')
        && !file.ends_with(".draft")
        && file != "lock"
}

/// The pieces that follow on each other without a gap. Those that the whole file holds already count no more.
fn chained(mut pieces: Vec<Piece>) -> Vec<Piece> {
    // A whole file comes before the first piece.
    pieces.sort_by_key(|piece| (piece.start, piece.name.starts_with(CHECKPOINTS)));
    let mut chain: Vec<Piece> = Vec::new();
    for piece in pieces {
        if piece.start == chain.last().map_or(0, |last| last.start + last.size) {
            chain.push(piece);
        }
    }
    chain
}

async fn probe(place: &Place) -> Result<Vec<ObjectMeta>, Refused> {
    let mut found = Vec::new();
    for name in KNOWN {
        match place.store.head(&place.object(name)).await {
            Ok(object) => found.push(object),
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(refused(&error)),
        }
    }
    Ok(found)
}

/// Brings a run here. What this machine has recorded and not copied yet stays.
pub fn bring(settings: &Settings, address: &str) -> Result<PathBuf, Refused> {
    let place = settings.place(address)?;
    let double = Double::of(settings, &place);
    let listing = Listing::of(&place)?;
    if !listing.0.contains_key("plan.json") {
        return Err(Refused::Elsewhere("is no run: there is no plan.json".to_owned()));
    }
    if double.tag("plan.json") != Some(listing.tag("plan.json")) {
        double.clear()?;
    }
    make(&double.folder)?;
    let is_ahead = double.unfinished.exists();
    for name in listing.0.keys() {
        let (here, there) = (double.len(name), listing.len(name));
        let is_kept = match is_ahead {
            true => here.is_some_and(|here| here >= there || !name.ends_with(".jsonl")),
            false => here == Some(there) && double.tag(name) == Some(listing.tag(name)),
        };
        if !is_kept {
            copy(&place, &listing.0[name], &double.folder.join(name))?;
            double.set_tag(name, &listing.tag(name))?;
        }
    }
    Ok(double.folder)
}

/// Fetches a file's pieces, one after the other.
fn copy(place: &Place, pieces: &[Piece], target: &Path) -> Result<(), Refused> {
    let size: u64 = pieces.iter().map(|piece| piece.size).sum();
    if size > LINES {
        return Err(Refused::TooLarge { bytes: size, most: LINES });
    }
    let (place, pieces, target) = (place.clone(), pieces.to_vec(), target.to_owned());
    wait(async move {
        let mut draft = Draft::new(&target)?;
        for piece in pieces {
            let object = place.object(&piece.name);
            let mut take = |bytes: &[u8]| draft.write(bytes);
            pour(place.store.as_ref(), &object, piece.size, piece.tag, &mut take).await?;
        }
        draft.keep(&target, size)
    })
}

#[cfg(test)]
mod tests {
    use super::Listing;

    fn listing(objects: &[(&str, u64)]) -> Listing {
        Listing::new(objects.iter().map(|(name, size)| ((*name).to_owned(), *size, None)))
    }

    #[test]
    fn pieces_follow_on_the_whole_file_and_on_each_other() {
        let pieces = [("checkpoints/trials.jsonl.10", 5), ("checkpoints/trials.jsonl.0", 10)];
        assert_eq!(listing(&pieces).len("trials.jsonl"), 15);
        let whole = [&pieces[..], &[("trials.jsonl", 15), ("checkpoints/trials.jsonl.15", 2)]].concat();
        let read = listing(&whole);
        assert_eq!((read.len("trials.jsonl"), read.0["trials.jsonl"].len()), (17, 2), "its pieces are in it");
    }

    #[test]
    fn a_gap_is_the_end() {
        assert_eq!(
            listing(&[("trials.jsonl", 10), ("checkpoints/trials.jsonl.12", 5)]).len("trials.jsonl"),
            10
        );
        assert_eq!(listing(&[("checkpoints/trials.jsonl.12", 5)]).len("trials.jsonl"), 0);
    }

    #[test]
    fn what_is_no_file_of_a_run_is_left_alone() {
        let read = listing(&[
            ("lock", 1),
            (".x", 1),
            ("a/b", 1),
            ("../x", 1),
            ("checkpoints/x", 1),
            ("plan.json", 1),
        ]);
        assert_eq!(read.0.keys().collect::<Vec<_>>(), ["plan.json"]);
    }
}
