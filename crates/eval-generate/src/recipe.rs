//! What to generate: a kind, a seed, a count and a difficulty.

use std::{fmt, str::FromStr};

use crate::error::Error;

/// A kind of dataset that can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Charts with their tables, and questions about them.
    Charts,
    /// Pictures of six classes.
    Classify,
    /// Pairs of pages with a known list of differences.
    Compare,
    /// Spoken clips; needs installed programs, and its bytes depend on their versions.
    Audio,
    /// Invoices, letters and forms, as PDF and as image; needs the feature `pdf`.
    Documents,
    /// Till receipts of many countries, clean and photographed.
    Receipts,
}

impl Kind {
    /// Every kind, in the order lists show them.
    pub const ALL: &[Self] =
        &[Self::Charts, Self::Classify, Self::Compare, Self::Receipts, Self::Documents, Self::Audio];

    /// The name on the command line, and of the dataset.
    pub fn name(self) -> &'static str {
        match self {
            Self::Charts => "charts",
            Self::Classify => "classify",
            Self::Compare => "compare",
            Self::Receipts => "receipts",
            Self::Documents => "documents",
            Self::Audio => "audio",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name(name, Self::ALL, |kind| kind.name(), "kind of dataset")
    }
}

/// How hard the pictures are to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Difficulty {
    /// Plain layouts, everything printed.
    Easy,
    /// What people meet at work, plain and less plain.
    Normal,
    /// Crowded, small, unusual or damaged.
    Hard,
}

impl Difficulty {
    /// Every difficulty, easiest first.
    pub const ALL: &[Self] = &[Self::Easy, Self::Normal, Self::Hard];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Normal => "normal",
            Self::Hard => "hard",
        }
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Difficulty {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name(name, Self::ALL, |difficulty| difficulty.name(), "difficulty")
    }
}

/// Everything that decides the bytes of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// What is drawn.
    pub kind: Kind,
    /// Another seed gives a twin set that is unseen.
    pub seed: u64,
    /// How many source pictures (or pairs, or clips); a picture may serve several cases.
    pub count: usize,
    /// How hard they are.
    pub difficulty: Difficulty,
}

impl Recipe {
    /// The command that makes this dataset again.
    pub fn command(&self) -> String {
        let Self { kind, seed, count, difficulty } = self;
        format!(
            "vision-eval datasets generate {kind} --seed {seed} --count {count} --difficulty {difficulty}"
        )
    }
}

/// The recipes of the datasets that are committed in the repository.
pub const BUNDLED: &[Recipe] = &[
    bundled(Kind::Charts, 96),
    bundled(Kind::Classify, 66),
    bundled(Kind::Compare, 24),
    bundled(Kind::Receipts, 60),
    bundled(Kind::Documents, 18),
    bundled(Kind::Audio, 16),
];

const fn bundled(kind: Kind, count: usize) -> Recipe {
    Recipe { kind, seed: 1, count, difficulty: Difficulty::Normal }
}

fn by_name<T: Copy>(name: &str, all: &[T], name_of: fn(T) -> &'static str, what: &str) -> Result<T, Error> {
    all.iter().copied().find(|item| name_of(*item) == name).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|item| name_of(*item)).collect();
        format!("{name} is not a {what}; there are {}", known.join(", ")).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_kind_and_difficulty() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse::<Kind>().unwrap(), *kind);
        }
        for difficulty in Difficulty::ALL {
            assert_eq!(difficulty.name().parse::<Difficulty>().unwrap(), *difficulty);
        }
        let error = "cats".parse::<Kind>().unwrap_err();
        assert!(error.to_string().starts_with("cats is not a kind of dataset; there are charts"));
    }
}
