//! The documents of the opened folder.

use std::fs;
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};
use vision_core::{MediaKind, Modality};

use crate::{Result, StudioError};

/// More files are not listed.
const MOST: usize = 20_000;

/// Folders inside of folders.
const DEEPEST: usize = 8;

/// Where documents can be found below a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Documents {
    /// Their paths below the folder, with `/`, sorted.
    pub paths: Vec<String>,
    /// Files and folders that were left out, although they look like documents.
    pub left_out: usize,
}

/// Looks through a folder, each time anew, so that files that came or went are noticed.
///
/// Links are not followed; hidden files, and folders that are datasets, are passed over.
///
/// # Errors
/// If the folder cannot be read.
pub fn documents(root: &Path) -> Result<Documents> {
    let mut found = Documents::default();
    walk(root, "", 0, &mut found)
        .map_err(|error| StudioError::files(root, format!("cannot be read: {error}")))?;
    found.paths.sort_unstable();
    Ok(found)
}

/// The SHA-256 of a document's file; empty if it cannot be read.
#[must_use]
pub fn content(root: &Path, document: &str) -> String {
    match vision_files::read(&root.join(document), vision_files::MEDIUM) {
        Ok(bytes) => Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => String::new(),
    }
}

/// What is said of a document of which the file is another one by now.
pub const CHANGED: &str = "this file has changed since it was labeled: label it again";

fn walk(folder: &Path, before: &str, depth: usize, found: &mut Documents) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.chars().any(char::is_control)) else {
            found.left_out += 1;
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{before}{name}");
        if kind.is_dir() {
            match depth < DEEPEST {
                true if entry.path().join("dataset.toml").exists() => {}
                true => walk(&entry.path(), &format!("{path}/"), depth + 1, found)?,
                false => found.left_out += 1,
            }
        } else if is_medium(name) {
            match kind.is_file() && found.paths.len() < MOST {
                true => found.paths.push(path),
                false => found.left_out += 1,
            }
        }
    }
    Ok(())
}

fn is_medium(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|it| it.to_str()).map(str::to_lowercase);
    let kind = ending.as_deref().and_then(MediaKind::from_extension);
    kind.is_some_and(|kind| {
        matches!(kind.modality(), Modality::Image | Modality::Audio) || kind == MediaKind::Pdf
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::documents;

    #[test]
    fn documents_are_regular_files_of_the_folder_as_it_is_now() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in
            ["b.JPG", "a.png", "notes.txt", ".hidden.png", "sub/c.pdf", "data/dataset.toml", "data/d.png"]
        {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), "x").unwrap();
        }
        symlink("/etc", path("out")).unwrap();
        symlink("/etc/hostname", path("e.png")).unwrap();
        let found = documents(folder.path()).unwrap();
        assert_eq!(found.paths, ["a.png", "b.JPG", "sub/c.pdf"]);
        assert_eq!(found.left_out, 1, "the link");
        fs::remove_file(path("a.png")).unwrap();
        assert_eq!(documents(folder.path()).unwrap().paths, ["b.JPG", "sub/c.pdf"]);
    }
}
