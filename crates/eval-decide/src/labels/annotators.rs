//! How far people agree who labeled the same values.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::agreement::{Ratings, agreement};

/// What one person says of one value: a line of a file of labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// The case's id.
    pub case: String,
    /// The field.
    pub field: String,
    /// The person.
    pub annotator: String,
    /// What the person read.
    pub value: Value,
}

/// How far people agree on one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnnotatorAgreement {
    /// The field.
    pub field: String,
    /// Who labeled it.
    pub annotators: Vec<String>,
    /// Values that two or more of them labeled.
    pub values: u64,
    /// The mean share of agreeing pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<f64>,
    /// Cohen's kappa, of two people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,
    /// Krippendorff's alpha for nominal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<f64>,
    /// Gwet's AC1, which a rare value does not pull down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ac1: Option<f64>,
}

/// By field. A value is a category: case and blanks at its ends do not matter.
#[must_use]
pub fn annotator_agreement(annotations: &[Annotation]) -> Vec<AnnotatorAgreement> {
    let mut fields: BTreeMap<&str, Vec<&Annotation>> = BTreeMap::new();
    for one in annotations {
        fields.entry(&one.field).or_default().push(one);
    }
    fields.into_iter().map(|(field, all)| of_field(field, &all)).collect()
}

fn of_field(field: &str, annotations: &[&Annotation]) -> AnnotatorAgreement {
    let mut people: Vec<String> = annotations.iter().map(|it| it.annotator.clone()).collect();
    people.sort_unstable();
    people.dedup();
    let mut values: Vec<String> = annotations.iter().map(|it| spelled(&it.value)).collect();
    values.sort_unstable();
    values.dedup();
    let mut units: BTreeMap<&str, Ratings> = BTreeMap::new();
    for one in annotations {
        let unit = units.entry(&one.case).or_insert_with(|| vec![None; people.len()]);
        if let Ok(person) = people.binary_search(&one.annotator) {
            unit[person] = values.binary_search(&spelled(&one.value)).ok();
        }
    }
    let units: Vec<Ratings> = units.into_values().filter(|unit| unit.iter().flatten().count() > 1).collect();
    let found = agreement(&units, values.len(), 0.95);
    AnnotatorAgreement {
        field: field.to_owned(),
        annotators: people,
        values: units.len() as u64,
        agreement: found.percent_agreement,
        kappa: found.cohen.kappa,
        alpha: found.krippendorff_nominal,
        ac1: found.gwet.ac1,
    }
}

fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Annotation, annotator_agreement};

    #[test]
    fn two_people_are_compared_on_what_both_labeled() {
        let one = |case: &str, annotator: &str, value: &str| Annotation {
            case: case.to_owned(),
            field: "total".to_owned(),
            annotator: annotator.to_owned(),
            value: json!(value),
        };
        let all = [
            one("1", "anna", "12"),
            one("1", "ben", "12 "),
            one("2", "anna", "A"),
            one("2", "ben", "a"),
            one("3", "anna", "x"),
            one("3", "ben", "y"),
            one("4", "anna", "z"),
        ];
        let found = &annotator_agreement(&all)[0];
        assert_eq!((found.values, found.annotators.len()), (3, 2));
        assert!((found.agreement.unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert!(found.kappa.is_some() && found.alpha.is_some() && found.ac1.is_some());
    }
}
