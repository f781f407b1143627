use serde_json::json;
use vision_chat::{
    AudioShape, AuthStyle, Chat, Host, ImageShape, PdfShape, SchemaShape, Seed, SeedField, SystemRole,
    Target, Temperature, TokenCap,
};
use vision_core::{Detail, Effort, ErrorKind, MediaKind, Output, Request, Secret};
use vision_http::{Extra, Wire};

use crate::support::{HOST, body, encode, link, media, png, request, schema, text};

fn everything() -> Request {
    Request {
        system: Some("You read receipts.".to_owned()),
        output: schema(),
        temperature: Some(0.2),
        seed: Some(7),
        effort: Some(Effort::Low),
        detail: Some(Detail::High),
        ..request(vec![
            text("First:"),
            png(),
            text("Second:"),
            link("https://example.test/b.jpg", MediaKind::Jpeg),
            media("bills/c.bin", b"%PDF-1.7"),
            media("d.wav", b"RIFF\x10\0\0\0WAVEfmt "),
            text("Größe? 日本語"),
        ])
    }
}

/// Takes whatever there is.
const WIDE: Host = Host {
    schema: Some(SchemaShape::Named),
    details: &[Detail::Low, Detail::High],
    efforts: &[Effort::None, Effort::Low],
    ..HOST
};

#[test]
fn everything_lands_where_it_belongs() {
    insta::assert_json_snapshot!(body(WIDE, &everything()));
}

#[test]
fn every_shape_can_be_the_other_one() {
    let other = Host {
        system: SystemRole::Developer,
        image: ImageShape::Text,
        pdf: PdfShape::DocumentUrl,
        audio: AudioShape::Text,
        cap: TokenCap::Both,
        schema: Some(SchemaShape::Bare),
        seed: Some(Seed { field: SeedField::RandomSeed, least: 0 }),
        ..WIDE
    };
    insta::assert_json_snapshot!(body(other, &everything()));
}

#[test]
fn json_of_any_shape_is_json_object() {
    let request = Request { output: Output::Json, ..request(vec![text("JSON?")]) };
    assert_eq!(body(HOST, &request)["response_format"], json!({"type": "json_object"}));
}

#[test]
fn a_lone_text_is_a_plain_string() {
    assert_eq!(
        body(HOST, &request(vec![text("hi")]))["messages"],
        json!([{"role": "user", "content": "hi"}])
    );
}

#[test]
fn a_model_without_a_system_role_gets_the_system_text_first() {
    let host = Host { system: SystemRole::User, ..HOST };
    let request = Request { system: Some("Be brief.".to_owned()), ..request(vec![text("hi")]) };
    let expected = json!([{"role": "user", "content": [
        {"type": "text", "text": "Be brief."}, {"type": "text", "text": "hi"},
    ]}]);
    assert_eq!(body(host, &request)["messages"], expected);
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    assert_eq!(encode(WIDE, &everything()).body, encode(WIDE, &everything()).body);
}

#[track_caller]
fn dropped(host: Host, request: &Request, names: &[&str]) {
    let call = encode(host, request);
    assert_eq!(call.dropped, names);
    let body: serde_json::Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    for name in ["temperature", "seed", "reasoning_effort"] {
        let short = name.trim_start_matches("reasoning_");
        assert_eq!(body.get(name).is_none(), names.contains(&short), "{name} in {body}");
    }
}

#[test]
fn what_a_model_refuses_is_left_out_and_listed() {
    dropped(WIDE, &everything(), &[]);
    let bare = Host { temperature: Temperature::Never, seed: None, efforts: &[], details: &[], ..WIDE };
    dropped(bare, &everything(), &["temperature", "seed", "effort", "detail"]);
}

