//! What each setting buys, recovered from answers that are right by chance: the whole of the bundled receipts, three models,
//! two prompts, three sizes.

use eval_statistics::SplitMix64;
use serde_json::Value;

use crate::looking::{Sent, host, receipts};
use crate::support::Project;

const RECEIPTS: usize = 84;
const SIDES: [u32; 3] = [200, 400, 800];

/// How often an answer is right: one model needs a large picture, one a careful question, one neither.
fn chance(model: &str, is_careful: bool, side: u32) -> f64 {
    match (model, is_careful) {
        ("sharp", _) if side <= SIDES[0] => 0.45,
        ("sharp", _) if side <= SIDES[1] => 0.7,
        ("sharp", _) => 0.95,
        ("careful", false) => 0.6,
        ("careful", true) => 0.9,
        _ => 0.85,
    }
}

/// Each case is as hard for a model as it is; one answer in ten is luck.
fn is_right(sent: &Sent) -> bool {
    let is_careful = sent.prompt.starts_with("Look twice.");
    let of_case = drawn(&format!("{} {}", sent.model, sent.case));
    let of_answer = drawn(&format!("{} {} {is_careful} {}", sent.model, sent.case, sent.side));
    let hardness = if of_answer.0 < 0.1 { of_answer.1 } else { of_case.1 };
    hardness < chance(&sent.model, is_careful, sent.side)
}

/// Two numbers from 0 to 1, always the same for a name (its FNV hash is the seed).
fn drawn(name: &str) -> (f64, f64) {
    let hash = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut stream = SplitMix64::new(name.bytes().fold(0xcbf2_9ce4_8422_2325, hash));
    (stream.unit(), stream.unit())
}

/// What is built in, averaged over what else is tried.
fn built_in(effect: &Value) -> f64 {
    let text = |key: &str| effect[key].as_str().unwrap();
    let model = text("model").rsplit_once('/').unwrap().1;
    let at = |value: &str| match text("factor") {
        "prompt" => {
            let sides = SIDES.iter().map(|side| chance(model, value == "careful", *side));
            sides.sum::<f64>() / SIDES.len() as f64
        }
        _ => {
            let side = value.parse().unwrap();
            f64::midpoint(chance(model, false, side), chance(model, true, side))
        }
    };
    at(text("to")) - at(text("from"))
}

fn project() -> Project {
    let project = Project::new(1, "");
    let url = host(receipts(&project, RECEIPTS), is_right);
    project.write("careful.txt", "Look twice. (case {{case}})\n");
    let provider = |model: &str| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{url}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n\
             try = {{ prompt = [\"default\", \"careful.txt\"], long_side = {SIDES:?} }}\n"
        )
    };
    let providers = ["sharp", "careful", "plain"].map(provider).concat();
    // Less than that, 84 receipts do not tell apart.
    let decide = "[decide]\ntolerance = 8\n";
    project.write("eval.toml", &format!("[[dataset]]\npath = \"receipts\"\n{providers}{decide}"));
    project
}

#[test]
fn what_was_built_in_is_found_again() {
    let project = project();
    project.expect(0, "run --budget-usd 5 --yes --run-dir run --no-progress");
    assert_eq!(project.trials("run").len(), RECEIPTS * 18);
    let report = project.expect(0, "report run --format json").out;
    let summary: Value = serde_json::from_str(&report).unwrap();
    let effects = summary["tried"]["effects"].as_array().unwrap();
    assert_eq!(effects.len(), 9);
    println!(
        "| model | setting | built in | found | 95% CI | verdict |\n| --- | --- | --- | --- | --- | --- |"
    );
    for effect in effects {
        let (truth, score) = (built_in(effect), &effect["score"]);
        let number = |value: &Value| value.as_f64().unwrap();
        let (low, high) = (number(&score["interval"]["low"]), number(&score["interval"]["high"]));
        let text = |key: &str| effect[key].as_str().unwrap();
        let opinion = score["opinion"].as_str().unwrap();
        println!(
            "| {} | {}: {} → {} | {:+.1} points | {:+.1} | {:+.1} to {:+.1} | {opinion} |",
            text("model"),
            text("factor"),
            text("from"),
            text("to"),
            100.0 * truth,
            100.0 * number(&score["difference"]),
            100.0 * low,
            100.0 * high,
        );
        assert!((low..=high).contains(&truth), "built in: {truth}; {effect}");
        // The interval and what is said of it are one answer.
        assert_eq!(low >= 0.0, opinion == "better", "{effect}");
        assert_eq!(opinion, if truth > 0.2 { "better" } else { "cannot-tell" }, "{effect}");
    }
    assert_eq!(
        chosen(&summary),
        [
            "compatible/sharp · long_side=800, prompt=default",
            "compatible/careful · long_side=200, prompt=careful",
            "compatible/plain · long_side=200, prompt=default",
        ]
    );
}

/// The setting that is recommended for each model, or that today's figures speak for.
fn chosen(summary: &Value) -> Vec<String> {
    let of_model = |model: &Value| {
        println!("{}: recommended {}, today {}", model["model"], model["recommended"], model["today"]);
        let way = [&model["recommended"], &model["today"]].into_iter().find_map(Value::as_str);
        way.unwrap_or_else(|| panic!("{model}")).to_owned()
    };
    summary["tried"]["models"].as_array().unwrap().iter().map(of_model).collect()
}
