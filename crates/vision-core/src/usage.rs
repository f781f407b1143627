use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// What a provider says it counted. Every figure may be missing, and missing is not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// All input tokens, cached and cache-written ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<u64>,
    /// Input tokens read from the provider's cache; part of `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached: Option<u64>,
    /// Input tokens written to the provider's cache for minutes; part of `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<u64>,
    /// Input tokens written to the provider's cache for an hour or more; part of `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_long: Option<u64>,
    /// All output tokens, reasoning included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<u64>,
    /// Reasoning tokens; part of `output`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<u64>,
    /// Input tokens that stand for images; part of `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<u64>,
    /// Input tokens that stand for sound; part of `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<u64>,
    /// Input tokens that stand for sound and were read from the provider's cache; part of `audio` and of `cached`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_audio: Option<u64>,
    /// Seconds of sound, where that is what is billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_seconds: Option<u64>,
    /// Pages, where they are billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u64>,
    /// Pages whose fields a model filled in, where these have a price of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotated_pages: Option<u64>,
    /// Credits of the host's own, rounded up, where they are billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits: Option<u64>,
}

impl Usage {
    /// Whether the provider counted anything at all.
    pub fn is_known(&self) -> bool {
        *self != Self::default()
    }

    /// The same without what cannot be: counts that no request has say nothing, and nothing is not zero.
    ///
    /// A part is never more than its whole, a request never without input, and an answer that is there (`answered`) was never without output.
    #[must_use]
    pub fn plausible(self, answered: bool) -> Self {
        let sane = |count: Option<u64>| count.filter(|&count| count <= MOST_TOKENS);
        let some = |count: Option<u64>| sane(count).filter(|&count| count > 0);
        let input = some(self.input);
        let output = if answered { some(self.output) } else { sane(self.output) };
        let part = |count: Option<u64>, whole: Option<u64>| {
            sane(count).filter(|&count| whole.is_none_or(|whole| count <= whole))
        };
        let cache = [self.cached, self.cache_write, self.cache_write_long];
        let sum = cache.into_iter().flatten().fold(0, u64::saturating_add);
        let [cached, cache_write, cache_write_long] = match part(Some(sum), input) {
            Some(_) => cache,
            None => [None; 3],
        };
        Self {
            input,
            cached,
            cache_write,
            cache_write_long,
            output,
            reasoning: part(self.reasoning, output),
            image: part(self.image, input),
            audio: part(self.audio, input),
            cached_audio: part(part(self.cached_audio, self.audio), cached),
            audio_seconds: sane(self.audio_seconds),
            pages: sane(self.pages),
            annotated_pages: sane(self.annotated_pages),
            credits: sane(self.credits),
        }
    }
}

/// A hundred thousand times the largest context there is.
const MOST_TOKENS: u64 = 1 << 40;

/// US dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(pub f64);

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(0.0);

    /// In full, as somebody typed it: `$0.125` and not `$0.13`. For limits, which a rounded amount would seem to exceed.
    pub fn in_full(&self) -> String {
        let rounded = self.to_string();
        let is_exact = rounded.trim_start_matches('$').replace(',', "").parse() == Ok(self.0);
        if is_exact || !self.0.is_finite() { rounded } else { format!("${}", self.0) }
    }

    /// No larger than it is in as many digits as are printed: what is left of a budget.
    pub fn rounded_down(&self) -> Self {
        Self((self.0 * self.steps() + 1e-9).floor() / self.steps())
    }

    /// No smaller than it is in as many digits as are printed: what a request may cost.
    pub fn rounded_up(&self) -> Self {
        Self((self.0 * self.steps() - 1e-9).ceil() / self.steps())
    }

    /// Steps to the dollar in what is printed.
    fn steps(self) -> f64 {
        if self.0.abs() < 0.099_95 { 10_000.0 } else { 100.0 }
    }

    /// Whether it is no money.
    pub fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

/// `$0`, `<$0.0001`, `$0.0042`, `$1.20`, `$12,345.00`; `n/a` where it is no amount.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            none if none.abs() < f64::MIN_POSITIVE => "$0".to_owned(),
            // Nobody has or owes as much: the figure comes from something damaged.
            absurd if absurd.is_nan() || absurd.abs() >= 1e15 => "n/a".to_owned(),
            less if less < 0.0 => format!("−{}", Self(-less)),
            tiny if tiny < 0.000_1 => "<$0.0001".to_owned(),
            small if small < 0.099_95 => {
                let text = format!("${small:.4}");
                // Whole cents need no more than two decimals.
                text.strip_suffix("00").map_or(text.clone(), str::to_owned)
            }
            large => {
                let cents = format!("{large:.2}");
                let (whole, rest) = cents.split_once('.').unwrap_or((&cents, "00"));
                format!("${}.{rest}", grouped(whole))
            }
        };
        f.pad(&text)
    }
}

/// With commas between thousands.
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::{Usage, Usd};

    #[test]
    fn a_count_that_cannot_be_is_unknown() {
        let counted = Usage { input: Some(0), output: Some(0), cached: Some(u64::MAX), ..Usage::default() };
        assert_eq!(counted.plausible(true), Usage::default());
        assert_eq!(counted.plausible(false), Usage { output: Some(0), ..Usage::default() });
        let parts = Usage { cached: Some(60), cache_write: Some(40), reasoning: Some(5), ..Usage::default() };
        let beyond = Usage { input: Some(90), output: Some(4), ..parts };
        let whole = Usage { input: Some(90), output: Some(4), ..Usage::default() };
        assert_eq!(beyond.plausible(true), whole);
        let sane = Usage { input: Some(90), output: Some(4), cached: Some(0), ..Usage::default() };
        assert_eq!(sane.plausible(true), sane);
    }

    #[test]
    fn a_limit_is_printed_in_full_and_what_stands_against_it_never_looks_as_if_it_fitted() {
        let in_full = [5.0, 0.01, 0.0149, 0.125, 1.005, 12_345.5, 0.0].map(|usd| Usd(usd).in_full());
        assert_eq!(in_full, ["$5.00", "$0.01", "$0.0149", "$0.125", "$1.005", "$12,345.50", "$0"]);
        for (left, amount) in [(0.004_96, 0.005_04), (0.1201, 0.1234), (0.000_03, 0.000_04), (1.0, 1.000_1)] {
            let (left, amount) = (Usd(left).rounded_down(), Usd(amount).rounded_up());
            assert!(left < amount && left.to_string() != amount.to_string(), "{left} {amount}");
        }
        assert_eq!(Usd(0.07).rounded_down(), Usd(0.07));
        assert_eq!(Usd(0.07).rounded_up(), Usd(0.07));
    }
}
