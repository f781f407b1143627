use serde_json::Value;

use crate::Answer;
use crate::answer::{amount, keys, text};

/// The results of promptfoo. A candidate is a provider; with several prompts, a provider and a prompt.
pub(crate) fn read(whole: &Value) -> Result<Vec<Answer>, String> {
    let results = whole["results"]["results"].as_array().ok_or("has no `results.results`")?;
    let mut prompts: Vec<String> = Vec::new();
    for prompt in results.iter().map(prompt) {
        if !prompts.contains(&prompt) {
            prompts.push(prompt);
        }
    }
    Ok(results.iter().map(|result| answer(result, prompts.len() > 1)).collect())
}

fn answer(result: &Value, has_prompts: bool) -> Answer {
    let (response, usage) = (&result["response"], &result["response"]["tokenUsage"]);
    let provider = &result["provider"];
    let named = [&provider["label"], &provider["id"]].into_iter().filter_map(Value::as_str);
    let name = named.into_iter().find(|name| !name.is_empty()).or_else(|| provider.as_str());
    let name = name.unwrap_or_default();
    let mut found = keys(&result["vars"]);
    found.extend(keys(&result["metadata"]));
    found.extend(keys(&result["testCase"]["metadata"]));
    found.extend(result["testCase"]["description"].as_str().map(str::to_owned));
    let error = || {
        let told = [&response["error"], &result["error"]].into_iter().find_map(Value::as_str);
        told.unwrap_or("no output").to_owned()
    };
    let output = response.get("output").filter(|output| !output.is_null());
    // What it took from its own cache took no time.
    let is_cached = response["cached"].as_bool() == Some(true);
    let count = |name: &str| usage[name].as_u64().filter(|_| !is_cached);
    Answer {
        keys: found,
        candidate: match has_prompts {
            true => format!("{name} · prompt={}", plain(&prompt(result))),
            false => name.to_owned(),
        },
        place: String::new(),
        repeat: result["repeatIndex"].as_u64().and_then(|it| u32::try_from(it).ok()).or(Some(0)),
        outcome: output.map(text).ok_or_else(error),
        model: None,
        // It writes 0 where it does not know.
        usd: [&response["cost"], &result["cost"]].into_iter().find_map(amount).filter(|usd| *usd > 0.0),
        seconds: amount(&result["latencyMs"]).map(|it| it / 1_000.0).filter(|_| !is_cached),
        input_tokens: count("prompt"),
        output_tokens: count("completion"),
    }
}

fn prompt(result: &Value) -> String {
    let prompt = &result["prompt"];
    let named = [&prompt["label"], &prompt["id"], &prompt["raw"], &result["promptId"]];
    named.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned()
}

/// As it can stand in a label.
fn plain(text: &str) -> String {
    let mapped: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "._".contains(c) { c } else { '-' }).collect();
    mapped.chars().take(24).collect::<String>().trim_matches('-').to_owned()
}
