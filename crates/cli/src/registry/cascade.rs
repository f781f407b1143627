//! Cascades: providers around providers, as `cascade --export` writes them.

use std::sync::Arc;

use eval::{Built, Chained, ProviderConfig, Registry, SetupError, Stage};
use eval_decide::chain::{Accept, ChainModel, ChainRule, Said};
use eval_record::Price;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::{Output, Person, Provider, ProviderId, Request, Response};
use vision_layers::{Answer, Cascade, Trust};

use super::{Providers, wrong};

/// The name of the kind.
pub const KIND: &str = "cascade";

/// The settings of a cascade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The fields that matter; empty for the whole answer.
    #[serde(default)]
    pub on: Vec<String>,
    /// The metric of the task, which compares values.
    pub metric: String,
    /// Its settings, as JSON.
    pub metric_settings: String,
    /// Whether a person reads what no answer is taken for: in files of older versions, which say no more of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends_with_person: bool,
    /// The person who reads what no answer is taken for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// Who is asked, in this order.
    pub stages: Vec<StageSettings>,
    /// What it is expected to give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Promised>,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageSettings {
    /// When its answer is taken; always if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Accept>,
    /// What a learned signal was learned to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ChainModel>,
    /// What it costs, as JSON: an entry of a price book. Unknown if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// As in `[[provider]]`.
    pub provider: ProviderConfig,
}

/// What a chain may be expected to give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promised {
    /// The run that it was chosen from.
    pub run: String,
    /// Cases behind it.
    pub cases: u64,
    /// The share of right answers.
    pub accuracy: f64,
    /// Its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_interval: Option<[f64; 2]>,
    /// Dollars per 1,000 cases for answers.
    pub usd_per_1000: f64,
    /// The share of cases that go to a person.
    pub referred: f64,
    /// Its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred_interval: Option<[f64; 2]>,
    /// The share of them that a person gets wrong: in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_error: Option<f64>,
}

impl Settings {
    /// The person at the end, with what is known of it.
    pub fn person(&self) -> Option<Person> {
        let error = self.promised.as_ref().and_then(|promised| promised.person_error);
        self.person.or_else(|| self.ends_with_person.then_some(Person { usd: None, error }))
    }
}

/// Builds a cascade with its candidates, each without layers.
pub(super) fn build(providers: &Providers<'_>, config: &ProviderConfig) -> Result<Built, SetupError> {
    let settings: Settings = toml::Value::Table(config.settings.clone())
        .try_into()
        .map_err(|error: toml::de::Error| wrong(config, format!("settings: {}", error.message())))?;
    if settings.stages.is_empty() {
        return Err(wrong(config, "settings.stages: a cascade needs a candidate"));
    }
    if providers.is_strange && !providers.is_trusted(config) {
        let message = "the record brings a cascade with prices of its own, which eval.toml does not name: add this \
                       provider there if you trust it";
        return Err(wrong(config, message));
    }
    let mut stages = Vec::new();
    for stage in &settings.stages {
        if stage.provider.kind == KIND {
            return Err(wrong(config, "settings.stages: a cascade cannot hold another one"));
        }
        let built = providers.build(&stage.provider)?;
        let price = match &stage.price {
            Some(text) => Some(serde_json::from_str(text).map_err(|error| {
                wrong(config, format!("settings.stages: the price of {}: {error}", stage.provider.label()))
            })?),
            None if built.local => Some(Price::free(&stage.provider.kind, &stage.provider.model)),
            None => stage.provider.price.as_ref().map(|price| price.entry(&stage.provider)),
        };
        let (label, limits) = (stage.provider.label(), stage.provider.limits.clone());
        stages.push(Stage { label, price, limits, built });
    }
    let trust: Arc<dyn Trust> = Arc::new(Rule::new(config, &settings)?);
    let bare: Vec<Provider> = stages.iter().map(|stage| stage.built.provider.clone()).collect();
    let name = |(place, stage): (usize, &Stage)| match trust.asks_again(place) {
        true => format!("{} (asked twice)", stage.label),
        false => stage.label.clone(),
    };
    let names: Vec<String> = stages.iter().enumerate().map(name).collect();
    let person = if settings.person().is_some() { " → a person" } else { "" };
    Ok(Built {
        batching: None,
        provider: Arc::new(Cascade::new(ProviderId::new(KIND, &config.model), bare, trust.clone())),
        host: KIND.to_owned(),
        base_url: None,
        concurrency: stages.iter().map(|stage| stage.built.concurrency).min().unwrap_or(1),
        local: stages.iter().all(|stage| stage.built.local),
        about: format!("{}{person}", names.join(" → ")),
        cascade: Some(Chained { stages, trust }),
    })
}

/// The rule that was exported.
#[derive(Debug)]
struct Rule {
    rule: ChainRule,
    person: Option<Person>,
}

impl Rule {
    fn new(config: &ProviderConfig, settings: &Settings) -> Result<Self, SetupError> {
        let metric_settings: Value = serde_json::from_str(&settings.metric_settings)
            .map_err(|error| wrong(config, format!("settings.metric_settings: {error}")))?;
        let rule = ChainRule {
            on: settings.on.clone(),
            metric: settings.metric.clone(),
            settings: metric_settings,
            accept: settings.stages.iter().map(|stage| stage.accept).collect(),
            models: settings.stages.iter().map(|stage| stage.model.clone()).collect(),
        };
        Ok(Self { rule, person: settings.person() })
    }
}

impl Trust for Rule {
    fn takes(&self, request: &Request, answers: &[Option<Answer>]) -> bool {
        let schema = match &request.output {
            Output::Schema(schema) => Some(schema.schema.as_ref()),
            Output::Text | Output::Json => None,
        };
        let answers: Vec<Option<Said<'_>>> = answers.iter().map(|answer| answer.as_ref().map(said)).collect();
        self.rule.takes(&answers, schema)
    }

    fn asks_again(&self, place: usize) -> bool {
        self.rule.asks_again(place)
    }

    fn person(&self) -> Option<Person> {
        self.person
    }

    fn wants_token_probabilities(&self) -> bool {
        self.rule.wants_token_probabilities()
    }
}

fn said(answer: &Answer) -> Said<'_> {
    let Response { text, evidence, token_probabilities, .. } = &answer.response;
    let again = answer.again.as_ref().map(|second| second.text.as_str());
    Said { text, evidence, tokens: token_probabilities.as_ref(), again }
}
