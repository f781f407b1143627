//! What other pages, hostile records and hostile input may try with the page of a run.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod support;

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::symlink;

use eval_studio::{Live, Review, ReviewSettings, Room, Server};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use serde_json::{Value, json};
use support::Place;
use vision_core::Task;

/// A picture of one pixel.
const PNG: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\
\x02\x00\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x10\x50\x30\x00\x00\x00\
\xa4\x00\x61\x34\x66\x7d\x72\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

const HOSTILE: &str = "<img src=x onerror=alert(1)>&case=\u{202e}";

struct Open {
    place: Place,
    folder: tempfile::TempDir,
    dataset: String,
    _runtime: tokio::runtime::Runtime,
}

/// A record of a stranger, whose first case names files that are none of its business.
fn open() -> Open {
    let folder = tempfile::tempdir().unwrap();
    let (run, data) = (folder.path().join("run"), folder.path().join("data"));
    let synthetic = SyntheticRun {
        cases: 8,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: vec![SyntheticProvider::new("synthetic/a", 1, 0.8)],
        ..SyntheticRun::varied()
    };
    synthetic.write(&run).unwrap();
    fs::create_dir(&data).unwrap();
    fs::write(folder.path().join("secret.png"), [PNG, b" SECRET"].concat()).unwrap();
    fs::write(data.join("a.png"), PNG).unwrap();
    symlink(folder.path().join("secret.png"), data.join("link.png")).unwrap();
    let text = fs::read_to_string(run.join("cases.jsonl")).unwrap();
    let mut cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let first = cases[0]["case"].clone();
    let media = json!([
        "a.png",
        "../secret.png",
        "link.png",
        "/etc/hostname",
        "..%2Fsecret.png",
        "gone.png",
        "https://host.test/a.png"
    ]);
    (cases[0]["media"], cases[0]["case"]) = (media, json!(HOSTILE));
    fs::write(run.join("cases.jsonl"), cases.iter().map(|case| format!("{case}\n")).collect::<String>())
        .unwrap();
    let trials = fs::read_to_string(run.join("trials.jsonl")).unwrap();
    let renamed = trials.replace(&format!("\"case\":{first}"), &format!("\"case\":{}", json!(HOSTILE)));
    fs::write(run.join("trials.jsonl"), renamed).unwrap();
    fs::remove_file(run.join("media.jsonl")).ok();
    let dataset = cases[0]["dataset"].as_str().unwrap().to_owned();
    let folders = HashMap::from([(dataset.clone(), data)]);
    let review = Review::open(&run, ReviewSettings { folders, ..ReviewSettings::default() }).unwrap();
    let room = Room::Run(Box::new((review, Live::open(&run).unwrap())));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::bind(room, 0)).unwrap();
    let place = Place::of(&server.address());
    runtime.spawn(server.serve());
    Open { place, folder, dataset, _runtime: runtime }
}

/// As browsers write it into an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

const GETS: [&str; 8] = [
    "/api/review",
    "/api/review/cases",
    "/api/review/case?dataset=d&case=c",
    "/api/review/queue",
    "/api/review/media?dataset=d&case=c&at=0&page=1",
    "/api/review/decisions",
    "/api/judge?by=eve",
    "/api/live",
];
const POSTS: [&str; 8] = [
    "/api/review/understand",
    "/api/review/decide",
    "/api/review/comment",
    "/api/review/flag",
    "/api/review/undo",
    "/api/review/apply",
    "/api/judge",
    "/api/live",
];

