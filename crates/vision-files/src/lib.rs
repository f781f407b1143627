#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

pub mod storage;

/// The most bytes of a text that a person wrote: a manifest, a schema, a configuration, a price list.
pub const TEXT: u64 = 16 << 20;

/// The most bytes of one medium.
pub const MEDIUM: u64 = 512 << 20;

/// The most bytes of a document that this program wrote: a plan, a summary, a baseline.
pub const DOCUMENT: u64 = 512 << 20;

/// The most bytes of one line of a file that is read line by line.
pub const LINE: u64 = 256 << 20;

/// The most bytes of a file of somebody else's that is read line by line: some thirty million cases.
pub const LINES: u64 = 16 << 30;

/// Why a file is not read. Reads well after the file's name.
#[derive(Debug)]
pub enum Refused {
    /// Its path is absolute, climbs out of the folder, or is empty.
    Leaves,
    /// It is a link to something outside the folder.
    Link,
    /// It is a folder, a pipe, a socket or a device.
    NotRegular,
    /// It has more bytes than are read of such a file.
    TooLarge {
        /// How many it has, as far as they were counted.
        bytes: u64,
        /// The most that are read.
        most: u64,
    },
    /// The system does not let us, or it is not there.
    Unreadable(io::Error),
    /// It is in object storage, and this is what became of it there.
    Elsewhere(String),
    /// It is in object storage, which does not answer now and may later.
    Unreachable(String),
}

/// The file that `name` means below `folder`, with all links resolved. It is there, and it is a regular file.
///
/// A path that leaves the folder is refused, also where only a link on its way does. A link to another file of the
/// folder is fine, and the folder itself may be a link.
pub fn below(folder: &Path, name: &str) -> Result<PathBuf, Refused> {
    let relative = Path::new(name);
    let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if name.is_empty() || !relative.components().all(stays) {
        return Err(Refused::Leaves);
    }
    storage::fetch(folder, name)?;
    let full = folder.join(relative);
    let real = full.canonicalize()?;
    // Nearly always there is no link on the way, and nothing more to look up.
    if real != full && !real.starts_with(folder.canonicalize()?) {
        return Err(Refused::Link);
    }
    check_regular(&real)?;
    Ok(real)
}

/// Opens a regular file.
pub fn open(path: &Path) -> Result<File, Refused> {
    check_regular(path)?;
    let file = File::open(path)?;
    // It may have become something else since it was asked for.
    if file.metadata()?.is_file() { Ok(file) } else { Err(Refused::NotRegular) }
}

/// Asked before a file is opened: to open a pipe is to wait for its other end, and to open a device may set it going.
fn check_regular(path: &Path) -> Result<(), Refused> {
    if fs::metadata(path)?.is_file() { Ok(()) } else { Err(Refused::NotRegular) }
}

/// Opens a regular file of at most `most` bytes.
pub fn open_within(path: &Path, most: u64) -> Result<File, Refused> {
    let file = open(path)?;
    match file.metadata()?.len() {
        bytes if bytes > most => Err(Refused::TooLarge { bytes, most }),
        _ => Ok(file),
    }
}

/// Reads a regular file of at most `most` bytes.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Refused> {
    let file = open_within(path, most)?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.metadata()?.len()).unwrap_or(0));
    // A file may grow while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        len if len > most => Err(Refused::TooLarge { bytes: len, most }),
        _ => Ok(bytes),
    }
}

/// Reads a regular file of at most `most` bytes as UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<String, Refused> {
    String::from_utf8(read(path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8").into())
}

/// A line of a `SHA256SUMS`: the hash of a file, and its path.
#[must_use]
pub fn listed_hash(line: &[u8]) -> Option<([u8; 32], &str)> {
    let line = std::str::from_utf8(line).ok()?;
    let (digits, name) = line.split_at_checked(64)?;
    // `sha256sum --binary` puts a star before the path.
    let name = name.strip_prefix("  ").or_else(|| name.strip_prefix(" *"))?;
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some((digest, name.strip_prefix("./").unwrap_or(name)))
}

/// Whether a file may be written here: nothing is in the way, or a regular file that is no link.
///
/// Writing through a link in an untrusted folder overwrites a file elsewhere.
pub fn check_target(path: &Path) -> Result<(), Refused> {
    match path.symlink_metadata() {
        Ok(there) if there.is_symlink() => Err(Refused::Link),
        Ok(there) if !there.is_file() => Err(Refused::NotRegular),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether a file may be written at `path`, which is below `folder`: the rule of [`check_target`], and no link on the way
/// there leads out of the folder. What is not there yet will be made.
pub fn check_target_below(folder: &Path, path: &Path) -> Result<(), Refused> {
    check_target(path)?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut there = path.parent().unwrap_or(folder);
    loop {
        let looked_at = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        // A link that leads nowhere is there, too.
        if looked_at.symlink_metadata().is_ok() {
            let real = looked_at.canonicalize().map_err(|_| Refused::Link)?;
            return match real.starts_with(folder.canonicalize()?) {
                true => Ok(()),
                false => Err(Refused::Link),
            };
        }
        match there.parent() {
            Some(above) => there = above,
            None => return Ok(()),
        }
    }
}

/// Makes a folder that only its owner may look into; one that is there is closed to others. Folders above it are made as
/// usual.
pub fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    restrict(path, 0o700)
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    restrict(path, 0o600)?;
    io::Write::write_all(&mut file, bytes)
}

/// Takes rights from others. Where systems have other rules, theirs hold: the user's folders are private there.
#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unreadable(error) => error,
            other => Self::new(io::ErrorKind::InvalidInput, other),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaves => f.write_str("leaves its folder"),
            Self::Link => f.write_str("is a link out of its folder"),
            Self::NotRegular => f.write_str("is not a regular file"),
            Self::TooLarge { bytes, most } => write!(f, "has {bytes} bytes, and at most {most} are read"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::Elsewhere(what) | Self::Unreachable(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
