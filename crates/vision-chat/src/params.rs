use serde::Serialize;
use vision_core::{Detail, Effort, Modality, Request};

use crate::host::{Host, SeedField, Temperature, TokenCap};

/// The parameters a model takes, and the names of those that were asked for and left out.
///
/// Public because other doors of the same vendor follow the same rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Params {
    /// The bound of the answer under its old name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// The bound of the answer under its new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_completion_tokens: Option<u32>,
    /// The temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// The seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The seed under the name one vendor gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_seed: Option<u64>,
    /// Whether the model shall say how sure it is of its tokens.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub logprobs: bool,
    /// The reasoning effort.
    #[serde(skip_serializing_if = "Option::is_none", rename = "reasoning_effort")]
    pub effort: Option<Effort>,
    /// The detail of every image.
    #[serde(skip)]
    pub detail: Option<Detail>,
    /// What was left out.
    #[serde(skip)]
    pub dropped: Vec<&'static str>,
}

impl Params {
    /// What `host` takes of `request`.
    pub fn new(host: &Host, request: &Request) -> Self {
        let mut params = Self::default();
        let cap = Some(request.max_output_tokens.get());
        if matches!(host.cap, TokenCap::MaxTokens | TokenCap::Both) {
            params.max_tokens = cap;
        }
        if matches!(host.cap, TokenCap::MaxCompletionTokens | TokenCap::Both) {
            params.max_completion_tokens = cap;
        }
        let dropped = &mut params.dropped;
        params.temperature = keep("temperature", request.temperature, |at| takes(host, request, at), dropped);
        let seed = keep("seed", request.seed, |seed| takes_seed(host, seed), dropped);
        match host.seed.map(|seed| seed.field) {
            Some(SeedField::RandomSeed) => params.random_seed = seed,
            Some(SeedField::Seed) | None => params.seed = seed,
        }
        // A model that samples by rules of its own says nothing of its tokens either.
        let taken = |wanted: bool| wanted && host.logprobs && takes(host, request, 0.0);
        let wanted = request.token_probabilities.then_some(true);
        params.logprobs = keep("token_probabilities", wanted, taken, dropped).is_some();
        params.effort = keep("effort", request.effort, |effort| host.efforts.contains(&effort), dropped);
        let has = |modality| request.media_of(modality).next().is_some();
        let detail = request.detail.filter(|_| has(Modality::Image) || has(Modality::Pdf));
        // Of a document this dialect says nothing.
        let taken = |detail| has(Modality::Image) && host.details.contains(&detail);
        params.detail = keep("detail", detail, taken, dropped);
        params
    }
}

/// The value if it is taken; otherwise its name joins those that were left out.
fn keep<T: Copy>(
    name: &'static str,
    value: Option<T>,
    taken: impl Fn(T) -> bool,
    dropped: &mut Vec<&'static str>,
) -> Option<T> {
    let kept = value.filter(|&value| taken(value));
    if value.is_some() && kept.is_none() {
        dropped.push(name);
    }
    kept
}

fn takes(host: &Host, request: &Request, temperature: f32) -> bool {
    match host.temperature {
        Temperature::Never => false,
        Temperature::UpTo(most) => temperature <= most,
        Temperature::WithoutReasoning(most) => {
            // An effort the model does not take is left out, and then the default holds.
            let asked = request.effort.filter(|effort| host.efforts.contains(effort));
            temperature <= most && asked.or(host.default_effort) == Some(Effort::None)
        }
    }
}

fn takes_seed(host: &Host, seed: u64) -> bool {
    // Servers read it as a signed number.
    host.seed.is_some_and(|rule| seed >= rule.least) && i64::try_from(seed).is_ok()
}