#[test]
fn values_out_of_range_are_left_out() {
    let host =
        Host { temperature: Temperature::UpTo(1.5), seed: Some(Seed { least: 1, ..Seed::ANY }), ..WIDE };
    dropped(
        host,
        &Request { temperature: Some(1.6), seed: Some(0), ..everything() },
        &["temperature", "seed"],
    );
    dropped(host, &Request { temperature: Some(1.5), seed: Some(1), ..everything() }, &[]);
    dropped(WIDE, &Request { seed: Some(u64::MAX), ..everything() }, &["seed"]);
    dropped(WIDE, &Request { effort: Some(Effort::Max), ..everything() }, &["effort"]);
}

#[test]
fn a_temperature_waits_until_reasoning_is_off() {
    let host = Host { temperature: Temperature::WithoutReasoning(2.0), ..WIDE };
    let with = |effort| Request { effort, ..everything() };
    dropped(host, &with(Some(Effort::None)), &[]);
    dropped(host, &with(Some(Effort::Low)), &["temperature"]);
    let calm = Host { default_effort: Some(Effort::None), ..host };
    assert!(encode(calm, &with(None)).dropped.is_empty());
    assert_eq!(encode(host, &with(None)).dropped, ["temperature"]);
    // An effort that is not taken is left out itself, so the default decides.
    assert_eq!(encode(calm, &with(Some(Effort::Max))).dropped, ["effort"]);
}

#[test]
fn detail_means_nothing_without_an_image() {
    let request = Request { detail: Some(Detail::Original), ..request(vec![text("hi")]) };
    assert!(encode(WIDE, &request).dropped.is_empty());
}

#[test]
fn documents_and_sound_travel_inline() {
    for kind in [MediaKind::Pdf, MediaKind::Wav] {
        let request = request(vec![link("https://example.test/a", kind)]);
        let error = crate::support::chat(HOST).encode(&request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{kind}");
    }
    let host = Host { pdf: PdfShape::DocumentUrl, ..HOST };
    let request = request(vec![link("https://example.test/a.pdf", MediaKind::Pdf)]);
    assert_eq!(
        body(host, &request)["messages"][0]["content"][0]["document_url"],
        "https://example.test/a.pdf"
    );
}

#[test]
fn the_call_carries_key_headers_and_private_pieces() {
    let host = Host { auth: AuthStyle::Header("api-key"), headers: &[("x-title", "vision-eval")], ..HOST };
    let key = Secret::new("acme-key-0123456789");
    let mut target = Target::new(&host, "acme-1", Some(key.clone()));
    target.alias = Some(Secret::new("gpt://folder-77/acme-1"));
    target.private = vec![Secret::new("folder-77")];
    target.headers = vec![("x-folder", "folder-77".to_owned())];
    target.extra = Extra::new(json!({"top_k": 1}).as_object().unwrap().clone()).unwrap();
    let chat = Chat::new(host, target, None).unwrap();
    let call = chat.encode(&request(vec![text("hi")])).unwrap();
    assert_eq!(call.url, "https://api.acme.test/v1/chat/completions");
    let auth = call.auth.as_ref().unwrap();
    assert_eq!((auth.place(), auth.key()), (("api-key", ""), Some(&key)));
    assert_eq!(call.headers, [("x-title", "vision-eval".into()), ("x-folder", "folder-77".into())]);
    assert_eq!(call.secrets().count(), 2);
    let body: serde_json::Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!((&body["model"], &body["top_k"]), (&json!("gpt://folder-77/acme-1"), &json!(1)));
    assert!(!format!("{chat:?}").contains("folder-77"), "{chat:?}");
}

#[test]
fn settings_that_cannot_work_are_named() {
    let check = |change: fn(&mut Target), words: &str| {
        let mut target = Target::new(&HOST, "acme-1", Some(Secret::new("k")));
        change(&mut target);
        let error = Chat::new(HOST, target, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(words), "{error}");
    };
    check(|target| target.key = Some(Secret::new(" ")), "the key for api.acme.test is empty");
    check(|target| target.model.clear(), "the model has no name");
    check(|target| target.base_url = "api.acme.test".to_owned(), "base URL `api.acme.test`");
}
