//! What each setting buys, at hosts whose answers depend on what they are sent.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::Project;

/// What a host was sent, as far as its answer depends on it.
struct Sent {
    model: String,
    prompt: String,
    /// The longest side of the picture.
    side: u32,
}

/// Answers the labels of `cases`, or nothing of use where `is_right` says so.
fn host(cases: HashMap<String, Value>, is_right: fn(&Sent) -> bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let cases = Arc::new(cases);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let cases = cases.clone();
            std::thread::spawn(move || while answer(&stream, &cases, is_right).is_some() {});
        }
    });
    url
}

fn answer(stream: &TcpStream, cases: &HashMap<String, Value>, is_right: fn(&Sent) -> bool) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let request: Value = serde_json::from_slice(&body).ok()?;
    let parts = request["messages"].as_array()?.last()?["content"].as_array()?.clone();
    let prompt = parts.iter().find_map(|part| part["text"].as_str())?.to_owned();
    let picture = parts.iter().find_map(|part| part["image_url"]["url"].as_str())?.to_owned();
    let case = prompt.rsplit_once("case ")?.1.trim_end_matches(')').to_owned();
    let sent = Sent { model: request["model"].as_str()?.to_owned(), prompt, side: longest_side(&picture)? };
    let text = if is_right(&sent) { cases[&case].to_string() } else { r#"{"total": 1}"#.to_owned() };
    let tokens = u64::from(sent.side);
    let reply = json!({
        "model": sent.model,
        "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 100, "total_tokens": tokens + 100},
    })
    .to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        reply.len()
    );
    let mut stream = stream;
    stream.write_all(format!("{head}{reply}").as_bytes()).ok()
}

/// As the header of a PNG or the frame of a JPEG says it.
fn longest_side(data_url: &str) -> Option<u32> {
    let bytes = base64_simd::STANDARD.decode_to_vec(data_url.split_once("base64,")?.1).ok()?;
    if bytes.starts_with(b"\x89PNG") {
        let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some(number(16)?.max(number(20)?));
    }
    let number = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut at = 2;
    while !(0xc0..=0xc3).contains(bytes.get(at + 1)?) {
        at += 2 + number(at + 2)? as usize;
    }
    Some(number(at + 5)?.max(number(at + 7)?))
}

/// Copies the first receipts, each with its name in the question. Gives their labels.
fn receipts(project: &Project, count: usize) -> HashMap<String, Value> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/receipts");
    let (mut labels, mut lines) = (HashMap::new(), String::new());
    for line in fs::read_to_string(from.join("cases.jsonl")).unwrap().lines().take(count) {
        let mut case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap().to_owned();
        let name = case["media"][0].as_str().unwrap().to_owned();
        fs::create_dir_all(project.path("receipts/media")).unwrap();
        fs::copy(from.join(&name), project.path("receipts").join(&name)).unwrap();
        case["fields"] = json!({"case": id});
        labels.insert(id, case["expected"].clone());
        lines += &format!("{case}\n");
    }
    fs::copy(from.join("receipt.schema.json"), project.path("receipts/receipt.schema.json")).unwrap();
    let manifest = fs::read_to_string(from.join("dataset.toml")).unwrap();
    let (head, rest) = manifest.split_once("prompt = \"\"\"").unwrap();
    let (_, tail) = rest.split_once("\"\"\"").unwrap();
    let manifest = format!("{head}prompt = \"Read it. (case {{{{case}}}})\"{tail}");
    project.write("receipts/dataset.toml", &manifest);
    project.write("receipts/cases.jsonl", &lines);
    labels
}

/// Three models, two prompts, three sizes. One model needs a large picture, one a careful question, one neither.
#[test]
fn the_factor_table_recovers_what_was_built_in() {
    let project = Project::new(1, "");
    let labels = receipts(&project, 16);
    let url = host(labels, |sent| match sent.model.as_str() {
        "sharp" => sent.side > 500,
        "careful" => sent.prompt.starts_with("Look twice."),
        _ => true,
    });
    project.write("careful.txt", "Look twice. (case {{case}})\n");
    let provider = |model: &str| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{url}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n\
             try = {{ prompt = [\"default\", \"careful.txt\"], long_side = [200, 400, 600] }}\n"
        )
    };
    let providers = ["sharp", "careful", "plain"].map(provider).concat();
    project.write("eval.toml", &format!("[[dataset]]\npath = \"receipts\"\n{providers}"));
    let planned: Value = serde_json::from_str(&project.expect(0, "plan --format json").out).unwrap();
    let lines = planned["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 18);
    for label in [
        "compatible/sharp · long_side=200, prompt=careful",
        "compatible/plain · long_side=600, prompt=default",
    ] {
        assert!(lines.iter().any(|line| line["provider"] == label), "{label}: {planned}");
    }
    project.expect(0, "run --budget-usd 5 --yes --run-dir run --no-progress");
    let report = project.expect(0, "report run --format json");
    let summary: Value = serde_json::from_str(&report.out).unwrap();
    let effects = summary["tried"]["effects"].as_array().unwrap();
    let found: Vec<(String, String)> = effects
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            let setting = format!("{} {} {}→{}", text("model"), text("factor"), text("from"), text("to"));
            (setting, it["score"]["opinion"].as_str().unwrap().to_owned())
        })
        .collect();
    let expected = [
        ("compatible/sharp long_side 200→400", "cannot-tell"),
        ("compatible/sharp long_side 200→600", "better"),
        ("compatible/sharp prompt default→careful", "cannot-tell"),
        ("compatible/careful long_side 200→400", "cannot-tell"),
        ("compatible/careful long_side 200→600", "cannot-tell"),
        ("compatible/careful prompt default→careful", "better"),
        ("compatible/plain long_side 200→400", "cannot-tell"),
        ("compatible/plain long_side 200→600", "cannot-tell"),
        ("compatible/plain prompt default→careful", "cannot-tell"),
    ];
    assert_eq!(found, expected.map(|(setting, opinion)| (setting.to_owned(), opinion.to_owned())));
    // Every case by every candidate, and the same pixels within a size.
    assert_eq!(project.trials("run").len(), 16 * 18);
    assert_eq!(summary["trust"]["pixels"]["same"], json!(true), "{}", summary["trust"]["pixels"]);
    let tokens = |at: usize| effects[at]["tokens"]["difference"].as_f64().unwrap();
    assert!((tokens(0) - 200.0).abs() < 1.0 && (tokens(1) - 400.0).abs() < 1.0, "{effects:?}");
    let text = project.expect(0, "report run --format markdown").out.replace('\\', "");
    assert!(text.contains("What each setting buys") && text.contains("long_side: 200 → 600"), "{text}");
    // A resumed run has nothing to do, and single candidates can be looked at.
    project.expect(0, "resume run --no-progress");
    assert_eq!(project.trials("run").len(), 16 * 18);
    let mut gate = project.command("gate run --cutoff");
    gate.arg("score>=0.9@compatible/sharp · long_side=600, prompt=default");
    assert_eq!(gate.status().unwrap().code(), Some(0));
}

