//! What mistakes cost.

use std::collections::BTreeMap;

use eval_metrics::task::{Finding, Scored as Judgement, TaskMetric};
use eval_metrics::value::{Verdict, money};
use eval_record::Plan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AnswerView, SummaryError, TrialStatus};

/// Dollars for mistakes, by field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LossTable {
    /// By field (`total`, `items.price`, `items`, or `*` for every other one).
    pub fields: BTreeMap<String, FieldLoss>,
    /// For a trial without an answer; without it, every labelled value is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<f64>,
    /// From how many seconds on an answer is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_after_seconds: Option<f64>,
    /// A minute of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_minute: Option<f64>,
    /// Fields of tasks beside those of a record, which may have prices, too; nothing where not all are known, so that any
    /// field may have one.
    #[serde(skip)]
    pub elsewhere: Option<Vec<String>>,
}

/// Dollars for mistakes in one field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FieldLoss {
    /// Another value than the right one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Price>,
    /// No value where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Price>,
    /// A value where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invented: Option<Price>,
    /// A value of an answer that came late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Price>,
}

/// What one mistake costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Price {
    /// As many dollars each time.
    Fixed(f64),
    /// More for an amount that is further off.
    Scaled(ScaledPrice),
}

/// What a mistake in an amount costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaledPrice {
    /// Dollars each time.
    #[serde(default)]
    pub usd: f64,
    /// Dollars for each unit of the amount that it is off.
    pub per_unit: f64,
    /// The most it can cost.
    pub most: f64,
}

impl Price {
    fn of(self, expected: f64, got: f64) -> f64 {
        match self {
            Self::Fixed(usd) => usd,
            Self::Scaled(it) => (it.usd + it.per_unit * (got - expected).abs()).min(it.most),
        }
    }

    fn most(self) -> f64 {
        match self {
            Self::Fixed(usd) => usd,
            Self::Scaled(it) => it.most,
        }
    }

    fn is_amount(self) -> bool {
        let amounts = match self {
            Self::Fixed(usd) => [usd, 0.0, 0.0],
            Self::Scaled(it) => [it.usd, it.per_unit, it.most],
        };
        amounts.iter().all(|it| *it >= 0.0 && it.is_finite())
    }
}

/// The mistakes that have a price.
const KINDS: [&str; 4] = ["wrong", "missing", "invented", "late"];
/// What has a price without a field.
const OTHERS: [&str; 3] = ["failed", "late_after_seconds", "person_minute"];

impl LossTable {
    /// Reads a table as it stands in a configuration: `total.wrong = 25`, `"*.missing" = 1`, `failed = 2`.
    ///
    /// # Errors
    /// Says which key is wrong, and how.
    pub fn parse(table: &Value) -> Result<Self, String> {
        let mut found = Self::default();
        for (key, value) in table.as_object().into_iter().flatten() {
            found.take(key, value)?;
        }
        found.check().map_err(|place| match place.as_str() {
            "late_after_seconds" => "`late_after_seconds` says from when on an answer is late".to_owned(),
            _ => format!("`{place}` is not an amount of dollars"),
        })?;
        Ok(found)
    }

    fn take(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let amount = || value.as_f64().ok_or_else(|| format!("`{key}` is not a number"));
        match key {
            "failed" => self.failed = Some(amount()?),
            "late_after_seconds" => self.late_after_seconds = Some(amount()?),
            "person_minute" => self.person_minute = Some(amount()?),
            _ => match key.rsplit_once('.').filter(|(_, kind)| KINDS.contains(kind)) {
                Some((field, kind)) => self.set(field, kind, value).map_err(|it| format!("`{key}`: {it}"))?,
                None => {
                    let Some(inner) = value.as_object() else {
                        return Err(format!(
                            "`{key}` names no mistake: write FIELD.{} or one of {}",
                            KINDS.join(", FIELD."),
                            OTHERS.join(", ")
                        ));
                    };
                    for (name, value) in inner {
                        self.take(&format!("{key}.{name}"), value)?;
                    }
                }
            },
        }
        Ok(())
    }

    fn set(&mut self, field: &str, kind: &str, value: &Value) -> Result<(), String> {
        let price = Price::deserialize(value)
            .map_err(|_| "neither a number nor { usd, per_unit, most }".to_owned())?;
        let loss = self.fields.entry(field.to_owned()).or_default();
        let place = match kind {
            "wrong" => &mut loss.wrong,
            "missing" => &mut loss.missing,
            "invented" => &mut loss.invented,
            _ => &mut loss.late,
        };
        *place = Some(price);
        Ok(())
    }

