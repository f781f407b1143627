//! Whom to take.
//!
//! Accuracy first, then cost. The candidates that are not shown to be worse than the one with the best score are tied.
//! Of these the cheapest is taken, if it is surely not much worse (by more than the tolerance) than any of the others:
//! the interval of the difference must say so, not the figure. If nobody fulfils that, it cannot be told yet.

mod words;

use crate::{
    Board, Constraints, Decision, Difference, Differences, Excluded, Opinion, Options, Row, Scored, Settle,
    Verdict,
};

pub(super) fn verdict(
    scored: &Scored<'_>,
    overall: &Board,
    differences: &Differences,
    options: &Options,
) -> Verdict {
    let field = Field { scored, rows: &overall.rows, pairs: &differences.pairs };
    let choice = field.choose(&options.constraints);
    let second = |tied: &[&Row]| tied.get(1).map(|row| row.provider.clone());
    let runner_up = match choice.decision {
        Decision::CannotTellYet => second(&choice.tied),
        _ => choice.runner_up(),
    };
    Verdict {
        constraints: options.constraints.clone(),
        decision: choice.decision,
        sentence: words::sentence(&field, &choice),
        winner: choice.winner.map(|row| row.provider.clone()),
        runner_up,
        reasons: words::reasons(&field, &choice),
        flips: words::flips(&field, &choice, &options.constraints),
        settle: field.settle(&choice),
        tied: choice.tied.iter().map(|row| row.provider.clone()).collect(),
        excluded: choice.excluded,
    }
}

/// Everybody, the best score first, and what is known of every pair.
struct Field<'a> {
    scored: &'a Scored<'a>,
    rows: &'a [Row],
    pairs: &'a [Difference],
}

/// What was decided under some constraints.
struct Choice<'a> {
    decision: Decision,
    winner: Option<&'a Row>,
    /// The best score first.
    candidates: Vec<&'a Row>,
    tied: Vec<&'a Row>,
    excluded: Vec<Excluded>,
    tolerance: f64,
}

impl Choice<'_> {
    fn runner_up(&self) -> Option<String> {
        let winner = self.winner?;
        let other = |row: &&&Row| row.provider != winner.provider;
        self.candidates.iter().find(other).map(|row| row.provider.clone())
    }
}

