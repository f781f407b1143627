use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Quantile, Scope};

/// A table of providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Board {
    /// What it is about.
    pub scope: Scope,
    /// What the score is.
    pub measure: Measure,
    /// The best score first; those without one last.
    pub rows: Vec<Row>,
}

/// What the score of a board is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Measure {
    /// The headline figure of a metric.
    Figure {
        /// Its name.
        name: String,
        /// What it says, in a few words.
        about: String,
    },
    /// The mean of the scores of several tasks, each with the same weight.
    MeanOfTasks {
        /// How many.
        tasks: u64,
        /// Tasks that no provider supports and that are left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left_out: Vec<String>,
        /// Open tasks that are left out because they are scored by accepted wordings only, so that they decide nothing.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        by_wordings: Vec<String>,
    },
}

/// One provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// The label.
    pub provider: String,
    /// Whether it is a control.
    pub control: bool,
    /// Whether it runs on this machine.
    pub local: bool,
    /// The headline score over all trials; failed ones count 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Estimate>,
    /// The headline score if no answer had been read leniently: the same over the same trials, but only values in the form
    /// that was asked for are right. Missing where people correct the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<f64>,
    /// The headline score over the trials that were answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_answered: Option<Estimate>,
    /// The share of trials with nothing wrong at all; failed ones count 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fully_right: Option<Estimate>,
    /// Tasks that are part of the overall score; 1 on the board of a task.
    pub tasks: u64,
    /// Tasks that it was not or could not be asked, as scopes are printed. Its overall score leaves them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks_missing: Vec<String>,
    /// What became of its trials.
    pub answers: Answers,
    /// Failed trials by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failures: BTreeMap<String, u64>,
    /// What it could not be asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skip>,
    /// The time of an answer. Missing if all came from the cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
    /// How its answers came piece by piece. Missing if none was streamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streamed: Option<Streamed>,
    /// Tokens.
    pub tokens: Tokens,
    /// Money.
    pub cost: Cost,
    /// What its mistakes cost, where they have a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<ExpectedLoss>,
    /// What a person reads instead; missing where nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<Referred>,
    /// How stable the answers are; missing if each case was asked once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeats>,
    /// The figures of the metric; empty overall.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, ValueMean>,
    /// Nobody scores at least as well for less money (controls aside).
    pub pareto_cost: bool,
    /// Nobody scores at least as well in less time (controls aside).
    pub pareto_latency: bool,
}

/// What became of the trials of a provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// Trials that were scored: answered or failed.
    pub trials: u64,
    /// Cases behind them.
    pub cases: u64,
    /// Trials with an answer.
    pub answered: u64,
    /// Trials without one. They score 0.
    pub failed: u64,
    /// Trials that could not be asked. They are not scored.
    pub skipped: u64,
    /// Trials that are planned and not there (yet), those without room in the budget included. They are not scored.
    pub missing: u64,
    /// Trials whose score is undefined, because the case labels nothing that is judged.
    pub undefined: u64,
    /// Answers that came from the cache: scored, but no latency.
    pub cached: u64,
    /// Answers that were cut at a token limit.
    pub cut: u64,
    /// Answers in which the model declined.
    pub refused: u64,
    /// Answers that a filter of the provider cut off or blocked.
    pub filtered: u64,
    /// Answers that are none of those asked for.
    pub malformed: u64,
    /// Answers by how they could be read: `schema_valid`, `schema_invalid`, `valid`, `repaired`, `truncated`,
    /// `unreadable`, `not_needed`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read: BTreeMap<String, u64>,
    /// The share of answers whose JSON needed no repair and fits the schema, as a mean over the tasks with a schema;
    /// missing where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_valid: Option<f64>,
    /// The share of answers whose JSON had to be repaired or was cut, as a mean over tasks; missing where no JSON is
    /// needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repaired: Option<f64>,
    /// The share of answers without JSON where there should be some, as a mean over tasks; missing where no JSON is
    /// needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<f64>,
}

/// What a provider could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skip {
    /// Why.
    pub reason: String,
    /// How many cases, or trials where it showed only when they were asked.
    pub cases: u64,
}

/// The provider's time for an answer in seconds; queues, retries, failures and hits of the cache are not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// Answers behind it.
    pub n: u64,
    /// The mean.
    pub mean: f64,
    /// The median.
    pub p50: Quantile,
    /// 95 % of the answers took no longer.
    pub p95: Quantile,
    /// 0 %, 5 %, 10 %, … 100 %: 21 points for a picture of the distribution.
    pub quantiles: Vec<f64>,
}

/// How answers came piece by piece. Queues, retries, failures and hits of the cache are not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Streamed {
    /// Streamed answers behind it.
    pub n: u64,
    /// The median of the seconds to the first token of any kind, reasoning included.
    pub first_token: Quantile,
    /// 95 % of the first tokens took no longer, in seconds.
    pub first_token_p95: Quantile,
    /// The median of the tokens per second after the first; missing where no provider counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_per_second: Option<Quantile>,
}

/// Tokens of the trials that were counted by the provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tokens {
    /// Input tokens per trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Estimate>,
    /// Output tokens per trial, reasoning included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Estimate>,
    /// The mean of reasoning tokens per trial, where they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<f64>,
    /// The sum of input tokens.
    pub input_total: u64,
    /// The sum of output tokens.
    pub output_total: u64,
    /// Answers whose tokens were not counted.
    pub uncounted: u64,
}

/// What the trials cost, in dollars, as if nothing had come from our cache.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// The sum of what is known, for answers.
    pub total: f64,
    /// Answers whose cost is not known. If there are any, every figure here is a lower bound: print "≥".
    pub unknown: u64,
    /// Whether the figures are lower bounds.
    pub at_least: bool,
    /// The mean of a trial, with the people who read cases instead; overall, the mean over tasks of that. Missing if nothing
    /// is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_case: Option<Estimate>,
    /// A thousand cases, each asked once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_1000: Option<f64>,
    /// What one fully right case costs: the mean of a trial ÷ the share that is fully right. Missing if none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_fully_right: Option<f64>,
}

/// What the mistakes of a provider cost, in dollars per 1,000 source documents, each of their cases asked once.
///
/// Overall it is the mean over tasks of that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExpectedLoss {
    /// Mistakes alone.
    pub mistakes: Estimate,
    /// Mistakes, answers and people; missing where the price of an answer or of a person is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Estimate>,
}

/// Cases of a cascade that a person reads. A person's answers are not in the record: they count as right as often as was
/// said of the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Referred {
    /// Their trials.
    pub trials: u64,
    /// Their share of all trials.
    pub share: Estimate,
    /// What people cost, in dollars per 1,000 cases; missing if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
}

/// How stable the answers of a provider are, over the cases that were asked more than once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Repeats {
    /// Cases behind it.
    pub cases: u64,
    /// How often each was asked; the k of `pass_at_k` and `pass_hat_k`.
    pub k: u64,
    /// The share of cases whose repeats do not all get the same score.
    pub flip_rate: f64,
    /// The chance that at least one of k answers is fully right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_at_k: Option<f64>,
    /// The chance that all of k answers are fully right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_hat_k: Option<f64>,
    /// Standard deviation of the score between repeats of a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<f64>,
}

/// A figure of the metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ValueMean {
    /// The mean over the answers for which it is defined.
    pub mean: f64,
    /// How many these are.
    pub n: u64,
    /// The mean with failed trials as 0. Missing where less is better or neither is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<f64>,
}

/// A model that answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Served {
    /// In the provider's words.
    pub model: String,
    /// The provider's mark of the system behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// How many answers.
    pub answers: u64,
}
