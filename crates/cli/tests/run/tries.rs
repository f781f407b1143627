//! What each setting buys, at hosts whose answers depend on what they are sent.

use std::fs;

use serde_json::{Value, json};

use crate::looking::{host, receipts};
use crate::support::Project;

/// Three models, two prompts, three sizes. One model needs a large picture, one a careful question, one neither.
#[test]
fn the_factor_table_recovers_what_was_built_in() {
    let project = Project::new(1, "");
    let labels = receipts(&project, 16);
    let url = host(labels, |sent| match sent.model.as_str() {
        "sharp" => sent.side > 500,
        "careful" => sent.prompt.starts_with("Look twice."),
        _ => true,
    });
    project.write("careful.txt", "Look twice. (case {{case}})\n");
    let provider = |model: &str| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{url}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n\
             try = {{ prompt = [\"default\", \"careful.txt\"], long_side = [200, 400, 600] }}\n"
        )
    };
    let providers = ["sharp", "careful", "plain"].map(provider).concat();
    project.write("eval.toml", &format!("[[dataset]]\npath = \"receipts\"\n{providers}"));
    let planned: Value = serde_json::from_str(&project.expect(0, "plan --format json").out).unwrap();
    let lines = planned["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 18);
    for label in [
        "compatible/sharp · long_side=200, prompt=careful",
        "compatible/plain · long_side=600, prompt=default",
    ] {
        assert!(lines.iter().any(|line| line["provider"] == label), "{label}: {planned}");
    }
    project.expect(0, "run --budget-usd 5 --yes --run-dir run --no-progress");
    let report = project.expect(0, "report run --format json");
    let summary: Value = serde_json::from_str(&report.out).unwrap();
    let effects = summary["tried"]["effects"].as_array().unwrap();
    let found: Vec<(String, String)> = effects
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            let setting = format!("{} {} {}→{}", text("model"), text("factor"), text("from"), text("to"));
            (setting, it["score"]["opinion"].as_str().unwrap().to_owned())
        })
        .collect();
    let expected = [
        ("compatible/sharp long_side 200→400", "cannot-tell"),
        ("compatible/sharp long_side 200→600", "better"),
        ("compatible/sharp prompt default→careful", "cannot-tell"),
        ("compatible/careful long_side 200→400", "cannot-tell"),
        ("compatible/careful long_side 200→600", "cannot-tell"),
        ("compatible/careful prompt default→careful", "better"),
        ("compatible/plain long_side 200→400", "cannot-tell"),
        ("compatible/plain long_side 200→600", "cannot-tell"),
        ("compatible/plain prompt default→careful", "cannot-tell"),
    ];
    assert_eq!(found, expected.map(|(setting, opinion)| (setting.to_owned(), opinion.to_owned())));
    // Every case by every candidate, and the same pixels within a size.
    assert_eq!(project.trials("run").len(), 16 * 18);
    assert_eq!(summary["trust"]["pixels"]["same"], json!(true), "{}", summary["trust"]["pixels"]);
    let tokens = |at: usize| effects[at]["tokens"]["difference"].as_f64().unwrap();
    assert!((tokens(0) - 200.0).abs() < 1.0 && (tokens(1) - 400.0).abs() < 1.0, "{effects:?}");
    let text = project.expect(0, "report run --format markdown").out.replace('\\', "");
    assert!(text.contains("What each setting buys") && text.contains("long_side: 200 → 600"), "{text}");
    // A resumed run has nothing to do, and single candidates can be looked at.
    project.expect(0, "resume run --no-progress");
    assert_eq!(project.trials("run").len(), 16 * 18);
    let mut gate = project.command("gate run --cutoff");
    gate.arg("score>=0.9@compatible/sharp · long_side=600, prompt=default");
    assert_eq!(gate.status().unwrap().code(), Some(0));
}

#[test]
fn a_grid_that_is_too_large_is_refused_with_its_cost() {
    let project = Project::new(2, "http://127.0.0.1:9/v1");
    let flags =
        "--try temperature=0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1 --try long_side=100,200,300,400,500,600";
    let refused = project.expect(96, &format!("plan {flags}"));
    assert!(refused.err.contains("66 candidates") && refused.err.contains("at most 64"), "{}", refused.err);
}

