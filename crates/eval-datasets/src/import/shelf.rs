//! The media folder being filled: files keep their names, and what is the same is kept once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use vision_core::MediaKind;
use vision_files::{MEDIUM, Refused};

use crate::check;

/// So many missing files are looked for under other names.
const MOST_HINTS: usize = 50;

/// A longer name is cut: file systems stop at 255 bytes.
const LONGEST: usize = 160;

/// The folder `media` of a dataset that is being written. Files are copied, never linked; what is the same is kept once.
#[derive(Debug)]
pub struct Shelf {
    /// Nothing if nothing is to be written.
    folder: Option<PathBuf>,
    by_path: HashMap<PathBuf, String>,
    by_digest: HashMap<[u8; 32], String>,
    /// How many files were not there.
    missing: usize,
    /// Names without case, as some file systems see them, with the number of the next of that name.
    taken: HashMap<String, u32>,
    /// Why the first file that could not be written was not.
    unwritten: Option<io::Error>,
}

impl Shelf {
    /// For the dataset's folder, in which `media` is there; for nothing if nothing is to be written.
    pub fn new(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
            by_path: HashMap::new(),
            by_digest: HashMap::new(),
            missing: 0,
            taken: HashMap::new(),
            unwritten: None,
        }
    }

    /// Why a file could not be written: no later one is likely to be, and what is there is not whole.
    pub fn unwritten(&self) -> Option<&io::Error> {
        self.unwritten.as_ref()
    }

    /// Keeps the file `name` below `root`, and returns its path in the dataset.
    ///
    /// # Errors
    /// If it is not below `root`, no known medium, damaged, or cannot be written.
    pub fn copy(&mut self, root: &Path, name: &str) -> Result<String, String> {
        // Some lists were written on Windows, and some name the whole path.
        let name = name.replace('\\', "/");
        let relative = name.strip_prefix(&format!("{}/", root.display())).unwrap_or(&name);
        let path =
            vision_files::below(root, relative).map_err(|refused| self.refused(root, relative, &refused))?;
        if let Some(kept) = self.by_path.get(&path) {
            return Ok(kept.clone());
        }
        let bytes =
            vision_files::read(&path, MEDIUM).map_err(|refused| self.refused(root, relative, &refused))?;
        let kept = self.store(relative, bytes)?;
        self.by_path.insert(path, kept.clone());
        Ok(kept)
    }

    fn refused(&mut self, root: &Path, name: &str, refused: &Refused) -> String {
        match refused {
            Refused::Unreadable(error) if error.kind() == ErrorKind::NotFound => {
                self.missing += 1;
                // Each looks through a folder, which may be large.
                let near = if self.missing > MOST_HINTS { None } else { near(&root.join(name)) };
                match near {
                    Some(near) => format!("`{name}` does not exist; did you mean `{near}`?"),
                    None => format!(
                        "`{name}` {refused}; if the files are in another folder, name it with --files"
                    ),
                }
            }
            Refused::Leaves | Refused::Link => {
                format!("`{name}` {refused}, which is that of the list, or --files")
            }
            _ => format!("`{name}` {refused}"),
        }
    }

    /// Keeps a medium under a name like `wanted`, and returns its path in the dataset.
    ///
    /// # Errors
    /// If it is no known medium, damaged, or cannot be written.
    pub fn store(&mut self, wanted: &str, bytes: Vec<u8>) -> Result<String, String> {
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        if let Some(name) = self.by_digest.get(&digest) {
            return Ok(name.clone());
        }
        let kind = MediaKind::sniff(&bytes)
            .ok_or_else(|| format!("`{wanted}` is of no known media type, judged by its bytes"))?;
        let bytes = Bytes::from(bytes);
        // What the check of the dataset would complain of is not taken in.
        if let Some(fault) = check::fault(wanted, &bytes, kind) {
            return Err(fault);
        }
        let name = format!("media/{}", self.free(wanted, kind));
        if let Some(folder) = &self.folder
            && let Err(error) = fs::write(folder.join(&name), bytes)
        {
            let said = format!("`{wanted}` cannot be copied: {error}");
            self.unwritten.get_or_insert(error);
            return Err(said);
        }
        self.by_digest.insert(digest, name.clone());
        Ok(name)
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
            if self.take(&name) {
                return name;
            }
        }
        let name = with_ending(&names[names.len() - 1], kind);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, kind.extension()));
        loop {
            let next = self.taken.entry(name.to_lowercase()).or_insert(2);
            let numbered = format!("{stem}-{next}.{ending}");
            *next += 1;
            if self.take(&numbered) {
                return numbered;
            }
        }
    }

    /// Whether a name was free; now it is not.
    fn take(&mut self, name: &str) -> bool {
        match self.taken.entry(name.to_lowercase()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(2);
                true
            }
        }
    }
}

/// A name that every file system takes and every list can hold.
fn tame(part: &str) -> String {
    let tame: String =
        part.chars().map(|c| if c.is_control() || "<>:\"|?*\\".contains(c) { '_' } else { c }).collect();
    let tame = tame.strip_prefix('.').map_or_else(|| tame.clone(), |rest| format!("_{rest}"));
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
    use std::io::Cursor;

    use super::Shelf;

    fn picture(format: image::ImageFormat, shade: u8) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(4, 4, image::Rgb([shade; 3])).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[track_caller]
    fn keeps(shelf: &mut Shelf, wanted: &str, shade: u8, name: &str) {
        assert_eq!(shelf.store(wanted, picture(image::ImageFormat::Png, shade)), Ok(name.to_owned()));
    }

    #[test]
    fn names_are_kept_and_collisions_get_their_folder_or_a_number() {
        let mut shelf = Shelf::new(None);
        keeps(&mut shelf, "jan/1.png", 1, "media/1.png");
        keeps(&mut shelf, "feb/1.png", 2, "media/feb-1.png");
        keeps(&mut shelf, "FEB-1.PNG", 3, "media/FEB-1-2.PNG");
        keeps(&mut shelf, "copy.png", 2, "media/feb-1.png");
        keeps(&mut shelf, "a photo.jpg", 4, "media/a photo.png");
        keeps(&mut shelf, "no ending", 5, "media/no ending.png");
        keeps(&mut shelf, "../.hidden\n.png", 6, "media/_hidden_.png");
        let long = format!("{}.png", "ü".repeat(200));
        keeps(&mut shelf, &long, 7, &format!("media/{}.png", "ü".repeat(80)));
    }

    #[test]
    fn what_the_check_would_complain_of_is_not_taken() {
        let mut cut = picture(image::ImageFormat::Png, 1);
        cut.truncate(cut.len() / 2);
        assert!(Shelf::new(None).store("a.png", cut).is_err());
        assert!(
            Shelf::new(None).store("a.png", b"text".to_vec()).unwrap_err().contains("no known media type")
        );
    }
}
