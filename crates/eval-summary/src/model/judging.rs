use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bounds, Estimate, Scope};

/// What judges and people say of open answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judging {
    /// Every open task of which an answer was judged.
    pub tasks: Vec<JudgedTask>,
}

/// What the word of a judge counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JudgeStanding {
    /// People judged enough of the same answers: scores are the judge's, corrected by people's.
    Calibrated,
    /// They did not, and the project allows it all the same: scores are the judge's as they are.
    Allowed,
    /// They did not: scores are rule-based.
    Uncalibrated,
    /// It said yes to answers that were made up to test it: scores are rule-based.
    Caught,
}

impl JudgeStanding {
    /// Whether the judge's scores count.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Calibrated | Self::Allowed)
    }
}

/// One open task of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedTask {
    /// Which.
    pub scope: Scope,
    /// The judge, with the version of its prompt; missing where only people judged, whose word then corrects the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<String>,
    /// What its word counts.
    pub standing: JudgeStanding,
    /// Different answers that it judged.
    pub answers: u64,
    /// Trials with an answer that it did not judge: the rule stands in for it.
    pub unjudged: u64,
    /// Replies of it that could not be read.
    pub unreadable: u64,
    /// Checks that it called met with a quotation that is not in the answer: they count as not met.
    pub misquoted: u64,
    /// Answers to media that it did not see, because it does not take them.
    pub without_media: u64,
    /// What its replies cost, in dollars; missing where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// Answers that were made up to test it.
    pub canaries: u64,
    /// The tricks that it fell for: `asks`, `escapes`, `empty`, `denies`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fell_for: Vec<String>,
    /// People who judged.
    pub people: u64,
    /// Different answers that both people and judge judged.
    pub labelled: u64,
    /// As many are needed before the judge decides.
    pub needed: u64,
    /// By candidate, in the order of the plan.
    pub candidates: Vec<JudgedCandidate>,
    /// Agreement by kind of check.
    pub checks: Vec<CheckAgreement>,
    /// Whether the judge favors candidates of its own kind, where there are others to compare them with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Favor>,
    /// Which candidates' answers the judge prefers, if it was asked about two at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preference: Option<Preference>,
    /// Other judges of the same answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherJudge>,
}

/// One candidate before judge and people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedCandidate {
    /// The label.
    pub provider: String,
    /// Trials that are scored.
    pub trials: u64,
    /// The mean score by the accepted wordings.
    pub rule: f64,
    /// The mean score by the judge as it is; where it has not judged, by the rule. Missing without a judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<f64>,
    /// The judge's score corrected by people's; missing where people judged too few of its answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Estimate>,
    /// Its trials that people judged.
    pub labelled: u64,
    /// The judge's score less people's, on the answers that both judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<f64>,
    /// Agreement on single checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Further answers that people have to judge for an interval of half the width; missing if all would not do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels_to_halve: Option<u64>,
    /// Whether the judge is a model of the same kind of provider.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_family: bool,
}

/// How a judge agrees with people on checks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// Checks that both judged.
    pub n: u64,
    /// Checks on which they say the same.
    pub agreed: u64,
    /// Checks that both call met.
    pub both_met: u64,
    /// Checks that only the judge calls met.
    pub judge_only: u64,
    /// Checks that only people call met.
    pub people_only: u64,
    /// Cohen's kappa: agreement beyond chance; missing where there is no chance of disagreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,
}

/// Agreement on one kind of check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckAgreement {
    /// `must`, `must_not`, or a criterion of the dataset.
    pub check: String,
    /// How judge and people agree.
    pub agreement: Agreement,
}

/// By how much a judge is kinder to candidates of its own kind than to others, measured on what people say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Favor {
    /// The judge's excess over people on its own kind, less that on the others, in shares of the score.
    pub difference: Estimate,
    /// Whether the interval leaves no doubt that it favors its own.
    pub shown: bool,
}

/// What a judge says of answers beside each other. People have not corrected it, so that it decides nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Preference {
    /// The judge, with the version of this prompt.
    pub judge: String,
    /// Pairs of different answers that it judged in both orders.
    pub pairs: u64,
    /// Pairs of equal answers: ties that it was not asked about.
    pub same: u64,
    /// Pairs of which a verdict is missing or could not be read.
    pub unread: u64,
    /// Pairs on which it said the same in both orders; the others count as ties.
    pub consistent: u64,
    /// Pairs of which it always preferred the first.
    pub always_first: u64,
    /// Pairs of which it always preferred the second.
    pub always_second: u64,
    /// What its replies cost, in dollars; missing where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// What the order does: ½ if the first always wins, −½ if the second does, 0 if it does nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_effect: Option<f64>,
    /// The p of "the order does nothing", an exact sign test on pairs with unlike verdicts.
    pub order_p: f64,
    /// By candidate, the most preferred first.
    pub candidates: Vec<PreferredCandidate>,
    /// The candidate that is preferred to every other beyond chance, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<String>,
}

/// How one candidate stands beside the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreferredCandidate {
    /// The label.
    pub provider: String,
    /// Pairs that it was in.
    pub pairs: u64,
    /// The share that it won; ties count half.
    pub won: f64,
    /// Its strength (Bradley–Terry) in log odds; all add up to 0.
    pub strength: f64,
    /// Where that probably lies; missing with fewer than two documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Bounds>,
}

/// Another judge of the same answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherJudge {
    /// The judge, with the version of its prompt.
    pub judge: String,
    /// Different answers that it judged.
    pub answers: u64,
    /// Checks that both judges judged, and on which they agree.
    pub agreement: Agreement,
    /// Whether it fell for an answer that was made up to test it.
    pub caught: bool,
}

/// A judge that may not decide anything between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Uncalibrated {
    /// The run or baseline that it judged.
    pub run: String,
    /// The judge, with the version of its prompt.
    pub judge: String,
    /// Whether it fell for an answer that was made up to test it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub caught: bool,
    /// Different answers of that run that people judged, too.
    pub labelled: u64,
    /// As many are needed.
    pub needed: u64,
}
