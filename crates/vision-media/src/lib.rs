#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod degrade;
mod document;
mod fit;
mod ledger;
mod limits;
mod needs;
mod original;
mod picture;
mod policy;
mod preview;
#[cfg(feature = "pdf")]
mod raster;
mod source;
mod structure;

pub use degrade::Degradation;
pub use ledger::{Entry, Pixels, Step, Transport};
pub use limits::Limits;
pub use original::{Original, Prepared, load};
pub use policy::{Policy, Settings};
pub use preview::{PreviewSettings, previews};
#[cfg(feature = "pdf")]
pub use raster::pages;
pub use source::Source;
