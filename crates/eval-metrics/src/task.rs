//! The headline metrics of the bundled tasks: typed, and every score explained.

mod category;
mod chart_question;
mod chart_table;
pub mod checks;
mod claims;
mod classify;
mod compare;
mod comparison;
mod extract;
mod facts;
mod fit;
mod grounding;
mod keys;
mod opinion;
mod plain;
mod question_number;
mod refusal;
mod reply;
mod scored;
mod trend;
mod typed;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::MetricError;
use checks::PlacedCheck;
use fit::{Fit, validator};
use reply::Reply;
use scored::{PARTLY, STRICT, Tally, info};

pub use facts::{CaseFacts, Judgement};
pub use grounding::{Bounds, Evidence, FoundAt};
pub use scored::{Better, FieldInfo, Finding, LabelPair, Parse, Scored, ValueInfo};
pub use typed::recognized as field_types;

/// The names of the task metrics.
pub const TASK_METRICS: [&str; 10] = [
    "receipt",
    "chart-table",
    "chart-question",
    "classify",
    "compare",
    "document",
    "extract",
    "transcribe",
    "text",
    "checks",
];

/// The metric of a task, set up for a dataset.
#[derive(Debug, Clone)]
pub struct TaskMetric {
    name: &'static str,
    rules: Rules,
    schema: Option<jsonschema::Validator>,
}

#[derive(Debug, Clone)]
enum Rules {
    Typed(typed::Rules),
    Extract(Box<extract::Rules>),
    ChartTable(chart_table::Rules),
    ChartQuestion(chart_question::Rules),
    Classify(classify::Rules),
    Compare(compare::Rules),
    Transcribe,
    Text,
    Checks(checks::Rules),
}

impl TaskMetric {
    /// Sets up the metric `name` with the settings of a dataset, its critical fields and the schema of its answers.
    ///
    /// # Errors
    /// If there is no such metric, or a setting, critical field or schema makes no sense.
    pub fn from_settings(
        name: &str,
        settings: &Value,
        critical: &[String],
        schema: Option<&Value>,
    ) -> Result<Self, MetricError> {
        let name = TASK_METRICS.into_iter().find(|known| *known == name).ok_or_else(|| {
            MetricError::new(format!(
                "there is no task metric `{name}`; there are {}",
                TASK_METRICS.join(", ")
            ))
        })?;
        let rules = match name {
            "receipt" => Rules::Typed(typed::Rules::receipt(settings, critical)?),
            "document" => Rules::Typed(typed::Rules::document(settings, critical)?),
            "extract" => Rules::Extract(Box::new(extract::Rules::read(settings, critical, schema)?)),
            "chart-table" => Rules::ChartTable(read_settings(settings)?),
            "chart-question" => Rules::ChartQuestion(read_settings(settings)?),
            "classify" => Rules::Classify(classify::Rules::read(settings)?),
            "compare" => Rules::Compare(read_settings(settings)?),
            "checks" => Rules::Checks(checks::Rules::read(settings)?),
            "transcribe" => read_settings(settings).map(|NoSettings {}| Rules::Transcribe)?,
            _ => read_settings(settings).map(|NoSettings {}| Rules::Text)?,
        };
        let schema = schema.map(validator).transpose()?;
        if !matches!(rules, Rules::Typed(_) | Rules::Extract(_)) && !critical.is_empty() {
            return Err(MetricError::new(format!("the metric `{name}` has no critical fields")));
        }
        Ok(Self { name, rules, schema })
    }

