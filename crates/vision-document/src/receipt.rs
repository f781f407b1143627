use serde_json::{Map, Value, json};
use vision_core::Evidence;

use crate::Found;

/// What an engine found on a receipt or an invoice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipt {
    /// Who sells.
    pub store: Found<String>,
    /// `YYYY-MM-DD`.
    pub date: Found<String>,
    /// The lines.
    pub items: Vec<Item>,
    /// Before tax and tip.
    pub subtotal: Found<f64>,
    /// All taxes.
    pub tax: Found<f64>,
    /// The tip.
    pub tip: Found<f64>,
    /// To pay.
    pub total: Found<f64>,
    /// `cash`, `card`, `mobile` or `voucher`.
    pub payment_method: Found<String>,
}

/// One line of a receipt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// As printed.
    pub name: Found<String>,
    /// 1 if it is not printed.
    pub quantity: Found<f64>,
    /// Of the whole line.
    pub price: Found<f64>,
}

impl Receipt {
    /// The answer to the task `receipt`, with its evidence. Of a schema only the fields it names are answered.
    pub fn answer(mut self, schema: Option<&Value>) -> (Value, Vec<Evidence>) {
        let mut evidence = Vec::new();
        self.store.note("store", &mut evidence);
        self.date.note("date", &mut evidence);
        let items: Vec<Value> =
            self.items.iter_mut().enumerate().map(|(at, item)| item.answer(at, &mut evidence)).collect();
        for (name, sum) in [
            ("subtotal", &mut self.subtotal),
            ("tax", &mut self.tax),
            ("tip", &mut self.tip),
            ("total", &mut self.total),
        ] {
            sum.note(name, &mut evidence);
        }
        self.payment_method.note("payment_method", &mut evidence);
        let all = json!({
            "store": self.store.text(),
            "date": self.date.text(),
            "items": items,
            "subtotal": self.subtotal.number(),
            "tax": self.tax.number(),
            "tip": self.tip.number(),
            "total": self.total.number(),
            "payment_method": self.payment_method.text(),
        });
        let answer = schema.map_or_else(|| all.clone(), |schema| only(&all, schema));
        evidence.retain(|it| is_in(&answer, &it.path));
        (answer, evidence)
    }
}

impl Item {
    fn answer(&mut self, at: usize, evidence: &mut Vec<Evidence>) -> Value {
        self.name.note(&format!("items[{at}].name"), evidence);
        let mut quantity = std::mem::take(&mut self.quantity);
        if quantity.value.is_none() {
            // Nothing on the page says so: it is our guess.
            quantity = Found::new(Some(1.0), Evidence { confidence: Some(0.0), ..Evidence::default() });
        }
        quantity.note(&format!("items[{at}].quantity"), evidence);
        self.price.note(&format!("items[{at}].price"), evidence);
        let name = self.name.value.take().unwrap_or_default();
        json!({"name": name, "quantity": quantity.number(), "price": self.price.number()})
    }
}

/// The fields that a schema names, also inside of lists.
fn only(value: &Value, schema: &Value) -> Value {
    match (value, schema["properties"].as_object()) {
        (Value::Object(fields), Some(known)) => {
            let kept = known.iter().map(|(name, inner)| {
                let value = fields.get(name).map_or(Value::Null, |value| only(value, inner));
                (name.clone(), value)
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        (Value::Array(items), _) if schema["items"].is_object() => {
            items.iter().map(|item| only(item, &schema["items"])).collect()
        }
        _ => value.clone(),
    }
}

/// Whether `items[0].name` is part of an answer.
fn is_in(answer: &Value, path: &str) -> bool {
    let pointer: String =
        path.split(['.', '[']).map(|part| format!("/{}", part.trim_end_matches(']'))).collect();
    answer.pointer(&pointer).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vision_core::Evidence;

    use super::{Found, Item, Receipt};

    fn found<T>(value: T, text: &str) -> Found<T> {
        Found::new(Some(value), Evidence { text: Some(text.to_owned()), ..Evidence::default() })
    }

    fn receipt() -> Receipt {
        let item =
            Item { name: found("Tea".to_owned(), "Tea"), price: found(3.0, "3.00"), ..Item::default() };
        Receipt { items: vec![item], total: found(12.5, "$12.50"), ..Receipt::default() }
    }

    #[test]
    fn what_was_not_found_is_null_and_a_guess_says_so() {
        let (answer, evidence) = receipt().answer(None);
        let wanted = json!({
            "store": null, "date": null, "items": [{"name": "Tea", "quantity": 1, "price": 3}], "subtotal": null,
            "tax": null, "tip": null, "total": 12.5, "payment_method": null
        });
        assert_eq!(answer, wanted);
        let paths: Vec<_> = evidence.iter().map(|it| (it.path.as_str(), it.confidence)).collect();
        let guess = ("items[0].quantity", Some(0.0));
        assert_eq!(paths, [("items[0].name", None), guess, ("items[0].price", None), ("total", None)]);
    }

    #[test]
    fn a_schema_is_answered_and_nothing_else() {
        let schema = json!({"properties": {
            "total": {"type": "number"},
            "items": {"type": "array", "items": {"properties": {"name": {}, "price": {}}}},
            "cashier": {"type": ["string", "null"]}
        }});
        let (answer, evidence) = receipt().answer(Some(&schema));
        assert_eq!(answer, json!({"total": 12.5, "items": [{"name": "Tea", "price": 3}], "cashier": null}));
        let paths: Vec<_> = evidence.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["items[0].name", "items[0].price", "total"]);
    }
}
