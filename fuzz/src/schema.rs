//! JSON Schemas of strangers, and what is made of them: fields, labels, scores, forms.

use eval_metrics::task::TaskMetric;
use eval_studio::Project;
use serde_json::{Value, json};

/// Parts a schema from a label, and that from an answer.
const BETWEEN: &str = "\n---\n";

/// A schema, a label and an answer, of which the last two may be missing.
///
/// # Panics
/// If anything that reads a schema does, or if a score is none.
pub fn schema(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(3, BETWEEN);
    let Ok(schema) = serde_json::from_str::<Value>(parts.next().unwrap_or_default()) else { return };
    let label = parts.next().and_then(|label| serde_json::from_str(label).ok()).unwrap_or_else(|| json!({}));
    let answer = parts.next().unwrap_or("{}");
    if let Ok(project) = Project::from_schema(schema.clone()) {
        let _ = project.fields();
    }
    let Ok(metric) = TaskMetric::from_settings("extract", &json!({}), &[], Some(&schema)) else { return };
    let _ = metric.fields();
    for answer in [answer, &label.to_string()] {
        let Ok(scored) = metric.score(&label, answer) else { continue };
        let score = scored.headline.unwrap_or_default();
        assert!((0.0..=1.0).contains(&score), "{score} is no score of {answer}");
    }
}
