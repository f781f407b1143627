//! What a crash, a second process or a newer program may do to a record.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::io::Write;

use eval_record::{
    Execution, Failure, Generation, MediaPolicy, Outcome, OutputMode, Plan, Price, Quote, Record,
    Reservation, Trial, TrialKey, VERSION,
};
use vision_core::{Attempt, ErrorKind, Response, Task, Usage, Usd};

fn plan() -> Plan {
    Plan {
        v: VERSION,
        name: "demo".into(),
        started: "2026-11-21T10:00:00Z".into(),
        tool: "0.1.0".into(),
        commit: None,
        command: "vision-eval run".into(),
        seed: 1,
        repeats: 1,
        datasets: vec![],
        providers: vec![],
        media: MediaPolicy::default(),
        generation: Generation::default(),
        execution: Execution {
            max_concurrency: 8,
            timeout_seconds: 120.0,
            stream_timeout_seconds: 60.0,
            max_retries: 4,
        },
        budget_usd: None,
        partition: None,
        sequential: None,
        decide: None,
        skipped: vec![],
        quote: Quote::default(),
    }
}

fn answered(text: &str) -> Outcome {
    Outcome::Answered(Response { text: text.into(), ..Response::default() })
}

fn trial(case: &str, text: Option<&str>) -> Trial {
    let failure = Failure {
        kind: ErrorKind::Timeout,
        message: "no answer within 5 s".into(),
        status: None,
        request_id: None,
        usage: Usage::default(),
        body: None,
        attempts: vec![],
    };
    Trial {
        v: VERSION,
        key: TrialKey { dataset: "d".into(), case: case.into(), provider: "p".into(), repeat: 0 },
        task: Task::Text,
        at_ms: 5,
        output: OutputMode::Text,
        media: vec![],
        outcome: text.map_or(Outcome::Failed(failure), answered),
        cost: None,
        sent: None,
        untimed: false,
    }
}

fn record() -> (tempfile::TempDir, Record) {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::create(&folder.path().join("run"), plan()).unwrap();
    (folder, record)
}

fn texts(record: &Record) -> (Vec<Option<String>>, usize) {
    let mut damage = Vec::new();
    let trials = record.trials(&mut damage).unwrap();
    let texts = trials.map(|trial| trial.unwrap().response().map(|response| response.text.clone())).collect();
    (texts, damage.len())
}

#[test]
fn a_trial_that_was_repeated_counts_once_as_it_ended() {
    let (_folder, record) = record();
    let mut writer = record.append("trials.jsonl").unwrap();
    for trial in [trial("a", None), trial("b", Some("B")), trial("a", Some("A"))] {
        writer.write(&trial).unwrap();
    }
    assert_eq!(texts(&record), (vec![Some("B".into()), Some("A".into())], 0));
}

#[test]
fn garbage_costs_one_line_and_is_reported() {
    let (_folder, record) = record();
    let mut writer = record.append("trials.jsonl").unwrap();
    writer.write(&trial("a", Some("A"))).unwrap();
    fs::File::options()
        .append(true)
        .open(record.path("trials.jsonl"))
        .unwrap()
        .write_all(b"\0\0{]\n")
        .unwrap();
    writer.write(&trial("b", Some("B"))).unwrap();
    assert_eq!(texts(&record), (vec![Some("A".into()), Some("B".into())], 1));
}

#[test]
fn an_empty_record_has_no_trials() {
    let (_folder, record) = record();
    assert_eq!(texts(&record), (vec![], 0));
}

#[test]
fn a_plan_survives_the_trip() {
    let (_folder, record) = record();
    assert_eq!(Record::open(&record.dir).unwrap().plan, record.plan);
}

#[test]
fn a_directory_holds_one_run() {
    let (_folder, record) = record();
    Record::create(&record.dir, plan()).expect("a plan alone is no run yet");
    fs::write(record.path("cases.jsonl"), "").unwrap();
    assert!(Record::create(&record.dir, plan()).unwrap_err().to_string().contains("holds a run already"));
}

