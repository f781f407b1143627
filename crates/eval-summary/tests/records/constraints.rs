//! A constraint excludes who is shown to miss it, and only who is shown to meet it is recommended.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Constraints, Decision, Objection, Opinion, Options, StandingKind, Summary, Unmet, Verdict,
};
use vision_core::Task;

use crate::{row, run, written};

fn verdict(run: &SyntheticRun, constraints: Constraints) -> (Summary, Verdict) {
    let options = Options { constraints, ..Options::default() };
    let summary = Summary::of(&written(run).1, &options).unwrap();
    let verdict = summary.verdict.clone();
    (summary, verdict)
}

fn at_least(min_score: f64) -> Constraints {
    Constraints { min_score: Some(min_score), ..Constraints::default() }
}

fn priced(label: &str, seed: u64, accuracy: f64, price: f64) -> SyntheticProvider {
    SyntheticProvider { price: Some(price), ..SyntheticProvider::new(label, seed, accuracy) }
}

#[test]
fn the_dearer_of_two_equals_is_not_recommended_because_luck_put_the_other_below_the_minimum() {
    let mut apart = 0;
    for seed in 0..25 {
        let providers = vec![priced("a/cheap", 1, 0.9, 1.0), priced("b/dear", 2, 0.9, 10.0)];
        let run = SyntheticRun { seed, ..run(providers, 60, &[Task::ChartQuestion]) };
        let (summary, verdict) = verdict(&run, at_least(0.9));
        let score = |label: &str| row(&summary, label).score.as_ref().unwrap().mean;
        apart += u64::from(score("a/cheap") < 0.9 && score("b/dear") >= 0.9);
        assert_ne!(verdict.winner.as_deref(), Some("b/dear"), "seed {seed}");
    }
    assert!(apart > 0, "luck puts them on two sides now and then");
}

#[test]
fn a_score_is_shown_to_miss_a_minimum_to_meet_it_or_neither() {
    let run = run(vec![priced("a/one", 1, 0.9, 1.0)], 60, &[Task::ChartQuestion]);
    let (summary, missed) = verdict(&run, at_least(0.99));
    let score = row(&summary, "a/one").score.clone().unwrap();
    assert_eq!((missed.decision, missed.unmet()), (Decision::NoRecommendation, Some(Unmet::ByAll)));
    let expected = Objection::MinScore { score: score.mean, interval: score.interval.clone(), limit: 0.99 };
    assert_eq!(missed.excluded[0].reasons, [expected]);

    let (_, open) = verdict(&run, at_least(score.mean));
    assert_eq!((open.decision, open.unmet()), (Decision::NotSettled, Some(Unmet::InDoubt)));
    assert_eq!((open.in_doubt.as_deref(), open.today.as_deref()), (Some("a/one"), Some("a/one")));
    assert!(open.excluded.is_empty() && open.candidates[0].in_doubt.len() == 1, "{open:?}");

    let (_, met) = verdict(&run, at_least(score.interval.unwrap().low));
    assert_eq!(
        (met.decision, met.winner.as_deref(), met.unmet()),
        (Decision::Recommended, Some("a/one"), None)
    );
    assert!(met.candidates[0].in_doubt.is_empty());
}

#[test]
fn a_limit_on_latency_is_shown_to_be_kept_by_enough_documents_only() {
    let timed = |cases| {
        let run = run(vec![priced("a/one", 1, 0.95, 1.0)], cases, &[Task::ChartQuestion]);
        let limit = |max_p95_seconds| Constraints {
            max_p95_seconds: Some(max_p95_seconds),
            ..Constraints::default()
        };
        [1e-6, 1e6].map(|seconds| verdict(&run, limit(seconds)).1.decision)
    };
    assert_eq!(timed(40), [Decision::NoRecommendation, Decision::NotSettled]);
    assert_eq!(timed(120), [Decision::NoRecommendation, Decision::Recommended]);
}

#[test]
fn without_a_constraint_nothing_is_in_doubt() {
    let run = run(vec![priced("a/one", 1, 0.9, 1.0)], 20, &[Task::ChartQuestion]);
    let (_, verdict) = verdict(&run, Constraints::default());
    assert_eq!((verdict.unmet(), verdict.in_doubt), (None, None));
}

#[test]
fn all_candidates_of_a_report_are_one_family_whomever_a_limit_excludes() {
    let of = |at: u64, price| priced(&format!("p/{at}"), at, 0.97 - 0.02 * at as f64, price);
    let run = run(vec![of(0, 90.0), of(1, 80.0), of(2, 2.0), of(3, 1.0)], 60, &[Task::Receipt]);
    let limit = Constraints { max_usd_per_1000: Some(20.0), ..Constraints::default() };
    let [(all, free), (limited, within)] =
        [Constraints::default(), limit].map(|constraints| verdict(&run, constraints));
    assert_eq!((free.candidates.len(), within.candidates.len()), (4, 2));
    // Three rivals each, and six rows.
    let level = 1.0 - 0.05 / 3.0;
    assert!([&free, &within].iter().all(|verdict| (verdict.level - level).abs() < 1e-12), "{within:?}");
    assert_eq!(limited.differences, all.differences);
    for pair in &limited.differences[0].pairs {
        let interval = pair.interval.as_ref().unwrap();
        assert!((interval.level - level).abs() < 1e-12, "{pair:?}");
    }
    let of_verdict = within.candidates[1].against_best.as_ref().unwrap();
    let [better, worse] = [0, 1].map(|at| within.candidates[at].provider.as_str());
    let beside = limited.differences[0].pairs.iter().find(|pair| pair.a == better && pair.b == worse);
    let (of_verdict, of_table) =
        (of_verdict.interval.as_ref().unwrap(), beside.unwrap().interval.as_ref().unwrap());
    assert_eq!(
        (of_verdict.low, of_verdict.high),
        (of_table.low, of_table.high),
        "one difference, one interval"
    );
}

#[test]
fn where_every_point_counts_whoever_the_differences_call_worse_is_out_of_contention() {
    let mut worse = 0;
    for seed in 0..20 {
        let run = run(
            vec![priced("a/dear", 1, 0.99, 9.0), priced("b/cheap", 2, 0.9, 1.0)],
            40,
            &[Task::ChartQuestion],
        );
        let exact = Constraints { tolerance: 0.0, ..Constraints::default() };
        let (summary, verdict) = verdict(&SyntheticRun { seed, ..run }, exact);
        let pair = &summary.differences[0].pairs[0];
        if pair.opinion != Opinion::Worse {
            continue;
        }
        worse += 1;
        assert_eq!(verdict.winner.as_ref(), Some(&pair.a), "{seed}: {verdict:?}");
        let loser = verdict.candidates.iter().find(|it| it.provider == pair.b).unwrap();
        assert_eq!(loser.standing, StandingKind::Worse, "{seed}: {pair:?}");
    }
    assert!(worse > 3, "{worse}");
}
