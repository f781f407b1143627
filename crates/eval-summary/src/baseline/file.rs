use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{BASELINE_VERSION, Baseline};
use crate::SummaryError;

/// A baseline in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineLine {
    /// Its name: the file's without `.json`.
    pub name: String,
    /// When its run was begun, or what is wrong with the file.
    pub started: Result<String, String>,
    /// The providers in it.
    pub providers: Vec<String>,
    /// How many scores it holds.
    pub scores: usize,
}

impl Baseline {
    /// The text of the file: the same scores give the same bytes, and a review shows which of them changed.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut value = serde_json::to_value(self).expect("our own types are plain data");
        let mut text = String::from("{\n");
        let fields = value.as_object_mut().expect("a struct is an object");
        let last = fields.len() - 1;
        for (at, (name, field)) in fields.iter().enumerate() {
            let comma = if at == last { "" } else { "," };
            match field {
                Value::Array(lines) if !lines.is_empty() => {
                    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}")).collect();
                    text.push_str(&format!("  \"{name}\": [\n{}\n  ]{comma}\n", lines.join(",\n")));
                }
                other => text.push_str(&format!("  \"{name}\": {other}{comma}\n")),
            }
        }
        text.push_str("}\n");
        text
    }

    /// Reads the text of a file.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
        if value["v"].as_u64().is_some_and(|version| version > u64::from(BASELINE_VERSION)) {
            return Err("was written by a newer version of this program".to_owned());
        }
        let baseline: Self =
            serde_json::from_value(value).map_err(|error| format!("is no baseline: {error}"))?;
        match baseline.scores.iter().find(|score| !score.is_sound()) {
            Some(score) => {
                let (case, provider) = (&score.case, &score.provider);
                Err(format!("is no baseline: the scores of {case} by {provider} are not finite numbers"))
            }
            None => Ok(baseline),
        }
    }

    /// Whether a baseline can have this name.
    pub fn check_name(name: &str) -> Result<(), SummaryError> {
        path(Path::new(""), name).map(|_| ())
    }

    /// Writes `NAME.json` into a folder, all of it or nothing, and says where.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, SummaryError> {
        let path = path(folder, &self.name)?;
        // Of this process alone: another one may be writing the same baseline.
        let draft = path.with_extension(format!("json.{}.draft", std::process::id()));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&draft, self.to_text()))
            .and_then(|()| fs::rename(&draft, &path))
            .map_err(|source| SummaryError::Unwritable { path: path.clone(), source })?;
        Ok(path)
    }

    /// Reads `NAME.json` from a folder.
    pub fn read(folder: &Path, name: &str) -> Result<Self, SummaryError> {
        let path = path(folder, name)?;
        let text = vision_files::read_text(&path, vision_files::DOCUMENT)
            .map_err(|refused| SummaryError::file(&path, format!("{refused}; `baseline set` makes one")))?;
        Self::from_text(&text).map_err(|message| SummaryError::file(&path, message))
    }
}

impl super::CaseScore {
    fn is_sound(&self) -> bool {
        let people = self.people.is_none_or(|it| it.people.is_finite() && it.judge.is_finite());
        people && !self.scores.is_empty() && self.scores.iter().all(|score| score.is_finite())
    }
}

/// A name is one plain word: it must not lead out of the folder.
fn path(folder: &Path, name: &str) -> Result<PathBuf, SummaryError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(SummaryError::Setting(format!(
            "`{name}` cannot be the name of a baseline: letters, digits, `.`, `_` and `-` can"
        )));
    }
    Ok(folder.join(format!("{name}.json")))
}

/// The baselines in a folder, by name. A folder that is not there holds none.
pub fn list_baselines(folder: &Path) -> Result<Vec<BaselineLine>, SummaryError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| SummaryError::file(folder, error))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|file| file.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    let line = |name: String| match Baseline::read(folder, &name) {
        Ok(baseline) => BaselineLine {
            name,
            started: Ok(baseline.started),
            providers: baseline.providers.into_iter().map(|provider| provider.label).collect(),
            scores: baseline.scores.len(),
        },
        Err(error) => {
            BaselineLine { name, started: Err(error.to_string()), providers: Vec::new(), scores: 0 }
        }
    };
    Ok(names.into_iter().map(line).collect())
}