#[test]
fn a_grid_that_is_too_large_is_refused_with_its_cost() {
    let project = Project::new(2, "http://127.0.0.1:9/v1");
    let flags =
        "--try temperature=0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1 --try long_side=100,200,300,400,500,600";
    let refused = project.expect(96, &format!("plan {flags}"));
    assert!(refused.err.contains("66 candidates") && refused.err.contains("at most 64"), "{}", refused.err);
}

/// One model needs a large picture: only it loses by small ones, and no headline counts them.
#[test]
fn worse_pictures_cost_what_was_built_in_and_are_in_no_headline() {
    let project = Project::new(1, "");
    let url = host(receipts(&project, 16), |sent| sent.model != "sharp" || sent.side > 500);
    let provider = |model: &str| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{url}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n"
        )
    };
    let config = format!("[[dataset]]\npath = \"receipts\"\n{}{}", provider("sharp"), provider("plain"));
    project.write("eval.toml", &config);
    project.expect(2, "plan --degrade rotate=45");
    project.expect(96, "run --until-decided --degrade scale=0.1 --budget-usd 5 --yes");

    project.expect(0, "run --budget-usd 5 --yes --run-dir clean --no-progress");
    let twins = "--degrade scale=0.1,crop=0.01";
    project.expect(0, &format!("run {twins} --budget-usd 5 --yes --run-dir run --no-progress"));
    assert_eq!(project.trials("run").len(), 2 * 16 * 3);
    let summary = |run: &str| -> Value {
        serde_json::from_str(&project.expect(0, &format!("report {run} --format json")).out).unwrap()
    };
    let (clean, whole) = (summary("clean"), summary("run"));
    let scores = |of: &Value| {
        let rows = of["overall"]["rows"].as_array().unwrap().iter();
        rows.map(|row| (row["provider"].clone(), row["score"].clone(), row["cost"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(scores(&whole), scores(&clean));
    assert_eq!(clean["degraded"], Value::Null);
    assert_eq!(whole["verdict"]["decision"], clean["verdict"]["decision"]);
    let losses = whole["degraded"]["losses"].as_array().unwrap();
    let found: Vec<String> = losses
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            let opinion = it["score"]["opinion"].as_str().unwrap();
            format!("{} {} {opinion} {}", text("provider"), text("how"), it["score"]["n"])
        })
        .collect();
    assert_eq!(
        found,
        [
            "compatible/sharp scale=0.1 worse 16",
            "compatible/sharp crop=0.01 cannot-tell 16",
            "compatible/plain scale=0.1 cannot-tell 16",
            "compatible/plain crop=0.01 cannot-tell 16",
        ]
    );
    // Money is money: what was quoted and paid for the twins is said with the rest.
    let quote = &whole["trust"]["quote"][0];
    assert_eq!((&quote["requests"], &quote["attempts"]), (&json!(48), &json!(48)));
    let usd = whole["degraded"]["usd"].as_f64().unwrap();
    let spent: f64 = [0, 1].map(|at| whole["trust"]["quote"][at]["spent"].as_f64().unwrap()).iter().sum();
    let alone: f64 = [0, 1].map(|at| clean["trust"]["quote"][at]["spent"].as_f64().unwrap()).iter().sum();
    assert!(usd > 0.0 && (spent - alone - usd).abs() < 1e-9, "{spent} {alone} {usd}");
    assert_eq!(whole["trust"]["pixels"], clean["trust"]["pixels"]);

    // What was interrupted goes on with the same pictures, and nothing is asked twice.
    let lines = fs::read_to_string(project.path("run/trials.jsonl")).unwrap();
    let (kept, lost): (Vec<&str>, Vec<&str>) =
        lines.lines().partition(|line| !line.contains("receipts · scale"));
    assert_eq!(lost.len(), 32);
    project.write("run/trials.jsonl", &format!("{}\n", kept.join("\n")));
    assert_eq!(summary("run")["degraded"]["missing"], 32);
    project.expect(0, "resume run --no-progress");
    let again = summary("run");
    assert_eq!(again["degraded"]["losses"], whole["degraded"]["losses"]);
    assert_eq!(project.trials("run").len(), 2 * 16 * 3);
    let page = project.expect(0, "report run --format markdown").out;
    assert!(page.contains("What worse pictures cost"), "{page}");
}
