//! Recording and replaying.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result, Secret, Timing};
use vision_http::{Auth, Call, Record, Replay, Reply, Transport};

const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6T";
const FOLDER: &str = "b1gdirectory0folder";

/// Answers from a list, and quotes whatever it was sent.
#[derive(Debug)]
struct Host(Mutex<Vec<Result<Reply>>>);

#[async_trait]
impl Transport for Host {
    async fn send(&self, _: Call) -> Result<Reply> {
        self.0.lock().unwrap().remove(0)
    }
}

fn reply(status: u16, body: &'static [u8]) -> Result<Reply> {
    let timing = Timing { total: Duration::from_micros(5_678), ..Timing::default() };
    Ok(Reply { timing, ..Reply::json_text(status, body) }.with_header("set-cookie", "session=1"))
}

fn call(question: &str) -> Call {
    let body = format!(r#"{{"model":"gpt://{FOLDER}/x","q":"{question}"}}"#);
    let call = Call::post_json("https://a.test/v1/ask?x=1", body.into());
    Call { private: vec![Secret::new(FOLDER)], ..call }.with_auth(Auth::bearer(Secret::new(KEY)))
}

async fn record(folder: &Path, replies: Vec<Result<Reply>>, questions: &[&str]) -> Vec<Result<Reply>> {
    let record = Record::new(Arc::new(Host(Mutex::new(replies))), folder).unwrap();
    let mut seen = Vec::new();
    for question in questions {
        seen.push(record.send(call(question)).await);
    }
    seen
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn plays_back_every_byte_and_the_original_times() {
    let folder = tempfile::tempdir().unwrap();
    let bodies: [&[u8]; 5] = [b"{\"a\": 1}\n", b"{\"a\":1}", b"", b"\xff\0", b"<html>\r\n</html>"];
    let replies = bodies.map(|body| reply(200, body)).into();
    let seen = record(folder.path(), replies, &["same"; 5]).await;
    let replay = Replay::new(folder.path()).unwrap();
    for original in seen {
        let (original, played) = (original.unwrap(), replay.send(call("same")).await.unwrap());
        assert_eq!(played.body, original.body);
        assert_eq!((played.status, played.timing), (original.status, original.timing));
        assert_eq!(played.headers, [("content-type".to_owned(), "application/json".to_owned())]);
    }
}

#[tokio::test]
async fn the_same_request_plays_in_order_and_then_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let dropped = Error::new(ErrorKind::Timeout, "a.test fell silent");
    record(folder.path(), vec![reply(429, b"slow"), reply(200, b"other"), Err(dropped)], &["a", "b", "a"])
        .await;
    record(folder.path(), vec![reply(200, b"done")], &["a"]).await;
    let replay = Replay::new(folder.path()).unwrap();
    assert_eq!(replay.send(call("a")).await.unwrap().status, 429);
    assert_eq!(replay.send(call("a")).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(&*replay.send(call("b")).await.unwrap().text(), "other");
    assert_eq!(&*replay.send(call("a")).await.unwrap().text(), "done");
    let error = replay.send(call("a")).await.unwrap_err();
    assert!(error.message().starts_with("all recordings have been played of POST /v1/ask?x=1"), "{error}");
}

#[tokio::test]
async fn a_miss_names_the_request() {
    let folder = tempfile::tempdir().unwrap();
    let error = Replay::new(folder.path()).unwrap().send(call("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().starts_with("there is no recording of POST /v1/ask?x=1 with body "), "{error}");
}

#[tokio::test]
async fn another_key_and_folder_find_the_same_recording() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), vec![reply(200, b"hi")], &["a"]).await;
    let body = r#"{"model":"gpt://another-folder-name/x","q":"a"}"#;
    let call = Call {
        private: vec![Secret::new("another-folder-name")],
        ..Call::post_json("http://localhost:1/v1/ask?x=1", body.into())
    };
    assert!(Replay::new(folder.path()).unwrap().send(call).await.is_ok());
}

#[tokio::test]
async fn an_upload_session_is_starred_and_plays_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let address = "https://a.test/upload?upload_id=ABPtcPo-secret-session&upload_protocol=resumable";
    let replies = vec![
        Ok(Reply::json_text(200, "{}").with_header("x-goog-upload-url", address)),
        reply(200, b"{\"file\":1}"),
        Err(Error::new(ErrorKind::Unavailable, format!("no route to {address}"))),
    ];
    let record = Record::new(Arc::new(Host(Mutex::new(replies))), folder.path()).unwrap();
    let upload = |address: &str| Call::post_json(address, "bytes".into());
    record.send(call("start")).await.unwrap();
    record.send(upload(address)).await.unwrap();
    record.send(upload(address)).await.unwrap_err();
    for (name, text) in files(folder.path()) {
        assert!(!text.contains("secret-session"), "{name}: {text}");
    }
    let replay = Replay::new(folder.path()).unwrap();
    let started = replay.send(call("start")).await.unwrap();
    let address = started.header("x-goog-upload-url").unwrap();
    assert_eq!(address, "https://a.test/upload?upload_id=***&upload_protocol=resumable");
    assert_eq!(&*replay.send(upload(address)).await.unwrap().text(), "{\"file\":1}");
}