    /// Refuses a price for a field that no task has: its mistakes would cost nothing.
    ///
    /// # Errors
    /// Names the field and those there are.
    pub fn check_fields(&self, plan: &Plan) -> Result<(), SummaryError> {
        let Some(mut known) = self.elsewhere.clone() else { return Ok(()) };
        for planned in plan.datasets.iter().flat_map(|dataset| dataset.tasks.values()) {
            let schema = planned.schema.as_ref();
            let metric =
                TaskMetric::from_settings(&planned.metric, &planned.settings, &planned.critical, schema);
            let Ok(metric) = metric else { continue };
            let Some(fields) = metric.finding_fields() else { return Ok(()) };
            known.extend(fields);
        }
        known.sort_unstable();
        known.dedup();
        let is_above = |field: &String, name: &str| {
            field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_known = |name: &&String| {
            ["*", "answer"].contains(&name.as_str()) || known.iter().any(|field| is_above(field, name))
        };
        match self.fields.keys().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(field) => Err(SummaryError::LossField { field: field.clone(), known }),
        }
    }

    /// Whether nothing costs anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.failed.is_none()
    }

    /// Whether every figure is an amount of dollars; else where it is not.
    fn check(&self) -> Result<(), String> {
        for (field, loss) in &self.fields {
            let prices = [
                ("wrong", loss.wrong),
                ("missing", loss.missing),
                ("invented", loss.invented),
                ("late", loss.late),
            ];
            if let Some((name, _)) = prices.iter().find(|(_, price)| price.is_some_and(|it| !it.is_amount()))
            {
                return Err(format!("{field}.{name}"));
            }
            if loss.late.is_some() && self.late_after_seconds.is_none() {
                return Err("late_after_seconds".to_owned());
            }
        }
        let others = [
            ("failed", self.failed),
            ("late_after_seconds", self.late_after_seconds),
            ("person_minute", self.person_minute),
        ];
        let wrong = others.iter().find(|(_, it)| it.is_some_and(|it| !(it >= 0.0 && it.is_finite())));
        wrong.map_or(Ok(()), |(name, _)| Err((*name).to_owned()))
    }

    /// What the mistakes of an answer cost; those of a failed trial if there is none.
    pub(crate) fn of(&self, judgement: &Judgement, answered: bool, seconds: Option<f64>) -> f64 {
        let findings: Vec<&Finding> = judgement.explanation.iter().collect();
        self.of_findings(&findings, judgement.headline, answered, seconds)
    }

    /// What the mistakes of an answer in some of its fields cost, in dollars. That it came late is no mistake.
    ///
    /// A failed trial has no findings: without a price of its own it costs nothing here.
    #[must_use]
    pub fn of_mistakes(&self, answer: &AnswerView, counts: impl Fn(&str) -> bool) -> f64 {
        let answered = answer.status == TrialStatus::Answered;
        let findings: Vec<&Finding> = answer.findings.iter().filter(|it| counts(&it.field)).collect();
        match answer.findings.is_empty() {
            true => self.of_findings(&[], answer.score, answered, None),
            // Findings about other fields are no reason to price the whole answer.
            false if findings.is_empty() => 0.0,
            false => self.of_findings(&findings, answer.score, answered, None),
        }
    }

    fn of_findings(
        &self,
        findings: &[&Finding],
        score: Option<f64>,
        answered: bool,
        seconds: Option<f64>,
    ) -> f64 {
        if let Some(failed) = self.failed.filter(|_| !answered) {
            return failed;
        }
        let is_late = self.late_after_seconds.zip(seconds).is_some_and(|(limit, it)| it > limit);
        let of_finding = |finding: &Finding| {
            let late = self.price(&finding.field, |loss| loss.late).filter(|_| is_late);
            self.of_finding(finding) + late.map_or(0.0, |price| price.of(0.0, 0.0))
        };
        if findings.is_empty() {
            let wrong = score.filter(|_| answered).map_or(0.0, |share| 1.0 - share);
            return wrong * self.price("answer", |loss| loss.wrong).map_or(0.0, Price::most);
        }
        findings.iter().copied().map(of_finding).sum()
    }

    fn of_finding(&self, finding: &Finding) -> f64 {
        let price = match finding.verdict {
            Verdict::Right | Verdict::Unlabelled => None,
            Verdict::Missing => self.price(&finding.field, |loss| loss.missing),
            Verdict::Invented => self.price(&finding.field, |loss| loss.invented),
            _ => self.price(&finding.field, |loss| loss.wrong),
        };
        let amount = |value| money(value).map_or(0.0, |amount| amount.to_f64());
        price.map_or(0.0, |price| price.of(amount(&finding.expected), amount(&finding.got)))
    }

    /// That of the field itself, of the list around it, or of every field.
    fn price(&self, field: &str, kind: impl Fn(&FieldLoss) -> Option<Price>) -> Option<Price> {
        let mut name = field;
        loop {
            if let Some(price) = self.fields.get(name).and_then(&kind) {
                return Some(price);
            }
            match name.rsplit_once('.') {
                Some((above, _)) => name = above,
                None => return self.fields.get("*").and_then(&kind),
            }
        }
    }

    /// The most that one value of each of these fields, or a failed trial, can cost.
    #[must_use]
    pub fn most<'a>(&self, fields: impl Iterator<Item = &'a str>) -> f64 {
        let of_field = |field: &str| {
            let most =
                |kind: fn(&FieldLoss) -> Option<Price>| self.price(field, kind).map_or(0.0, Price::most);
            let late = most(|loss| loss.late);
            most(|loss| loss.wrong).max(most(|loss| loss.missing)).max(most(|loss| loss.invented)) + late
        };
        let all: f64 = fields.map(of_field).sum();
        all.max(of_field("answer")).max(self.failed.unwrap_or(0.0))
    }
}

