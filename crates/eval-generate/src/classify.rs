//! Pictures of six kinds: photo, chart, diagram, screenshot, document, receipt.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    card, charts,
    dataset_writer::{Case, DatasetWriter, Manifest, Task},
    diagrams::diagram,
    documents,
    error::Result,
    photographs, receipts,
    recipe::{Difficulty, Recipe},
    render,
    rng::Rng,
    screens::screen,
};

const LABELS: [&str; 6] = ["photo", "chart", "diagram", "screenshot", "document", "receipt"];

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    for index in 0..recipe.count {
        let (label, order) = (LABELS[index % LABELS.len()], index / LABELS.len());
        let mut rng = Rng::for_case("classify", recipe.seed, index);
        let picture = picture(label, order, recipe, &mut rng)?;
        let number = format!("{:04}", index + 1);
        let media = writer.media(&format!("{number}.{}", picture.extension), &picture.bytes)?;
        let tags = [("label", label), ("kind", picture.kind)];
        writer.case(&Case {
            id: format!("classify-{number}"),
            task: None,
            media: vec![media],
            expected: json!({"label": label}),
            tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            // Two crops of one photograph are not independent.
            source: (label == "photo").then(|| format!("photo-{}", picture.kind)),
            fields: BTreeMap::new(),
        });
    }
    writer.schema("classify.schema.json", &schema())?;
    writer.file("PHOTOGRAPHS.md", photographs::SOURCES.as_bytes())?;
    let manifest = manifest(recipe);
    let card = card::card(&manifest, recipe, include_str!("classify/card.md"));
    Ok((manifest, card))
}

struct Picture {
    /// What it shows, more finely than its label.
    kind: &'static str,
    extension: &'static str,
    bytes: Vec<u8>,
}

fn picture(label: &str, order: usize, recipe: &Recipe, rng: &mut Rng) -> Result<Picture> {
    let drawn = |(kind, svg): (&'static str, String)| -> Result<Picture> {
        Ok(Picture { kind, extension: "png", bytes: render::png(&svg)? })
    };
    let look = paper_look(recipe.difficulty, order);
    match label {
        "photo" => {
            let (kind, bytes) = photographs::crop(recipe.seed, order, rng)?;
            Ok(Picture { kind, extension: "jpg", bytes })
        }
        "chart" => drawn(charts::sample(order, recipe.difficulty, rng)),
        "diagram" => drawn(diagram(order, rng)),
        "screenshot" => drawn(screen(order, rng)),
        "document" => {
            let (kind, bytes, extension) = documents::sample_image(look.name(), recipe.difficulty, rng)?;
            Ok(Picture { kind, extension, bytes })
        }
        _ => {
            let sample = receipts::sample_image(rng, look)?;
            Ok(Picture { kind: look.name(), extension: sample.extension, bytes: sample.bytes })
        }
    }
}

/// How paper is looked at: in turn, but easy sets show it clean and hard ones never do.
fn paper_look(difficulty: Difficulty, order: usize) -> receipts::Look {
    match (difficulty, order % 3) {
        (Difficulty::Easy, _) | (Difficulty::Normal, 0) => receipts::Look::Clean,
        (_, 1) => receipts::Look::Scanned,
        _ => receipts::Look::Photo,
    }
}

fn manifest(recipe: &Recipe) -> Manifest {
    let task = Task {
        system: Some("You sort pictures into fixed classes.".to_owned()),
        prompt: include_str!("classify/prompt.txt").trim_end().to_owned(),
        schema: Some("classify.schema.json".to_owned()),
        metric: "classify".to_owned(),
        critical: vec![],
        settings: toml::Table::from_iter([("labels".to_owned(), toml::Value::from(LABELS.to_vec()))]),
    };
    Manifest {
        name: "classify".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Made by `{}`; photographs as listed in PHOTOGRAPHS.md", recipe.command()),
        split: "test".to_owned(),
        origin: "drawn".to_owned(),
        tasks: BTreeMap::from([("classify".to_owned(), task)]),
    }
}

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "class of a picture",
        "type": "object",
        "properties": {
            "label": {"type": "string", "enum": LABELS, "description": "The class that fits the picture best"}
        },
        "required": ["label"],
        "additionalProperties": false
    })
}

#[cfg(test)]
mod tests;
