//! What workers bring is what one process would have brought.

use std::collections::BTreeSet;

use serde_json::Value;
use vision_testkit::server::{Answers, Settings};

use crate::broker::Broker;
use crate::support::{Host, Project};
use crate::team::{Team, by_case, timeless};

fn lines(project: &Project, file: &str) -> BTreeSet<String> {
    project.read(file).lines().map(str::to_owned).collect()
}

#[test]
fn three_workers_make_the_record_of_one_process() {
    let host = Host::new(&[]);
    let project = Project::new(60, &host.url());
    project.expect(0, "run --run-dir alone");
    let alone = host.journal().requests;

    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    project.expect(0, &format!("run --run-dir together --workers {}", broker.url()));
    assert_eq!(host.journal().requests - alone, 60, "each case was asked once");

    assert_eq!(timeless(by_case(&project, "alone")), timeless(by_case(&project, "together")));
    assert_eq!(lines(&project, "alone/cases.jsonl"), lines(&project, "together/cases.jsonl"));
    assert_eq!(lines(&project, "alone/media.jsonl"), lines(&project, "together/media.jsonl"));
    team.dismiss();
}

/// What a report says beside times, which are those of the moment, and the last digits of sums, which come from the order.
fn without_times(mut value: Value) -> Value {
    const TIMES: [&str; 8] = [
        "started",
        "command",
        "latency",
        "pareto_latency",
        "p50_seconds",
        "seconds",
        "tokens_per_second",
        "request_id",
    ];
    match &mut value {
        Value::Object(fields) => {
            fields.retain(|name, _| !TIMES.contains(&name.as_str()));
            fields.values_mut().for_each(|field| *field = without_times(field.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_times(item.take())),
        Value::Number(number) => return format!("{:.9e}", number.as_f64().unwrap()).into(),
        _ => {}
    }
    value
}

#[test]
fn a_run_by_workers_and_a_plain_run_give_the_same_report() {
    let answers = r#"{"model":"m","prompt":"is odd.","answer":{"label":"chart"}}
        {"model":"m","prompt":"is even.","answer":{"label":"photo"}}
        {"model":"n","answer":{"label":"chart"}}"#;
    let host = Host::with_answers(Answers::parse(answers).unwrap(), Settings::default());
    let project = Project::new(40, &host.url());
    let provider = crate::support::provider("compatible", &host.url())
        .replace("output_per_mtok = 0.0", "output_per_mtok = 9.0");
    let control = "[[provider]]\nkind = \"control\"\nmodel = \"prior\"\n";
    project.configure(&format!("{provider}{}{control}", provider.replace("\"m\"", "\"n\"")));
    project.expect(0, "run --run-dir alone --budget-usd 2 -q");
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    project.expect(0, &format!("run --run-dir together --budget-usd 2 -q --workers {}", broker.url()));
    team.dismiss();

    let summary = |run: &str| -> Value {
        project.expect(0, &format!("report {run} -q -o {run}.json -o {run}.jsonl"));
        without_times(serde_json::from_str(&project.read(&format!("{run}.json"))).unwrap())
    };
    let (alone, together) = (summary("alone"), summary("together"));
    assert_eq!(together["overall"]["rows"].as_array().unwrap().len(), 3);
    assert_ne!(together["overall"]["rows"][0]["score"], together["overall"]["rows"][1]["score"]);
    for (part, said) in alone.as_object().unwrap() {
        assert_eq!(*said, together[part], "{part}");
    }
    let trials = |run: &str| -> BTreeSet<String> {
        let lines = crate::support::lines(&project.path(&format!("{run}.jsonl")));
        lines.into_iter().map(|line| without_times(line).to_string()).collect()
    };
    assert_eq!(trials("alone").len(), 3 * 40);
    assert_eq!(trials("alone"), trials("together"));
}

/// `small` is sure of odd numbers only; `large` knows all of them.
const ANSWERS: &str = r#"{"model":"small","prompt":"is odd.","answer":{"label":"chart","confidence":0.97}}
{"model":"small","prompt":"is even.","answer":{"label":"chart","confidence":0.4}}
{"model":"large","prompt":"is odd.","answer":{"label":"chart","confidence":0.9}}
{"model":"large","prompt":"is even.","answer":{"label":"photo","confidence":0.9}}"#;

#[test]
fn workers_make_the_attempts_of_a_cascade() {
    const CASES: usize = 80;
    let host = Host::with_answers(Answers::parse(ANSWERS).unwrap(), Settings::default());
    let project = Project::new(CASES, &host.url());
    let provider = |model: &str, price: f64| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{}\"\n\
             price = {{ input_per_mtok = {price:.1}, output_per_mtok = {price:.1} }}\n",
            host.url()
        )
    };
    project.configure(&(provider("small", 1.0) + &provider("large", 50.0)));
    project.expect(0, "run -q --run-dir one --budget-usd 5");
    project.expect(0, "cascade one --export cascade.toml");
    project.write("eval.toml", &format!("{}\n{}", project.read("eval.toml"), project.read("cascade.toml")));
    project.expect(0, "run -q --provider cascade/demo --run-dir alone --budget-usd 5");

    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 2);
    let before = host.journal().requests;
    let words = "run -q --provider cascade/demo --run-dir together --budget-usd 5 --workers";
    project.expect(0, &format!("{words} {}", broker.url()));
    assert_eq!(host.journal().requests - before, (CASES + CASES / 2) as u64);
    assert_eq!(timeless(by_case(&project, "alone")), timeless(by_case(&project, "together")));
    team.dismiss();
}

