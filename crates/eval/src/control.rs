//! The controls: answers without looking, for comparison.

mod guess;
mod words;

use std::collections::BTreeMap;

use eval_datasets::{Case, Dataset, Problem};
use vision_core::Task;

pub(crate) use guess::{Guesses, Reads};

/// The controls, with what reports say of them. None of them opens the media: a provider that is not better than all of
/// them has not been shown to look, either.
pub const CONTROLS: [(&str, &str); 3] = [
    ("blank", "answers nothing"),
    (
        "prior",
        "gives one constant answer per task and type of question: the most common one in the dataset, never looking",
    ),
    (
        "question",
        "reads the question but not the media, and gives the most common answer to questions like it",
    ),
];

/// Whether `kind` is that of the controls.
pub fn is_control(kind: &str) -> bool {
    kind == "control"
}

/// A control of one run.
#[derive(Debug)]
pub(crate) enum Control {
    Blank,
    Guess(BTreeMap<(String, Task), Guesses>),
}

impl Control {
    /// One that has read the labels of these datasets.
    pub fn of(datasets: impl Iterator<Item = Dataset>, reads: Reads) -> Result<Self, Problem> {
        let mut guesses = BTreeMap::new();
        for dataset in datasets {
            for (task, of_task) in Guesses::of(&dataset, reads)? {
                guesses.insert((dataset.manifest.name.clone(), task), of_task);
            }
        }
        Ok(Self::Guess(guesses))
    }

    /// What it says to a case.
    pub fn answer(&self, dataset: &str, case: &Case) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Guess(guesses) => guesses
                .get(&(dataset.to_owned(), case.task))
                .map_or_else(String::new, |guesses| guesses.answer(case)),
        }
    }
}
