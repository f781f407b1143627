//! The clouds' services: their ways of proving who asks.

use serde_json::json;
use vision_testkit::server::Settings;

use crate::cloud_shell::{ACCESS, SECRET, SESSION, host, service_account, shell, without_keys, write_run};
use crate::doors::KEY;
use crate::shell::{Host, Shell};

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
