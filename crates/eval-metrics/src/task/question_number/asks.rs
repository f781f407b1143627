//! What a question asks for.

use super::candidate::is_place;
use super::direction::{asks_for_fall, asks_for_fall_alone};
use super::million::Em;
use super::period::{Period, asked};
use super::unit::Unit;

/// What a question asks for, where that decides which number is meant.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::task) struct Asks {
    /// How much something fell.
    pub(super) fall: bool,
    /// And in no other way than that it fell.
    pub(super) fall_alone: bool,
    pub(super) period: Option<Period>,
    pub(super) year: bool,
    /// How many things there are, which no unit measures.
    pub(super) counts: bool,
    /// A value, and not the number of a page or a bar.
    pub(super) value: bool,
    pub(super) m: Em,
}

impl Asks {
    pub(in crate::task) fn read(question: &str) -> Self {
        Self {
            fall: asks_for_fall(question),
            fall_alone: asks_for_fall_alone(question),
            period: asked(question),
            year: asks_for_year(question),
            counts: counts_things(question),
            value: !question.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(is_place),
            m: Em::of(question),
        }
    }
}

/// Whether a question asks for a year and for nothing else.
fn asks_for_year(question: &str) -> bool {
    let question = question.to_lowercase();
    let asks =
        ["which year", "what year", "in which calendar year"].iter().any(|words| question.contains(words));
    asks && !["how many", "how much", "value"].iter().any(|words| question.contains(words))
}

/// Whether a question asks how many things there are: `How many people?`, and not `How many hours?` or `How many percent?`.
fn counts_things(question: &str) -> bool {
    let question = question.to_lowercase();
    let Some((_, rest)) = question.split_once("how many ") else { return false };
    let words =
        || question.split(|c: char| !(c.is_alphanumeric() || c == '%')).filter(|word| !word.is_empty());
    let is_share = words().any(|word| word.contains('%') || word.starts_with("percent"));
    let thing = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !is_share
        && thing.len() > 2
        && Unit::read(thing).is_none()
        && !words().any(|word| !Unit::read(word).is_none() && word.len() > 3)
}

/// The scale that a question wants the number in, with its currency: `in millions of dollars`, `(in thousands)`.
pub(super) fn scale(question: &str) -> Option<Unit> {
    let question = question.to_lowercase();
    let words: Vec<&str> = question
        .split(|c: char| !(c.is_alphanumeric() || "$€£¥".contains(c)))
        .filter(|word| !word.is_empty())
        .collect();
    let is_scale = |word: &str| {
        matches!(
            word,
            "thousand"
                | "million"
                | "billion"
                | "trillion"
                | "thousands"
                | "millions"
                | "billions"
                | "trillions"
        )
    };
    let at = words.iter().enumerate().position(|(at, word)| {
        is_scale(word) && (1..=2).any(|back| at.checked_sub(back).is_some_and(|before| words[before] == "in"))
    })?;
    let end = words.len().min(at + 4);
    let currency = words[at.saturating_sub(1)..end].iter().find(|word| Unit::read(word).currency.is_some());
    Some(Unit::read(&format!("{} {}", currency.unwrap_or(&""), words[at])))
}
