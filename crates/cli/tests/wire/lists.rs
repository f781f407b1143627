//! Lists of models that come in pages.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::doors::KEY;
use crate::shell::Shell;

/// Answers each request for a list with what this says to its line. Keeps the lines.
fn host(answer: impl Fn(&str, &str) -> String + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, own) = (Arc::new(Mutex::new(Vec::new())), url.clone());
    let lines = asked.clone();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let (mut head, mut buffer) = (String::new(), [0; 4096]);
            while !head.contains("\r\n\r\n") {
                let read = stream.read(&mut buffer).unwrap();
                head.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            assert!(head.contains(KEY), "{head}");
            let line = head.lines().next().unwrap().to_owned();
            let body = answer(&own, &line);
            lines.lock().unwrap().push(line);
            let length = body.len();
            let reply =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    (url, asked)
}

fn shell(url: &str) -> Shell {
    let mut shell = Shell::new();
    shell.set("DOCUMENTINTELLIGENCE_ENDPOINT", url).set("DOCUMENTINTELLIGENCE_API_KEY", KEY);
    shell
}

#[test]
fn all_that_is_missing_is_named_at_once() {
    let said = Shell::new().run(&["providers", "check", "azure-di"]).expect(96).out;
    for missing in ["DOCUMENTINTELLIGENCE_ENDPOINT", "DOCUMENTINTELLIGENCE_API_KEY", "entra = true"] {
        assert!(said.contains(missing), "{missing}: {said}");
    }
}

#[test]
fn every_page_is_asked_for_and_the_key_goes_nowhere_else() {
    let (url, asked) = host(|_, line| {
        match line.contains("page=2") {
        true => r#"{"value":[{"modelId":"my-receipts"}]}"#.to_owned(),
        // It is not the host of the endpoint that this link names.
        false => r#"{"value":[{"modelId":"prebuilt-read"}],"nextLink":"https://elsewhere.test/documentintelligence/documentModels?page=2"}"#
            .to_owned(),
    }
    });
    let ended = shell(&url).run(&["providers", "models", "azure-di"]).expect(0);
    assert!(ended.out.contains("my-receipts") && ended.out.contains("prebuilt-read"), "{}", ended.out);
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[test]
fn a_list_without_end_is_given_up() {
    let (url, asked) = host(|own, _| {
        format!(r#"{{"value":[],"nextLink":"{own}/documentintelligence/documentModels?page=2"}}"#)
    });
    let ended = shell(&url).run(&["providers", "models", "azure-di"]);
    assert_ne!(ended.code, Some(0));
    ended.says("the list of models does not end after 100 pages");
    assert_eq!(asked.lock().unwrap().len(), 100);
}
