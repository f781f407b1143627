//! Charts as tables: the metric `chart-table`.
//!
//! Formula: the headline is the RMS F1 of [`crate::metric::deplot_rms`] on typed cells, so that `1,000` and `$1000` are
//! one number, and a text is nothing like a number. Cells are matched by the names of their row and column, in which other
//! digits, an opposite, a denial or another period are another name; the
//! transposed reading of the answer counts, in every figure, where the names stand so or it scores better. Where a heading
//! states a scale (`$K`), values are compared in the expected one. Labels are judged apart from values, and values by their relative error.
//! The answer is JSON (`columns`, `rows`; rows may be objects, and names may be keys) or a Markdown table.
//! Known flaw: rows or columns with equal names can be confused, since only names decide what belongs together.

mod grid;
mod other;
mod reading;
mod scale;
mod shape;
mod unit;

use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::category::words;
use super::refusal::states_error;
use super::{Better, Finding, PARTLY, Reply, STRICT, Scored, Tally, ValueInfo, info};
use crate::MetricError;
use crate::answer::plain_text;
use crate::assignment::{Weights, matched_items};
use crate::distance::{share, similarities};
use crate::metric::deplot_rms::{self, Point, Similarity};
use crate::value::{Comparison, FieldType, Verdict, alike, quantity, text};
use grid::Grid;
use other::Name;
use reading::{finding, typed};
use unit::without_unit;

pub(super) const VALUES: [ValueInfo; 19] = [
    info("rms_f1", "similarity of the tables, by cell", Better::Higher),
    info("rms_precision", "share of the given cells that are right", Better::Higher),
    info("rms_recall", "share of the cells that were found", Better::Higher),
    info("exact", "share of the numbers that are exact", Better::Higher),
    info("within_1", "share of the numbers within 1 %", Better::Higher),
    info("within_5", "share of the numbers within 5 %", Better::Higher),
    info("within_10", "share of the numbers within 10 %", Better::Higher),
    info("labels_f1", "F1 over the names of rows and columns", Better::Higher),
    info("title_right", "1 if the title is right", Better::Higher),
    info(
        "fully_right",
        "1 if the title is right, every value within the tolerance and none invented",
        Better::Higher,
    ),
    info("transposed", "1 if rows and columns of the answer were exchanged", Better::Neither),
    info("right", "values within the tolerance", Better::Neither),
    info("missing", "values not given", Better::Lower),
    info("wrong", "values wrong in another way than rounded or shifted", Better::Lower),
    info("invented", "values given where there are none", Better::Lower),
    info("rounded", "numbers rounded beyond the tolerance", Better::Lower),
    info("shifted", "numbers with a moved point, swapped or dropped digits", Better::Lower),
    PARTLY,
    STRICT,
];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    /// Relative error up to which a value is right.
    tolerance: f64,
    text_theta: f64,
    number_theta: f64,
    name_threshold: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { tolerance: 0.05, text_theta: 0.5, number_theta: 0.1, name_threshold: 0.8 }
    }
}

/// The prediction in the orientation that fits better.
struct Match {
    given: Grid,
    transposed: bool,
    similarity: Similarity,
    /// How alike the names of the cells are.
    keys: Rc<Weights>,
    /// Pairs of (expected, given) cells.
    pairs: Vec<(usize, usize)>,
}

/// The table of an answer, as much of it as is judged, and what is to be said of how it was read.
fn answered(reply: &Reply<'_>, expected: &Grid) -> Result<(Grid, Vec<String>), MetricError> {
    let json = reply.json.value.as_ref().and_then(Grid::answered);
    let plain = || plain_text(reply.text);
    let given = json.or_else(|| Grid::markdown(&plain())).or_else(|| Grid::delimited(&plain()));
    let mut notes = Vec::new();
    if given.is_none() {
        notes.push("the answer holds no table".to_owned());
    }
    let mut given = given.unwrap_or_default();
    if given.take_name_of_values(expected) {
        notes.push("the only column of values was read by its place".to_owned());
    }
    let read = matched_items(expected.cells.len(), given.cells.len())?;
    if read < given.cells.len() {
        notes.push(format!("only the first {read} of {} cells were judged", given.cells.len()));
        given.cells.truncate(read);
    }
    Ok((given, notes))
}

