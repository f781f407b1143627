//! The studio as a process: killed, on a full disk, with proposals, and what it exports.
#![cfg(all(unix, feature = "studio"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod served;
#[expect(dead_code, reason = "the tests of the page use the rest of it")]
#[path = "../../eval-studio/tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use served::Running;
use vision_testkit::server::{Answers, Server, Settings};

fn datasets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("datasets")
}

/// A folder with scans and a home that nobody else has.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(documents: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path("scans")).unwrap();
        for (from, to) in documents {
            fs::copy(datasets().join(from), folder.path("scans").join(to)).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, program: &str) -> Command {
        served::command(self.0.path(), program)
    }

    fn run(&self, words: &str) -> Output {
        self.command(env!("CARGO_BIN_EXE_vision-eval")).args(words.split_whitespace()).output().unwrap()
    }

    fn studio(&self, words: &str) -> Running {
        let mut command = self.command(env!("CARGO_BIN_EXE_vision-eval"));
        command.args(["studio", "scans"]).args(words.split_whitespace());
        Running::start(command)
    }
}

impl Running {
    fn show(&self, by: &str, document: &str) -> Value {
        self.place.post("/api/show", &json!({"by": by, "document": document})).json()
    }

    /// Saves one field over what stands; nothing if the studio died.
    fn save(&self, view: &Value, field: &str, label: Value) -> Option<support::Reply> {
        let of = view["fields"].as_array().unwrap().iter().find(|it| it["name"] == field).unwrap();
        let change = json!({"field": field, "seen": of["version"], "label": label});
        let (document, shown) = (&view["document"], &view["shown"]);
        let save = json!({"by": "anna", "document": document, "shown": shown, "changes": [change]});
        self.place.try_post("/api/labels", &save)
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn value(value: Value) -> Value {
    json!({"is": "value", "value": value})
}

const TWO: [(&str, &str); 2] = [("receipts/media/0001.png", "a.png"), ("receipts/media/0004.jpg", "b.jpg")];

#[test]
fn a_killed_studio_loses_no_label_that_it_said_was_saved() {
    let folder = Folder::new(&TWO);
    // What the studio said was saved, and what was on its way when it died.
    let (mut kept, mut flying) = (Value::Null, Value::Null);
    for round in 0..20 {
        let mut studio = folder.studio("--field note:text --no-proposals");
        let mut view = studio.show("anna", "a.png");
        let stands = view["fields"][0]["label"]["value"].clone();
        assert!(stands == kept || stands == flying, "round {round}: {stands} stands, and {kept} was saved");
        kept = stands;
        let pid = studio.child.id().to_string();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(3 + 7 * round));
            Command::new("kill").args(["-9", &pid]).status().unwrap();
        });
        for number in round * 10_000.. {
            flying = json!(number.to_string());
            let Some(reply) = studio.save(&view, "note", value(flying.clone())) else { break };
            assert_eq!(reply.status, 200, "{}", reply.text());
            kept = flying.clone();
            view["fields"][0]["version"] = reply.json()["batch"].clone();
        }
        killer.join().unwrap();
        studio.child.wait().unwrap();
    }
    let last: u64 = kept.as_str().unwrap().parse().unwrap();
    assert!(last >= 190_000, "something was saved in the last round, too: {kept}");
}

