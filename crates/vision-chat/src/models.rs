use serde::Deserialize;
use serde_json::Value;
use vision_core::{Modality, Result};
use vision_http::{Call, ModelInfo, Reply};

use crate::failure::Failures;
use crate::{Host, ModelTable, Target};
use vision_http::tolerant::lenient;

/// Asks for the host's own list of models.
pub fn models_call(host: &Host, target: &Target) -> Call {
    target.dress(host, Call::get(vision_http::join(&target.base_url, host.models_path)))
}

/// Reads that list. What it does not say of a model is filled in from `table`.
pub fn decode_models(
    failures: Failures<'_>,
    table: Option<&ModelTable>,
    reply: &Reply,
) -> Result<Vec<ModelInfo>> {
    if !reply.is_success() {
        return Err(failures.read(reply));
    }
    let body: Value = reply.json()?;
    if let Some(error) = failures.within(reply, &body) {
        return Err(error);
    }
    // Some hosts send the bare list.
    let rows = body.get("data").or_else(|| body.get("models")).unwrap_or(&body);
    let Value::Array(rows) = rows else {
        return Err(reply.malformed(format!("the model list of {} is not a list", failures.address)));
    };
    let mut models: Vec<ModelInfo> = rows.iter().filter_map(|row| model(row, table)).collect();
    models.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(models)
}

/// A row of the list, under the names of every host that was seen. Empty values say nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Row {
    #[serde(deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    context_length: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    max_model_len: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    max_context_length: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    deprecation: Option<String>,
    #[serde(deserialize_with = "lenient")]
    capabilities: Option<Features>,
    #[serde(deserialize_with = "lenient")]
    architecture: Option<Inputs>,
    #[serde(deserialize_with = "lenient")]
    meta_data: Option<Inputs>,
    #[serde(deserialize_with = "lenient")]
    metadata: Option<Inputs>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Features {
    vision: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Inputs {
    #[serde(deserialize_with = "lenient")]
    input_modalities: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient")]
    context_length: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    max_sequence_length: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    end_of_life_date: Option<String>,
}

fn model(row: &Value, table: Option<&ModelTable>) -> Option<ModelInfo> {
    let row: Row = serde_json::from_value(row.clone()).ok()?;
    let id = row.id.filter(|id| !id.is_empty())?;
    let facts = table.and_then(|table| table.find(&id));
    let known = |field: fn(&Inputs) -> Option<u64>| {
        [&row.architecture, &row.meta_data, &row.metadata].into_iter().flatten().find_map(field)
    };
    let context = row.context_length.or(row.max_model_len).or(row.max_context_length);
    let context = context.or_else(|| known(|inputs| inputs.context_length));
    let context = context.or_else(|| known(|inputs| inputs.max_sequence_length)).filter(|&tokens| tokens > 0);
    let inputs = [&row.architecture, &row.meta_data, &row.metadata].into_iter().flatten();
    let modalities = inputs.filter_map(|inputs| inputs.input_modalities.as_deref()).find_map(modalities);
    let vision = row.capabilities.filter(|features| features.vision).map(|_| vec![Modality::Image]);
    let end_of_life = row.deprecation.or(row.meta_data.and_then(|inputs| inputs.end_of_life_date));
    Some(ModelInfo {
        context: context.or_else(|| facts?.context),
        modalities: modalities.or(vision).or_else(|| facts?.input.clone()),
        end_of_life: end_of_life.filter(|day| !day.is_empty()).or_else(|| facts?.end_of_life.clone()),
        id,
    })
}

/// `["text", "image"]`; an empty list says nothing, for every model takes something.
fn modalities(names: &[String]) -> Option<Vec<Modality>> {
    let known = |name: &String| match name.to_ascii_lowercase().as_str() {
        "image" | "images" | "vision" => Some(Modality::Image),
        "audio" | "speech" => Some(Modality::Audio),
        "video" => Some(Modality::Video),
        "pdf" | "file" | "document" => Some(Modality::Pdf),
        _ => None,
    };
    (!names.is_empty()).then(|| names.iter().filter_map(known).collect())
}
