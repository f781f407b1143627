//! The transport against sockets of this machine.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::time::Duration;

use tokio::time::Instant;
use vision_core::{Error, ErrorKind, Secret};
use vision_http::{Auth, Call, HttpSettings, HttpTransport, Reply, Transport, is_proxy};

mod auth;
mod server;
mod streams;

use server::{Act, Server};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nX-Request-Id: r-1\r\ncontent-length: 15\r\n\r\n{\"answer\":\"hi\"}";

fn call(server: &Server) -> Call {
    let call =
        Call::post_json(format!("{}/v1/ask?x=1", server.url), br#"{"question":"?"}"#.as_slice().into());
    Call { headers: vec![("x-version", "7".to_owned())], ..call }.with_auth(Auth::bearer(Secret::new("sk-1")))
}

async fn send(settings: HttpSettings, call: Call) -> Result<Reply, Error> {
    HttpTransport::new(settings).unwrap().send(call).await
}

async fn ask(acts: Vec<Act>) -> (Result<Reply, Error>, Server) {
    let server = Server::start(acts).await;
    (send(HttpSettings::default(), call(&server)).await, server)
}

#[track_caller]
fn failed(outcome: &Result<Reply, Error>, kind: ErrorKind, maybe_billed: bool, words: &str) {
    let Err(error) = outcome else { panic!("{outcome:?}") };
    let chain = error.chain();
    assert_eq!((error.kind(), error.details.maybe_billed), (kind, maybe_billed), "{chain}");
    assert!(error.message().contains(words), "{chain}");
    assert!(!chain.contains("sk-1"), "{chain}");
}

#[tokio::test]
async fn sends_what_the_call_says() {
    let (reply, server) = ask(vec![Act::Send(OK.into())]).await;
    let reply = reply.unwrap();
    assert_eq!((reply.status, reply.header("x-request-id")), (200, Some("r-1")));
    assert_eq!(reply.body, br#"{"answer":"hi"}"#.as_slice());
    assert!(!reply.timing.total.is_zero());
    let request = server.request();
    assert!(request.starts_with("POST /v1/ask?x=1 HTTP/1.1\r\n"), "{request}");
    for line in
        ["authorization: Bearer sk-1", "x-version: 7", "content-type: application/json", "content-length: 16"]
    {
        assert!(request.contains(&format!("{line}\r\n")), "{line} is not in {request}");
    }
    assert!(request.ends_with("\r\n\r\n{\"question\":\"?\"}"), "{request}");
}

#[tokio::test]
async fn any_status_is_a_reply() {
    let (reply, _) = ask(vec![Act::Send(b"HTTP/1.1 529 Busy\r\ncontent-length: 4\r\n\r\nbusy".into())]).await;
    assert_eq!((reply.as_ref().unwrap().status, &*reply.unwrap().text()), (529, "busy"));
}

#[tokio::test]
async fn unpacks_what_came_compressed() {
    let zipped =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\x56\x4a\xcc\x2b\x2e\x4f\x2d\x52\xb2\x52\xca\xc8\x54\
        \xaa\x05\x00\xe0\x93\xf3\xcc\x0f\x00\x00\x00";
    let reply = |body: &[u8]| {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len());
        Act::Send([head.as_bytes(), body].concat())
    };
    let (good, server) = ask(vec![reply(zipped)]).await;
    assert_eq!(&*good.unwrap().text(), r#"{"answer":"hi"}"#);
    assert!(server.request().contains("accept-encoding: gzip"));
    let mut broken = zipped.to_vec();
    broken[15] ^= 0xff;
    let (bad, _) = ask(vec![reply(&broken)]).await;
    failed(&bad, ErrorKind::Malformed, true, "cannot be decompressed");
}

#[tokio::test]
async fn follows_no_redirect() {
    let elsewhere = Server::start(vec![Act::Send(OK.into())]).await;
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let head =
            format!("HTTP/1.1 {status}\r\nlocation: {}/take\r\ncontent-length: 0\r\n\r\n", elsewhere.url);
        let (reply, _) = ask(vec![Act::Send(head.into_bytes())]).await;
        assert_eq!(reply.unwrap().status, status[..3].parse::<u16>().unwrap());
    }
    assert!(elsewhere.requests().is_empty(), "the key went to another host");
}

#[tokio::test]
async fn plain_http_stays_on_this_machine() {
    let outcome = send(HttpSettings::default(), Call::get("http://vision.test/v1")).await;
    failed(&outcome, ErrorKind::Config, false, "plain http to vision.test");
    let outcome = send(HttpSettings::default(), Call::get("ftp://vision.test/v1")).await;
    failed(&outcome, ErrorKind::Config, false, "`ftp`");
    let outcome = send(HttpSettings::default(), Call::get("vision.test")).await;
    failed(&outcome, ErrorKind::Config, false, "not an address");
}

#[tokio::test]
async fn a_closed_port_is_unavailable_and_not_billed() {
    let gone = Server::start(vec![]).await.url.clone();
    let outcome = send(HttpSettings::default(), Call::post_json(gone, "{}".into())).await;
    failed(&outcome, ErrorKind::Unavailable, false, "cannot be reached");
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unavailable() {
    // No resolver sends a label of more than 63 letters anywhere.
    let url = format!("https://{}.invalid/v1", "x".repeat(64));
    let outcome = send(HttpSettings::default(), Call::get(url)).await;
    failed(&outcome, ErrorKind::Unavailable, false, ".invalid cannot be");
}

#[tokio::test]
async fn a_connection_that_breaks_after_sending_may_have_been_billed() {
    let (outcome, _) = ask(vec![Act::Reset]).await;
    failed(&outcome, ErrorKind::Unavailable, true, "closed the connection");
    let (outcome, _) =
        ask(vec![Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"half".into())]).await;
    failed(&outcome, ErrorKind::Unavailable, true, "in the middle");
    let (outcome, _) =
        ask(vec![Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".into()), Act::Reset]).await;
    failed(&outcome, ErrorKind::Unavailable, true, "in the middle");
}

#[tokio::test]
async fn a_reply_without_end_is_cut_off() {
    let server =
        Server::start(vec![Act::Send(b"HTTP/1.1 200 OK\r\n\r\n".into()), Act::Forever(vec![b'x'; 64 << 10])])
            .await;
    let settings = HttpSettings { max_reply_bytes: 1 << 20, ..HttpSettings::default() };
    failed(&send(settings, call(&server)).await, ErrorKind::Malformed, true, "longer than 1 MiB");
}

#[tokio::test]
async fn large_replies_wait_for_each_other() {
    let body = vec![b'x'; 3 << 20];
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let acts = vec![Act::Send([head.into_bytes(), body].concat())];
    let (one, other) = (Server::start(acts.clone()).await, Server::start(acts).await);
    let small = Server::start(vec![Act::Send(OK.into())]).await;
    let settings =
        HttpSettings { max_reply_bytes: 4 << 20, max_bytes_under_way: 4 << 20, ..HttpSettings::default() };
    let transport = HttpTransport::new(settings).unwrap();
    let first = transport.send(call(&one)).await.unwrap();
    let second = transport.send(call(&other));
    tokio::pin!(second);
    let early = tokio::time::timeout(Duration::from_millis(200), &mut second).await;
    assert!(early.is_err(), "two large replies at once");
    assert!(transport.send(call(&small)).await.unwrap().is_success(), "a small one waits for nobody");
    drop(first);
    assert_eq!(second.await.unwrap().body.len(), 3 << 20);
}

#[tokio::test]
async fn a_broken_chunk_is_a_broken_connection() {
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunks in [b"zz\r\n{}\r\n0\r\n\r\n".as_slice(), b"2\r\n{}xx".as_slice()] {
        let (outcome, _) = ask(vec![Act::Send([head.as_slice(), chunks].concat())]).await;
        failed(&outcome, ErrorKind::Unavailable, true, "in the middle");
    }
}

#[tokio::test]
async fn an_address_with_a_fragment_is_refused() {
    let outcome = send(HttpSettings::default(), Call::get("https://vision.test/v1#x/chat/completions")).await;
    failed(&outcome, ErrorKind::Config, false, "must not hold a `#`");
}

#[tokio::test]
async fn silence_is_a_timeout_that_may_have_been_billed() {
    let server = Server::start(vec![Act::Hang]).await;
    let settings =
        HttpSettings { silence_timeout: Some(Duration::from_millis(30)), ..HttpSettings::default() };
    failed(&send(settings, call(&server)).await, ErrorKind::Timeout, true, "fell silent");
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_not_shown() {
    let server = Server::start(vec![]).await;
    let call = Call::get(&server.url).with_auth(Auth::bearer(Secret::new("sk-1\nsk-2\u{e9}")));
    failed(&send(HttpSettings::default(), call).await, ErrorKind::Config, false, "was it copied whole");
}

#[tokio::test]
async fn time_starts_with_the_sending_and_not_with_the_connecting() {
    let handshake = Duration::from_millis(60);
    let server = server::tls(handshake).await;
    let settings = HttpSettings { ca_certificates: vec![server.ca.clone()], ..HttpSettings::default() };
    let transport = HttpTransport::new(settings).unwrap();
    let start = Instant::now();
    let reply = transport.send(Call::post_json(&server.url, "{}".into())).await.unwrap();
    assert!(start.elapsed() - reply.timing.total >= handshake, "{:?}", reply.timing);
}

#[tokio::test]
async fn speaks_http_2_where_it_is_offered() {
    let server = server::tls(Duration::ZERO).await;
    let settings = HttpSettings { ca_certificates: vec![server.ca.clone()], ..HttpSettings::default() };
    let body = format!("\"{}\"", "x".repeat(300_000));
    let reply = send(settings, Call::post_json(&server.url, body.into())).await.unwrap();
    assert_eq!(&*reply.text(), "HTTP/2.0 got 300002 of 300002 bytes");
}

#[tokio::test]
async fn an_unknown_authority_is_a_matter_of_settings() {
    let server = server::tls(Duration::ZERO).await;
    let outcome = send(HttpSettings::default(), Call::post_json(&server.url, "{}".into())).await;
    failed(&outcome, ErrorKind::Config, false, "CA certificate");
    for nonsense in [b"hello".to_vec(), Vec::new()] {
        let settings = HttpSettings { ca_certificates: vec![nonsense], ..HttpSettings::default() };
        let error = HttpTransport::new(settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{}", error.chain());
    }
}

/// The environment belongs to the whole process, so a process of its own asks.
#[tokio::test]
async fn honours_the_proxy_variables_but_not_for_this_machine() {
    let proxy = Server::start(vec![Act::Send(OK.into())]).await;
    let here = Server::start(vec![Act::Send(OK.into())]).await;
    let child = tokio::task::spawn_blocking({
        let (proxy, here) = (proxy.url.clone(), here.url.clone());
        move || {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["asks_behind_a_proxy", "--exact", "--ignored"])
                .env("http_proxy", &proxy)
                .env("HTTP_PROXY", &proxy)
                .env_remove("no_proxy")
                .env_remove("NO_PROXY")
                .env("HERE", here)
                .output()
                .unwrap()
        }
    })
    .await
    .unwrap();
    assert!(child.status.success(), "{child:?}");
    let request = proxy.request();
    assert!(request.starts_with("POST http://vision.test/v1 HTTP/1.1\r\n"), "{request}");
    assert_eq!(here.requests().len(), 1);
}

#[test]
fn a_proxy_has_a_host() {
    for good in ["http://proxy.test:3128", "proxy.test:3128", "socks5h://u:p@[::1]:1080", "10.0.0.1"] {
        assert!(is_proxy(good), "{good}");
    }
    for bad in ["http://", "http://[::1", "http://proxy:port", "gopher://proxy", "http:// proxy", "://x"] {
        assert!(!is_proxy(bad), "{bad}");
    }
}

#[tokio::test]
#[ignore = "runs in a process with proxy variables, started by another test"]
async fn asks_behind_a_proxy() {
    let settings = HttpSettings { allow_plain_http: true, ..HttpSettings::default() };
    let transport = HttpTransport::new(settings).unwrap();
    let here = std::env::var("HERE").unwrap();
    for url in ["http://vision.test/v1", &here] {
        assert!(transport.send(Call::post_json(url, "{}".into())).await.unwrap().is_success());
    }
}
