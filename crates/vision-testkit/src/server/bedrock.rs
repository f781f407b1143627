use serde_json::{Value, json};

use super::draft::{Answer, Draft};
use super::openai::{list, text};
use super::sight::{Seen, SeenMedium};

/// Sees all but the model, which stands in the address.
pub(super) fn see(body: &Value) -> Result<Seen, String> {
    let schema = body.pointer("/outputConfig/textFormat/structure/jsonSchema/schema").and_then(Value::as_str);
    let schema = schema.map(serde_json::from_str).transpose();
    let mut seen = Seen {
        cap: body["inferenceConfig"]["maxTokens"].as_u64(),
        schema: schema.map_err(|error| format!("the schema is no JSON: {error}"))?,
        system: list(&body["system"]).iter().map(|block| text(&block["text"])).collect(),
        ..Seen::default()
    };
    for block in list(&body["messages"]).iter().flat_map(|message| list(&message["content"])) {
        if let Some(words) = block["text"].as_str() {
            seen.texts.push(words.to_owned());
            continue;
        }
        let (kind, medium) = match (&block["image"], &block["document"]) {
            (image @ Value::Object(_), _) => ("image", image),
            (_, document @ Value::Object(_)) => ("application", document),
            _ => return Err("a block is neither text nor image nor document".to_owned()),
        };
        let declared = format!("{kind}/{}", text(&medium["format"]));
        seen.media.push(SeenMedium::base64(Some(&declared), &text(&medium["source"]["bytes"]))?);
    }
    let has_document = list(&body["messages"])
        .iter()
        .flat_map(|it| list(&it["content"]))
        .any(|it| it["document"].is_object());
    if has_document && seen.texts.is_empty() {
        return Err("a message with a document must hold a text, too".to_owned());
    }
    Ok(seen)
}

pub(super) fn converse(answer: &Answer<'_>) -> Draft {
    let body = json!({
        "output": {"message": {"role": "assistant", "content": [{"text": answer.text}]}},
        "stopReason": if answer.cut { "max_tokens" } else { "end_turn" },
        "usage": {
            "inputTokens": answer.input, "outputTokens": answer.output, "totalTokens": answer.input + answer.output
        },
        "metrics": {"latencyMs": 1}
    });
    Draft { status: 200, headers: vec![("x-amzn-requestid", format!("req-{}", answer.number))], body }
}

pub(super) fn models(names: &[String]) -> Value {
    let row = |name: &String| {
        json!({
            "modelId": name, "modelName": name, "providerName": "Testkit", "inputModalities": ["TEXT", "IMAGE"],
            "outputModalities": ["TEXT"], "modelLifecycle": {"status": "ACTIVE"}
        })
    };
    json!({"modelSummaries": names.iter().map(row).collect::<Vec<Value>>()})
}
