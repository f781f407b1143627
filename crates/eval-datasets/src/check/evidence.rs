//! Evidence of labels: places on a page that can be, of values that are labeled.

use serde_json::Value;
use vision_core::Bounds;

use crate::Case;

/// Checks where a case says that its values stand; every fault is told.
pub(super) fn check(case: &Case, refuse: &mut dyn FnMut(String)) {
    for (path, entries) in &case.evidence {
        if !stands(&case.expected, path) {
            refuse(format!("`evidence` names `{path}`, which is not in `expected`"));
        }
        for entry in entries {
            if entry.page == Some(0) {
                refuse(format!("`evidence.{path}`: pages are counted from 1"));
            }
            if entry.bounds.is_some_and(|bounds| !is_on_page(&bounds)) {
                refuse(format!(
                    "`evidence.{path}`: `box` should have left < right and top < bottom in fractions of the page, from 0 to 1"
                ));
            }
            if entry.bounds.is_some() && entry.page.is_none() {
                refuse(format!("`evidence.{path}`: a box needs a `page`"));
            }
        }
    }
}

fn is_on_page(bounds: &Bounds) -> bool {
    let within = |a: f64, b: f64| 0.0 <= a && a <= b && b <= 1.0 + 1e-9;
    within(bounds.left, bounds.right) && within(bounds.top, bounds.bottom)
}

/// Whether a label has a value at a path such as `items[2].price`.
pub(crate) fn stands(expected: &Value, path: &str) -> bool {
    let mut value = expected;
    for part in path.split('.') {
        let (name, positions) = part.split_once('[').unwrap_or((part, ""));
        if !name.is_empty() {
            let Some(inner) = value.get(name) else { return value.is_null() };
            value = inner;
        }
        for position in positions.split('[').filter(|position| !position.is_empty()) {
            let inner = position
                .strip_suffix(']')
                .and_then(|it| it.parse::<usize>().ok())
                .and_then(|at| value.get(at));
            let Some(inner) = inner else { return false };
            value = inner;
        }
    }
    true
}
