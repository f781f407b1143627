//! A run that is reviewed in the studio: labels are corrected, scores follow, and nothing confirmed is ever lost.
#![cfg(all(unix, feature = "studio"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod served;
#[path = "../../eval-studio/tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};
use served::Running;
use support::Reply;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// A project with the bundled record of receipts, and one of them that says something wrong.
struct Project(tempfile::TempDir);

const CASE: &str = "receipts-0011";

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        fs::create_dir(project.path("run")).unwrap();
        for file in ["plan.json", "cases.jsonl", "trials.jsonl", "media.jsonl"] {
            fs::copy(repository().join("reports/record").join(file), project.path("run").join(file)).unwrap();
        }
        let receipts = repository().join("datasets/receipts");
        fs::create_dir_all(project.path("datasets/receipts/media")).unwrap();
        for file in ["dataset.toml", "cases.jsonl", "receipt.schema.json", "SHA256SUMS"] {
            fs::copy(receipts.join(file), project.path("datasets/receipts").join(file)).unwrap();
        }
        for medium in fs::read_dir(receipts.join("media")).unwrap() {
            let medium = medium.unwrap().path();
            fs::copy(&medium, project.path("datasets/receipts/media").join(medium.file_name().unwrap()))
                .unwrap();
        }
        fs::write(project.path("eval.toml"), "[[dataset]]\npath = \"datasets/receipts\"\n").unwrap();
        // The total of one receipt is spoilt, in the dataset and in the record.
        for file in ["run/cases.jsonl", "datasets/receipts/cases.jsonl"] {
            let text = fs::read_to_string(project.path(file)).unwrap();
            let spoilt = text.lines().map(|line| {
                let mut case: Value = serde_json::from_str(line).unwrap();
                if case["id"] == CASE || case["case"] == CASE {
                    case["expected"]["total"] = json!(9999.5);
                }
                case.to_string() + "\n"
            });
            fs::write(project.path(file), spoilt.collect::<String>()).unwrap();
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, words: &str) -> Command {
        let mut command = served::command(self.0.path(), env!("CARGO_BIN_EXE_vision-eval"));
        command.args(words.split_whitespace());
        command
    }

    fn run(&self, words: &str) -> Output {
        self.command(words).output().unwrap()
    }

    fn studio(&self) -> Running {
        Running::start(self.command("studio run"))
    }

    fn score(&self, words: &str) -> f64 {
        let output = self.run(&format!("report run --format json {words}"));
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let boards = report["boards"].as_array().unwrap();
        let receipts = boards.iter().find(|board| board["scope"]["task"]["dataset"] == "receipts").unwrap();
        let row =
            receipts["rows"].as_array().unwrap().iter().find(|row| row["provider"] == "local/fast").unwrap();
        row["score"]["mean"].as_f64().unwrap()
    }
}

impl Running {
    fn case(&self) -> Value {
        self.place.get(&format!("/api/review/case?dataset=receipts&case={CASE}")).json()
    }

    fn decide(&self, by: &str, change: &Value, reason: &str) -> Reply {
        self.try_decide(by, change, reason).unwrap()
    }

    fn try_decide(&self, by: &str, change: &Value, reason: &str) -> Option<Reply> {
        let body =
            json!({"by": by, "dataset": "receipts", "case": CASE, "changes": [change], "reason": reason});
        self.place.try_post("/api/review/decide", &body)
    }

    fn after(&self) -> f64 {
        let all = self.place.get("/api/review").json();
        let fast =
            all["candidates"].as_array().unwrap().iter().find(|it| it["name"] == "local/fast").cloned();
        fast.unwrap()["after"].as_f64().unwrap()
    }
}

fn field<'v>(case: &'v Value, name: &str) -> &'v Value {
    case["fields"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()
}

