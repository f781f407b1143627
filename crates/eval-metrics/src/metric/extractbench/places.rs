//! Where values stand: boxes and pages by the path of a field.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

/// Where values stand, by path: as labeled, or as cited.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    by_path: HashMap<String, Place>,
    /// The share of a box that must be met.
    threshold: f64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) boxes: Vec<(i64, [f64; 4])>,
    pub(super) pages: BTreeSet<i64>,
}

impl Places {
    pub(crate) fn new(threshold: f64) -> Self {
        Self { by_path: HashMap::new(), threshold }
    }

    /// From a list of `{field_path, page, bbox}`.
    pub(super) fn of_citations(citations: &Value, threshold: f64) -> Self {
        let mut places = Self::new(threshold);
        for citation in citations.as_array().into_iter().flatten() {
            if let Some(path) = citation["field_path"].as_str() {
                places.add(path, page(&citation["page"]), bounds(&citation["bbox"]));
            }
        }
        places
    }

    /// One place more; without a page it says nothing.
    pub(crate) fn add(&mut self, path: &str, page: Option<i64>, bounds: Option<[f64; 4]>) {
        let Some(page) = page.filter(|_| !path.is_empty()) else { return };
        let place = self.by_path.entry(path.to_owned()).or_default();
        place.pages.insert(page);
        place.boxes.extend(bounds.map(|bounds| (page, bounds)));
    }

    pub(super) fn get(&self, path: &str) -> Option<&Place> {
        self.by_path.get(path)
    }

    /// Whether one cited box meets one labeled box on the same page.
    pub(super) fn meets(&self, labeled: &Place, cited: &Place) -> bool {
        let meets =
            |a: &(i64, [f64; 4]), b: &(i64, [f64; 4])| a.0 == b.0 && overlap(&a.1, &b.1) >= self.threshold;
        labeled.boxes.iter().any(|labeled| cited.boxes.iter().any(|cited| meets(labeled, cited)))
    }
}

pub(super) fn page(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(|page| page as i64))
}

/// The first four numbers of a list: left, top, width and height.
pub(super) fn bounds(value: &Value) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value.as_array()?.get(..4)?.iter().map(Value::as_f64).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// The common part of two boxes as a share of what both cover; in the order of the reference, to the last bit.
fn overlap(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    let ([left, top, width, height], [other_left, other_top, other_width, other_height]) = (*a, *b);
    let across = ((left + width).min(other_left + other_width) - left.max(other_left)).max(0.0);
    let down = ((top + height).min(other_top + other_height) - top.max(other_top)).max(0.0);
    let common = across * down;
    let covered = width * height + other_width * other_height - common;
    if covered > 0.0 { common / covered } else { 0.0 }
}
