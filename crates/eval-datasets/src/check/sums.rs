use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, ErrorKind, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use vision_files::{LINES, MEDIUM, Refused};

use super::Report;
use super::media::Store;
use crate::dataset::{hash_into, hex};
use crate::index::hash;
use crate::lines::Lines;
use crate::{Problem, Result};

const SUMS: &str = "SHA256SUMS";

/// Files of a folder that are no media.
const OTHERS: [&str; 4] = ["dataset.toml", "cases.jsonl", "README.md", SUMS];

/// A line of the list.
struct Listed {
    digest: [u8; 32],
    found: bool,
}

/// Writes the hashes of every file of the folder to its `SHA256SUMS`, sorted by path, and returns how many there are.
pub fn write_sums(folder: &Path) -> Result<usize> {
    if vision_files::storage::is_address(folder) {
        return Err(Problem::new(folder, "is not written to: write the list before the dataset is uploaded"));
    }
    let mut paths = Vec::new();
    walk(folder, &mut |found| match found {
        Found::File(path) if path == SUMS => Ok(()),
        Found::File(path) => {
            paths.push(path);
            Ok(())
        }
        Found::Bad(problem) => Err(problem),
    })?;
    paths.sort_unstable();
    let target = folder.join(SUMS);
    let failed = |error: std::io::Error| Problem::unwritable(&target, &error);
    let new = folder.join(format!(".{SUMS}.new"));
    vision_files::check_target(&new).map_err(|refused| Problem::new(&new, refused.to_string()))?;
    let mut file = BufWriter::new(File::create(&new).map_err(failed)?);
    for path in &paths {
        let full = folder.join(path);
        let digest = digest_of(&full).map_err(|refused| Problem::new(&full, refused.to_string()))?;
        writeln!(file, "{}  {path}", hex(&digest)).map_err(failed)?;
    }
    file.into_inner().map_err(|error| failed(error.into_error()))?;
    fs::rename(&new, &target).map_err(failed)?;
    Ok(paths.len())
}

/// Compares the folder with its `SHA256SUMS`, and names the files that no case uses, if every case could be read.
pub(super) fn check(folder: &Path, store: &Store<'_>, schemas: &[String], report: &mut Report) {
    let all_read = report.errors == 0;
    let sums = folder.join(SUMS);
    let found = vision_files::below(folder, SUMS);
    let has_sums = found.is_ok();
    let mut listed = HashMap::new();
    if has_sums {
        each_listed(&sums, report, &mut |line, path, digest, report| {
            if listed.insert(hash(path), Listed { digest, found: false }).is_some() {
                report.error(Problem::at_line(&sums, line, format!("`{path}` is listed twice")));
            }
        });
    } else if matches!(&found, Err(Refused::Unreadable(error)) if error.kind() == ErrorKind::NotFound) {
        report.warn(Problem::new(&sums, "is missing: changed files cannot be detected"));
    }
    let walked = walk(folder, &mut |found| {
        match found {
            Found::Bad(problem) => report.error(problem),
            Found::File(path) => {
                let full = folder.join(&path);
                let media = store.digest(&path);
                if all_read
                    && media.is_none()
                    && !OTHERS.contains(&path.as_str())
                    && !schemas.contains(&path)
                    && is_media(&path)
                {
                    report.warn(Problem::new(&full, "is not used by any case"));
                }
                if has_sums && path != SUMS {
                    compare(&full, media.flatten(), listed.get_mut(&hash(&path)), report);
                }
            }
        }
        Ok(())
    });
    if let Err(problem) = walked {
        report.error(problem);
    }
    if has_sums {
        each_listed(&sums, &mut Report::default(), &mut |line, path, _, _| {
            if listed.get(&hash(path)).is_some_and(|listed| !listed.found) {
                report.error(Problem::at_line(&sums, line, format!("`{path}` is missing from the folder")));
            }
        });
    }
}

/// A file that could be labelled: a licence or a script beside the media is no case.
fn is_media(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|it| it.to_str());
    extension.and_then(vision_core::MediaKind::from_extension).is_some()
}

fn compare(full: &Path, known: Option<[u8; 32]>, listed: Option<&mut Listed>, report: &mut Report) {
    let Some(listed) = listed else {
        return report.error(Problem::new(full, "is not listed in SHA256SUMS"));
    };
    listed.found = true;
    match known.map_or_else(|| digest_of(full), Ok) {
        Ok(digest) if digest == listed.digest => {}
        Ok(_) => report.error(Problem::new(full, "was changed: its hash is not the one in SHA256SUMS")),
        Err(refused) => report.error(Problem::new(full, refused.to_string())),
    }
}

/// Hashes by the path of their file: some forty bytes a file.
#[derive(Default)]
pub(crate) struct Digests(Vec<(u64, [u8; 32])>);

impl Digests {
    pub fn get(&self, path: &str) -> Option<[u8; 32]> {
        let path = hash(path.strip_prefix("./").unwrap_or(path));
        let at = self.0.binary_search_by_key(&path, |(path, _)| *path).ok()?;
        Some(self.0[at].1)
    }
}

