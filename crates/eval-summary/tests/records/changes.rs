//! "What would change this": every line is put to the test, with a record in which it came about.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Condition, Constraint, Constraints, Options, Prefer, Summary, WouldChange};
use proptest::prelude::*;
use vision_core::Task;

use crate::{row, run, written};

/// Few values of everything, so that ties of all kinds come up: twins, equal prices, equal times, nobody who answers.
fn provider() -> impl Strategy<Value = SyntheticProvider> {
    let price = prop::sample::select(vec![None, Some(0.0), Some(0.5), Some(1.0), Some(4.0)]);
    let accuracy = prop::sample::select(vec![0.6, 0.9, 0.95, 1.0]);
    (1_u64..4, accuracy, price, prop::bool::weighted(0.15), prop::sample::select(vec![200_u64, 700, 3_000]))
        .prop_map(|(seed, accuracy, price, is_dead, milliseconds)| SyntheticProvider {
            price,
            failing: f64::from(u8::from(is_dead)),
            milliseconds,
            ..SyntheticProvider::new("", seed, accuracy)
        })
}

fn constraints() -> impl Strategy<Value = Constraints> {
    let tolerance = prop::sample::select(vec![0.0, 0.01, 0.05, 0.1]);
    let prefer = prop::sample::select(vec![Prefer::Cost, Prefer::Time]);
    let limit = |values: Vec<f64>| prop::option::weighted(0.3, prop::sample::select(values));
    (tolerance, prefer, limit(vec![0.7, 0.93]), limit(vec![1.0, 4.0]), limit(vec![0.0, 0.6, 1.2])).prop_map(
        |(tolerance, prefer, min_score, max_p95_seconds, max_usd_per_1000)| Constraints {
            min_score,
            max_p95_seconds,
            max_usd_per_1000,
            tolerance,
            prefer,
            ..Constraints::default()
        },
    )
}

fn situation() -> impl Strategy<Value = (SyntheticRun, Constraints)> {
    let cases = prop::sample::select(vec![6_u64, 40, 150]);
    let controls = prop::bool::weighted(0.3);
    (prop::collection::vec(provider(), 1..6), cases, controls, constraints(), 0_u64..1_000).prop_map(
        |(mut providers, cases, has_control, constraints, seed)| {
            for (at, provider) in providers.iter_mut().enumerate() {
                provider.label = format!("p/{at}");
            }
            if has_control {
                let blank = SyntheticProvider::new("control/blank", 9, 0.0);
                providers.push(SyntheticProvider { price: Some(0.0), control: true, ..blank });
            }
            (SyntheticRun { seed, ..run(providers, cases, &[Task::Classify]) }, constraints)
        },
    )
}

fn summary(run: &SyntheticRun, constraints: &Constraints) -> Summary {
    let options = Options { constraints: constraints.clone(), ..Options::default() };
    Summary::of(&written(run).1, &options).unwrap()
}

/// The same run, with another price (or another time) of one provider.
fn at(run: &SyntheticRun, provider: &str, now: &Summary, prefer: Prefer, price: f64) -> SyntheticRun {
    let mut run = run.clone();
    let changed = run.providers.iter_mut().find(|one| one.label == provider).unwrap();
    let row = row(now, provider);
    match prefer {
        Prefer::Cost => {
            let tokens = row.tokens.input.as_ref().unwrap().mean + row.tokens.output.as_ref().unwrap().mean;
            changed.price = Some(price * 1_000.0 / tokens);
        }
        Prefer::Time | Prefer::TotalCost => {
            let factor = price / row.latency.as_ref().unwrap().p50.value;
            changed.milliseconds = (changed.milliseconds as f64 * factor).round() as u64;
        }
    }
    run
}

/// Runs and constraints in which the line says that `then` would be recommended.
fn situations(
    run: &SyntheticRun,
    constraints: &Constraints,
    now: &Summary,
    condition: &Condition,
) -> Vec<(SyntheticRun, Constraints)> {
    let asked = |constraints: Constraints| vec![(run.clone(), constraints)];
    let priced = |provider: &str, prices: &[f64]| {
        let all = prices.iter().map(|price| at(run, provider, now, constraints.prefer, *price));
        all.map(|run| (run, constraints.clone())).collect()
    };
    let same = || constraints.clone();
    match condition {
        Condition::Without { constraint: Constraint::MinScore } => {
            asked(Constraints { min_score: None, ..same() })
        }
        Condition::Without { constraint: Constraint::MaxP95 } => {
            asked(Constraints { max_p95_seconds: None, ..same() })
        }
        Condition::Without { constraint: Constraint::MaxCost } => {
            asked(Constraints { max_usd_per_1000: None, ..same() })
        }
        Condition::Without { constraint: Constraint::Require } => {
            asked(Constraints { require: Vec::new(), ..same() })
        }
        Condition::Tolerance { tolerance } => asked(Constraints { tolerance: *tolerance, ..same() }),
        Condition::Prefer { prefer } => asked(Constraints { prefer: *prefer, ..same() }),
        Condition::DearerThan { provider, than } => {
            priced(provider, &[than * 1.02 + 0.002, than * 3.0 + 0.1, than * 100.0 + 10.0])
        }
        Condition::CheaperThan { provider, than } => priced(provider, &[than * 0.98, than / 3.0]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_to_change_the_verdict_does((run, constraints) in situation()) {
        let now = summary(&run, &constraints);
        let verdict = &now.verdict;
        for WouldChange { condition, then } in &verdict.changes {
            prop_assert_ne!(Some(then), verdict.winner.as_ref());
            for (run, constraints) in situations(&run, &constraints, &now, condition) {
                let changed = summary(&run, &constraints).verdict;
                prop_assert_eq!(
                    changed.winner.as_ref(), Some(then),
                    "{:?}, of {:?}", condition, verdict.candidates
                );
            }
        }
        let names = verdict.candidates.iter().map(|one| &one.provider);
        prop_assert!(names.clone().all(|name| row(&now, name).answers.answered > 0), "nobody who never answered");
        prop_assert!(verdict.today.as_ref().is_none_or(|today| names.clone().any(|name| name == today)));
    }
}
