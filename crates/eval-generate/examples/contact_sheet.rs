//! Draws thumbnails of a dataset: `contact_sheet FOLDER OUT.png [FROM TO]`.

use std::{error::Error, path::Path};

use vision_core::{Capabilities, MediaKind};
use vision_media::{Limits, Policy, Settings, Source};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out, range @ ..] = &arguments[..] else {
        return Err("usage: contact_sheet FOLDER OUT.png [FROM TO]".into());
    };
    let (from, to) = match range {
        [from, to] => (from.parse()?, to.parse()?),
        _ => (1, usize::MAX),
    };
    std::fs::write(out, eval_generate::contact_sheet(Path::new(folder), from, to, &first_page)?)?;
    Ok(())
}

/// As a provider would see it that takes no documents.
fn first_page(path: &Path) -> Option<Vec<u8>> {
    let images = Capabilities { formats: vec![MediaKind::Png], ..Capabilities::default() };
    let document = vision_media::load(&Source::file(path), &Limits::default()).ok()?;
    let pages = document.prepare(Policy::Fit, &[&images], &Settings::default()).ok()?;
    Some(pages.first()?.media.bytes()?.to_vec())
}
