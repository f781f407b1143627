use super::price::{Price, Tier};

/// What a million tokens of each kind cost in a request of one length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    pub input: f64,
    pub cached: f64,
    pub short_write: f64,
    pub long_write: f64,
    pub audio: f64,
    pub cached_audio: f64,
    pub output: f64,
    pub reasoning: f64,
}

impl Price {
    /// The rates of a request with so many input tokens.
    ///
    /// A long request is dearer in all its parts: a part that its tier does not name rises as the whole does, so that
    /// nothing is charged too low.
    pub(super) fn rates(&self, tokens: u64) -> Option<Rates> {
        let unnamed = Tier::default();
        let tier = self.tier(tokens).unwrap_or(&unnamed);
        let (base_input, base_output) = (self.input_per_mtok, self.output_per_mtok);
        let input = tier.input_per_mtok.or(base_input)?;
        let output = tier.output_per_mtok.or(base_output)?;
        let raised = |price: Option<f64>| Some(price? * rise(base_input, input));
        let short_write = tier.cache_write_per_mtok.or(raised(self.cache_write_per_mtok));
        let long_write = tier.cache_write_long_per_mtok.or(raised(self.cache_write_long_per_mtok));
        let audio = raised(self.audio_input_per_mtok).unwrap_or(input);
        let reasoning = self.reasoning_output_per_mtok.map(|price| price * rise(base_output, output));
        Some(Rates {
            input,
            cached: tier.cached_input_per_mtok.or(raised(self.cached_input_per_mtok)).unwrap_or(input),
            short_write: short_write.unwrap_or(input),
            long_write: long_write.or(short_write).unwrap_or(input),
            audio,
            cached_audio: raised(self.cached_audio_per_mtok).unwrap_or(audio),
            output,
            reasoning: reasoning.unwrap_or(output),
        })
    }

    fn tier(&self, input: u64) -> Option<&Tier> {
        self.tiers
            .iter()
            .filter(|tier| input > tier.above_input_tokens)
            .max_by_key(|tier| tier.above_input_tokens)
    }
}

impl Rates {
    /// The most that a token of the input can cost: a host may write the whole input to its cache, which costs more
    /// than reading it.
    pub fn dearest_input(&self) -> f64 {
        [self.audio, self.short_write, self.long_write].into_iter().fold(self.input, f64::max)
    }
}

fn rise(base: Option<f64>, raised: f64) -> f64 {
    base.filter(|base| *base > 0.0).map_or(1.0, |base| (raised / base).max(1.0))
}