/// What a folder's list says. Refuses what the check would find in it: other lines, and files that are not there.
pub(crate) fn listed(folder: &Path) -> Result<Digests> {
    let mut report = Report::default();
    let mut all = Vec::new();
    let sums = folder.join(SUMS);
    vision_files::below(folder, SUMS).map_err(|refused| Problem::new(&sums, refused.to_string()))?;
    each_listed(&sums, &mut report, &mut |line, path, digest, report| {
        // Cheaper than to resolve each of a hundred thousand: where it leads is looked at when it is read.
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || !vision_files::storage::exists(folder, path) {
            report.error(Problem::at_line(&sums, line, format!("`{path}` is missing from the folder")));
        }
        all.push((hash(path), digest));
    });
    if let Some(finding) = report.findings.into_iter().next() {
        return Err(finding.problem);
    }
    all.sort_unstable();
    if let Some(twice) = all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let name = hex(&twice[0].1);
        return Err(Problem::new(&sums, format!("lists a file twice, once with the hash {name}")));
    }
    Ok(Digests(all))
}

type Each<'a> = dyn FnMut(usize, &str, [u8; 32], &mut Report) + 'a;

/// Reads the list line by line.
fn each_listed(path: &Path, report: &mut Report, each: &mut Each<'_>) {
    let file = match vision_files::open_within(path, LINES) {
        Ok(file) => file,
        Err(refused) => return report.error(Problem::new(path, refused.to_string())),
    };
    let mut lines = Lines::new(BufReader::new(file));
    loop {
        match lines.next() {
            Ok(None) => return,
            Err(error) => return report.error(Problem::unreadable(path, &error)),
            Ok(Some(line)) => {
                match line.bytes.ok().and_then(|bytes| vision_files::listed_hash(bytes.trim_ascii_end())) {
                    Some((digest, name)) => each(line.number, name, digest, report),
                    None => report.error(Problem::at_line(
                        path,
                        line.number,
                        "should be 64 hexadecimal digits, two blanks and a path",
                    )),
                }
            }
        }
    }
}

/// The hash of a file, which is never held whole.
pub(crate) fn digest_of(path: &Path) -> Result<[u8; 32], Refused> {
    // Cases are read line by line, and there may be millions of them.
    let most = if path.ends_with("cases.jsonl") { LINES } else { MEDIUM };
    let file = vision_files::open_within(path, most)?;
    let mut hasher = Sha256::new();
    hash_into(&mut hasher, &mut file.take(most))?;
    Ok(hasher.finalize().into())
}

enum Found {
    /// Relative to the folder, with `/`.
    File(String),
    Bad(Problem),
}

/// Visits every file below the folder. Links are followed to files inside the folder only.
fn walk(folder: &Path, visit: &mut dyn FnMut(Found) -> Result<()>) -> Result<()> {
    if let Some(names) = vision_files::storage::names(folder) {
        let names = names.map_err(|refused| Problem::new(folder, refused.to_string()))?;
        return names.into_iter().try_for_each(|name| match vision_files::below(folder, &name) {
            Ok(_) => visit(Found::File(name)),
            Err(refused) => visit(Found::Bad(Problem::new(folder.join(name), refused.to_string()))),
        });
    }
    let root = folder.canonicalize().map_err(|error| Problem::unreadable(folder, &error))?;
    let mut pending = vec![PathBuf::new()];
    while let Some(relative) = pending.pop() {
        let here = folder.join(&relative);
        let entries = fs::read_dir(&here).map_err(|error| Problem::unreadable(&here, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Problem::unreadable(&here, &error))?;
            let (path, full) = (relative.join(entry.file_name()), entry.path());
            let kind = entry.file_type().map_err(|error| Problem::unreadable(&full, &error))?;
            if kind.is_dir() {
                pending.push(path);
            } else {
                visit(describe(&path, &full, &root, kind.is_symlink()))?;
            }
        }
    }
    Ok(())
}

fn describe(path: &Path, full: &Path, root: &Path, is_link: bool) -> Found {
    if is_link {
        match full.canonicalize() {
            Ok(target) if !target.starts_with(root) => {
                return Found::Bad(Problem::new(full, "is a link out of the dataset's folder"));
            }
            Ok(target) if target.is_dir() => {
                return Found::Bad(Problem::new(full, "is a link to a folder, which is not followed"));
            }
            Ok(_) => {}
            Err(error) => return Found::Bad(Problem::unreadable(full, &error)),
        }
    }
    if !full.is_file() {
        return Found::Bad(Problem::new(full, "is neither a file nor a folder"));
    }
    match path.to_str() {
        Some(name) if !name.contains(['\n', '\r', '\\']) => Found::File(name.to_owned()),
        _ => Found::Bad(Problem::new(full, "has a name that SHA256SUMS cannot hold")),
    }
}