#[test]
fn only_one_process_writes_at_a_time() {
    let (_folder, record) = record();
    let lock = record.lock().unwrap();
    assert!(Record::create(&record.dir, plan()).unwrap_err().to_string().contains("another process"));
    assert!(record.lock().unwrap_err().to_string().contains("another process"));
    drop(lock);
    record.lock().unwrap();
}

#[test]
fn a_record_of_a_newer_program_is_refused_with_a_clear_word() {
    let (_folder, record) = record();
    let text = fs::read_to_string(record.path("plan.json")).unwrap().replace("\"v\": 1", "\"v\": 99");
    fs::write(record.path("plan.json"), text).unwrap();
    assert!(Record::open(&record.dir).unwrap_err().to_string().contains("newer version"));
}

#[test]
fn lines_of_the_first_version_are_read_by_every_later_program() {
    let (_folder, record) = record();
    // As version 1 wrote them, at their shortest: whatever was added since has a default.
    let lines = [
        r#"{"v":1,"dataset":"d","case":"a","provider":"p","task":"text","at_ms":5,"output":"text","response":{"text":"hi","stop":"complete","usage":{},"timing":{"total":7}}}"#,
        r#"{"v":1,"dataset":"d","case":"b","provider":"p","repeat":2,"task":"text","at_ms":5,"output":"schema","failure":{"kind":"timeout","message":"no answer","attempts":[{"start":0,"total":9,"error":"timeout"}]}}"#,
    ];
    fs::write(record.path("trials.jsonl"), lines.join("\n") + "\n").unwrap();
    let (texts, damaged) = texts(&record);
    assert_eq!((texts, damaged), (vec![Some("hi".to_owned()), None], 0));
}

#[test]
fn a_line_is_written_as_it_was_read() {
    let lines = [
        r#"{"v":1,"dataset":"d","case":"a","provider":"p","repeat":0,"task":"text","at_ms":5,"output":"json","media":["0a"],"response":{"text":"hi","stop":"complete","usage":{"input":3},"timing":{"total":7},"attempts":[{"start":0,"total":7}]},"cost":0.25}"#,
        r#"{"v":1,"dataset":"d","case":"b","provider":"p","repeat":2,"task":"text","at_ms":5,"output":"schema","failure":{"kind":"timeout","message":"no answer","status":504,"usage":{},"attempts":[{"start":0,"total":9,"error":"timeout"}]},"cost":0.5}"#,
    ];
    for line in lines {
        let trial: Trial = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&trial).unwrap(), line);
    }
    let neither = lines[0].replace("response", "answer");
    let error = serde_json::from_str::<Trial>(&neither).unwrap_err().to_string();
    assert!(error.starts_with("neither `response` nor `failure`"), "{error}");
}

#[test]
fn words_of_a_newer_program_are_passed_over() {
    let (_folder, record) = record();
    let mut line = serde_json::to_value(trial("a", Some("A"))).unwrap();
    line["mood"] = "good".into();
    record.append("trials.jsonl").unwrap().write(&line).unwrap();
    assert_eq!(texts(&record), (vec![Some("A".into())], 0));
}

#[test]
fn an_address_is_no_directory_for_a_record() {
    let address = "s3://bucket/runs/one";
    let refused = Record::create(std::path::Path::new(address), plan()).unwrap_err().to_string();
    assert!(refused.contains("is in object storage"), "{refused}");
    assert!(!std::path::Path::new("s3:").exists());
}

#[test]
fn a_number_that_was_given_up_for_another_is_no_lost_money() {
    let (_folder, record) = record();
    let mut writer = record.append("reservations.jsonl").unwrap();
    for (n, usd) in [(1, 0.5), (2, 0.25), (1, 0.0)] {
        writer.write(&Reservation { n, usd: Usd(usd) }).unwrap();
    }
    let lost = record.lost().unwrap();
    assert_eq!((lost.attempts, lost.usd, lost.last), (1, Usd(0.25), 2));
}

#[test]
fn the_name_at_a_broker_is_kept_and_holds_nothing_that_a_subject_would_understand() {
    let (_folder, record) = record();
    assert_eq!(record.run_at_broker().unwrap(), None);
    let name = record.name_run_at_broker(7).unwrap();
    assert_eq!(record.run_at_broker().unwrap(), Some(name));
    for wrong in [r#"{"run":"*"}"#, r#"{"run":"a.b"}"#, "{}"] {
        fs::write(record.path("workers.json"), wrong).unwrap();
        assert!(record.run_at_broker().is_err(), "{wrong}");
    }
}

