//! Invoices, letters and forms of invented firms, as PDF and as a picture of the same page.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    card,
    dataset_writer::{Case, DatasetWriter, Manifest, Task},
    error::Result,
    photo::{self, Edges, Sheet, Wear},
    png,
    recipe::{Difficulty, Recipe},
    render,
    rng::Rng,
};

mod form;
mod invoice;
mod letter;
mod page;
mod pdf;
mod place;

use page::Page;
use place::Setting;

const DOCUMENT_PROMPT: &str = include_str!("documents/document_prompt.txt");
const TEXT_PROMPT: &str = include_str!("documents/text_prompt.txt");

/// The looks of the pictures, in turn; the kinds turn in threes, so all meet.
const LOOKS: [&str; 4] = ["clean", "clean", "scanned", "photo"];

/// A page and the truth about it.
#[derive(Debug, Clone)]
struct Document {
    kind: &'static str,
    page: Page,
    /// A missing key is not judged; null is labelled absent.
    label: Value,
}

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    for index in 0..recipe.count {
        let mut rng = Rng::for_case("documents", recipe.seed, index);
        let setting = Setting::draw(&mut rng);
        let document = invent(index, &setting, &mut rng);
        let look = LOOKS[index % LOOKS.len()];
        let number = format!("{:04}", index + 1);
        let pdf = writer.media(&format!("{number}.pdf"), &pdf::write(&document.page)?)?;
        let (bytes, extension) = picture(&document.page, look, recipe.difficulty, &mut rng)?;
        let image = writer.media(&format!("{number}.{extension}"), &bytes)?;
        let case = |suffix: &str, task: &str, media: &str, look: &str, expected: Value| Case {
            id: format!("documents-{number}{suffix}"),
            task: Some(task.to_owned()),
            media: vec![media.to_owned()],
            expected,
            tags: tags(document.kind, look, &setting),
            source: Some(format!("document-{number}")),
            fields: BTreeMap::new(),
        };
        writer.case(&case("", "document", &image, look, document.label.clone()));
        writer.case(&case("-pdf", "document", &pdf, "pdf", document.label.clone()));
        if document.kind == "letter" && look == "clean" {
            writer.case(&case("-text", "text", &image, look, document.page.text().into()));
        }
    }
    writer.schema("document.schema.json", &schema())?;
    let manifest = manifest(recipe);
    let card = card::card(&manifest, recipe, include_str!("documents/card.md"));
    Ok((manifest, card))
}

/// One page of any kind as a picture with its file extension, for datasets about other things.
///
/// `look` is `clean`, `scanned` or `photo`.
pub fn sample_image(
    look: &str,
    difficulty: Difficulty,
    rng: &mut Rng,
) -> Result<(&'static str, Vec<u8>, &'static str)> {
    let setting = Setting::draw(rng);
    let document = invent(rng.below(3), &setting, rng);
    let (bytes, extension) = picture(&document.page, look, difficulty, rng)?;
    Ok((document.kind, bytes, extension))
}

fn invent(index: usize, setting: &Setting, rng: &mut Rng) -> Document {
    match index % 3 {
        0 => invoice::invoice(setting, rng),
        1 => letter::letter(setting, rng),
        _ => form::form(setting, rng),
    }
}

fn picture(
    page: &Page,
    look: &str,
    difficulty: Difficulty,
    rng: &mut Rng,
) -> Result<(Vec<u8>, &'static str)> {
    let svg = page.svg();
    if look == "clean" {
        return Ok((png::encode(&render::pixels(&svg, 1.5)?), "png"));
    }
    let (low, high) = match difficulty {
        Difficulty::Easy => (0.05, 0.2),
        Difficulty::Normal => (0.2, 0.6),
        Difficulty::Hard => (0.7, 1.0),
    };
    let wear = Wear { amount: rng.between(low, high) };
    let sheet = Sheet { print: render::pixels(&svg, 2.5)?, edges: Edges::Straight, folded: true };
    let quality = u8::try_from(rng.whole(60, 80)).expect("a percentage");
    let bytes = if look == "scanned" {
        photo::grey_jpeg(&photo::scan(&sheet, 960, rng, wear), quality)
    } else {
        photo::jpeg(&photo::photograph(&sheet, 960, rng, wear), quality)
    };
    Ok((bytes, "jpg"))
}

fn tags(kind: &str, look: &str, setting: &Setting) -> BTreeMap<String, String> {
    let format = if look == "pdf" { "pdf" } else { "image" };
    [
        ("kind", kind),
        ("format", format),
        ("look", look),
        ("country", &setting.place.code),
        ("language", &setting.place.language),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

/// Every field and its type, as the metric wants it.
const FIELDS: [(&str, &str); 13] = [
    ("type", "enum"),
    ("date", "date"),
    ("number", "code"),
    ("sender", "name"),
    ("recipient", "name"),
    ("subject", "text"),
    ("due_date", "date"),
    ("subtotal", "money"),
    ("tax", "money"),
    ("total", "money"),
    ("currency", "code"),
    ("date_of_birth", "date"),
    ("checked", "text"),
];

fn manifest(recipe: &Recipe) -> Manifest {
    let fields: toml::Table = FIELDS
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), toml::Value::String((*kind).to_owned())))
        .collect();
    let document = Task {
        system: Some(
            "You file the mail of an office. You report what a document says, and nothing it does not say."
                .to_owned(),
        ),
        prompt: DOCUMENT_PROMPT.trim_end().to_owned(),
        schema: Some("document.schema.json".to_owned()),
        metric: "document".to_owned(),
        critical: ["type", "date", "number", "total"].map(str::to_owned).to_vec(),
        settings: toml::Table::from_iter([("fields".to_owned(), toml::Value::Table(fields))]),
    };
    let text = Task {
        system: None,
        prompt: TEXT_PROMPT.trim_end().to_owned(),
        schema: None,
        metric: "text".to_owned(),
        critical: vec![],
        settings: toml::Table::new(),
    };
    Manifest {
        name: "documents".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Made by `{}`", recipe.command()),
        split: "test".to_owned(),
        origin: "drawn".to_owned(),
        tasks: BTreeMap::from([("document".to_owned(), document), ("text".to_owned(), text)]),
    }
}

fn schema() -> Value {
    let text = |about: &str| json!({"type": ["string", "null"], "description": about});
    let amount = |about: &str| json!({"type": ["number", "null"], "description": about});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "document",
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["invoice", "letter", "form"]},
            "date": text("YYYY-MM-DD: of the invoice or letter, or when the form was signed"),
            "number": text("Invoice number, reference or form number"),
            "sender": text("Firm that sent the document or issued the form"),
            "recipient": text("Who it is addressed to; in a form, the applicant"),
            "subject": text("Subject line of a letter, or title of a form"),
            "due_date": text("YYYY-MM-DD"),
            "subtotal": amount("Before tax"),
            "tax": amount("Tax"),
            "total": amount("Amount to pay"),
            "currency": text("ISO 4217 code"),
            "date_of_birth": text("YYYY-MM-DD"),
            "checked": text("Labels of the ticked boxes, in reading order, joined with '; '")
        },
        "required": FIELDS.map(|(name, _)| name),
        "additionalProperties": false
    })
}

#[cfg(test)]
mod tests;
