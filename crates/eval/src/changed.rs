//! Whether the files of a dataset are still what the plan knew.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use eval_datasets::{Dataset, file_hash};
use eval_record::{ChangedDataset, MediaEntry, PlannedDataset, Record, RecordError};

/// Compares the datasets of a run that has ended with its plan, and what was sent with their files.
///
/// Only files that were touched after `since` are read, unless an earlier part of the run has met a change.
pub fn changed_datasets(
    record: &Record,
    root: &Path,
    media_hashes: Option<&Path>,
    since: SystemTime,
) -> Result<Vec<ChangedDataset>, RecordError> {
    let sent = record.media()?;
    let since = if record.changed_datasets()?.is_empty() { since } else { SystemTime::UNIX_EPOCH + GRAIN };
    let change = |planned: &PlannedDataset| {
        // One that is gone was not replaced, and what could not be asked is missing.
        let dataset = Dataset::open(&vision_files::storage::within(root, &planned.folder)).ok()?;
        let folder = &dataset.folder;
        let own = sent.iter().filter(|entry| entry.dataset == planned.name);
        let other: BTreeSet<&str> =
            own.filter(|entry| is_other(entry, folder, since)).map(|entry| entry.name.as_str()).collect();
        let same = dataset.content_hash(media_hashes).is_ok_and(|hash| hash == planned.content_hash);
        let changed = || ChangedDataset { dataset: planned.name.clone(), media: other.len() as u64 };
        (!same || !other.is_empty()).then(changed)
    };
    Ok(record.plan.datasets.iter().filter_map(change).collect())
}

/// Whether what was sent is not what the file holds. Unknown for an address.
fn is_other(entry: &MediaEntry, folder: &Path, since: SystemTime) -> bool {
    if entry.source_hash == entry.name || !is_touched(&folder.join(&entry.name), since - GRAIN) {
        return false;
    }
    file_hash(folder, &entry.name).is_none_or(|hash| hash != entry.source_hash)
}

/// Whether a file, or the folder that it was in, was changed after this moment.
pub(crate) fn is_touched(path: &Path, since: SystemTime) -> bool {
    let about = path.ancestors().find_map(|path| path.metadata().ok());
    let newest = |about: &Metadata| about.modified().ok().into_iter().chain(changed(about)).max();
    about.as_ref().and_then(newest).is_none_or(|time| time >= since)
}

/// The clock of a file system is not as fine as ours, and may lag behind it.
const GRAIN: Duration = Duration::from_millis(20);

/// The time of its last change, which cannot be set back.
#[cfg(unix)]
fn changed(about: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt as _;
    let nanos = u32::try_from(about.ctime_nsec()).ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::new(u64::try_from(about.ctime()).ok()?, nanos))
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<SystemTime> {
    None
}
