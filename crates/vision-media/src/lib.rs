#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

#[cfg(feature = "pdf")]
mod apart;
mod counting;
mod degrade;
mod document;
mod fit;
mod ledger;
mod limits;
mod needs;
mod original;
#[cfg(feature = "pdf")]
mod pages;
mod picture;
mod policy;
mod preview;
mod program;
#[cfg(feature = "pdf")]
mod raster;
mod source;
mod structure;

#[cfg(feature = "pdf")]
pub use apart::{DRAW_PAGES, seconds_to_draw, serve_pages};
pub use counting::{COUNT_PAGES, serve_counts};
pub use degrade::Degradation;
pub use ledger::{Entry, Pixels, Step, Transport};
pub use limits::Limits;
pub use original::{Original, Prepared, load};
#[cfg(feature = "pdf")]
pub use pages::pages;
pub use policy::{Policy, Settings};
pub use preview::{PreviewSettings, previews};
pub use program::work_apart;
pub use source::Source;
