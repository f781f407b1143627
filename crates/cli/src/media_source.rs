//! Pictures and recordings for the HTML report, read from the datasets that a record names.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use eval_datasets::{Dataset, MediaRef};
use eval_record::Record;
use eval_report::{MediaSource, escape};
use vision_core::{Capabilities, MediaKind, Modality};
use vision_files::Refused;
use vision_media::{Limits, Policy, Settings, Source};

use crate::settings::Project;

/// Reads media of a run's datasets, if they are still where they were and the record may open them.
pub struct DatasetMedia {
    folders: HashMap<String, PathBuf>,
    /// The folder of the page; links lead from there.
    page: Option<PathBuf>,
}

impl DatasetMedia {
    /// The datasets of a record, for a page in a folder that exists.
    ///
    /// A record may come from a stranger and name any folder, and the page may be passed on. So it opens only datasets
    /// that the user names, in the configuration or by a flag, and those that lie beside it.
    pub fn new(project: &Project, record: &Record, page: Option<&Path>) -> Self {
        let named: Vec<PathBuf> =
            project.dataset_folders().iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        let mut folders = HashMap::new();
        for dataset in &record.plan.datasets {
            let Ok(folder) = project.root.join(&dataset.folder).canonicalize() else { continue };
            if named.contains(&folder) || is_beside(record, &folder, &dataset.name) {
                folders.insert(dataset.name.clone(), folder);
            } else {
                let (name, folder) = (escape::terminal(&dataset.name), folder.display().to_string());
                eprintln!(
                    "note: no media of `{name}` are shown: the record names {}, which is neither in the configuration \
                     nor beside the record; add --dataset to allow it",
                    escape::terminal(&folder)
                );
            }
        }
        Self { folders, page: page.and_then(|folder| folder.canonicalize().ok()) }
    }
}

/// Whether the folder is the dataset of this name, inside the record or next to it.
fn is_beside(record: &Record, folder: &Path, name: &str) -> bool {
    let Ok(dir) = record.dir.canonicalize() else { return false };
    let near = folder.starts_with(&dir) || folder.parent() == dir.parent();
    near && Dataset::open(folder).is_ok_and(|dataset| dataset.manifest.name == name)
}

/// Larger images are made smaller, and other media linked: a report must stay a file that can be mailed.
const MOST_BYTES: u64 = 400_000;
/// The longest side of what is made smaller.
const SIDE: u32 = 1_000;

impl MediaSource for DatasetMedia {
    fn media(&self, dataset: &str, name: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = MediaRef::resolve(name, self.folders.get(dataset)?).ok()?;
        let bytes = match vision_files::read(&path, MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(Refused::TooLarge { .. }) => return thumbnail(path),
            Err(_) => return None,
        };
        let kind = MediaKind::sniff(&bytes)?;
        Some((kind.mime(), bytes))
    }

    fn folder(&self, dataset: &str) -> Option<String> {
        way(self.page.as_ref()?, self.folders.get(dataset)?)
    }
}

/// What a browser shows of a large image; nothing for other media, and for what cannot be read.
fn thumbnail(path: PathBuf) -> Option<(&'static str, Vec<u8>)> {
    let browser = Capabilities {
        formats: vec![MediaKind::Jpeg],
        max_image_side: Some(SIDE),
        max_image_bytes: usize::try_from(MOST_BYTES).ok(),
        ..Capabilities::default()
    };
    let original = vision_media::load(&Source::file(path), &Limits::default()).ok()?;
    if original.kind().modality() != Modality::Image {
        return None;
    }
    let settings = Settings { jpeg_quality: 75, ..Settings::default() };
    let small = original.prepare(Policy::Fit, &[&browser], &settings).ok()?.pop()?.media;
    let bytes = small.bytes().filter(|_| small.kind() == MediaKind::Jpeg)?;
    Some((small.kind().mime(), bytes.to_vec()))
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

    use vision_core::MediaKind;
    use vision_testkit::media;

    use super::{MOST_BYTES, thumbnail, way};

    #[test]
    fn large_images_are_made_smaller_and_other_media_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, medium: vision_core::Media| {
            let path = folder.path().join(name);
            std::fs::write(&path, medium.bytes().unwrap()).unwrap();
            path
        };
        let large = write("large.png", media::png("large", 1_400, 900, 1));
        assert!(large.metadata().unwrap().len() > MOST_BYTES);
        let (mime, bytes) = thumbnail(large).unwrap();
        assert_eq!((mime, MediaKind::sniff(&bytes)), ("image/jpeg", Some(MediaKind::Jpeg)));
        assert!((bytes.len() as u64) < MOST_BYTES);
        assert_eq!(thumbnail(write("page.pdf", media::pdf("page"))), None);
        assert_eq!(thumbnail(folder.path().join("nowhere.png")), None);
    }

    #[test]
    fn links_lead_from_the_page_to_the_dataset() {
        let check = |from, to, expected| assert_eq!(way(Path::new(from), Path::new(to)).as_deref(), expected);
        check("/project/reports", "/project/datasets/receipts", Some("../datasets/receipts/"));
        check("/project", "/project/my data", Some("my%20data/"));
        check("/a", "/b/javascript:x", None);
    }
}
