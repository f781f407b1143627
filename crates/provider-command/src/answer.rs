use serde::Deserialize;
use serde_json::value::RawValue;
use vision_core::{Error, ErrorKind, Evidence, Response, Result, Stop, Usage, Usd};

/// What a program writes. A word that is not known is a mistake of its author, who should hear of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    text: Option<String>,
    /// As it came, to the last digit.
    #[serde(default)]
    answer: Option<Box<RawValue>>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    stop: Option<Ending>,
    #[serde(default)]
    usage: Usage,
    #[serde(default)]
    cost_usd: Option<f64>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    evidence: Vec<Evidence>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Ending {
    Complete,
    Length,
    Refused,
}

pub(crate) fn read(written: &[u8]) -> Result<Response> {
    let malformed = |message: String| {
        let mut error = Error::new(ErrorKind::Malformed, message);
        let text = String::from_utf8_lossy(written);
        error.details.body = Some(text.chars().take(64 * 1024).collect());
        error.details.maybe_billed = true;
        error
    };
    let answer: Written = serde_json::from_slice(written).map_err(|source| {
        malformed("the program's answer is not the JSON that was expected".to_owned()).with_source(source)
    })?;
    let text = match (answer.text, answer.answer, &answer.refusal) {
        (Some(text), None, _) => text,
        (None, Some(json), _) => json.get().to_owned(),
        (None, None, Some(_)) => String::new(),
        (Some(_), Some(_), _) => {
            return Err(malformed("the program gave both `text` and `answer`".to_owned()));
        }
        (None, None, None) => {
            return Err(malformed("the program gave neither `text` nor `answer`".to_owned()));
        }
    };
    let stop = match (answer.stop, &answer.refusal) {
        (Some(Ending::Length), _) => Stop::Length,
        (Some(Ending::Refused), _) | (None, Some(_)) => Stop::Refused,
        (Some(Ending::Complete) | None, _) => Stop::Complete,
    };
    let evidence = answer.evidence.into_iter().map(|it| {
        let confidence = it.confidence;
        it.with_confidence(confidence)
    });
    Ok(Response {
        usage: answer.usage.plausible(!text.is_empty()),
        text,
        refusal: answer.refusal,
        stop,
        cost: answer.cost_usd.filter(|cost| *cost >= 0.0 && cost.is_finite()).map(Usd),
        model: answer.model,
        evidence: evidence.collect(),
        ..Response::default()
    })
}
