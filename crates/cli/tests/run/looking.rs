//! A host that looks at what it is sent, and the receipts that it is asked about.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::Project;

/// What a host was sent, as far as its answer depends on it.
pub struct Sent {
    pub case: String,
    pub model: String,
    pub prompt: String,
    /// The longest side of the picture.
    pub side: u32,
}

/// Answers the labels of `cases`, or says that it cannot where `is_right` says so.
pub fn host(cases: HashMap<String, Value>, is_right: fn(&Sent) -> bool) -> String {
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
    let side = longest_side(&picture)?;
    let sent = Sent { case, model: request["model"].as_str()?.to_owned(), prompt, side };
    let text = if is_right(&sent) { cases[&sent.case].to_string() } else { "I cannot read this.".to_owned() };
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
pub fn receipts(project: &Project, count: usize) -> HashMap<String, Value> {
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
