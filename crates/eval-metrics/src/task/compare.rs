//! Differences between two images: the metric `compare`.
//!
//! Formula: expected and given differences are matched one to one so that the total credit is largest. A pair is credited
//! for its element and its values: the right element of the right kind gives half, its right values before and after the
//! other half; another element of the same sort (`Import button` for `Export button`) gives a fifth if all else is right,
//! and a wrong kind a quarter. F1 = 2·credit / (expected + given); no differences on both sides is 1, also where the answer
//! says so in words. Elements are compared by the words that tell them apart, values as amounts or words, and digits must
//! be equal in both.
//! Known flaw: differences that are told in sentences are not read.

mod element;

use serde::Deserialize;
use serde_json::Value;

use super::claims::{Clause, Stance, plainly, segments};
use super::keys::{Fields, best_object};
use super::{Better, Finding, Reply, STRICT, Scored, ValueInfo, info};
use crate::MetricError;
use crate::answer::plain_text;
use crate::assignment::{Weights, matched_items};
use crate::distance::ratio;
use crate::task::classify::words;
use crate::value::{Verdict, is_absent, is_same_spelling, text};
use element::{Element, Likeness, same_value};

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

/// A difference, read once for many comparisons.
struct Difference<'a> {
    whole: &'a Value,
    kind: String,
    element: Element,
    before: &'a Value,
    after: &'a Value,
    /// It is an object with the keys that were asked for.
    in_place: bool,
}

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

impl Rules {
    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let expected = crate::arguments::list("expected.differences", &expected["differences"])?;
        let given = given(reply);
        let expected: Vec<Difference<'_>> = expected.iter().map(Difference::read).collect();
        let matched = matched_items(expected.len(), given.len())?;
        let all: Vec<Difference<'_>> = given.iter().map(|value| Difference::read(value)).collect();
        let mut met = Vec::with_capacity(expected.len() * matched);
        for difference in &expected {
            met.extend(all[..matched].iter().map(|given| self.met(difference, given)));
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
        let answered = denied || reply.json.value.is_some();
        let mut figures = self.figures(&expected, &all, &pairs, answered, reply);
        if denied && reply.json.value.is_none() {
            figures.parse = reply.parse_or_prose();
            figures.notes.push("says in words that there is no difference".to_owned());
        }
        Ok(figures)
    }

    fn met(&self, expected: &Difference<'_>, given: &Difference<'_>) -> Met {
        let sides = [(expected.before, given.before), (expected.after, given.after)];
        // A side that is labelled absent counts only if something was made up for it.
        let judged = sides.iter().filter(|(expected, got)| !(is_absent(expected) && is_absent(got)));
        let (mut right, mut all) = (0, 0);
        for (expected, got) in judged {
            all += 1;
            right += usize::from(same_value(expected, got));
        }
        Met {
            kind: expected.kind == given.kind,
            element: expected.element.likeness(&given.element, self.name_threshold),
            details: if all == 0 { 1.0 } else { ratio(right, all) },
        }
    }

