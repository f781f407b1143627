//! Engines of the clouds, which follow no prompt.

use serde_json::{Value, json};
use vision_testkit::server::Settings;

use crate::cloud_shell::{host, keys, shell, write_run};
use crate::doors::KEY;
use crate::shell::{Host, Shell};

const RECEIPT: &str = r#"{"store":"BLUE BOTTLE","date":"2026-11-28","items":[{"name":"Latte","quantity":2,"price":8},{"name":"Scone","quantity":1,"price":3}],"subtotal":11,"tax":0.99,"tip":2,"total":13.99,"payment_method":"card"}"#;
const INVOICE: &str =
    r#"{"type":"invoice","number":"R-77","date":"2026-11-28","sender":"Nordwind GmbH","total":119}"#;
const TABLE: &str = r#"{"title":null,"columns":["Quarter","Sales"],"rows":[["Q1",120],["Q2",90.5]]}"#;

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
    for words in ["($10.00–$10.00)", "$100.00)", "($5.00–$9.00)", "8,000 requests for up"] {
        assert!(ended.out.contains(words), "{words} is not in {}", ended.out);
    }
    assert!(!ended.err.contains("no price"), "{}", ended.err);
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
