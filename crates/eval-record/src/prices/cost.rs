use vision_core::{Estimate, Response, Usage, Usd};

use super::price::Price;
use super::rates::Rates;
use super::sent::Sent;
use super::units::{Amounts, RangeEnd};

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
        let sounds = if self.audio_input_per_mtok.is_some() { usage.audio.unwrap_or(0) } else { 0 };
        // It is counted among both, and billed once.
        let cached_sounds = usage.cached_audio.unwrap_or(0).min(sounds).min(cached);
        let (cached, audio) = (cached - cached_sounds, sounds - cached_sounds);
        let apart = [cached, cached_sounds, short_write, long_write, audio];
        let apart = apart.into_iter().fold(0, u64::saturating_add);
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
            (cached_sounds, rates.cached_audio),
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
    pub fn cost_of(&self, response: &Response, sent: Sent) -> Option<Usd> {
        let both = [self.counted(response, sent), self.reported(response)];
        both.into_iter().flatten().reduce(|one, other| if other > one { other } else { one })
    }

    /// What an answer cost by its counts, if they can be believed.
    pub fn counted(&self, response: &Response, sent: Sent) -> Option<Usd> {
        if self.is_free() {
            return Some(Usd::ZERO);
        }
        if self.at_most {
            return None;
        }
        let usage = self.counts(&response.usage, sent);
        let price = self.served(response.service_tier.as_deref())?;
        self.believes(&usage, &response.text).then(|| price.cost(&usage, sent.pictures))?
    }

    /// Whether counts can be those of the answer: of everything that is billed.
    fn believes(&self, usage: &Usage, answer: &str) -> bool {
        let tokens = self.bills_only_units() || believable(usage, answer);
        tokens && self.units_are_counted(usage) && counts(usage).all(|count| count < NO_COUNT)
    }

    /// What was counted for a request that brought no answer.
    pub fn counted_without_answer(&self, usage: &Usage, sent: Sent) -> Option<Usd> {
        let absurd = counts(usage).any(|count| count >= NO_COUNT);
        self.cost(usage, sent.pictures).filter(|cost| !absurd && (cost.0 > 0.0 || self.is_free()))
    }

    /// What the host says it charged, if it can be a bill. A sum of our own may be nothing.
    pub fn reported(&self, response: &Response) -> Option<Usd> {
        let is_bill = |cost: &Usd| cost.0 > 0.0 || (self.at_most && cost.is_zero());
        response.cost.filter(|cost| is_bill(cost) && cost.0 < NO_BILL)
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
        if let Some(surcharge) = estimate.surcharge {
            let usual = Estimate { surcharge: None, ..*estimate };
            return self.served(Some(surcharge.name()))?.quote(&usual, images, input, output, end);
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
