//! Events as they come, from hosts that break off in all ways.

use std::sync::Arc;
use std::time::Duration;

use vision_core::{ErrorKind, Result, Secret};
use vision_http::{Auth, Call, Events, HttpSettings, HttpTransport, Record, Replay, Reply, Transport};

use crate::server::{Act, Server};

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const PAUSE: Duration = Duration::from_millis(20);

/// A piece of a body whose length nobody knows.
fn piece(bytes: &[u8]) -> Act {
    Act::Send([format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat())
}

fn head() -> Act {
    Act::Send(HEAD.into())
}

async fn send(acts: Vec<Act>, settings: HttpSettings) -> Result<Reply> {
    let server = Server::start(acts).await;
    let call = Call::post_json(&server.url, "{}".into()).with_auth(Auth::bearer(Secret::new("sk-1")));
    HttpTransport::new(settings).unwrap().send(call).await
}

#[tokio::test]
async fn each_event_has_its_moment() {
    let acts = vec![
        head(),
        piece(b"data: 1\n\ndata: 2\n\ndata: \xc3"),
        Act::Pause(PAUSE),
        piece(b"\xa9\n"),
        piece(b"\n: alive\n\n"),
        Act::Pause(PAUSE),
        piece(b"data: last\n"),
        Act::Send(b"0\r\n\r\n".to_vec()),
    ];
    let reply = send(acts, HttpSettings::default()).await.unwrap();
    let stream = reply.stream.clone().unwrap();
    assert_eq!(stream.broken, None);
    let data: Vec<String> = Events::all(&reply.body).into_iter().map(|event| event.data).collect();
    assert_eq!(data, ["1", "2", "é", "last"]);
    let [first, second, third, last] = stream.arrivals[..] else { panic!("{stream:?}") };
    assert!(first == second && third >= first + 20_000 && last >= third + 20_000, "{stream:?}");
    assert!(u128::from(last) <= reply.timing.total.as_micros());
}

#[tokio::test]
async fn a_stream_of_more_pieces_than_any_model_has_tokens_is_broken_off() {
    let events = b"data: {}\n\n".repeat(2_000);
    let piece = [format!("{:x}\r\n", events.len()).as_bytes(), &events, b"\r\n"].concat();
    let acts = vec![head(), Act::Forever(piece)];
    let reply = send(acts, HttpSettings::default()).await.unwrap();
    let stream = reply.stream.unwrap();
    assert!(stream.broken.unwrap().message.contains("has no end"));
    assert!((1 << 18..1 << 19).contains(&stream.arrivals.len()), "{}", stream.arrivals.len());
}

#[tokio::test]
async fn a_stream_that_breaks_off_leaves_what_had_come() {
    let begun = || vec![head(), piece(b"data: 1\n\n"), piece(b"data: {\"a\"")];
    let silent = HttpSettings { stream_timeout: Duration::from_millis(50), ..HttpSettings::default() };
    let small = HttpSettings { max_reply_bytes: 1 << 20, ..HttpSettings::default() };
    for (end, settings, kind, words) in [
        (vec![], HttpSettings::default(), ErrorKind::Unavailable, "broke off in the middle"),
        (vec![Act::Reset], HttpSettings::default(), ErrorKind::Unavailable, "broke off in the middle"),
        (vec![Act::Hang], silent, ErrorKind::Timeout, "sent nothing for 0.05 s"),
        (
            vec![Act::Forever([b"400\r\n", &[b' '; 1024][..], b"\r\n"].concat())],
            small,
            ErrorKind::Malformed,
            "longer than 1 MiB",
        ),
    ] {
        // A reset may overtake what was sent before it, unless that has arrived.
        let acts = begun().into_iter().chain([Act::Pause(PAUSE)]).chain(end).collect();
        let reply = send(acts, settings).await.unwrap();
        let stream = reply.stream.clone().unwrap();
        let broken = stream.broken.unwrap();
        assert_eq!(broken.kind, kind, "{broken:?}");
        assert!(broken.message.contains(words) && !broken.message.contains("sk-1"), "{broken:?}");
        assert!(reply.body.starts_with(b"data: 1\n\ndata: {\"a\""), "{}", reply.text());
        assert_eq!(stream.arrivals.len(), 1, "an event that is cut has not come");
    }
}

#[tokio::test]
async fn silence_before_the_first_event_counts_too() {
    let settings = HttpSettings { stream_timeout: Duration::from_millis(30), ..HttpSettings::default() };
    let reply = send(vec![head(), Act::Hang], settings).await.unwrap();
    assert_eq!(reply.stream.unwrap().broken.unwrap().kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn a_stream_that_goes_on_and_on_leaves_what_came_in_time() {
    let settings = HttpSettings { stream_limit: Some(Duration::from_millis(150)), ..HttpSettings::default() };
    let event = || [Act::Pause(Duration::from_millis(20)), piece(b"data: 1\n\n")];
    let acts = std::iter::once(head()).chain((0..200).flat_map(|_| event())).collect();
    let reply = send(acts, settings).await.unwrap();
    let stream = reply.stream.unwrap();
    let broken = stream.broken.unwrap();
    assert_eq!(broken.kind, ErrorKind::Timeout);
    assert!(broken.message.contains("had not ended after 0."), "{broken:?}");
    assert!((1..20).contains(&stream.arrivals.len()), "{:?}", stream.arrivals);
}

#[tokio::test]
async fn a_recording_keeps_the_moments_and_no_key_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let key = "sk-Qz7Wv3Xk9Jp2Ry6T";
    let events = ["sk-Qz", "7Wv3X", "k9Jp2", "Ry6T"].map(|piece| format!("data: {{\"t\":\"{piece}\"}}\n\n"));
    let mut acts = vec![head()];
    acts.extend(events.iter().map(|event| piece(event.as_bytes())));
    let server = Server::start(acts).await;
    let call = || Call::post_json(&server.url, "{}".into()).with_auth(Auth::bearer(Secret::new(key)));
    let transport = Arc::new(HttpTransport::new(HttpSettings::default()).unwrap());
    let record = Record::new(transport, folder.path()).unwrap();
    let original = record.send(call()).await.unwrap();
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let written = std::fs::read_to_string(file).unwrap();
    assert!(["7Wv3X", "k9Jp2", "Ry6T"].iter().all(|piece| !written.contains(piece)), "{written}");
    let played = Replay::new(folder.path()).unwrap().send(call()).await.unwrap();
    assert_eq!(played.stream, original.stream);
    assert_eq!(played.timing.total.as_micros(), original.timing.total.as_micros());
    assert_eq!(Events::all(&played.body).len(), 4);
    assert_eq!(played.stream.unwrap().broken.unwrap().kind, ErrorKind::Unavailable);
}
