use std::collections::HashMap;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::dataset::hex;

/// Hashes that need not be made again, by stamp. What cannot be read or written is only slower.
pub(super) struct Memory {
    path: Option<PathBuf>,
    known: HashMap<[u8; 32], [u8; 32]>,
    used: Vec<([u8; 32], [u8; 32])>,
}

/// Another form of the file begins with other words.
const HEAD: &[u8] = b"vision-eval media hashes 1\n";

impl Memory {
    /// What is known of the dataset in `folder`.
    pub fn open(memory: Option<&Path>, folder: &Path) -> Self {
        let path = memory.and_then(|memory| {
            let real = folder.canonicalize().ok()?;
            let name = hex(&Sha256::digest(real.as_os_str().as_encoded_bytes())[..16]);
            Some(memory.join(name))
        });
        let known = path.as_deref().and_then(read).unwrap_or_default();
        Self { path, known, used: Vec::new() }
    }

    pub fn get(&self, stamp: &[u8; 32]) -> Option<[u8; 32]> {
        self.known.get(stamp).copied()
    }

    pub fn put(&mut self, stamp: [u8; 32], digest: [u8; 32]) {
        self.used.push((stamp, digest));
    }

    /// Keeps what was used, for the next time.
    pub fn save(&self) {
        let news = self.used.len() != self.known.len()
            || self.used.iter().any(|(stamp, _)| !self.known.contains_key(stamp));
        if let Some(path) = self.path.as_deref().filter(|_| news) {
            self.write(path).ok();
        }
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path.parent().unwrap_or(Path::new(".")))?;
        let draft = path.with_extension(format!("{}.draft", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut bytes = HEAD.to_vec();
        self.used.iter().for_each(|(stamp, digest)| bytes.extend([*stamp, *digest].concat()));
        let written = options.open(&draft)?.write_all(&bytes).and_then(|()| fs::rename(&draft, path));
        if written.is_err() {
            fs::remove_file(&draft).ok();
        }
        written
    }
}

fn read(path: &Path) -> Option<HashMap<[u8; 32], [u8; 32]>> {
    let bytes = vision_files::read(path, vision_files::TEXT).ok()?;
    let pairs = bytes.strip_prefix(HEAD)?.chunks_exact(64);
    pairs.map(|pair| Some((pair[..32].try_into().ok()?, pair[32..].try_into().ok()?))).collect()
}