    fn figures(
        &self,
        expected: &[Difference<'_>],
        given: &[Difference<'_>],
        pairs: &[Option<(usize, Met)>],
        answered: bool,
        reply: &Reply<'_>,
    ) -> Scored {
        let mut findings = Vec::new();
        let mut count = Counts::default();
        let mut taken = vec![false; given.len()];
        for (row, (difference, pair)) in expected.iter().zip(pairs).enumerate() {
            let (verdict, note) = pair.map_or((Verdict::Missing, None), |(_, met)| count.add(met));
            let got = pair.map(|(column, _)| &given[column]);
            let literal = got.is_some_and(|got| difference.is_literally(got)) && reply.is_bare();
            if let Some((column, _)) = pair {
                taken[*column] = true;
            }
            count.strict += usize::from(literal);
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
            count.invented += 1;
            findings.push(Finding {
                path: format!("differences[+{at}]"),
                field: "differences".to_owned(),
                expected: Value::Null,
                got: difference.whole.clone(),
                verdict: Verdict::Invented,
                note: None,
                lenient: false,
            });
        }
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

impl<'a> Difference<'a> {
    fn read(whole: &'a Value) -> Self {
        static NOTHING: Value = Value::Null;
        let Some(map) = whole.as_object() else {
            let element = Element::read(&text(whole));
            return Self {
                whole,
                kind: String::new(),
                element,
                before: &NOTHING,
                after: &NOTHING,
                in_place: false,
            };
        };
        let fields = Fields::of(map);
        let names = ["kind", "element", "before", "after"];
        let get = |name: &'static str| {
            fields
                .get(name, names.into_iter().filter(move |other| *other != name))
                .map_or(&NOTHING, |found| found.value)
        };
        Self {
            whole,
            kind: kind(&text(get("kind"))),
            element: Element::read(&text(get("element"))),
            before: get("before"),
            after: get("after"),
            in_place: names.iter().all(|name| map.contains_key(*name)),
        }
    }

    /// Whether all that was asked for is there to the letter.
    fn is_literally(&self, got: &Self) -> bool {
        let side = |name: &str| {
            let (expected, got) = (&self.whole[name], &got.whole[name]);
            self.whole.get(name).is_none()
                || is_same_spelling(expected, got)
                || (is_absent(expected) && got.is_null())
        };
        got.in_place && ["kind", "element", "before", "after"].iter().all(|name| side(name))
    }
}

/// The list of differences in an answer, under its usual names; nothing for `"none"` and the like.
fn given<'a>(reply: &'a Reply<'_>) -> Vec<&'a Value> {
    let Some(value) = reply.json.value.as_ref() else { return Vec::new() };
    if let Value::Array(items) = value {
        return match items.as_slice() {
            // A wrapper around the whole, and no difference itself.
            [Value::Object(only)] if only.get("differences").is_some_and(Value::is_array) => {
                listed(&only["differences"])
            }
            items => items.iter().collect(),
        };
    }
    let (fields, known) = best_object(value, &["differences"]);
    if let Some(found) =
        fields.filter(|_| known > 0).and_then(|map| Fields::of(map).get("differences", std::iter::empty()))
    {
        return listed(found.value);
    }
    // A single difference without a list.
    let (fields, known) = best_object(value, &["kind", "element", "before", "after"]);
    match fields {
        Some(map) if known >= 2 && value.as_object().is_some_and(|whole| std::ptr::eq(whole, map)) => {
            vec![value]
        }
        _ => Vec::new(),
    }
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) if fields.values().all(Value::is_object) => fields.values().collect(),
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    }
}

/// Whether an answer says that there are no differences: `{"differences": []}`, `{"identical": true}`, or in words.
fn denies_differences(reply: &Reply<'_>) -> bool {
    match reply.json.value.as_ref() {
        Some(Value::String(text)) => denied_in_words(text),
        Some(_) => true,
        None => denied_in_words(&plain_text(reply.text)),
    }
}

fn denied_in_words(text: &str) -> bool {
    const SAME: [&str; 8] =
        ["identical", "same", "alike", "unchanged", "equal", "match", "matching", "indistinguishable"];
    const DIFFERENT: [&str; 14] = [
        "difference",
        "differences",
        "change",
        "changes",
        "changed",
        "differ",
        "differs",
        "different",
        "discrepancy",
        "discrepancies",
        "modification",
        "modifications",
        "variation",
        "variations",
    ];
    let plain = plainly(text);
    if ["except", "apart from", "other than", "only difference", "aside from", "besides"]
        .iter()
        .any(|word| plain.contains(word))
    {
        return false;
    }
    segments(&plain).into_iter().find_map(|segment| {
        let mut denied = None;
        for clause in segment {
            let words: Vec<String> = words(clause).split(' ').map(str::to_owned).collect();
            let clause = Clause::new(words);
            for (at, word) in clause.words.iter().enumerate() {
                let stance = clause.stance(at, at + 1);
                if SAME.contains(&word.as_str()) {
                    denied = Some(denied.unwrap_or(true) && stance != Stance::Denied);
                } else if DIFFERENT.contains(&word.as_str()) {
                    denied = Some(denied.unwrap_or(true) && stance == Stance::Denied);
                }
            }
        }
        denied.or_else(|| (plain.trim().trim_end_matches('.') == "none").then_some(true))
    }) == Some(true)
}

/// The kind of a difference, under its usual names.
fn kind(text: &str) -> String {
    const KINDS: [(&str, &[&str]); 5] = [
        (
            "changed",
            &[
                "change",
                "modified",
                "updated",
                "edited",
                "altered",
                "replaced",
                "text changed",
                "value changed",
                "text change",
                "value change",
                "modification",
                "different",
                "renamed",
                "content changed",
            ],
        ),
        ("added", &["add", "new", "inserted", "appeared", "addition", "introduced", "created"]),
        (
            "removed",
            &["remove", "deleted", "missing", "disappeared", "gone", "removal", "deletion", "absent"],
        ),
        (
            "moved",
            &[
                "move",
                "relocated",
                "repositioned",
                "position changed",
                "shifted",
                "position",
                "position change",
                "movement",
            ],
        ),
        (
            "recoloured",
            &[
                "recolored",
                "recolor",
                "recolour",
                "color",
                "colour",
                "color changed",
                "colour changed",
                "color change",
                "colour change",
                "recoloring",
                "recolouring",
            ],
        ),
    ];
    let kind = words(text);
    let known = KINDS.iter().find(|(name, list)| *name == kind || list.contains(&kind.as_str()));
    known.map_or(kind, |(name, _)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::denied_in_words;

    #[test]
    fn hears_that_nothing_differs() {
        for text in [
            "The two pictures are identical.",
            "No differences.",
            "There are no visible differences between the images.",
            "Nothing has changed",
            "I don't see any differences.",
            "Both images are the same",
            "They do not differ.",
            "none",
        ] {
            assert!(denied_in_words(text), "{text}");
        }
        for text in [
            "sorry",
            "The pictures are not identical.",
            "There is one difference.",
            "They are identical except for the title.",
            "The layout is the same but the price changed.",
            "",
        ] {
            assert!(!denied_in_words(text), "{text}");
        }
    }
}
