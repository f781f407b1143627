use std::sync::Arc;

use serde_json::Value;
use vision_core::{Capabilities, ErrorKind, MediaKind, Output, Part, Request, Secret};
use vision_http::Call;

use crate::canonical::{self, interleaved, prompt, receipt};
use crate::{Scripted, Subject, media, requests, validate};

/// Every canonical request satisfies the vendor's own schema.
pub fn writes_what_the_vendor_accepts(subject: &Subject) {
    let Some(schema) = subject.request_schema else { return };
    for (name, request) in each(subject) {
        let body = json(&subject.call(&request));
        if let Err(mistakes) = validate(schema, &body) {
            panic!("the request `{name}` does not satisfy {schema}:\n{mistakes}\n{body:#}");
        }
    }
}

/// The same request gives the same bytes, so that a recording can be found again.
pub fn writes_the_same_bytes_twice(subject: &Subject) {
    for (name, request) in each(subject) {
        let (first, second) = (subject.call(&request), subject.call(&request));
        assert_eq!(first.url, second.url, "{name}");
        assert_eq!(first.headers, second.headers, "{name}");
        assert!(first.body == second.body, "the request `{name}` was not written the same way twice");
    }
}

/// Text and media stand in the body in the order of the request.
pub fn keeps_text_and_images_in_order(subject: &Subject) {
    let capabilities = capabilities(subject);
    if !takes_two_images(&capabilities) {
        return;
    }
    let request = canonical::ask(&capabilities, interleaved());
    let call = subject.call(&request);
    let body = text(&call);
    let mut end = 0;
    for part in &request.parts {
        let needle = match part {
            Part::Text(text) => text.as_str(),
            Part::Media(media) => media.base64(),
        };
        let position = body.find(needle).unwrap_or_else(|| panic!("`{needle:.40}` is not in the body"));
        assert!(position >= end, "`{needle:.40}` stands before what it should follow");
        end = position + needle.len();
    }
}

/// An address is sent as an address: nothing is fetched here.
pub fn passes_links_on(subject: &Subject) {
    let capabilities = capabilities(subject);
    if capabilities.url_input && capabilities.takes(vision_core::Modality::Image) {
        let parts = vec![Part::Media(media::link(canonical::LINK)), prompt()];
        let outcome = subject.ask(&canonical::ask(&capabilities, parts), subject.success.clone());
        assert!(outcome.calls.iter().all(|call| call.url != canonical::LINK), "the link was fetched");
        assert!(text(&outcome.question()).contains(canonical::LINK), "the link is not in the body");
    }
}

/// What the capabilities do not promise is refused, and nothing is sent.
pub fn refuses_what_it_cannot_do_before_sending(subject: &Subject) {
    let capabilities = capabilities(subject);
    for (what, request) in impossible(&capabilities) {
        let transport = Scripted::always(subject.success.clone());
        let provider = subject.provider(transport.clone());
        let result = crate::block_on(provider.analyze(&request));
        let Err(error) = result else { panic!("{what} was not refused") };
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{what}: {}", error.chain());
        assert!(transport.calls().is_empty(), "{what} was refused only after something was sent");
    }
}

/// Words outside ASCII arrive as they are, both ways.
pub fn carries_every_script(subject: &Subject) {
    const WORDS: &str = "Grüße, 東京 \u{1f9fe} \"quoted\" \\ \u{7} \u{2028} done";
    let capabilities = capabilities(subject);
    if capabilities.prompt {
        let call = subject.call(&canonical::ask(&capabilities, vec![Part::Text(WORDS.to_owned())]));
        let body = json(&call);
        let found = strings(&body).into_iter().any(|text| text.contains(WORDS));
        assert!(found, "the words did not survive in {body:#}");
    }
    let reply = super::answers::with_text(subject, WORDS);
    let response = subject.ask(&canonical::plain(&capabilities), reply).result.expect("a plain answer");
    assert_eq!(response.text, WORDS);
}

/// A key travels in the header that is meant for it and nowhere else in a call.
pub fn keeps_the_key_in_its_header(subject: &Subject) {
    for (name, request) in each(subject) {
        for call in subject.ask(&request, subject.success.clone()).calls {
            let key = crate::subject::KEY;
            let auth = call.auth.as_ref().unwrap_or_else(|| panic!("the call of `{name}` carries no key"));
            assert_eq!(auth.key().map(Secret::expose), Some(key), "{name}");
            assert!(!call.url.contains(key), "the key is in the address of `{name}`");
            assert!(
                call.headers.iter().all(|(_, value)| !value.contains(key)),
                "the key is in another header"
            );
            assert!(!text(&call).contains(key), "the key is in the body of `{name}`");
        }
    }
}

