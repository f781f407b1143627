//! Signatures and tokens: made by the transport, and not to be found anywhere afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vision_core::{ErrorKind, Response, Result, Secret};
use vision_http::{
    Auth, AwsKeys, Call, Fresh, GoogleToken, HttpSettings, HttpTransport, Record, Renewed, Replay, SigV4,
    Source, Transport,
};

const SESSION: &str = "FwoGZXIvYXdzEJr//////////wEaDKsession";
const TOKEN: &str = "ya29.a0AfB_token-of-an-hour";

#[derive(Debug)]
struct Held<T>(T);

#[async_trait]
impl<T: Clone + Send + Sync + std::fmt::Debug> Source<T> for Held<T> {
    fn name(&self) -> &str {
        "a test"
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<T>> {
        Ok(Fresh { value: self.0.clone(), lasts: Some(Duration::from_secs(3600)) })
    }
}

fn signed() -> Auth {
    let keys = AwsKeys {
        access: Secret::new("AKIDEXAMPLE12345"),
        secret: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCY"),
        session: Some(Secret::new(SESSION)),
    };
    Auth::SigV4(SigV4 {
        keys: Arc::new(Renewed::new(Held(keys))),
        region: "us-east-1".to_owned(),
        service: "bedrock",
    })
}

fn tokens() -> Arc<Renewed<Secret>> {
    Arc::new(Renewed::new(Held(Secret::new(TOKEN))))
}

/// Answers with the head of the request, so that every header comes back.
async fn echo(status: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/model/a%3A0/converse", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 65_536];
            let length = stream.read(&mut bytes).await.unwrap();
            let head = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let body = serde_json::json!({ "head": head }).to_string();
            let head = format!(
                "HTTP/1.1 {status} OK\r\nx-request-id: {}\r\ncontent-length: {}\r\n\r\n",
                head.lines().find(|line| line.starts_with("authorization")).unwrap_or_default(),
                body.len()
            );
            stream.write_all((head + &body).as_bytes()).await.unwrap();
        }
    });
    url
}

fn ask(url: &str, auth: Auth) -> Call {
    Call::post_json(url, br#"{"question":"?"}"#.as_slice().into()).with_auth(auth)
}

fn transport() -> Arc<HttpTransport> {
    Arc::new(HttpTransport::new(HttpSettings::default()).unwrap())
}

/// What the host saw, before anybody scrubs.
async fn seen(auth: Auth) -> (String, Vec<Secret>) {
    let reply = transport().send(ask(&echo(200).await, auth)).await.unwrap();
    let body: serde_json::Value = reply.json().unwrap();
    (body["head"].as_str().unwrap().to_owned(), reply.sent)
}

#[tokio::test]
async fn a_signature_is_made_of_what_is_sent() {
    let (head, sent) = seen(signed()).await;
    assert!(head.contains(&format!("x-amz-security-token: {SESSION}\r\n")), "{head}");
    let signature = head.lines().find(|line| line.starts_with("authorization: ")).unwrap();
    assert!(signature.contains("/us-east-1/bedrock/aws4_request, "), "{signature}");
    let names = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=";
    let (_, signature) = signature.split_once(names).unwrap();
    assert!(sent.iter().any(|secret| secret.expose() == signature), "the signature is not scrubbed");
}

#[tokio::test]
async fn a_token_is_a_bearer_and_a_project_pays() {
    let google = GoogleToken { tokens: tokens(), quota_project: Some("my-project".to_owned()) };
    let (head, _) = seen(Auth::GoogleToken(google)).await;
    assert!(head.contains(&format!("authorization: Bearer {TOKEN}\r\n")), "{head}");
    assert!(head.contains("x-goog-user-project: my-project\r\n"), "{head}");
    let (head, _) = seen(Auth::EntraToken(tokens())).await;
    assert!(head.contains(&format!("authorization: Bearer {TOKEN}\r\n")), "{head}");
}

/// Neither an answer, an error nor a recording holds a signature or a token that the host echoes, and a replay needs none.
#[tokio::test]
async fn what_a_host_echoes_is_scrubbed_and_not_recorded() {
    let google = Auth::GoogleToken(GoogleToken { tokens: tokens(), quota_project: None });
    for auth in [signed(), google, Auth::EntraToken(tokens())] {
        for status in [200, 401] {
            let folder = tempfile::tempdir().unwrap();
            let record: Arc<dyn Transport> = Arc::new(Record::new(transport(), folder.path()).unwrap());
            let url = echo(status).await;
            let answer = |transport: Arc<dyn Transport>| {
                let (url, auth) = (url.clone(), auth.clone());
                async move {
                    vision_http::ask(transport.as_ref(), ask(&url, auth), |reply| match reply.is_success() {
                        true => Ok(Response { text: reply.text().into_owned(), ..Response::default() }),
                        false => Err(reply.error(ErrorKind::Auth, reply.text())),
                    })
                    .await
                }
            };
            let recorded = answer(record).await;
            let replayed = answer(Arc::new(Replay::new(folder.path()).unwrap())).await;
            let texts = [format!("{recorded:?}"), format!("{replayed:?}")];
            let files = std::fs::read_dir(folder.path()).unwrap();
            let files = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
            for text in texts.into_iter().chain(files) {
                for secret in [&SESSION[..12], &SESSION[20..], &TOKEN[..10], &TOKEN[12..], "AKIDEXAM"] {
                    assert!(!text.contains(secret), "{secret} is in {text}");
                }
                if let Some((_, signature)) = text.split_once("Signature=") {
                    assert!(signature.starts_with("***"), "{text}");
                }
            }
        }
    }
}

/// Gives other keys each time, and counts how often.
#[derive(Debug, Clone, Default)]
struct Changing(Arc<AtomicU64>);

#[async_trait]
impl Source<Secret> for Changing {
    fn name(&self) -> &str {
        "a test"
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<Secret>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Fresh { value: Secret::new(format!("{TOKEN}-{number}")), lasts: Some(Duration::from_secs(3600)) })
    }
}

