//! What a person wrote for a field, as a value of its type.

use serde_json::{Number, Value};

use super::{Comparison, DateOrder, Decimal, FieldType, Verdict, dates, money, quantity};

/// Reads a text as a value of this type, as an answer is read when it is scored: `24,55 €` is 24.55. What is no amount,
/// date, yes or list stays the text that it is.
///
/// # Errors
/// With words that read well after the field's name, if the text is nothing of the type, or could be several values.
pub fn typed(kind: FieldType, text: &str, order: Option<DateOrder>) -> Result<Value, String> {
    let text = text.trim();
    if says_null(kind, text) {
        return Ok(Value::Null);
    }
    match kind {
        FieldType::Money => number(money(&text.into()), text, "an amount"),
        FieldType::Number | FieldType::Quantity => number(quantity(&text.into()), text, "a number"),
        FieldType::Date => date(text, order),
        FieldType::Boolean => {
            let by = Comparison { name_threshold: 1.0, date_order: order };
            let is = |truth: bool| kind.judge(&truth.into(), &text.into(), &by).verdict == Verdict::Right;
            let truth = [true, false].into_iter().find(|truth| is(*truth));
            truth.map(Value::from).ok_or_else(|| format!("`{text}` is neither yes nor no"))
        }
        FieldType::List => {
            Ok(text.split(';').map(str::trim).filter(|entry| !entry.is_empty()).map(Value::from).collect())
        }
        _ => Ok(text.into()),
    }
}

/// Whether a text is the word for nothing in the place of an amount, a date and the like, as imports and the scorer read
/// it. In a name it may be what is printed.
fn says_null(kind: FieldType, text: &str) -> bool {
    let is_of_form = matches!(
        kind,
        FieldType::Money | FieldType::Number | FieldType::Quantity | FieldType::Date | FieldType::Boolean
    );
    let words = ["null", "none", "n/a", "n.a.", "na", "nan", "nil", "-", "–", "—"];
    is_of_form && words.contains(&text.to_lowercase().as_str())
}

fn number(read: Option<Decimal>, text: &str, what: &str) -> Result<Value, String> {
    let read = read.ok_or_else(|| format!("`{text}` is not {what}"))?;
    let digits = read.to_string();
    let number =
        digits.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(digits.parse().ok()?));
    number.map(Value::Number).ok_or_else(|| format!("`{text}` is not {what}"))
}

fn date(text: &str, order: Option<DateOrder>) -> Result<Value, String> {
    match dates(text, order).as_slice() {
        [] => Err(format!("`{text}` is not a date")),
        [one] => Ok(one.to_string().into()),
        several => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            Err(format!("`{text}` can be read as {}: type the one that is meant", several.join(" or ")))
        }
    }
}
