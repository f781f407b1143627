//! Absolute bounds: `receipts.field_f1=0.9`, `p95<=10@openai/gpt-5.6-luna`.

use std::fmt;
use std::str::FromStr;

use eval_record::Plan;

use crate::{Row, Scope, Summary, SummaryError, Unit};

/// A bound on one figure.
///
/// `[SCOPE.]FIGURE OP NUMBER[@PROVIDER]`. The scope is `overall` (the default), a dataset, or `dataset/task`. The
/// operator is `>=`, `<=`, or `=`, which means "at least" for figures where more is better and "at most" for the
/// others. Without a provider it holds for everybody but controls.
#[derive(Debug, Clone, PartialEq)]
pub struct Cutoff {
    /// As it was written.
    pub text: String,
    scope: Option<String>,
    figure: String,
    bound: Bound,
    limit: f64,
    provider: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    AtLeast,
    AtMost,
    AsGoodAs,
}

/// Figures that every task has, whether more of them is better, and their unit.
const FIGURES: [(&str, bool, Unit); 15] = [
    ("score", true, Unit::Share),
    ("score_answered", true, Unit::Share),
    ("fully_right", true, Unit::Share),
    ("schema_valid", true, Unit::Share),
    ("repaired", false, Unit::Share),
    ("unreadable", false, Unit::Share),
    ("failures", false, Unit::Share),
    ("flip_rate", false, Unit::Share),
    ("p50", false, Unit::Seconds),
    ("p95", false, Unit::Seconds),
    ("first_token", false, Unit::Seconds),
    ("tokens_per_second", true, Unit::Number),
    ("cost_per_case", false, Unit::Dollars),
    ("cost_per_1000", false, Unit::Dollars),
    ("cost_per_fully_right", false, Unit::Dollars),
];

impl FromStr for Cutoff {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| {
            Err(format!(
                "cutoff `{text}`: {what}; write it like `receipts.field_f1=0.9` or `p95<=10@PROVIDER`"
            ))
        };
        let (rule, provider) = match text.split_once('@') {
            Some((_, "")) => return wrong("there is no provider after `@`"),
            Some((rule, provider)) => (rule, Some(provider.trim().to_owned())),
            None => (text, None),
        };
        let Some(at) = rule.find(['=', '<', '>']) else { return wrong("it has no `=`, `>=` or `<=`") };
        let (figure, rest) = rule.split_at(at);
        let (bound, number) = match (rest.strip_prefix(">="), rest.strip_prefix("<="), rest.strip_prefix('='))
        {
            (Some(number), ..) => (Bound::AtLeast, number),
            (_, Some(number), _) => (Bound::AtMost, number),
            (_, _, Some(number)) => (Bound::AsGoodAs, number),
            _ => return wrong("it needs `=`, `>=` or `<=`"),
        };
        let Some(limit) = number.trim().parse().ok().filter(|limit: &f64| limit.is_finite()) else {
            return wrong(&format!("`{}` is not a number", number.trim()));
        };
        let figure = figure.trim();
        let (scope, figure) = match figure.rsplit_once('.') {
            Some((scope, figure)) => (Some(scope.to_owned()), figure),
            None => (None, figure),
        };
        if figure.is_empty() || scope.as_deref() == Some("") {
            return wrong("it names no figure");
        }
        Ok(Self { text: text.to_owned(), scope, figure: figure.to_owned(), bound, limit, provider })
    }
}

impl fmt::Display for Cutoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A figure that a cutoff is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub scope: Scope,
    pub provider: String,
    /// Missing if it is not known.
    pub value: Option<f64>,
    pub limit: f64,
    pub unit: Unit,
    pub holds: Option<bool>,
}

