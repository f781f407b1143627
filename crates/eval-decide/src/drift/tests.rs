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

/// The first ten cases as canaries, and what else is changed in them.
fn canaries(dir: &Path, change: impl Fn(usize, &mut Value)) -> Record {
    let path = dir.join("cases.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let tagged = lines.lines().enumerate().map(|(at, line)| {
        let mut case: Value = serde_json::from_str(line).unwrap();
        if at < 10 {
            case["tags"]["canary"] = json!("yes");
        }
        change(at, &mut case);
        case.to_string() + "\n"
    });
    std::fs::write(&path, tagged.collect::<String>()).unwrap();
    Record::open(dir).unwrap()
}

#[test]
fn another_answer_to_a_canary_is_no_doing_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str, run: &SyntheticRun| {
        let dir = folder.path().join(name);
        write(run, &dir);
        canaries(&dir, |_, _| {})
    };
    let before = made("before", &run(vec![provider(1.0)]));
    let check = |now: &Record| between(&before, now, |_| {}).canaries.unwrap();
    let same = check(&made("same", &run(vec![provider(1.0)])));
    assert_eq!((same.cases, same.changed, same.replaced, same.difference), (10, 0, 0, 0.0));
    assert!(!same.is_host());
    let worse = SyntheticProvider { served: "a-2026-12-01".to_owned(), seed: 9, ..provider(0.5) };
    let changed = check(&made("served", &run(vec![worse.clone()])));
    assert!(changed.changed > 0 && changed.is_host() && changed.difference < 0.0, "{changed:?}");
    assert_eq!((changed.causes, changed.examples.len() as u64), (vec![Cause::ServedModel], changed.changed));
    // What we changed ourselves may be why.
    let asked = SyntheticRun { prompt: "Read it, please.".to_owned(), ..run(vec![worse]) };
    let ours = check(&made("asked", &asked));
    assert!(ours.changed > 0 && ours.causes.contains(&Cause::Prompt) && !ours.is_host(), "{ours:?}");
}

#[test]
fn a_canary_with_another_label_or_file_is_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let dir = |name: &str| folder.path().join(name);
    let same = run(vec![provider(0.9)]);
    for name in ["a", "b", "plain"] {
        write(&same, &dir(name));
    }
    let before = canaries(&dir("a"), |_, _| {});
    let path = dir("b").join("media.jsonl");
    let media = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<Value> = media.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines[0]["source_hash"] = json!("another file");
    std::fs::write(&path, lines.iter().map(|line| line.to_string() + "\n").collect::<String>()).unwrap();
    let now = canaries(&dir("b"), |at, case| {
        if (1..3).contains(&at) {
            case["expected"]["total"] = json!(9_999.25);
        }
    });
    let check = between(&before, &now, |_| {}).canaries.unwrap();
    assert_eq!((check.cases, check.changed, check.replaced), (7, 0, 3));
    let plain = Record::open(&dir("plain")).unwrap();
    assert_eq!(between(&before, &plain, |_| {}).canaries, None);
}