#[cfg(test)]
mod tests {
    use eval_metrics::task::TaskMetric;
    use serde_json::{Value, json};

    use super::LossTable;

    #[track_caller]
    fn loss(table: Value, answer: Option<Value>, seconds: f64) -> f64 {
        let settings = json!({
            "fields": {"date": "date", "total": "money", "tip": "money"}, "lists": {"items": {"price": "money"}},
        });
        let metric = TaskMetric::from_settings("document", &settings, &[], None).unwrap();
        let expected = json!({"date": "2026-03-31", "total": 100, "tip": null, "items": [{"price": 4}]});
        let text = answer.as_ref().map_or_else(String::new, Value::to_string);
        let judgement = metric.score(&expected, &text).unwrap();
        let table: LossTable = serde_json::from_value(table).unwrap();
        table.check().unwrap();
        table.of(&judgement, answer.is_some(), Some(seconds))
    }

    fn right() -> Value {
        json!({"date": "2026-03-31", "total": 100, "tip": null, "items": [{"price": 4}]})
    }

    fn with(field: &str, value: Value) -> Option<Value> {
        let mut answer = right();
        answer[field] = value;
        Some(answer)
    }

    #[test]
    fn each_mistake_has_the_price_of_its_field_and_kind() {
        let table =
            || json!({"fields": {"total": {"wrong": 25}, "*": {"missing": 1, "wrong": 3, "invented": 7}}});
        assert_eq!(loss(table(), Some(right()), 0.0), 0.0);
        assert_eq!(loss(table(), with("total", json!(10)), 0.0), 25.0);
        assert_eq!(loss(table(), with("total", Value::Null), 0.0), 1.0);
        assert_eq!(loss(table(), with("date", json!("2026-03-30")), 0.0), 3.0);
        assert_eq!(loss(table(), with("tip", json!(2)), 0.0), 7.0);
    }

    #[test]
    fn a_list_prices_its_fields() {
        let table = || json!({"fields": {"items": {"missing": 2}, "*": {"missing": 9}}});
        assert_eq!(loss(table(), with("items", json!([])), 0.0), 2.0);
    }

    #[test]
    fn an_amount_costs_what_it_is_off_up_to_a_limit() {
        let table = || json!({"fields": {"total": {"wrong": {"usd": 1, "per_unit": 0.5, "most": 20}}}});
        assert_eq!(loss(table(), with("total", json!(110)), 0.0), 6.0);
        assert_eq!(loss(table(), with("total", json!(1000)), 0.0), 20.0);
    }

    #[test]
    fn late_answers_and_failed_trials_have_prices_of_their_own() {
        let table = || json!({"fields": {"total": {"late": 4}}, "late_after_seconds": 10, "failed": 50});
        assert_eq!((loss(table(), Some(right()), 9.0), loss(table(), Some(right()), 11.0)), (0.0, 4.0));
        assert_eq!(loss(table(), None, 0.0), 50.0);
        assert_eq!(loss(json!({"fields": {"*": {"missing": 2}}}), None, 0.0), 6.0);
    }

    #[test]
    fn reads_tables_as_they_are_written() {
        let nested = json!({
            "total": {"wrong": 25, "invented": {"usd": 1, "per_unit": 2, "most": 30}}, "items": {"price": {"wrong": 3}},
            "*": {"missing": 1}, "failed": 2, "person_minute": 0.8,
        });
        let flat = json!({
            "total.wrong": 25, "total.invented": {"usd": 1, "per_unit": 2, "most": 30}, "items.price.wrong": 3,
            "*.missing": 1, "failed": 2, "person_minute": 0.8,
        });
        let table = LossTable::parse(&nested).unwrap();
        assert_eq!(table, LossTable::parse(&flat).unwrap());
        assert_eq!((table.fields.len(), table.failed, table.person_minute), (3, Some(2.0), Some(0.8)));
    }

    #[test]
    fn says_which_key_is_wrong() {
        let wrong = |table: Value| LossTable::parse(&table).unwrap_err();
        assert!(wrong(json!({"total": {"wrong": -1}})).contains("`total.wrong` is not an amount"));
        assert!(wrong(json!({"*.late": 1})).contains("`late_after_seconds` says"));
        assert!(wrong(json!({"total": 25})).contains("`total` names no mistake: write FIELD.wrong"));
        assert!(wrong(json!({"total": {"wrong": "a"}})).contains("`total.wrong`: neither"));
    }
}
