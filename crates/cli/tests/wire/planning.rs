//! What is said of prices, keys and schemas before anything is sent.

use serde_json::json;
use vision_testkit::media;

use crate::shell::Shell;

/// A dataset of one page, and a provider with these settings.
fn shell(task: &str, schema: &str, provider: &str) -> Shell {
    let shell = Shell::new();
    shell.put(&media::png("data/media/a.png", 60, 40, 1));
    shell.write(
        "data/dataset.toml",
        format!(
            "name = \"data\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
             [tasks.{task}]\nschema = \"s.json\"\n"
        ),
    );
    shell.write("data/s.json", schema);
    let case = json!({"id": "a", "task": task, "media": ["media/a.png"], "expected": {"total": 1}});
    shell.write("data/cases.jsonl", format!("{case}\n"));
    shell.write("eval.toml", format!("[[dataset]]\npath = \"data\"\n[[provider]]\n{provider}"));
    shell
}

const PLAIN: &str = r#"{"type":"object","properties":{"total":{"type":"number","minimum":0}}}"#;

#[test]
fn an_engine_without_a_price_is_priced_by_the_page() {
    let entry = "kind = \"azure-di\"\nmodel = \"mymodel\"\n";
    let planned = shell("extract", PLAIN, entry).run(&["plan"]).expect(0);
    assert!(planned.err.contains("units = [{ unit = \"page\", usd = … }]"), "{}", planned.err);
    assert!(!planned.err.contains("input_per_mtok"), "{}", planned.err);
    let tokens = format!("{entry}price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n");
    let refused = shell("extract", PLAIN, &tokens).run(&["plan"]).expect(96);
    refused.says("it reports no tokens");
    let pages = format!("{entry}price = {{ units = [{{ unit = \"page\", usd = 0.01 }}] }}\n");
    shell("extract", PLAIN, &pages).run(&["plan"]).expect(0);
}

#[test]
fn a_plan_needs_no_address_even_with_a_key() {
    for (kind, model, key) in [
        ("azure", "gpt-4.1", "AZURE_OPENAI_API_KEY"),
        ("azure-di", "prebuilt-invoice", "DOCUMENTINTELLIGENCE_API_KEY"),
    ] {
        let mut shell = shell("extract", PLAIN, &format!("kind = \"{kind}\"\nmodel = \"{model}\"\n"));
        shell.run(&["plan"]).expect(0);
        shell.set(key, "a-key-of-some-length");
        shell.run(&["plan"]).expect(0);
    }
}

#[test]
fn a_key_is_only_asked_for_where_no_source_is_found() {
    let mut shell = shell("extract", PLAIN, "kind = \"bedrock\"\nmodel = \"us.amazon.nova-lite-v1:0\"\n");
    shell.run(&["plan"]).expect(0).says("to run, set AWS_");
    shell.write(".aws/config", "[default]\nregion = us-east-1\ncredential_process = sh keys.sh\n");
    shell.set("PATH", "/usr/bin:/bin");
    let planned = shell.run(&["plan"]).expect(0);
    assert!(!planned.err.contains("to run, set"), "{}", planned.err);
    let checked = shell.run(&["providers", "check"]).expect(0);
    let words = "credentials from credential_process of profile `default` not tried (use --live)";
    assert!(checked.out.contains(words), "{}", checked.out);
    shell.write(".aws/config", "[default]\nregion = us-east-1\ncredential_process = no-such-program\n");
    let checked = shell.run(&["providers", "check"]).expect(96);
    assert!(checked.out.contains("`no-such-program`"), "{}", checked.out);
    shell.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    let half = shell.run(&["providers", "check"]).expect(96);
    assert!(half.out.contains("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY"), "{}", half.out);
}

#[test]
fn who_has_no_google_credentials_is_not_ready() {
    let mut shell = shell("extract", PLAIN, "kind = \"vertex\"\nmodel = \"gemini-3.7-flash\"\n");
    shell.set("GOOGLE_CLOUD_PROJECT", "my-project").set("PATH", "/nowhere");
    let checked = shell.run(&["providers", "check"]).expect(96);
    assert!(checked.out.contains("gcloud (not installed)"), "{}", checked.out);
    assert!(checked.out.contains("run `gcloud auth application-default login`"), "{}", checked.out);
}

#[test]
fn a_schema_that_claude_cannot_be_held_to_is_named() {
    let claude = "kind = \"anthropic\"\nmodel = \"claude-haiku-5-5\"\n";
    let planned = shell("extract", PLAIN, claude).run(&["plan"]).expect(0);
    assert!(!planned.err.contains("cannot be held"), "{}", planned.err);
    let map = r#"{"type":"object","properties":{"total":{"type":"number"},"rates":{"type":"object","additionalProperties":{"type":"number"}}}}"#;
    let planned = shell("extract", map, claude).run(&["plan"]).expect(0);
    planned
        .says("anthropic/claude-haiku-5-5 cannot be held to the JSON schema of data/extract")
        .says("(a map)");
    let other =
        shell("extract", map, "kind = \"openai\"\nmodel = \"gpt-5.6-luna\"\n").run(&["plan"]).expect(0);
    assert!(!other.err.contains("cannot be held"), "{}", other.err);
}
