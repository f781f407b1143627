//! Where a label's values stand on the page, and whether an answer says so.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::MetricError;
use crate::distance::{harmonic, share_or_zero};
use crate::metric::extractbench::{Claims, FieldRules, Places, count};

/// One place where a labeled value stands, or another reading of it that is right.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Evidence {
    /// Which value: `total`, `items[2].price` by the labeled list.
    #[serde(skip)]
    pub path: String,
    /// A reading that is right; without it, `text` is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What stands on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// On which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where on that page.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// What ExtractBench's F1 forgives in this field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub normalizers: Vec<String>,
}

/// A part of a page, in fractions of its width and height from the upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Of the width.
    pub left: f64,
    /// Of the height.
    pub top: f64,
    /// Of the width.
    pub right: f64,
    /// Of the height.
    pub bottom: f64,
}

/// Where an answer says that one of its values stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundAt {
    /// Which value: `total`, `items[2].price` by the list of the answer.
    pub path: String,
    /// On which page, from 1.
    pub page: Option<u32>,
    /// Where on that page.
    pub bounds: Option<Bounds>,
}

impl Evidence {
    /// From the `evidence` of a case: a list of places and readings by the path of a field.
    ///
    /// # Errors
    /// If it has another shape.
    pub fn read(evidence: &Value) -> Result<Vec<Self>, MetricError> {
        if evidence.is_null() {
            return Ok(Vec::new());
        }
        let by_path = BTreeMap::<String, Vec<Self>>::deserialize(evidence)
            .map_err(|error| MetricError::new(format!("`evidence` of the case: {error}")))?;
        let entry = |path: &String, entry| Self { path: path.clone(), ..entry };
        Ok(by_path
            .into_iter()
            .flat_map(|(path, entries)| entries.into_iter().map(move |it| entry(&path, it)))
            .collect())
    }

    /// A reading of the value that is right.
    fn reading(&self) -> Option<Value> {
        self.value.clone().or_else(|| self.text.as_ref().map(|text| json!(text)))
    }
}

impl Bounds {
    /// Left, top, width and height.
    fn sized(self) -> [f64; 4] {
        [self.left, self.top, self.right - self.left, self.bottom - self.top]
    }
}

/// The readings that are right, by path.
pub(super) fn readings(evidence: &[Evidence]) -> HashMap<String, Vec<Value>> {
    let mut readings: HashMap<String, Vec<Value>> = HashMap::new();
    for entry in evidence {
        if let Some(reading) = entry.reading().filter(|reading| !reading.is_null()) {
            readings.entry(entry.path.clone()).or_default().push(reading);
        }
    }
    readings
}

/// The figures of ExtractBench for a case whose evidence is labeled: of values, and of boxes and pages where the answer
/// says where it found them.
pub(super) fn figures(
    expected: &Map<String, Value>,
    answer: &Map<String, Value>,
    evidence: &[Evidence],
    found_at: &[FoundAt],
    schema: Option<&Value>,
) -> [(&'static str, Option<f64>); 3] {
    let undefined = [("value_f1", None), ("grounding_f1", None), ("page_f1", None)];
    if evidence.is_empty() {
        return undefined;
    }
    let mut citations = Places::new(0.5);
    for found in found_at {
        citations.add(&found.path, found.page.map(i64::from), found.bounds.map(Bounds::sized));
    }
    let (expected, answer) = (Value::Object(expected.clone()), Value::Object(answer.clone()));
    let counts = FieldRules::read(&rules(evidence))
        .and_then(|rules| count(&expected, &answer, &rules, &citations, schema.unwrap_or(&Value::Null)));
    // Lists that are too long to be compared have no such figure.
    let Ok(Some(counts)) = counts else { return undefined };
    let f1 =
        |correct, given, labeled| harmonic(share_or_zero(correct, given), share_or_zero(correct, labeled));
    let grounded = |it: Claims| {
        (it.expected > 0 && !found_at.is_empty()).then(|| f1(it.correct, it.claims, it.expected))
    };
    let has_cells = counts.expected + counts.predicted > 0;
    [
        ("value_f1", has_cells.then(|| f1(counts.correct, counts.predicted, counts.expected))),
        ("grounding_f1", grounded(counts.word)),
        ("page_f1", grounded(counts.page)),
    ]
}

/// Evidence as the rules of fields that ExtractBench reads.
fn rules(evidence: &[Evidence]) -> Value {
    let mut rules: BTreeMap<&str, (Vec<Value>, Vec<&String>)> = BTreeMap::new();
    for entry in evidence {
        let rule = rules.entry(&entry.path).or_default();
        rule.0.push(
            json!({ "value": entry.reading(), "page": entry.page, "bbox": entry.bounds.map(Bounds::sized) }),
        );
        rule.1.extend(&entry.normalizers);
    }
    let rule = |(path, (evidence, normalizers)): (&str, (Vec<Value>, Vec<&String>))| {
        (path.to_owned(), json!({ "evidence": evidence, "normalizers": normalizers }))
    };
    Value::Object(rules.into_iter().map(rule).collect())
}
