//! Pairs of pages with a known list of differences.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    card,
    dataset_writer::{Case, DatasetWriter, Manifest, Task},
    error::Result,
    recipe::{Difficulty, Recipe},
    render,
    rng::Rng,
};

mod dashboard;
mod difference;
mod scene;
mod website;

use difference::{Difference, vary};
use scene::Scene;

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    for index in 0..recipe.count {
        let pair = Pair::invent(recipe, index);
        let number = format!("{:04}", index + 1);
        let before = writer.media(&format!("{number}-before.png"), &render::png(&pair.before.draw())?)?;
        let after = writer.media(&format!("{number}-after.png"), &render::png(&pair.after.draw())?)?;
        let count = pair.differences.len().to_string();
        let tags =
            [("page", pair.before.kind), ("differences", count.as_str()), ("look", pair.before.style.name)];
        writer.case(&Case {
            id: format!("compare-{number}"),
            task: None,
            media: vec![before, after],
            expected: json!({"differences": pair.differences}),
            tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            source: None,
            fields: BTreeMap::new(),
        });
    }
    writer.schema("compare.schema.json", &schema())?;
    let manifest = manifest(recipe);
    let card = card::card(&manifest, recipe, include_str!("compare/card.md"));
    Ok((manifest, card))
}

/// Two versions of a page.
struct Pair {
    before: Scene,
    after: Scene,
    differences: Vec<Difference>,
}

impl Pair {
    fn invent(recipe: &Recipe, index: usize) -> Self {
        let mut rng = Rng::for_case("compare", recipe.seed, index);
        let scene =
            if index.is_multiple_of(2) { dashboard::scene(&mut rng) } else { website::scene(&mut rng) };
        let most = match recipe.difficulty {
            Difficulty::Easy => 2,
            Difficulty::Normal => 5,
            Difficulty::Hard => 6,
        };
        // Every fifth pair is the same picture twice: whoever always finds something fails here.
        let count = if index % 5 == 4 { 0 } else { 1 + rng.below(most) };
        let (before, after, differences) = vary(&scene, count, &mut rng);
        Self { before, after, differences }
    }
}

fn manifest(recipe: &Recipe) -> Manifest {
    let task = Task {
        system: Some(
            "You compare two versions of a page and report every difference, and nothing else.".to_owned(),
        ),
        prompt: include_str!("compare/prompt.txt").trim_end().to_owned(),
        schema: Some("compare.schema.json".to_owned()),
        metric: "compare".to_owned(),
        critical: vec![],
        settings: toml::Table::new(),
    };
    Manifest {
        name: "compare".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Made by `{}`", recipe.command()),
        split: "test".to_owned(),
        origin: "drawn".to_owned(),
        tasks: BTreeMap::from([("compare".to_owned(), task)]),
    }
}

fn schema() -> Value {
    let text = json!({"type": ["string", "null"]});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "differences of two pages",
        "type": "object",
        "properties": {
            "differences": {
                "type": "array",
                "description": "Every difference from the first to the second picture; empty if there is none",
                "items": {
                    "type": "object",
                    "properties": {
                        "kind": {"type": "string", "enum": ["changed", "added", "removed", "moved", "recoloured"]},
                        "element": {"type": "string", "description": "What differs, such as \"Revenue tile\""},
                        "before": text,
                        "after": text
                    },
                    "required": ["kind", "element", "before", "after"],
                    "additionalProperties": false
                }
            }
        },
        "required": ["differences"],
        "additionalProperties": false
    })
}

#[cfg(test)]
mod tests;
