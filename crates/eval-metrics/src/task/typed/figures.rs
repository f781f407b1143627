//! The figures of an answer, out of its findings.

use super::items::Outcome;
use super::structure::{is_within, unmarked};
use super::{Finding, Reply, Rules, Scored, Tally};
use crate::distance::share;
use crate::value::{Verdict, is_absent};

impl Rules {
    pub(super) fn figures(
        &self,
        outcome: Outcome,
        arithmetic_ok: Option<f64>,
        reply: &Reply<'_>,
        notes: Vec<String>,
        is_answer: bool,
    ) -> Scored {
        let tally = Tally::of(&outcome.findings);
        let judged = tally.judged() + outcome.beyond;
        let sums = self.sums(&outcome);
        // Nothing expected and nothing given is right, if it was labelled.
        let or_absent = |share: Option<f64>| {
            let is_empty = (judged > 0 || outcome.f1().is_some()) && sums.given + sums.labelled == 0.0;
            share.or_else(|| is_empty.then(|| f64::from(is_answer)))
        };
        let f1 = or_absent(sums.credit(sums.given + sums.labelled).map(|half| 2.0 * half));
        let whole = sums.given + sums.labelled;
        let strict = or_absent((whole > 0.0).then(|| 2.0 * sums.strictly / whole));
        let strict = strict.map(|strict| if reply.is_bare() { strict } else { 0.0 });
        let fully = tally.count(Verdict::Right) == judged && (is_answer || sums.given > 0.0);
        let critical = outcome.findings.iter().filter(|finding| self.is_critical(&finding.field));
        let critical = Tally::of(critical);
        let critical_right = share(critical.count(Verdict::Right), critical.judged());
        let invented = tally.count(Verdict::Invented) + outcome.beyond;
        let mut scored = reply.scored(f1).with_values(tally.values()).with_values([
            ("field_f1", f1),
            ("invented", Some(invented as f64)),
            ("field_precision", or_absent(sums.credit(sums.given))),
            ("field_recall", or_absent(sums.credit(sums.labelled))),
            ("item_f1", outcome.f1()),
            ("fully_right", (judged > 0).then(|| f64::from(fully))),
            ("critical_right", critical_right),
            ("critical_all_right", critical_right.map(f64::floor)),
            ("items_missing", outcome.counted(outcome.missing)),
            ("items_invented", outcome.counted(outcome.invented)),
            ("arithmetic_ok", arithmetic_ok),
            ("judged", Some(judged as f64)),
            ("strict", strict),
        ]);
        scored.explanation = outcome.findings;
        scored.notes = notes;
        scored
    }

    fn sums(&self, outcome: &Outcome) -> Sums {
        let sum = |counts: &dyn Fn(&Finding) -> bool| -> f64 {
            let counted = outcome.findings.iter().filter(|finding| counts(finding));
            // An empty sum of floats is −0.
            counted.map(|finding| self.weight(&finding.field)).sum::<f64>() + 0.0
        };
        let of = |verdict: Verdict| sum(&|finding| finding.verdict == verdict);
        let present = |finding: &Finding| finding.verdict == Verdict::Right && !is_absent(&finding.expected);
        let (right, partly) = (sum(&present), of(Verdict::Partly));
        let wrong = of(Verdict::Wrong) + of(Verdict::Rounded) + of(Verdict::Shifted);
        Sums {
            right,
            strictly: sum(&|finding| present(finding) && !finding.lenient),
            partly,
            given: right + partly + wrong + of(Verdict::Invented) + outcome.beyond as f64,
            labelled: right + partly + wrong + of(Verdict::Missing),
        }
    }

    /// How much a field counts: as is said of it, or of the nearest that holds it.
    fn weight(&self, field: &str) -> f64 {
        if self.weights.is_empty() {
            return 1.0;
        }
        let field = unmarked(field);
        let said = self.weights.iter().filter(|(name, _)| is_within(&field, name));
        said.max_by_key(|(name, _)| name.len()).map_or(1.0, |(_, weight)| *weight)
    }
}

/// Weights of values; without settings each is 1.
struct Sums {
    right: f64,
    strictly: f64,
    partly: f64,
    given: f64,
    labelled: f64,
}

impl Sums {
    /// What is right by one of two readings counts half.
    fn credit(&self, whole: f64) -> Option<f64> {
        (whole > 0.0).then(|| (self.right + self.partly / 2.0) / whole)
    }
}
