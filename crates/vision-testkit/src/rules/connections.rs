use std::sync::Arc;
use std::time::Duration;

use vision_core::{Error, ErrorKind, Response, Result, Timing};
use vision_http::{Record, Replay, Reply, Transport};

use super::answers::with_text;
use super::requests::capabilities;
use super::secrets::clean;
use crate::loopback::{Act, Detour, wire};
use crate::subject::KEY;
use crate::{Scripted, Subject, canonical, log};

/// The documented answer is understood over a real connection too, and takes its time.
pub fn answers_over_a_real_connection(subject: &Subject) {
    let response = over_socket(subject, Act::Send(wire(&subject.success))).expect("an answer");
    assert!(!response.timing.total.is_zero());
    assert_eq!(Response { timing: Timing::default(), ..response }, subject.response);
}

/// A connection that breaks, before the reply or within it, is worth another try and may have been billed.
pub fn survives_a_broken_connection(subject: &Subject) {
    let whole = wire(&subject.success);
    let half = whole[..whole.len() - subject.success.body.len() / 2].to_vec();
    for act in [Act::Reset, Act::Send(Vec::new()), Act::Send(half)] {
        let error = fails(subject, act.clone());
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{act:?}: {}", error.chain());
        assert!(error.is_transient() && error.details.maybe_billed, "{act:?}");
    }
}

/// A reply that never ends is cut off.
pub fn cuts_off_a_reply_without_end(subject: &Subject) {
    let error = fails(subject, Act::Forever);
    assert_eq!(error.kind(), ErrorKind::Malformed, "{}", error.chain());
    assert!(error.details.maybe_billed);
}

/// What cannot be read as HTTP at all is no answer.
pub fn survives_what_is_not_http(subject: &Subject) {
    let error = fails(subject, Act::Send(b"220 mail.example.test ESMTP ready\r\n".to_vec()));
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{}", error.chain());
}

/// Not even the finest log level shows the key, whatever the host says.
pub fn logs_no_key_at_the_finest_level(subject: &Subject) {
    log::listen();
    let echo = Reply::json_text(401, format!(r#"{{"error":{{"message":"bad key {KEY}"}}}}"#));
    fails(subject, Act::Send(wire(&echo)));
    over_socket(subject, Act::Send(wire(&subject.success))).expect("an answer");
    let log = log::text();
    assert!(log.contains("127.0.0.1"), "nothing was logged, so nothing was tested");
    clean(&log);
}

/// A recording brings back the very same answer, and holds no key even if the host quoted it.
pub fn replays_its_recordings(subject: &Subject) {
    let folder = tempfile::tempdir().expect("a folder for recordings");
    let request = canonical::full(&capabilities(subject));
    let ask = |transport: Arc<dyn Transport>| {
        crate::block_on(subject.provider(transport).analyze(&request)).expect("an answer")
    };
    let echo = with_text(subject, &format!("your key is {KEY}")).with_header("x-request-id", KEY);
    let scripted =
        Scripted::new((subject.script)(subject.success.clone()).into_iter().chain((subject.script)(echo)));
    let record = Arc::new(Record::new(scripted, folder.path()).expect("a folder to write to"));
    let recorded = [ask(record.clone()), ask(record)];
    let replay = Arc::new(Replay::new(folder.path()).expect("a folder of recordings"));
    assert_eq!([ask(replay.clone()), ask(replay)], recorded);
    for entry in std::fs::read_dir(folder.path()).expect("the folder is still there") {
        let path = entry.expect("an entry").path();
        clean(&std::fs::read_to_string(&path).expect("a recording is text"));
        clean(&path.display().to_string());
    }
}

fn fails(subject: &Subject, act: Act) -> Error {
    over_socket(subject, act).expect_err("this is no answer")
}

fn over_socket(subject: &Subject, act: Act) -> Result<Response> {
    /// Far more than this machine needs; a test that hangs says so.
    const PATIENCE: Duration = Duration::from_secs(60);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime of this machine").block_on(async {
        let provider = subject.provider(Detour::to(act).await);
        let request = canonical::plain(provider.capabilities());
        tokio::time::timeout(PATIENCE, provider.analyze(&request)).await.expect("the provider hangs")
    })
}
