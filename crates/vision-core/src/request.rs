use std::num::NonZeroU32;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Media, Modality, Task};

/// One question, complete: nothing about it is decided later.
#[derive(Debug, Clone)]
pub struct Request {
    /// What the case asks, for engines that follow no prompt.
    pub task: Task,
    /// The instructions that stand above the question.
    pub system: Option<String>,
    /// Text and media in the order in which the model should meet them.
    pub parts: Vec<Part>,
    /// The form of the answer.
    pub output: Output,
    /// The most tokens an answer may cost, reasoning included. Always set: it bounds the bill.
    pub max_output_tokens: NonZeroU32,
    /// Left to the model if unset.
    pub temperature: Option<f32>,
    /// Left to the model if unset.
    pub seed: Option<u64>,
    /// How much the model should think, where it can be told.
    pub effort: Option<Effort>,
    /// How closely the model should look at images, where it can be told.
    pub detail: Option<Detail>,
    /// Whether the answer shall come piece by piece, as the model writes it. Whoever cannot do that sends it whole.
    pub stream: bool,
    /// Whether the model shall say how sure it is of each token. Whoever cannot do that says nothing of it.
    pub token_probabilities: bool,
    /// Which repeat of the same question this is, from 0. It is never sent; a cache keeps repeats apart by it.
    pub repeat: u32,
}

impl Request {
    /// A request for plain text, with everything else left to the model.
    pub fn new(task: Task, parts: Vec<Part>, max_output_tokens: NonZeroU32) -> Self {
        Self {
            task,
            system: None,
            parts,
            output: Output::Text,
            max_output_tokens,
            temperature: None,
            seed: None,
            effort: None,
            detail: None,
            stream: false,
            token_probabilities: false,
            repeat: 0,
        }
    }

    /// The media, in order.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        self.parts.iter().filter_map(|part| match part {
            Part::Media(media) => Some(media),
            Part::Text(_) => None,
        })
    }

    /// The media of one kind, in order.
    pub fn media_of(&self, modality: Modality) -> impl Iterator<Item = &Media> {
        self.media().filter(move |media| media.modality() == modality)
    }

    /// The texts of the parts, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Media(_) => None,
        })
    }
}

/// A piece of a request.
#[derive(Debug, Clone)]
pub enum Part {
    /// Words.
    Text(String),
    /// An image, a PDF, sound or film.
    Media(Media),
}

/// The form of the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Whatever the model writes.
    Text,
    /// One JSON value of any shape.
    Json,
    /// JSON of this shape.
    Schema(Schema),
}

/// A JSON Schema that an answer must satisfy. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// A name of letters, digits, `_` and `-`, which some providers ask for.
    pub name: Arc<str>,
    /// The schema itself.
    pub schema: Arc<Value>,
    /// Whether the provider should enforce it to the letter where it can.
    pub strict: bool,
}

/// How closely to look at an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// A thumbnail.
    Low,
    /// A middle way, where the provider has one.
    Medium,
    /// As closely as the provider's usual limit allows.
    High,
    /// All the pixels there are.
    Original,
    /// The provider decides.
    Auto,
}

/// How much to think before answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Not at all.
    None,
    /// As little as possible.
    Minimal,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// Very much.
    Xhigh,
    /// All the model has.
    Max,
}

impl Detail {
    /// The name used in files, flags and most wire formats.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Original => "original",
            Self::Auto => "auto",
        }
    }
}

impl Effort {
    /// The name used in files, flags and most wire formats.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
            Self::Max => "max",
        }
    }
}