#[test]
fn an_answer_that_is_too_large_for_the_broker_is_a_failure_that_says_so() {
    let long = format!(r#"{{"prompt":"is odd.","answer":"{}"}}"#, "x".repeat(60_000));
    let answers = format!("{long}\n{}", r#"{"prompt":"is even.","answer":{"label":"photo"}}"#);
    let host = Host::with_answers(Answers::parse(&answers).unwrap(), Settings::default());
    let project = Project::new(4, &host.url());
    let manifest =
        project.read("data/dataset.toml").replace("max_output_tokens = 50", "max_output_tokens = 50000");
    project.write("data/dataset.toml", &manifest);
    project.write("nats.conf", "max_payload: 32768\n");
    let broker = Broker::with(&["--config", project.path("nats.conf").to_str().unwrap()]);
    let team = Team::new(&project, &broker.url(), 1);
    project.expect(5, &format!("run --run-dir run --workers {}", broker.url()));
    let failed: Vec<_> =
        project.trials("run").into_iter().filter(|trial| trial["failure"].is_object()).collect();
    assert_eq!(failed.len(), 2);
    for trial in failed {
        let message = trial["failure"]["message"].as_str().unwrap();
        assert!(message.contains("raise its max_payload"), "{message}");
    }
    assert_eq!(host.journal().requests, 4, "nothing is asked again");
    team.dismiss();
}

#[test]
fn a_run_that_is_complete_leaves_nothing_at_the_broker() {
    let host = Host::new(&[]);
    let project = Project::new(5, &host.url());
    let broker = Broker::start();
    let _team = Team::new(&project, &broker.url(), 1);
    project.expect(0, &format!("run --run-dir run --workers {}", broker.url()));
    let streams = broker.folder().join("jetstream/$G/streams");
    let left: Vec<String> = std::fs::read_dir(streams)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["KV_vision-eval-runs"]);
}

#[test]
fn a_worker_without_a_key_leaves_the_candidate_to_others() {
    let host = Host::new(&[]);
    let project = Project::new(6, &host.url());
    project.configure(&crate::support::provider("openai", &host.url()));
    let broker = Broker::start();
    let run = format!("run --run-dir run --workers {}", broker.url());
    let mut keyless = project.command(&format!("worker {}", broker.url()));
    let keyless = keyless.env_remove("OPENAI_API_KEY").spawn().unwrap();
    // The coordinator needs no key either.
    let mut coordinator = project.command(&run);
    let coordinator = coordinator.env_remove("OPENAI_API_KEY").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(host.journal().requests, 0);
    let team = Team::new(&project, &broker.url(), 1);
    let run = crate::support::ended(coordinator);
    assert_eq!(run.code, Some(0), "{}", run.err);
    crate::support::signal(&keyless, "TERM");
    let keyless = crate::support::ended(keyless);
    assert!(keyless.err.contains("openai/m is left to others"), "{}", keyless.err);
    assert_eq!(host.journal().requests, 6);
    team.dismiss();
}
