//! Hosts that quote the key wherever they can, and a search through every byte that is left behind.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use vision_testkit::media;
use vision_testkit::server::{Fault, Settings};

use crate::doors::{Door, FOLDER, KEY, all};
use crate::shell::{Ended, Host, Shell};

/// Every character that a header can hold, and that some format spells otherwise.
const ODD_KEY: &str = r#"k/+=%&"'\<>{}[]~^`|;:,.?!@#$*()k"#;

const REPORTS: [&str; 6] =
    ["report.md", "report.html", "report.json", "report.jsonl", "report.csv", "report.junit.xml"];

/// Answers, failures of all kinds and web pages, each with the key in it.
fn careless_host() -> Host {
    let faults = ["400@0.2", "html:502@0.15", "badjson@0.1", "error200@0.1", "429:0.01@0.1", "html@0.1"];
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
    Host::start(Settings { echo: true, faults, ..Settings::default() })
}

fn write_project(shell: &Shell, door: Door) {
    let (kind, model) = door.name.split_once('/').unwrap();
    let config = format!(
        "[[dataset]]\npath = \"data\"\n[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\n\
         price = {{ input_per_mtok = 0.0, output_per_mtok = 0.0 }}\n"
    );
    let manifest = "name = \"demo\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
                    [tasks.classify]\nprompt = \"What is {{number}}?\"\nmetric = \"classify\"\n\
                    [tasks.classify.settings]\nlabels = [\"chart\", \"photo\"]\n";
    let mut cases = String::new();
    for number in 0..8 {
        let name = format!("{number}.png");
        let fields = json!({"number": format!("{number} for {}", door.name)});
        let expected = json!({"label": "chart"});
        cases += &json!({"id": name, "media": [name], "expected": expected, "fields": fields}).to_string();
        cases.push('\n');
        shell.write(&format!("data/{name}"), media::png("a.png", 4, 4, number).bytes().unwrap());
    }
    shell.write("eval.toml", config).write("data/dataset.toml", manifest).write("data/cases.jsonl", cases);
}

/// Whatever the command line can write is written, with whoever listens hearing everything.
fn everything(shell: &Shell) -> Vec<Ended> {
    let mut run = vec!["run", "--run-dir", "run", "--record", "wire", "--cache", "on", "-vv"];
    run.extend(["--max-retries", "1", "--no-progress"]);
    run.extend(REPORTS.iter().flat_map(|name| ["-o", *name]));
    let ran = shell.run(&run);
    assert!([Some(0), Some(5)].contains(&ran.code), "{}", ran.err);
    let mut said = vec![ran, shell.run(&["resume", "run", "--cache", "on", "--retry-errors", "-vv"])];
    for words in [&["report", "run", "-vv"][..], &["history"], &["score", "run"], &["providers", "list"]] {
        said.push(shell.run(words));
    }
    said
}

/// Every file below `folder`, but for the `.env` that the user wrote.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.file_name().is_some_and(|name| name == ".env") => {}
            false => found.push(path),
        }
    }
    found
}

/// Pieces of a key, as texts and programs spell them.
fn traces(key: &str) -> Vec<String> {
    let spelled = |spell: &dyn Fn(char) -> String, piece: &[char]| -> String {
        piece.iter().map(|letter| spell(*letter)).collect()
    };
    let plain = |letter: char| letter.to_string();
    let json = |letter: char| serde_json::to_string(&letter).unwrap().trim_matches('"').to_owned();
    let debug = |letter: char| letter.escape_debug().to_string();
    let html = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    let numbered = |letter: char| html(letter).replace("&#39;", "&#x27;").replace("&quot;", "&#34;");
    let unicode = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter.to_string(),
        false => format!("\\u{:04x}", u32::from(letter)),
    };
    let percent = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter.to_string(),
        false => format!("%{:02X}", u32::from(letter)),
    };
    let percent_small = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter.to_string(),
        false => format!("%{:02x}", u32::from(letter)),
    };
    let csv = |letter: char| if letter == '"' { "\"\"".to_owned() } else { letter.to_string() };
    let letters: Vec<char> = key.chars().collect();
    let mut traces = Vec::new();
    for start in (0..=letters.len() - 8).step_by(4) {
        let piece = &letters[start..start + 8];
        let ways: [&dyn Fn(char) -> String; 9] =
            [&plain, &json, &debug, &html, &numbered, &unicode, &percent, &percent_small, &csv];
        traces.extend(ways.map(|way| spelled(way, piece)));
    }
    // Base64 depends on how many bytes stand before; the ends depend on the neighbours and are left away.
    for before in 0..3 {
        let bytes = [&vec![b' '; before][..], key.as_bytes()].concat();
        let coded = base64_simd::STANDARD.encode_to_string(&bytes);
        let sure = &coded[4..bytes.len() / 3 * 4];
        traces.extend([sure.to_owned(), sure.replace('+', "-").replace('/', "_")]);
    }
    traces.sort();
    traces.dedup();
    traces
}

#[track_caller]
fn search(place: &str, bytes: &[u8], traces: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for trace in traces {
        if let Some(at) = text.find(trace) {
            let around: String = text[..at].chars().rev().take(80).collect();
            let before: String = around.chars().rev().collect();
            let after: String = text[at..].chars().take(80).collect();
            panic!("`{trace}` of a secret is in {place}: …{before}{after}…");
        }
    }
}

