//! Pictures and recordings for the HTML report, read from the datasets that a record names.

mod ahead;
mod previews;

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use eval_datasets::{Dataset, MediaRef};
use eval_record::Record;
use eval_report::{MediaSource, escape};
use sha2::{Digest, Sha256};
use vision_core::{MediaKind, Modality};
use vision_files::storage;

use crate::settings::Project;
pub use ahead::Ahead;
use previews::Previews;

/// Reads media of a run's datasets, if they are still where they were and the record may open them.
pub struct DatasetMedia {
    folders: HashMap<String, PathBuf>,
    /// The folder of the page; links lead from there.
    page: Option<PathBuf>,
    previews: Previews,
    sent: HashMap<(String, String), HashSet<String>>,
    /// Whether it was said that files have changed.
    warned: AtomicBool,
}

impl DatasetMedia {
    /// The datasets of a record, for a page in a folder that exists.
    ///
    /// A record may come from a stranger and name any folder, and the page may be passed on. So it opens only datasets
    /// that the user names, in the configuration or by a flag, and those that lie inside it. Previews are kept in the
    /// cache's folder, if there is one.
    pub fn new(project: &Project, record: &Record, page: Option<&Path>, cache: Option<PathBuf>) -> Self {
        let (folders, refused) = open_folders(project, record);
        for (name, folder) in refused {
            let (name, folder) = (escape::terminal(&name), folder.display().to_string());
            eprintln!(
                "note: no media of `{name}` are shown: the record names {}, which is neither in the configuration \
                 nor inside the record; add --dataset to allow it",
                escape::terminal(&folder)
            );
        }
        let page = page.and_then(|folder| folder.canonicalize().ok());
        Self { page, sent: sent(record), ..Self::of(folders, Previews::new(cache)) }
    }

    /// Media as they are, for no page.
    fn of(folders: HashMap<String, PathBuf>, previews: Previews) -> Self {
        Self { folders, page: None, previews, sent: HashMap::new(), warned: AtomicBool::new(false) }
    }
}

/// Where a dataset is on this disk. One in object storage is there only if the user names it.
fn here(folder: &Path) -> Option<PathBuf> {
    storage::dataset(folder).ok()?.canonicalize().ok()
}

impl DatasetMedia {
    /// Whether this is not what was sent: it would be shown beside answers to something else.
    fn has_changed(&self, dataset: &str, name: &str, bytes: &[u8]) -> bool {
        let Some(hashes) = self.sent.get(&(dataset.to_owned(), name.to_owned())) else { return false };
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let changed = !hashes.contains(&hash);
        if changed && !self.warned.swap(true, Ordering::Relaxed) {
            eprintln!(
                "note: {} has changed since the run and is not shown, nor is any other file that has",
                escape::terminal(&format!("{dataset}/{name}"))
            );
        }
        changed
    }
}

/// The folders of a record's datasets that may be opened, and those that may not.
pub fn open_folders(
    project: &Project,
    record: &Record,
) -> (HashMap<String, PathBuf>, Vec<(String, PathBuf)>) {
    let named: Vec<PathBuf> = project.dataset_folders().iter().filter_map(|folder| here(folder)).collect();
    let (mut folders, mut refused) = (HashMap::new(), Vec::new());
    for dataset in &record.plan.datasets {
        let Some(folder) = here(&storage::within(&project.root, &dataset.folder)) else { continue };
        if named.contains(&folder) || is_inside(record, &folder, &dataset.name) {
            folders.insert(dataset.name.clone(), folder);
        } else {
            refused.push((dataset.name.clone(), folder));
        }
    }
    (folders, refused)
}

/// Whether the folder is the dataset of this name inside the record. What lies beside it may be anybody's.
fn is_inside(record: &Record, folder: &Path, name: &str) -> bool {
    let inside = record.dir.canonicalize().is_ok_and(|dir| folder.starts_with(dir));
    inside && Dataset::open(folder).is_ok_and(|dataset| dataset.manifest.name == name)
}

/// Hashes of the files that were sent, by dataset and name. Without them nothing is said to have changed.
fn sent(record: &Record) -> HashMap<(String, String), HashSet<String>> {
    let mut sent: HashMap<_, HashSet<String>> = HashMap::new();
    for entry in record.media().unwrap_or_default() {
        sent.entry((entry.dataset, entry.name)).or_default().insert(entry.source_hash);
    }
    sent
}

/// Files of more bytes are linked.
const MOST_BYTES: u64 = 64_000_000;
/// Sound of more bytes is linked.
const MOST_SOUND: usize = 400_000;
/// Images of fewer bytes are shown as they are.
const SMALL: usize = 40_000;

impl MediaSource for DatasetMedia {
    fn media(&self, dataset: &str, name: &str) -> Vec<(&'static str, Vec<u8>)> {
        let path = self.folders.get(dataset).and_then(|folder| MediaRef::resolve(name, folder).ok());
        let bytes = path.and_then(|path| vision_files::read(&path, MOST_BYTES).ok());
        let Some((bytes, kind)) = bytes.and_then(|bytes| MediaKind::sniff(&bytes).map(|kind| (bytes, kind)))
        else {
            return Vec::new();
        };
        if self.has_changed(dataset, name, &bytes) {
            return Vec::new();
        }
        let is_whole = match kind.modality() {
            Modality::Audio => bytes.len() <= MOST_SOUND,
            Modality::Image => bytes.len() <= SMALL && kind != MediaKind::Tiff,
            _ => false,
        };
        if is_whole {
            return vec![(kind.mime(), bytes)];
        }
        if kind.modality() == Modality::Audio {
            return Vec::new();
        }
        let previews = self.previews.of(bytes);
        previews.into_iter().map(|preview| (MediaKind::Jpeg.mime(), preview)).collect()
    }

    fn folder(&self, dataset: &str) -> Option<String> {
        way(self.page.as_ref()?, self.folders.get(dataset)?)
    }
}

/// The way from one folder to another as an address, with a slash at its end. Both are absolute.
fn way(from: &Path, to: &Path) -> Option<String> {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Some("../".to_owned()));
    let down = to.components().skip(shared).map(|part| match part {
        Component::Normal(name) => Some(escape::link(name.to_str()?)? + "/"),
        _ => None,
    });
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::way;

    #[test]
    fn links_lead_from_the_page_to_the_dataset() {
        let check = |from, to, expected| assert_eq!(way(Path::new(from), Path::new(to)).as_deref(), expected);
        check("/project/reports", "/project/datasets/receipts", Some("../datasets/receipts/"));
        check("/project", "/project/my data", Some("my%20data/"));
        check("/a", "/b/javascript:x", None);
    }
}
