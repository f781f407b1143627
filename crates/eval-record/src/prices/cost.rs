use vision_core::{Estimate, Response, Usage, Usd};

use super::price::{Price, Tier};
use super::rates::Rates;
use super::units::{Amounts, RangeEnd};

/// How the host served a request, where that changes the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Standard,
    /// Slower and cheaper: billed by the batch prices.
    Flex,
    /// A tier whose price no book knows.
    Unpriced,
}

impl Service {
    fn named(name: Option<&str>) -> Self {
        match name.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "default" | "standard" | "auto" | "on_demand") => Self::Standard,
            Some("flex" | "batch") => Self::Flex,
            Some(_) => Self::Unpriced,
        }
    }
}

impl Price {
    /// What was counted for a request with `images` pictures cost at the host's usual tier, or `None` where a count
    /// or a price that it needs is missing.
    pub fn cost(&self, usage: &Usage, images: u64) -> Option<Usd> {
        if self.is_free() {
            return Some(Usd::ZERO);
        }
        let units = self.by_units(&Amounts::counted(usage, images), RangeEnd::Most)?;
        self.by_tokens(usage, images).map(|tokens| tokens + units)
    }

    /// What tokens, seconds and pictures cost, without the units.
    fn by_tokens(&self, usage: &Usage, images: u64) -> Option<Usd> {
        if self.bills_only_units() {
            return Some(Usd::ZERO);
        }
        let pictures = self.per_image_usd.unwrap_or(0.0) * images as f64;
        if let (Some(seconds), Some(price)) = (usage.audio_seconds, self.per_audio_second_usd) {
            return Some(Usd(seconds as f64 * price + pictures));
        }
        let (input, output) = (usage.input?, usage.output?);
        let rates = self.rates(input)?;
        let cached = usage.cached.unwrap_or(0);
        let short_write = usage.cache_write.unwrap_or(0);
        let long_write = usage.cache_write_long.unwrap_or(0);
        // Sound has a price of its own only where the book says so; elsewhere it is ordinary input.
        let audio = if self.audio_input_per_mtok.is_some() { usage.audio.unwrap_or(0) } else { 0 };
        let apart = [cached, short_write, long_write, audio].into_iter().fold(0, u64::saturating_add);
        let reasoning = if self.reasoning_output_per_mtok.is_some() {
            usage.reasoning.unwrap_or(0).min(output)
        } else {
            0
        };

        let parts = [
            (input.saturating_sub(apart), rates.input),
            (cached, rates.cached),
            (short_write, rates.short_write),
            (long_write, rates.long_write),
            (audio, rates.audio),
            (output - reasoning, rates.output),
            (reasoning, rates.reasoning),
        ];
        let tokens: f64 = parts.iter().map(|(tokens, price)| *tokens as f64 * price / 1e6).sum();
        Some(Usd(tokens + pictures))
    }

    /// What an answer cost: by its counts, if they can be believed, or as the host says, if that is more. The budget
    /// counts the same.
    ///
    /// A host's bill of nothing says nothing about a model that has a price.
    pub fn cost_of(&self, response: &Response, images: u64) -> Option<Usd> {
        let both = [self.counted(response, images), self.reported(response)];
        both.into_iter().flatten().reduce(|one, other| if other > one { other } else { one })
    }

    /// What an answer cost by its counts, if they can be believed.
    pub fn counted(&self, response: &Response, images: u64) -> Option<Usd> {
        if self.is_free() {
            return Some(Usd::ZERO);
        }
        let usage = self.believes(response).then_some(&response.usage)?;
        match Service::named(response.service_tier.as_deref()) {
            Service::Standard => self.cost(usage, images),
            Service::Flex => self.at_batch_prices()?.cost(usage, images),
            Service::Unpriced => None,
        }
    }

    /// Whether counts can be those of the answer: of everything that is billed.
    fn believes(&self, response: &Response) -> bool {
        let usage = &response.usage;
        let tokens = self.bills_only_units() || believable(usage, &response.text);
        tokens && self.units_are_counted(usage) && counts(usage).all(|count| count < NO_COUNT)
    }

    /// Whether it says what this service tier of a host costs.
    pub fn knows_tier(&self, name: Option<&str>) -> bool {
        match Service::named(name) {
            Service::Standard => true,
            Service::Flex => self.at_batch_prices().is_some(),
            Service::Unpriced => false,
        }
    }

    /// What was counted for a request that brought no answer.
    pub fn counted_without_answer(&self, usage: &Usage, images: u64) -> Option<Usd> {
        let absurd = counts(usage).any(|count| count >= NO_COUNT);
        self.cost(usage, images).filter(|cost| !absurd && (cost.0 > 0.0 || self.is_free()))
    }

