//! The server as a client meets it.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::time::Duration;

use serde_json::{Value, json};
use vision_core::{ErrorKind, Secret};
use vision_http::{Auth, Call, Field, HttpSettings, HttpTransport, Method, Reply, Transport, multipart};
use vision_testkit::server::{Answers, Server, Settings};
use vision_testkit::{media, validate};

async fn start(settings: Settings) -> Server {
    Server::start(settings).await.unwrap()
}

async fn faulty(fault: &str) -> Server {
    start(Settings { faults: vec![fault.parse().unwrap()], ..Settings::default() }).await
}

fn transport() -> HttpTransport {
    HttpTransport::new(HttpSettings { max_reply_bytes: 1 << 20, ..HttpSettings::default() }).unwrap()
}

async fn send(call: Call) -> vision_core::Result<Reply> {
    transport().send(call).await
}

fn chat(server: &Server, prompt: &str) -> Call {
    let image = format!("data:image/png;base64,{}", media::png("a.png", 33, 7, 1).base64());
    let content =
        json!([{"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": image}}]);
    let body = json!({"model": "m", "messages": [{"role": "user", "content": content}], "max_completion_tokens": 500});
    Call::post_json(format!("{}/v1/chat/completions", server.url()), body.to_string().into())
}

fn messages(server: &Server) -> Call {
    let body = json!({"model": "m", "max_tokens": 500, "messages": [{"role": "user", "content": "hi"}]});
    let call = Call::post_json(format!("{}/v1/messages", server.url()), body.to_string().into());
    Call { headers: vec![("anthropic-version", "2026-10-21".to_owned())], ..call }
}

fn responses(server: &Server) -> Call {
    let body =
        json!({"model": "m", "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]});
    Call::post_json(format!("{}/v1/responses", server.url()), body.to_string().into())
}

fn generate(server: &Server) -> Call {
    let body = json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]});
    let url = format!("{}/v1beta/models/m:generateContent", server.url());
    Call::post_json(url, body.to_string().into())
}