    /// Whether answers fit is judged by this schema: the one that its author wrote, where answers are asked for by a
    /// stricter one.
    ///
    /// # Errors
    /// If it is no JSON Schema.
    pub fn fitted_to(self, schema: &Value) -> Result<Self, MetricError> {
        Ok(Self { schema: Some(validator(schema)?), ..self })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Scores the text a model answered, where nothing but the label is known of the case.
    ///
    /// # Errors
    /// If `expected` does not have the shape of the task; a bad answer is never an error.
    pub fn score(&self, expected: &Value, answer: &str) -> Result<Scored, MetricError> {
        self.score_case(expected, answer, &CaseFacts::default())
    }

    /// Scores the text a model answered; what is ambiguous in it is settled by the facts of the case.
    ///
    /// # Errors
    /// If `expected` does not have the shape of the task; a bad answer is never an error.
    pub fn score_case(
        &self,
        expected: &Value,
        answer: &str,
        facts: &CaseFacts,
    ) -> Result<Scored, MetricError> {
        let mut scored = self.scored(expected, answer, facts)?;
        // Where leniency changed a verdict, it says so.
        for finding in scored.explanation.iter_mut().filter(|finding| finding.lenient) {
            finding.note.get_or_insert_with(|| "the same in another form than was asked for".to_owned());
        }
        Ok(scored)
    }

    fn scored(&self, expected: &Value, answer: &str, facts: &CaseFacts) -> Result<Scored, MetricError> {
        let schema = self.schema.as_ref().map(|validator| Fit { validator, was_held: facts.was_held });
        let plain = || Reply::new(answer, schema, None);
        match &self.rules {
            Rules::Typed(rules) => rules.score_text(expected, answer, schema, facts),
            Rules::Extract(rules) => rules.score(expected, answer, schema, facts),
            Rules::ChartTable(rules) => rules.score(expected, &plain()),
            Rules::ChartQuestion(rules) => rules.score(expected, &plain(), facts),
            Rules::Classify(rules) => rules.score(expected, &plain()),
            Rules::Compare(rules) => rules.score(expected, &plain()),
            Rules::Transcribe => plain::transcribe(expected, &plain(), facts),
            Rules::Text => plain::text(expected, &plain()),
            Rules::Checks(rules) => rules.score(expected, &plain(), facts),
        }
    }

    /// The checks that answers to a case with this label are judged by, each with its path and whether it must be said;
    /// `None` for a metric that has none.
    ///
    /// # Errors
    /// If the label is no list of checks.
    pub fn checks(&self, expected: &Value) -> Result<Option<Vec<PlacedCheck>>, MetricError> {
        match &self.rules {
            Rules::Checks(rules) => rules.checks(expected).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether an answer is right or wrong, and hardly ever something between.
    #[must_use]
    pub fn is_right_or_wrong(&self) -> bool {
        matches!(self.rules, Rules::Classify(_) | Rules::ChartQuestion(_))
    }

    /// The fields it judges, in the order of a report.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldInfo> {
        match &self.rules {
            Rules::Typed(rules) => rules.fields(),
            Rules::Extract(rules) => rules.fields(),
            _ => Vec::new(),
        }
    }

    /// The fields that its findings can be about, in [`Finding::field`]; nothing where only a case's own schema tells.
    #[must_use]
    pub fn finding_fields(&self) -> Option<Vec<String>> {
        let fixed = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        match &self.rules {
            Rules::Typed(_) | Rules::Extract(_) => {
                let fields = self.fields().into_iter().map(|field| field.name);
                Some(fields.collect()).filter(|fields: &Vec<String>| !fields.is_empty())
            }
            Rules::ChartTable(_) => fixed(&["title", "row", "column", "value"]),
            Rules::ChartQuestion(_) => fixed(&["number", "category", "yes_no"]),
            Rules::Classify(_) => fixed(&["label"]),
            Rules::Compare(_) => fixed(&["differences"]),
            Rules::Transcribe | Rules::Text => fixed(&["text"]),
            Rules::Checks(_) => fixed(&["must", "must_not"]),
        }
    }

    /// The figures it gives, the headline first.
    #[must_use]
    pub fn values(&self) -> &'static [ValueInfo] {
        match &self.rules {
            Rules::Typed(_) | Rules::Extract(_) => &typed::VALUES,
            Rules::ChartTable(_) => &chart_table::VALUES,
            Rules::ChartQuestion(_) => &chart_question::VALUES,
            Rules::Classify(_) => &classify::VALUES,
            Rules::Compare(_) => &compare::VALUES,
            Rules::Transcribe => &plain::TRANSCRIBE_VALUES,
            Rules::Text => &plain::TEXT_VALUES,
            Rules::Checks(_) => &checks::VALUES,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoSettings {}

/// Settings from a dataset; no settings are the defaults.
fn read_settings<T: DeserializeOwned>(settings: &Value) -> Result<T, MetricError> {
    let empty = Value::Object(serde_json::Map::new());
    let settings = if settings.is_null() { &empty } else { settings };
    T::deserialize(settings).map_err(|error| MetricError::new(format!("metric settings: {error}")))
}

#[cfg(test)]
mod tests;
