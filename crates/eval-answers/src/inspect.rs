use serde_json::Value;

use crate::Answer;
use crate::answer::{amount, keys};

/// A log of Inspect, in its JSON form: one model, each sample once per epoch.
pub(crate) fn read(whole: &Value) -> Result<Vec<Answer>, String> {
    let samples = whole["samples"].as_array().ok_or("has no samples: write the log with them")?;
    let model = whole["eval"]["model"].as_str().unwrap_or_default();
    Ok(samples.iter().map(|sample| answer(model, sample)).collect())
}

fn answer(model: &str, sample: &Value) -> Answer {
    let (output, usage) = (&sample["output"], &sample["output"]["usage"]);
    let mut found = keys(&serde_json::json!({ "id": sample["id"] }));
    found.extend(keys(&sample["metadata"]));
    let said = output["completion"].as_str().or_else(|| content(&output["choices"][0]["message"]["content"]));
    let error = sample["error"]["message"].as_str().or_else(|| output["error"].as_str());
    Answer {
        keys: found,
        candidate: model.to_owned(),
        place: String::new(),
        repeat: sample["epoch"].as_u64().and_then(|epoch| u32::try_from(epoch.max(1) - 1).ok()).or(Some(0)),
        outcome: match (error, said) {
            (Some(error), _) => Err(error.to_owned()),
            (None, Some(said)) => Ok(said.to_owned()),
            (None, None) => Err("no output".to_owned()),
        },
        model: output["model"].as_str().map(str::to_owned),
        usd: None,
        // Of the call alone: the time of the sample holds waiting and scoring, too.
        seconds: amount(&output["time"]),
        input_tokens: usage["input_tokens"].as_u64(),
        output_tokens: usage["output_tokens"].as_u64(),
    }
}

/// A text, or the first part of it.
fn content(content: &Value) -> Option<&str> {
    content.as_str().or_else(|| content[0]["text"].as_str())
}
