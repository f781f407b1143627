//! What a folder holds that an evaluation could begin with. Only names are looked at, and links are not followed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use vision_core::MediaKind;

/// Levels of folders that are looked into.
const DEPTH: usize = 4;

/// Names that are looked at: enough for a project, and over in a moment on a home folder.
const ENTRIES: usize = 50_000;

/// Folders that hold no data of the user's own.
const SKIPPED: [&str; 8] =
    ["__pycache__", "build", "dist", "node_modules", "reports", "runs", "target", "venv"];

/// What was found, each path relative to the folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// Folders with a dataset.toml.
    pub datasets: Vec<PathBuf>,
    /// How many media there are, by the folder that holds them.
    pub media: BTreeMap<PathBuf, usize>,
    /// What might be imported, the likelier first: the kind of import and its input.
    pub inputs: Vec<(&'static str, PathBuf)>,
    /// The configuration of promptfoo.
    pub promptfoo: Option<PathBuf>,
    /// Python files, which may hold tasks of Inspect.
    pub python: Vec<PathBuf>,
    /// Whether there was more than is looked at.
    pub is_partial: bool,
}

/// The names in one folder.
#[derive(Debug, Default)]
struct Names {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Folder {
    /// Looks at `root` and the folders below.
    pub fn look(root: &Path) -> Self {
        let mut found = Self::default();
        let mut left = ENTRIES;
        found.walk(root, Path::new(""), DEPTH, &mut left);
        found.is_partial = left == 0;
        found.classes();
        found
    }

    /// All media.
    pub fn media_count(&self) -> usize {
        self.media.values().sum()
    }

    fn walk(&mut self, root: &Path, below: &Path, depth: usize, left: &mut usize) {
        let names = names(&within(root, below), left);
        if names.files.contains("dataset.toml") {
            self.datasets.push(below.to_owned());
            return;
        }
        self.files(below, &names);
        if depth == 0 {
            return;
        }
        for folder in names.folders.iter().filter(|name| !SKIPPED.contains(&name.as_str())) {
            self.walk(root, &below.join(folder), depth - 1, left);
        }
    }

    fn files(&mut self, below: &Path, names: &Names) {
        let media: BTreeSet<&str> =
            names.files.iter().filter(|name| is_medium(name)).map(|name| stem(name)).collect();
        if !media.is_empty() {
            self.media.insert(below.to_owned(), names.files.iter().filter(|name| is_medium(name)).count());
        }
        if names.folders.contains("img") && ["entities", "key"].iter().any(|it| names.folders.contains(*it)) {
            self.inputs.push(("sroie", below.to_owned()));
        }
        let labels = names.files.iter().filter(|name| ends_with(name, "json"));
        let has_sidecars = labels.clone().any(|name| media.contains(stem(name)));
        if has_sidecars {
            self.inputs.push(("sidecars", below.to_owned()));
        }
        for name in &names.files {
            let path = below.join(name);
            match name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
                Some("csv" | "tsv") => self.inputs.push(("csv", path)),
                _ if name == "metadata.jsonl" => self.inputs.push(("donut", below.to_owned())),
                Some("jsonl") => self.inputs.push(("jsonl", path)),
                Some("json") if !has_sidecars => self.inputs.push(("json", path)),
                Some("py") => self.python.push(path),
                _ if ["promptfooconfig.yaml", "promptfooconfig.yml"].contains(&name.as_str()) => {
                    self.promptfoo.get_or_insert(path);
                }
                _ => {}
            }
        }
    }

    /// Folders of a folder that hold media, and the folder itself holds none: each may be a class.
    fn classes(&mut self) {
        let mut classes: BTreeMap<&Path, usize> = BTreeMap::new();
        for (folder, count) in &self.media {
            if let Some(parent) = folder.parent().filter(|_| *count > 1) {
                *classes.entry(parent).or_default() += 1;
            }
        }
        let alone = |parent: &Path| {
            !self.media.contains_key(parent)
                && self.inputs.iter().all(|(_, input)| !input.starts_with(parent))
        };
        let found: Vec<_> = classes
            .into_iter()
            .filter(|(parent, count)| *count > 1 && alone(parent))
            .map(|(parent, _)| ("classes", parent.to_owned()))
            .collect();
        self.inputs.extend(found);
    }
}

/// A path below `root`, which may be empty as it may.
pub fn within(root: &Path, below: &Path) -> PathBuf {
    let path = root.join(below);
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

fn names(folder: &Path, left: &mut usize) -> Names {
    let mut names = Names::default();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Some(rest) = left.checked_sub(1) else { break };
        *left = rest;
        let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
        match () {
            () if name.starts_with('.') => false,
            () if kind.is_file() => names.files.insert(name),
            () if kind.is_dir() => names.folders.insert(name),
            () => false,
        };
    }
    names
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, it)| it.eq_ignore_ascii_case(ending))
}

fn is_medium(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| MediaKind::from_extension(&ending).is_some())
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
