use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eval_datasets::{Case, Index, Problem, Template, answer_schema};
use eval_record::{Degraded, Generation, PlannedDataset};
use vision_core::Task;
use vision_media::Degradation;

use crate::SetupError;
use crate::question::Question;

/// A dataset of a plan, open: where its wanted cases are, and what is asked of them.
#[derive(Debug)]
pub(crate) struct OpenDataset {
    pub name: String,
    pub folder: PathBuf,
    pub index: Index,
    /// The cases of the other parts, if this is one of several.
    pub elsewhere: Vec<Index>,
    pub questions: BTreeMap<Task, Question>,
    /// How its pictures are made worse, and the seed of what is random about it.
    pub degraded: Option<(Degradation, u64)>,
}

impl OpenDataset {
    /// The dataset of a plan in this folder, with these of its cases.
    pub fn new(
        planned: &PlannedDataset,
        folder: PathBuf,
        index: Index,
        (generation, seed): (Generation, u64),
    ) -> Result<Self, SetupError> {
        let questions = questions(planned, &folder, generation)?;
        let how = |twin: &Degraded| twin.how.parse().map(|how| (how, seed));
        let degraded = planned.degraded.as_ref().map(how).transpose();
        let degraded = degraded.map_err(|message| Problem::new(&folder, message))?;
        Ok(Self { name: planned.name.clone(), folder, index, elsewhere: Vec::new(), questions, degraded })
    }

    /// Its cases, each with its place.
    pub fn cases(&self) -> impl Iterator<Item = Result<(&str, Case, CasePlace<'_>), Problem>> {
        self.index.entries.iter().map(|entry| {
            let at = CasePlace { folder: &self.folder, line: entry.line };
            Ok((self.name.as_str(), self.index.read(*entry)?, at))
        })
    }

    /// How many of its cases are of this task.
    pub fn count(&self, task: Task) -> u64 {
        self.index.entries.iter().filter(|entry| entry.task == task).count() as u64
    }
}

/// The questions of a planned dataset.
fn questions(
    planned: &PlannedDataset,
    folder: &Path,
    generation: Generation,
) -> Result<BTreeMap<Task, Question>, SetupError> {
    let template = |text: &str| {
        Template::parse(text)
            .map_err(|message| Problem::new(folder.join("dataset.toml"), format!("prompt: {message}")))
    };
    let mut questions = BTreeMap::new();
    for (task, spec) in &planned.tasks {
        let schema = spec.schema.clone().map(|schema| answer_schema(*task, Arc::new(schema)));
        let question = Question {
            system: spec.system.as_deref().map(template).transpose()?,
            prompt: template(&spec.prompt)?,
            schema,
            max_output_tokens: NonZeroU32::new(spec.max_output_tokens).unwrap_or(NonZeroU32::MIN),
            generation,
            output: None,
        };
        questions.insert(*task, question);
    }
    Ok(questions)
}

/// Where a case stands.
#[derive(Debug, Clone, Copy)]
pub struct CasePlace<'a> {
    /// The dataset's folder.
    pub folder: &'a Path,
    /// The line of its `cases.jsonl`, from 1.
    pub line: u32,
}

impl CasePlace<'_> {
    /// What is wrong there.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::at_line(self.folder.join("cases.jsonl"), self.line as usize, message)
    }
}
