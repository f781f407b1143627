//! The first screen: who could be taken, what they cost, and what speaks against believing it.

mod cards;
mod risks;
mod steps;

use eval_summary::Summary;
use serde::Serialize;

use cards::Card;

/// Cases a month that are assumed where nobody said how many there are.
const VOLUME: u64 = 10_000;

/// What stands above everything else.
#[derive(Debug, Serialize)]
pub(super) struct First {
    cards: Vec<Card>,
    /// Further candidates, which have no card.
    more: usize,
    /// What better scores cost.
    steps: Vec<String>,
    /// What may make the verdict wrong, the worst first.
    risks: Vec<String>,
    /// Cases a month.
    volume: u64,
    /// Whether nobody said how many they are.
    assumed: bool,
}

impl First {
    pub fn of(summary: &Summary, monthly_volume: Option<u64>) -> Self {
        let volume = monthly_volume.unwrap_or(VOLUME);
        let (cards, more) = cards::cards(summary, volume);
        Self {
            cards,
            more,
            steps: steps::steps(summary),
            risks: risks::risks(summary),
            volume,
            assumed: monthly_volume.is_none(),
        }
    }
}
