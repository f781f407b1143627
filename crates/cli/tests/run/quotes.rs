//! What is said of money before anything is sent: prices, what they lack, and what they hold that cannot be used.

use crate::support::{Ended, Host, Project, ended};

/// Without any key.
fn plan(project: &Project, words: &str) -> Ended {
    let mut command = project.command(&format!("plan {words}"));
    command.env_remove("OPENAI_API_KEY").env("COLUMNS", "220");
    let plan = ended(command.spawn().unwrap());
    assert_eq!(plan.code, Some(0), "{words}: {}", plan.err);
    plan
}

fn data_only(cases: usize) -> Project {
    let project = Project::new(cases, "");
    project.configure("");
    project
}

#[test]
fn prices_of_all_providers_are_quoted_without_a_key() {
    let project = data_only(10);
    let kinds = "openai,anthropic,gemini,deepinfra,aimlapi,yandex,tsystems,openrouter,mistral,local";
    let plan = plan(&project, &format!("--provider {kinds}"));
    for words in ["openai/gpt-5.6-luna", "anthropic/claude-haiku-5-5", "gemini/gemini-3.7-flash", "per 1,000"]
    {
        assert!(plan.out.contains(words), "{words}: {}", plan.out);
    }
    assert!(plan.out.contains("whose cost is unknown"), "{}", plan.out);
    // Where the rule for tokens is not known, a figure is rough: the only bound is the upper end of its range.
    assert!(plan.out.contains("~ $") && !plan.out.contains("≤ $") && !plan.out.contains('≥'), "{}", plan.out);
    assert!(!plan.out.contains("$0.00 ") && !plan.out.contains("$0.00,"), "{}", plan.out);
    // Who has no price gets the line to write.
    let line = "price = { input_per_mtok = …, output_per_mtok = … }";
    let unpriced = plan.err.matches("warning: the price of ").count();
    assert!(unpriced >= 2 && plan.err.matches(line).count() == unpriced, "{}", plan.err);
    assert!(plan.err.contains(r#"{"provider": "yandex", "model": "gemma-3-27b-it""#), "{}", plan.err);
    assert!(plan.err.contains("to run, set OPENAI_API_KEY for openai/gpt-5.6-luna"), "{}", plan.err);
}

/// What earlier runs tell of answers holds for the least as for the expected cost.
#[test]
fn what_is_expected_lies_in_its_range_before_and_after_a_run() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    project.configure(&format!(
        "[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"{}\"\n\
         price = {{ input_per_mtok = 1.0, output_per_mtok = 5000.0 }}\n",
        host.url()
    ));
    let line = || -> serde_json::Value {
        let plan = project.expect(0, "plan --format json").out;
        serde_json::from_str::<serde_json::Value>(&plan).unwrap()["lines"][0].clone()
    };
    let check = |line: &serde_json::Value| {
        let usd = |end: &str| line["usd"][end].as_f64().unwrap();
        assert!(usd("low") <= usd("expected") && usd("expected") <= usd("high"), "{line}");
    };
    let before = line();
    project.expect(0, "run -q --budget-usd 5");
    let after = line();
    let tokens = after["output_tokens"].as_f64().unwrap() / 10.0;
    assert!(tokens < 20.0, "the answers are shorter than what nothing is known of: {after}");
    assert_ne!(before["usd"], after["usd"]);
    [before, after].iter().for_each(check);
}

/// The cap is far above what a label says, and a label is all that is known before the first run.
#[test]
fn what_is_expected_of_a_first_run_is_as_long_as_its_labels_or_called_the_most() {
    let project = Project::new(10, "http://127.0.0.1:9/v1");
    let manifest =
        project.read("data/dataset.toml").replace("max_output_tokens = 50", "max_output_tokens = 2048");
    project.write("data/dataset.toml", &manifest);
    let of = |kind: &str, model: &str, effort: &str| {
        project.configure(&format!(
            "{effort}[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\nbase_url = \"http://127.0.0.1:9/v1\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 5000.0 }}\n"
        ));
        let json = plan(&project, "--format json").out;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        (json["lines"][0].clone(), plan(&project, "").out)
    };
    let (line, _) = of("compatible", "m", "[generation]\neffort = \"none\"\n");
    assert_eq!((line["output_from"].as_str(), line["output_cap"].as_u64()), (Some("labels"), Some(20_480)));
    assert!(line["output_tokens"].as_u64().unwrap() < 500, "{line}");
    // It may think first, for as long as it is let.
    let (line, text) = of("openai", "gpt-5.6-luna", "");
    assert_eq!((line["output_from"].as_str(), line["output_tokens"].as_u64()), (Some("cap"), Some(20_480)));
    assert!(text.replace('\u{a0}', " ").contains("10 requests for up to $"), "{text}");
}

#[test]
fn what_is_learned_of_a_model_is_known_of_it_under_any_label_and_of_no_other() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    let configured = |label: &str, model: &str| {
        project.configure(&format!(
            "[[provider]]\nlabel = \"{label}\"\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{}\"\n\
             price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n",
            host.url()
        ));
    };
    let from = || {
        let json: serde_json::Value = serde_json::from_str(&plan(&project, "--format json").out).unwrap();
        json["lines"][0]["output_from"].as_str().unwrap().to_owned()
    };
    configured("mine", "m");
    project.expect(0, "run -q --budget-usd 5");
    assert_eq!(from(), "earlier-runs");
    configured("another-name", "m");
    assert_eq!(from(), "earlier-runs");
    configured("mine", "other-model");
    assert_eq!(from(), "cap");
}

