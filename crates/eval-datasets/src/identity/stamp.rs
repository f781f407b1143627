use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

/// What the system says of some files without opening them.
pub(super) struct Stamp {
    hasher: Sha256,
    newest: SystemTime,
}

/// Within so short a time, a file may change again without a later time.
const GRAIN: Duration = Duration::from_secs(2);

impl Stamp {
    pub fn new(sums: Option<&[u8; 32]>) -> Self {
        let mut hasher = Sha256::new();
        // Media that passed a laxer check are read again.
        hasher.update(b"2");
        hasher.update(sums.map_or(&[0; 32], |sums| sums));
        Self { hasher, newest: SystemTime::UNIX_EPOCH }
    }

    pub fn add(&mut self, name: &str, path: &Path) {
        self.hasher.update(name.as_bytes());
        self.hasher.update([0]);
        let Ok(about) = path.metadata() else { return self.hasher.update([0; 8]) };
        let modified = about.modified().unwrap_or_else(|_| SystemTime::now());
        self.newest = self.newest.max(modified).max(changed(&about));
        self.hasher.update(about.len().to_le_bytes());
        let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.hasher.update(since.as_nanos().to_le_bytes());
        self.place(&about);
    }

    /// The time of its last change, which cannot be set back, and its place on the disk.
    #[cfg(unix)]
    fn place(&mut self, about: &Metadata) {
        use std::os::unix::fs::MetadataExt as _;
        self.hasher.update(about.ctime().to_le_bytes());
        self.hasher.update(about.ctime_nsec().to_le_bytes());
        self.hasher.update(about.ino().to_le_bytes());
    }

    #[cfg(not(unix))]
    fn place(&mut self, _: &Metadata) {}

    /// The stamp, and whether all files have been as they are for long enough to be known by it.
    pub fn finish(self) -> ([u8; 32], bool) {
        let settled = SystemTime::now().duration_since(self.newest).is_ok_and(|age| age > GRAIN);
        (self.hasher.finalize().into(), settled)
    }
}

#[cfg(unix)]
fn changed(about: &Metadata) -> SystemTime {
    use std::os::unix::fs::MetadataExt as _;
    SystemTime::UNIX_EPOCH + Duration::from_secs(about.ctime().unsigned_abs())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> SystemTime {
    SystemTime::UNIX_EPOCH
}
