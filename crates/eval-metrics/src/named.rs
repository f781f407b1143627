//! All metrics by name.

use serde_json::Value;

use crate::MetricError;
use crate::metric::{
    anls, anls_star, calibration, cer, chartqa, chartqapro, classification, deplot_rms, donut_f1, donut_ted,
    exact_match, extractbench, kieval, line_items, omni_json, omni_text, rnss, scrm, squad, sroie, stickler,
    string_similarity, wer,
};

/// A metric that can be asked for by name.
#[derive(Debug, Clone, Copy)]
pub struct NamedMetric {
    /// What it is called.
    pub name: &'static str,
    /// Formula, source, parameters and known flaws, in a few lines.
    pub about: &'static str,
    /// Scores one case: `(expected, predicted, params)` to an object of figures; null is undefined.
    pub score: fn(&Value, &Value, &Value) -> Result<Value, MetricError>,
}

/// Every metric of this crate, by name.
pub const NAMED: &[NamedMetric] = &[
    anls::METRIC,
    anls_star::METRIC,
    calibration::METRIC,
    cer::METRIC,
    chartqa::METRIC,
    chartqapro::METRIC,
    classification::METRIC,
    deplot_rms::METRIC,
    donut_f1::METRIC,
    donut_ted::METRIC,
    exact_match::METRIC,
    extractbench::GROUNDING_F1,
    extractbench::VALUE_F1,
    kieval::METRIC,
    line_items::METRIC,
    omni_json::METRIC,
    omni_text::METRIC,
    rnss::METRIC,
    scrm::METRIC,
    scrm::CORPUS,
    squad::METRIC,
    sroie::METRIC,
    stickler::METRIC,
    string_similarity::METRIC,
    wer::METRIC,
];

/// The metric of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static NamedMetric> {
    NAMED.iter().find(|metric| metric.name == name)
}
