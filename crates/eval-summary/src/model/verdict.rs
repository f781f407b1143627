use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bounds, Constraints, Prefer, Quantile, Skip};

/// Which candidate is recommended, if any, and why: data that `eval-report` phrases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// What was asked for.
    pub constraints: Constraints,
    /// What can be said.
    pub decision: Decision,
    /// The recommended candidate; set only if the decision is `recommended`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// The best score among the other eligible candidates, beside a winner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<String>,
    /// What to choose if it must be today, where the choice is not settled: the cheapest (or fastest) candidate whose
    /// score as seen is within the tolerance of the best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<String>,
    /// Set if time was to decide and no latency is known: cost decides instead, and the constraints say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub time_unknown: bool,
    /// Whether it speaks of the documents of the run alone, and not of others like them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about_these_alone: bool,
    /// Set if planned trials are missing: the decision may change when they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisional: Option<Provisional>,
    /// The eligible candidates, the best score first.
    pub candidates: Vec<Standing>,
    /// The two candidates between which the choice is open, the one with the better score first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
    /// Who is not eligible, and why.
    pub excluded: Vec<Excluded>,
    /// The cheapest (or fastest) candidate left, if it is neither shown to meet the constraints nor to miss them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_doubt: Option<String>,
    /// What would change the decision. Each was found by applying the same rule to the changed situation.
    pub changes: Vec<WouldChange>,
    /// The confidence of the intervals here, which is corrected for the number of rivals that a candidate has in the report,
    /// excluded ones included.
    pub level: f64,
}

/// What can be said about the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// One candidate is the cheapest of those that are shown to be good enough.
    Recommended,
    /// The data does not say whether the cheapest remaining candidate is good enough.
    NotSettled,
    /// No candidate is eligible.
    NoRecommendation,
}

/// How much of a run the decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provisional {
    /// Trials that are missing, of all candidates.
    pub missing: u64,
    /// Cases of the candidate that answered the fewest; all of them if trials are missing only of candidates without any
    /// answer.
    pub cases: u64,
    /// Cases that were planned for it.
    pub planned: u64,
    /// Whether the budget was used up, rather than the run interrupted.
    pub over_budget: bool,
}

/// An eligible candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// The label.
    pub provider: String,
    /// Its overall score.
    pub score: f64,
    /// The share of cases without any mistake; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fully_right: Option<f64>,
    /// Cost per 1,000 cases; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// Whether that is a lower bound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// Median latency in seconds; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_seconds: Option<f64>,
    /// Answers and their mistakes per 1,000 documents; missing where mistakes have no price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_usd_per_1000: Option<f64>,
    /// Its difference from the best score, paired on shared cases; missing for the best itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_best: Option<PairedGap>,
    /// Another than the best that it is shown to be worse than by more than the tolerance, where it is not shown to be
    /// worse than the best: they may share fewer cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<Behind>,
    /// Constraints that it is neither shown to meet nor to miss.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_doubt: Vec<Objection>,
    /// What is shown.
    pub standing: StandingKind,
    /// Cases it could not be asked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: u64,
}

/// A candidate that another is shown to be worse than.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Behind {
    /// The label of the better one.
    pub provider: String,
    /// The difference from it, paired on shared cases.
    pub gap: PairedGap,
}

/// Why a run does not meet the constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// No candidate is left, and the constraints are why for some.
    ByAll,
    /// The candidate that would be recommended is neither shown to meet them nor to miss them.
    InDoubt,
}

impl Verdict {
    /// Whether the constraints are met, as far as they are decided: `None` where a candidate meets them or none is set.
    #[must_use]
    pub fn unmet(&self) -> Option<Unmet> {
        let by_constraints = |one: &Excluded| one.reasons.iter().all(Objection::is_constraint);
        match self.decision {
            Decision::NoRecommendation if self.excluded.iter().any(by_constraints) => Some(Unmet::ByAll),
            Decision::NotSettled if self.in_doubt.is_some() => Some(Unmet::InDoubt),
            _ => None,
        }
    }

    /// How a candidate stands as people are told: beside a recommended one, who is shown to be worse by however little is
    /// in contention no more.
    #[must_use]
    pub fn standing(&self, provider: &str) -> Option<StandingKind> {
        let candidate = self.candidates.iter().find(|it| it.provider == provider)?;
        let is_worse = |gap: &PairedGap| {
            gap.difference < 0.0 && gap.interval.as_ref().is_some_and(|bounds| bounds.high <= 0.0)
        };
        let is_worse = self.decision == Decision::Recommended
            && candidate.standing == StandingKind::InContention
            && candidate.against_best.as_ref().is_some_and(is_worse);
        Some(if is_worse { StandingKind::Worse } else { candidate.standing })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What is shown about an eligible candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StandingKind {
    /// It is recommended.
    Recommended,
    /// It is not shown to be worse than another by more than the tolerance.
    InContention,
    /// It is shown to be worse than another by more than the tolerance.
    Worse,
}

/// A difference between two candidates: of scores, or of dollars per 1,000 documents that are saved where the total cost
/// decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairedGap {
    /// The difference.
    pub difference: f64,
    /// Where the true one lies; missing if nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Bounds>,
}

/// Two candidates between which the choice is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Open {
    /// The one with the better score.
    pub leader: String,
    /// The other.
    pub rival: String,
    /// The score of the rival minus that of the leader.
    pub gap: PairedGap,
    /// The cheapest (or fastest) of the two.
    pub cheaper: String,
    /// Further cases that would settle it, as a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<Settle>,
}

