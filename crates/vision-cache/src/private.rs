//! Answers may hold what other users should not read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Makes the file and its folder for the user alone. A file that is there already is taken from all others.
///
/// A link in its place is refused: its author would choose what is overwritten.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    vision_files::check_target(path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => take(path),
        made => made.map(|_| ()),
    }
}

/// The file, and those that SQLite keeps beside it for what was written last.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Gives the file another name, in place of one that was moved aside before, and says which.
pub(crate) fn move_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = with(path, ".damaged");
    for part in PARTS {
        match fs::rename(with(path, part), with(&aside, part)) {
            Err(error) if error.kind() == ErrorKind::NotFound && !part.is_empty() => {}
            moved => moved?,
        }
    }
    Ok(aside)
}

#[cfg(unix)]
fn take(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for part in PARTS {
        let name = with(path, part);
        match fs::symlink_metadata(&name) {
            Ok(there) if there.is_file() && there.permissions().mode() & 0o077 != 0 => {
                fs::set_permissions(&name, fs::Permissions::from_mode(0o600))?;
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn take(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    use crate::Cache;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn nobody_else_reads_the_cache() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".cache/vision-eval/answers.sqlite");
        let cache = Cache::open(&path).unwrap();
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        for name in fs::read_dir(path.parent().unwrap()).unwrap() {
            assert_eq!(mode(&name.unwrap().path()), 0o600);
        }
        drop(cache);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        Cache::open(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_link_in_its_place_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.sqlite");
        symlink(folder.path().join("elsewhere"), &path).unwrap();
        let error = Cache::open(&path).unwrap_err();
        assert!(error.chain().contains("is a link"), "{}", error.chain());
        assert!(!folder.path().join("elsewhere").exists());
    }
}