impl Cutoff {
    /// Every figure that this is about; an error if there is no such scope, figure or provider.
    pub(crate) fn find(&self, summary: &Summary) -> Result<Vec<Found>, SummaryError> {
        let wrong = |what: String| Err(SummaryError::Setting(format!("cutoff `{}`: {what}", self.text)));
        let boards: Vec<_> = std::iter::once(&summary.overall)
            .chain(&summary.boards)
            .filter(|board| self.is_about(&board.scope))
            .collect();
        if boards.is_empty() {
            let known: Vec<&str> = summary.datasets.iter().map(|dataset| dataset.name.as_str()).collect();
            let scope = self.scope.as_deref().unwrap_or_default();
            return wrong(format!(
                "there is no dataset `{scope}` in this run (there are {})",
                known.join(", ")
            ));
        }
        let mut found = Vec::new();
        let mut is_known = false;
        for board in boards {
            let Some(rises) = self.rises(summary, &board.scope) else { continue };
            is_known = true;
            for row in board.rows.iter().filter(|row| self.is_of(row)) {
                found.push(self.hold(summary, &board.scope, row, rises));
            }
        }
        if !is_known {
            let known: Vec<&str> = FIGURES.iter().map(|(name, ..)| *name).collect();
            return wrong(format!(
                "there is no figure `{}`; everywhere there are {}, and each task has those of its metric",
                self.figure,
                known.join(", ")
            ));
        }
        if found.is_empty() {
            let provider = self.provider.as_deref().unwrap_or("any");
            return wrong(format!("there is no provider `{provider}` in this run"));
        }
        Ok(found)
    }

    /// Whether a run of this plan can have what it is about, as far as is known before it: the figures of a metric are not.
    pub fn check(&self, plan: &Plan) -> Result<(), SummaryError> {
        let wrong = |what: String| Err(SummaryError::Setting(format!("cutoff `{}`: {what}", self.text)));
        let is_of_plan = |scope: &str| {
            let mut tasks =
                plan.clean_datasets().flat_map(|it| it.tasks.keys().map(|task| (&it.name, *task)));
            tasks.any(|(dataset, task)| scope == dataset || scope == format!("{dataset}/{task}"))
        };
        match self.scope.as_deref() {
            Some(scope) if scope != "overall" && !is_of_plan(scope) => {
                let known: Vec<&str> = plan.clean_datasets().map(|dataset| dataset.name.as_str()).collect();
                return wrong(format!(
                    "there is no dataset `{scope}` in this run (there are {})",
                    known.join(", ")
                ));
            }
            None | Some("overall") if FIGURES.iter().all(|(name, ..)| *name != self.figure) => {
                let known: Vec<&str> = FIGURES.iter().map(|(name, ..)| *name).collect();
                return wrong(format!(
                    "there is no figure `{}` over all (there are {})",
                    self.figure,
                    known.join(", ")
                ));
            }
            _ => {}
        }
        match &self.provider {
            Some(provider) if plan.providers.iter().all(|it| it.label != *provider) => {
                wrong(format!("there is no provider `{provider}` in this run"))
            }
            _ => Ok(()),
        }
    }

    /// Whether it is about how good answers are, which may be a judge's word.
    pub(crate) fn is_about_answers(&self) -> bool {
        const OTHERS: [&str; 10] = [
            "schema_valid",
            "repaired",
            "unreadable",
            "failures",
            "p50",
            "p95",
            "first_token",
            "tokens_per_second",
            "cost_per_case",
            "cost_per_1000",
        ];
        !OTHERS.contains(&self.figure.as_str())
    }

    /// Whether it is about the score, by either of its names.
    pub(crate) fn is_score(&self, summary: &Summary, scope: &Scope) -> bool {
        let headline = values(summary, scope).and_then(|it| it.first());
        self.figure == "score" || headline.is_some_and(|it| it.name == self.figure)
    }

    fn is_about(&self, scope: &Scope) -> bool {
        match (self.scope.as_deref(), scope) {
            (None | Some("overall"), Scope::Overall) => true,
            (Some(wanted), Scope::Task { dataset, task }) => {
                wanted == dataset || wanted == format!("{dataset}/{task}")
            }
            _ => false,
        }
    }

    fn is_of(&self, row: &Row) -> bool {
        match &self.provider {
            Some(provider) => row.provider == *provider,
            None => !row.control,
        }
    }

    /// Whether more of the figure is better; nothing if there is no such figure.
    fn rises(&self, summary: &Summary, scope: &Scope) -> Option<bool> {
        let everywhere = FIGURES.iter().find(|(name, ..)| *name == self.figure).map(|(_, rises, _)| *rises);
        everywhere.or_else(|| {
            let values = values(summary, scope)?;
            values.iter().find(|value| value.name == self.figure).map(|value| value.better != "lower")
        })
    }

