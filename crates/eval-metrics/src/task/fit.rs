//! Whether an answer fits the JSON Schema that a user wrote.

use jsonschema::Validator;
use serde_json::Value;

use crate::MetricError;

/// Nested deeper than this, nothing is left out.
const DEEPEST: usize = 40;

/// A schema, and whether the answer was asked for by a stricter one that was derived from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit<'a> {
    pub(super) validator: &'a Validator,
    /// Hosts that hold models to a schema want every field: where one could be left out, null was asked for instead.
    pub(super) was_held: bool,
}

/// A schema as its words are meant: other fields are allowed unless it forbids them, and formats count.
pub(super) fn validator(schema: &Value) -> Result<Validator, MetricError> {
    let options = jsonschema::options().should_validate_formats(true);
    options
        .build(schema)
        .map_err(|error| MetricError::new(format!("the answer schema is no JSON schema: {error}")))
}

impl Fit<'_> {
    pub(super) fn fits(self, value: &Value) -> bool {
        self.validator.is_valid(value) || self.was_held && self.fits_without_nulls(value)
    }

    /// With what was asked for as null left out, where the schema wants it so.
    fn fits_without_nulls(self, value: &Value) -> bool {
        let mut value = value.clone();
        for _ in 0..DEEPEST {
            let places: Vec<String> =
                self.validator.iter_errors(&value).map(|error| error.instance_path().to_string()).collect();
            let left_out = places.iter().filter(|place| leave_out(&mut value, place)).count();
            if left_out == 0 {
                return false;
            }
            if self.validator.is_valid(&value) {
                return true;
            }
        }
        false
    }
}

/// Removes a null from its object.
fn leave_out(value: &mut Value, place: &str) -> bool {
    if !value.pointer(place).is_some_and(Value::is_null) {
        return false;
    }
    let Some((object, name)) = place.rsplit_once('/') else { return false };
    let name = name.replace("~1", "/").replace("~0", "~");
    let object = value.pointer_mut(object).and_then(Value::as_object_mut);
    object.is_some_and(|object| object.remove(&name).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Fit, validator};

    #[track_caller]
    fn check(value: Value, as_it_is: bool, as_asked_for: bool) {
        let validator = validator(&json!({
            "type": "object", "required": ["name"],
            "properties": {
                "name": { "type": "string" }, "place": { "type": "string" },
                "day": { "type": "string", "format": "date" }, "mail": { "type": "string", "format": "email" },
                "site": { "type": "string", "format": "uri" }, "at": { "type": "string", "format": "date-time" },
            },
        }))
        .unwrap();
        let fits = |was_held| Fit { validator: &validator, was_held }.fits(&value);
        assert_eq!((fits(false), fits(true)), (as_it_is, as_asked_for), "{value}");
    }

    #[test]
    fn the_users_own_words_decide() {
        check(json!({ "name": "a", "surplus": 1 }), true, true);
        check(json!({ "name": null }), false, false);
        check(json!({ "place": "b" }), false, false);
        check(json!({ "name": "a", "place": 1 }), false, false);
    }

    #[test]
    fn a_field_that_may_be_left_out_is_null_only_where_that_was_asked_for() {
        check(json!({ "name": "a", "place": null, "day": null }), false, true);
        check(json!({ "name": "a", "place": null, "day": "soon" }), false, false);
    }

    #[test]
    fn formats_count() {
        check(json!({ "name": "a", "day": "2024-02-30" }), false, false);
        check(json!({ "name": "a", "day": "26/05/2023" }), false, false);
        check(json!({ "name": "a", "mail": "nobody" }), false, false);
        check(json!({ "name": "a", "site": "not a place" }), false, false);
        check(json!({ "name": "a", "at": "2024-02-28" }), false, false);
        check(
            json!({ "name": "a", "day": "2024-02-28", "mail": "a@b.example", "site": "https://b.example/x", "at": "2024-02-28T10:00:00Z" }),
            true,
            true,
        );
    }
}
