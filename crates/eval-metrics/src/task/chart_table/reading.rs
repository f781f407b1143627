//! Cells by what they hold, and what became of them.

use serde_json::Value;

use crate::metric::deplot_rms::Point;
use crate::task::Finding;
use crate::value::{Verdict, is_absent, is_same_spelling, quantity};

/// The given cells, of which no text is like a number: `<623456` is no part of 123456.
pub(super) fn typed(expected: &[Point], mut given: Vec<Point>, pairs: &[(usize, usize)]) -> Vec<Point> {
    let is_number = |point: &Point| quantity(&Value::from(point.1.as_str())).is_some();
    for &(row, column) in pairs {
        if is_number(&expected[row]) && !is_number(&given[column]) {
            given[column].1.clear();
        }
    }
    given
}

pub(super) fn finding(
    path: String,
    field: &str,
    expected: Value,
    got: Value,
    verdict: Verdict,
    note: Option<String>,
) -> Finding {
    let lenient = verdict == Verdict::Right && !is_absent(&expected) && !is_same_spelling(&expected, &got);
    Finding { path, field: field.to_owned(), expected, got, verdict, note, lenient }
}