/// Further cases that would settle the choice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settle {
    /// Enough with a chance of 50 %; missing if that is more than 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases_low: Option<u64>,
    /// Enough with a chance of 90 %, unless the true difference is `too_close`; missing if that is more than 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases_high: Option<u64>,
    /// The cases of the run that are still to be asked, where it speaks of its own documents alone: asking them settles it, so
    /// that no more are needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// A true difference that is less than so far from the tolerance may stay open after `cases_high`: right at the tolerance
    /// no number of cases settles the choice. In the unit of the difference; missing without `cases_high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_close: Option<f64>,
    /// The cost of asking the remaining candidates one further case; missing if a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_case: Option<f64>,
}

/// A candidate that is not eligible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Excluded {
    /// The label.
    pub provider: String,
    /// Why; never empty, the most important first.
    pub reasons: Vec<Objection>,
}

/// Why a candidate is not eligible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum Objection {
    /// Every trial failed.
    NoAnswers {
        /// How many.
        failed: u64,
        /// The most frequent kind of failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
    },
    /// There is no trial that could be scored.
    NoScore {
        /// Cases that it was not asked, or could not be, with the reason of most of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skipped: Option<Skip>,
    },
    /// It has no score for some tasks.
    MissingTasks {
        /// The tasks.
        tasks: Vec<String>,
    },
    /// It is not shown to score higher than a control that never looks at the media.
    NotAboveControl {
        /// The control.
        control: String,
        /// The score of the candidate minus that of the control; missing without shared cases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gap: Option<PairedGap>,
    },
    /// No control was run, and it is not shown to score more than an empty answer would.
    NotAboveBlank,
    /// Its open answers were checked by accepted wordings only, and it was asked nothing else.
    ByWordings,
    /// The total cost decides, and that of this candidate is not known.
    NoTotalCost,
    /// Its score is shown to be too low.
    MinScore {
        /// Its score.
        score: f64,
        /// Where the true one lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interval: Option<Bounds>,
        /// The limit.
        limit: f64,
    },
    /// It is shown to be too slow, or its latency is not known.
    MaxP95 {
        /// Its 95th percentile in seconds, and where the true one lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<Quantile>,
        /// The limit.
        limit: f64,
    },
    /// It costs too much, or its price is not known.
    MaxCost {
        /// Its cost per 1,000 cases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usd: Option<f64>,
        /// Whether that is a lower bound.
        at_least: bool,
        /// The limit.
        limit: f64,
    },
    /// It lacks capabilities.
    Lacks {
        /// Which.
        capabilities: Vec<String>,
    },
}

impl Objection {
    /// Whether it is one of the constraints that the team set.
    #[must_use]
    pub fn is_constraint(&self) -> bool {
        matches!(
            self,
            Self::MinScore { .. } | Self::MaxP95 { .. } | Self::MaxCost { .. } | Self::Lacks { .. }
        )
    }
}

/// A change of the situation that would change the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WouldChange {
    /// What would have to change.
    #[serde(flatten)]
    pub condition: Condition,
    /// Who would be recommended then.
    pub then: String,
}

/// A change of the situation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "if")]
pub enum Condition {
    /// A constraint is dropped.
    Without {
        /// Which.
        constraint: Constraint,
    },
    /// The tolerance is this share of the score.
    Tolerance {
        /// From 0 to 1.
        tolerance: f64,
    },
    /// The other thing decides among candidates within the tolerance.
    Prefer {
        /// Which.
        prefer: Prefer,
    },
    /// A candidate costs more than this per 1,000 cases (documents for the total cost), or takes longer than this many
    /// seconds.
    DearerThan {
        /// Which.
        provider: String,
        /// Dollars or seconds, whichever the constraints prefer.
        than: f64,
    },
    /// A candidate whose price is not known costs less than this (or takes less time).
    CheaperThan {
        /// Which.
        provider: String,
        /// Dollars or seconds, whichever the constraints prefer.
        than: f64,
    },
}

/// One of the constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Constraint {
    /// `min_score`
    MinScore,
    /// `max_p95_seconds`
    MaxP95,
    /// `max_usd_per_1000`
    MaxCost,
    /// `require`
    Require,
}
