//! The clouds' services: their ways of proving who asks, and engines that follow no prompt.

use serde_json::{Value, json};
use vision_core::Secret;
use vision_http::AwsKeys;
use vision_testkit::media;
use vision_testkit::server::{Answers, Settings};

use crate::doors::KEY;
use crate::shell::{Host, Shell};

const ACCESS: &str = "AKIDEXAMPLE12345";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYtestkitkey";
const SESSION: &str = "FwoGZXIvYXdzEJrQz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0==";

const RECEIPT: &str = r#"{"store":"BLUE BOTTLE","date":"2026-11-28","items":[{"name":"Latte","quantity":2,"price":8},{"name":"Scone","quantity":1,"price":3}],"subtotal":11,"tax":0.99,"tip":2,"total":13.99,"payment_method":"card"}"#;
const INVOICE: &str =
    r#"{"type":"invoice","number":"R-77","date":"2026-11-28","sender":"Nordwind GmbH","total":119}"#;
const TABLE: &str = r#"{"title":null,"columns":["Quarter","Sales"],"rows":[["Q1",120],["Q2",90.5]]}"#;

fn keys() -> AwsKeys {
    AwsKeys { access: Secret::new(ACCESS), secret: Secret::new(SECRET), session: Some(Secret::new(SESSION)) }
}

