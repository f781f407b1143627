//! What must hold whatever an engine reads: a fuzz target and a property test look for pages that break it.

use image::{Rgb, RgbImage};
use vision_core::{Output, Task};

use crate::Failure;
use crate::geometry::{Point, Region};
use crate::layout;
use crate::page::{Glyph, Line, Page};
use crate::tasks::{Question, TASKS, answer, compare};

/// Lays `bytes` out as a page that an engine might hand over, and has every rule answer from it.
///
/// # Panics
/// If a rule does, or if an answer is not JSON, which is what a fuzz target looks for.
#[doc(hidden)]
pub fn check_rules(bytes: &[u8]) {
    let page = page(bytes);
    for task in TASKS {
        let output = match task {
            Task::Text => Output::Text,
            Task::Extract => Output::Schema(vision_core::Schema {
                name: "extract".into(),
                schema: schema().into(),
                strict: true,
            }),
            _ => Output::Json,
        };
        let question =
            Question::new(task, output, "What is the highest value of Q4 in 2025?\n\nGive JSON.".to_owned());
        let answered = match task {
            Task::CompareFree => Ok(compare(&page, &self::page(&bytes[bytes.len() / 2..]), &question)),
            _ => answer(&page, &question),
        };
        let text = match answered {
            Ok(text) => text,
            Err(Failure::Unanswered(_)) if may_be_refused(task) => continue,
            Err(failure) => panic!("there are rules for {task}: {failure}"),
        };
        let readable = task == Task::Text || serde_json::from_str::<serde_json::Value>(&text).is_ok();
        assert!(readable, "the answer to {task} should be JSON, but is {text}");
    }
}

fn may_be_refused(task: Task) -> bool {
    matches!(task, Task::ChartQuestion | Task::Text | Task::Describe)
}

/// A schema of everything there are rules for, and of what there are none for.
fn schema() -> serde_json::Value {
    serde_json::json!({"type": "object", "properties": {
        "date": {"type": "string"}, "due_date": {"type": "string"}, "total": {"type": ["number", "null"]},
        "vendor": {"type": "object", "properties": {"name": {"type": "string"}, "city": {"type": "string"}}},
        "currency": {"type": "string"}, "invoice_number": {"type": "string"}, "color": {"type": "string"},
        "items": {"type": "array", "items": {"type": "object", "properties": {
            "desc": {"type": "string"}, "qty": {"type": "integer"}, "amount": {"type": "number"},
        }}},
    }})
}

/// Each line of the text is a line of the page; its first four bytes say where it stands.
fn page(bytes: &[u8]) -> Page {
    let mut image = RgbImage::from_pixel(64, 64, Rgb([255, 255, 255]));
    for (pixel, byte) in image.pixels_mut().zip(bytes) {
        *pixel = Rgb([*byte, byte.rotate_left(3), byte.rotate_left(5)]);
    }
    let lines = bytes.split(|byte| *byte == b'\n').take(60).filter_map(line).collect();
    Page { image, lines: layout::arrange(lines) }
}

fn line(bytes: &[u8]) -> Option<Line> {
    let (place, text) = bytes.split_at_checked(4)?;
    let text = String::from_utf8_lossy(text).into_owned();
    let glyphs: Vec<Glyph> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .enumerate()
        .map(|(index, character)| Glyph { character, position: index as f32 / text.len() as f32 })
        .collect();
    let at = |index: usize| f32::from(place[index]);
    let region = Region {
        center: Point::new(at(0), at(1)),
        width: at(2),
        height: f32::from(place[3] & 31),
        angle: f32::from(place[3] >> 5) / 10.0 - 0.35,
    };
    let vertical = region.is_tall();
    Some(Line { text, confidence: at(2) / 255.0, rect: region.bounds(), region, vertical, glyphs })
}

#[cfg(test)]
mod tests {
    use super::check_rules;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_rules_answer_from_any_page(
            lines in proptest::collection::vec(
                (any::<[u8; 4]>(), "(TOTAL|Tax|Q[1-4]|20[0-9]{2}-[0-9]{2}-[0-9]{2}|[€$]? ?-?[0-9]{1,4}[.,][0-9]{0,3}%?|[a-zé日 ]{0,9}){0,4}"),
                0..30,
            ),
        ) {
            let bytes: Vec<u8> =
                lines.into_iter().flat_map(|(place, text)| [&place[..], text.as_bytes(), b"\n"].concat()).collect();
            check_rules(&bytes);
        }
    }
}
