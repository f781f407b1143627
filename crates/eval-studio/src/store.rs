//! The folder `.studio`, in which everything that the studio writes stands.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::{Result, StudioError};

/// Its name in the opened folder.
pub const STUDIO: &str = ".studio";

/// The opened folder, locked for this process.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    dir: PathBuf,
    _lock: File,
}

impl Store {
    /// Opens a folder. A second studio for the same folder is refused: two writers would number their events alike.
    ///
    /// # Errors
    /// If it is no folder, `.studio` in it is a link, or another studio has it open.
    pub fn open(folder: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| StudioError::files(folder, format!("cannot be read: {error}"));
        let root = folder.canonicalize().map_err(failed)?;
        if !root.is_dir() {
            return Err(StudioError::files(folder, "is not a directory"));
        }
        let dir = real_folder(&root, STUDIO)?;
        let path = dir.join("lock");
        check_target(&path)?;
        let lock = File::create(&path).map_err(|error| StudioError::unwritable(&path, &error))?;
        lock.try_lock().map_err(|_| StudioError::files(folder, "is open in another studio"))?;
        Ok(Self { root, dir, _lock: lock })
    }

    /// The opened folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A folder of `.studio`, made if it is not there. A link is refused, wherever it leads.
    ///
    /// # Errors
    /// If something else has its name, or it cannot be made.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        real_folder(&self.dir, name)
    }

    /// A file of `.studio` that may be written: nothing is there, or a regular file.
    ///
    /// # Errors
    /// If it is a link or no regular file.
    pub fn file(&self, name: &str) -> Result<PathBuf> {
        let path = self.dir.join(name);
        check_target(&path)?;
        Ok(path)
    }

    /// Writes a file of `.studio`, all of it or nothing.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let (path, draft) = (self.file(name)?, self.file(&format!("{name}.draft"))?);
        let written = File::create(&draft).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        });
        written.map_err(|error| StudioError::unwritable(&path, &error))
    }

    /// Reads a file of `.studio`, if it is there.
    ///
    /// # Errors
    /// If it is a link, too large, or cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<String>> {
        let path = self.file(name)?;
        match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            _ => vision_files::read_text(&path, vision_files::TEXT)
                .map(Some)
                .map_err(|refused| StudioError::files(&path, refused)),
        }
    }
}

/// A folder of this name, which is no link.
fn real_folder(parent: &Path, name: &str) -> Result<PathBuf> {
    let path = parent.join(name);
    match path.symlink_metadata() {
        Ok(there) if there.is_dir() => Ok(path),
        Ok(there) if there.is_symlink() => Err(StudioError::files(&path, "is a link")),
        Ok(_) => Err(StudioError::files(&path, "is not a directory")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir(&path).map_err(|error| StudioError::unwritable(&path, &error))?;
            Ok(path)
        }
        Err(error) => Err(StudioError::files(&path, format!("cannot be read: {error}"))),
    }
}

fn check_target(path: &Path) -> Result<()> {
    vision_files::check_target(path).map_err(|refused| match refused {
        vision_files::Refused::Link => StudioError::files(path, "is a link"),
        refused => StudioError::files(path, refused),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{STUDIO, Store};

    #[test]
    fn links_in_the_folder_of_the_studio_are_refused() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        symlink(outside.path(), folder.path().join(STUDIO)).unwrap();
        assert!(Store::open(folder.path()).unwrap_err().message.ends_with("is a link"));
        fs::remove_file(folder.path().join(STUDIO)).unwrap();
        let store = Store::open(folder.path()).unwrap();
        symlink(outside.path(), folder.path().join(".studio/draft")).unwrap();
        symlink(outside.path().join("made"), folder.path().join(".studio/project.json")).unwrap();
        assert!(store.folder("draft").is_err());
        assert!(store.write("project.json", "{}").is_err() && store.read("project.json").is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_is_open_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = Store::open(folder.path()).unwrap();
        assert!(Store::open(folder.path()).unwrap_err().message.contains("another studio"));
        drop(first);
        assert!(Store::open(folder.path()).is_ok());
    }
}