/// A host that takes this key, these signatures and nothing else, and gives this answer.
fn host(answer: &str) -> Host {
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
fn shell(host: &Host) -> Shell {
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
fn service_account(host: &Host) -> String {
    let key = include_str!("../../../vision-auth/tests/fixtures/test_only_key.pem");
    json!({
        "type": "service_account", "project_id": "my-project", "private_key_id": "key-1", "private_key": key,
        "client_email": "reader@example.iam.gserviceaccount.com", "token_uri": format!("{}/token", host.url())
    })
    .to_string()
}

fn without_keys(shell: &mut Shell) {
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        shell.forget(name);
    }
}

#[test]
fn a_signature_opens_the_door_wherever_its_keys_stand() {
    let host = host("12.50");
    let models = ["textract/text", "bedrock/us.amazon.nova-lite-v1:0"];
    for model in models {
        shell(&host).run(&["ask", model, "a.png", "What is it?"]).expect(0);
    }
    let lines = format!(
        "aws_access_key_id = {ACCESS}\naws_secret_access_key = {SECRET}\naws_session_token = {SESSION}\n"
    );
    let printed = json!({
        "Version": 1, "AccessKeyId": ACCESS, "SecretAccessKey": SECRET, "SessionToken": SESSION,
        "Expiration": "2099-01-01T00:00:00Z"
    });
    for model in models {
        let mut shell = shell(&host);
        without_keys(&mut shell);
        shell.write(".aws/credentials", format!("[default]\n{lines}"));
        shell.run(&["ask", model, "a.png", "What is it?"]).expect(0);
        let config =
            format!("[profile work]\nregion = eu-west-1\ncredential_process = printf '%s' '{printed}'\n");
        shell.write(".aws/credentials", "").write(".aws/config", config);
        shell.set("AWS_PROFILE", "work").set("PATH", "/usr/bin:/bin");
        shell.run(&["ask", model, "a.png", "What is it?"]).expect(0);
    }
    assert_eq!(host.journal().by_status.keys().collect::<Vec<_>>(), [&200]);
}

#[test]
fn a_wrong_signature_is_refused_and_missing_keys_say_where_they_were_looked_for() {
    let host = host("12.50");
    for model in ["textract/text", "bedrock/us.amazon.nova-lite-v1:0"] {
        let mut shell = shell(&host);
        shell.set("AWS_SECRET_ACCESS_KEY", "another/secret+of/the+same/length/00000");
        let ended = shell.run(&["ask", model, "a.png", "What is it?"]);
        assert_ne!(ended.code, Some(0));
        ended.says("key rejected by 127.0.0.1").says("(from AWS_ACCESS_KEY_ID)");
        without_keys(&mut shell);
        let ended = shell.run(&["ask", model, "a.png", "What is it?"]);
        let ended = ended
            .says("no AWS keys: tried AWS_ACCESS_KEY_ID")
            .says("profile `default` in ~/.aws/credentials");
        assert_ne!(ended.says("run `aws configure`").code, Some(0));
        shell.forget("AWS_REGION");
        shell.run(&["providers", "check", model]).expect(96);
    }
}

/// One token serves all requests of a run.
#[test]
fn tokens_are_fetched_once() {
    let host = host("12.50");
    let mut shell = shell(&host);
    shell.forget("DOCUMENTINTELLIGENCE_API_KEY").set("AZURE_AUTHORITY_HOST", host.url());
    shell.set("AZURE_TENANT_ID", "tenant").set("AZURE_CLIENT_ID", "client");
    let ended = shell.run(&["ask", "azure-di/prebuilt-read", "a.png", "What is it?"]);
    assert_ne!(ended.code, Some(0), "{}", ended.out);
    ended.says("run `az login`");
    shell.set("AZURE_CLIENT_SECRET", "client-s3cret-of-some-length");
    write_run(&shell, "azure-di/prebuilt-read", "text", "12.50", "", "");
    shell.run(&["run", "--budget-usd", "1", "--no-progress", "--run-dir", "run"]).expect(0);
    let journal = host.journal();
    assert_eq!((journal.tokens, journal.requests, journal.files), (1, 4, 0));
}

/// A dataset of four pages and a model.
fn write_run(shell: &Shell, model: &str, task: &str, expected: &str, schema: &str, extra: &str) {
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

fn schema_of(answer: &str) -> String {
    let fields: Value = serde_json::from_str(answer).unwrap();
    let property = |value: &Value| match value {
        Value::Number(_) => json!({"type": ["number", "null"]}),
        _ => json!({"type": ["string", "null"]}),
    };
    let properties: serde_json::Map<String, Value> =
        fields.as_object().unwrap().iter().map(|(name, value)| (name.clone(), property(value))).collect();
    json!({"type": "object", "properties": properties}).to_string()
}

/// Each engine reads what its vendor's reply says, and is scored like any model.
#[test]
fn engines_are_run_and_scored() {
    for (model, task, answer, schema) in [
        ("textract/expense", "receipt", RECEIPT, String::new()),
        ("textract/tables", "chart-table", TABLE, String::new()),
        ("textract/forms", "document", INVOICE, schema_of(INVOICE)),
        ("textract/queries", "document", INVOICE, schema_of(INVOICE)),
        ("azure-di/prebuilt-receipt", "receipt", RECEIPT, String::new()),
        ("azure-di/prebuilt-invoice", "document", INVOICE, schema_of(INVOICE)),
        ("azure-di/prebuilt-layout", "chart-table", TABLE, String::new()),
        ("azure-di/my-model", "document", INVOICE, schema_of(INVOICE)),
        ("documentai/expense/1a2b", "receipt", RECEIPT, String::new()),
        ("documentai/invoice/invoice-1", "document", INVOICE, schema_of(INVOICE)),
        ("documentai/form/form-1", "document", INVOICE, schema_of(INVOICE)),
        ("documentai/form/form-1", "chart-table", TABLE, String::new()),
        ("documentai/ocr/ocr-1", "text", "BLUE BOTTLE\nTotal 13.99", String::new()),
        ("mistral-ocr/mistral-ocr-4-1", "document", INVOICE, schema_of(INVOICE)),
        ("mistral-ocr/mistral-ocr-4-1", "text", "BLUE BOTTLE\nTotal 13.99", String::new()),
        ("llamaextract/agentic", "document", INVOICE, schema_of(INVOICE)),
    ] {
        let host = host(answer);
        let shell = shell(&host);
        write_run(&shell, model, task, answer, &schema, "");
        let ended = shell.run(&["run", "--budget-usd", "1", "--no-progress", "--run-dir", "run"]);
        let ended = ended.expect(0);
        let trials = std::fs::read_to_string(shell.path("run/trials.jsonl")).unwrap();
        let first: Value = serde_json::from_str(trials.lines().next().unwrap()).unwrap();
        assert_eq!(first["response"]["usage"]["pages"], json!(1), "{model}: {first}");
        assert_eq!(first["cost"], json!(0.01), "{model}: {first}");
        let shows_places = !["mistral", "llama"].iter().any(|start| model.starts_with(start));
        if shows_places && !["chart-table", "text"].contains(&task) {
            assert!(
                first["response"]["evidence"].as_array().is_some_and(|it| !it.is_empty()),
                "{model}: {first}"
            );
        }
        let report: Value =
            serde_json::from_str(&shell.run(&["report", "run", "--format", "json"]).expect(0).out).unwrap();
        assert_eq!(report["overall"]["rows"][0]["score"]["mean"], json!(1.0), "{model}: {}", ended.out);
        assert_eq!(host.journal().files, 0, "{model} left a result behind");
    }
}

#[test]
fn a_task_that_an_engine_cannot_do_is_refused_before_anything_is_sent() {
    let host = host("12.50");
    for model in ["textract/expense", "azure-di/prebuilt-receipt"] {
        let ended = shell(&host).run(&["ask", model, "a.png", "What is it?"]);
        ended.expect(96).says("task `text` not supported (supported: receipt)");
    }
    let pages = shell(&host);
    pages.write("long.pdf", include_bytes!("../../../vision-testkit/tests/two_pages.pdf"));
    let ended = pages.run(&["ask", "textract/text", "long.pdf", "Read it."]);
    ended.expect(96).says("long.pdf has 2 pages, above the limit of 1");
    assert_eq!(host.journal().requests, 0);
}

/// The other doors to the same models.
#[test]
fn bedrock_speaks_other_dialects_too() {
    let host = host("12.50");
    for (api, base) in [("openai", "/v1"), ("anthropic", "/anthropic")] {
        let mut shell = shell(&host);
        shell.set("BEDROCK_BASE_URL", format!("{}{base}", host.url())).set("AWS_BEARER_TOKEN_BEDROCK", KEY);
        let config = format!("[[provider]]\nkind = \"bedrock\"\nmodel = \"m\"\nsettings.api = \"{api}\"\n");
        shell.write("eval.toml", config);
        let ended = shell.run(&["ask", "bedrock/m", "a.png", "What is it?"]).expect(0);
        assert_eq!(ended.out.trim(), "12.50");
        shell.forget("AWS_BEARER_TOKEN_BEDROCK");
        shell
            .run(&["ask", "bedrock/m", "a.png", "What is it?"])
            .says("takes a Bedrock key: set AWS_BEARER_TOKEN_BEDROCK");
    }
}

/// Hosts that quote signatures, tokens and keys wherever they can.
#[test]
fn neither_signatures_nor_tokens_are_left_anywhere() {
    let careless = Host::start(Settings { echo: true, ..Settings::default() });
    for (model, task) in [
        ("textract/text", "text"),
        ("bedrock/us.amazon.nova-lite-v1:0", "text"),
        ("azure-di/prebuilt-read", "text"),
    ] {
        let mut shell = shell(&careless);
        shell.forget("DOCUMENTINTELLIGENCE_API_KEY").set("AZURE_AUTHORITY_HOST", careless.url());
        shell.set("AZURE_TENANT_ID", "tenant").set("AZURE_CLIENT_ID", "client");
        shell.set("AZURE_CLIENT_SECRET", "client-s3cret-of-some-length");
        write_run(&shell, model, task, "12.50", "", "");
        let words = [
            "run",
            "--budget-usd",
            "1",
            "--no-progress",
            "--run-dir",
            "run",
            "--record",
            "wire",
            "-vv",
            "-o",
            "r.html",
        ];
        let ended = shell.run(&words);
        assert!([Some(0), Some(5)].contains(&ended.code), "{}", ended.err);
        let mut texts = vec![ended.out, ended.err];
        for folder in ["run", "wire", "."] {
            for entry in std::fs::read_dir(shell.path(folder)).unwrap() {
                let path = entry.unwrap().path();
                texts.extend(
                    path.is_file()
                        .then(|| String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned()),
                );
            }
        }
        assert!(texts.iter().any(|text| text.contains("***")), "{model} quoted nothing");
        for text in &texts {
            for secret in [
                ACCESS,
                &SECRET[..8],
                &SECRET[12..],
                &SESSION[..12],
                &SESSION[24..40],
                "token-of-the",
                "client-s3cret",
            ] {
                assert!(!text.contains(secret), "{secret} of {model} is in {text}");
            }
            // A signature is 64 hexadecimal digits behind its name.
            for (at, _) in text.match_indices("Signature=") {
                let after = &text[at + 10..];
                assert!(
                    !after.starts_with(|letter: char| letter.is_ascii_hexdigit()),
                    "{model}: {}",
                    &after[..20]
                );
            }
        }
    }
}

/// Gemini and Claude in Google's house, with each of its credentials.
#[test]
fn vertex_takes_tokens_and_keys() {
    let host = host("12.50");
    for model in ["vertex/gemini-3.7-flash", "vertex/claude-haiku-5-5@20261101"] {
        let ended = shell(&host).run(&["ask", model, "a.png", "What is it?"]).expect(0);
        assert_eq!(ended.out.trim(), "12.50");
        let mut by_file = shell(&host);
        by_file.forget("GOOGLE_OAUTH_ACCESS_TOKEN").forget("GOOGLE_CLOUD_PROJECT");
        by_file.write("key.json", service_account(&host));
        by_file.set("GOOGLE_APPLICATION_CREDENTIALS", "key.json");
        by_file.run(&["ask", model, "a.png", "What is it?"]).expect(0);
        let login = json!({
            "type": "authorized_user", "client_id": "id", "client_secret": "s", "refresh_token": "r",
            "quota_project_id": "payer", "token_uri": format!("{}/token", host.url())
        });
        let mut by_login = shell(&host);
        by_login.forget("GOOGLE_OAUTH_ACCESS_TOKEN");
        by_login.write(".config/gcloud/application_default_credentials.json", login.to_string());
        by_login.run(&["ask", model, "a.png", "What is it?"]).expect(0);
        let mut without = shell(&host);
        without.forget("GOOGLE_OAUTH_ACCESS_TOKEN").set("NO_GCE_CHECK", "true");
        let ended = without.run(&["ask", model, "a.png", "What is it?"]);
        ended.says("no credentials for Google: tried").says("run `gcloud auth application-default login`");
    }
    let mut express = shell(&host);
    express.forget("GOOGLE_OAUTH_ACCESS_TOKEN").forget("GOOGLE_CLOUD_PROJECT").set("VERTEX_API_KEY", KEY);
    express.run(&["ask", "vertex/gemini-3.7-flash", "a.png", "What is it?"]).expect(0);
    let paths = host.journal().by_path;
    let google = "/v1beta1/projects/my-project/locations/global/publishers/google/models/gemini-3.7-flash:generateContent";
    let claude = "/v1/projects/my-project/locations/global/publishers/anthropic/models/claude-haiku-5-5@20261101:rawPredict";
    assert_eq!((paths.get(google), paths.get(claude)), (Some(&3), Some(&3)), "{paths:?}");
    assert_eq!(host.journal().tokens, 4);
}

/// Azure's deployments take a token where there is no key.
#[test]
fn azure_takes_a_token_of_entra() {
    let host = host("12.50");
    let mut shell = shell(&host);
    shell.set("AZURE_OPENAI_BASE_URL", format!("{}/openai/v1", host.url()));
    shell.set("AZURE_AUTHORITY_HOST", host.url());
    shell
        .set("AZURE_TENANT_ID", "tenant")
        .set("AZURE_CLIENT_ID", "client")
        .set("AZURE_CLIENT_SECRET", "secret");
    shell.run(&["ask", "azure/my-deployment", "a.png", "What is it?"]).expect(0);
    assert_eq!(host.journal().tokens, 1);
}

#[test]
fn a_program_is_a_candidate_like_any_other() {
    let host = host("12.50");
    let mut shell = shell(&host);
    shell.set("PATH", "/usr/bin:/bin");
    shell.write("mine.sh", "cat >/dev/null; echo '{\"text\":\"12.50\",\"usage\":{\"pages\":1}}'");
    let settings = "settings.command = [\"sh\", \"mine.sh\"]\n";
    write_run(&shell, "command/mine", "text", "12.50", "", settings);
    let ended = shell.run(&["run", "--budget-usd", "1", "--no-progress", "--run-dir", "run"]).expect(0);
    assert!(ended.out.contains("100.0"), "{}", ended.out);
    // Whoever hands a record over does not say what is started here.
    let config = std::fs::read_to_string(shell.path("eval.toml")).unwrap();
    shell.write("eval.toml", config.split("[[provider]]").next().unwrap());
    let ended = shell.run(&["resume", "run"]);
    assert_ne!(ended.code, Some(0));
    ended.says("the record would start the program `sh`, which eval.toml does not name");
    shell.write("eval.toml", config.replace("mine.sh", "yours.sh"));
    shell.run(&["resume", "run"]).says("the settings of `command/mine` were changed");
    shell.write("yours.sh", "echo '{\"text\":\"13.50\"}'");
    let ended = shell.run(&["ask", "command/mine", "a.png", "What?"]).expect(0);
    assert_eq!(ended.out.trim(), "13.50");
}

/// A thousand receipts over eight vendors, before anybody has signed up anywhere.
#[test]
fn a_job_is_quoted_over_all_vendors_without_any_key() {
    let shell = Shell::new();
    let models = [
        "textract/expense",
        "documentai/expense/1a2b",
        "azure-di/prebuilt-receipt",
        "mistral-ocr/mistral-ocr-4-1",
        "bedrock/us.amazon.nova-lite-v1:0",
        "vertex/gemini-3.7-flash",
        "openai/gpt-5.6-luna",
        "anthropic/claude-haiku-5-5",
    ];
    write_run(&shell, models[0], "receipt", RECEIPT, "{}", "");
    let case: Value = serde_json::from_str(
        std::fs::read_to_string(shell.path("data/cases.jsonl")).unwrap().lines().next().unwrap(),
    )
    .unwrap();
    let cases: String = (0..1000)
        .map(|number| {
            let mut case = case.clone();
            case["id"] = json!(format!("case-{number}"));
            format!("{case}\n")
        })
        .collect();
    let providers = models.iter().map(|model| {
        let (kind, name) = model.split_once('/').unwrap();
        format!("[[provider]]\nkind = \"{kind}\"\nmodel = \"{name}\"\n")
    });
    shell.write("data/cases.jsonl", cases);
    shell.write("eval.toml", format!("[[dataset]]\npath = \"data\"\n{}", providers.collect::<String>()));
    let ended = shell.run(&["plan"]).expect(0);
    // A page has one price, ten pages a range, and what an annotated page costs is not said clearly.
    for words in ["($10.00–$10.00)", "$100.00)", "($5.00–$9.00)", "8000 requests for up"] {
        assert!(ended.out.contains(words), "{words} is not in {}", ended.out);
    }
    assert!(!ended.err.contains("no price"), "{}", ended.err);
}

/// Machines, containers and apps of a cloud are asked for keys where nothing nearer has any.
#[test]
fn a_machine_of_a_cloud_has_its_keys_from_its_neighbor() {
    let host = host("12.50");
    let ask = |shell: &Shell, model: &str| shell.run(&["ask", model, "a.png", "What is it?"]);
    let mut bare = shell(&host);
    without_keys(&mut bare);
    let failed = ask(&bare, "textract/text");
    failed.says("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").says("the metadata service of EC2 (not asked");
    for (name, value) in [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/v2/credentials/1", host.url())),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", host.url()),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", host.url()),
    ] {
        let mut shell = shell(&host);
        without_keys(&mut shell);
        shell.set(name, value);
        ask(&shell, "textract/text").expect(0);
        shell.run(&["providers", "check", "textract/text", "--live"]).expect(0);
    }
    let mut app = shell(&host);
    app.forget("DOCUMENTINTELLIGENCE_API_KEY");
    app.set("IDENTITY_ENDPOINT", format!("{}/msi/token", host.url()))
        .set("IDENTITY_HEADER", "a-header-of-the-app");
    ask(&app, "azure-di/prebuilt-read").expect(0);
    let mut machine = shell(&host);
    machine.forget("DOCUMENTINTELLIGENCE_API_KEY").set("AZURE_POD_IDENTITY_AUTHORITY_HOST", host.url());
    machine.write(
        "eval.toml",
        "[[provider]]\nkind = \"azure-di\"\nmodel = \"prebuilt-read\"\nsettings.entra = true\n",
    );
    ask(&machine, "azure-di/prebuilt-read").expect(0);
    machine.set("AZURE_POD_IDENTITY_AUTHORITY_HOST", format!("{}/nobody", host.url()));
    let failed = ask(&machine, "azure-di/prebuilt-read");
    assert_ne!(failed.code, Some(0));
    failed
        .says("no token of Entra: tried AZURE_CLIENT_SECRET")
        .says("the managed identity of the machine: status 404");
}

/// Without a document, and without a bill.
#[test]
fn keys_are_checked_where_there_is_no_list_of_models() {
    let host = host("12.50");
    let mut shell = shell(&host);
    let words = ["providers", "check", "textract/expense", "--live"];
    shell.run(&words).expect(0);
    shell.set("AWS_SECRET_ACCESS_KEY", "another/secret+of/the+same/length/00000");
    let failed = shell.run(&words);
    assert_eq!(failed.code, Some(96), "{}", failed.out);
    assert!(failed.out.contains("key rejected by 127.0.0.1"), "{}", failed.out);
}

/// A document of several pages is put into a bucket, read there, and taken out again.
#[test]
fn a_long_document_is_read_by_way_of_a_bucket() {
    let host = host("BLUE BOTTLE\nTotal 13.99");
    let shell = shell(&host);
    shell.write("long.pdf", include_bytes!("../../../vision-testkit/tests/two_pages.pdf"));
    let ask = ["ask", "textract/text", "long.pdf", "Read it."];
    shell.run(&ask).expect(96).says("set `bucket` in its settings");
    let config = |settings: &str| {
        format!("[[provider]]\nkind = \"textract\"\nmodel = \"text\"\nsettings = {settings}\n")
    };
    shell.write("eval.toml", config("{ bucket = \"documents\", prefix = \"runs/\" }"));
    let ended = shell.run(&ask).expect(0);
    assert_eq!((ended.out.trim(), host.journal().files), ("BLUE BOTTLE\nTotal 13.99", 0));
    shell.write("eval.toml", config("{ bucket = \"documents\", delete = false }"));
    shell.run(&ask).expect(0);
    assert_eq!(host.journal().files, 1, "whoever wants to keep it has it");
    shell.write("eval.toml", config("{ bucket = \"No Bucket\" }"));
    shell.run(&ask).expect(96).says("no name of a bucket");
}

/// What lies in Google's storage is not fetched: its address is passed on, to whoever can read there.
#[test]
fn an_address_in_storage_is_passed_on_to_vertex_and_to_nobody_else() {
    let host = host("12.50");
    let shell = shell(&host);
    let link = "gs://receipts/2026/a.png";
    let ask = |model| shell.run(&["ask", model, link, "What is it?", "--detail", "high"]);
    ask("vertex/gemini-3.7-flash").expect(0);
    let seen = host.journal().last[0].media[0].url.clone();
    assert_eq!(seen.as_deref(), Some(link));
    ask("azure-di/prebuilt-read").expect(96).says("gs:// input not supported");
    write_run(&shell, "vertex/gemini-3.7-flash", "text", "12.50", "", "");
    let cases = std::fs::read_to_string(shell.path("data/cases.jsonl")).unwrap();
    shell.write("data/cases.jsonl", cases.replace("[\"0.png\"]", &format!("[\"{link}\"]")));
    shell.run(&["run", "--budget-usd", "1", "--no-progress", "--run-dir", "run", "-o", "r.html"]).expect(0);
    assert!(host.journal().last.iter().any(|entry| entry.media[0].url.as_deref() == Some(link)));
}

/// A resource of Foundry's holds deployments of both dialects.
#[test]
fn azure_speaks_to_claude_in_its_own_dialect() {
    let host = host("12.50");
    let mut shell = shell(&host);
    shell.set("AZURE_OPENAI_BASE_URL", format!("{}/openai/v1", host.url())).set("AZURE_OPENAI_API_KEY", KEY);
    let config = |api: &str| {
        format!("[[provider]]\nkind = \"azure\"\nmodel = \"claude-haiku-5-5\"\nsettings.api = \"{api}\"\n")
    };
    let ask = ["ask", "azure/claude-haiku-5-5", "a.png", "What is it?"];
    for (api, path) in [("openai", "/openai/v1/chat/completions"), ("anthropic", "/anthropic/v1/messages")] {
        shell.write("eval.toml", config(api));
        assert_eq!(shell.run(&ask).expect(0).out.trim(), "12.50");
        assert!(host.journal().by_path.contains_key(path), "{:?}", host.journal().by_path);
    }
    shell.forget("AZURE_OPENAI_API_KEY");
    shell
        .set("IDENTITY_ENDPOINT", format!("{}/msi/token", host.url()))
        .set("IDENTITY_HEADER", "a-header-of-the-app");
    shell.run(&ask).expect(0);
    shell.write("eval.toml", config("grpc"));
    shell.run(&ask).expect(96).says("api `grpc` is neither openai nor anthropic");
}

/// A document that was taken is billed: it is not handed in again, and nothing of it stays.
#[test]
fn a_document_that_takes_too_long_is_handed_in_once_and_taken_away() {
    let slow = || {
        let key = Some(KEY.to_owned());
        Host::start(Settings { key, signer: Some(keys()), looks: u32::MAX, ..Settings::default() })
    };
    let host = slow();
    let azure = shell(&host);
    let ask = ["ask", "azure-di/prebuilt-read", "a.png", "What is it?", "--timeout", "2"];
    azure.run(&ask).says("was still reading after");
    let journal = host.journal();
    assert_eq!((journal.requests, journal.files), (1, 0), "{journal:#?}");

    let host = slow();
    let amazon = shell(&host);
    amazon.write(
        "eval.toml",
        "[[provider]]\nkind = \"textract\"\nmodel = \"text\"\nsettings = { bucket = \"documents\", single_pages = true }\n",
    );
    amazon.run(&["ask", "textract/text", "a.png", "What is it?", "--timeout", "4"]).says("was still reading");
    let journal = host.journal();
    assert_eq!((journal.requests, journal.files), (1, 0), "{journal:#?}");
}
