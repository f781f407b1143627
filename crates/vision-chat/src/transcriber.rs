use serde::Deserialize;
use serde_json::Value;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, ProviderId, Request, Response, Result, Stop, Task,
    Usage,
};
use vision_http::{Call, Field, Method, Reply, Wire};

use crate::failure::Failures;
use crate::{Host, Target, file_name};
use vision_http::tolerant::{count, lenient};

/// Speech to text, as hosts of this dialect offer it: one recording in a form, its words back.
///
/// It follows no prompt, so it does one task only.
#[derive(Debug)]
pub struct Transcriber {
    id: ProviderId,
    capabilities: Capabilities,
    host: Host,
    target: Target,
}

impl Transcriber {
    /// Joins host and target.
    pub fn new(host: Host, target: Target) -> Result<Self> {
        target.check()?;
        Ok(Self {
            id: ProviderId::new(&target.provider, &target.model),
            capabilities: capabilities(),
            host,
            target,
        })
    }

    fn failures(&self) -> Failures<'_> {
        Failures { host: &self.host, address: self.target.address(), model: &self.target.model }
    }
}

/// Files of up to 25 MB; the limit counts media as Base64, which forms do not use.
const LARGEST: usize = 25_000_000 / 3 * 4;

fn capabilities() -> Capabilities {
    use MediaKind::{Flac, M4a, Mp3, Mp4, Ogg, Wav, Webm};
    Capabilities {
        tasks: vec![Task::Transcribe],
        formats: vec![Flac, Mp3, Mp4, M4a, Ogg, Wav, Webm],
        max_request_bytes: Some(LARGEST),
        temperature: true,
        usage: true,
        ..Capabilities::default()
    }
}

impl Wire for Transcriber {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Hosts publish a price of a second even where they bill tokens, but no tokens of a second.
    fn estimate(&self, request: &Request) -> Estimate {
        let seconds = request.media().map(|media| media.facts().seconds.map(|seconds| seconds.ceil() as u64));
        let audio_seconds = seconds.sum::<Option<u64>>();
        let audio = audio_seconds.map(|_| 0);
        let surcharge = self.target.surcharge();
        Estimate {
            text: 0,
            image: Some(0),
            pdf: Some(0),
            audio,
            audio_seconds,
            surcharge,
            ..Estimate::default()
        }
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let mut media = request.media();
        let (Some(media), None) = (media.next(), media.next()) else {
            return Err(Error::new(ErrorKind::Unsupported, "it transcribes exactly one recording at a time"));
        };
        let bytes = media.bytes().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("URL input not supported ({})", media.name()))
        })?;
        let temperature = request.temperature.map(|temperature| temperature.to_string());
        // Servers judge a recording by the extension of its name.
        let file_name = file_name(media);
        let mut fields =
            vec![Field::Text("model", &self.target.model), Field::Text("response_format", "json")];
        fields.extend(self.target.language.as_deref().map(|language| Field::Text("language", language)));
        fields.extend(temperature.as_deref().map(|temperature| Field::Text("temperature", temperature)));
        let extra: Vec<_> = self.target.extra.texts().collect();
        fields.extend(extra.iter().map(|(name, text)| Field::Text(name, text)));
        let content_type = media.kind().mime();
        fields.push(Field::File { name: "file", file_name: &file_name, content_type, bytes });
        let url = vision_http::join(&self.target.base_url, self.host.transcription_path);
        let mut call = Call::new(Method::Post, url, vision_http::multipart(&fields));
        let asked = [("seed", request.seed.is_some()), ("effort", request.effort.is_some())];
        call.dropped = asked.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name).collect();
        Ok(self.target.dress(&self.host, call))
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let failures = self.failures();
        if !reply.is_success() {
            return Err(failures.read(reply));
        }
        let body: Value = reply.json()?;
        if let Some(error) = failures.within(reply, &body) {
            return Err(error);
        }
        let transcript: Transcript = serde_json::from_value(body).map_err(|source| {
            let message = format!("the reply of {} is no transcript", self.target.address());
            reply.malformed(message).with_source(source)
        })?;
        Ok(self.target.served(Response {
            usage: transcript.usage(),
            text: transcript.text.unwrap_or_default(),
            stop: Stop::Complete,
            request_id: reply.request_id().map(str::to_owned),
            limits: reply.limits(),
            ..Response::default()
        }))
    }
}

#[derive(Deserialize)]
struct Transcript {
    /// Null for silence, but never missing.
    #[serde(deserialize_with = "null")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Counts>,
    #[serde(default, deserialize_with = "lenient")]
    duration: Option<f64>,
}

/// Tokens, or seconds; or tokens under the names of the chat dialect.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Counts {
    #[serde(deserialize_with = "count")]
    input_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    output_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    prompt_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    completion_tokens: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    input_token_details: Option<InputDetails>,
    #[serde(deserialize_with = "lenient")]
    seconds: Option<f64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct InputDetails {
    #[serde(deserialize_with = "count")]
    audio_tokens: Option<u64>,
}

impl Transcript {
    fn usage(&self) -> Usage {
        let Some(counts) = &self.usage else {
            return Usage { audio_seconds: whole_seconds(self.duration), ..Usage::default() };
        };
        Usage {
            input: counts.input_tokens.or(counts.prompt_tokens),
            output: counts.output_tokens.or(counts.completion_tokens),
            audio: counts.input_token_details.as_ref().and_then(|details| details.audio_tokens),
            audio_seconds: whole_seconds(counts.seconds.or(self.duration)),
            ..Usage::default()
        }
        // Silence has no words, but a recording is never nothing.
        .plausible(self.text.as_deref().is_some_and(|text| !text.is_empty()))
    }
}

fn whole_seconds(seconds: Option<f64>) -> Option<u64> {
    seconds.filter(|seconds| *seconds >= 0.0).map(|seconds| seconds.ceil() as u64)
}

fn null<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Option<String>, D::Error> {
    Option::deserialize(from)
}