/// Whether an answer is a table of nothing, which meets nothing to read, and no refusal.
fn says_empty(reply: &Reply<'_>) -> bool {
    reply.json.value.as_ref().is_some_and(|value| {
        !states_error(value) && Grid::answered(value).is_some_and(|grid| grid.cells.is_empty())
    })
}

impl Rules {
    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let expected = Grid::expected(expected)?;
        let (given, mut notes) = answered(reply, &expected)?;
        let found = self.matched(&expected, given);
        let strict = self.strictly(&expected, &found, reply);
        if found.given.cells.iter().any(|cell| cell.shown() != &cell.value) {
            notes.push("values were read in the scale that the headings state".to_owned());
        }
        if found.transposed {
            notes.push("rows and columns were exchanged".to_owned());
        } else if !found.given.in_place && !found.given.cells.is_empty() && notes.is_empty() {
            notes.push("the table was read in another shape than was asked for".to_owned());
        }
        let mut findings = self.cell_findings(&expected, &found);
        let numbers = Numbers::of(&expected, &found);
        findings.extend(self.title_finding(&expected, &found.given));
        let labels = self.label_findings(&expected, &found.given, &mut findings)?;
        let values = || findings.iter().filter(|finding| finding.field == "value");
        let tally = Tally::of(values());
        let title = findings.iter().find(|finding| finding.field == "title");
        let is_empty = found.given.rows.is_empty() && says_empty(reply);
        let fully = match tally.judged() {
            0 => is_empty,
            judged => tally.count(Verdict::Right) == judged,
        } && title.is_none_or(|title| title.verdict == Verdict::Right);
        let of_cells = |share: f64| if expected.cells.is_empty() { f64::from(is_empty) } else { share };
        let strict = if expected.cells.is_empty() { f64::from(is_empty && reply.is_bare()) } else { strict };
        let f1 = of_cells(found.similarity.f1);
        let mut scored =
            reply.scored(Some(f1)).with_values(tally.values()).with_values(numbers.values()).with_values([
                ("rms_f1", Some(f1)),
                ("rms_precision", Some(of_cells(found.similarity.precision))),
                ("rms_recall", Some(of_cells(found.similarity.recall))),
                ("labels_f1", labels),
                ("title_right", title.map(|title| f64::from(title.verdict == Verdict::Right))),
                ("fully_right", Some(f64::from(fully))),
                ("transposed", Some(f64::from(found.transposed))),
                ("strict", Some(f1.min(strict))),
            ]);
        scored.explanation = findings;
        scored.notes = notes;
        Ok(scored)
    }

    fn by(&self, name_threshold: f64) -> Comparison {
        Comparison { name_threshold, date_order: None }
    }

    fn matched(&self, expected: &Grid, given: Grid) -> Match {
        let rules = self.similarity();
        let points = expected.points();
        let readings = scale::readings(expected, given);
        let mut best: Option<Match> = None;
        // The names of rows and columns tell how the table stands; where they do not, the reading as it stands wins ties,
        // or a symmetric table would be reported as turned.
        let is_turned = expected.is_turned(&readings[0]);
        for transposed in [is_turned, !is_turned] {
            // What fits in the likelier way need not be turned.
            if best.as_ref().is_some_and(|best| best.similarity.f1 > 0.5 && best.transposed != transposed) {
                break;
            }
            let turned = |grid: &Grid| if transposed { grid.transposed() } else { grid.clone() };
            // Readings differ in their values only, so they are matched once.
            let first = turned(&readings[0]);
            let keys = Rc::new(self.keys(&points, &first.points(), expected, &first));
            let pairs = deplot_rms::matched_keys(&keys);
            for reading in &readings {
                let grid = turned(reading);
                let typed = typed(&points, grid.points(), &pairs);
                let similarity = rules.similarity(&points, &typed, &keys, &pairs);
                if best.as_ref().is_none_or(|best| similarity.f1 > best.similarity.f1) {
                    let (keys, pairs) = (Rc::clone(&keys), pairs.clone());
                    best = Some(Match { given: grid, transposed, similarity, keys, pairs });
                }
            }
        }
        best.expect("there is at least one reading")
    }

    fn similarity(&self) -> deplot_rms::Rules {
        deplot_rms::Rules { text_theta: self.text_theta, number_theta: self.number_theta }
    }

    /// How alike the names of the cells are, all compared at once.
    fn keys(&self, expected: &[Point], given: &[Point], wanted: &Grid, found: &Grid) -> Weights {
        let rows: Vec<&str> = expected.iter().map(|point| point.0.as_str()).collect();
        let columns: Vec<&str> = given.iter().map(|point| point.0.as_str()).collect();
        let mut cells = similarities(&rows, &columns);
        let (wanted, found) = (wanted.names(), found.names());
        for (at, cell) in cells.iter_mut().enumerate() {
            let ((row, column), (other_row, other_column)) =
                (&wanted[at / given.len()], &found[at % given.len()]);
            if 1.0 - *cell >= self.text_theta || row.is_other(other_row) || column.is_other(other_column) {
                *cell = 0.0;
            }
        }
        Weights::from_cells(expected.len(), given.len(), cells)
    }

    /// The similarity if nothing is read leniently: as asked for, not turned, numbers as numbers, in the unit of the label.
    fn strictly(&self, expected: &Grid, found: &Match, reply: &Reply<'_>) -> f64 {
        if !reply.is_bare() || !found.given.in_place || found.transposed {
            return 0.0;
        }
        let (literal, given) = (expected.literal_points(), found.given.literal_points());
        let named_alike =
            |a: &[Point], b: &[Point]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0);
        // The same names are matched in the same way.
        if named_alike(&literal, &expected.points()) && named_alike(&given, &found.given.points()) {
            return self.similarity().similarity(&literal, &given, &found.keys, &found.pairs).f1;
        }
        let keys = self.keys(&literal, &given, expected, &found.given);
        self.similarity().similarity(&literal, &given, &keys, &deplot_rms::matched_keys(&keys)).f1
    }

    fn cell_findings(&self, expected: &Grid, found: &Match) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut taken = vec![false; found.given.cells.len()];
        for (index, cell) in expected.cells.iter().enumerate() {
            let pair = found.pairs.iter().find(|pair| pair.0 == index);
            let got = pair.map_or(&Value::Null, |pair| &found.given.cells[pair.1].value);
            let shown = pair.map_or(&Value::Null, |pair| found.given.cells[pair.1].shown());
            if let Some(pair) = pair {
                taken[pair.1] = true;
            }
            let (verdict, note) = self.judge(&cell.value, got);
            findings.push(finding(cell.path(), "value", cell.value.clone(), shown.clone(), verdict, note));
        }
        // A labelled empty cell takes no part in the matching; a value with its names is invented.
        for (cell, _) in found.given.cells.iter().zip(&taken).filter(|(_, taken)| !**taken) {
            findings.push(finding(
                cell.path(),
                "value",
                Value::Null,
                cell.shown().clone(),
                Verdict::Invented,
                None,
            ));
        }
        findings
    }

    fn judge(&self, expected: &Value, got: &Value) -> (Verdict, Option<String>) {
        let (Some(truth), Some(answer)) = (quantity(expected), quantity(got)) else {
            let kind = if quantity(expected).is_some() { FieldType::Number } else { FieldType::Name };
            let judgement = kind.judge(expected, got, &self.by(self.name_threshold));
            return (judgement.verdict, judgement.note);
        };
        let error = relative_error(truth.to_f64(), answer.to_f64());
        let note = (error > 0.0).then(|| format!("off by {:.1} %", error * 100.0));
        if error <= self.tolerance {
            return (Verdict::Right, note);
        }
        (FieldType::Number.judge(expected, got, &self.by(1.0)).verdict, note)
    }

    fn title_finding(&self, expected: &Grid, given: &Grid) -> Option<Finding> {
        let title = expected.title.as_ref()?;
        let got = given.title.clone().unwrap_or_default();
        let judgement = FieldType::Name.judge(title, &got, &self.by(self.name_threshold));
        Some(finding("title".to_owned(), "title", title.clone(), got, judgement.verdict, judgement.note))
    }

    /// Judges the names of rows and columns, and gives their F1.
    fn label_findings(
        &self,
        expected: &Grid,
        given: &Grid,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<f64>, MetricError> {
        let (mut right, mut all) = (0, 0);
        for (field, expected, given) in
            [("row", &expected.rows, &given.rows), ("column", &expected.columns, &given.columns)]
        {
            let named = given.len();
            let given = &given[..matched_items(expected.len(), given.len())?];
            let plain = |label: &String| words(&without_unit(label)).join(" ");
            let wanted: Vec<String> = expected.iter().map(plain).collect();
            let named_so: Vec<String> = given.iter().map(plain).collect();
            let weights = Weights::new(expected.len(), given.len(), |row, column| {
                alike(&wanted[row], &named_so[column])
            })?;
            let pairs = weights.best_matching();
            let same_digits = |pair: &(usize, usize)| digits(&wanted[pair.0]) == digits(&named_so[pair.1]);
            let close = |pair: &&(usize, usize)| {
                let is_other = Name::read(&expected[pair.0]).is_other(&Name::read(&given[pair.1]));
                weights.at(pair.0, pair.1) >= self.name_threshold && same_digits(pair) && !is_other
            };
            right += pairs.iter().filter(close).count();
            all += expected.len() + named;
            for (index, label) in expected.iter().enumerate() {
                let pair = pairs.iter().find(|pair| pair.0 == index);
                let got = pair.filter(|pair| weights.at(pair.0, pair.1) > 0.0).map(|pair| &given[pair.1]);
                let verdict = match pair.filter(close) {
                    Some(_) => Verdict::Right,
                    None if got.is_some() => Verdict::Wrong,
                    None => Verdict::Missing,
                };
                findings.push(finding(
                    format!("{field} {label}"),
                    field,
                    json!(label),
                    json!(got),
                    verdict,
                    None,
                ));
            }
        }
        Ok(share(2 * right, all))
    }
}