    /// What the host says it charged, if it can be a bill.
    pub fn reported(&self, response: &Response) -> Option<Usd> {
        response.cost.filter(|cost| cost.0 > 0.0 && cost.0 < NO_BILL)
    }

    /// The same price for what a host bills at its batch or flex tier.
    fn at_batch_prices(&self) -> Option<Self> {
        let (input, output) = (self.batch_input_per_mtok?, self.batch_output_per_mtok?);
        let share = input / self.input_per_mtok.filter(|price| *price > 0.0)?;
        let shared = |price: Option<f64>| price.map(|price| price * share);
        Some(Self {
            input_per_mtok: Some(input),
            output_per_mtok: Some(output),
            cached_input_per_mtok: shared(self.cached_input_per_mtok),
            cache_write_per_mtok: shared(self.cache_write_per_mtok),
            cache_write_long_per_mtok: shared(self.cache_write_long_per_mtok),
            audio_input_per_mtok: shared(self.audio_input_per_mtok),
            reasoning_output_per_mtok: shared(self.reasoning_output_per_mtok),
            tiers: self.tiers.iter().map(|tier| tier.times(share)).collect(),
            ..self.clone()
        })
    }

    /// What a request is expected to cost if `input` and `output` tokens are billed, at this end of units' ranges.
    ///
    /// Nothing is taken as cached. Sound is billed at the dearer of its own and the ordinary price.
    pub fn quote(
        &self,
        estimate: &Estimate,
        images: u64,
        input: u64,
        output: u64,
        end: RangeEnd,
    ) -> Option<Usd> {
        if self.is_free() {
            return Some(Usd::ZERO);
        }
        let usage = Usage {
            input: Some(input),
            output: Some(output),
            audio: Some(estimate.audio.unwrap_or(0).min(input)),
            audio_seconds: estimate.audio_seconds,
            ..Usage::default()
        };
        let units = self.by_units(&Amounts::expected(estimate, images), end)?;
        self.by_tokens(&usage, images).map(|tokens| tokens + units)
    }

    /// The most that so many tokens and pictures can cost, however the host sorts them, without the units.
    pub fn at_most(&self, input: u64, output: u64, images: u64) -> Option<Usd> {
        if self.bills_only_units() {
            return Some(Usd::ZERO);
        }
        // A shorter input may be dearer by the token.
        let rates = [self.rates(0)?, self.rates(input)?];
        let input_price = rates.iter().map(Rates::dearest_input).fold(0.0, f64::max);
        let output_price = rates.iter().map(|rates| rates.output.max(rates.reasoning)).fold(0.0, f64::max);
        let tokens = (input as f64 * input_price + output as f64 * output_price) / 1e6;
        Some(Usd(tokens + self.per_image_usd.unwrap_or(0.0) * images as f64))
    }
}

impl Tier {
    fn times(&self, share: f64) -> Self {
        let shared = |price: Option<f64>| price.map(|price| price * share);
        Self {
            above_input_tokens: self.above_input_tokens,
            input_per_mtok: shared(self.input_per_mtok),
            output_per_mtok: shared(self.output_per_mtok),
            cached_input_per_mtok: shared(self.cached_input_per_mtok),
            cache_write_per_mtok: shared(self.cache_write_per_mtok),
            cache_write_long_per_mtok: shared(self.cache_write_long_per_mtok),
        }
    }
}

/// More tokens than any request can have: what is above was not counted.
const NO_COUNT: u64 = 1_000_000_000;

/// More dollars than one request can cost.
const NO_BILL: f64 = 1e6;

/// The most bytes of an answer that one token stands for, generously: long runs of one character are few tokens.
const BYTES_A_TOKEN: usize = 64;

/// Whether counts can be those of an answer: no words without tokens, and no more tokens than there can be.
fn believable(usage: &Usage, answer: &str) -> bool {
    if counts(usage).any(|count| count >= NO_COUNT) {
        return false;
    }
    let least = answer.len().div_ceil(BYTES_A_TOKEN) as u64;
    let seconds = usage.audio_seconds.is_some_and(|seconds| seconds > 0);
    let tokens =
        usage.input.is_some_and(|input| input > 0) && usage.output.is_some_and(|output| output >= least);
    seconds || tokens
}

fn counts(usage: &Usage) -> impl Iterator<Item = u64> {
    let counts = [
        usage.input,
        usage.cached,
        usage.cache_write,
        usage.cache_write_long,
        usage.output,
        usage.reasoning,
        usage.audio,
        usage.audio_seconds,
        usage.pages,
        usage.annotated_pages,
        usage.credits,
    ];
    counts.into_iter().flatten()
}
