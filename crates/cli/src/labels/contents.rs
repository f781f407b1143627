//! Which media hold the same bytes under several names.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use eval_datasets::{MediaRef, file_hash};

/// What is known of the files of all datasets. Only files of one size are read: of others the sizes differ already.
#[derive(Debug, Default)]
pub struct Contents {
    /// By dataset and name.
    known: HashMap<(String, String), String>,
    /// By dataset and size.
    sizes: HashMap<(String, u64), Alike>,
}

/// Files of one size.
#[derive(Debug)]
struct Alike {
    first: String,
    /// The first name of each content; empty while there is only one file.
    by_digest: HashMap<String, String>,
}

impl Contents {
    /// The name of the first medium of the dataset with the same bytes; its own where nothing is known of it.
    pub fn first_name(&mut self, dataset: &str, folder: &Path, medium: &MediaRef) -> String {
        let name = match medium {
            MediaRef::Url(address) => return address.clone(),
            MediaRef::File(name) => name,
        };
        let key = (dataset.to_owned(), name.clone());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let first = self.look(dataset, folder, name).unwrap_or_else(|| name.clone());
        self.known.insert(key, first.clone());
        first
    }

    fn look(&mut self, dataset: &str, folder: &Path, name: &str) -> Option<String> {
        // What is elsewhere is not brought here for this.
        if vision_files::storage::is_double(folder) {
            return None;
        }
        let size = vision_files::below(folder, name).ok()?.metadata().ok()?.len();
        let Alike { first, by_digest } = match self.sizes.entry((dataset.to_owned(), size)) {
            Entry::Occupied(alike) => alike.into_mut(),
            Entry::Vacant(none) => {
                none.insert(Alike { first: name.to_owned(), by_digest: HashMap::new() });
                return None;
            }
        };
        if by_digest.is_empty() {
            by_digest.insert(file_hash(folder, first)?, first.clone());
        }
        Some(by_digest.entry(file_hash(folder, name)?).or_insert_with(|| name.to_owned()).clone())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_same_bytes_have_one_name() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [("a", "one"), ("b", "two"), ("c", "one"), ("d", "three"), ("e", "two")] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let mut contents = Contents::default();
        let mut first =
            |name: &str| contents.first_name("data", folder.path(), &MediaRef::File(name.to_owned()));
        assert_eq!(
            ["a", "b", "c", "d", "e", "c", "gone"].map(&mut first),
            ["a", "b", "a", "d", "b", "a", "gone"]
        );
        let address = MediaRef::Url("https://a.test/x.png".to_owned());
        assert_eq!(contents.first_name("data", folder.path(), &address), "https://a.test/x.png");
    }
}
