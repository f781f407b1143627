//! What every report renders from: plain data, in the order in which a report says it.

mod board;
mod constraints;
mod degraded;
mod differences;
mod doubt;
mod drift;
mod failings;
mod figures;
mod gate;
mod history;
mod judging;
mod promise;
mod run;
mod stopped;
mod trade_off;
mod tried;
mod trust;
mod verdict;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use board::{
    Answers, Board, Cost, ExpectedLoss, Latency, Measure, Referred, Repeats, Row, Served, Skip, Streamed,
    Tokens, ValueMean,
};
pub use constraints::{Constraints, Prefer};
pub use degraded::{Degraded, DegradedLoss};
pub use differences::{
    Against, CandidateChange, CandidateFigures, CaseChange, Change, Difference, Differences, FieldChange,
    Opinion, Paired, RunComparison, Side, Unmatched,
};
pub use doubt::Doubt;
pub use drift::{CanaryCheck, Cause, Drift, DriftPart, Parity};
pub use failings::{CaseScores, Confusion, Failings, FieldCounts, TagScore};
pub use figures::{Bounds, Estimate, Quantile, Scope};
pub use gate::{
    Broke, Check, CheckReason, GateExplanation, GateReport, GateSight, GateVerdict, Loss, NeededCases, Unit,
};
pub use history::{History, HistoryLine};
pub use judging::{
    Agreement, CheckAgreement, Favor, JudgeStanding, JudgedCandidate, JudgedTask, Judging, OtherJudge,
    Preference, PreferredCandidate, Uncalibrated,
};
pub use promise::{Kept, PromiseCheck};
pub use run::{DatasetInfo, ProviderInfo, RunInfo, TaskInfo, ValueAbout};
pub use stopped::{AnytimeGap, LookInfo, Stopped};
pub use trade_off::TradeOff;
pub use tried::{Effect, EffectOn, Tried, TriedModel, TriedPrompt, Way};
pub use trust::{
    Damaged, Incomplete, MediaStep, Pixels, PixelsDiffer, PriceBasis, QuoteCheck, Trust, Unscorable, Warning,
};
pub use verdict::{
    Behind, Condition, Constraint, Decision, Excluded, Objection, Open, PairedGap, Provisional, Settle,
    Standing, StandingKind, Unmet, Verdict, WouldChange,
};

/// The version of the summary's form.
pub const SUMMARY_VERSION: u32 = 3;

/// Everything a report says about one run.
///
/// Shares and scores are from 0 to 1, times in seconds, money in US dollars. Nothing is rounded; what is undefined or
/// not known is missing, never 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The version of this form.
    pub v: u32,
    /// The version of the scoring: figures of different versions are not comparable.
    pub scorer: String,
    /// What was run.
    pub run: RunInfo,
    /// Who was asked, in the order of the plan.
    pub providers: Vec<ProviderInfo>,
    /// What was asked, in the order of the plan.
    pub datasets: Vec<DatasetInfo>,
    /// 1. Whom to take.
    pub verdict: Verdict,
    /// 2. All tasks together: every task has the same weight, however many cases it has.
    pub overall: Board,
    /// 2. Every dataset × task, in the order of the plan.
    pub boards: Vec<Board>,
    /// 1. How the run ended, if it was to end when it is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// 2. What each setting buys, where several ways of asking were tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<Tried>,
    /// 2. What worse pictures cost, where they were asked about, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
    /// 2. What judges and people say of open answers, where they were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judging: Option<Judging>,
    /// 3. Pairs of providers, overall first, then every dataset × task.
    pub differences: Vec<Differences>,
    /// 3. This run against a baseline, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_baseline: Option<Against>,
    /// 4. Where they fail, for every dataset × task.
    pub failings: Vec<Failings>,
    /// 5. Whether this can be trusted.
    pub trust: Trust,
}

impl Summary {
    /// The JSON Schema of a summary.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// The board of one dataset × task.
    #[must_use]
    pub fn board(&self, scope: &Scope) -> Option<&Board> {
        self.boards.iter().find(|board| board.scope == *scope)
    }

    /// Whether a board is of an open task that is left out of the overall score, as accepted wordings alone score it.
    #[must_use]
    pub fn is_by_wordings(&self, board: &Board) -> bool {
        match &self.overall.measure {
            Measure::MeanOfTasks { by_wordings, .. } => by_wordings.contains(&board.scope.to_string()),
            Measure::Figure { .. } => false,
        }
    }

    /// The overall board and those of open tasks that it leaves out: together they have each trial once.
    pub fn whole(&self) -> impl Iterator<Item = &Board> {
        let open = self.boards.iter().filter(|board| self.is_by_wordings(board));
        std::iter::once(&self.overall).chain(open)
    }

    /// The trials that are recorded of tasks that somebody supports.
    #[must_use]
    pub fn recorded_trials(&self) -> u64 {
        self.whole().flat_map(|board| &board.rows).map(|row| row.answers.trials).sum()
    }
}
