use std::time::Duration;

use vision_core::{Error, ErrorKind};
use vision_http::Reply;

use super::answers::ask;
use super::requests::capabilities;
use crate::subject::{Failure, Subject};
use crate::{Scripted, canonical};

/// Every documented error body is understood.
pub fn maps_every_documented_error(subject: &Subject) {
    assert!(!subject.failures.is_empty(), "the subject must give `failures`");
    let wrong: Vec<String> =
        subject.failures.iter().filter_map(|failure| mistake(subject, failure)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A status whose body says nothing maps to its usual kind.
pub fn maps_every_bare_status(subject: &Subject) {
    let page = "<html><head><title>Oops</title></head><body><script>x</script></body></html>";
    for status in [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 520, 522, 524, 529] {
        for body in ["", "{}", "null", "[]", "{", page] {
            let reply = Reply::json_text(status, body);
            let special = subject.statuses.iter().find(|(special, _)| *special == status);
            let kind = special.map_or(reply.kind(), |(_, kind)| *kind);
            let error = ask(subject, reply).expect_err("a failure is no answer");
            assert_eq!(error.kind(), kind, "{status} `{body}`: {}", error.chain());
            assert_eq!(error.details.status, Some(status));
            assert!(!error.chain().contains('<') && error.message().len() < 500, "{}", error.chain());
        }
    }
}

/// A failure that another try might mend is returned at once: trying again is a layer's work.
pub fn makes_one_attempt(subject: &Subject) {
    for status in [408, 429, 500, 503, 529] {
        let transport = Scripted::always(Reply::json_text(status, "{}"));
        let request = canonical::plain(&capabilities(subject));
        let result = crate::block_on(subject.provider(transport.clone()).analyze(&request));
        assert!(result.is_err(), "status {status} is no answer");
        assert_eq!(transport.calls().len(), 1, "calls after status {status}");
    }
}

/// Quota that is gone for good is told apart from a limit that passes.
pub fn tells_final_quota_from_a_passing_limit(subject: &Subject) {
    let has = |kind| subject.failures.iter().any(|failure| failure.kind == kind);
    assert!(has(ErrorKind::RateLimited), "`failures` has no passing limit");
    assert!(has(ErrorKind::QuotaExhausted), "`failures` has no final quota");
    for failure in &subject.failures {
        let error = fail(subject, &failure.reply);
        match failure.kind {
            ErrorKind::QuotaExhausted => assert!(!error.is_transient(), "{}", failure.reply.text()),
            ErrorKind::RateLimited => assert_eq!(error.is_transient(), failure.transient),
            _ => {}
        }
    }
}

/// The wait is read from whichever header the host uses.
pub fn reads_the_wait_from_every_header(subject: &Subject) {
    let date = ("date", "Sat, 21 Nov 2026 09:00:00 GMT");
    for (headers, seconds) in [
        (vec![("retry-after", "2")], 2.0),
        (vec![("retry-after-ms", "1500")], 1.5),
        (vec![("retry-after-ms", "250"), ("retry-after", "1")], 0.25),
        (vec![("x-amz-retry-after", "1500")], 1.5),
        (vec![date, ("retry-after", "Sat, 21 Nov 2026 09:00:07 GMT")], 7.0),
    ] {
        let reply = headers.iter().fold(Reply::json_text(429, ""), |reply, (n, v)| reply.with_header(n, v));
        let error = fail(subject, &reply);
        assert_eq!(error.details.retry_after, Some(Duration::from_secs_f64(seconds)), "{headers:?}");
    }
}

/// What the host itself says about another try outranks the status.
pub fn obeys_the_host_about_another_try(subject: &Subject) {
    for (status, word) in [(429, false), (500, false), (400, true)] {
        let reply = Reply::json_text(status, "").with_header("x-should-retry", &word.to_string());
        assert_eq!(fail(subject, &reply).is_transient(), word, "{status}");
    }
}

/// A rejected key is reported with the host that rejected it.
pub fn names_the_host_that_rejected_the_key(subject: &Subject) {
    let request = crate::canonical::plain(&super::requests::capabilities(subject));
    let outcome = subject.ask(&request, Reply::json_text(401, "{}"));
    let Err(error) = &outcome.result else { panic!("401 was taken for an answer") };
    let host = vision_http::host(&outcome.calls[0].url).to_owned();
    assert!(error.message().contains(&host), "`{}` does not name {host}", error.message());
}

/// The number to quote to the vendor's support is kept when things fail.
pub fn keeps_the_request_id_of_a_failure(subject: &Subject) {
    let reply = Reply::json_text(500, "").with_header("x-request-id", "req-1");
    assert_eq!(fail(subject, &reply).details.request_id.as_deref(), Some("req-1"));
}

fn mistake(subject: &Subject, failure: &Failure) -> Option<String> {
    let Err(error) = ask(subject, failure.reply.clone()) else {
        return Some(format!("{} was taken for an answer", failure.reply.text()));
    };
    let found = (error.kind(), error.is_transient(), error.details.retry_after);
    let wanted = (failure.kind, failure.transient, failure.retry_after);
    let said = error.chain().contains(failure.says);
    (found != wanted || !said).then(|| {
        let (status, body) = (failure.reply.status, failure.reply.excerpt());
        let says = if said { "" } else { failure.says };
        format!("{status} {body}\n  found  {found:?} `{}`\n  wanted {wanted:?} {says}", error.chain())
    })
}

fn fail(subject: &Subject, reply: &Reply) -> Error {
    ask(subject, reply.clone()).expect_err("a failure is no answer")
}