#[test]
fn without_the_token_or_from_another_page_nothing_is_told_or_changed() {
    let open = open();
    for (method, paths) in [("GET", GETS), ("POST", POSTS)] {
        for path in paths {
            let body = if method == "POST" { r#"{"by":"eve","do":"stop"}"# } else { "" };
            let ask = |headers: &[(&str, &str)]| open.place.ask(method, path, headers, body).unwrap().status;
            assert_eq!(ask(&[("x-studio-token", "")]), 401, "{method} {path}");
            assert_eq!(ask(&[("x-studio-token", &"0".repeat(32))]), 401, "{method} {path}");
            assert_eq!(ask(&[("origin", "http://evil.test")]), 403, "{method} {path}");
            assert_eq!(ask(&[("host", "evil.test")]), 421, "{method} {path}");
        }
    }
    let page = open.place.ask("GET", "/", &[("x-studio-token", "")], "").unwrap().text();
    assert!(!page.contains("synthetic") && !page.contains(&open.place.token) && !page.contains("://"));
    assert!(!page.contains("style=") && !page.contains("onclick"), "all of it is ours");
    assert_eq!(fs::read(open.folder.path().join("run/.studio/review.jsonl")).unwrap(), b"");
    assert!(!open.folder.path().join("run/control.jsonl").exists());
}

#[test]
fn only_media_of_the_case_inside_the_dataset_are_shown() {
    let open = open();
    let (dataset, case) = (escaped(&open.dataset), escaped(HOSTILE));
    let media =
        |at: &str| open.place.get(&format!("/api/review/media?dataset={dataset}&case={case}&at={at}&page=1"));
    assert_eq!(media("0").body, PNG);
    for at in ["1", "2", "3", "4", "5", "6", "7", "99999999999999999999", "-1", "a.png", "..%2Fsecret.png"] {
        let reply = media(at);
        assert!([400, 404].contains(&reply.status), "{at}: {}", reply.status);
        assert!(!reply.text().contains("SECRET"), "{at}");
    }
    let other = open.place.get(&format!("/api/review/media?dataset=..&case={case}&at=0&page=1"));
    assert_eq!(other.status, 404);
}

#[test]
fn a_dataset_that_may_not_be_opened_is_neither_shown_nor_written() {
    let open = open();
    let plan: Value =
        serde_json::from_str(&fs::read_to_string(open.folder.path().join("run/plan.json")).unwrap()).unwrap();
    drop(open.place.post("/api/review/apply", &json!({"dataset": "../data"})));
    let reply = open.place.post("/api/review/apply", &json!({"dataset": "other"}));
    assert!(reply.status == 400 && reply.text().contains("labels apply"), "{}", reply.text());
    assert!(plan["datasets"].is_array() && !open.folder.path().join("data/labels.jsonl").exists());
}

#[test]
fn hostile_names_labels_and_reasons_stay_data() {
    let open = open();
    let case = |name: &str| {
        open.place.get(&format!("/api/review/case?dataset={}&case={}", escaped(&open.dataset), escaped(name)))
    };
    let shown = case(HOSTILE);
    assert!(shown.head.contains("content-type: application/json"), "{}", shown.head);
    assert_eq!(shown.json()["case"], HOSTILE);
    for name in ["", "../run", "\0", "none"] {
        assert_eq!(case(name).status, 404, "{name:?}");
    }
    let value = "</script><script>alert(1)</script>\u{202e}\n=cmd()";
    let decide = |by: &str, change: Value, reason: &str| {
        open.place.post(
            "/api/review/decide",
            &json!({"by": by, "dataset": open.dataset, "case": HOSTILE, "changes": [change], "reason": reason}),
        )
    };
    let change = |label: Value| json!({"field": "store", "seen": 0, "label": label});
    let saved = decide("anna", change(json!({"is": "value", "value": value})), value);
    assert_eq!(saved.status, 200, "{}", saved.text());
    let fields = case(HOSTILE).json()["fields"].clone();
    assert_eq!(fields[0]["stands"], value);
    let file = open.place.get("/api/review/decisions").json();
    let line: Value = serde_json::from_str(file["text"].as_str().unwrap().trim()).unwrap();
    assert_eq!((&line["value"], &line["case"]), (&json!(value), &json!(HOSTILE)));
    for by in ["", " ", "a\nb", &"x".repeat(61)] {
        assert_eq!(decide(by, change(json!({"is": "absent"})), "x").status, 400, "{by:?}");
    }
    for (field, label) in [
        ("total", json!({"is": "value", "value": {"a": 1}})),
        ("total", json!({"is": "odd"})),
        ("__proto__", json!({"is": "absent"})),
        ("total", json!({"is": "value", "value": null})),
        ("total", json!(3)),
    ] {
        let reply = decide("anna", json!({"field": field, "seen": 0, "label": label}), "x");
        assert!((400..500).contains(&reply.status), "{field} {label}: {}", reply.status);
    }
    let two = json!({"field": "total", "seen": 0, "keep": true, "label": {"is": "absent"}});
    assert_eq!(decide("anna", two, "x").status, 400);
    assert_eq!(
        decide("anna", json!({"field": "total", "seen": 0, "keep": true}), &"x".repeat(2001)).status,
        400
    );
}

#[test]
fn noise_is_an_error_and_nothing_that_ended_is_steered() {
    let open = open();
    for path in POSTS {
        for body in ["{", "[]", "null", r#"{"by":["anna"]}"#, r#"{"by":"anna","do":"dance"}"#] {
            let status = open.place.ask("POST", path, &[], body).unwrap().status;
            assert!((400..500).contains(&status), "{path} {body}: {status}");
        }
    }
    let stop = open.place.post("/api/live", &json!({"by": "anna", "do": "stop"}));
    assert!(stop.status == 400 && stop.text().contains("the run has ended"), "{}", stop.text());
    assert!(!open.folder.path().join("run/control.jsonl").exists());
    let live = open.place.get("/api/live").json();
    assert!(live["running"] == false && live["ended"].as_u64() > Some(0), "{live:#}");
    for path in ["/api/overview?by=anna", "/api/media?document=plan.json&page=1", "/api/fields"] {
        assert_eq!(open.place.get(path).status, 404, "{path}: a run has no documents to label");
    }
    assert_eq!(open.place.get("/api/review").json()["cases"], 8);
}
