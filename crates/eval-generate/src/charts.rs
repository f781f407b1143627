//! Charts with their tables, and questions about them.

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

mod axis;
mod chart;
mod draw;
mod invent;
mod legend;
mod look;
mod marks;
mod plot;
mod question;
mod runs;
mod scatter;
mod size;
mod slices;
mod theme;

use chart::{Chart, Form};
use question::Question;
pub use theme::MONTHS;

const TABLE_PROMPT: &str = include_str!("charts/table_prompt.txt");
const QUESTION_PROMPT: &str = include_str!("charts/question_prompt.txt");

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    for index in 0..recipe.count {
        let (chart, questions) = invent(recipe, index);
        let number = format!("{:04}", index + 1);
        let media = writer.media(&format!("{number}.png"), &render::png(&draw::draw(&chart))?)?;
        let tags = BTreeMap::from([
            ("kind", chart.form.name()),
            ("values", if chart.printed { "printed" } else { "none" }),
            ("axis", chart.axis_name()),
            ("look", chart.look.name),
        ]);
        let case = |id: String, task: &str, expected: Value| Case {
            id,
            task: Some(task.to_owned()),
            media: vec![media.clone()],
            expected,
            tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            source: Some(format!("chart-{number}")),
            fields: BTreeMap::new(),
        };
        writer.case(&case(format!("charts-{number}"), "chart-table", chart.table()));
        for (at, question) in questions.into_iter().enumerate() {
            let mut case = case(format!("charts-{number}-q{}", at + 1), "chart-question", question.expected);
            case.tags.insert("question".to_owned(), question.kind.to_owned());
            case.fields.insert("question".to_owned(), question.ask);
            writer.case(&case);
        }
    }
    writer.schema("chart-table.schema.json", &table_schema())?;
    writer.schema("chart-question.schema.json", &question_schema())?;
    let manifest = manifest(recipe);
    let card = card::card(&manifest, recipe, include_str!("charts/card.md"));
    Ok((manifest, card))
}

/// Any chart, for datasets about other things; `order` goes through the forms.
pub fn sample(order: usize, difficulty: Difficulty, rng: &mut Rng) -> (&'static str, String) {
    let form = Form::ROUND[order % Form::ROUND.len()];
    let chart = invent::chart(form, rng.pick(invent::looks(difficulty)), difficulty, rng);
    (form.name(), draw::draw(&chart))
}

/// The chart of a case and its questions.
fn invent(recipe: &Recipe, index: usize) -> (Chart, Vec<Question>) {
    // Everybody knows the tutorial's chart, so a fresh set must not contain it.
    if recipe.seed == 1 && index == 0 {
        let chart = invent::tutorial();
        let questions = question::tutorial(&chart);
        return (chart, questions);
    }
    let mut rng = Rng::for_case("charts", recipe.seed, index);
    let form = Form::ROUND[index % Form::ROUND.len()];
    let chart = invent::chart(form, look(recipe, index), recipe.difficulty, &mut rng);
    let questions = question::questions(&chart, &mut rng);
    (chart, questions)
}

/// Every look comes equally often, in an order that changes with the seed.
fn look(recipe: &Recipe, index: usize) -> &'static look::Look {
    let looks = invent::looks(recipe.difficulty);
    let (round, place) = (index / looks.len(), index % looks.len());
    let mut rng = Rng::new(&["charts", "looks", &recipe.seed.to_string(), &round.to_string()]);
    rng.sample(looks, looks.len())[place]
}

fn manifest(recipe: &Recipe) -> Manifest {
    let task = |prompt: &str, metric: &str| Task {
        system: Some("You read charts exactly as they are drawn, and never guess.".to_owned()),
        prompt: prompt.trim_end().to_owned(),
        schema: Some(format!("{metric}.schema.json")),
        metric: metric.to_owned(),
        critical: vec![],
        settings: toml::Table::new(),
    };
    Manifest {
        name: "charts".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Made by `{}`", recipe.command()),
        split: "test".to_owned(),
        origin: "drawn".to_owned(),
        tasks: BTreeMap::from([
            ("chart-table".to_owned(), task(TABLE_PROMPT, "chart-table")),
            ("chart-question".to_owned(), task(QUESTION_PROMPT, "chart-question")),
        ]),
    }
}

fn table_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chart table",
        "type": "object",
        "properties": {
            "title": {"type": ["string", "null"], "description": "Title of the chart as printed, or null"},
            "columns": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Heading of the categories, then one heading per series"
            },
            "rows": {
                "type": "array",
                "items": {"type": "array", "items": {"type": ["string", "number", "null"]}},
                "description": "One row per category: its label, then one number or null per series"
            }
        },
        "required": ["title", "columns", "rows"],
        "additionalProperties": false
    })
}

fn question_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chart answer",
        "type": "object",
        "properties": {
            "answer": {
                "type": ["string", "number", "boolean"],
                "description": "The answer alone: a number without unit, a label, true or false, or a direction"
            }
        },
        "required": ["answer"],
        "additionalProperties": false
    })
}

#[cfg(test)]
mod tests;
