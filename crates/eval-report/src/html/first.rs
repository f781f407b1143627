//! The first screen: who could be taken, what they cost, and what speaks against believing it.

mod cards;
mod risks;
mod steps;

use eval_summary::Summary;
use serde::Serialize;

use cards::Card;

/// Cases per month where none are configured.
const VOLUME: u64 = 10_000;

/// The first screen.
#[derive(Debug, Serialize)]
pub(super) struct First {
    cards: Vec<Card>,
    /// Candidates without a card.
    more: usize,
    /// What better scores cost.
    steps: Vec<String>,
    /// What may make the verdict wrong, the worst first.
    risks: Vec<String>,
    /// Cases a month.
    volume: u64,
    /// Whether that is an assumption.
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
