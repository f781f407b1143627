//! Pictures and recordings for the HTML report, read from the datasets that a record names.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use eval_datasets::MediaRef;
use eval_record::Record;
use eval_report::{MediaSource, escape};
use vision_core::MediaKind;

/// Reads media of a run's datasets, if they are still where they were.
pub struct DatasetMedia {
    folders: HashMap<String, PathBuf>,
    /// The folder of the page; links lead from there.
    page: Option<PathBuf>,
}

impl DatasetMedia {
    /// The datasets of a record, relative to `root`, for a page in a folder that exists.
    pub fn new(root: &Path, record: &Record, page: Option<&Path>) -> Self {
        let folder =
            |dataset: &eval_record::PlannedDataset| (dataset.name.clone(), root.join(&dataset.folder));
        let folders = record.plan.datasets.iter().map(folder).collect();
        Self { folders, page: page.and_then(|folder| folder.canonicalize().ok()) }
    }
}

/// Larger files are linked and not embedded: a report must stay a file that can be mailed.
const MOST_BYTES: u64 = 400_000;

impl MediaSource for DatasetMedia {
    fn media(&self, dataset: &str, name: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = MediaRef::resolve(name, self.folders.get(dataset)?).ok()?;
        if path.metadata().ok()?.len() > MOST_BYTES {
            return None;
        }
        let bytes = std::fs::read(path).ok()?;
        let kind = MediaKind::sniff(&bytes)?;
        Some((kind.mime(), bytes))
    }

    fn folder(&self, dataset: &str) -> Option<String> {
        let folder = self.folders.get(dataset)?.canonicalize().ok()?;
        way(self.page.as_ref()?, &folder)
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