fn impossible(capabilities: &Capabilities) -> Vec<(&'static str, Request)> {
    let ask = |parts| canonical::ask(capabilities, parts);
    let mut requests = Vec::new();
    if let Some(kind) = MediaKind::ALL.into_iter().find(|kind| !capabilities.accepts(*kind)) {
        let url = format!("https://example.com/a.{kind}");
        let medium = vision_core::Media::from_url(url, kind, vision_core::Facts::default());
        requests.push(("a format that it does not take", ask(vec![Part::Media(medium)])));
    }
    if !capabilities.url_input
        && let Some(&kind) = capabilities.formats.first()
    {
        let medium =
            vision_core::Media::from_url("https://example.com/a", kind, vision_core::Facts::default());
        requests.push(("an address", ask(vec![Part::Media(medium)])));
    }
    if let Some(most) = capabilities.max_images.filter(|&most| most < 2_000) {
        let image = media::png("a.png", 1, 1, 1);
        let parts = vec![Part::Media(image); most + 1];
        requests.push(("one image too many", ask(parts)));
    }
    if !capabilities.json {
        requests.push(("JSON", Request { output: Output::Json, ..canonical::plain(capabilities) }));
    }
    if !capabilities.json_schema {
        let output = Output::Schema(receipt());
        requests.push(("a JSON schema", Request { output, ..canonical::plain(capabilities) }));
    }
    requests
}

/// All canonical requests, as text to be compared with a stored snapshot.
pub(crate) fn snapshots(subject: &Subject) -> Vec<(&'static str, String)> {
    each(subject)
        .into_iter()
        .map(|(name, request)| {
            let calls = subject.ask(&request, subject.success.clone()).calls;
            let texts: Vec<String> = calls.iter().map(|call| snapshot(call, &request)).collect();
            (name, texts.join("\n\n"))
        })
        .collect()
}

fn snapshot(call: &Call, request: &Request) -> String {
    let mut text = format!("{} {}\n", call.method.name(), call.url);
    if let Some(auth) = &call.auth {
        let (name, prefix) = auth.place();
        text.push_str(&format!("{name}: {prefix}***\n"));
    }
    for (name, value) in &call.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    if let Some(content_type) = call.body.content_type() {
        text.push_str(&format!("content-type: {content_type}\n"));
    }
    if !call.dropped.is_empty() {
        text.push_str(&format!("(dropped: {})\n", call.dropped.join(", ")));
    }
    let mut body = match &call.body {
        body if body.content_type().is_some_and(|kind| kind.contains("json")) => format!("{:#}", json(call)),
        other => String::from_utf8_lossy(&other.bytes()).into_owned(),
    };
    for media in request.media() {
        if let Some(bytes) = media.bytes() {
            body = body.replace(media.base64(), &format!("«{}»", media.name()));
            body = body.replace(&*String::from_utf8_lossy(bytes), &format!("«bytes of {}»", media.name()));
        }
    }
    // What is private may be another each time.
    call.private.iter().fold(text + "\n" + &body, |text, secret| secret.scrub(&text))
}

/// The canonical requests of this provider.
pub(super) fn each(subject: &Subject) -> Vec<(&'static str, Request)> {
    requests(&capabilities(subject))
}

pub(super) fn capabilities(subject: &Subject) -> Capabilities {
    let transport: Arc<Scripted> = Scripted::default().into();
    subject.provider(transport).capabilities().clone()
}

pub(super) fn takes_two_images(capabilities: &Capabilities) -> bool {
    capabilities.prompt && capabilities.accepts(MediaKind::Png) && capabilities.max_images != Some(1)
}

pub(super) fn json(call: &Call) -> Value {
    let said = call.body.content_type().is_some_and(|kind| kind.contains("json"));
    assert!(said, "the body is {:?} and not JSON", call.body);
    serde_json::from_slice(&call.body.bytes()).expect("a JSON body is JSON")
}

pub(super) fn text(call: &Call) -> String {
    String::from_utf8_lossy(&call.body.bytes()).into_owned()
}

fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}
