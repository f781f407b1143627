//! Till receipts of invented shops in many countries, and what stands on them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    card,
    dataset_writer::{Case, DatasetWriter, Manifest, Task},
    error::Result,
    recipe::{Difficulty, Recipe},
    rng::Rng,
};

mod catalogue;
mod paper;
mod picture;
mod printout;
mod sale;
mod style;

use catalogue::{CATALOGUE, TaxMode};
use picture::{Drawing, picture};
pub use picture::{Look, Picture};
use printout::Printout;
use sale::{ItemKind, Sale};
use style::Style;

const PROMPT: &str = include_str!("receipts/prompt.txt");

/// The looks of every tenth receipt; two looks make two cases with one source.
const LOOKS: [&[&str]; 10] = [
    &["clean", "photo"],
    &["photo"],
    &["scanned", "photo"],
    &["clean"],
    &["photo"],
    &["clean", "scanned"],
    &["rotated"],
    &["photo", "clean"],
    &["scanned"],
    &["rotated"],
];

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    let mut number = 0;
    for index in 0..recipe.count {
        let receipt = Receipt::invent(recipe, index);
        for (at, look) in LOOKS[index % LOOKS.len()].iter().enumerate() {
            number += 1;
            // Each look has its own draws, so that a new look would leave the others as they are.
            let mut rng = Rng::for_case(&format!("receipts look {at}"), recipe.seed, index);
            let look = self::look(look, &mut rng);
            let picture = picture(&receipt.drawing, look, recipe.difficulty, &mut rng)?;
            let media = writer.media(&format!("{number:04}.{}", picture.extension), &picture.bytes)?;
            writer.case(&Case {
                id: format!("receipts-{number:04}"),
                task: None,
                media: vec![media],
                expected: receipt.printout.label.clone(),
                tags: receipt.tags(look),
                source: Some(format!("receipt-{:04}", index + 1)),
                fields: BTreeMap::new(),
            });
        }
    }
    writer.schema("receipt.schema.json", &schema())?;
    let manifest = manifest(recipe);
    let card = card::card(&manifest, recipe, include_str!("receipts/card.md"));
    Ok((manifest, card))
}

/// One picture of any receipt, for datasets about other things.
pub fn sample_image(rng: &mut Rng, look: Look) -> Result<Picture> {
    let country = rng.pick(&CATALOGUE.country);
    let sale = Sale::draw(rng, country, 100);
    let style = Style::draw(rng, &sale);
    let printout = Printout::new(&sale, &style, rng);
    picture(&Drawing::new(&printout, rng), look, Difficulty::Normal, rng)
}

fn look(name: &str, rng: &mut Rng) -> Look {
    match name {
        "clean" => Look::Clean,
        "scanned" => Look::Scanned,
        "photo" => Look::Photo,
        _ => Look::Rotated(*rng.pick(&[90, 180, 270])),
    }
}

/// A purchase and the paper about it.
struct Receipt {
    sale: Sale,
    printout: Printout,
    drawing: Drawing,
}

impl Receipt {
    fn invent(recipe: &Recipe, index: usize) -> Self {
        let mut rng = Rng::for_case("receipts", recipe.seed, index);
        // Every country in turn; the seed decides who comes first. 7 shares no factor with their number.
        let first =
            Rng::new(&["receipts", "countries", &recipe.seed.to_string()]).below(CATALOGUE.country.len());
        let country = &CATALOGUE.country[(first + index * 7) % CATALOGUE.country.len()];
        let variety = match recipe.difficulty {
            Difficulty::Easy => 30,
            Difficulty::Normal => 100,
            Difficulty::Hard => 170,
        };
        let sale = Sale::draw(&mut rng, country, variety);
        let style = Style::draw(&mut rng, &sale);
        let printout = Printout::new(&sale, &style, &mut rng);
        let drawing = Drawing::new(&printout, &mut rng);
        Self { sale, printout, drawing }
    }

    fn tags(&self, look: Look) -> BTreeMap<String, String> {
        let Self { sale, printout, .. } = self;
        let yes = |trait_is_there: bool| if trait_is_there { "yes" } else { "no" }.to_owned();
        let has = |kind| sale.items.iter().any(|item| item.kind == kind);
        // Complete receipts often print no subtotal, tax or tip.
        let missing = ["store", "date", "total", "payment_method"];
        let tax = match (printout.label["tax"].is_null(), sale.mode) {
            (true, _) => "none",
            (false, TaxMode::Added) => "added",
            (false, TaxMode::Included) => "included",
        };
        let length = match sale.items.len() {
            0..8 => "short",
            8..15 => "medium",
            _ => "long",
        };
        [
            ("look", look.name().to_owned()),
            ("rotation", look.rotation().to_string()),
            ("country", sale.country.code.clone()),
            ("currency", sale.country.currency.clone()),
            ("kind", sale.kind.to_owned()),
            ("length", length.to_owned()),
            ("tax", tax.to_owned()),
            ("discount", yes(has(ItemKind::Discount))),
            ("void", yes(has(ItemKind::Void))),
            ("weighed", yes(sale.items.iter().any(|item| item.by_weight))),
            ("tip", yes(!printout.label["tip"].is_null())),
            ("multi_tax", yes(tax != "none" && sale.taxes.len() > 1)),
            ("missing", yes(missing.iter().any(|field| printout.label[*field].is_null()))),
            ("torn", yes(printout.torn)),
            ("handwritten", yes(printout.handwritten)),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }
}

fn manifest(recipe: &Recipe) -> Manifest {
    let settings = toml::Table::from_iter([("name_threshold".to_owned(), toml::Value::Float(0.8))]);
    let task = Task {
        system: Some(
            "You read receipts for bookkeeping. You report what is printed, exactly, and leave out what is not.".to_owned(),
        ),
        prompt: PROMPT.trim_end().to_owned(),
        schema: Some("receipt.schema.json".to_owned()),
        metric: "receipt".to_owned(),
        critical: vec!["total".to_owned(), "date".to_owned()],
        settings,
    };
    Manifest {
        name: "receipts".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Made by `{}`", recipe.command()),
        split: "test".to_owned(),
        origin: "drawn".to_owned(),
        tasks: BTreeMap::from([("receipt".to_owned(), task)]),
    }
}

fn schema() -> Value {
    let amount = |about: &str| json!({"type": ["number", "null"], "description": about});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "receipt",
        "type": "object",
        "properties": {
            "store": {"type": ["string", "null"], "description": "Name of the shop as printed"},
            "date": {"type": ["string", "null"], "description": "YYYY-MM-DD"},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "description": "As printed, without article number, quantity and tax code"},
                        "quantity": {"type": "number", "description": "Pieces, or kilograms of weighed goods"},
                        "price": {"type": "number", "description": "Amount of the whole line; negative for discounts and cancelled lines"}
                    },
                    "required": ["name", "quantity", "price"],
                    "additionalProperties": false
                }
            },
            "subtotal": amount("Sum of the items, if printed"),
            "tax": amount("Sum of all printed taxes"),
            "tip": amount("Tip that was given"),
            "total": amount("Amount finally due"),
            "payment_method": {
                "type": ["string", "null"],
                "enum": ["cash", "card", "mobile", "voucher", null]
            }
        },
        "required": ["store", "date", "items", "subtotal", "tax", "tip", "total", "payment_method"],
        "additionalProperties": false
    })
}

#[cfg(test)]
mod tests;
