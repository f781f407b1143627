#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod answer;
mod batch_files;
mod batches;
mod body;
mod chat;
mod failure;
mod fault;
mod file_name;
mod host;
mod image_tokens;
mod model;
mod models;
mod params;
mod stream;
mod transcriber;

pub use batch_files::BatchFiles;
pub use batches::{BatchShape, FileBatches};
pub use chat::{Chat, Target, capabilities, provider};
pub use failure::{Failures, Help};
pub use file_name::file_name;
pub use host::{
    AudioShape, AuthStyle, Host, ImageShape, PdfShape, SchemaShape, Seed, SeedField, StreamOptions,
    SystemRole, Temperature, TokenCap,
};
pub use image_tokens::{Budget, ImageTokens, Level, estimate};
pub use model::{Api, ModelFacts, ModelTable, TemperatureRule};
pub use models::{decode_models, models_call};
pub use params::Params;
pub use transcriber::Transcriber;
pub use vision_http::tolerant;

/// The examples of ARCHITECTURE.md compile.
#[cfg(doctest)]
#[doc = include_str!("../../../ARCHITECTURE.md")]
struct Architecture;
