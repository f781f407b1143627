use vision_core::{Detail, Effort, ErrorKind, MediaKind, Modality};

use crate::{Help, ModelFacts};

/// A place that serves the chat-completions dialect, as plain data.
///
/// Start from [`Host::PLAIN`] and state what differs. What a single model narrows further is in
/// [`ModelFacts`].
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// The provider's name in ids and reports, unless a target has its own.
    pub name: &'static str,
    /// The root of the API, without a slash at its end.
    pub base_url: &'static str,
    /// What follows the root. `{model}` stands for the model's name.
    pub path: &'static str,
    /// What follows the root for the list of models.
    pub models_path: &'static str,
    /// What follows the root for speech to text.
    pub transcription_path: &'static str,
    /// How the key travels.
    pub auth: AuthStyle,
    /// Headers of every call, with lower-case names.
    pub headers: &'static [(&'static str, &'static str)],
    /// The formats it takes.
    pub formats: &'static [MediaKind],
    /// Takes images by address as well.
    pub url_input: bool,
    /// The most images in one request.
    pub max_images: Option<usize>,
    /// The most bytes one image may have.
    pub max_image_bytes: Option<usize>,
    /// The most pixels one image may have.
    pub max_image_pixels: Option<u64>,
    /// The most bytes all media of a request may have, as they are sent.
    pub max_request_bytes: Option<usize>,
    /// Where the system text goes.
    pub system: SystemRole,
    /// How an image is written.
    pub image: ImageShape,
    /// How a PDF is written, where it is taken.
    pub pdf: PdfShape,
    /// How sound is written, where it is taken.
    pub audio: AudioShape,
    /// The parameter that bounds the answer.
    pub cap: TokenCap,
    /// Can be held to JSON of any shape.
    pub json: bool,
    /// How a JSON Schema is written, if it can be held to one.
    pub schema: Option<SchemaShape>,
    /// The levels of image detail it takes.
    pub details: &'static [Detail],
    /// The reasoning efforts it takes.
    pub efforts: &'static [Effort],
    /// The effort it falls back to, where that is known.
    pub default_effort: Option<Effort>,
    /// Whether and when it takes a temperature.
    pub temperature: Temperature,
    /// How it takes a seed.
    pub seed: Option<Seed>,
    /// Takes `logprobs`, where a model takes a temperature.
    pub logprobs: bool,
    /// What it wants to be told about a stream.
    pub stream: StreamOptions,
    /// The field of `usage` that holds what it charged, in dollars.
    pub cost: Option<&'static str>,
    /// What 403 means here: a missing right, or no credit left.
    pub forbidden: ErrorKind,
    /// Failures that are typical of this host, and what to do about them.
    pub help: &'static [Help],
}

/// How a key travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthStyle {
    /// `authorization: Bearer KEY`.
    Bearer,
    /// `authorization: Api-Key KEY`.
    ApiKey,
    /// A header of this name with nothing but the key.
    Header(&'static str),
}

/// Where the system text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemRole {
    /// A message of the role `system`.
    System,
    /// A message of the role `developer`.
    Developer,
    /// The first text of the user's message, for models that take no such role.
    User,
}

/// How an image part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageShape {
    /// `"image_url": {"url": …, "detail": …}`
    Object,
    /// `"image_url": "…"`
    Text,
}

/// How a PDF part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdfShape {
    /// `"file": {"filename": …, "file_data": "data:…"}`; only inline.
    File,
    /// `"document_url": "…"`; inline or an address.
    DocumentUrl,
}

/// How a sound part is written. Always inline, as bare Base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudioShape {
    /// `"input_audio": {"data": …, "format": "wav"}`
    Object,
    /// `"input_audio": "…"`
    Text,
}

/// The parameter that bounds the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenCap {
    /// The name most servers know.
    MaxTokens,
    /// The name reasoning models insist on.
    MaxCompletionTokens,
    /// Both, for hosts that pass requests on to servers of either kind.
    Both,
}

/// How a JSON Schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaShape {
    /// `"json_schema": {"name": …, "schema": …, "strict": …}`
    Named,
    /// `"json_schema": <the schema itself>`
    Bare,
}

/// Whether and when a temperature is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Temperature {
    /// Never: only the model's own value.
    Never,
    /// Up to this value; a higher one is left out.
    UpTo(f32),
    /// Up to this value, but only while the model does not reason.
    WithoutReasoning(f32),
}

/// How a seed is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    /// The parameter's name.
    pub field: SeedField,
    /// The smallest value; a smaller one is left out.
    pub least: u64,
}

/// The name of the seed parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedField {
    /// `seed`
    Seed,
    /// `random_seed`
    RandomSeed,
}

/// What a host wants to be told about a stream beside that there shall be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamOptions {
    /// Nothing: it counts by itself, or knows no such options.
    None,
    /// That it shall count: `"stream_options": {"include_usage": true}`
    Usage,
    /// The same, and that it shall not pad its pieces.
    UsageUnpadded,
}

impl Seed {
    /// `seed`, any value.
    pub const ANY: Self = Self { field: SeedField::Seed, least: 0 };
}

impl Host {
    /// What nearly every chat-completions server does: PNG, JPEG and WebP as data URLs, `max_tokens`,
    /// a temperature, a seed, and JSON of any shape.
    pub const PLAIN: Self = Self {
        name: "compatible",
        base_url: "",
        path: "/chat/completions",
        models_path: "/models",
        transcription_path: "/audio/transcriptions",
        auth: AuthStyle::Bearer,
        headers: &[],
        formats: &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp],
        url_input: false,
        max_images: None,
        max_image_bytes: None,
        max_image_pixels: None,
        max_request_bytes: None,
        system: SystemRole::System,
        image: ImageShape::Object,
        pdf: PdfShape::File,
        audio: AudioShape::Object,
        cap: TokenCap::MaxTokens,
        json: true,
        schema: None,
        details: &[],
        efforts: &[],
        default_effort: None,
        temperature: Temperature::UpTo(2.0),
        seed: Some(Seed::ANY),
        logprobs: true,
        stream: StreamOptions::Usage,
        cost: None,
        forbidden: ErrorKind::Auth,
        help: &[],
    };

    /// The same host as one of its models sees it.
    #[must_use]
    pub fn narrowed(mut self, facts: &'static ModelFacts) -> Self {
        if let Some(efforts) = &facts.efforts {
            self.efforts = efforts;
        }
        if let Some(details) = &facts.details {
            self.details = details;
        }
        self.default_effort = facts.default_effort.or(self.default_effort);
        self.cap = facts.cap.unwrap_or(self.cap);
        self.json &= facts.json;
        self.schema = self.schema.filter(|_| facts.json_schema);
        self.seed = self.seed.filter(|_| facts.seed);
        self.temperature = facts.temperature.narrow(self.temperature);
        if facts.system == Some(false) {
            self.system = SystemRole::User;
        }
        self
    }

    /// The formats of the given modalities, or all of them where nothing is known of the model.
    pub(crate) fn formats_of(&self, input: Option<&[Modality]>) -> Vec<MediaKind> {
        let taken = |kind: &MediaKind| input.is_none_or(|input| input.contains(&kind.modality()));
        self.formats.iter().copied().filter(taken).collect()
    }
}
