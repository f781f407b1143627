//! The same run at each vendor's counterpart.

use vision_testkit::server::{BatchEnd, BatchStep};

use crate::project::{answered, ending, host_with, look_at, priced, told};
use crate::support::{Host, Project};

/// Kind, what follows the address of the host, and a model.
const VENDORS: [(&str, &str, &str); 5] = [
    ("openai", "/v1", "gpt-5.6-luna"),
    ("azure", "/openai/v1", "my-deployment"),
    ("mistral", "/v1", "mistral-small-latest"),
    ("anthropic", "", "claude-haiku-5-5"),
    ("gemini", "", "gemini-3.7-flash"),
];

const RUN: &str = "run --batch --run-dir run --budget-usd 50 --no-progress --max-retries 1";
const RESUME: &str = "resume run --no-progress --max-retries 1";

fn project(cases: usize, host: &Host, (kind, path, model): (&str, &str, &str)) -> Project {
    let project = Project::new(cases, "");
    let entry = priced(kind, &format!("{}{path}", host.address()));
    project.configure(&entry.replace("model = \"m\"", &format!("model = \"{model}\"")));
    let keys = ["AZURE_OPENAI_API_KEY", "MISTRAL_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"];
    project.write(".env", &keys.map(|key| format!("{key}=sk-made-up\n")).concat());
    project
}

#[test]
fn each_vendor_takes_a_batch_and_its_answers_are_collected() {
    for vendor in VENDORS {
        let host = host_with(&[]);
        let project = project(5, &host, vendor);
        let run = project.expect(5, RUN);
        assert!(run.err.contains("1 batch is with its host"), "{vendor:?}: {}", run.err);
        project.expect(5, RESUME);
        project.expect(0, RESUME);
        let answers = answered(&project);
        assert_eq!(answers.len(), 5, "{vendor:?}");
        assert_eq!(answers["c3"], r#"{"label":"chart"}"#, "{vendor:?}");
        for trial in project.trials("run") {
            assert_eq!(trial["untimed"], true, "{vendor:?}");
            let (usage, cost) = (&trial["response"]["usage"], trial["cost"].as_f64().unwrap());
            let tokens = usage["input"].as_f64().unwrap() + usage["output"].as_f64().unwrap();
            assert!((cost - tokens * 500.0 / 1e6).abs() < 1e-9, "{vendor:?}: {cost} for {tokens} tokens");
        }
        assert_eq!(host.journal().files, 0, "{vendor:?} keeps no picture");
        assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 5], "{vendor:?}");
    }
}

#[test]
fn a_batch_that_may_have_been_created_is_found_at_each_vendor() {
    for vendor in VENDORS {
        let host = host_with(&[(BatchStep::Created, "cut*1")]);
        let project = project(3, &host, vendor);
        let run = project.expect(5, RUN);
        if vendor.0 == "anthropic" {
            // Its batches carry no mark: what is in one is seen at its end.
            assert!(run.err.contains("it is not known whether batch 1 was submitted"), "{}", run.err);
            let early = project.expect(5, RESUME);
            assert!(early.err.contains("batch 1 may be msgbatch_"), "{}", early.err);
            // Somebody looks at it until it has ended.
            for _ in 0..2 {
                look_at(&host, "/v1/messages/batches/msgbatch_1");
            }
        } else {
            assert_eq!(told(&project).last().unwrap(), "submitted", "{vendor:?}");
            project.start(RESUME);
        }
        project.expect(0, RESUME);
        assert_eq!(answered(&project).len(), 3, "{vendor:?}");
        assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3], "{vendor:?}");
    }
}

#[test]
fn an_expired_batch_keeps_what_was_answered_where_the_vendor_does() {
    for vendor in VENDORS {
        let host = ending(BatchEnd::Expire);
        let project = project(4, &host, vendor);
        project.expect(5, RUN);
        project.start(RESUME);
        project.expect(5, RESUME);
        let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
        if vendor.0 == "gemini" {
            assert!(answered(&project).is_empty());
            assert_eq!(lost.waiting, 4, "nobody says what of it is billed");
        } else {
            assert_eq!(answered(&project).len(), 2, "{vendor:?}");
            assert_eq!(lost.waiting, 2, "{vendor:?}: the rest is in a new batch");
        }
    }
}

#[test]
fn requests_that_fail_have_the_kinds_of_single_requests() {
    for vendor in VENDORS {
        let batches = vision_testkit::server::Batches {
            looks: 1,
            line_status: Some(503),
            ..vision_testkit::server::Batches::default()
        };
        let host = crate::project::host(batches);
        let project = project(3, &host, vendor);
        project.expect(5, RUN);
        project.start(RESUME);
        let kinds: Vec<_> = project
            .trials("run")
            .iter()
            .filter_map(|trial| trial["failure"]["kind"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(kinds, ["unavailable"], "{vendor:?}");
    }
}

#[test]
fn keys_are_in_no_file_of_the_run() {
    for vendor in VENDORS {
        let host = host_with(&[]);
        let project = project(2, &host, vendor);
        project.expect(5, RUN);
        for entry in std::fs::read_dir(project.path("run")).unwrap() {
            let text = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!String::from_utf8_lossy(&text).contains("sk-made-up"), "{vendor:?}");
        }
    }
}
