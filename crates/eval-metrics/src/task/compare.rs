//! Differences between two images: the metric `compare`.
//!
//! Formula: expected and given differences are matched one to one so that the total credit is largest. A pair is credited
//! for its element and its values: the right element of the right kind gives half, its right values before and after the
//! other half; another element of the same sort (`Import button` for `Export button`) gives a fifth if all else is right,
//! and a wrong kind a quarter. F1 = 2·credit / (expected + given); no differences on both sides is 1, also where the answer
//! says so in words. Elements are compared by the words that tell them apart, values as amounts or words, and digits must
//! be equal in both.
//! A difference in a sentence is read where it says "from A to B", "was A, now B" or "A → B".

mod color;
mod denial;
mod difference;
mod element;
mod sentence;
mod shown;

use serde::Deserialize;
use serde_json::Value;

use super::{Better, Finding, Reply, STRICT, Scored, ValueInfo, info};
use crate::MetricError;
use crate::assignment::{Weights, matched_items};
use crate::value::{Verdict, is_absent, text};
use denial::denies_differences;
use difference::{Difference, given};
use element::Likeness;
use shown::{is_nothing, is_presence, is_switch, same_value, without_common};

pub(super) const VALUES: [ValueInfo; 11] = [
    info("f1", "F1 over differences, in part for what is partly right", Better::Higher),
    info("precision", "share of the given differences that are there", Better::Higher),
    info("recall", "share of the differences that were found", Better::Higher),
    info("found", "differences found, whatever their values", Better::Neither),
    info("missed", "differences not found", Better::Lower),
    info("invented", "differences given that are not there", Better::Lower),
    info("wrong_kind", "differences given with the wrong kind", Better::Lower),
    info("wrong_element", "differences given for a similar element", Better::Lower),
    info("details_right", "share of the found ones whose before and after are right", Better::Higher),
    info("fully_right", "1 if all were found, with their values, and none invented", Better::Higher),
    STRICT,
];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    pair_floor: f64,
    name_threshold: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { pair_floor: 0.05, name_threshold: 0.8 }
    }
}

/// Invented differences that are explained one by one.
const MOST_EXPLAINED: usize = 1_000;

/// How well a given difference meets an expected one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Met {
    kind: bool,
    element: Likeness,
    /// Share of the values before and after that are right.
    details: f64,
}

impl Met {
    fn credit(self) -> f64 {
        let element = match self.element {
            Likeness::Same => 0.5 + 0.5 * self.details,
            // Most of it was seen, but not exactly which.
            Likeness::Partly => 0.25 + 0.35 * self.details,
            Likeness::SameSort => 0.2 * self.details,
            Likeness::Other => 0.0,
        };
        if self.kind { element } else { element * 0.25 }
    }

    fn is_full(self) -> bool {
        self.kind && self.element == Likeness::Same && self.details >= 1.0
    }
}

/// Whether two values are the same but for case and punctuation at the ends.
fn is_spelled_alike(a: &Value, b: &Value) -> bool {
    let ends = |c: char| c.is_whitespace() || "\"'.".contains(c);
    text(a).trim_matches(ends).to_lowercase() == text(b).trim_matches(ends).to_lowercase()
}

/// The places of what moved, by the words that tell them apart, if that meets the label better.
fn moved_from_to(expected: &Difference<'_>, given: &Difference<'_>) -> Option<(Value, Value)> {
    if same_value(&expected.before, &given.before) && same_value(&expected.after, &given.after) {
        return None;
    }
    let (before, after) = (given.before.as_str()?, given.after.as_str()?);
    let (before, after) = without_common(before, after)?;
    Some((Value::from(before), Value::from(after)))
}

