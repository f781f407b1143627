//! How the host served a request, where that changes the price.

use super::price::{Price, Tier};

impl Price {
    /// Whether it says what being served like this costs.
    pub fn knows_tier(&self, name: Option<&str>) -> bool {
        self.served(name).is_some()
    }

    /// The same price for what was served like this: a tier, a place, or several of them joined by `+`. Nothing if no
    /// book knows what that costs.
    pub fn served(&self, name: Option<&str>) -> Option<Self> {
        let words = name.unwrap_or_default().to_ascii_lowercase();
        words.split('+').try_fold(self.clone(), |price, word| price.served_as(word.trim()))
    }

    fn served_as(self, word: &str) -> Option<Self> {
        match (self.times.get(word), word) {
            (Some(&times), _) => Some(self.scaled(times)),
            (None, "" | "default" | "standard" | "auto" | "on_demand") => Some(self),
            // Slower and cheaper.
            (None, "flex" | "batch") => self.at_batch_prices(),
            // A price that tells no places apart holds in all of them.
            (None, "us" | "regional") => Some(self),
            (None, _) => None,
        }
    }

    /// Everything that is not billed by the piece, at so many times its price.
    pub fn scaled(&self, times: f64) -> Self {
        let scaled = |price: Option<f64>| price.map(|price| price * times);
        Self {
            per_audio_second_usd: scaled(self.per_audio_second_usd),
            per_image_usd: scaled(self.per_image_usd),
            batch_input_per_mtok: scaled(self.batch_input_per_mtok),
            batch_output_per_mtok: scaled(self.batch_output_per_mtok),
            ..self.tokens_scaled(times)
        }
    }

    /// The price of requests that are handed over in batches, if it is known.
    pub fn for_batches(&self) -> Option<Self> {
        if self.is_free() { Some(self.clone()) } else { self.at_batch_prices() }
    }

    /// The same price for what a host bills at its batch or flex tier.
    fn at_batch_prices(&self) -> Option<Self> {
        let (input, output) = (self.batch_input_per_mtok?, self.batch_output_per_mtok?);
        let share = input / self.input_per_mtok.filter(|price| *price > 0.0)?;
        Some(Self { input_per_mtok: Some(input), output_per_mtok: Some(output), ..self.tokens_scaled(share) })
    }

    fn tokens_scaled(&self, times: f64) -> Self {
        let scaled = |price: Option<f64>| price.map(|price| price * times);
        Self {
            input_per_mtok: scaled(self.input_per_mtok),
            output_per_mtok: scaled(self.output_per_mtok),
            cached_input_per_mtok: scaled(self.cached_input_per_mtok),
            cache_write_per_mtok: scaled(self.cache_write_per_mtok),
            cache_write_long_per_mtok: scaled(self.cache_write_long_per_mtok),
            audio_input_per_mtok: scaled(self.audio_input_per_mtok),
            cached_audio_per_mtok: scaled(self.cached_audio_per_mtok),
            reasoning_output_per_mtok: scaled(self.reasoning_output_per_mtok),
            tiers: self.tiers.iter().map(|tier| tier.scaled(times)).collect(),
            ..self.clone()
        }
    }
}

impl Tier {
    fn scaled(&self, times: f64) -> Self {
        let scaled = |price: Option<f64>| price.map(|price| price * times);
        Self {
            above_input_tokens: self.above_input_tokens,
            input_per_mtok: scaled(self.input_per_mtok),
            output_per_mtok: scaled(self.output_per_mtok),
            cached_input_per_mtok: scaled(self.cached_input_per_mtok),
            cache_write_per_mtok: scaled(self.cache_write_per_mtok),
            cache_write_long_per_mtok: scaled(self.cache_write_long_per_mtok),
        }
    }
}