#[test]
fn a_corrected_label_changes_the_scores_at_once_and_becomes_a_version_that_old_answers_are_scored_by() {
    let project = Project::new();
    let studio = project.studio();
    let before = studio.after();
    let case = studio.case();
    assert_eq!(field(&case, "total")["label"], "9999.5");
    let truth = case["answers"][0]["readings"]["total"][1].as_str().unwrap().to_owned();

    let typed = |text: &str| json!({"field": "total", "seen": 0, "typed": text});
    let unsaid = studio.decide("anna", &typed(&truth), " ");
    assert!(unsaid.status == 400 && unsaid.text().contains("say why"), "{}", unsaid.text());
    let odd = studio.decide("anna", &typed("illegible"), "misread");
    assert!(odd.status == 400 && odd.text().contains("is not an amount"), "{}", odd.text());
    let saved = studio.decide("anna", &typed(&truth), "misread");
    assert_eq!(saved.status, 200, "{}", saved.text());
    let mended = studio.after();
    assert!(mended > before, "{before} {mended}");
    let case = studio.case();
    assert_eq!(
        (&field(&case, "total")["stands"], &field(&case, "total")["ruling"]),
        (&json!(truth), &json!("value"))
    );
    assert!(case["answers"].as_array().unwrap().iter().any(|answer| answer["was"].is_string()), "{case:#}");
    assert_eq!(
        fs::read_to_string(project.path("run/trials.jsonl")).unwrap(),
        fs::read_to_string(repository().join("reports/record/trials.jsonl")).unwrap()
    );

    // Another window still shows the old version.
    let late = studio.decide("ben", &json!({"field": "total", "seen": 0, "keep": true}), "");
    assert!(late.status == 409 && late.text().contains("another window"), "{}", late.text());
    let batch = saved.json()["batch"].clone();
    let undo = |by: &str| studio.place.post("/api/review/undo", &json!({"by": by, "batch": batch})).status;
    assert_eq!((undo("ben"), undo("anna"), undo("anna")), (409, 200, 409));
    assert!((studio.after() - before).abs() < 1e-12, "undo takes it back");

    // A reading beside the label is right, too, and the label stays.
    let version = field(&studio.case(), "total")["version"].clone();
    let also = json!({"field": "total", "seen": version, "also": true, "typed": truth});
    assert_eq!(studio.decide("ben", &also, "both can be read").status, 200);
    assert!((studio.after() - mended).abs() < 1e-12, "a reading that is accepted scores as the label does");
    let decisions = studio.place.get("/api/review/decisions").json();
    fs::write(project.path("decisions.jsonl"), decisions["text"].as_str().unwrap()).unwrap();

    let old = project.score("");
    let spoilt = fs::read_to_string(project.path("datasets/receipts/cases.jsonl")).unwrap();
    let applied = studio.place.post("/api/review/apply", &json!({"dataset": "receipts"}));
    assert_eq!(applied.status, 200, "{}", applied.text());
    assert_eq!((&applied.json()["from"], &applied.json()["version"]), (&json!("1.0.0"), &json!("1.0.1")));
    let event: Value = serde_json::from_str(
        fs::read_to_string(project.path("datasets/receipts/labels.jsonl")).unwrap().lines().next().unwrap(),
    )
    .unwrap();
    assert_eq!(
        (&event["author"], &event["decision"], &event["reason"]),
        (&json!("ben"), &json!("also"), &json!("both can be read"))
    );
    assert!((project.score("") - old).abs() < 1e-12, "the record is scored by its own labels");
    assert!(project.score("--labels datasets/receipts") > old, "or by the present ones");
    let checked = project.run("datasets check datasets/receipts");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));

    // How a candidate stands is said in the words of the report.
    let text = String::from_utf8(project.run("report run").stdout).unwrap();
    for candidate in studio.place.get("/api/review").json()["candidates"].as_array().unwrap() {
        let Some(standing) = candidate["standing"].as_str().filter(|it| *it != "worse") else { continue };
        let line = format!("{} ({standing}", candidate["name"].as_str().unwrap());
        assert!(text.contains(&line), "{line}: {text}");
    }

    // What was applied is no conflict, and nothing new.
    let twice = studio.place.post("/api/review/apply", &json!({"dataset": "receipts"}));
    assert!(twice.status == 400 && twice.text().contains("nothing new"), "{}", twice.text());
    let same = project.run("labels apply decisions.jsonl datasets/receipts");
    let told = String::from_utf8_lossy(&same.stdout).into_owned();
    assert!(same.status.success() && told.contains("receipts 1.0.1: it says all"), "{told}");

    // The same decisions by the command line.
    fs::copy(
        repository().join("datasets/receipts/dataset.toml"),
        project.path("datasets/receipts/dataset.toml"),
    )
    .unwrap();
    fs::write(project.path("datasets/receipts/cases.jsonl"), spoilt).unwrap();
    let again = project.run("labels apply decisions.jsonl datasets/receipts --dry-run");
    let told = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(again.status.success() && told.contains("would become 1.0.1"), "{told}");
}

