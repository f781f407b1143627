use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;
use vision_core::ErrorKind;
use vision_http::{GoogleToken, Reply};
use vision_testkit::Scripted;

use super::{OfMachine, ServiceAccount, project, tokens};
use crate::{Machine, ReadFile, jwt};

const KEY: &str = include_str!("../../tests/fixtures/test_only_key.pem");

fn found(variables: &[(&str, &str)], files: &[(&str, String)]) -> Result<GoogleToken, String> {
    with(variables, files, tokens)
}

fn with<T>(variables: &[(&str, &str)], files: &[(&str, String)], work: impl FnOnce(&Machine<'_>) -> T) -> T {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let files: HashMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    let file: ReadFile = Arc::new(move |path| files.get(path).cloned());
    work(&Machine { variable: &|name| variables.get(name).map(|value| (*value).to_owned()), file: &file })
}

const NAMED: [(&str, &str); 1] = [("GOOGLE_APPLICATION_CREDENTIALS", "/key.json")];
const LOGGED_IN: &str = "~/.config/gcloud/application_default_credentials.json";

fn service_account() -> String {
    json!({
        "type": "service_account", "project_id": "my-project", "private_key_id": "key-1", "private_key": KEY,
        "client_email": "reader@example.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token"
    })
    .to_string()
}

fn user() -> String {
    json!({
        "type": "authorized_user", "client_id": "id", "client_secret": "client-s3cret",
        "refresh_token": "1//refresh", "quota_project_id": "payer"
    })
    .to_string()
}

/// The form that was posted, after a token came back.
async fn asked(found: GoogleToken) -> String {
    let transport = Scripted::new([Reply::json_text(200, r#"{"access_token":"ya29.x","expires_in":3599}"#)]);
    assert_eq!(found.tokens.get(transport.as_ref()).await.unwrap().expose(), "ya29.x");
    let calls = transport.calls();
    assert_eq!(calls[0].url, "https://oauth2.googleapis.com/token");
    assert!(!format!("{:?}", calls[0]).contains("s3cret"));
    String::from_utf8_lossy(&calls[0].body.bytes()).into_owned()
}

#[test]
fn a_service_account_signs_as_openssl_does() {
    let account = ServiceAccount {
        name: "a test".to_owned(),
        email: "reader@example.iam.gserviceaccount.com".to_owned(),
        key: jwt::Key::parse(KEY).unwrap(),
        key_id: "key-1".to_owned(),
        url: "https://oauth2.googleapis.com/token".to_owned(),
    };
    let call = account.call(1_795_869_296).unwrap();
    let body = String::from_utf8_lossy(&call.body.bytes()).into_owned();
    let (_, assertion) = body.split_once("assertion=").unwrap();
    assert_eq!(assertion, include_str!("../../tests/fixtures/assertion.jwt").trim());
    assert_eq!(call.secrets().count(), 1);
}

#[tokio::test]
async fn the_named_file_comes_before_the_login() {
    let files = [("/key.json", service_account()), (LOGGED_IN, user())];
    let body = asked(found(&NAMED, &files).unwrap()).await;
    assert!(body.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&"), "{body}");
    let login = found(&[], &files).unwrap();
    assert_eq!(login.quota_project.as_deref(), Some("payer"));
    let body = asked(login).await;
    let wanted =
        "grant_type=refresh_token&client_id=id&client_secret=client-s3cret&refresh_token=1%2F%2Frefresh";
    assert_eq!(body, wanted);
    assert_eq!(with(&NAMED, &files, project).as_deref(), Some("my-project"));
    assert_eq!(with(&[("GOOGLE_CLOUD_PROJECT", "p")], &files, project).as_deref(), Some("p"));
}

#[tokio::test]
async fn a_token_of_the_environment_is_used_as_it_is() {
    let found = found(&[("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29.mine")], &[]).unwrap();
    let transport = Scripted::new(Vec::<Reply>::new());
    assert_eq!(found.tokens.get(transport.as_ref()).await.unwrap().expose(), "ya29.mine");
}

#[test]
fn a_file_that_cannot_be_used_says_why_and_shows_nothing_of_its_key() {
    let refused = |text: String, words: &str| {
        let error = found(&NAMED, &[("/key.json", text)]).unwrap_err();
        assert!(error.contains(words) && error.contains("gcloud auth"), "{error}");
        assert!(!error.contains("MII"), "{error}");
    };
    refused("{".to_owned(), "/key.json holds no credentials");
    refused(json!({"type": "gdch_service_account"}).to_string(), "of the type `gdch_service_account`");
    refused(json!({"type": "service_account", "client_email": "a"}).to_string(), "lacks `private_key`");
    refused(service_account().replace("MII", "MIJ"), "private key");
    let missing = found(&NAMED, &[]).unwrap_err();
    assert!(missing.contains("names /key.json, which cannot be read"), "{missing}");
    let federated = found(&NAMED, &[("/key.json", json!({"type": "external_account"}).to_string())]).unwrap();
    assert_eq!(federated.tokens.name(), "the command `gcloud`");
}

#[tokio::test]
async fn a_machine_of_googles_asks_its_metadata() {
    let machine = OfMachine { metadata: Some("metadata.google.internal".to_owned()), lacks: None };
    let reply = r#"{"access_token":"ya29.m","expires_in":3000,"token_type":"Bearer"}"#;
    let transport = Scripted::new([Reply::json_text(200, reply)]);
    assert_eq!(machine.ask_metadata(transport.as_ref()).await.unwrap().value.expose(), "ya29.m");
    let call = &transport.calls()[0];
    assert!(
        call.url.starts_with("http://metadata.google.internal/computeMetadata/v1/instance/"),
        "{}",
        call.url
    );
    assert_eq!(call.headers, [("metadata-flavor", "Google".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_metadata_server_that_is_not_there_is_not_waited_for() {
    let machine = OfMachine { metadata: Some("metadata.google.internal".to_owned()), lacks: None };
    let transport = Scripted::new([vision_testkit::Step::Hang]);
    let error = machine.ask_metadata(transport.as_ref()).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Auth, "no answer"));
}

#[test]
fn what_can_be_seen_to_be_missing_is_said_before_anybody_is_asked() {
    let lacks = |variables: &[(&str, &str)], files: &[(&str, String)]| {
        found(variables, files).unwrap().tokens.lacks().map(str::to_owned)
    };
    let missing = lacks(&[("PATH", "/nowhere")], &[]).unwrap();
    for words in ["GOOGLE_OAUTH_ACCESS_TOKEN", "gcloud (not installed)", "run `gcloud auth"] {
        assert!(missing.contains(words), "{missing}");
    }
    assert_eq!(lacks(&NAMED, &[("/key.json", service_account())]), None);
    assert_eq!(lacks(&[("GCE_METADATA_HOST", "127.0.0.1:1")], &[]), None);
    let product = ("/sys/class/dmi/id/product_name", "Google Compute Engine\n".to_owned());
    assert_eq!(lacks(&[], &[product]), None);
}
