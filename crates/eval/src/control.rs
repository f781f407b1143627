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

/// A control of one run. Without labels it answers nothing.
#[derive(Debug)]
pub(crate) struct Control {
    /// What it says of itself.
    pub about: &'static str,
    reads: Option<Reads>,
    guesses: BTreeMap<(String, Task), Guesses>,
}

impl Control {
    /// One that has read no labels yet.
    pub fn named(name: &str) -> Result<Self, String> {
        let Some((_, about)) = CONTROLS.iter().find(|(known, _)| *known == name) else {
            let known: Vec<_> = CONTROLS.iter().map(|(name, _)| *name).collect();
            return Err(format!("there is no control of this name (there are: {})", known.join(", ")));
        };
        let reads = match name {
            "blank" => None,
            "question" => Some(Reads::Question),
            _ => Some(Reads::Nothing),
        };
        Ok(Self { about, reads, guesses: BTreeMap::new() })
    }

    /// Reads the labels of a dataset, if it needs any.
    pub fn learn(&mut self, dataset: &Dataset) -> Result<(), Problem> {
        let Some(reads) = self.reads else { return Ok(()) };
        for (task, guesses) in Guesses::of(dataset, reads)? {
            self.guesses.insert((dataset.manifest.name.clone(), task), guesses);
        }
        Ok(())
    }

    /// What it says to a case.
    pub fn answer(&self, dataset: &str, case: &Case) -> String {
        let guesses = self.guesses.get(&(dataset.to_owned(), case.task));
        guesses.map_or_else(String::new, |guesses| guesses.answer(case))
    }
}
