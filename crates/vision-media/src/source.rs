use std::path::{Path, PathBuf};

use bytes::Bytes;
use vision_core::{Error, ErrorKind, MediaKind, Result};
use vision_files::Refused;

use crate::Limits;

/// Where a medium comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file.
    File {
        /// What to call it in messages and ledgers: the path a user typed, or one relative to a dataset.
        name: String,
        /// Where it is.
        path: PathBuf,
    },
    /// Bytes that are already here.
    Bytes {
        /// What to call them.
        name: String,
        /// The bytes.
        bytes: Bytes,
    },
    /// An address, for the provider to fetch. Nothing is fetched here.
    Url {
        /// The address.
        url: String,
        /// What is there; if not given, the end of the address has to tell.
        kind: Option<MediaKind>,
    },
}

impl Source {
    /// A file that is called by its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self::File { name: path.display().to_string(), path }
    }

    /// What to call it.
    pub fn name(&self) -> &str {
        match self {
            Self::File { name, .. } | Self::Bytes { name, .. } => name,
            Self::Url { url, .. } => url,
        }
    }

    /// What the name promises.
    pub(crate) fn declared(&self) -> Option<MediaKind> {
        let name = self.name();
        let path = match self {
            Self::Url { .. } => name.split(['?', '#']).next().unwrap_or(name),
            Self::File { .. } | Self::Bytes { .. } => name,
        };
        MediaKind::from_extension(Path::new(path).extension()?.to_str()?)
    }
}

/// Reads a file that is not larger than it may be.
pub(crate) fn read(name: &str, path: &Path, limits: &Limits) -> Result<Bytes> {
    vision_files::read(path, limits.bytes).map(Bytes::from).map_err(|refused| match refused {
        Refused::TooLarge { .. } => Error::new(ErrorKind::TooLarge, format!("{name} {refused}")),
        Refused::Unreadable(source) => {
            Error::new(ErrorKind::Config, format!("cannot read {name}")).with_source(source)
        }
        _ => Error::new(ErrorKind::Config, format!("{name} {refused}")),
    })
}

pub(crate) fn check_length(name: &str, length: u64, limits: &Limits) -> Result<()> {
    if length > limits.bytes {
        let message = format!("{name} has {length} bytes, and at most {} are read", limits.bytes);
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(())
}
