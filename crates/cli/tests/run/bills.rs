//! What a host bills, by its own count, against the budget: replies that lie, answers above the cap, and interrupted runs.

mod till;

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::{Host, Project, ended, signal, write_sounds};
use till::Till;

fn chat(usage: &str) -> String {
    format!(
        r#"{{"id":"a","object":"chat.completion","created":1,"model":"m","choices":[{{"index":0,"finish_reason":"stop","message":{{"role":"assistant","content":"{{\"label\":\"chart\"}}"}}}}],"usage":{usage}}}"#
    )
}

fn message(usage: &str) -> String {
    format!(
        r#"{{"id":"a","type":"message","role":"assistant","model":"m","content":[{{"type":"text","text":"{{\"label\":\"chart\"}}"}}],"stop_reason":"end_turn","usage":{usage}}}"#
    )
}

/// Whatever the host says of its bill, no more is sent than the worst cases of a budget of two dollars allow.
#[track_caller]
fn is_kept(kind: &str, body: &str) {
    let till = Till::new(body, Duration::from_millis(1));
    let project = till.project(kind, 40, 4);
    project.expect(5, "run --run-dir run --budget-usd 2 --max-retries 0 --no-progress");
    // A request has at least 250 tokens in its worst case: a quarter of a dollar.
    assert!((1..=8).contains(&till.asked()), "{kind} was asked {} times: {body}", till.asked());
    let costs: Vec<_> = project.trials("run").iter().map(|trial| trial["cost"].clone()).collect();
    assert!(costs.iter().all(serde_json::Value::is_null), "nobody knows what it cost: {costs:?}");
}

