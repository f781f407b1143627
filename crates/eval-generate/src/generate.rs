//! From a recipe to a dataset folder.

use std::path::Path;

use crate::{
    audio, charts, classify, compare,
    dataset_writer::DatasetWriter,
    documents,
    error::Result,
    receipts,
    recipe::{Kind, Recipe},
};

/// Writes the dataset of a recipe into a new or empty folder and returns the number of cases.
///
/// The same recipe gives the same bytes on every machine.
pub fn generate(recipe: &Recipe, folder: &Path) -> Result<usize> {
    let mut writer = DatasetWriter::create(folder)?;
    let (manifest, card) = match recipe.kind {
        Kind::Classify => classify::write(recipe, &mut writer)?,
        Kind::Compare => compare::write(recipe, &mut writer)?,
        Kind::Charts => charts::write(recipe, &mut writer)?,
        Kind::Audio => audio::write(recipe, &mut writer)?,
        Kind::Documents => documents::write(recipe, &mut writer)?,
        Kind::Receipts => receipts::write(recipe, &mut writer)?,
    };
    writer.finish(&manifest, &card)
}