/// Each dialect's question, and the schemas of its answers and errors.
fn dialects(server: &Server) -> [(Call, &'static str, &'static str); 4] {
    [
        (chat(server, "hi"), "openai.chat.response", "openai.error"),
        (responses(server), "openai.responses.response", "openai.error"),
        (messages(server), "anthropic.messages.response.2026-10-21", "anthropic.messages.error.2026-10-21"),
        (generate(server), "gemini.generate_content.response", "gemini.error"),
    ]
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[track_caller]
fn conforms(schema: &str, reply: &Reply) {
    let body = json(reply);
    assert_eq!(validate(schema, &body), Ok(()), "{body:#}");
}

#[tokio::test]
async fn answers_as_each_vendor_documents_it() {
    let server = start(Settings::default()).await;
    for (call, answer, _) in dialects(&server) {
        let reply = send(call).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        conforms(answer, &reply);
    }
}

#[tokio::test]
async fn refuses_a_wrong_request_as_each_vendor_does() {
    let server = start(Settings::default()).await;
    for (call, _, error) in dialects(&server) {
        let mut body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
        body["no_such_parameter"] = json!(1);
        let wrong = Call { body: vision_http::Body::Json(body.to_string().into()), ..call };
        let reply = send(wrong).await.unwrap();
        assert_eq!(reply.status, 400, "{}", reply.text());
        assert!(reply.text().contains("no_such_parameter"), "{}", reply.text());
        conforms(error, &reply);
    }
    let journal = server.journal();
    assert_eq!(journal.by_status[&400], 4);
    assert!(journal.last[0].mistake.as_ref().unwrap().contains("no_such_parameter"));
}

#[tokio::test]
async fn asks_for_the_key_and_never_shows_it() {
    let server = start(Settings { key: Some("sk-right-key".to_owned()), ..Settings::default() }).await;
    for (call, _, error) in dialects(&server) {
        let reply = send(call.clone().with_auth(Auth::bearer(Secret::new("sk-wrong-key")))).await.unwrap();
        assert!([400, 401].contains(&reply.status));
        conforms(error, &reply);
        assert!(
            send(call.with_auth(Auth::header("x-api-key", Secret::new("sk-right-key"))))
                .await
                .unwrap()
                .is_success()
        );
    }
    let journal = serde_json::to_string(&server.journal()).unwrap();
    assert!(!journal.contains("sk-"), "{journal}");
    assert_eq!(server.journal().by_key.values().copied().collect::<Vec<_>>(), [4, 4]);
}

#[tokio::test]
async fn looks_at_the_image_and_says_what_it_saw() {
    let server = start(Settings::default()).await;
    let reply = json(&send(chat(&server, "What is it?")).await.unwrap());
    let saw: Value =
        serde_json::from_str(reply["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    let image = &saw["media"][0];
    assert_eq!((&image["width"], &image["height"], &image["kind"]), (&json!(33), &json!(7), &json!("png")));
    assert_eq!((&image["whole"], &saw["texts"][0]), (&json!(true), &json!("What is it?")));
    assert_eq!(reply["usage"]["prompt_tokens"], 8 + 3 + 2);
}

#[tokio::test]
async fn refuses_an_image_that_is_none() {
    let server = start(Settings::default()).await;
    let call = chat(&server, "hi");
    let text = String::from_utf8_lossy(&call.body.bytes()).replace("iVBOR", "AAAAA");
    let reply = send(Call { body: vision_http::Body::Json(text.into()), ..call }).await.unwrap();
    assert_eq!(
        (reply.status, json(&reply)["error"]["message"].as_str()),
        (400, Some("the file is of no known format"))
    );
}

#[tokio::test]
async fn answers_from_a_file_and_cuts_at_the_cap() {
    let answers = Answers::parse(r#"{"prompt":"total","answer":{"total":12.5}}"#).unwrap();
    let server = start(Settings { answers, ..Settings::default() }).await;
    let reply = json(&send(chat(&server, "the total?")).await.unwrap());
    assert_eq!(reply["choices"][0]["message"]["content"], r#"{"total":12.5}"#);
    let call = chat(&server, "the total?");
    let text = String::from_utf8_lossy(&call.body.bytes()).replace(":500", ":2");
    let reply = json(&send(Call { body: vision_http::Body::Json(text.into()), ..call }).await.unwrap());
    assert_eq!(reply["choices"][0]["finish_reason"], "length");
    assert_eq!(reply["choices"][0]["message"]["content"], r#"{"total""#);
}

#[tokio::test]
async fn knows_only_the_models_it_was_told() {
    let server = start(Settings { models: vec!["other".to_owned()], ..Settings::default() }).await;
    for (call, _, error) in dialects(&server) {
        let reply = send(call).await.unwrap();
        assert_eq!(reply.status, 404);
        conforms(error, &reply);
    }
    let reply = send(Call::get(format!("{}/v1/models", server.url()))).await.unwrap();
    assert_eq!(json(&reply)["data"][0]["id"], "other");
}

#[tokio::test]
async fn transcribes_a_form() {
    let server = start(Settings::default()).await;
    let wav = media::wav("a.wav");
    let file = Field::File {
        name: "file",
        file_name: "a.wav",
        content_type: "audio/wav",
        bytes: wav.bytes().unwrap(),
    };
    let url = format!("{}/v1/audio/transcriptions", server.url());
    let ask = |fields: &[Field<'_>]| Call::new(Method::Post, url.clone(), multipart(fields));
    let reply = send(ask(&[Field::Text("model", "whisper-1"), file])).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    conforms("openai.transcription.response", &reply);
    assert_eq!(send(ask(&[Field::Text("model", "whisper-1")])).await.unwrap().status, 400);
}

#[tokio::test]
async fn keeps_a_file_until_it_is_deleted() {
    let server = start(Settings::default()).await;
    let start = Call {
        headers: vec![
            ("x-goog-upload-protocol", "resumable".to_owned()),
            ("x-goog-upload-command", "start".to_owned()),
            ("x-goog-upload-header-content-type", "image/png".to_owned()),
        ],
        ..Call::post_json(format!("{}/upload/v1beta/files", server.url()), "{}".into())
    };
    let started = send(start).await.unwrap();
    let bytes = media::png("a.png", 3, 3, 1).bytes().unwrap().clone();
    let body = vision_http::Body::Raw { content_type: "image/png".to_owned(), bytes: bytes.into() };
    let upload = Call::new(Method::Post, started.header("x-goog-upload-url").unwrap().to_owned(), body);
    let file = json(&send(upload).await.unwrap())["file"].clone();
    assert_eq!(file["state"], "PROCESSING");
    let uri = file["uri"].as_str().unwrap();

    let part = json!({"fileData": {"mimeType": "image/png", "fileUri": uri}});
    let body = json!({"contents": [{"role": "user", "parts": [part]}]}).to_string();
    let ask = Call { body: vision_http::Body::Json(body.into()), ..generate(&server) };
    assert_eq!(send(ask.clone()).await.unwrap().status, 400, "it is not ready yet");
    for state in ["PROCESSING", "ACTIVE"] {
        assert_eq!(json(&send(Call::get(uri)).await.unwrap())["state"], state);
    }
    let reply = send(ask).await.unwrap();
    assert!(reply.text().contains(r#"\"width\":3"#), "{}", reply.text());
    assert_eq!(server.journal().files, 1);
    let delete = Call::new(Method::Delete, uri.to_owned(), vision_http::Body::Empty);
    assert_eq!(send(delete.clone()).await.unwrap().status, 200);
    assert_eq!((send(delete).await.unwrap().status, server.journal().files), (404, 0));
}

#[tokio::test]
async fn asks_for_a_wait_as_each_vendor_does() {
    let server = faulty("429:2").await;
    for (call, _, error) in dialects(&server) {
        let reply = send(call).await.unwrap();
        assert_eq!(reply.status, 429);
        conforms(error, &reply);
        let in_body = reply.text().contains(r#""retryDelay":"2s""#);
        assert!(in_body || reply.retry_after() == Some(Duration::from_secs(2)), "{reply:?}");
    }
}

#[tokio::test]
async fn tells_every_failure_in_the_vendors_words() {
    for fault in ["400", "403", "404", "500", "503", "504", "quota", "401"] {
        let server = faulty(fault).await;
        for (call, _, error) in dialects(&server) {
            let reply = send(call).await.unwrap();
            assert!(!reply.is_success());
            conforms(error, &reply);
        }
    }
    let reply = send(messages(&faulty("529").await)).await.unwrap();
    assert_eq!((reply.status, &json(&reply)["error"]["type"]), (529, &json!("overloaded_error")));
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_it_was_told() {
    let server = faulty("503*2").await;
    let mut statuses = Vec::new();
    for prompt in ["a", "a", "a", "b"] {
        statuses.push(send(chat(&server, prompt)).await.unwrap().status);
    }
    assert_eq!(statuses, [503, 503, 200, 503]);
    assert_eq!(server.journal().by_fault["503"], 3);
}

#[tokio::test]
async fn one_request_can_ask_for_a_fault_of_its_own() {
    let server = start(Settings::default()).await;
    let plain = chat(&server, "hi");
    let in_header = Call { headers: vec![("x-vision-fault", "529".to_owned())], ..plain.clone() };
    let in_query = Call { url: format!("{}?fault=529", plain.url), ..plain.clone() };
    let in_path = Call { url: plain.url.replace("/v1/", "/__fault/529/v1/"), ..plain.clone() };
    for call in [in_header, in_query, in_path] {
        assert_eq!(send(call).await.unwrap().status, 529);
    }
    assert_eq!(send(plain).await.unwrap().status, 200);
}

#[tokio::test]
async fn breaks_replies_in_every_way() {
    let ask = async |fault: &str| {
        let server = faulty(fault).await;
        send(chat(&server, "hi")).await
    };
    for (fault, kind) in
        [("cut", ErrorKind::Unavailable), ("half", ErrorKind::Unavailable), ("endless", ErrorKind::Malformed)]
    {
        assert_eq!(ask(fault).await.unwrap_err().kind(), kind, "{fault}");
    }
    assert!(serde_json::from_slice::<Value>(&ask("badjson").await.unwrap().body).is_err());
    assert!(ask("empty").await.unwrap().body.is_empty());
    let page = ask("html:502").await.unwrap();
    assert!(page.status == 502 && page.is_html());
    let moved = ask("redirect:http://127.0.0.1:9/").await.unwrap();
    assert_eq!((moved.status, moved.header("location")), (307, Some("http://127.0.0.1:9/")));
    let hidden = ask("error200").await.unwrap();
    assert!(hidden.status == 200 && json(&hidden)["error"].is_object());
}

#[tokio::test]
async fn takes_its_time_when_told() {
    let slow = send(chat(&faulty("slow:30ms").await, "hi")).await.unwrap();
    assert!(slow.timing.total >= Duration::from_millis(30));
    let trickle = send(chat(&faulty("trickle:5ms").await, "hi")).await.unwrap();
    assert!(trickle.timing.total >= Duration::from_millis(30));
    assert!(json(&trickle)["choices"].is_array());
    let silent = faulty("hang").await;
    let call = chat(&silent, "hi");
    assert!(tokio::time::timeout(Duration::from_millis(50), send(call)).await.is_err());
}

#[tokio::test]
async fn limits_requests_by_minute_and_at_once() {
    let server = start(Settings { requests_per_minute: Some(1), ..Settings::default() }).await;
    let first = send(chat(&server, "hi")).await.unwrap();
    assert_eq!(first.limits().requests.unwrap().remaining, Some(0));
    let second = send(chat(&server, "hi")).await.unwrap();
    assert_eq!(second.status, 429);
    assert!(second.retry_after().unwrap() <= Duration::from_secs(60));
}

#[tokio::test]
async fn forgets_on_demand() {
    let server = start(Settings::default()).await;
    send(chat(&server, "hi")).await.unwrap();
    let journal = format!("{}/__journal", server.url());
    assert_eq!(json(&send(Call::get(&journal)).await.unwrap())["requests"], 1);
    send(Call::new(Method::Delete, journal.clone(), vision_http::Body::Empty)).await.unwrap();
    assert_eq!(json(&send(Call::get(&journal)).await.unwrap())["requests"], 0);
}

/// Run it with `cargo test --release -p vision-testkit --test server -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a long run, to see that memory stays flat"]
async fn stays_small_over_a_hundred_thousand_requests() {
    const WORKERS: usize = 32;
    let server = faulty("429@0.1").await;
    let transport = std::sync::Arc::new(transport());
    let start = std::time::Instant::now();
    let mut sizes = Vec::new();
    for round in 0..10 {
        let mut tasks = tokio::task::JoinSet::new();
        for worker in 0..WORKERS {
            let calls: Vec<Call> =
                (worker..10_000).step_by(WORKERS).map(|n| chat(&server, &format!("{round} {n}"))).collect();
            let transport = transport.clone();
            tasks.spawn(async move {
                for call in calls {
                    let status = transport.send(call).await.unwrap().status;
                    assert!([200, 429].contains(&status));
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
        sizes.push(resident_mib());
    }
    let journal = server.journal();
    println!("{:.0} requests a second, MiB: {sizes:?}", 100_000.0 / start.elapsed().as_secs_f64());
    assert_eq!(journal.requests, 100_000);
    assert!((9_500..10_500).contains(&journal.by_fault["429"]), "{:?}", journal.by_fault);
    assert!(sizes[9] < sizes[1] + 16, "{sizes:?}");
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) >> 10
}
