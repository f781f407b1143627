use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a reader needs to know before believing the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trust {
    /// What to say on top of a report.
    pub warnings: Vec<Warning>,
    /// Whether all providers got the same pixels.
    pub pixels: Pixels,
    /// Planned trials that are not there.
    pub incomplete: Vec<Incomplete>,
    /// Lines of the record that cannot be read.
    pub damaged: Damaged,
    /// Cases whose label the metric cannot use; they are not scored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unscorable: Vec<Unscorable>,
    /// What was quoted before the run, and what it came to.
    pub quote: Vec<QuoteCheck>,
    /// Where the costs come from.
    pub prices: PriceBasis,
    /// Parameters that a provider's model refuses and that were left out, as `provider: parameter`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped_parameters: Vec<String>,
}

/// Something that a reader must know before the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Warning {
    /// Cases that ask the same about the same media as another case: they add no documents.
    Copies {
        /// How many.
        cases: u64,
    },
    /// Providers did not get the same pixels.
    PixelsDiffer {
        /// Cases that differ.
        different: u64,
        /// Cases that were compared.
        compared: u64,
    },
    /// Planned trials are missing.
    Incomplete {
        /// How many.
        missing: u64,
    },
    /// Lines of the record cannot be read.
    DamagedLines {
        /// How many.
        lines: u64,
    },
    /// A dataset was changed while the run was going on.
    DatasetChanged {
        /// Its name.
        dataset: String,
        /// Media that were sent and are not the files of the dataset; 0 where something else was changed.
        media: u64,
    },
    /// The price of providers changed before the run was resumed; it kept the prices of its plan.
    PriceChanged {
        /// Their labels.
        providers: Vec<String>,
    },
    /// No control was run: candidates are compared with an empty answer instead.
    NoControl,
    /// Trials are not scored, because the metric cannot use their label.
    Unscorable {
        /// The dataset and its task.
        of: String,
        /// How many.
        trials: u64,
        /// What is wrong with the first of the labels.
        reason: String,
    },
    /// A judge said yes to answers that were made up to test it: its scores are not used.
    JudgeCaught {
        /// The dataset and its task.
        of: String,
        /// The judge, with the version of its prompt.
        judge: String,
        /// The tricks that it fell for.
        fell_for: Vec<String>,
    },
    /// People judged too few of the answers that a judge judged.
    JudgeUncalibrated {
        /// The dataset and its task.
        of: String,
        /// The judge, with the version of its prompt.
        judge: String,
        /// Answers that people judged.
        labelled: u64,
        /// As many are needed.
        needed: u64,
        /// Whether its scores are used all the same, because the project allows it.
        allowed: bool,
    },
    /// Overall scores rest on open tasks that are scored by accepted wordings only: they are lower bounds.
    WordingsOnly {
        /// The datasets and their tasks.
        of: Vec<String>,
    },
    /// Scored with another metric than the planned ones.
    OtherMetric {
        /// Its name.
        metric: String,
    },
    /// More than one trial in twenty failed.
    Failures {
        /// The provider.
        provider: String,
        /// Trials that failed and score 0.
        failed: u64,
        /// All its trials.
        trials: u64,
    },
    /// Answers came from the cache and have no latency.
    Cached {
        /// The provider.
        provider: String,
        /// How many.
        answers: u64,
    },
    /// Several models answered for one provider.
    SeveralModels {
        /// The provider.
        provider: String,
        /// Their names.
        models: Vec<String>,
    },
    /// Prices were looked up long before the run.
    OldPrices {
        /// Older than so many days at the time of the run.
        days: i64,
        /// Whose.
        providers: Vec<String>,
    },
    /// Requests cost more than their limits allow.
    Overruns {
        /// The provider.
        provider: String,
        /// How many.
        requests: u64,
        /// The worst, as a multiple of what was allowed.
        worst: f64,
    },
    /// More was spent than the budget allows.
    BudgetExceeded {
        /// The budget, in dollars.
        budget: f64,
        /// What was spent, in dollars.
        spent: f64,
    },
    /// Requests ended without an answer, and their host may have billed them.
    Unsettled {
        /// The provider.
        provider: String,
        /// How many.
        requests: u64,
        /// What may have been billed for them, in dollars.
        usd: f64,
    },
    /// Batches are at their hosts, and their answers are not in the record.
    OpenBatches {
        /// How many.
        batches: u64,
        /// Their requests.
        requests: u64,
        /// What is put aside for them, in dollars.
        usd: f64,
    },
    /// Requests were interrupted and have no recorded outcome.
    Interrupted {
        /// How many.
        requests: u64,
        /// What may have been billed for them, in dollars.
        usd: f64,
    },
}

/// Whether all providers got the same pixels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pixels {
    /// Whether every case was sent with the same bytes to everybody who got its media.
    pub same: bool,
    /// Cases that at least two providers got with media.
    pub compared: u64,
    /// Cases whose media were not the same for all.
    pub different: u64,
    /// The first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<PixelsDiffer>,
    /// Media that were sent.
    pub media: u64,
    /// Media whose bytes were changed on the way.
    pub changed: u64,
    /// What was done, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<MediaStep>,
    /// Media whose name says another type than their bytes.
    pub misnamed: u64,
}

/// A case whose media were not the same for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PixelsDiffer {
    /// The dataset's name.
    pub dataset: String,
    /// The case's id.
    pub case: String,
    /// A provider.
    pub provider: String,
    /// Another that got other bytes.
    pub other: String,
}

/// Something that was done to media.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MediaStep {
    /// What.
    pub step: String,
    /// To how many.
    pub media: u64,
}

/// Planned trials that are not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Incomplete {
    /// The label.
    pub provider: String,
    /// The dataset and its task: `dataset/task`, or the dataset alone if it is named like the task.
    pub of: String,
    /// Trials that were planned.
    pub planned: u64,
    /// Trials that are missing.
    pub missing: u64,
    /// How many of them had no room in the budget.
    pub over_budget: u64,
    /// The first of the cases that they are of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
}

/// Lines of the record that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Damaged {
    /// How many.
    pub lines: u64,
    /// The first of them: file name, line and what is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

/// A case whose label the metric cannot use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unscorable {
    /// The dataset and its task: `dataset/task`, or the dataset alone if it is named like the task.
    pub of: String,
    /// Trials of such cases.
    pub trials: u64,
    /// What is wrong with the first of them.
    pub reason: String,
}

/// What was quoted before the run for one provider, and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuoteCheck {
    /// The label.
    pub provider: String,
    /// Requests that were quoted.
    pub requests: u64,
    /// Attempts that were made, retries included; hits of the cache are none.
    pub attempts: u64,
    /// Input tokens that were quoted; missing where a rule was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Input tokens that were counted.
    pub input_tokens_counted: u64,
    /// Dollars: low, expected and high; missing where a price was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted: Option<[f64; 3]>,
    /// Dollars that were spent, as far as is known; hits of the cache cost nothing.
    pub spent: f64,
    /// Whether some of the spending is not known.
    pub at_least: bool,
    /// What the budget counted: more than was spent where an attempt was lost on the way.
    pub charged: f64,
}

/// Where the costs come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceBasis {
    /// The day of the price book that the figures rest on.
    pub date: String,
    /// Whether that is another book than the one of the run.
    pub repriced: bool,
    /// Providers without a known price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Providers whose price was looked up long before the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outdated: Vec<String>,
    /// Providers whose price had changed when the run was resumed; it kept the prices of its plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}
