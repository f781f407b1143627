use std::path::Path;

use eval_record::Record;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Baseline, Cause, Drift, Options, score};
use serde_json::{Value, json};
use vision_core::Task;

use super::{DriftSide, drift};

fn run(providers: Vec<SyntheticProvider>) -> SyntheticRun {
    SyntheticRun { cases: 60, repeats: 3, tasks: vec![Task::Receipt], providers, ..SyntheticRun::varied() }
}

fn provider(accuracy: f64) -> SyntheticProvider {
    SyntheticProvider::new("synthetic/a", 1, accuracy)
}

fn write(run: &SyntheticRun, dir: &Path) -> Record {
    run.write(dir).unwrap();
    Record::open(dir).unwrap()
}

fn between(before: &Record, now: &Record, change: impl FnOnce(&mut Baseline)) -> Drift {
    let options = Options::default();
    let of = |record: &Record| Baseline::of(&score(record, &options).unwrap(), "x").unwrap();
    let (mut then, today) = (of(before), of(now));
    change(&mut then);
    let before = DriftSide { scores: &then, record: before };
    let mut found = drift(before, DriftSide { scores: &today, record: now }, &options).unwrap();
    let one = found.remove(0);
    let sum: f64 = one.parts.iter().map(|part| part.difference).sum();
    assert!((sum - one.difference).abs() < 1e-12, "{one:?}");
    one
}

fn causes(one: &Drift) -> Vec<Vec<Cause>> {
    one.parts.iter().filter(|part| part.moved > 0).map(|part| part.causes.clone()).collect()
}

#[test]
fn a_model_that_changed_under_one_name_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let before = write(&run(vec![provider(0.97)]), &folder.path().join("a"));
    let other = SyntheticProvider { served: "a-2026-12-01".to_owned(), seed: 9, ..provider(0.7) };
    let now = write(&run(vec![other]), &folder.path().join("b"));
    let one = between(&before, &now, |_| {});
    assert_eq!(causes(&one), [[Cause::ServedModel]]);
    assert!(one.difference < -0.05 && one.parts[0].is_beyond_noise() == Some(true), "{one:?}");
}

#[test]
fn what_moves_without_a_recorded_change_is_held_against_the_noise_of_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let before = write(&run(vec![provider(0.9)]), &folder.path().join("a"));
    // The same model asked on another day: other dice.
    let again = SyntheticProvider { seed: 5, ..provider(0.9) };
    let now = write(&run(vec![again]), &folder.path().join("b"));
    let one = between(&before, &now, |_| {});
    assert_eq!(causes(&one), [Vec::<Cause>::new()]);
    assert!(one.noise.is_some() && one.parts[0].cases == 60);
    // A host that changed something and does not say so.
    let worse = SyntheticProvider { seed: 5, ..provider(0.5) };
    let now = write(&run(vec![worse]), &folder.path().join("c"));
    let one = between(&before, &now, |_| {});
    assert_eq!((causes(&one), one.parts[0].is_beyond_noise()), (vec![Vec::new()], Some(true)));
    let once = SyntheticRun { repeats: 1, ..run(vec![provider(0.5)]) };
    let now = write(&once, &folder.path().join("d"));
    let first = write(&SyntheticRun { repeats: 1, ..run(vec![provider(0.9)]) }, &folder.path().join("e"));
    let one = between(&first, &now, |_| {});
    assert_eq!((one.noise, one.parts.last().unwrap().is_beyond_noise()), (None, None));
}

/// New labels and new rules move scores of the same answers: none of it is laid to the model.
#[test]
fn labels_and_scoring_are_no_doing_of_the_model() {
    let folder = tempfile::tempdir().unwrap();
    let same = run(vec![provider(0.97)]);
    let before = write(&same, &folder.path().join("a"));
    write(&same, &folder.path().join("b"));
    let path = folder.path().join("b/cases.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let spoilt = lines.lines().enumerate().map(|(at, line)| {
        let mut case: Value = serde_json::from_str(line).unwrap();
        if at < 6 {
            case["expected"]["total"] = json!(9_999.25);
        }
        case.to_string() + "\n"
    });
    std::fs::write(&path, spoilt.collect::<String>()).unwrap();
    let now = Record::open(&folder.path().join("b")).unwrap();
    let one = between(&before, &now, |then| {
        then.scorer = "2".to_owned();
        then.scores[0].scores = vec![0.0];
    });
    assert_eq!(causes(&one), [[Cause::Scorer], [Cause::Labels]]);
    assert_eq!((one.parts[0].moved, one.parts[1].moved), (1, 6));
    assert!(one.parts[0].difference > 0.0 && one.parts[1].difference < 0.0);
    let answers = &one.parts[2];
    assert_eq!((answers.causes.len(), answers.moved, answers.difference), (0, 0, 0.0));
}

#[test]
fn media_prompts_and_settings_are_found_case_by_case() {
    let folder = tempfile::tempdir().unwrap();
    let before = write(&run(vec![provider(0.97)]), &folder.path().join("a"));
    let small = SyntheticProvider { shrinks: true, seed: 4, ..provider(0.6) };
    let now = write(&run(vec![small.clone()]), &folder.path().join("b"));
    assert_eq!(causes(&between(&before, &now, |_| {})), [[Cause::Media]]);
    let both = SyntheticRun { prompt: "Read it, please.".to_owned(), ..run(vec![small]) };
    let now = write(&both, &folder.path().join("c"));
    let one = between(&before, &now, |_| {});
    assert_eq!(causes(&one), [[Cause::Prompt, Cause::Media]]);
}
