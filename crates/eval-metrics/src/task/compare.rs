//! Differences between two images: the metric `compare`.
//!
//! Formula: expected and given differences are matched one to one so that the total similarity (kind 0.4, element 0.4,
//! before and after 0.1 each) is largest; a pair from `pair_floor` on with the same kind is found. F1 = 2·found /
//! (expected + given); no differences on both sides is 1. Elements are compared by letters or by common words, whichever
//! is more similar. Known flaw: two differences of the same kind on elements with similar names can be mistaken.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Better, Finding, Reply, Scored, ValueInfo, info};
use crate::MetricError;
use crate::assignment::{Weights, matched_items};
use crate::distance::{ratio, share};
use crate::task::classify::words;
use crate::value::{Verdict, alike, is_absent, text};

pub(super) const VALUES: [ValueInfo; 9] = [
    info("f1", "F1 over differences", Better::Higher),
    info("precision", "share of the given differences that are there", Better::Higher),
    info("recall", "share of the differences that were found", Better::Higher),
    info("found", "differences found", Better::Neither),
    info("missed", "differences not found", Better::Lower),
    info("invented", "differences given that are not there", Better::Lower),
    info("wrong_kind", "differences given with the wrong kind", Better::Lower),
    info("details_right", "share of the found ones whose before and after are right", Better::Higher),
    info("fully_right", "1 if all were found and none invented", Better::Higher),
];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    pair_floor: f64,
    name_threshold: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { pair_floor: 0.5, name_threshold: 0.8 }
    }
}

impl Rules {
    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let expected = crate::arguments::list("expected.differences", &expected["differences"])?;
        let empty = Map::new();
        let answer = reply.object(&["differences"]).unwrap_or(&empty);
        let bare = reply.json.value.as_ref().and_then(Value::as_array);
        let given =
            answer.get("differences").and_then(Value::as_array).or(bare).map_or(&[][..], Vec::as_slice);
        let matched = matched_items(expected.len(), given.len())?;
        let weights = Weights::new(expected.len(), matched, |row, column| {
            let similarity = similarity(&expected[row], &given[column]);
            if similarity < self.pair_floor { 0.0 } else { similarity }
        })?;
        let mut pairs = weights.best_matching();
        pairs.retain(|&(row, column)| weights.at(row, column) > 0.0);
        // Without JSON nobody said that there are no differences.
        let answered = reply.json.value.is_some();
        Ok(self.figures(expected, given, &pairs, answered, reply))
    }

    fn figures(
        &self,
        expected: &[Value],
        given: &[Value],
        pairs: &[(usize, usize)],
        answered: bool,
        reply: &Reply<'_>,
    ) -> Scored {
        let mut findings = Vec::new();
        let (mut found, mut wrong_kind, mut details) = (0, 0, 0);
        for (row, difference) in expected.iter().enumerate() {
            let got = pairs.iter().find(|pair| pair.0 == row).map(|pair| &given[pair.1]);
            let (verdict, note) = match got {
                None => (Verdict::Missing, None),
                Some(got) if kind(got) != kind(difference) => {
                    wrong_kind += 1;
                    (Verdict::Wrong, Some(format!("kind {} for {}", kind(got), kind(difference))))
                }
                Some(got) => {
                    found += 1;
                    let right = self.details_right(difference, got);
                    details += usize::from(right);
                    (Verdict::Right, (!right).then(|| "before or after differs".to_owned()))
                }
            };
            findings.push(finding(
                format!("differences[{row}]"),
                difference,
                got.unwrap_or(&Value::Null),
                verdict,
                note,
            ));
        }
        for (column, got) in given.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.1 == column) {
                findings.push(finding(
                    format!("differences[+{column}]"),
                    &Value::Null,
                    got,
                    Verdict::Invented,
                    None,
                ));
            }
        }
        let none_expected = |share: Option<f64>| share.or_else(|| Some(f64::from(answered)));
        let f1 = none_expected(share(2 * found, expected.len() + given.len()));
        let invented = given.len() - pairs.len();
        let fully = answered && found == expected.len() && invented + wrong_kind == 0;
        let mut scored = reply.scored(f1).with_values([
            ("f1", f1),
            ("precision", none_expected(share(found, given.len()))),
            ("recall", none_expected(share(found, expected.len()))),
            ("found", Some(found as f64)),
            ("missed", Some((expected.len() - found - wrong_kind) as f64)),
            ("invented", Some(invented as f64)),
            ("wrong_kind", Some(wrong_kind as f64)),
            ("details_right", share(details, found)),
            ("fully_right", Some(f64::from(fully))),
        ]);
        scored.explanation = findings;
        scored
    }

    fn details_right(&self, expected: &Value, got: &Value) -> bool {
        ["before", "after"].iter().all(|side| match expected.get(side) {
            None => true,
            Some(expected) if is_absent(expected) => true,
            Some(expected) => wording(expected, &got[side]) >= self.name_threshold,
        })
    }
}

fn finding(path: String, expected: &Value, got: &Value, verdict: Verdict, note: Option<String>) -> Finding {
    Finding {
        path,
        field: "differences".to_owned(),
        expected: expected.clone(),
        got: json!(got),
        verdict,
        note,
    }
}

fn kind(difference: &Value) -> String {
    let kind = words(&text(&difference["kind"]));
    match kind.as_str() {
        "recolored" | "color" | "colour" | "color changed" | "colour changed" => "recoloured".to_owned(),
        _ => kind,
    }
}

fn similarity(expected: &Value, got: &Value) -> f64 {
    let side = |name: &str| match expected.get(name) {
        None => 1.0,
        Some(expected) if is_absent(expected) => 1.0,
        Some(expected) => wording(expected, &got[name]),
    };
    let same_kind = f64::from(kind(expected) == kind(got));
    let element = wording(&expected["element"], &got["element"]);
    // Nothing in common with the element is another difference, whatever else agrees.
    if element < 0.3 {
        return 0.0;
    }
    0.4 * same_kind + 0.4 * element + 0.1 * side("before") + 0.1 * side("after")
}

/// Similarity by letters or by common words, whichever is larger.
fn wording(expected: &Value, got: &Value) -> f64 {
    if is_absent(got) {
        return f64::from(is_absent(expected));
    }
    let (expected, got) = (text(expected), text(got));
    let (a, b) = (words(&expected), words(&got));
    let (mut a, mut b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    a.sort_unstable();
    b.sort_unstable();
    let common = crate::metric::squad::common_sorted(&a, &b);
    alike(&expected, &got).max(2.0 * ratio(common, a.len() + b.len()))
}