#[test]
fn everything_about_a_case_is_kept_and_the_queue_finds_what_was_spoilt() {
    let project = Project::new();
    let studio = project.studio();
    let post = |path: &str, more: Value| {
        let mut body = json!({"by": "anna", "dataset": "receipts", "case": CASE});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        studio.place.post(path, &body)
    };
    assert_eq!(post("/api/review/flag", json!({"on": true, "text": "torn"})).status, 200);
    assert_eq!(post("/api/review/comment", json!({"text": "look at the total"})).status, 200);
    assert_eq!(post("/api/review/comment", json!({"text": " "})).status, 400);
    let change = |is: Value, field: &str| json!({"field": field, "seen": 0, "label": is});
    assert_eq!(studio.decide("anna", &change(json!({"is": "unlabeled"}), "tax"), "not legible").status, 200);
    assert_eq!(studio.decide("anna", &change(json!({"is": "absent"}), "tip"), "none there").status, 200);
    assert_eq!(
        studio.decide("anna", &change(json!({"is": "value", "value": {"a": 1}}), "total"), "x").status,
        400
    );
    assert_eq!(
        studio.decide("anna", &change(json!({"is": "value", "value": 1}), "nothing"), "x").status,
        404
    );
    let case = studio.case();
    assert_eq!(
        (&case["flagged"], &case["comments"][0]["text"]),
        (&json!("torn"), &json!("look at the total"))
    );
    assert_eq!(
        (&field(&case, "tax")["stands"], &field(&case, "tip")["stands"]),
        (&Value::Null, &json!("null"))
    );
    let list = studio.place.get("/api/review/cases").json();
    assert_eq!(list.as_array().unwrap().len(), 76);
    let all = studio.place.get("/api/review").json();
    assert_eq!(
        (&all["counts"]["unlabeled"], &all["counts"]["flagged"]),
        (&json!(1), &json!(1)),
        "{}",
        all["counts"]
    );
    let picture = studio.place.get(&format!("/api/review/media?dataset=receipts&case={CASE}&at=0&page=1"));
    assert!(picture.status == 200 && picture.head.contains("content-type: image/"), "{}", picture.head);
    let queue = studio.place.get("/api/review/queue").json();
    assert!(queue["values"].as_u64().unwrap() > 100, "{queue}");
    drop(studio);
    let again = project.studio();
    assert_eq!(again.case()["comments"][0]["by"], "anna");
    let second = project.run("studio run");
    assert!(String::from_utf8_lossy(&second.stderr).contains("another studio"), "{second:?}");
    let odd = project.run("studio run --template receipt");
    assert_eq!(odd.status.code(), Some(2), "{odd:?}");
}

#[test]
fn a_killed_review_loses_no_decision_that_it_said_was_saved() {
    let project = Project::new();
    // What the studio said was saved, and what was on its way when it died.
    let (mut kept, mut flying) = (json!("9999.5"), json!("9999.5"));
    for round in 0..20_u64 {
        let mut studio = project.studio();
        let case = studio.case();
        let stands = field(&case, "total")["stands"].clone();
        assert!(stands == kept || stands == flying, "round {round}: {stands} stands, and {kept} was saved");
        kept = stands;
        let mut seen = field(&case, "total")["version"].clone();
        let pid = studio.child.id().to_string();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(3 + 7 * round));
            Command::new("kill").args(["-9", &pid]).status().unwrap();
        });
        for number in round * 10_000 + 1.. {
            flying = json!(number.to_string());
            let change = json!({"field": "total", "seen": seen, "typed": number.to_string()});
            let Some(reply) = studio.try_decide("anna", &change, "misread") else { break };
            assert_eq!(reply.status, 200, "{}", reply.text());
            kept = flying.clone();
            seen = reply.json()["batch"].clone();
        }
        killer.join().unwrap();
        studio.child.wait().unwrap();
    }
    let last: u64 = kept.as_str().unwrap().parse().unwrap();
    assert!(last > 190_000, "something was saved in the last round, too: {kept}");
}

#[test]
fn fields_are_chosen_in_the_page_and_proposals_follow() {
    let project = Project::new();
    fs::create_dir(project.path("scans")).unwrap();
    fs::copy(project.path("datasets/receipts/media/0001.png"), project.path("scans/a.png")).unwrap();
    let studio = Running::start(project.command("studio scans --provider local/fast --blind 0"));
    let offered = studio.place.get("/api/fields").json();
    assert_eq!((&offered["documents"], &offered["templates"][0][0]), (&json!(1), &json!("receipt")));
    assert_eq!(studio.place.get("/api/overview?by=anna").status, 404);
    assert!(studio.place.get("/").text().contains("What is to be labeled?"));
    let preview = |chosen: Value| studio.place.post("/api/fields/preview", &chosen);
    assert_eq!(
        preview(json!({"header": "file;vendor;total\na.png;x;1"})).json().as_array().unwrap().len(),
        2
    );
    assert_eq!(preview(json!({"schema": "{"})).status, 400);
    assert_eq!(preview(json!({"template": "classes", "classes": ["a"]})).status, 400);
    assert_eq!(preview(json!({"names": ["a:shade"]})).status, 400);
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}}).to_string();
    assert_eq!(preview(json!({"schema": schema})).json()[0]["name"], "a");
    assert!(!project.path("scans/.studio").exists(), "nothing is written before something is chosen");
    let chosen = json!({"template": "receipt", "blind": 0.0, "date_order": "dmy"});
    assert_eq!(studio.place.post("/api/fields", &chosen).status, 200);
    assert_eq!(studio.place.post("/api/fields", &chosen).status, 409);
    assert!(studio.place.get("/").text().contains("Skip to the fields"));
    let patience = std::time::Instant::now() + Duration::from_secs(120);
    loop {
        let view = studio.place.post("/api/show", &json!({"by": "anna", "document": "a.png"})).json();
        if view["fields"].as_array().unwrap().iter().any(|field| field["offers"] != json!([])) {
            break;
        }
        assert!(std::time::Instant::now() < patience, "{view:#}");
        std::thread::sleep(Duration::from_millis(200));
    }
}
