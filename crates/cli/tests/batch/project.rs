use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use vision_testkit::server::{BatchEnd, BatchStep, Batches, Settings};

use crate::support::{Host, Project, lines};

/// A host whose batches go like this.
pub fn host(batches: Batches) -> Host {
    Host::with(Settings { batches, ..Settings::default() })
}

/// The same, with things that go wrong at some steps.
pub fn host_with(faults: &[(BatchStep, &str)]) -> Host {
    let faults = faults.iter().map(|(step, fault)| (*step, fault.parse().unwrap())).collect();
    host(Batches { faults, ..Batches::default() })
}

pub fn ending(end: BatchEnd) -> Host {
    host(Batches { end, ..Batches::default() })
}

/// A provider at a dollar for a thousand tokens, and half of that in batches.
pub fn priced(kind: &str, url: &str) -> String {
    format!(
        "[[provider]]\nkind = \"{kind}\"\nmodel = \"m\"\nbase_url = \"{url}\"\n\
         price = {{ input_per_mtok = 1000.0, output_per_mtok = 1000.0, batch_input_per_mtok = 500.0, \
         batch_output_per_mtok = 500.0 }}\n"
    )
}

/// A project with so many cases that asks OpenAI's dialect at this host.
pub fn project(cases: usize, host: &Host) -> Project {
    let project = Project::new(cases, "");
    project.configure(&priced("openai", &host.url()));
    project
}

/// Looks at something of a host, as somebody else would.
pub fn look_at(host: &Host, path: &str) {
    let address = host.address();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
}

/// The lines of `batches.jsonl`.
pub fn events(project: &Project) -> Vec<Value> {
    lines(&project.path("run").join("batches.jsonl"))
}

/// The names of the events, in their order.
pub fn told(project: &Project) -> Vec<String> {
    events(project).iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

/// Every trial that has an answer, by its case.
pub fn answered(project: &Project) -> BTreeMap<String, String> {
    let trials = project.trials("run").into_iter().filter(|trial| trial["response"].is_object());
    let answer = |trial: Value| {
        let text = trial["response"]["text"].as_str().unwrap().to_owned();
        (trial["case"].as_str().unwrap().to_owned(), text)
    };
    trials.map(answer).collect()
}

/// What the record says was charged.
pub fn charged(project: &Project) -> f64 {
    let attempts = |trial: &Value| {
        let of = |part: &str| trial[part]["attempts"].as_array().cloned().unwrap_or_default();
        [of("response"), of("failure")].concat()
    };
    let trials = project.trials("run");
    trials.iter().flat_map(attempts).filter_map(|attempt| attempt["charged"].as_f64()).sum()
}