#[async_trait]
impl Source<AwsKeys> for Changing {
    fn name(&self) -> &str {
        "a test"
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<AwsKeys>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let session = Some(Secret::new(format!("{SESSION}-{number}")));
        let (access, secret) = (Secret::new("AKIDEXAMPLE12345"), Secret::new("wJalrXUtnFEMI/K7MDENG"));
        Ok(Fresh { value: AwsKeys { access, secret, session }, lasts: None })
    }
}

/// Refuses these keys as expired. Gives its address, and how often it was asked.
async fn strict(session: &'static str) -> (String, Arc<AtomicU64>) {
    refusing(session, 400).await
}

/// The same with another status.
async fn refusing(ended: &'static str, status: u16) -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicU64::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let mut bytes = vec![0; 65_536];
            let length = stream.read(&mut bytes).await.unwrap();
            let head = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let (status, body) = match head.contains(&format!("{ended}\r\n")) {
                true => (status, r#"{"__type":"ExpiredTokenException","Message":"expired"}"#),
                false => (200, "{}"),
            };
            let head = format!(
                "HTTP/1.1 {status} OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all((head + body).as_bytes()).await.unwrap();
        }
    });
    (url, asked)
}

#[tokio::test]
async fn keys_that_have_ended_are_asked_for_again_and_the_call_is_sent_once_more() {
    let auth = |keys: Renewed<AwsKeys>| {
        Auth::SigV4(SigV4 { keys: Arc::new(keys), region: "us-east-1".to_owned(), service: "textract" })
    };
    let (url, asked) = strict("session-0").await;
    let reply = transport().send(ask(&url, auth(Renewed::new(Changing::default())))).await.unwrap();
    assert_eq!((reply.status, asked.load(Ordering::Relaxed)), (200, 2));
    // The same keys would be refused again.
    let (url, asked) = strict(SESSION).await;
    let reply = transport().send(ask(&url, signed())).await.unwrap();
    assert_eq!((reply.status, asked.load(Ordering::Relaxed)), (400, 1));
}

/// However many calls were on their way when the keys ended.
#[tokio::test]
async fn one_renewal_serves_all_calls_that_are_refused() {
    let (url, asked) = strict("session-0").await;
    let source = Changing::default();
    let auth = Auth::SigV4(SigV4 {
        keys: Arc::new(Renewed::new(source.clone())),
        region: "us-east-1".to_owned(),
        service: "bedrock",
    });
    let transport = transport();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (transport, call) = (transport.clone(), ask(&url, auth.clone()));
            tokio::spawn(async move { transport.send(call).await.unwrap().status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    // Calls that begin after the renewal are not refused.
    assert!((21..=40).contains(&asked.load(Ordering::Relaxed)));
    assert_eq!(source.0.load(Ordering::Relaxed), 2);
}

/// Google's and Microsoft's hosts say 401 of a token that has ended, and 403 of one that may not.
#[tokio::test]
async fn a_token_that_has_ended_is_asked_for_again_and_the_call_is_sent_once_more() {
    let google = |tokens| Auth::GoogleToken(GoogleToken { tokens, quota_project: None });
    for make in [google, Auth::EntraToken] as [fn(Arc<Renewed<Secret>>) -> Auth; 2] {
        let (url, asked) = refusing("hour-0", 401).await;
        let changing = Arc::new(Renewed::new(Changing::default()));
        let reply = transport().send(ask(&url, make(changing.clone()))).await.unwrap();
        assert_eq!((reply.status, asked.load(Ordering::Relaxed)), (200, 2));
        let (url, asked) = refusing("hour", 401).await;
        let reply = transport().send(ask(&url, make(tokens()))).await.unwrap();
        assert_eq!((reply.status, asked.load(Ordering::Relaxed)), (401, 1), "the same token");
        let (url, asked) = refusing("hour-1", 403).await;
        let reply = transport().send(ask(&url, make(changing))).await.unwrap();
        assert_eq!((reply.status, asked.load(Ordering::Relaxed)), (403, 1));
    }
}

#[tokio::test]
async fn keys_that_were_replaced_under_the_same_session_are_sent_once_more() {
    #[derive(Debug, Default)]
    struct Rotated(AtomicU64);

    #[async_trait]
    impl Source<AwsKeys> for Rotated {
        fn name(&self) -> &str {
            "a test"
        }

        async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<AwsKeys>> {
            let access = Secret::new(format!("AKIDEXAMPLE-{}", self.0.fetch_add(1, Ordering::Relaxed)));
            let (secret, session) = (Secret::new("wJalrXUtnFEMI/K7MDENG"), Some(Secret::new(SESSION)));
            Ok(Fresh { value: AwsKeys { access, secret, session }, lasts: None })
        }
    }
    let keys = Arc::new(Renewed::new(Rotated::default()));
    let auth = Auth::SigV4(SigV4 { keys, region: "us-east-1".to_owned(), service: "textract" });
    let (url, asked) = strict(SESSION).await;
    let reply = transport().send(ask(&url, auth)).await.unwrap();
    // The counterpart refuses this session for ever: what counts is that it was asked twice.
    assert_eq!((reply.status, asked.load(Ordering::Relaxed)), (400, 2));
}
