use eval_record::CaseLine;
use serde_json::{Value, json};
use vision_core::Task;

use super::cases::LABELS;
use super::{Dice, SyntheticProvider, swapped};

/// The label, with every value wrong or damaged by chance.
pub(super) fn answer(case: &CaseLine, provider: &SyntheticProvider, dice: &mut Dice) -> String {
    let mut value = case.expected.clone();
    match case.task {
        Task::Classify => {
            if !dice.happens(provider.accuracy) {
                value = json!({ "label": dice.pick(&LABELS) });
            }
            value.to_string()
        }
        Task::Text => text(value.as_str().unwrap_or_default(), provider, dice),
        _ => {
            spoil(&mut value, provider, dice);
            value.to_string()
        }
    }
}

fn text(words: &str, provider: &SyntheticProvider, dice: &mut Dice) -> String {
    let words: Vec<&str> =
        words.split(' ').map(|word| if dice.happens(provider.accuracy) { word } else { "…" }).collect();
    words.join(" ")
}

fn spoil(value: &mut Value, provider: &SyntheticProvider, dice: &mut Dice) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| spoil(field, provider, dice)),
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, provider, dice)),
        Value::Number(number) => {
            // Both are drawn, so that damage leaves everything else as it was.
            let (wrong, damaged) = (!dice.happens(provider.accuracy), dice.happens(provider.damage));
            let amount = number.as_f64().unwrap_or_default();
            if wrong {
                *value = [json!(amount.round()), json!(amount + 10.0), Value::Null][dice.below(3) as usize]
                    .clone();
            } else if damaged && let Some(swapped) = swapped(value) {
                *value = swapped;
            }
        }
        Value::String(text) if !dice.happens(provider.accuracy) => *text = text.chars().rev().collect(),
        _ => {}
    }
}
