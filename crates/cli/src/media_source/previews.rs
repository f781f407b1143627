//! Previews of media, kept between reports by the hash of what they show.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use vision_media::{PreviewSettings, previews};

/// A page of a document can still be read at this size.
const SETTINGS: PreviewSettings =
    PreviewSettings { side: 900, bytes: 40_000, quality: 55, pages: 3, pixels: 60_000_000 };
/// Whenever these settings, or how previews are made, change: what was kept before is not used again.
const VERSION: &str = "1";
/// With more files than that, the older half is removed.
const MOST_FILES: usize = 4_000;
/// No preview takes more, so that a broken file costs no memory.
const MOST_BYTES: u64 = 4_000_000;

/// Makes previews, or finds those that were made before.
pub struct Previews(Option<PathBuf>);

impl Previews {
    /// Keeps them below this folder. What cannot be kept is made again.
    pub fn new(cache: Option<PathBuf>) -> Self {
        let folder = cache.map(|cache| cache.join("previews").join(VERSION));
        // They show the media: private to the user.
        Self(folder.filter(|folder| made_private(folder).and_then(|()| tidied(folder)).is_ok()))
    }

    /// Whether the next report finds them.
    pub fn are_kept(&self) -> bool {
        self.0.is_some()
    }

    /// The medium as small JPEGs.
    pub fn of(&self, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        let Some(folder) = &self.0 else { return previews(&bytes.into(), &SETTINGS) };
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = folder.join(hash);
        if let Some(kept) = vision_files::read(&path, MOST_BYTES).ok().and_then(|file| unpacked(&file)) {
            return kept;
        }
        let made = previews(&bytes.into(), &SETTINGS);
        // Whatever goes wrong, the next report makes it again.
        keep(&path, &packed(&made)).ok();
        made
    }
}

fn made_private(folder: &Path) -> io::Result<()> {
    vision_files::private_folder(folder)?;
    folder.parent().map_or(Ok(()), vision_files::private_folder)
}

/// Whole or not at all, though other reports may be written at the same time.
fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}-{:?}", std::process::id(), std::thread::current().id()));
    vision_files::write_private(&beside, bytes)?;
    fs::rename(&beside, path)
}

/// Each with its length before it.
fn packed(previews: &[Vec<u8>]) -> Vec<u8> {
    let one = |preview: &Vec<u8>| [&(preview.len() as u32).to_le_bytes()[..], preview].concat();
    previews.iter().flat_map(one).collect()
}

fn unpacked(mut file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut previews = Vec::new();
    while !file.is_empty() {
        let (length, rest) = file.split_first_chunk::<4>()?;
        let (preview, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        previews.push(preview.to_vec());
        file = rest;
    }
    Some(previews)
}

fn tidied(folder: &Path) -> io::Result<()> {
    let files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    if files.len() <= MOST_FILES {
        return Ok(());
    }
    let written =
        |path: &PathBuf| path.metadata().and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut files: Vec<(SystemTime, PathBuf)> =
        files.into_iter().map(|path| (written(&path), path)).collect();
    files.sort();
    // Another report may remove the same ones.
    files.iter().take(MOST_FILES / 2).for_each(|(_, path)| drop(fs::remove_file(path)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use vision_core::MediaKind;
    use vision_testkit::media;

    use super::{MOST_FILES, Previews, packed, tidied, unpacked};

    #[test]
    fn previews_are_kept_by_what_they_show_and_made_again_if_they_are_broken() {
        let folder = tempfile::tempdir().unwrap();
        let picture = media::png("large", 1_400, 900, 1).bytes().unwrap().to_vec();
        let made = Previews::new(None).of(picture.clone());
        assert_eq!((made.len(), MediaKind::sniff(&made[0])), (1, Some(MediaKind::Jpeg)));
        assert!(made[0].len() < picture.len() / 4);
        let kept = Previews::new(Some(folder.path().to_owned()));
        let file = || fs::read_dir(folder.path().join("previews/1")).unwrap().next().unwrap().unwrap().path();
        assert_eq!(kept.of(picture.clone()), made);
        fs::write(file(), packed(&[vec![1, 2, 3]])).unwrap();
        assert_eq!(kept.of(picture.clone()), [[1, 2, 3]], "what was kept is not made again");
        fs::write(file(), [9; 5]).unwrap();
        assert_eq!(kept.of(picture), made);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_at_previews() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let kept = Previews::new(Some(folder.path().to_owned()));
        kept.of(media::png("large", 400, 300, 1).bytes().unwrap().to_vec());
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o077;
        let previews = folder.path().join("previews/1");
        let file = fs::read_dir(&previews).unwrap().next().unwrap().unwrap().path();
        assert_eq!((mode(&previews), mode(&file)), (0, 0));
    }

    #[test]
    fn what_was_kept_is_read_as_it_was_written() {
        for previews in [vec![], vec![vec![]], vec![vec![7; 300], vec![1]]] {
            assert_eq!(unpacked(&packed(&previews)), Some(previews));
        }
        assert_eq!(unpacked(&[255; 8]), None);
    }

    #[test]
    fn the_folder_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let count = || fs::read_dir(folder.path()).unwrap().count();
        for name in 0..=MOST_FILES {
            fs::write(folder.path().join(name.to_string()), "").unwrap();
        }
        tidied(folder.path()).unwrap();
        assert_eq!(count(), MOST_FILES / 2 + 1);
        tidied(folder.path()).unwrap();
        assert_eq!(count(), MOST_FILES / 2 + 1);
    }
}
