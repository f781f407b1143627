//! Draws thumbnails of a dataset: `contact_sheet FOLDER OUT.png [FROM TO]`.

use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out, range @ ..] = &arguments[..] else {
        return Err("usage: contact_sheet FOLDER OUT.png [FROM TO]".into());
    };
    let (from, to) = match range {
        [from, to] => (from.parse()?, to.parse()?),
        _ => (1, usize::MAX),
    };
    std::fs::write(out, eval_generate::contact_sheet(Path::new(folder), from, to)?)?;
    Ok(())
}
