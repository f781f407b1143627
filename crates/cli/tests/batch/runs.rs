//! What a batch is from submission to report.

use vision_testkit::server::Batches;

use crate::project::{answered, charged, events, host, priced, project, told};
use crate::support::{Host, Project};

#[test]
fn a_run_submits_and_ends_and_resume_collects() {
    let host = host(Batches::default());
    let project = project(7, &host);
    let run = project.expect(5, "run --batch --run-dir run --budget-usd 5 --no-progress");
    assert!(run.err.contains("7 trials missing: 1 batch is with its host"), "{}", run.err);
    assert!(run.err.contains("go on with: vision-eval resume run"), "{}", run.err);
    assert_eq!(told(&project), ["intended", "creating", "submitted"]);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 7]);

    let early = project.expect(5, "resume run --no-progress");
    assert!(early.err.contains("7 requests in batches: up to $"), "{}", early.err);
    assert!(project.trials("run").is_empty(), "the host is still at it");
    let last = project.expect(0, "resume run --no-progress");
    assert!(last.out.contains("openai/m"), "{}", last.out);
    let answers = answered(&project);
    assert_eq!(answers.len(), 7);
    assert_eq!(answers["c3"], r#"{"label":"chart"}"#, "each answer belongs to its case, in whatever order");
    assert_eq!(answers["c4"], r#"{"label":"photo"}"#);
    assert_eq!(told(&project).last().unwrap(), "collected");
    assert_eq!(host.journal().files, 0, "no picture is left at the host");
    project.expect(0, "resume run --no-progress");
    assert_eq!(host.journal().batched.len(), 7, "a complete run submits nothing");
}

#[test]
fn waiting_ends_with_a_complete_run_and_no_latency() {
    let host = host(Batches { looks: 4, ..Batches::default() });
    let project = project(5, &host);
    project.expect(0, "run --batch --wait --look-every 0.05 --run-dir run --budget-usd 5 --no-progress");
    for trial in project.trials("run") {
        assert_eq!(trial["untimed"], true);
        assert_eq!(trial["response"]["timing"]["total"], 0);
    }
    let report: serde_json::Value =
        serde_json::from_str(&project.expect(0, "report run --format json").out).unwrap();
    let text = report.to_string();
    assert!(!text.contains("\"p50\":0"), "no time is made up: {text}");
    let states: Vec<_> = events(&project).iter().filter_map(|event| event["done"].as_u64()).collect();
    assert!(states.len() >= 3 && states.is_sorted(), "{states:?}");
}

#[test]
fn batches_cost_half_in_the_quote_the_budget_and_the_record() {
    let host = host(Batches { looks: 1, ..Batches::default() });
    let project = project(4, &host);
    let usd = |words: &str| -> f64 {
        let plan: serde_json::Value = serde_json::from_str(&project.expect(0, words).out).unwrap();
        plan["quote"]["lines"][0]["money"]["expected"].as_f64().unwrap()
    };
    let single = usd("run --dry-run --format json");
    let batched = usd("run --batch --dry-run --format json");
    assert!((batched * 2.0 - single).abs() < 1e-9, "{batched} and {single}");
    project.expect(5, "run --batch --run-dir run --budget-usd 5 --no-progress");
    project.expect(0, "resume run --no-progress");
    let tokens = |trial: &serde_json::Value| {
        let usage = &trial["response"]["usage"];
        usage["input"].as_f64().unwrap() + usage["output"].as_f64().unwrap()
    };
    let trials = project.trials("run");
    let expected: f64 = trials.iter().map(tokens).sum::<f64>() * 500.0 / 1e6;
    let costs: f64 = trials.iter().map(|trial| trial["cost"].as_f64().unwrap()).sum();
    assert!((costs - expected).abs() < 1e-9, "{costs} and {expected}");
    // The budget counts more where it does not believe a count: so few tokens are no picture.
    assert!(charged(&project) >= costs - 1e-9, "{} and {costs}", charged(&project));
}

#[test]
fn a_batch_is_cut_and_the_worst_case_is_put_aside_until_it_ends() {
    let host = host(Batches { looks: 1, ..Batches::default() });
    let project = project(6, &host);
    project.expect(5, "run --batch --batch-size 2 --run-dir run --budget-usd 5 --no-progress");
    let intents: Vec<_> = events(&project).into_iter().filter(|it| it["event"] == "intended").collect();
    assert_eq!(intents.len(), 3);
    let asks = |intent: &serde_json::Value| intent["asks"].as_array().unwrap().clone();
    assert!(intents.iter().all(|intent| asks(intent).len() == 2));
    let put_aside: f64 = intents.iter().flat_map(asks).filter_map(|ask| ask["usd"].as_f64()).sum();
    assert!(put_aside > 0.0);
    // Another process counts it too: with a little less than that there is no room for anything else.
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert!((lost.waiting_usd.0 - put_aside).abs() < 1e-9 && lost.waiting == 6, "{lost:?}");
    project.expect(0, "resume run --no-progress");
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!((lost.waiting, lost.waiting_usd.0), (0, 0.0));
    assert!(charged(&project) < put_aside);
}

#[test]
fn what_has_no_room_in_the_budget_is_not_submitted() {
    let host = host(Batches { looks: 1, ..Batches::default() });
    let project = project(40, &host);
    let run = project.expect(5, "run --batch --run-dir run --budget-usd 2 --no-progress");
    let submitted = host.journal().batched.len();
    assert!(submitted > 0 && submitted < 40, "{submitted}: {}", run.err);
    let put_aside: f64 =
        events(&project)[0]["asks"].as_array().unwrap().iter().filter_map(|ask| ask["usd"].as_f64()).sum();
    assert!(put_aside <= 2.0, "{put_aside}");
}

#[test]
fn some_candidates_go_by_batch_and_others_directly_into_one_record() {
    let host = host(Batches { looks: 1, ..Batches::default() });
    let project = Project::new(4, "");
    let batched =
        priced("openai", &host.url()).replace("model =", "label = \"batched\"\nbatch = true\nmodel =");
    let direct = priced("openai", &host.url()).replace("model =", "label = \"direct\"\nmodel =");
    project.configure(&format!("{batched}{direct}"));
    let run = project.expect(5, "run --run-dir run --budget-usd 5 --no-progress");
    assert!(run.err.contains("batched: 4 trials missing"), "{}", run.err);
    assert_eq!(project.trials("run").len(), 4, "those that are asked directly do not wait");
    project.expect(0, "resume run --no-progress");
    let trials = project.trials("run");
    assert_eq!(trials.len(), 8);
    for trial in &trials {
        assert_eq!(trial["untimed"].as_bool().unwrap_or(false), trial["provider"] == "batched");
    }
    let cost = |label: &str| -> f64 {
        trials.iter().filter(|it| it["provider"] == label).filter_map(|it| it["cost"].as_f64()).sum()
    };
    assert!((cost("batched") * 2.0 - cost("direct")).abs() < 1e-9);
}

#[test]
fn a_provider_without_batches_is_asked_directly_and_refused_where_it_is_told_to() {
    let host = Host::new(&[]);
    let project = Project::new(3, &host.url());
    project.expect(0, "run --batch --run-dir run --no-progress");
    assert_eq!(project.trials("run").len(), 3);
    let wanted = project.read("eval.toml").replace("model =", "batch = true\nmodel =");
    project.write("eval.toml", &wanted);
    let refused = project.expect(96, "run --run-dir other --no-progress");
    assert!(refused.err.contains("`compatible` cannot be asked in batches"), "{}", refused.err);
}