impl Rules {
    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let expected = crate::arguments::list("expected.differences", &expected["differences"])?;
        let given = given(reply);
        let expected: Vec<Difference<'_>> = expected.iter().map(Difference::read).collect();
        // Nobody lists a thousand differences; what is behind them is invented without a look.
        let matched = matched_items(expected.len(), given.len())?.min(1_000 + 2 * expected.len());
        let all: Vec<Difference<'_>> = given[..matched].iter().map(|value| Difference::read(value)).collect();
        let mut met = Vec::with_capacity(expected.len() * matched);
        for difference in &expected {
            met.extend(all.iter().map(|given| self.met(difference, given)));
        }
        let weights = Weights::new(expected.len(), matched, |row, column| {
            let credit = met[row * matched + column].credit();
            if credit < self.pair_floor { 0.0 } else { credit }
        })?;
        let mut pairs = vec![None; expected.len()];
        for (row, column) in weights.best_matching() {
            if weights.at(row, column) > 0.0 {
                pairs[row] = Some((column, met[row * matched + column]));
            }
        }
        let denied = given.is_empty() && denies_differences(reply);
        let answered = denied || !given.is_empty();
        let mut figures = self.figures(&expected, &given, &all, &pairs, answered, reply);
        if denied && reply.json.value.is_none() {
            figures.parse = reply.parse_or_prose();
            figures.notes.push("says in words that there is no difference".to_owned());
        }
        Ok(figures)
    }

    fn met(&self, expected: &Difference<'_>, given: &Difference<'_>) -> Met {
        let (kind, element) =
            (expected.kind == given.kind, expected.element.likeness(&given.element, self.name_threshold));
        // `Data is delayed banner` for a message banner that says so.
        let shows = || text(if is_absent(&expected.after) { &expected.before } else { &expected.after });
        let is_named = || expected.element.is_named_by(&given.element, &shows());
        let element = match expected.kind.as_str() {
            "added" | "removed" if element != Likeness::Same && is_named() => Likeness::Same,
            _ => element,
        };
        // Nothing is credited, so the values need no look.
        if element == Likeness::Other {
            return Met { kind, element, details: 0.0 };
        }
        let moved = if expected.kind == "moved" { moved_from_to(expected, given) } else { None };
        let (before, after) = match &moved {
            Some((before, after)) => (before, after),
            None => (&*given.before, &*given.after),
        };
        let sides = [(&*expected.before, before), (&*expected.after, after)];
        // A side that is labelled absent counts only if something was made up for it.
        let judged = sides.iter().filter(|(expected, got)| !(is_absent(expected) && is_nothing(got)));
        // Where the values are nearly the same, each must be told from the other.
        let sides_alike = same_value(&expected.before, &expected.after);
        let mixed_up = |expected: &Value, got: &Value| sides_alike && !is_spelled_alike(expected, got);
        let (mut right, mut all) = (0.0, 0.0);
        for (expected, got) in judged {
            all += 1.0;
            if same_value(expected, got) && !mixed_up(expected, got) {
                right += 1.0;
            } else if is_presence(got) && !is_absent(expected) && !is_switch(expected) {
                // That it is there was asked for, and what it shows is not said.
                right += 0.5;
            }
        }
        // Nothing has changed from one value to the same, whichever of the two it is.
        let unchanged = !is_absent(&given.before) && is_spelled_alike(&given.before, &given.after);
        if unchanged && !is_spelled_alike(&expected.before, &expected.after) {
            right = 0.0;
        }
        Met { kind, element, details: if all == 0.0 { 1.0 } else { right / all } }
    }

    fn figures(
        &self,
        expected: &[Difference<'_>],
        given: &[&Value],
        read: &[Difference<'_>],
        pairs: &[Option<(usize, Met)>],
        answered: bool,
        reply: &Reply<'_>,
    ) -> Scored {
        let mut count = Counts::default();
        let findings = count.findings(expected, (given, read), pairs, reply.is_bare());
        let both_empty = expected.is_empty() && given.is_empty();
        let of = |credit: f64, whole: usize| {
            if both_empty { Some(f64::from(answered)) } else { (whole > 0).then(|| credit / whole as f64) }
        };
        let f1 = of(2.0 * count.credit, expected.len() + given.len());
        let strict = match both_empty {
            true => Some(f64::from(answered && reply.is_bare())),
            false => of(2.0 * count.strict as f64, expected.len() + given.len()),
        };
        let fully = answered && count.full == expected.len() && count.invented == 0;
        let missed = pairs.iter().filter(|pair| pair.is_none()).count();
        let mut scored = reply.scored(f1).with_values([
            ("f1", f1),
            ("precision", of(count.credit, given.len())),
            ("recall", of(count.credit, expected.len())),
            ("found", Some(count.found as f64)),
            ("missed", Some(missed as f64)),
            ("invented", Some(count.invented as f64)),
            ("wrong_kind", Some(count.wrong_kind as f64)),
            ("wrong_element", Some(count.wrong_element as f64)),
            ("details_right", (count.found > 0).then(|| count.full as f64 / count.found as f64)),
            ("fully_right", Some(f64::from(fully))),
            ("strict", strict),
        ]);
        scored.explanation = findings;
        scored
    }
}

#[derive(Default)]
struct Counts {
    credit: f64,
    found: usize,
    full: usize,
    wrong_kind: usize,
    wrong_element: usize,
    invented: usize,
    strict: usize,
}

impl Counts {
    /// What became of each difference, counted.
    fn findings(
        &mut self,
        expected: &[Difference<'_>],
        (given, read): (&[&Value], &[Difference<'_>]),
        pairs: &[Option<(usize, Met)>],
        is_bare: bool,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut taken = vec![false; given.len()];
        for (row, (difference, pair)) in expected.iter().zip(pairs).enumerate() {
            let (verdict, note) = pair.map_or((Verdict::Missing, None), |(_, met)| self.add(met));
            let got = pair.map(|(column, _)| &read[column]);
            let literal = got.is_some_and(|got| difference.is_literally(got)) && is_bare;
            if let Some((column, _)) = pair {
                taken[*column] = true;
            }
            self.strict += usize::from(literal);
            let lenient = verdict == Verdict::Right && !literal;
            findings.push(Finding {
                path: format!("differences[{row}]"),
                field: "differences".to_owned(),
                expected: difference.whole.clone(),
                got: got.map_or(Value::Null, |got| got.whole.clone()),
                verdict,
                note,
                lenient,
            });
        }
        for (at, difference) in given.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            self.invented += 1;
            if self.invented > MOST_EXPLAINED {
                continue;
            }
            findings.push(Finding {
                path: format!("differences[+{at}]"),
                field: "differences".to_owned(),
                expected: Value::Null,
                got: (*difference).clone(),
                verdict: Verdict::Invented,
                note: None,
                lenient: false,
            });
        }
        findings
    }

    fn add(&mut self, met: Met) -> (Verdict, Option<String>) {
        self.credit += met.credit();
        let note = |what: &str| Some(format!("{what}: counts {:.2}", met.credit()));
        match met.element {
            Likeness::Same if !met.kind => {
                self.wrong_kind += 1;
                (Verdict::Partly, note("another kind of difference"))
            }
            Likeness::Same => {
                self.found += 1;
                self.full += usize::from(met.is_full());
                if met.is_full() {
                    (Verdict::Right, None)
                } else {
                    (Verdict::Partly, note("before or after is wrong"))
                }
            }
            _ => {
                self.wrong_element += 1;
                (Verdict::Wrong, note("another element"))
            }
        }
    }
}