#[test]
fn a_quote_above_the_budget_is_said_before_the_run() {
    let project = data_only(10);
    let priced = "[[provider]]\nkind = \"openai\"\nmodel = \"gpt-5.6-luna\"\n\
                  price = { input_per_mtok = 1000.0, output_per_mtok = 1000.0 }\n";
    project.configure(priced);
    let poor = plan(&project, "--budget-usd 0.1");
    assert!(poor.err.contains("exceeds the budget of $0.10"), "{}", poor.err);
    let rich = plan(&project, "--budget-usd 100");
    assert!(!rich.err.contains("the budget of"), "{}", rich.err);
}

fn book(project: &Project, currency: &str, entry: &str) {
    project.write(
        "prices.json",
        &format!(
            "{{\n\"currency\": \"{currency}\",\n\"as_of\": \"2026-11-28\",\n\"origin\": \"me\",\n\"entries\": [\n\
             {{\"provider\": \"openai\", \"model\": \"gpt-5.6-luna\", \"as_of\": \"2026-11-28\", {entry}}}\n]}}\n"
        ),
    );
}

#[test]
fn a_price_file_that_cannot_be_used_is_refused_at_its_place() {
    let project = data_only(3);
    for (currency, entry, said) in [
        ("EUR", "\"input_per_mtok\": 1", "prices.json:2: currency `EUR` is not supported"),
        ("USD", "\"input_per_mtok\": -1", "prices.json:6: a price is an amount of dollars of 0 or more"),
        ("USD", "\"per_picture_usd\": 1", "prices.json:6: unknown field `per_picture_usd`"),
    ] {
        book(&project, currency, entry);
        let refused = project.expect(96, "plan --provider openai --prices prices.json");
        assert!(refused.err.contains(said), "{}", refused.err);
    }
}

#[test]
fn a_price_that_has_ended_is_unknown_and_an_old_one_is_warned_of() {
    let project = data_only(3);
    book(&project, "USD", "\"input_per_mtok\": 1, \"output_per_mtok\": 1, \"until\": \"2020-01-01\"");
    let ended = plan(&project, "--provider openai --prices prices.json");
    assert!(ended.out.contains("cost unknown") && ended.err.contains("ended on 2020-01-01"), "{}", ended.err);
    book(&project, "USD", "\"input_per_mtok\": 1, \"output_per_mtok\": 1");
    let text = project.read("prices.json").replace("\"2026-11-28\", \"input", "\"2020-01-01\", \"input");
    project.write("prices.json", &text);
    let old = plan(&project, "--provider openai --prices prices.json");
    assert!(old.err.contains("was checked on 2020-01-01, more than 90 days ago"), "{}", old.err);
}

/// A request that stays in a region of OpenAI's costs 10% more, of the models for which that is so.
#[test]
fn a_region_is_in_the_quote() {
    let usd = |model: &str, base_url: &str| {
        let project = data_only(3);
        project.configure(&format!("[[provider]]\nkind = \"openai\"\nmodel = \"{model}\"\n{base_url}"));
        let plan: serde_json::Value = serde_json::from_str(&plan(&project, "--format json").out).unwrap();
        plan["lines"][0]["usd"]["high"].as_f64().unwrap()
    };
    for (model, times) in [("gpt-5.6-luna", 1.1), ("gpt-5.2", 1.0)] {
        let regional = usd(model, "base_url = \"https://eu.api.openai.com/v1\"\n");
        assert!((regional / usd(model, "") - times).abs() < 1e-9, "{model}");
    }
}
