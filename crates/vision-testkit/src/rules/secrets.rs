use vision_http::Reply;

use super::answers::{ask, with_text};
use crate::subject::KEY;
use crate::{Scripted, Subject, canonical};

/// Printing the provider for debugging shows no key.
pub fn prints_no_key_for_debugging(subject: &Subject) {
    let transport = Scripted::new((subject.script)(subject.success.clone()));
    let provider = subject.provider(transport.clone());
    clean(&format!("{provider:?} {provider:#?}"));
    let request = canonical::full(provider.capabilities());
    crate::block_on(provider.analyze(&request)).expect("a full answer");
    clean(&format!("{:?}", transport.calls()));
}

/// A host that quotes the key in its error message cannot bring it into ours.
pub fn keeps_an_echoed_key_out_of_errors(subject: &Subject) {
    for status in [200, 400, 401, 403, 429, 500] {
        for body in [
            format!(
                r#"{{"error":{{"message":"bad key {KEY}","type":"{KEY}","code":"{KEY}","status":"{KEY}"}}}}"#
            ),
            format!(r#"{{"message":"bad key {KEY}","statusCode":"{KEY}","requestId":"{KEY}"}}"#),
            format!(r#"{{"type":"error","error":{{"type":"{KEY}","message":"header x-api-key: {KEY}"}}}}"#),
            format!("<html><title>{KEY}</title>authorization: Bearer {KEY}</html>"),
            format!("upstream said: {KEY}"),
            format!("{}…", &KEY[..KEY.len() - 3]),
        ] {
            let reply = Reply::json_text(status, body).with_header("x-request-id", KEY);
            let Err(error) = ask(subject, reply) else { continue };
            clean(&format!("{error} {error:?} {error:#?} {}", error.chain()));
            clean(&format!("{:?}", error.details));
        }
    }
}

/// Not even an answer may hold the key: it goes into records and reports.
pub fn keeps_an_echoed_key_out_of_answers(subject: &Subject) {
    let reply = with_text(subject, &format!("your header was Bearer {KEY}")).with_header("x-request-id", KEY);
    let response = ask(subject, reply).expect("an answer");
    assert_eq!(response.text, "your header was Bearer ***");
    clean(&format!("{response:?}"));
}

#[track_caller]
pub(super) fn clean(text: &str) {
    // A part of a key is a leak too.
    for start in 0..=KEY.len() - 8 {
        let piece = &KEY[start..start + 8];
        assert!(!text.contains(piece), "`{piece}` of the key is in: {text}");
    }
}