    fn hold(&self, summary: &Summary, scope: &Scope, row: &Row, rises: bool) -> Found {
        let value = self.value(summary, scope, row);
        let at_least = match self.bound {
            Bound::AtLeast => true,
            Bound::AtMost => false,
            Bound::AsGoodAs => rises,
        };
        let is_lower_bound = self.figure.starts_with("cost") && row.cost.at_least;
        let holds = value.and_then(|value| {
            let holds = if at_least { value >= self.limit } else { value <= self.limit };
            // What is only known to be at least so much can break a limit, but not keep it.
            (!is_lower_bound || holds == at_least).then_some(holds)
        });
        let (provider, limit, unit) = (row.provider.clone(), self.limit, self.unit(summary, scope));
        Found { scope: scope.clone(), provider, value, limit, unit, holds }
    }

    fn unit(&self, summary: &Summary, scope: &Scope) -> Unit {
        let everywhere = FIGURES.iter().find(|(name, ..)| *name == self.figure).map(|(_, _, unit)| *unit);
        let is_headline =
            || values(summary, scope).and_then(|it| it.first()).is_some_and(|it| it.name == self.figure);
        everywhere.unwrap_or_else(|| if is_headline() { Unit::Share } else { Unit::Number })
    }

    fn value(&self, summary: &Summary, scope: &Scope, row: &Row) -> Option<f64> {
        let latency = row.latency.as_ref();
        match self.figure.as_str() {
            "score" => row.score.as_ref().map(|score| score.mean),
            "score_answered" => row.score_answered.as_ref().map(|score| score.mean),
            "fully_right" => row.fully_right.as_ref().map(|share| share.mean),
            "schema_valid" => row.answers.schema_valid,
            "repaired" => row.answers.repaired,
            "unreadable" => row.answers.unreadable,
            "failures" => {
                (row.answers.trials > 0).then(|| row.answers.failed as f64 / row.answers.trials as f64)
            }
            "flip_rate" => row.repeats.as_ref().map(|repeats| repeats.flip_rate),
            "p50" => latency.map(|latency| latency.p50.value),
            "p95" => latency.map(|latency| latency.p95.value),
            "first_token" => row.streamed.as_ref().map(|it| it.first_token.value),
            "tokens_per_second" => row.streamed.as_ref()?.tokens_per_second.as_ref().map(|it| it.value),
            "cost_per_case" => row.cost.per_case.as_ref().map(|cost| cost.mean),
            "cost_per_1000" => row.cost.per_1000,
            "cost_per_fully_right" => row.cost.per_fully_right,
            name => {
                let is_headline = values(summary, scope)?.first().is_some_and(|value| value.name == name);
                if is_headline {
                    return row.score.as_ref().map(|score| score.mean);
                }
                row.values.get(name).map(|value| value.all.unwrap_or(value.mean))
            }
        }
    }
}

/// The figures of a task's metric, the headline first.
fn values<'a>(summary: &'a Summary, scope: &Scope) -> Option<&'a [crate::ValueAbout]> {
    let Scope::Task { dataset, task } = scope else { return None };
    let dataset = summary.datasets.iter().find(|one| one.name == *dataset)?;
    dataset.tasks.iter().find(|one| one.task == *task).map(|one| one.values.as_slice())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bound, Cutoff};

    #[track_caller]
    fn check(
        text: &str,
        scope: Option<&str>,
        figure: &str,
        bound: Bound,
        limit: f64,
        provider: Option<&str>,
    ) {
        let cutoff: Cutoff = text.parse().unwrap();
        assert_eq!((cutoff.scope.as_deref(), cutoff.figure.as_str()), (scope, figure));
        assert_eq!((cutoff.bound, cutoff.limit, cutoff.provider.as_deref()), (bound, limit, provider));
    }

    #[test]
    fn reads_scope_figure_bound_and_provider() {
        check("receipts.field_f1=0.9", Some("receipts"), "field_f1", Bound::AsGoodAs, 0.9, None);
        check("a/chart-table.score >= 0.5", Some("a/chart-table"), "score", Bound::AtLeast, 0.5, None);
        check("p95<=10@openai/x:7b", None, "p95", Bound::AtMost, 10.0, Some("openai/x:7b"));
        check("v1.2.score=1", Some("v1.2"), "score", Bound::AsGoodAs, 1.0, None);
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| text.parse::<Cutoff>().unwrap_err();
        assert!(error("score").contains("no `=`"));
        assert!(error("score<1").contains("needs `=`, `>=` or `<=`"));
        assert!(error("score=high").contains("`high` is not a number"));
        assert!(error("score=NaN").contains("`NaN` is not a number"));
        assert!(error("=1").contains("names no figure"));
        assert!(error(".score=1@").contains("no provider"));
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = text.parse::<Cutoff>();
        }
    }
}
