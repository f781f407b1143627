//! Where the text of a prompt that is tried comes from.

use std::path::Path;

use eval_datasets::Dataset;
use eval_record::{PlannedDataset, PlannedPrompt};
use vision_core::Task;

use crate::Config;
use crate::config::{Choice, Tried, is_file_name};

/// What prompts are looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Prompts<'a> {
    pub config: &'a Config,
    /// The folder of the configuration.
    pub root: &'a Path,
    pub planned: &'a [PlannedDataset],
}

/// A question and its system prompt.
struct Texts {
    name: String,
    system: Option<String>,
    prompt: String,
}

impl Prompts<'_> {
    /// The prompts of a candidate that has these values, if they are not the datasets' own.
    pub fn of(&self, choices: &[Choice]) -> Result<Vec<PlannedPrompt>, String> {
        let tried = |wanted: fn(&Tried) -> Option<&str>| {
            choices.iter().find_map(|(_, (shown, tried))| Some((shown.as_str(), wanted(tried)?)))
        };
        let prompt = tried(|tried| if let Tried::Prompt(text) = tried { Some(text) } else { None });
        let system = tried(|tried| if let Tried::System(text) = tried { Some(text) } else { None });
        let mut prompts = Vec::new();
        if prompt.is_none() && system.is_none() {
            return Ok(prompts);
        }
        for dataset in self.planned {
            for (task, planned) in &dataset.tasks {
                let mut texts = match prompt {
                    Some((shown, text)) => self.prompt(dataset, *task, shown, text)?,
                    None => Texts {
                        name: planned.prompt_name.clone(),
                        system: planned.system.clone(),
                        prompt: planned.prompt.clone(),
                    },
                };
                if let Some((_, text)) = system {
                    texts.system = if text == "none" { None } else { Some(self.text("system", text)?) };
                }
                prompts.push(PlannedPrompt {
                    dataset: dataset.name.clone(),
                    task: *task,
                    name: texts.name,
                    system: texts.system,
                    prompt: texts.prompt,
                });
            }
        }
        Ok(prompts)
    }

    fn prompt(
        &self,
        dataset: &PlannedDataset,
        task: Task,
        shown: &str,
        wanted: &str,
    ) -> Result<Texts, String> {
        let named = self.config.prompt.get(&task).and_then(|prompts| prompts.get(wanted));
        if let Some(prompt) = named {
            let (system, prompt) = (prompt.system.clone(), prompt.text.clone());
            return Ok(Texts { name: shown.to_owned(), system, prompt });
        }
        let own = |error: eval_datasets::Problem| error.to_string();
        let manifest =
            Dataset::open(&vision_files::storage::within(self.root, &dataset.folder)).map_err(own)?.manifest;
        let spec = manifest.tasks.get(&task);
        let system = spec.and_then(|spec| spec.system.clone());
        let prompt = match (wanted, spec) {
            ("default", Some(spec)) => spec.prompt.clone(),
            _ if wanted.contains(char::is_whitespace) || is_file_name(wanted) => {
                self.text("prompt", wanted)?
            }
            _ => {
                return Err(format!(
                    "`{wanted}` names a prompt, but there is no [prompt.{task}.{wanted}]; a file ends in .txt or .md"
                ));
            }
        };
        Ok(Texts { name: shown.to_owned(), system, prompt })
    }

    /// What a file holds, or the text itself.
    fn text(&self, what: &str, wanted: &str) -> Result<String, String> {
        if !is_file_name(wanted) || wanted.contains('\n') {
            return Ok(wanted.to_owned());
        }
        let root = if self.root.as_os_str().is_empty() { Path::new(".") } else { self.root };
        vision_files::below(root, wanted)
            .and_then(|path| vision_files::read_text(&path, vision_files::TEXT))
            .map(|text| text.trim_end().to_owned())
            .map_err(|refused| format!("{what}: `{wanted}` {refused}"))
    }
}
