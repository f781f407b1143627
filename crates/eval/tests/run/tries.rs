//! Several ways of asking in one run.

use std::collections::{BTreeMap, HashSet};

use eval::{EarlierRuns, PromptConfig, ProviderConfig, SetupError, Stop, Try, plan};
use vision_core::{Detail, Output, Task};

use crate::support::{Project, Scripts, answer, prices, trials};

fn ways(flags: &[&str]) -> Try {
    Try::from_flags(&flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn project(tries: Try) -> Project {
    let mut project = Project::new(3, Scripts::default().with("good", |_, _| answer()));
    project.config.provider = vec![ProviderConfig { tries, ..ProviderConfig::new("good", "able") }];
    let short = PromptConfig { system: Some("Be brief.".into()), text: "Kind?".into() };
    project.config.prompt.insert(Task::Classify, BTreeMap::from([("short".to_owned(), short)]));
    project
}

fn planned(project: &Project) -> Result<eval_record::Plan, SetupError> {
    let (prices, earlier_runs) = (prices(), EarlierRuns::default());
    plan(&project.config, &project.setup(&prices, &earlier_runs), &project.scripts).map(|it| it.plan)
}

fn labels(plan: &eval_record::Plan) -> Vec<&str> {
    plan.providers.iter().map(|provider| provider.label.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn every_way_is_a_candidate_on_the_same_cases_and_is_asked_so() {
    let project = project(ways(&["detail=low,high", "prompt=default,short", "output=json"]));
    let (outcome, record) = project.run(Stop::never()).await;
    assert_eq!((outcome.recorded, outcome.unfinished.len()), (12, 0));
    assert_eq!(
        labels(&record.plan),
        [
            "good/able · detail=low, prompt=default",
            "good/able · detail=low, prompt=short",
            "good/able · detail=high, prompt=default",
            "good/able · detail=high, prompt=short",
        ]
    );
    let mut cases: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    for trial in trials(&record) {
        cases.entry(trial.key.provider).or_default().insert(trial.key.case);
    }
    assert!(cases.len() == 4 && cases.values().all(|cases| cases.len() == 3), "{cases:?}");
    let seen = project.scripts.seen();
    assert!(seen.iter().all(|request| request.output == Output::Json));
    let asked = |detail: Detail, text: &str, system: Option<&str>| {
        let is = |it: &&vision_core::Request| {
            it.detail == Some(detail) && it.texts().eq([text]) && it.system.as_deref() == system
        };
        seen.iter().filter(is).count()
    };
    for detail in [Detail::Low, Detail::High] {
        assert_eq!(asked(detail, "What is it?", None), 3);
        assert_eq!(asked(detail, "Kind?", Some("Be brief.")), 3);
    }
    // What is there is not asked again, and the rest of the run would ask the same.
    let (outcome, _) = project.resume(Stop::never()).await;
    assert_eq!((outcome.recorded, project.scripts.seen().len()), (0, 12));
}

#[tokio::test(start_paused = true)]
async fn candidates_of_one_media_setting_get_the_same_and_the_ledger_says_so() {
    let mut project = project(ways(&["jpeg_quality=10,90"]));
    let twin = ProviderConfig { label: Some("twin".into()), ..project.config.provider[0].clone() };
    project.config.provider.push(twin);
    let (_, record) = project.run(Stop::never()).await;
    let mut sent: BTreeMap<(String, String), HashSet<Vec<String>>> = BTreeMap::new();
    for trial in trials(&record) {
        let quality = trial.key.provider.rsplit_once(" · ").unwrap().1.to_owned();
        sent.entry((trial.key.case, quality)).or_default().insert(trial.media);
    }
    assert!(sent.len() == 6 && sent.values().all(|media| media.len() == 1), "{sent:?}");
    let settings: HashSet<String> = record.media().unwrap().into_iter().map(|it| it.setting).collect();
    assert_eq!(settings, HashSet::from(["jpeg_quality=10".to_owned(), "jpeg_quality=90".to_owned()]));
}

#[test]
fn more_candidates_than_anybody_reads_of_are_refused_with_their_cost() {
    let project = project(Try {
        temperature: Vec::new(),
        long_side: (100..113).collect(),
        detail: vec![Detail::Low, Detail::High, Detail::Auto],
        output: vec![eval_record::OutputMode::Text, eval_record::OutputMode::Json],
        ..Try::default()
    });
    let error = planned(&project).unwrap_err().to_string();
    assert!(error.starts_with("what is tried makes 78 candidates, "), "{error}");
    assert!(error.contains("at most 64") && error.contains("at an unknown cost"), "{error}");
}

#[test]
fn the_cost_of_too_many_candidates_is_said() {
    let mut project = project(Try::default());
    project.config.try_all = ways(&["prompt=default,short"]);
    project.config.provider = (0..33)
        .map(|at| ProviderConfig { label: Some(at.to_string()), ..ProviderConfig::new("good", "m") })
        .collect();
    let error = planned(&project).unwrap_err().to_string();
    assert!(error.contains("makes 66 candidates, about $"), "{error}");
}

#[test]
fn what_a_provider_does_not_take_cannot_be_tried_with_it() {
    let mut project = project(ways(&["detail=low,high"]));
    project.config.provider.push(ProviderConfig::new("good", "m"));
    project.config.try_all = ways(&["effort=low,high"]);
    // Of those that cannot be told, there is one candidate.
    assert_eq!(labels(&planned(&project).unwrap()).len(), 5);
    assert_eq!(labels(&planned(&project).unwrap())[4], "good/m");
    project.config.provider[1].tries = ways(&["detail=low,high"]);
    let error = planned(&project).unwrap_err().to_string();
    assert_eq!(error, "good/m: `detail` cannot be tried: image detail not supported");
}

#[test]
fn prompts_come_from_files_and_unknown_names_are_mistakes() {
    let mut project = project(ways(&["prompt=default,long.txt"]));
    let error = planned(&project).unwrap_err().to_string();
    assert!(error.contains("prompt: `long.txt`"), "{error}");
    std::fs::write(project.folder.path().join("long.txt"), "Please, what is it?\n").unwrap();
    let plan = planned(&project).unwrap();
    let prompt = &plan.providers[1].variant.as_ref().unwrap().prompts[0];
    assert_eq!((prompt.name.as_str(), prompt.prompt.as_str()), ("long", "Please, what is it?"));
    for (name, said) in [("shrot", "there is no [prompt.classify.shrot]"), ("../x.txt", "`../x.txt`")] {
        project.config.provider[0].tries = Try { prompt: vec![name.to_owned()], ..Try::default() };
        let error = planned(&project).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_prompt_that_was_changed_since_ends_a_resumption() {
    let mut project = project(ways(&["prompt=default,short"]));
    project.run(Stop::never()).await;
    project.reopened().unwrap();
    let prompts = project.config.prompt.get_mut(&Task::Classify).unwrap();
    prompts.get_mut("short").unwrap().text = "Other?".to_owned();
    let error = project.reopened().err().unwrap().to_string();
    assert!(error.contains("the prompt `short` of `classify` was changed"), "{error}");
}

#[test]
fn single_candidates_can_be_chosen_by_their_labels() {
    let mut project = project(ways(&["detail=low,high"]));
    project.config.provider.push(ProviderConfig::new("good", "m"));
    let (prices, earlier_runs) = (prices(), EarlierRuns::default());
    let chosen = |label: &str| {
        let mut setup = project.setup(&prices, &earlier_runs);
        setup.candidates = vec![label.to_owned()];
        plan(&project.config, &setup, &project.scripts).map(|it| it.plan)
    };
    assert_eq!(labels(&chosen("good/able · detail=high").unwrap()), ["good/able · detail=high", "good/m"]);
    let error = chosen("good/able · detail=auto").unwrap_err().to_string();
    assert!(error.contains("there is: good/able · detail=low; good/able · detail=high"), "{error}");
}