/// |t − p| / |t|; for 0 it is 0 or infinite.
pub(super) fn relative_error(truth: f64, answer: f64) -> f64 {
    match (truth == answer, truth == 0.0) {
        (true, _) => 0.0,
        (false, true) => f64::INFINITY,
        (false, false) => (truth - answer).abs() / truth.abs(),
    }
}

/// How many expected numbers were met how closely.
#[derive(Default)]
struct Numbers {
    all: usize,
    exact: usize,
    within: [usize; 3],
}

impl Numbers {
    fn of(expected: &Grid, found: &Match) -> Self {
        let mut numbers = Self::default();
        let mut given = vec![None; expected.cells.len()];
        found.pairs.iter().for_each(|(row, column)| given[*row] = Some(&found.given.cells[*column].value));
        for (cell, given) in expected.cells.iter().zip(given) {
            let Some(truth) = quantity(&cell.value) else { continue };
            numbers.all += 1;
            let Some(answer) = given.and_then(quantity) else { continue };
            let error = relative_error(truth.to_f64(), answer.to_f64());
            numbers.exact += usize::from(truth == answer);
            for (count, limit) in numbers.within.iter_mut().zip([0.01, 0.05, 0.1]) {
                *count += usize::from(error <= limit);
            }
        }
        numbers
    }

    fn values(&self) -> [(&'static str, Option<f64>); 4] {
        let of = |count| share(count, self.all);
        [
            ("exact", of(self.exact)),
            ("within_1", of(self.within[0])),
            ("within_5", of(self.within[1])),
            ("within_10", of(self.within[2])),
        ]
    }
}

/// A label or a text of a cell, for comparison.
fn label(value: &Value) -> String {
    // Longer labels are prose, and comparing them would take long.
    if value.is_null() { String::new() } else { text(value).trim().chars().take(200).collect() }
}

fn digits(label: &str) -> String {
    label.chars().filter(char::is_ascii_digit).collect()
}
