//! What may be kept.

use eval_metrics::value::FieldType;

use crate::event::Label;
use crate::field::{Field, Shape};
use crate::{Result, StudioError};

/// The longest name of a person.
const LONGEST_NAME: usize = 60;

/// Whether a label fits its field.
pub fn check(field: &Field, label: &Label) -> Result<()> {
    let wrong = |what: &str| Err(StudioError::invalid(format!("{}: {what}", field.name)));
    match (label, &field.shape) {
        (Label::Absent, _) if !field.nullable => wrong("cannot be null"),
        (Label::Value(value), Shape::Rows { .. }) if !value.is_array() => wrong("is a list"),
        (Label::Value(value), Shape::Text) if !value.is_string() => wrong("is a text"),
        (Label::Value(value), _) if value.is_null() => wrong("null is a label of its own"),
        (Label::Value(value), Shape::One { choices, .. })
            if !choices.is_empty() && !choices.iter().any(|choice| value == choice.as_str()) =>
        {
            wrong(&format!("is none of {}", choices.join(", ")))
        }
        (Label::Value(value), Shape::One { kind, .. }) => match kind {
            FieldType::Money | FieldType::Number | FieldType::Quantity if !value.is_number() => {
                wrong("is a number")
            }
            FieldType::Money | FieldType::Number | FieldType::Quantity => Ok(()),
            FieldType::Boolean if !value.is_boolean() => wrong("is true or false"),
            FieldType::List if !value.is_array() => wrong("is a list"),
            FieldType::Boolean | FieldType::List => Ok(()),
            _ if !value.is_string() => wrong("is a text"),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A name of a person that files and pages can hold.
pub fn check_name(by: &str) -> Result<()> {
    let is_fine = !by.trim().is_empty() && by.len() <= LONGEST_NAME && !by.chars().any(char::is_control);
    if is_fine { Ok(()) } else { Err(StudioError::invalid("say who labels: a name of at most 60 letters")) }
}
