//! Files that were named on the command line.

use vision_core::Media;
use vision_media::{Limits, Source, load};

use crate::exit::Failure;

/// A file, or an address that the provider fetches itself. As it is, whatever its name promises: what the
/// provider cannot take is refused with its reason.
pub fn media(name: &str) -> Result<Media, Failure> {
    let is_address = name.starts_with("https://") || name.starts_with("http://");
    let source =
        if is_address { Source::Url { url: name.to_owned(), kind: None } } else { Source::file(name) };
    let original = load(&source, &Limits::default()).map_err(|error| Failure::setup(error.chain()))?;
    Ok(original.as_is().media)
}
