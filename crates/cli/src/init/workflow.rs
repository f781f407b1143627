//! The workflow for GitHub, which looks for workflows at the root of a repository only.

use std::path::{Path, PathBuf};

use super::config::slashed;

const TEMPLATE: &str = include_str!("workflow.yml");

/// The folder of workflows below that of the repository.
const FOLDER: &str = ".github/workflows";

/// A workflow that runs the evaluation of one project.
#[derive(Debug)]
pub struct Workflow {
    /// The folder of the repository, which the file must not leave.
    pub repository: PathBuf,
    /// The file.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Workflow {
    /// That of the project in `root`, which may be a folder of a larger repository.
    pub fn of(root: &Path) -> Self {
        let Some((repository, within)) = repository_above(root) else {
            let path = root.join(FOLDER).join("vision-eval.yml");
            return Self { repository: root.to_owned(), path, text: TEMPLATE.to_owned() };
        };
        // Each project of a repository has a workflow of its own.
        let is_plain = |sign: char| sign.is_alphanumeric() || "-_.".contains(sign);
        let name: String = within.chars().map(|sign| if is_plain(sign) { sign } else { '-' }).collect();
        let path = repository.join(FOLDER).join(format!("vision-eval-{name}.yml"));
        Self { repository, path, text: in_folder(&within) }
    }
}

/// The root of the Git repository that `root` is a folder of, and the name of `root` within it.
///
/// A name with control characters cannot be written into the list of a workflow's files.
fn repository_above(root: &Path) -> Option<(PathBuf, String)> {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let root = root.canonicalize().ok()?;
    let repository = root.ancestors().find(|folder| folder.join(".git").exists())?;
    let within = root.strip_prefix(repository).ok().filter(|within| !within.as_os_str().is_empty())?;
    let within = slashed(within);
    (!within.contains(char::is_control)).then(|| (repository.to_owned(), within))
}

/// The workflow of a project in a folder of its repository.
fn in_folder(folder: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut is_list_of_files = false;
    let lines = TEMPLATE.lines().map(|line| match line.trim_start() {
        "name: vision-eval" if !line.starts_with(' ') => {
            format!("name: {}", quoted(&format!("vision-eval {folder}")))
        }
        "working-directory: ." => line.replace('.', &quoted(folder)),
        "path: |" => {
            is_list_of_files = true;
            line.to_owned()
        }
        file if is_list_of_files => {
            let indent = &line[..line.len() - file.len()];
            format!("{indent}{folder}/{file}")
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::in_folder;

    #[test]
    fn a_project_in_a_folder_runs_and_is_found_there() {
        let text = in_folder("tools/eval: \"1\"");
        assert!(text.contains("        working-directory: \"tools/eval: \\\"1\\\"\"\n"), "{text}");
        assert!(text.contains("\nname: \"vision-eval tools/eval: \\\"1\\\"\"\n"), "{text}");
        assert!(text.ends_with("            tools/eval: \"1\"/runs/ci\n"), "{text}");
        assert!(!text.contains(" report.html\n            report"), "{text}");
    }
}
