//! What each setting buys.

use std::collections::BTreeMap;

use eval_record::{MediaMode, MediaPolicy, PlannedPrompt, Record, Variant};
use eval_summary::testdata::SyntheticProvider;
use eval_summary::{Constraints, Opinion, Options, Summary, Tried};
use vision_core::Task;

use crate::{run, written};

/// A model that is asked in four ways: what is right depends on the detail alone, what it costs on the prompt, too.
fn ways(model: &str, seed: u64, (low, high): (f64, f64)) -> Vec<SyntheticProvider> {
    let way = |detail: &str, prompt: &str, accuracy, price| SyntheticProvider {
        price: Some(price),
        ..SyntheticProvider::new(&format!("{model} · detail={detail}, prompt={prompt}"), seed, accuracy)
    };
    vec![
        way("low", "short", low, 1.0),
        way("low", "long", low, 2.0),
        way("high", "short", high, 4.0),
        way("high", "long", high, 8.0),
    ]
}

/// The record with the variants that its labels speak of.
fn with_variants(mut record: Record) -> Record {
    for provider in &mut record.plan.providers {
        let Some((of, factors)) = provider.label.split_once(" · ") else { continue };
        let factors: BTreeMap<String, String> = factors
            .split(", ")
            .map(|one| one.split_once('=').unwrap())
            .map(|(factor, value)| (factor.to_owned(), value.to_owned()))
            .collect();
        let prompt = PlannedPrompt {
            dataset: "receipts".to_owned(),
            task: Task::Receipt,
            name: factors["prompt"].clone(),
            system: None,
            prompt: format!("Read it, {}.", factors["prompt"]),
        };
        let variant = Variant { of: of.to_owned(), factors, prompts: vec![prompt], ..Variant::default() };
        provider.variant = Some(variant);
    }
    record.write_json("plan.json", &record.plan).unwrap();
    Record::open(&record.dir).unwrap()
}

fn tried() -> (Summary, Tried) {
    let providers = [ways("a/one", 1, (0.6, 0.97)), ways("b/two", 9, (0.9, 0.9))].concat();
    let (_folder, record) = written(&run(providers, 120, &[Task::Receipt]));
    let constraints = Constraints { tolerance: 0.06, ..Constraints::default() };
    let options = Options { constraints, ..Options::default() };
    let summary = Summary::of(&with_variants(record), &options).unwrap();
    let tried = summary.tried.clone().unwrap();
    (summary, tried)
}

#[test]
fn each_factor_is_compared_with_everything_else_the_same() {
    let (_, tried) = tried();
    let told: Vec<_> = tried
        .effects
        .iter()
        .map(|it| (it.model.as_str(), it.factor.as_str(), it.from.as_str(), it.to.as_str(), it.pairs))
        .collect();
    assert_eq!(
        told,
        [
            ("a/one", "detail", "low", "high", 2),
            ("a/one", "prompt", "short", "long", 2),
            ("b/two", "detail", "low", "high", 2),
            ("b/two", "prompt", "short", "long", 2),
        ]
    );
}

#[test]
fn what_was_built_in_is_found_and_nothing_else() {
    let (_, tried) = tried();
    let score = |at: usize| tried.effects[at].score.as_ref().unwrap();
    assert!(score(0).opinion == Opinion::Better && score(0).difference > 0.2, "{:?}", score(0));
    let interval = score(0).interval.as_ref().unwrap();
    assert!(interval.low > 0.0 && interval.level > 0.95, "{interval:?}");
    assert!((1..4).all(|at| score(at).opinion == Opinion::CannotTell), "{tried:?}");
    // The same answers for other prices: what it costs differs for sure.
    let cost = |at: usize| tried.effects[at].usd_per_case.as_ref().unwrap();
    assert!((0..4).all(|at| cost(at).opinion == Opinion::Better && cost(at).difference > 0.0), "{tried:?}");
}

#[test]
fn a_setting_is_recommended_by_the_rule_of_the_verdict_within_each_model() {
    let (summary, tried) = tried();
    let recommended: Vec<_> = tried.models.iter().map(|model| model.recommended.as_deref()).collect();
    assert_eq!(
        recommended,
        [Some("a/one · detail=high, prompt=short"), Some("b/two · detail=low, prompt=short")]
    );
    let costs: Vec<_> = tried.models[0].ways.iter().map(|way| way.usd_per_1000.unwrap()).collect();
    assert!(costs.is_sorted(), "{costs:?}");
    let frontier = |label: &str| {
        tried.models.iter().flat_map(|model| &model.ways).any(|way| way.provider == label && way.on_frontier)
    };
    for row in &summary.overall.rows {
        assert_eq!(frontier(&row.provider), row.pareto_cost, "{}", row.provider);
    }
}

#[test]
fn the_texts_of_prompts_stand_once() {
    let (_, tried) = tried();
    let names: Vec<_> = tried.prompts.iter().map(|it| (it.name.as_str(), it.text.as_str())).collect();
    assert_eq!(names, [("short", "Read it, short."), ("long", "Read it, long.")]);
}

#[test]
fn pixels_are_compared_within_a_media_setting() {
    let shrunk = |label: &str| SyntheticProvider { shrinks: true, ..SyntheticProvider::new(label, 1, 0.9) };
    let whole = |label: &str| SyntheticProvider::new(label, 1, 0.9);
    let providers = vec![whole("a"), whole("b"), shrunk("c"), shrunk("d")];
    let (_folder, mut record) = written(&run(providers, 10, &[Task::Receipt]));
    let before = Summary::of(&record, &Options::default()).unwrap();
    assert!(!before.trust.pixels.same);
    for provider in &mut record.plan.providers[2..] {
        let media = MediaPolicy { mode: MediaMode::Same, long_side: Some(100), ..MediaPolicy::default() };
        let of = provider.label.clone();
        provider.variant = Some(Variant { of, media: Some(media), ..Variant::default() });
    }
    let after = Summary::of(&record, &Options::default()).unwrap();
    assert!(after.trust.pixels.same, "{:?}", after.trust.pixels);
    assert_eq!((after.trust.pixels.compared, after.tried), (20, None));
}