/// The key is in the environment or in `.env`; either way nothing of it is left anywhere.
fn leaves_no_trace(door: Door, host: &Host, key: &str, in_file: bool) {
    let mut shell = door.shell(host, None);
    match in_file {
        true => {
            shell.forget(door.key);
            shell.write(".env", format!("{}={key}\nYANDEX_FOLDER_ID={FOLDER}\n", door.key));
        }
        false => {
            shell.set(door.key, key);
        }
    }
    write_project(&shell, door);
    let said = everything(&shell);
    let traces = [traces(key), traces(FOLDER)].concat();
    for ended in &said {
        search(&format!("stdout of {}", door.name), ended.out.as_bytes(), &traces);
        search(&format!("stderr of {}", door.name), ended.err.as_bytes(), &traces);
    }
    let files = files(&shell.path("."));
    for path in &files {
        search(&format!("{} of {}", path.display(), door.name), &fs::read(path).unwrap(), &traces);
    }
    let written = |name: &str| files.iter().any(|path| path.to_string_lossy().contains(name));
    for name in ["run/trials.jsonl", "run/report.html", "/wire/0000", "vision-eval/"].iter().chain(&REPORTS) {
        assert!(written(name), "{} wrote no {name}: {files:?}", door.name);
    }
    let stars = said.iter().any(|ended| ended.err.contains("TRACE") && ended.err.contains("***"));
    assert!(stars, "{} was not quoted, or not heard: {}", door.name, said[0].err);
}

#[test]
fn no_key_is_left_in_anything_that_a_run_writes() {
    let host = careless_host();
    all(|door| leaves_no_trace(door, &host, KEY, true));
    assert_eq!(host.journal().by_fault.len(), 5, "each fault has struck: {:?}", host.journal().by_fault);
}

#[test]
fn no_odd_key_either_however_it_may_be_spelled() {
    let host = careless_host();
    all(|door| leaves_no_trace(door, &host, ODD_KEY, false));
}

/// What a host may make of a key that it hands back.
fn rewritten(key: &str) -> Vec<String> {
    let hex: Vec<String> = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    let apart = |mark: &str| key.chars().map(String::from).collect::<Vec<_>>().join(mark);
    let base64 = |text: String| base64_simd::STANDARD.encode_to_string(text);
    let percent: String = hex.iter().map(|code| format!("%{code}")).collect();
    let mut all = vec![
        hex.concat(),
        hex.concat().to_uppercase(),
        hex.join(" "),
        hex.join(":"),
        key.chars().rev().collect(),
        key.to_uppercase(),
        key.to_lowercase(),
        apart("-"),
        apart(" "),
        percent,
    ];
    all.extend(["", "x", "xy", "Bearer "].map(|before| base64(format!("{before}{key}"))));
    all
}

#[test]
fn no_key_is_left_however_a_host_has_rewritten_it() {
    let all = rewritten(KEY);
    let answer = json!({"answer": all.join(" and ")}).to_string();
    let answers = vision_testkit::server::Answers::parse(&answer).unwrap();
    let faults = vec!["html:502@0.3".parse::<Fault>().unwrap()];
    let host = Host::start(Settings { answers, faults, ..Settings::default() });
    let door = crate::doors::every().find(|door| door.name.starts_with("compatible/")).unwrap();
    let mut shell = door.shell(&host, None);
    shell.set(door.key, KEY);
    write_project(&shell, door);
    let said = everything(&shell);
    // Of Base64, the first letters may be all of what stands before the key.
    let traces: Vec<String> = all.iter().map(|text| text[text.len().min(10)..].to_owned()).collect();
    for ended in &said {
        search("stdout", ended.out.as_bytes(), &traces);
        search("stderr", ended.err.as_bytes(), &traces);
    }
    for path in files(&shell.path(".")) {
        search(&path.display().to_string(), &fs::read(&path).unwrap(), &traces);
    }
    let trials = fs::read_to_string(shell.path("run/trials.jsonl")).unwrap();
    assert!(trials.contains("*** and ***"), "{trials}");
    assert!(!trials.contains("U=") && !trials.contains("=="), "{trials}");
}

#[test]
fn a_search_finds_each_spelling() {
    let traces = traces(ODD_KEY);
    let whole = json!(ODD_KEY).to_string();
    for text in [ODD_KEY, &whole, &base64_simd::STANDARD.encode_to_string(format!("Bearer {ODD_KEY}."))] {
        let found = std::panic::catch_unwind(|| search("a text", text.as_bytes(), &traces));
        assert!(found.is_err(), "{text}");
    }
    search("a text", b"nothing to see: ***", &traces);
}

/// With so few file descriptors the runtime panics while it starts: a panic of the whole program, not only of its hook.
#[test]
#[cfg(target_os = "linux")]
fn a_panic_shows_no_key() {
    let traces = traces(ODD_KEY);
    let mut panics = 0;
    for most in 4..=9 {
        let mut command = std::process::Command::new("sh");
        command.args([
            "-c",
            &format!("ulimit -n {most}; exec \"$0\" providers list"),
            env!("CARGO_BIN_EXE_vision-eval"),
        ]);
        command.env_clear().env("RUST_BACKTRACE", "full");
        command.envs(crate::doors::every().map(|door| (door.key, ODD_KEY)));
        let ended = command.output().unwrap();
        search("stdout", &ended.stdout, &traces);
        search("stderr", &ended.stderr, &traces);
        panics +=
            u32::from(String::from_utf8_lossy(&ended.stderr).contains("internal error, please report it"));
    }
    assert!(panics > 0, "nothing panicked, so that nothing was searched");
}
