use std::collections::HashSet;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

mod cost;
mod day;
mod price;
mod rates;
mod read;
mod sent;
mod served;
mod units;

pub use price::{Price, Tier};
pub use read::dollars;
pub use sent::Sent;
pub use units::{Amounts, RangeEnd, Unit, UnitPrice};

/// Dated prices per provider and model. What is not in it is unknown, and unknown is not zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceBook {
    /// Always `USD`.
    #[serde(deserialize_with = "read::currency")]
    pub currency: String,
    /// The day it was last looked over.
    pub as_of: String,
    /// Where the figures come from, with their licence.
    pub origin: String,
    /// One entry per provider, model and date.
    pub entries: Vec<Price>,
}

impl PriceBook {
    /// The book that comes with this version.
    pub fn embedded() -> &'static Self {
        static BOOK: OnceLock<PriceBook> = OnceLock::new();
        BOOK.get_or_init(|| {
            serde_json::from_str(include_str!("../prices.json")).expect("a test reads the embedded book")
        })
    }

    /// This book, with the entries of `other` put before its own.
    #[must_use]
    pub fn overridden_by(mut self, other: Self) -> Self {
        let replaced = |mine: &Price| {
            other.entries.iter().any(|its| (&its.provider, &its.model) == (&mine.provider, &mine.model))
        };
        self.entries.retain(|mine| !replaced(mine));
        self.entries.extend(other.entries);
        self.as_of = self.as_of.max(other.as_of);
        self
    }

    /// The price of a model on a day (`2026-11-28`). A dated snapshot (`…-2026-07-09`, `…-20260709`) costs what its
    /// alias costs.
    ///
    /// Of several that hold, the one that was seen last. Entries without a figure are notes and no prices. An entry for
    /// `expense/*` is for all models whose name begins so, and do not have one of their own.
    pub fn find(&self, provider: &str, model: &str, day: &str) -> Option<&Price> {
        let own =
            self.newest(provider, model, day).or_else(|| self.newest(provider, without_date(model)?, day));
        own.or_else(|| self.newest(provider, self.pattern(provider, model)?, day))
    }

    /// The longest pattern that a model's name fits.
    fn pattern(&self, provider: &str, model: &str) -> Option<&str> {
        let entries = self.entries.iter().filter(|price| price.provider == provider);
        let patterns = entries.map(|price| price.model.as_str());
        let fits = |pattern: &&str| pattern.strip_suffix('*').is_some_and(|start| model.starts_with(start));
        patterns.filter(fits).max_by_key(|pattern| pattern.len())
    }

    fn newest(&self, provider: &str, model: &str, day: &str) -> Option<&Price> {
        self.of_model(provider, model)
            .filter(|price| price.has_figures() && price.holds_on(day))
            .max_by(|a, b| (&a.as_of, &a.from).cmp(&(&b.as_of, &b.from)))
    }

    /// Every entry of a model, whenever it holds.
    pub fn of_model(&self, provider: &str, model: &str) -> impl Iterator<Item = &Price> {
        self.entries.iter().filter(move |price| price.provider == provider && price.model == model)
    }

    /// The entries that were seen more than `most` days before `today`, and those that have ended.
    pub fn outdated<'a>(&'a self, today: &'a str, most: i64) -> impl Iterator<Item = &'a Price> {
        self.entries.iter().filter(move |price| price.has_figures() && price.is_outdated(today, most))
    }

    /// Reads the text of a user's price file. The error begins with the line.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let book: Self = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            (error.line(), message.strip_suffix(&place).unwrap_or(&message).to_owned())
        })?;
        let mut seen = HashSet::new();
        for price in &book.entries {
            let Price { provider, model, as_of, from, until, .. } = price;
            let name = format!("{provider}/{model}");
            // The entry is somewhere below the first mention of its model.
            let line = text.lines().position(|line| line.contains(&format!("\"{model}\""))).unwrap_or(0) + 1;
            if !seen.insert((provider, model, as_of, from)) {
                return Err((line, format!("`{name}` has two prices of one day: remove one of them")));
            }
            if from.is_some() && until.is_some() && from > until {
                return Err((line, format!("the price of `{name}` ends before it begins")));
            }
            if !price.has_figures() && price.note.is_none() {
                return Err((line, format!("the entry of `{name}` holds no price")));
            }
        }
        Ok(book)
    }
}

/// Days after which a price should be looked up again.
pub const PRICES_GROW_OLD_AFTER: i64 = 90;

fn without_date(model: &str) -> Option<&str> {
    [11, 9].into_iter().find_map(|len| {
        let (alias, date) = model.split_at_checked(model.len().checked_sub(len)?)?;
        let digits = date.chars().filter(char::is_ascii_digit).count();
        let is_date =
            digits == 8 && date.starts_with('-') && date.chars().all(|c| c == '-' || c.is_ascii_digit());
        is_date.then_some(alias)
    })
}

#[cfg(test)]
mod tests;