/// One model needs a large picture: only it loses by small ones, and no headline counts them.
#[test]
fn worse_pictures_cost_what_was_built_in_and_are_in_no_headline() {
    let project = Project::new(1, "");
    let url = host(receipts(&project, 16), |sent| sent.model != "sharp" || sent.side > 500);
    let provider = |model: &str| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{url}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n"
        )
    };
    let config = format!("[[dataset]]\npath = \"receipts\"\n{}{}", provider("sharp"), provider("plain"));
    project.write("eval.toml", &config);
    project.expect(2, "plan --degrade rotate=45");
    project.expect(96, "run --until-decided --degrade scale=0.1 --budget-usd 5 --yes");

    project.expect(0, "run --budget-usd 5 --yes --run-dir clean --no-progress");
    let twins = "--degrade scale=0.1,crop=0.01";
    project.expect(0, &format!("run {twins} --budget-usd 5 --yes --run-dir run --no-progress"));
    assert_eq!(project.trials("run").len(), 2 * 16 * 3);
    let summary = |run: &str| -> Value {
        serde_json::from_str(&project.expect(0, &format!("report {run} --format json")).out).unwrap()
    };
    let (clean, whole) = (summary("clean"), summary("run"));
    let scores = |of: &Value| {
        let rows = of["overall"]["rows"].as_array().unwrap().iter();
        rows.map(|row| (row["provider"].clone(), row["score"].clone(), row["cost"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(scores(&whole), scores(&clean));
    assert_eq!(clean["degraded"], Value::Null);
    assert_eq!(whole["verdict"]["decision"], clean["verdict"]["decision"]);
    let losses = whole["degraded"]["losses"].as_array().unwrap();
    let found: Vec<String> = losses
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            let opinion = it["score"]["opinion"].as_str().unwrap();
            format!("{} {} {opinion} {}", text("provider"), text("how"), it["score"]["n"])
        })
        .collect();
    assert_eq!(
        found,
        [
            "compatible/sharp scale=0.1 worse 16",
            "compatible/sharp crop=0.01 cannot-tell 16",
            "compatible/plain scale=0.1 cannot-tell 16",
            "compatible/plain crop=0.01 cannot-tell 16",
        ]
    );
    // Money is money: what was quoted and paid for the twins is said with the rest.
    let quote = &whole["trust"]["quote"][0];
    assert_eq!((&quote["requests"], &quote["attempts"]), (&json!(48), &json!(48)));
    let usd = whole["degraded"]["usd"].as_f64().unwrap();
    let spent: f64 = [0, 1].map(|at| whole["trust"]["quote"][at]["spent"].as_f64().unwrap()).iter().sum();
    let alone: f64 = [0, 1].map(|at| clean["trust"]["quote"][at]["spent"].as_f64().unwrap()).iter().sum();
    assert!(usd > 0.0 && (spent - alone - usd).abs() < 1e-9, "{spent} {alone} {usd}");
    assert_eq!(whole["trust"]["pixels"], clean["trust"]["pixels"]);

    // What was interrupted goes on with the same pictures, and nothing is asked twice.
    let lines = fs::read_to_string(project.path("run/trials.jsonl")).unwrap();
    let (kept, lost): (Vec<&str>, Vec<&str>) =
        lines.lines().partition(|line| !line.contains("receipts · scale"));
    assert_eq!(lost.len(), 32);
    project.write("run/trials.jsonl", &format!("{}\n", kept.join("\n")));
    assert_eq!(summary("run")["degraded"]["missing"], 32);
    project.expect(0, "resume run --no-progress");
    let again = summary("run");
    assert_eq!(again["degraded"]["losses"], whole["degraded"]["losses"]);
    assert_eq!(project.trials("run").len(), 2 * 16 * 3);
    let page = project.expect(0, "report run --format markdown").out;
    assert!(page.contains("What worse pictures cost"), "{page}");
}
