//! The media folder being filled: files keep their names, and what is the same is kept once.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use vision_core::MediaKind;

/// A bigger medium is refused: no provider takes it.
const BIGGEST: u64 = 256 << 20;

/// A longer name is cut: file systems stop at 255 bytes.
const LONGEST: usize = 160;

/// What lies in the folder already.
#[derive(Debug)]
pub(super) struct Shelf {
    /// Nothing if nothing is to be written.
    folder: Option<PathBuf>,
    by_path: HashMap<PathBuf, String>,
    by_digest: HashMap<[u8; 32], String>,
    /// Names without case, as some file systems see them, with the number of the next of that name.
    taken: HashMap<String, u32>,
}

/// A medium in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// Below the dataset's folder.
    pub name: String,
    /// Whether another file with the same bytes was there before, under its own name.
    pub same: bool,
}

impl Shelf {
    pub fn new(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
            by_path: HashMap::new(),
            by_digest: HashMap::new(),
            taken: HashMap::new(),
        }
    }

    /// Keeps the file `name` below `root`.
    pub fn copy(&mut self, root: &Path, name: &str) -> Result<Kept, String> {
        // Some lists were written on Windows.
        let name = name.replace('\\', "/");
        let relative = Path::new(&name).strip_prefix(root).unwrap_or(Path::new(&name));
        let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if name.is_empty() || !relative.components().all(plain) {
            return Err(format!("`{name}` leaves the folder of the input"));
        }
        let path = root.join(relative);
        let unreadable = |error: std::io::Error| format!("`{name}` cannot be read: {error}");
        let real = path.canonicalize().map_err(|error| match near(&path) {
            Some(near) if error.kind() == std::io::ErrorKind::NotFound => {
                format!("`{name}` cannot be read: there is no such file; did you mean `{near}`?")
            }
            _ => unreadable(error),
        })?;
        if !real.starts_with(root.canonicalize().map_err(unreadable)?) {
            return Err(format!("`{name}` is a link out of the folder of the input"));
        }
        if let Some(kept) = self.by_path.get(&real) {
            return Ok(Kept { name: kept.clone(), same: false });
        }
        if !fs::metadata(&real).map_err(unreadable)?.is_file() {
            return Err(format!("`{name}` is not a file"));
        }
        let mut bytes = Vec::new();
        File::open(&real)
            .map_err(unreadable)?
            .take(BIGGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        let kept = self
            .store(&relative.to_string_lossy(), &bytes)
            .map_err(|message| format!("`{name}` {message}"))?;
        self.by_path.insert(real, kept.name.clone());
        Ok(kept)
    }

    /// Keeps a medium under a name like `wanted`.
    pub fn store(&mut self, wanted: &str, bytes: &[u8]) -> Result<Kept, String> {
        if bytes.len() as u64 > BIGGEST {
            return Err(format!("is larger than {} MiB", BIGGEST >> 20));
        }
        let kind = MediaKind::sniff(bytes).ok_or("is of no known media type, judged by its bytes")?;
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(name) = self.by_digest.get(&digest) {
            return Ok(Kept { name: name.clone(), same: true });
        }
        let name = format!("media/{}", self.free(wanted, kind));
        if let Some(folder) = &self.folder {
            fs::write(folder.join(&name), bytes).map_err(|error| format!("cannot be copied: {error}"))?;
        }
        self.by_digest.insert(digest, name.clone());
        Ok(Kept { name, same: false })
    }

    /// The file's own name; with its folders before it if that is taken, and with a number if that is taken, too.
    fn free(&mut self, wanted: &str, kind: MediaKind) -> String {
        let parts: Vec<String> =
            wanted.split('/').filter(|part| !part.is_empty() && *part != ".").map(tame).collect();
        let own = parts.last().cloned().unwrap_or_else(|| "medium".to_owned());
        let mut names = vec![own, parts.join("-")];
        names.dedup();
        for name in &names {
            let name = with_ending(name, kind);
            if !self.taken.contains_key(&name.to_lowercase()) {
                self.taken.insert(name.to_lowercase(), 2);
                return name;
            }
        }
        let name = with_ending(&names[names.len() - 1], kind);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, kind.extension()));
        loop {
            let next = self.taken.entry(name.to_lowercase()).or_insert(2);
            let numbered = format!("{stem}-{next}.{ending}");
            *next += 1;
            if !self.taken.contains_key(&numbered.to_lowercase()) {
                self.taken.insert(numbered.to_lowercase(), 2);
                return numbered;
            }
        }
    }
}

/// A name that every file system takes and every list can hold.
fn tame(part: &str) -> String {
    let tame: String =
        part.chars().map(|c| if c.is_control() || "<>:\"|?*\\".contains(c) { '_' } else { c }).collect();
    let tame = if tame.starts_with('.') { format!("_{}", &tame[1..]) } else { tame };
    if tame.len() <= LONGEST {
        return tame;
    }
    let (stem, ending) = tame.rsplit_once('.').filter(|(_, ending)| ending.len() < 8).unwrap_or((&tame, ""));
    let end = (0..=LONGEST).rev().find(|at| stem.is_char_boundary(*at)).unwrap_or(0);
    format!("{}.{ending}", &stem[..end.min(stem.len())])
}

/// The name, with an ending that fits the bytes.
fn with_ending(name: &str, kind: MediaKind) -> String {
    let ending = Path::new(name).extension().and_then(|it| it.to_str()).map(str::to_lowercase);
    match ending.as_deref().and_then(MediaKind::from_extension) {
        Some(named) if named == kind => name.to_owned(),
        Some(_) => Path::new(name).with_extension(kind.extension()).to_string_lossy().into_owned(),
        None => format!("{name}.{}", kind.extension()),
    }
}

/// A file of the same folder that is called nearly so: with another ending, or in other case.
fn near(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?.to_lowercase();
    let stem = Path::new(&wanted).file_stem()?.to_owned();
    let entries = fs::read_dir(path.parent()?).ok()?;
    let names = entries.take(10_000).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<String> = names
        .filter(|name| {
            let name = name.to_lowercase();
            name == wanted || Path::new(&name).file_stem() == Some(&stem)
        })
        .collect();
    found.sort_unstable();
    found.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::{Kept, Shelf};

    #[track_caller]
    fn keeps(shelf: &mut Shelf, wanted: &str, pixel: u8, name: &str, same: bool) {
        let bytes = [b"\x89PNG\r\n\x1a\n", [pixel; 8].as_slice()].concat();
        assert_eq!(shelf.store(wanted, &bytes), Ok(Kept { name: name.to_owned(), same }));
    }

    #[test]
    fn names_are_kept_and_collisions_get_their_folder_or_a_number() {
        let mut shelf = Shelf::new(None);
        keeps(&mut shelf, "jan/1.png", 1, "media/1.png", false);
        keeps(&mut shelf, "feb/1.png", 2, "media/feb-1.png", false);
        keeps(&mut shelf, "FEB-1.PNG", 3, "media/FEB-1-2.PNG", false);
        keeps(&mut shelf, "copy.png", 2, "media/feb-1.png", true);
        keeps(&mut shelf, "a photo.jpg", 4, "media/a photo.png", false);
        keeps(&mut shelf, "no ending", 5, "media/no ending.png", false);
        keeps(&mut shelf, "../.hidden\n.png", 6, "media/_hidden_.png", false);
        let long = format!("{}.png", "ü".repeat(200));
        keeps(&mut shelf, &long, 7, &format!("media/{}.png", "ü".repeat(80)), false);
    }
}
