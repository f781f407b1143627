use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use vision_http::{AwsKeys, Reply};
use vision_testkit::Scripted;

use super::{keys, printed, region};
use crate::{Machine, ReadFile};

fn with<T>(variables: &[(&str, &str)], files: &[(&str, &str)], work: impl FnOnce(&Machine<'_>) -> T) -> T {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let files: HashMap<_, _> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let file: ReadFile = Arc::new(move |path| files.get(path).cloned());
    work(&Machine { variable: &|name| variables.get(name).map(|value| (*value).to_owned()), file: &file })
}

fn text(keys: &AwsKeys) -> String {
    let session = keys.session.as_ref().map_or("-", |it| it.expose());
    format!("{} {} {session}", keys.access.expose(), keys.secret.expose())
}

async fn found(
    variables: &[(&str, &str)],
    files: &[(&str, &str)],
    profile: Option<&str>,
) -> Result<String, String> {
    let keys = with(variables, files, |machine| keys(machine, profile))?;
    let transport = Scripted::new(Vec::<Reply>::new());
    keys.get(transport.as_ref()).await.map(|keys| text(&keys)).map_err(|error| error.chain())
}

const ENVIRONMENT: &[(&str, &str)] =
    &[("AWS_ACCESS_KEY_ID", "AKENV"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "t")];

const FILES: &[(&str, &str)] = &[
    (
        "~/.aws/credentials",
        "# mine\n[default]\naws_access_key_id = AKFILE\naws_secret_access_key=f+/=\n[work]\n\
         aws_access_key_id=AKWORK\naws_secret_access_key=w\naws_session_token=wt\n",
    ),
    (
        "~/.aws/config",
        "[default]\nregion = eu-west-1\ns3 =\n  region = nowhere\n[profile  work]\nregion=us-west-2\n\
         [profile process]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":\"AKP\",\
         \"SecretAccessKey\":\"p\"}'\n[profile broken]\ncredential_process = \"x\n[profile sso]\nsso_session=a\n\
         [profile empty]\nregion=us-east-1\n",
    ),
];

#[tokio::test]
async fn the_environment_comes_before_the_files_and_a_named_profile_before_both() {
    assert_eq!(found(ENVIRONMENT, FILES, None).await, Ok("AKENV s t".to_owned()));
    assert_eq!(found(ENVIRONMENT, FILES, Some("work")).await, Ok("AKWORK w wt".to_owned()));
    assert_eq!(found(&[], FILES, None).await, Ok("AKFILE f+/= -".to_owned()));
    assert_eq!(found(&[("AWS_PROFILE", "work")], FILES, None).await, Ok("AKWORK w wt".to_owned()));
    let moved = [("AWS_SHARED_CREDENTIALS_FILE", "/k")];
    let file = [("/k", "[default]\naws_access_key_id=AK\naws_secret_access_key=k")];
    assert_eq!(found(&moved, &file, None).await, Ok("AK k -".to_owned()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_may_print_the_keys() {
    assert_eq!(found(&[], FILES, Some("process")).await, Ok("AKP p -".to_owned()));
    let broken = found(&[], FILES, Some("broken")).await.unwrap_err();
    assert!(broken.contains("profile `broken`") && broken.contains("quotes"), "{broken}");
    let login = with(&[], FILES, |machine| keys(machine, Some("sso"))).unwrap();
    assert_eq!(login.name(), "credential_process of profile `sso`");
}

#[tokio::test]
async fn without_keys_every_place_is_named() {
    for profile in [None, Some("empty"), Some("nobody")] {
        let error = found(&[], FILES.get(2..).unwrap_or_default(), profile).await.unwrap_err();
        let name = profile.unwrap_or("default");
        assert!(error.contains(&format!("profile `{name}` in ~/.aws/credentials")), "{error}");
        assert!(error.contains("run `aws configure`"), "{error}");
    }
}

#[test]
fn the_region_is_found_where_the_keys_are() {
    let check = |variables: &[(&str, &str)], profile: Option<&str>, wanted: Option<&str>| {
        assert_eq!(with(variables, FILES, |machine| region(machine, profile)).as_deref(), wanted);
    };
    check(&[("AWS_REGION", "a"), ("AWS_DEFAULT_REGION", "b")], None, Some("a"));
    check(&[("AWS_DEFAULT_REGION", "b")], None, Some("b"));
    check(&[("AWS_REGION", "a")], Some("work"), Some("us-west-2"));
    check(&[], None, Some("eu-west-1"));
    check(&[], Some("sso"), None);
}

#[test]
fn printed_keys_last_until_they_expire() {
    let now = "2026-11-28T12:00:00Z".parse().unwrap();
    let text = r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":"2026-11-28T13:00:00+00:00"}"#;
    let fresh = printed(text, now).unwrap();
    assert_eq!(fresh.lasts, Some(Duration::from_secs(3600)));
    let over = text.replace("T13:", "T11:");
    assert_eq!(printed(&over, now).unwrap_err(), "gave keys that have ended");
    assert!(printed(&text.replace(":1,", ":2,"), now).unwrap_err().contains("version"));
    assert_eq!(printed("AKIA…", now).unwrap_err(), "did not print keys as JSON");
}

fn asked(transport: &Scripted) -> Vec<String> {
    transport.calls().iter().map(|call| format!("{} {}", call.method.name(), call.url)).collect()
}

const GIVEN: &str = r#"{"Code":"Success","AccessKeyId":"AKM","SecretAccessKey":"m","Token":"mt","Expiration":"2099-01-01T00:00:00Z"}"#;

async fn from(
    variables: &[(&str, &str)],
    files: &[(&str, &str)],
    replies: Vec<Reply>,
) -> (Result<String, String>, Vec<String>) {
    let keys = match with(variables, files, |machine| keys(machine, None)) {
        Ok(keys) => keys,
        Err(error) => return (Err(error), Vec::new()),
    };
    let transport = Scripted::new(replies);
    let outcome = keys.get(transport.as_ref()).await.map(|keys| text(&keys)).map_err(|error| error.chain());
    (outcome, asked(&transport))
}

fn text_reply(body: &'static str) -> Reply {
    Reply { status: 200, body: body.into(), ..Reply::default() }
}

#[tokio::test]
async fn a_container_has_its_keys_from_its_agent() {
    let relative = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1")];
    let (keys, asked) = from(&relative, &[], vec![Reply::json_text(200, GIVEN)]).await;
    assert_eq!(keys, Ok("AKM m mt".to_owned()));
    assert_eq!(asked, ["GET http://169.254.170.2/v2/credentials/1"]);

    let full = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials");
    let token = [full, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token")];
    let found =
        with(&token, &[("/token", "a-token-of-the-pod\n")], |machine| super::keys(machine, None)).unwrap();
    let transport = Scripted::new([Reply::json_text(200, GIVEN)]);
    found.get(transport.as_ref()).await.unwrap();
    let call = &transport.calls()[0];
    assert_eq!(call.headers, [("authorization", "a-token-of-the-pod".to_owned())]);
    assert!(!format!("{call:?}").contains("a-token-of-the-pod"), "{call:?}");

    let (error, _) = from(&token, &[], Vec::new()).await;
    assert!(error.unwrap_err().contains("/token, which cannot be read"));
    let far = [(full.0, "http://keys.example.com/")];
    assert!(from(&far, &[], Vec::new()).await.0.unwrap_err().contains("must name https"));
    for (reply, words) in [
        (Reply::json_text(403, "{}"), "the agent of the container: status 403"),
        (Reply::json_text(200, "{}"), "answers without keys"),
        (Reply::json_text(200, GIVEN.replace("2099", "2020")), "keys that have ended"),
    ] {
        let error = from(&relative, &[], vec![reply]).await.0.unwrap_err();
        assert!(error.starts_with("no AWS keys: ") && error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_machine_of_ec2_has_its_keys_from_its_metadata() {
    let endpoint = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
    let replies = || vec![text_reply("a-token"), text_reply("reader\n"), Reply::json_text(200, GIVEN)];
    let (keys, asked) = from(&[endpoint], &[], replies()).await;
    assert_eq!(keys, Ok("AKM m mt".to_owned()));
    let folder = "http://127.0.0.1:1/latest/meta-data/iam/security-credentials/";
    assert_eq!(
        asked,
        [
            "PUT http://127.0.0.1:1/latest/api/token".to_owned(),
            format!("GET {folder}"),
            format!("GET {folder}reader")
        ]
    );
    let amazons = [("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n")];
    let (keys, asked) = from(&[], &amazons, replies()).await;
    assert_eq!((keys.is_ok(), asked[0].as_str()), (true, "PUT http://169.254.169.254/latest/api/token"));
    for (replies, words) in [
        (vec![Reply::json_text(401, "")], "the metadata service of EC2: status 401"),
        (vec![text_reply("t"), text_reply("")], "the machine has no role"),
        (vec![text_reply("t"), text_reply("r"), text_reply("<html>")], "answers without keys"),
    ] {
        let error = from(&[endpoint], &[], replies).await.0.unwrap_err();
        assert!(error.contains(words) && error.contains("give the machine a role"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_metadata_service_that_is_not_there() {
    let endpoint = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254");
    let found = with(&[endpoint], &[], |machine| keys(machine, None)).unwrap();
    let transport = Scripted::new([vision_testkit::Step::Hang]);
    let error = found.get(transport.as_ref()).await.unwrap_err();
    assert!(error.message().contains("no answer within 1 s"), "{error}");
}

/// What is nearer comes first, and whoever does not want to be asked is not.
#[tokio::test]
async fn the_machine_is_asked_last_and_only_where_it_answers() {
    let all = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1"),
    ];
    let name = |variables: &[(&str, &str)], files: &[(&str, &str)]| {
        with(variables, files, |machine| keys(machine, None)).map(|keys| keys.name().to_owned())
    };
    let token = [("/token", "t")];
    assert_eq!(name(&all, &[FILES, &token].concat()), Ok("profile `default`".to_owned()));
    assert_eq!(name(&all, &token), Ok("AWS_WEB_IDENTITY_TOKEN_FILE".to_owned()));
    assert_eq!(name(&all[2..], &[]), Ok("the agent of the container".to_owned()));
    assert_eq!(name(&all[3..], &[]), Ok("the metadata service of EC2".to_owned()));
    let off = name(&[all[3], ("AWS_EC2_METADATA_DISABLED", "true")], &[]).unwrap_err();
    assert!(off.contains("EC2 (not asked, as AWS_EC2_METADATA_DISABLED says)"), "{off}");
    let elsewhere = name(&[], &[]).unwrap_err();
    for words in ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "no machine of EC2"] {
        assert!(elsewhere.contains(words), "{elsewhere}");
    }
    // Who names a profile wants no other keys.
    let named = with(&all, &token, |machine| keys(machine, Some("work"))).unwrap_err();
    assert!(!named.contains("EC2"), "{named}");
}

#[tokio::test]
async fn a_token_of_another_system_takes_on_a_role() {
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/reader"),
        ("AWS_REGION", "eu-west-1"),
    ];
    let token = [("/token", "eyJ0.a+b.c\n")];
    let answer = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
        <AccessKeyId>AKW</AccessKeyId><SecretAccessKey>w+/</SecretAccessKey><SessionToken>wt==</SessionToken>\
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
        </AssumeRoleWithWebIdentityResponse>";
    let found = with(&variables, &token, |machine| super::keys(machine, None)).unwrap();
    let transport = Scripted::new([text_reply(answer)]);
    assert_eq!(text(&found.get(transport.as_ref()).await.unwrap()), "AKW w+/ wt==");
    let call = &transport.calls()[0];
    assert_eq!(call.url, "https://sts.eu-west-1.amazonaws.com/");
    let body = String::from_utf8_lossy(&call.body.bytes()).into_owned();
    assert_eq!(
        body,
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader\
         &RoleSessionName=vision-eval&WebIdentityToken=eyJ0.a%2Bb.c"
    );
    assert_eq!(call.secrets().count(), 1);

    let denied = "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>Token expired</Message></Error></ErrorResponse>";
    let replies = vec![Reply { status: 400, body: denied.into(), ..Reply::default() }];
    let error = from(&variables, &token, replies).await.0.unwrap_err();
    assert!(
        error.contains("gives no keys for the role arn:aws:iam::123456789012:role/reader: Token expired"),
        "{error}"
    );
    assert!(from(&variables[..1], &token, Vec::new()).await.0.unwrap_err().contains("AWS_ROLE_ARN"));
}

/// Keys of an hour are written anew by somebody else: what is thrown away is read again.
#[tokio::test]
async fn files_are_read_again_when_what_stood_in_them_has_ended() {
    let written = Arc::new(Mutex::new(String::new()));
    let write = |session: &str| {
        *written.lock().unwrap() =
            format!("[work]\naws_access_key_id=AK\naws_secret_access_key=s\naws_session_token={session}\n");
    };
    let read = written.clone();
    let file: ReadFile =
        Arc::new(move |path| (path == "~/.aws/credentials").then(|| read.lock().unwrap().clone()));
    write("first");
    let found = keys(&Machine { variable: &|_| None, file: &file }, Some("work")).unwrap();
    let transport = Scripted::new(Vec::<Reply>::new());
    let got = async || found.get(transport.as_ref()).await.map(|keys| text(&keys)).map_err(|it| it.chain());
    assert_eq!(got().await, Ok("AK s first".to_owned()));
    write("second");
    assert_eq!(got().await, Ok("AK s first".to_owned()), "they are good until a host says no");
    found.forget(|_| true);
    assert_eq!(got().await, Ok("AK s second".to_owned()));
    found.forget(|_| true);
    written.lock().unwrap().clear();
    assert_eq!(got().await, Err("profile `work` no longer holds AWS keys".to_owned()));
}

#[tokio::test]
async fn the_token_of_another_system_is_read_again_for_each_role() {
    let given = Arc::new(Mutex::new("one"));
    let read = given.clone();
    let file: ReadFile = Arc::new(move |path| (path == "/token").then(|| (*read.lock().unwrap()).to_owned()));
    let variable = |name: &str| match name {
        "AWS_WEB_IDENTITY_TOKEN_FILE" => Some("/token".to_owned()),
        "AWS_ROLE_ARN" => Some("arn:aws:iam::1:role/r".to_owned()),
        _ => None,
    };
    let found = keys(&Machine { variable: &variable, file: &file }, None).unwrap();
    let transport = Scripted::new([Reply { status: 400, ..Reply::default() }, Reply::default()]);
    for token in ["one", "two"] {
        *given.lock().unwrap() = token;
        found.get(transport.as_ref()).await.unwrap_err();
        let body = String::from_utf8_lossy(&transport.calls().last().unwrap().body.bytes()).into_owned();
        assert!(body.ends_with(&format!("&WebIdentityToken={token}")), "{body}");
    }
}

#[tokio::test]
async fn half_a_key_of_the_environment_is_a_mistake() {
    let refused = found(&[("AWS_ACCESS_KEY_ID", "AKENV")], FILES, None).await.unwrap_err();
    assert!(refused.contains("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY"), "{refused}");
    let named = found(&[("AWS_ACCESS_KEY_ID", "AKENV")], FILES, Some("work")).await;
    assert_eq!(named, Ok("AKWORK w wt".to_owned()), "who names a profile does not want the environment's");
}

#[test]
fn a_program_that_is_not_installed_is_said_before_it_is_started() {
    let lacks = |line: &str, path: &str| {
        let config = format!("[profile p]\ncredential_process = {line}\n");
        let found =
            with(&[("PATH", path)], &[("~/.aws/config", &config)], |machine| keys(machine, Some("p")));
        found.unwrap().lacks().map(str::to_owned)
    };
    let missing = lacks("no-such-program-anywhere --x", "/usr/bin:/bin").unwrap();
    assert!(
        missing.contains("`no-such-program-anywhere`, which profile `p` needs, is not installed"),
        "{missing}"
    );
    assert!(lacks("/nowhere/keys.sh", "/usr/bin:/bin").is_some());
    assert!(lacks("sh", "/nowhere").is_some());
    assert_eq!(lacks("sh -c true", "/usr/bin:/bin"), None);
}
