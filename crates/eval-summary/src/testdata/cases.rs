use std::collections::BTreeMap;

use eval_record::{CaseLine, PlannedTask};
use serde_json::{Value, json};
use vision_core::Task;

use super::{Dice, settings};

pub(super) const LABELS: [&str; 6] = ["photo", "chart", "diagram", "screenshot", "document", "receipt"];

const STORES: [&str; 6] =
    ["Corner Market", "Blue Kettle Café", "Harbour Books", "Green Grocer", "City Pharmacy", "Oak Bakery"];
const GOODS: [&str; 8] =
    ["Oat milk", "Rye bread", "Espresso", "Notebook", "Olive oil", "Batteries", "Apples", "Soap"];
const WORDS: [&str; 10] =
    ["harbour", "opens", "at", "seven", "every", "morning", "except", "on", "public", "holidays"];

pub(super) fn dataset_name(task: Task) -> String {
    match task {
        Task::Receipt => "receipts".to_owned(),
        other => other.name().to_owned(),
    }
}

/// The task as it is asked; the caller knows how many cases there are.
pub(super) fn planned(task: Task, prompt: &str) -> PlannedTask {
    let (metric, schema, critical) = match task {
        Task::Receipt => ("receipt", Some(receipt_schema()), vec!["total".to_owned(), "date".to_owned()]),
        Task::Classify => ("classify", None, Vec::new()),
        Task::Describe => ("checks", None, Vec::new()),
        _ => ("text", None, Vec::new()),
    };
    PlannedTask {
        prompt_name: "default".to_owned(),
        system: None,
        prompt: prompt.to_owned(),
        schema,
        own_schema: None,
        metric: metric.to_owned(),
        settings: settings(task),
        critical,
        max_output_tokens: 1_024,
        cases: 0,
    }
}

fn receipt_schema() -> Value {
    json!({
        "type": "object",
        "required": ["store", "date", "items", "total"],
        "properties": {
            "store": { "type": ["string", "null"] },
            "date": { "type": ["string", "null"] },
            "items": { "type": "array" },
            "total": { "type": ["number", "null"] }
        }
    })
}

pub(super) fn case(task: Task, seed: u64, number: u64) -> CaseLine {
    let mut dice = Dice::new(&[seed, task as u64, number]);
    let id = format!("{}-{:04}", task.name(), number + 1);
    let tags =
        [("look", dice.pick(&["clean", "photo", "rotated"])), ("currency", dice.pick(&["EUR", "USD"]))];
    let expected = match task {
        Task::Receipt => receipt(&mut dice),
        Task::Classify => json!({ "label": dice.pick(&LABELS) }),
        Task::Describe => json!({ "must": (0..4).map(|_| dice.pick(&GOODS)).collect::<Vec<_>>() }),
        _ => Value::from((0..12).map(|_| dice.pick(&WORDS)).collect::<Vec<_>>().join(" ")),
    };
    CaseLine {
        dataset: dataset_name(task),
        task,
        expected,
        tags: tags.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        // Labels come two to a document.
        source: if task == Task::Classify { format!("document-{:04}", number / 2) } else { id.clone() },
        fields: BTreeMap::from([("kind".to_owned(), task.name().to_owned())]),
        media: vec![format!("media/{id}.jpg")],
        schema: None,
        own_schema: None,
        evidence: Value::Null,
        case: id,
    }
}

fn receipt(dice: &mut Dice) -> Value {
    let mut total = 0;
    let items: Vec<Value> = (0..2 + dice.below(3))
        .map(|_| {
            let cents = 101 + dice.below(4_800);
            total += cents;
            json!({ "name": dice.pick(&GOODS), "quantity": 1 + dice.below(3), "price": cents as f64 / 100.0 })
        })
        .collect();
    json!({
        "store": dice.pick(&STORES),
        "date": format!("2026-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28)),
        "items": items,
        "total": total as f64 / 100.0,
    })
}
