#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod address;
mod auth;
mod body;
mod call;
mod descriptor;
mod extra;
mod hash;
mod model;
mod multipart;
mod pause;
mod pieces;
mod provider;
mod record;
mod recording;
mod replay;
mod reply;
mod scrub;
mod stream;
mod tokens;
pub mod tolerant;
mod transport;
mod wire;

pub use address::{at_host_of, host, join, star_queries};
pub use auth::{Auth, AwsKeys, Fresh, GoogleToken, Renewed, Scope, SigV4, Signed, Source, Unsigned, sign};
pub use body::{Base64, DataUrl, json};
pub use call::{Body, Call, Method};
pub use descriptor::Descriptor;
pub use extra::Extra;
pub use model::ModelInfo;
pub use multipart::{Field, multipart};
pub use pause::Pause;
pub use pieces::Pieces;
pub use provider::{HttpProvider, ask, exchange, read};
pub use record::Record;
pub use replay::Replay;
pub use reply::{AwsFailure, Reply, parse_delay};
pub use stream::{Broken, Chunk, Chunks, Event, EventKind, Events, Folded, Stream};
pub use tokens::{Token, mean_token_probability, token_probabilities};
pub use transport::{HttpSettings, HttpTransport, is_proxy};
pub use wire::{Transport, Wire};