#[test]
fn a_full_disk_is_an_error_and_no_half_label_stays() {
    let folder = Folder::new(&TWO);
    let mut command = folder.command("bash");
    // Without a trap the signal would end the process.
    let binary = env!("CARGO_BIN_EXE_vision-eval");
    command.args([
        "-c",
        &format!("trap '' XFSZ; ulimit -f 4; exec {binary} studio scans --field note:text --no-proposals"),
    ]);
    let mut studio = Running::start(command);
    let mut view = studio.show("anna", "a.png");
    let text = "x".repeat(300);
    let mut saved = 0;
    let refused = loop {
        let reply = studio.save(&view, "note", value(json!(format!("{saved} {text}")))).unwrap();
        if reply.status != 200 {
            break reply;
        }
        view["fields"][0]["version"] = reply.json()["batch"].clone();
        saved += 1;
        assert!(saved < 100, "the disk is never full");
    };
    assert!(refused.status == 500 && refused.text().contains("nothing was saved"), "{}", refused.text());
    assert!(saved > 3, "{saved}");
    // What fits is still taken, and follows on a whole line.
    let short = studio.save(&view, "note", json!({"is": "absent"})).unwrap();
    assert!([200, 500].contains(&short.status));
    studio.kill();
    let lines = fs::read_to_string(folder.path("scans/.studio/labels.jsonl")).unwrap();
    assert!(lines.ends_with('\n') && lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let again = folder.studio("--no-proposals");
    let stands = again.show("anna", "a.png")["fields"][0]["label"].clone();
    let last = value(json!(format!("{} {text}", saved - 1)));
    assert!(stands == if short.status == 200 { json!({"is": "absent"}) } else { last }, "{stands}");
}

#[test]
fn a_draft_that_has_no_room_is_an_error_of_the_output() {
    let folder = Folder::new(&[]);
    let pixel = include_bytes!("../../vision-media/tests/corpus/one_pixel.png");
    fs::write(folder.path("scans/pixel.png"), pixel).unwrap();
    // So many that their schema takes more than a kilobyte.
    let fields: Vec<String> = (0..40).map(|number| format!("note{number}:text")).collect();
    drop(folder.studio(&format!("--no-proposals --field {}", fields.join(","))));
    // Without a trap the signal would end the process.
    let binary = env!("CARGO_BIN_EXE_vision-eval");
    let script = format!("trap '' XFSZ; ulimit -f 1; exec timeout 60 {binary} studio scans");
    let full = folder.command("bash").args(["-c", &script]).output().unwrap();
    let said = String::from_utf8_lossy(&full.stderr);
    assert_eq!(full.status.code(), Some(110), "{said}");
    assert!(said.contains("draft") && said.contains("cannot be written"), "{said}");
}

/// A host that answers every receipt as this.
const TOTAL: &str =
    r#"{"prompt":"receipt","answer":{"store":"Elsewhere","total":1613.86,"date":"2023-01-07","tip":null}}"#;

/// A paid model at this host.
fn with_model(folder: &Folder, host: &Server) {
    fs::write(
        folder.path("eval.toml"),
        format!("[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"{}/v1\"\nprice = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n", host.url()),
    )
    .unwrap();
}

#[test]
fn candidates_that_agree_fill_in_and_what_is_exported_passes_the_check_and_runs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let settings = Settings { answers: Answers::parse(TOTAL).unwrap(), ..Settings::default() };
    let host = runtime.block_on(Server::start(settings)).unwrap();
    let folder = Folder::new(&TWO);
    with_model(&folder, &host);
    let words = "--template receipt --blind 0 --provider local/fast,compatible/m";
    let refused = folder.run(&format!("studio scans {words}"));
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && message.contains("--budget-usd"), "{message}");

    // Seen before anybody had proposed anything: what is labeled so is blind, whenever it is saved.
    let early = folder.studio("--template receipt --blind 0 --no-proposals");
    let seen = early.show("anna", "b.jpg");
    assert_eq!(seen["blind"], true);
    drop(early);

    let studio = folder.studio(&format!("{words} --budget-usd 1 --yes"));
    let patience = Instant::now() + Duration::from_secs(120);
    let view = loop {
        let view = studio.show("anna", "a.png");
        let of = |name: &str| {
            view["fields"].as_array().unwrap().iter().find(|it| it["name"] == name).cloned().unwrap()
        };
        if of("total")["filled"] == true || Instant::now() > patience {
            break view;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    let of = |name: &str| view["fields"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(
        (&of("total")["filled"], &of("total")["independent"]),
        (&json!(true), &json!(true)),
        "{view:#}"
    );
    assert_eq!(of("total")["offers"][0]["by"], json!(["compatible/m", "local/fast"]));
    assert!(
        of("store")["filled"] == false && of("store")["offers"].as_array().unwrap().len() == 2,
        "{}",
        of("store")
    );

    let take = studio.save(&view, "total", of("total")["offers"][0]["label"].clone()).unwrap();
    assert_eq!(take.status, 200, "{}", take.text());
    let correct = studio.save(&view, "date", value(json!("2023-01-08"))).unwrap();
    assert_eq!(correct.status, 200, "{}", correct.text());
    let entered = studio.save(&view, "store", value(json!("Mayura Super Bazaar, Kochi"))).unwrap();
    assert_eq!(entered.status, 200, "{}", entered.text());
    let blind = studio.save(&seen, "total", value(json!(1.5))).unwrap();
    assert_eq!(blind.status, 200, "{}", blind.text());
    let trust = studio.place.get("/api/trust").json();
    assert_eq!((&trust["replaced"]["of"], &trust["blind"]), (&json!(2), &json!(1)), "{trust}");
    let again = studio.show("anna", "b.jpg");
    assert!(again["blind"] == false || again["fields"][0]["offers"] == json!([]), "{again:#}");

    let exported = studio.place.post("/api/export", &json!({"by": "anna"})).json();
    assert_eq!((&exported["cases"], &exported["findings"]), (&json!(2), &json!([])), "{exported:#}");
    let events = fs::read_to_string(folder.path("scans-dataset/labels.jsonl")).unwrap();
    let origins: Vec<String> = events
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|event| format!("{} {} {}", event["case"], event["field"], event["origin"]).replace('"', ""))
        .collect();
    let expected =
        ["a.png store entered", "a.png date corrected", "a.png total confirmed", "b.jpg total blind"];
    assert_eq!(origins, expected);
    let card = fs::read_to_string(folder.path("scans-dataset/README.md")).unwrap();
    assert!(!card.contains("1.0.0"), "the version is said in one place: {card}");
    // Labels and proposals go along with a file that is renamed.
    fs::rename(folder.path("scans/a.png"), folder.path("scans/renamed.png")).unwrap();
    let renamed = studio.show("anna", "renamed.png");
    assert_eq!((&renamed["before"], &renamed["blind"]), (&json!("a.png"), &json!(false)), "{renamed:#}");
    let total = |view: &Value| {
        view["fields"].as_array().unwrap().iter().find(|it| it["name"] == "total").cloned().unwrap()
    };
    assert_eq!(total(&renamed)["offers"], total(&view)["offers"]);
    assert_eq!(total(&renamed)["label"], total(&view)["offers"][0]["label"]);
    drop(studio);
    let checked = folder.run("datasets check scans-dataset");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let ran = folder.run("run --dataset scans-dataset --provider local/fast --no-progress --run-dir run");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(fs::read_to_string(folder.path("run/trials.jsonl")).unwrap().contains("\"a.png\""));
}

#[test]
fn a_studio_that_is_told_to_end_while_proposals_are_asked_for_ends_and_does_not_say_that_all_are_there() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let faults = vec!["slow:60s".parse().unwrap()];
    let settings = Settings { answers: Answers::parse(TOTAL).unwrap(), faults, ..Settings::default() };
    let host = runtime.block_on(Server::start(settings)).unwrap();
    let folder = Folder::new(&TWO);
    with_model(&folder, &host);
    let mut seen = 0;
    for signals in [&["-TERM"][..], &["-INT", "-INT"]] {
        let mut studio =
            folder.studio("--template receipt --provider compatible/m --budget-usd 1 --yes --no-progress");
        let begun = Instant::now();
        while host.journal().requests <= seen {
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing is asked");
            std::thread::sleep(Duration::from_millis(20));
        }
        let begun = Instant::now();
        for signal in signals {
            Command::new("kill").args([signal, studio.child.id().to_string().as_str()]).status().unwrap();
            std::thread::sleep(Duration::from_millis(300));
        }
        let ended = loop {
            match studio.child.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(begun.elapsed() < Duration::from_secs(20), "{signals:?}: it goes on"),
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        seen = host.journal().requests;
        assert_eq!(ended.code(), Some(130), "{signals:?}");
        let mut said = String::new();
        std::io::Read::read_to_string(&mut studio.child.stderr.take().unwrap(), &mut said).unwrap();
        assert!(!said.contains("All proposals are there"), "{said}");
    }
}

#[test]
fn what_is_labeled_is_said_once_and_kept() {
    let folder = Folder::new(&TWO);
    let first = folder.studio("--no-proposals");
    assert_eq!(first.place.get("/api/fields").json()["documents"], 2, "the page asks what is labeled");
    drop(first);
    assert!(!folder.path("scans/.studio").exists());
    drop(folder.studio("--template invoice --no-proposals"));
    drop(folder.studio("--no-proposals"));
    let other = folder.run("studio scans --template receipt --no-proposals");
    assert!(String::from_utf8_lossy(&other.stderr).contains("other fields already"), "{other:?}");
    let open = folder.studio("--no-proposals");
    let second = folder.run("studio scans --no-proposals");
    assert!(String::from_utf8_lossy(&second.stderr).contains("another studio"), "{second:?}");
    drop(open);
}
