//! The dataset that a folder offers: one that is there, or labels that can be imported.

use std::path::{Path, PathBuf};

use eval_datasets::{Dataset, Import, Question, Selection, import, questions};

use super::folder::{Folder, within};

/// Where labels are imported to.
pub const TARGET: &str = "datasets/mine";

/// Lists of labels that are tried out.
const TRIED: usize = 40;

/// A dataset that is there.
#[derive(Debug)]
pub struct Existing {
    /// Its folder, relative to the project's.
    pub path: PathBuf,
    /// Its cases.
    pub cases: usize,
}

/// Labels that can be imported.
#[derive(Debug)]
pub struct Labels {
    /// What to import, with paths from here.
    pub import: Import,
    /// Its input, relative to the project's folder.
    pub input: PathBuf,
    /// The cases that come of it; nothing while a question is open.
    pub cases: Option<usize>,
    /// Rows that are refused.
    pub refused: usize,
    /// What only a person knows.
    pub questions: Vec<Question>,
}

impl Labels {
    /// The command that imports them from within the project's folder.
    pub fn command(&self) -> String {
        self.command_with(&self.input, Path::new(TARGET))
    }

    /// The same with paths as they are typed elsewhere.
    pub fn command_with(&self, input: &Path, target: &Path) -> String {
        let (input, target) = (quoted(input), quoted(target));
        format!("vision-eval datasets import {} {input} {target}", self.import.kind)
    }
}

/// A path as it is typed in a shell.
pub fn quoted(path: &Path) -> String {
    let path = if path.as_os_str().is_empty() { ".".to_owned() } else { path.display().to_string() };
    if path.contains([' ', '\'', '$', '&', '(', ';']) {
        format!("'{}'", path.replace('\'', r"'\''"))
    } else {
        path
    }
}

/// The datasets of a folder that can be read, and what is wrong with the others.
pub fn existing(root: &Path, folder: &Folder) -> (Vec<Existing>, Vec<String>) {
    let (mut sound, mut broken) = (Vec::new(), Vec::new());
    for path in &folder.datasets {
        let index = Dataset::open(&within(root, path)).and_then(|it| it.index(&Selection::default()));
        match index {
            Ok(index) => sound.push(Existing { path: path.clone(), cases: index.entries.len() }),
            Err(problem) => broken.push(problem.to_string()),
        }
    }
    (sound, broken)
}

/// The command that imports the labels of a project into the folder `target`, if there are any.
pub fn command_to_import(root: &Path, target: &Path) -> Option<String> {
    let labels = labels(root, &Folder::look(root))?;
    Some(labels.command_with(&labels.import.input, target))
}

/// The labels with most cases, tried out without writing anything.
pub fn labels(root: &Path, folder: &Folder) -> Option<Labels> {
    let tried = folder.inputs.iter().take(TRIED).filter_map(|(kind, input)| try_out(root, kind, input));
    // Of equals the first.
    tried.reduce(|best, next| if worth(&next) > worth(&best) { next } else { best })
}

fn worth(labels: &Labels) -> (usize, bool) {
    (labels.cases.unwrap_or(0), labels.refused == 0)
}

fn try_out(root: &Path, kind: &str, input: &Path) -> Option<Labels> {
    let wanted = Import {
        kind: kind.to_owned(),
        input: within(root, input),
        output: root.join(TARGET),
        dry_run: true,
        ..Import::default()
    };
    let questions = questions(&wanted).ok()?;
    let (cases, refused) = match questions.is_empty() {
        true => {
            let imported = import(&wanted).ok()?;
            // A table of something else has a row or two that look like a case by chance.
            if imported.cases == 0 || imported.refused.len() > imported.cases {
                return None;
            }
            (Some(imported.cases), imported.refused.len())
        }
        false => (None, 0),
    };
    let import = Import { dry_run: false, ..wanted };
    Some(Labels { import, input: input.to_owned(), cases, refused, questions })
}