#[tokio::test]
async fn nothing_secret_is_written_even_if_the_host_quotes_it() {
    let folder = tempfile::tempdir().unwrap();
    let quoting: &'static str = format!("bad key Bearer {KEY} for {FOLDER}").leak();
    let quoted = Reply::json_text(401, quoting).with_header("x-request-id", KEY);
    let failed = Error::new(ErrorKind::Unavailable, format!("no route with {KEY}"));
    record(folder.path(), vec![Ok(quoted), Err(failed)], &["a", KEY]).await;
    let files = files(folder.path());
    assert_eq!(files.len(), 2);
    for (name, text) in &files {
        for secret in [KEY, &KEY[3..], FOLDER, "session=1"] {
            assert!(!text.contains(secret) && !name.contains(secret), "{secret} is in {name}: {text}");
        }
    }
    assert!(files[0].1.contains("bad key Bearer *** for ***"), "{}", files[0].1);
}

#[tokio::test]
async fn private_pieces_of_address_and_headers_are_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let echoed = Reply::json_text(200, "{}")
        .with_header("openai-organization", FOLDER)
        .with_header("location", &format!("https://a.test/{FOLDER}/files/1"));
    let record = Record::new(Arc::new(Host(Mutex::new(vec![Ok(echoed)]))), folder.path()).unwrap();
    let call = Call {
        url: format!("https://a.test/v1/{FOLDER}/{FOLDER}?project={FOLDER}"),
        headers: vec![("openai-project", FOLDER.to_owned()), ("x-plain", "not written either".to_owned())],
        ..call("a")
    };
    record.send(call).await.unwrap();
    let files = files(folder.path());
    let (name, text) = &files[0];
    for hidden in [FOLDER, "openai-project", "openai-organization", "x-plain", "not written either"] {
        assert!(!text.contains(hidden) && !name.contains(hidden), "{hidden} is in {name}: {text}");
    }
    assert!(
        text.contains("/v1/***/***?project=***") && text.contains("https://a.test/***/files/1"),
        "{text}"
    );
}

#[tokio::test]
async fn a_recording_is_readable() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), vec![reply(200, br#"{"answer":"hi"}"#)], &["what?"]).await;
    let files = files(folder.path());
    let (name, text) = &files[0];
    assert_eq!(name, "000001_POST_ask_3bd05311.json");
    assert_eq!(
        text,
        r#"{
  "request": {
    "method": "POST",
    "host": "a.test",
    "path": "/v1/ask?x=1",
    "body_sha256": "3bd05311632ae864974a81a58eab119c4765978030de3327285c25d6bd34e6e4",
    "body": {
      "model": "gpt://***/x",
      "q": "what?"
    }
  },
  "outcome": {
    "reply": {
      "status": 200,
      "headers": [
        [
          "content-type",
          "application/json"
        ]
      ],
      "body": {
        "json": {
          "answer": "hi"
        }
      },
      "timing": {
        "total": 5678
      }
    }
  }
}
"#
    );
}

#[tokio::test]
async fn many_at_once_write_one_file_each() {
    let folder = tempfile::tempdir().unwrap();
    let replies = (0..50).map(|_| reply(200, b"{}")).collect();
    let record = Record::new(Arc::new(Host(Mutex::new(replies))), folder.path()).unwrap();
    let record = Arc::new(record);
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let record = record.clone();
            tokio::spawn(async move { record.send(call(&n.to_string())).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(files(folder.path()).len(), 50);
}
