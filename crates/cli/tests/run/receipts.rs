//! The whole way on the bundled receipts: three real readers of this machine and two models that are made up, from the first
//! run to a cascade that is carried out and held against its promise.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vision_testkit::server::{Answers, Settings};

use crate::support::{Host, Project};

const RECEIPTS: usize = 24;

fn dataset() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("datasets/receipts")
}

/// What two models would say that do not exist: the label, with mistakes that are planted by hand.
///
/// `made-cheap` gets the total of every fourth receipt wrong, so that its sums do not add up; `made-dear` that of every
/// twentieth.
fn made_up_answers() -> String {
    let read = |name: &str| std::fs::read_to_string(dataset().join(name)).unwrap();
    let sums = read("SHA256SUMS");
    let hashes: HashMap<&str, &str> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(hash, name)| (name, hash)).collect();
    let mut lines = String::new();
    for (at, line) in read("cases.jsonl").lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let image = hashes[case["media"][0].as_str().unwrap()];
        for (model, every) in [("made-cheap", 4), ("made-dear", 20)] {
            let mut answer = case["expected"].clone();
            if at % every == 0 {
                answer["total"] = json!(answer["total"].as_f64().unwrap_or(0.0) + 1.0);
            }
            lines += &format!("{}\n", json!({"image": image, "model": model, "answer": answer}));
        }
    }
    lines
}

fn project() -> (Host, Project) {
    let host = Host::with_answers(Answers::parse(&made_up_answers()).unwrap(), Settings::default());
    let project = Project::offline(1);
    let made_up = |model: &str, price: f64| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{}\"\n\
             price = {{ input_per_mtok = {price:.1}, output_per_mtok = {price:.1} }}\n",
            host.url()
        )
    };
    project.write(
        "eval.toml",
        &format!(
            "[[dataset]]\npath = \"{}\"\nsample = {RECEIPTS}\n\
             [[provider]]\nkind = \"local\"\nmodel = \"fast\"\n\
             [[provider]]\nkind = \"local\"\nmodel = \"accurate\"\ntry = {{ long_side = [800, 1600] }}\n{}{}",
            dataset().display(),
            made_up("made-cheap", 1.0),
            made_up("made-dear", 20.0)
        ),
    );
    (host, project)
}

#[test]
fn a_cascade_on_the_bundled_receipts_gives_what_was_promised() {
    let (_host, project) = project();
    project.expect(0, "run -q --run-dir first --budget-usd 5");
    let rules = "--on total --human-usd 0.40 --human-error 0.01 --wrong-usd 10";
    println!("{}", project.expect(0, &format!("automate first {rules} --max-error 0.2")).out);
    println!("{}", project.expect(0, &format!("cascade first {rules} --export cascade.toml")).out);
    let cascade = project.read("cascade.toml");
    assert!(cascade.contains("kind = \"cascade\""), "{cascade}");
    project.write("eval.toml", &format!("{}\n{cascade}", project.read("eval.toml")));
    project.expect(0, "run -q --provider cascade/receipts --run-dir second --budget-usd 5");
    println!("{}", project.expect(0, "compare first second").out);

    let found = project.expect(0, "compare first second --format json").out;
    let comparison: Value = serde_json::from_str(&found).unwrap();
    let promise = &comparison["promises"][0];
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{promise}"));
    assert!(number(&promise["cases"]) >= RECEIPTS as f64 / 2.0);
    // The promise is inside of what was measured, or below it.
    assert!(number(&promise["accuracy"]["interval"]["high"]) >= number(&promise["promised_accuracy"]));
    // It is about the chain that was exported: what goes to a person is what was promised, or inside of it.
    assert!(
        number(&promise["referred"]["interval"]["low"]) <= number(&promise["promised_referred"]),
        "{promise}"
    );
    let text = project.expect(0, "compare first second").out;
    assert!(text.contains("consistent") && !text.contains("missed"), "{text}");
    let (promised, measured) = (number(&promise["promised_usd_per_1000"]), number(&promise["usd_per_1000"]));
    // Two dozen cases: one more that the dear one is asked is a fifth of it.
    assert!(measured <= promised * 2.0 + 1e-9, "{promise}");
}
