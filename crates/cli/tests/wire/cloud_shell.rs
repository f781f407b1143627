//! A shell in which everything is set that the clouds want to see, and a host that sees it.

use serde_json::json;
use vision_core::Secret;
use vision_http::AwsKeys;
use vision_testkit::media;
use vision_testkit::server::{Answers, Settings};

use crate::doors::KEY;
use crate::shell::{Host, Shell};

pub const ACCESS: &str = "AKIDEXAMPLE12345";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYtestkitkey";
pub const SESSION: &str = "FwoGZXIvYXdzEJrQz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0==";

pub fn keys() -> AwsKeys {
    AwsKeys { access: Secret::new(ACCESS), secret: Secret::new(SECRET), session: Some(Secret::new(SESSION)) }
}

/// A host that takes this key, these signatures and nothing else, and gives this answer.
pub fn host(answer: &str) -> Host {
    let answer = if answer.starts_with('{') { serde_json::from_str(answer).unwrap() } else { json!(answer) };
    let line = json!({"answer": answer}).to_string();
    Host::start(Settings {
        key: Some(KEY.to_owned()),
        signer: Some(keys()),
        answers: Answers::parse(&line).unwrap(),
        ..Settings::default()
    })
}

/// Everything that opens these doors, at this host.
pub fn shell(host: &Host) -> Shell {
    let mut shell = Shell::new();
    shell.put(&media::png("a.png", 60, 40, 1));
    for name in ["BEDROCK_BASE_URL", "TEXTRACT_BASE_URL", "DOCUMENTINTELLIGENCE_ENDPOINT"] {
        shell.set(name, host.url());
    }
    shell.set("MISTRAL_OCR_BASE_URL", format!("{}/v1", host.url())).set("MISTRAL_API_KEY", KEY);
    shell.set("LLAMA_CLOUD_BASE_URL", host.url()).set("LLAMA_CLOUD_API_KEY", KEY);
    shell.set("DOCUMENTINTELLIGENCE_API_KEY", KEY).set("AWS_REGION", "us-east-1");
    shell.set("AWS_ACCESS_KEY_ID", ACCESS).set("AWS_SECRET_ACCESS_KEY", SECRET);
    shell.set("AWS_SESSION_TOKEN", SESSION);
    shell.set("DOCUMENTAI_BASE_URL", host.url()).set("VERTEX_BASE_URL", host.url());
    shell.set("GOOGLE_CLOUD_PROJECT", "my-project").set("GOOGLE_OAUTH_ACCESS_TOKEN", KEY);
    shell
}

/// The key file of a service account whose tokens this host gives out.
pub fn service_account(host: &Host) -> String {
    let key = include_str!("../../../vision-auth/tests/fixtures/test_only_key.pem");
    json!({
        "type": "service_account", "project_id": "my-project", "private_key_id": "key-1", "private_key": key,
        "client_email": "reader@example.iam.gserviceaccount.com", "token_uri": format!("{}/token", host.url())
    })
    .to_string()
}

pub fn without_keys(shell: &mut Shell) {
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        shell.forget(name);
    }
}

/// A dataset of four pages and a model.
pub fn write_run(shell: &Shell, model: &str, task: &str, expected: &str, schema: &str, extra: &str) {
    let (kind, name) = model.split_once('/').unwrap();
    let config = format!(
        "[[dataset]]\npath = \"data\"\n[[provider]]\nkind = \"{kind}\"\nmodel = \"{name}\"\n\
         price = {{ units = [{{ unit = \"page\", usd = 0.01 }}] }}\n{extra}"
    );
    let fields = "[tasks.document.settings.fields]\ntype = \"enum\"\nnumber = \"code\"\ndate = \"date\"\nsender = \"name\"\n\
                  total = \"money\"\n";
    let fields = if task == "document" { fields } else { "" };
    let schema_line = if schema.is_empty() { "" } else { "schema = \"schema.json\"\n" };
    let manifest = format!(
        "name = \"demo\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
         [tasks.{task}]\nprompt = \"Read it.\"\nmetric = \"{task}\"\n{schema_line}{fields}"
    );
    let mut cases = String::new();
    for number in 0..4 {
        let name = format!("{number}.png");
        let expected =
            if expected.starts_with('{') { serde_json::from_str(expected).unwrap() } else { json!(expected) };
        cases += &json!({"id": name, "media": [name], "expected": expected}).to_string();
        cases.push('\n');
        shell.write(&format!("data/{name}"), media::png("a.png", 4, 4, number).bytes().unwrap());
    }
    shell.write("eval.toml", config).write("data/dataset.toml", manifest).write("data/cases.jsonl", cases);
    shell.write("data/schema.json", schema);
}