#[test]
fn reservations_without_a_recorded_attempt_are_lost_money() {
    let (_folder, record) = record();
    assert_eq!(record.lost().unwrap().usd, Usd::ZERO, "a run without a budget reserves nothing");
    let mut writer = record.append("reservations.jsonl").unwrap();
    for (n, usd) in [(1, 0.5), (2, 0.25), (3, 0.125), (4, -8.0)] {
        writer.write(&Reservation { n, usd: Usd(usd) }).unwrap();
    }
    let attempt = |number| Attempt { reservation: Some(number), ..Attempt::default() };
    let mut answered = trial("a", Some("A"));
    answered.outcome = Outcome::Answered(Response { attempts: vec![attempt(1)], ..Response::default() });
    let mut failed = trial("b", None);
    let Outcome::Failed(failure) = &mut failed.outcome else { panic!("it failed") };
    failure.attempts = vec![Attempt::default(), attempt(3)];
    let mut trials = record.append("trials.jsonl").unwrap();
    trials.write(&answered).unwrap();
    trials.write(&failed).unwrap();
    let lost = record.lost().unwrap();
    assert_eq!((lost.attempts, lost.usd, lost.last), (2, Usd(0.25), 4));
    // What cannot be read any more is not known to have ended.
    fs::write(record.path("trials.jsonl"), "{]\n").unwrap();
    assert_eq!(record.lost().unwrap().usd, Usd(0.875));
}

#[test]
fn a_failed_call_costs_what_was_counted_nothing_if_it_was_refused_and_else_nobody_knows() {
    let price = Price { input_per_mtok: Some(1.0), output_per_mtok: Some(1.0), ..Price::default() };
    let cost = |charged, usage| {
        let mut trial = trial("a", None);
        let Outcome::Failed(failure) = &mut trial.outcome else { panic!("it failed") };
        failure.attempts = vec![Attempt { charged: Usd(charged), ..Attempt::default() }];
        failure.usage = usage;
        trial.cost_by(Some(&price))
    };
    let counted = Usage { input: Some(1_000_000), output: Some(0), ..Usage::default() };
    assert_eq!(cost(0.0, Usage::default()), Some(Usd::ZERO), "refused before anything was done");
    assert_eq!(cost(0.5, Usage::default()), None, "it may have been billed");
    assert_eq!(cost(0.5, counted), Some(Usd(1.0)));
}

#[cfg(unix)]
#[test]
fn a_strangers_record_neither_reads_nor_writes_outside_its_folder() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let private = outside.path().join("private");
    std::fs::write(&private, "1\n").unwrap();
    let dir = outside.path().join("run");
    let record = Record::create(&dir, plan()).unwrap();
    let draft = format!("summary.json.{}.draft", std::process::id());
    for name in ["lock", "trials.jsonl", "cases.jsonl", draft.as_str()] {
        std::fs::remove_file(dir.join(name)).ok();
        symlink(&private, dir.join(name)).unwrap();
    }
    assert!(record.lock().is_err());
    assert!(record.append("trials.jsonl").is_err());
    assert!(record.write_json("summary.json", &1).is_err());
    assert!(record.trials(&mut Vec::new()).is_err());
    assert!(record.lines(|_: Trial, _| ()).is_err());
    assert!(record.cases(|_, _| ()).is_err());
    assert_eq!(std::fs::read_to_string(&private).unwrap(), "1\n");

    std::fs::rename(dir.join("plan.json"), outside.path().join("plan.json")).unwrap();
    symlink("../plan.json", dir.join("plan.json")).unwrap();
    assert!(Record::open(&dir).unwrap_err().to_string().contains("is a link out of its folder"));
    std::fs::remove_file(dir.join("plan.json")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(dir.join("plan.json")).status().unwrap().success());
    assert!(Record::open(&dir).unwrap_err().to_string().contains("is not a regular file"));
}
