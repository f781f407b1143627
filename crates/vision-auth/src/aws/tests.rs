use std::collections::HashMap;
use std::time::Duration;

use vision_http::{AwsKeys, Reply};
use vision_testkit::Scripted;

use super::{keys, printed, region};
use crate::Machine;

fn with<T>(variables: &[(&str, &str)], files: &[(&str, &str)], work: impl FnOnce(&Machine<'_>) -> T) -> T {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let files: HashMap<_, _> = files.iter().copied().collect();
    work(&Machine {
        variable: &|name| variables.get(name).map(|value| (*value).to_owned()),
        file: &|path| files.get(path).map(|text| (*text).to_owned()),
    })
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
    assert_eq!(printed(&over, now).unwrap_err(), "printed keys that have ended");
    assert!(printed(&text.replace(":1,", ":2,"), now).unwrap_err().contains("version"));
    assert_eq!(printed("AKIA…", now).unwrap_err(), "did not print keys as JSON");
}
