use std::collections::BTreeMap;

use eval_datasets::Template;
use eval_record::{OutputMode, PlannedProvider, Variant};
use vision_core::{Capabilities, Task};

use crate::opened::OpenDataset;
use crate::question::Question;

/// What one candidate is asked where that is not what the others are asked, by the number of the dataset.
#[derive(Debug, Default)]
pub(crate) struct Asked(BTreeMap<(usize, Task), Question>);

impl Asked {
    /// The questions of the datasets as this candidate's variant has them.
    pub fn of(planned: &PlannedProvider, datasets: &[OpenDataset]) -> Result<Self, String> {
        let mut asked = Self::default();
        let Some(variant) = &planned.variant else { return Ok(asked) };
        for (number, dataset) in datasets.iter().enumerate() {
            for (task, question) in &dataset.questions {
                asked.0.insert((number, *task), varied(question, variant, &dataset.name, *task)?);
            }
        }
        Ok(asked)
    }

    /// What is asked of a case of this task.
    pub fn question<'a>(&'a self, number: usize, dataset: &'a OpenDataset, task: Task) -> &'a Question {
        self.0.get(&(number, task)).unwrap_or_else(|| &dataset.questions[&task])
    }
}

fn varied(question: &Question, variant: &Variant, dataset: &str, task: Task) -> Result<Question, String> {
    let template = |text: &str| Template::parse(text).map_err(|message| format!("prompt: {message}"));
    let mut varied = question.clone();
    varied.generation = variant.generation.unwrap_or(question.generation);
    varied.output = variant.output;
    if let Some(prompt) = variant.prompt(dataset, task) {
        varied.prompt = template(&prompt.prompt)?;
        varied.system = prompt.system.as_deref().map(template).transpose()?;
    }
    Ok(varied)
}

/// Why a candidate cannot be asked this way, if so. It would be asked the same as without the setting, and the
/// difference that a report shows would be chance.
pub(crate) fn unsupported(
    variant: &Variant,
    capabilities: &Capabilities,
    has_schema: bool,
) -> Option<&'static str> {
    let tries = |factor: &str| variant.factors.contains_key(factor);
    let lacks = [
        (tries("prompt") && !capabilities.prompt, "prompts not supported"),
        (tries("system") && !capabilities.prompt, "prompts not supported"),
        (tries("detail") && !capabilities.detail, "image detail not supported"),
        (tries("effort") && !capabilities.effort, "reasoning effort not supported"),
        (tries("stream") && !capabilities.stream, "streaming not supported"),
        (tries("temperature") && !capabilities.temperature, "temperature not supported"),
    ];
    let form = match variant.output {
        Some(OutputMode::Json) if !capabilities.json => Some("JSON mode not supported"),
        Some(OutputMode::Schema) if !capabilities.json_schema => Some("JSON schema not supported"),
        Some(OutputMode::Schema) if !has_schema => Some("the task has no JSON schema"),
        _ => None,
    };
    lacks.into_iter().find(|(lacks, _)| *lacks).map(|(_, reason)| reason).or(form)
}