impl<'a> Field<'a> {
    fn choose(&self, constraints: &Constraints) -> Choice<'a> {
        let mut candidates = Vec::new();
        let mut excluded = Vec::new();
        for row in self.rows {
            let reasons = self.objections(row, constraints);
            if reasons.is_empty() {
                candidates.push(row);
            } else {
                excluded.push(Excluded { provider: row.provider.clone(), reasons });
            }
        }
        let tied = self.tied(&candidates);
        let winner = self.cheapest_sure(&tied, constraints.tolerance);
        let decision = match (candidates.is_empty(), winner, tied.len()) {
            (true, ..) => Decision::NoCandidate,
            (false, None, _) => Decision::CannotTellYet,
            (false, Some(_), 1) => Decision::Best,
            (false, Some(_), _) => Decision::CheapestOfTied,
        };
        Choice { decision, winner, candidates, tied, excluded, tolerance: constraints.tolerance }
    }

    /// Why somebody is no candidate.
    fn objections(&self, row: &Row, constraints: &Constraints) -> Vec<String> {
        if row.control {
            return vec!["a control: it never looks at the media".to_owned()];
        }
        let mut reasons = Vec::new();
        let Some(score) = &row.score else {
            return vec!["none of its trials could be scored".to_owned()];
        };
        if !row.tasks_missing.is_empty() {
            reasons.push(format!("has no score for {}", row.tasks_missing.join(", ")));
        }
        if let Some(least) = constraints.min_score.filter(|least| score.mean < *least) {
            reasons.push(format!("scores {}, not {}", words::share(score.mean), words::share(least)));
        }
        if let Some(most) = constraints.max_p95_seconds {
            match row.latency.as_ref().map(|latency| latency.p95.value) {
                None => reasons.push("its latency is not known".to_owned()),
                Some(p95) if p95 > most => reasons.push(format!("p95 is {p95:.2} s, not {most} s")),
                Some(_) => {}
            }
        }
        if let Some(most) = constraints.max_usd_per_1000 {
            match row.cost.per_1000 {
                Some(cost) if cost > most => {
                    let sign = if row.cost.at_least { "at least " } else { "" };
                    reasons.push(format!(
                        "costs {sign}{} per 1,000 cases, not {}",
                        words::usd(cost),
                        words::usd(most)
                    ));
                }
                Some(_) if !row.cost.at_least => {}
                _ => reasons.push("its price is not known".to_owned()),
            }
        }
        let providers = self.scored.providers();
        let planned = providers.iter().find(|provider| provider.label == row.provider);
        let has = |wanted: &String| planned.is_some_and(|planned| planned.capabilities.contains(wanted));
        let lacking: Vec<&str> =
            constraints.require.iter().filter(|wanted| !has(wanted)).map(String::as_str).collect();
        if !lacking.is_empty() {
            reasons.push(format!("lacks {}", lacking.join(", ")));
        }
        reasons
    }

    /// The candidate with the best score, and those that are not shown to be worse.
    fn tied(&self, candidates: &[&'a Row]) -> Vec<&'a Row> {
        let Some(best) = candidates.first() else { return Vec::new() };
        let worse = |row: &Row| self.between(best, row).is_some_and(|pair| pair.opinion == Opinion::Worse);
        candidates.iter().copied().filter(|row| row.provider == best.provider || !worse(row)).collect()
    }

    /// The pair of two, whichever way round.
    fn between(&self, one: &Row, other: &Row) -> Option<Pair<'a>> {
        self.pairs.iter().find_map(|pair| {
            let forward = pair.a == one.provider && pair.b == other.provider;
            let backward = pair.b == one.provider && pair.a == other.provider;
            (forward || backward).then(|| Pair::new(pair, forward))
        })
    }

    /// The cheapest of the tied that is surely not much worse than any other of them.
    fn cheapest_sure(&self, tied: &[&'a Row], tolerance: f64) -> Option<&'a Row> {
        let mut by_cost = tied.to_vec();
        // Stable: the better score first among equally cheap ones, the unpriced last.
        by_cost.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
        by_cost.into_iter().find(|row| {
            let mut others = tied.iter().filter(|other| other.provider != row.provider);
            others.all(|other| {
                self.between(other, row).is_some_and(|pair| pair.low.is_some_and(|low| low > -tolerance))
            })
        })
    }

    fn settle(&self, choice: &Choice<'a>) -> Option<Settle> {
        let [best, rival, ..] = choice.tied.as_slice() else { return None };
        let cases = self.between(best, rival).and_then(|pair| pair.difference.cases_to_settle);
        let both = [best, rival].map(|row| row.cost.per_1000.filter(|_| !row.cost.at_least));
        let per_case = both[0].zip(both[1]).map(|(a, b)| (a + b) / 1000.0);
        let repeats = f64::from(self.scored.plan().repeats);
        Some(Settle {
            best: best.provider.clone(),
            rival: rival.provider.clone(),
            cases,
            usd: cases.zip(per_case).map(|(cases, per_case)| cases as f64 * repeats * per_case),
        })
    }
}

/// Dollars for a thousand cases; what is not known is dearer than anything.
fn cost(row: &Row) -> f64 {
    row.cost.per_1000.filter(|_| !row.cost.at_least).unwrap_or(f64::INFINITY)
}

/// What is known of the second of two against the first.
struct Pair<'a> {
    difference: &'a Difference,
    opinion: Opinion,
    /// Second − first.
    mean: f64,
    low: Option<f64>,
    high: Option<f64>,
}

impl<'a> Pair<'a> {
    fn new(difference: &'a Difference, forward: bool) -> Self {
        let interval = difference.interval.as_ref();
        if forward {
            return Self {
                difference,
                opinion: difference.opinion,
                mean: difference.difference,
                low: interval.map(|interval| interval.low),
                high: interval.map(|interval| interval.high),
            };
        }
        let opinion = match difference.opinion {
            Opinion::Better => Opinion::Worse,
            Opinion::Worse => Opinion::Better,
            Opinion::CannotTell => Opinion::CannotTell,
        };
        Self {
            difference,
            opinion,
            mean: -difference.difference,
            low: interval.map(|interval| -interval.high),
            high: interval.map(|interval| -interval.low),
        }
    }
}