#[test]
fn no_reply_switches_the_budget_off() {
    for usage in [
        r#"{"prompt_tokens":0,"completion_tokens":0,"cost":0}"#,
        r#"{"prompt_tokens":0,"completion_tokens":0,"cost":-1000}"#,
        r#"{"cost":0.0}"#,
        r#"{"prompt_tokens":18446744073709551615,"completion_tokens":18446744073709551615,"prompt_tokens_details":{"cached_tokens":18446744073709551615}}"#,
    ] {
        is_kept("openrouter", &chat(usage));
    }
    is_kept("anthropic", &message(r#"{"input_tokens":0,"output_tokens":0}"#));
    is_kept(
        "anthropic",
        &message(
            r#"{"input_tokens":18446744073709551615,"output_tokens":5,"cache_creation_input_tokens":18446744073709551615,"cache_read_input_tokens":18446744073709551615}"#,
        ),
    );
}

#[test]
fn a_host_that_ignores_the_cap_takes_no_more_than_what_was_under_way() {
    // Two dollars an answer, where fifty tokens are five cents.
    let till =
        Till::new(&chat(r#"{"prompt_tokens":100,"completion_tokens":1900}"#), Duration::from_millis(30));
    let project = till.project("compatible", 200, 16);
    let run = project.expect(5, "run --run-dir run --budget-usd 20 --no-progress");
    let billed = till.asked() as f64 * 2.0;
    assert!(billed <= 20.0 + 16.0 * 2.0, "${billed}");
    assert!(run.err.contains("times the most that its request allows"), "{}", run.err);
    let report = project.expect(0, "report run --format json");
    assert!(report.out.contains("\"kind\": \"overruns\""), "the report says so");
    assert!(
        project.trials("run").iter().any(|trial| trial["response"]["attempts"][0]["overrun"].is_number())
    );
}

#[test]
fn twelve_under_way_at_the_first_dear_answer_are_all_that_is_overshot() {
    // Two dollars an answer, where fifty tokens are five cents, and places for twelve requests. What one host has shown
    // is nothing to another, so that there is one.
    let till =
        Till::new(&chat(r#"{"prompt_tokens":100,"completion_tokens":1900}"#), Duration::from_millis(100));
    let project = till.project("compatible", 100, 12);
    let run = project.expect(5, "run --run-dir run --budget-usd 20 --no-progress");
    assert!(run.err.contains("times the most that its request allows"), "{}", run.err);
    // The first answers take the money; nothing is sent after them that was not under way.
    assert!(till.asked() <= 12, "asked {} times", till.asked());
    let billed = till.asked() as f64 * 2.0;
    assert!(billed > 20.0, "{billed}");
    let said = format!("budget exceeded by ${:.2}: ${billed:.2} of $20.00 spent", billed - 20.0);
    assert!(run.err.contains(&said), "{said}: {}", run.err);
    let text = project.expect(0, "report run").out;
    assert!(text.contains(&said), "{said}: {text}");
    let report = project.expect(0, "report run --format json");
    assert!(report.out.contains("\"kind\": \"overruns\""), "the report says so");
    let before = till.asked();
    project.expect(5, "resume run --no-progress");
    assert_eq!(till.asked(), before, "a spent budget is not spent again");
}

#[test]
fn a_resumed_run_knows_what_its_host_has_shown() {
    let till =
        Till::new(&chat(r#"{"prompt_tokens":100,"completion_tokens":1900}"#), Duration::from_millis(100));
    let project = till.project("compatible", 40, 2);
    let mut child = project.spawn("run --run-dir run --budget-usd 20 --no-progress");
    till.wait_for(4);
    child.kill().unwrap();
    child.wait().unwrap();
    let config = project.read("eval.toml").replace("max_concurrency = 2", "max_concurrency = 12");
    project.write("eval.toml", &config);
    project.expect(5, "resume run --no-progress -j 12");
    let billed = till.asked() as f64 * 2.0;
    assert!(billed <= 20.0, "${billed}");
}

#[test]
fn four_interruptions_cost_the_host_no_more_than_the_budget() {
    // 25 cents an answer by the host's own count; the worst case is a little more.
    let till =
        Till::new(&chat(r#"{"prompt_tokens":200,"completion_tokens":50}"#), Duration::from_millis(400));
    let project = till.project("compatible", 100, 2);
    for interruption in 0..4 {
        let before = till.asked();
        let verb = if interruption == 0 {
            "run --run-dir run --budget-usd 5 --no-progress"
        } else {
            "resume run --no-progress"
        };
        let mut child = project.spawn(verb);
        till.wait_for(before + 2);
        if interruption % 2 == 0 {
            child.kill().unwrap();
            child.wait().unwrap();
        } else {
            // Twice: the second one does not wait for what is under way.
            signal(&child, "INT");
            std::thread::sleep(Duration::from_millis(50));
            signal(&child, "INT");
            assert_eq!(ended(child).code, Some(130));
        }
    }
    let last = project.expect(5, "resume run --no-progress");
    assert!(last.err.contains("under way when the run was interrupted: up to $"), "{}", last.err);
    assert!(last.err.contains("the budget of $5.00 has no room"), "{}", last.err);
    let billed = till.asked() as f64 * 0.25;
    assert!(billed <= 5.0, "the host bills ${billed}");
    assert!(till.asked() > 9, "and the rest of the money was used: ${billed}");
    let report = project.expect(0, "report run --format json");
    assert!(report.out.contains("\"kind\": \"interrupted\""), "the report says so");
}

/// Pictures, pages, and pages of which nobody knows how many there are.
fn documents(project: &Project) {
    let pages = vision_testkit::media::pdf("a.pdf");
    let mut cases = project.read("data/cases.jsonl");
    for number in 0..2 {
        std::fs::write(project.path(&format!("data/{number}.pdf")), pages.bytes().unwrap()).unwrap();
        cases += &format!(
            "{{\"id\":\"p{number}\",\"media\":[\"{number}.pdf\"],\"expected\":{{\"label\":\"chart\"}},\
             \"fields\":{{\"number\":\"p{number}\",\"parity\":\"odd\"}}}}\n"
        );
    }
    for (number, name) in ["a.png", "b.png"].iter().enumerate() {
        cases += &format!(
            "{{\"id\":\"l{number}\",\"media\":[\"https://example.test/{name}\"],\"expected\":{{\"label\":\"chart\"}},\
             \"fields\":{{\"number\":\"l{number}\",\"parity\":\"odd\"}}}}\n"
        );
    }
    project.write("data/cases.jsonl", &cases);
}

#[test]
fn pages_and_links_run_on_paid_providers_within_a_budget() {
    let host = Host::new(&[]);
    let project = Project::new(4, "");
    documents(&project);
    let provider = |kind: &str, model: &str, path: &str, price: &str| {
        format!(
            "[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\nbase_url = \"{}{path}\"\n{price}\n",
            host.address()
        )
    };
    project.configure(
        &[
            provider("openai", "gpt-5.6-luna", "/v1", ""),
            provider("anthropic", "claude-haiku-5-5", "", ""),
            provider("compatible", "m", "/v1", "price = { input_per_mtok = 1.0, output_per_mtok = 4.0 }"),
        ]
        .concat(),
    );
    project.write(".env", "ANTHROPIC_API_KEY=sk-ant-made-up\n");
    let plan = project.expect(0, "plan");
    assert!(!plan.out.contains("unknown"), "{}", plan.out);
    project.expect(0, "run --run-dir run --budget-usd 2 --no-progress");
    let trials = project.trials("run");
    assert_eq!(trials.len(), 3 * 8);
    for trial in &trials {
        assert!(trial["cost"].as_f64().is_some_and(|cost| cost > 0.0), "{trial}");
    }
}

#[test]
fn a_case_that_is_too_dear_or_has_no_bound_stops_no_other() {
    let host = Host::new(&[]);
    let project = Project::new(6, "");
    let cases = project.read("data/cases.jsonl");
    // Nobody knows how many pages are behind the address: as many as the model takes, if it says how many.
    let linked = cases.replace("\"0.png\"", "\"https://example.test/a.pdf\"");
    assert_ne!(cases, linked);
    project.write("data/cases.jsonl", &linked);
    project.configure(&format!(
        "[[provider]]\nkind = \"openai\"\nmodel = \"gpt-5.6-luna\"\nbase_url = \"{}/v1\"\n\
         [[provider]]\nkind = \"anthropic\"\nmodel = \"claude-haiku-5-5\"\nbase_url = \"{}\"\n",
        host.address(),
        host.address()
    ));
    project.write(".env", "ANTHROPIC_API_KEY=sk-ant-made-up\n");
    let run = project.expect(5, "run --run-dir run --budget-usd 0.05 --no-progress");
    assert!(run.err.contains("1 trial missing: the budget of $0.05 has no room"), "{}", run.err);
    let trials = project.trials("run");
    let answered = trials.iter().filter(|trial| trial["response"].is_object()).count();
    assert_eq!(answered, 10, "five cases of each: {}", run.err);
    let skipped: Vec<_> = trials.iter().filter(|trial| trial["failure"].is_object()).collect();
    assert_eq!((skipped.len(), &skipped[0]["failure"]["kind"]), (1, &"unsupported".into()));
    let message = skipped[0]["failure"]["message"].as_str().unwrap();
    assert!(message.contains("the number of pages of https://example.test/a.pdf is unknown"), "{message}");
}

#[test]
fn sound_runs_on_a_paid_provider_within_a_budget() {
    let host = Host::new(&[]);
    let project = Project::new(1, "");
    write_sounds(&project.path("data"), 3);
    project.configure(&format!(
        "[[provider]]\nkind = \"openai\"\nmodel = \"gpt-transcribe\"\nbase_url = \"{}\"\n",
        host.url()
    ));
    project.expect(0, "run --run-dir run --budget-usd 0.1 --no-progress");
    assert!(project.trials("run").iter().all(|trial| trial["response"]["text"] == "good morning"));
}

#[test]
fn sound_is_billed_by_the_second_where_the_host_says_nothing_of_seconds() {
    let till = Till::new(&chat(r#"{"prompt_tokens":100,"completion_tokens":10}"#), Duration::from_millis(1));
    let project = till.project("compatible", 1, 1);
    write_sounds(&project.path("data"), 8);
    let config = project.read("eval.toml");
    let tokens = "price = { input_per_mtok = 1000.0, output_per_mtok = 1000.0 }";
    let seconds = "price = { input_per_mtok = 0.0, output_per_mtok = 0.0, per_audio_second_usd = 0.1 }";
    project.write("eval.toml", &config.replace(tokens, seconds));
    project.expect(0, "run --run-dir whole --budget-usd 20 --no-progress");
    let trials = project.trials("whole");
    let cost = |trial: &serde_json::Value| trial["cost"].as_f64().unwrap();
    let sent = |trial: &serde_json::Value| trial["sent"]["seconds"].as_f64().unwrap();
    assert!(trials.iter().all(|trial| (cost(trial) - 0.1 * sent(trial)).abs() < 1e-9 && cost(trial) > 0.0));
    // Each may cost what ten seconds cost, the least that hosts bill.
    let asked = till.asked();
    project.expect(5, "run --run-dir part --budget-usd 1.2 --no-progress");
    assert!(till.asked() - asked < 8, "the budget ends it");
}

#[test]
fn the_command_of_the_readme_completes_on_paid_providers() {
    let host = Host::new(&[]);
    let project = Project::new(1, "");
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../../eval.toml");
    let run = |provider: &str, variable: &str, url: &str| {
        let dir = project.path(provider);
        let words = format!(
            "run -c {config} --provider {provider} --budget-usd 1 --no-progress --run-dir {}",
            dir.display()
        );
        let mut command = project.command(&words);
        command.env(variable, url).env("ANTHROPIC_API_KEY", "sk-ant-made-up");
        let run = ended(command.spawn().unwrap());
        assert_eq!(run.code, Some(0), "{provider}: {}", run.err);
        assert!(!run.err.contains(" missing: "), "{provider}: {}", run.err);
        let trials = project.trials(provider);
        assert!(trials.len() >= 50, "{provider}: {} trials", trials.len());
        let unbounded = |trial: &&serde_json::Value| {
            trial["failure"]["message"]
                .as_str()
                .is_some_and(|message| message.contains("no budget can be kept"))
        };
        assert_eq!(trials.iter().filter(unbounded).count(), 0, "{provider}");
    };
    run("openai", "OPENAI_BASE_URL", &host.url());
    run("anthropic", "ANTHROPIC_BASE_URL", &host.address());
}

#[test]
fn a_surcharge_for_pictures_is_quoted_kept_to_and_billed() {
    let till = Till::new(&chat(r#"{"prompt_tokens":100,"completion_tokens":10}"#), Duration::from_millis(1));
    let project = till.project("compatible", 10, 1);
    let config = project.read("eval.toml");
    let config: Vec<&str> = config.lines().filter(|line| !line.starts_with("price")).collect();
    project.write("eval.toml", &config.join("\n"));
    let entry = r#"{"provider":"compatible","model":"m","as_of":"2026-11-28","input_per_mtok":0,"output_per_mtok":0,"per_image_usd":0.5}"#;
    let book =
        format!("{{\"currency\":\"USD\",\"as_of\":\"2026-11-28\",\"origin\":\"me\",\"entries\":[{entry}]}}");
    project.write("prices.json", &book);
    let plan = project.expect(0, "plan --prices prices.json");
    assert!(plan.out.contains("10 requests for $5.00"), "{}", plan.out);
    project.expect(96, "run --prices prices.json");
    assert_eq!(till.asked(), 0, "it is not free");
    project.expect(5, "run --prices prices.json --run-dir run --budget-usd 1.2 --no-progress");
    assert_eq!(till.asked(), 2, "two pictures for a dollar");
    assert!(project.trials("run").iter().all(|trial| trial["cost"] == 0.5));
}

#[test]
fn an_outage_ends_no_lane_and_its_end_is_noticed_by_a_probe() {
    let till = Till::new(&chat(r#"{"prompt_tokens":100,"completion_tokens":10}"#), Duration::from_millis(20));
    let project = till.project("compatible", 60, 8);
    let child = project.spawn("run --run-dir run --budget-usd 100 --no-progress --max-retries 0");
    till.wait_for(16);
    till.outage.lasts.store(true, Ordering::SeqCst);
    let cut = || till.outage.cut.load(Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(1500));
    let at_first = cut();
    assert!(at_first >= 4, "{at_first}");
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(cut(), at_first, "nothing is sent while the host is given time");
    till.outage.lasts.store(false, Ordering::SeqCst);
    let run = ended(child);
    assert!(run.err.contains("its host does not answer; the next try is in 5 s"), "{}", run.err);
    assert!(!run.err.contains("stopped after"), "{}", run.err);
    assert_eq!(run.code, Some(0), "everything was asked: {}", run.err);
    assert!((40..60).contains(&till.asked()), "all others were asked: {}", till.asked());
    project.expect(0, "resume run --no-progress");
    assert_eq!(till.asked(), 60);
}

#[test]
fn a_bill_of_the_host_above_the_price_is_the_cost_everywhere() {
    let usage = r#"{"prompt_tokens":100,"completion_tokens":10,"cost":0.3}"#;
    let till = Till::new(&chat(usage), Duration::from_millis(1));
    let project = till.project("openrouter", 4, 1);
    project.expect(0, "run --run-dir run --budget-usd 20 --no-progress");
    for trial in project.trials("run") {
        assert_eq!(
            (&trial["cost"], &trial["response"]["attempts"][0]["charged"]),
            (&0.3.into(), &0.3.into())
        );
    }
}
