//! The `extract` task: what receipts and documents are read for, under the names of a user's schema.

use serde_json::{Map, Value, json};

use crate::layout::rows;
use crate::page::Page;
use crate::words::words;
use crate::{Failure, document, receipt};

/// Schemas are nested no deeper.
const DEEPEST: usize = 12;

/// What a field of a schema asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    Date,
    Merchant,
    Currency,
    Payment,
    /// A sum under its name in a receipt.
    Sum(&'static str),
    /// What stands behind the label of that name.
    Number,
    Items,
}

/// A member of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Name,
    Quantity,
    Price,
}

/// Fills the fields that there are rules for; the others are null.
///
/// # Errors
/// If there are rules for none of them.
pub fn extract(page: &Page, schema: &Value) -> Result<Value, Failure> {
    let mut filler =
        Filler { root: schema, receipt: receipt::receipt(page), page, currency: currency(page), known: 0 };
    let answer = filler.object(schema, &[], 0);
    if filler.known == 0 {
        return Err(Failure::Unsupported(
            "its schema has no field that the local reader has rules for (date, merchant, currency, total, tax, tip, \
             payment method, invoice number, line items)"
                .to_owned(),
        ));
    }
    Ok(answer)
}

struct Filler<'a> {
    root: &'a Value,
    receipt: Map<String, Value>,
    page: &'a Page,
    currency: Option<&'static str>,
    /// Fields that there are rules for.
    known: usize,
}

impl Filler<'_> {
    fn object(&mut self, schema: &Value, above: &[String], depth: usize) -> Value {
        let schema = self.resolved(schema);
        let properties = schema["properties"].as_object().cloned().unwrap_or_default();
        let fields = properties.iter().map(|(name, schema)| {
            let value = if depth < DEEPEST { self.field(name, schema, above, depth) } else { Value::Null };
            (name.clone(), value)
        });
        Value::Object(fields.collect())
    }

    fn field(&mut self, name: &str, schema: &Value, above: &[String], depth: usize) -> Value {
        let schema = self.resolved(schema);
        let parts = parts_of(name);
        if schema["properties"].is_object() {
            let inner = self.object(&schema, &parts, depth + 1);
            // Nothing known of it is nothing, where that is allowed.
            let is_empty = inner.as_object().is_some_and(|fields| fields.values().all(Value::is_null));
            return if is_empty && allows(&schema, "null") { Value::Null } else { inner };
        }
        let is_list = allows(&schema, "array") || schema["items"].is_object();
        let value = match sought(&parts, above, &schema) {
            Some(Sought::Items) if is_list => self.items(&schema["items"]),
            Some(Sought::Items) | None => None,
            Some(_) if is_list => None,
            Some(sought) => {
                self.known += 1;
                fitted(self.value(sought, &parts, name), &schema)
            }
        };
        value.unwrap_or_else(|| if is_list && !allows(&schema, "null") { json!([]) } else { Value::Null })
    }

    /// From the receipt that the page may be, else from the labels of a document.
    fn value(&self, sought: Sought, parts: &[String], name: &str) -> Value {
        let of_receipt = |field: &str| self.receipt.get(field).cloned().unwrap_or(Value::Null);
        let of_document = |field: &str| {
            let mut fields = document::document(self.page, &[field.to_owned()]);
            fields.remove(field).unwrap_or(Value::Null)
        };
        let or = |first: Value, other: &str| if first.is_null() { of_document(other) } else { first };
        match sought {
            // `due_date` is another one than that of the receipt.
            Sought::Date if parts.len() > 1 && parts.iter().any(|part| !IS_PLAIN_DATE.contains(&&**part)) => {
                of_document(&parts.join("_"))
            }
            Sought::Date => or(of_receipt("date"), "date"),
            Sought::Merchant => or(of_receipt("store"), "sender"),
            Sought::Currency => json!(self.currency),
            Sought::Payment => of_receipt("payment_method"),
            Sought::Sum(field) => or(of_receipt(field), field),
            Sought::Number => of_document(if parts.len() > 1 { name } else { "invoice_number" }),
            Sought::Items => Value::Null,
        }
    }

    fn items(&mut self, schema: &Value) -> Option<Value> {
        let schema = self.resolved(schema);
        let properties = schema["properties"].as_object()?.clone();
        let members: Vec<(&String, &Value, Option<Member>)> =
            properties.iter().map(|(name, schema)| (name, schema, member(&parts_of(name)))).collect();
        self.known += members.iter().filter(|(.., member)| member.is_some()).count();
        let items = self.receipt.get("items")?.as_array()?;
        let value = |item: &Value, member: Option<Member>, schema: &Value| match member {
            Some(Member::Name) => fitted(item["name"].clone(), schema).unwrap_or_default(),
            Some(Member::Quantity) => fitted(item["quantity"].clone(), schema).unwrap_or_default(),
            Some(Member::Price) => fitted(item["price"].clone(), schema).unwrap_or_default(),
            None => Value::Null,
        };
        let filled = items.iter().map(|item| {
            let fields = members.iter().map(|(name, schema, member)| {
                ((*name).clone(), value(item, *member, &self.resolved(schema)))
            });
            Value::Object(fields.collect())
        });
        Some(filled.collect())
    }

    /// With a reference of its own followed, and without an alternative that is null.
    fn resolved(&self, schema: &Value) -> Value {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            let reference = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
            let target = reference.and_then(|pointer| self.root.pointer(pointer));
            let branches = ["anyOf", "oneOf"].iter().find_map(|key| schema[*key].as_array());
            let branch = branches.and_then(|it| it.iter().find(|branch| branch["type"] != "null"));
            match target.or(branch) {
                Some(inner) => schema = inner,
                None => break,
            }
        }
        schema.clone()
    }
}

/// What is said of a date without making it another one.
const IS_PLAIN_DATE: [&str; 8] =
    ["date", "receipt", "invoice", "purchase", "transaction", "issue", "issued", "document"];

fn sought(parts: &[String], above: &[String], schema: &Value) -> Option<Sought> {
    const MERCHANTS: [&str; 8] =
        ["store", "merchant", "vendor", "seller", "supplier", "shop", "company", "sender"];
    let is = |names: &[&str]| parts.iter().any(|part| names.contains(&part.as_str()));
    let is_about_merchant = |parts: &[String]| parts.iter().any(|part| MERCHANTS.contains(&part.as_str()));
    let only = |names: &[&str]| parts.len() == 1 && is(names);
    let numeric = allows(schema, "number") || allows(schema, "integer") || schema.get("type").is_none();
    let text = allows(schema, "string") || schema.get("type").is_none();
    match () {
        () if text && (schema["format"] == "date" || is(&["date"])) => Some(Sought::Date),
        () if is(&["currency"]) => Some(Sought::Currency),
        () if is(&["payment"]) => Some(Sought::Payment),
        () if is(&["subtotal", "net"]) || is(&["sub"]) && is(&["total"]) => Some(Sought::Sum("subtotal")),
        // A rate or a number of the tax is no amount.
        () if is(&["tax", "vat", "gst"]) && numeric && !is(&["rate", "percent", "id", "number"]) => {
            Some(Sought::Sum("tax"))
        }
        () if is(&["tip", "gratuity"]) => Some(Sought::Sum("tip")),
        () if is(&["total"]) || only(&["amount"]) => Some(Sought::Sum("total")),
        () if is_about_merchant(parts) && (parts.len() == 1 || is(&["name"])) => Some(Sought::Merchant),
        () if only(&["name"]) && is_about_merchant(above) => Some(Sought::Merchant),
        () if is(&["invoice", "receipt", "document"]) && is(&["number", "no", "id"]) => Some(Sought::Number),
        () if is(&["items", "lines", "positions", "products", "articles"]) => Some(Sought::Items),
        () => None,
    }
}

fn member(parts: &[String]) -> Option<Member> {
    let is = |names: &[&str]| parts.iter().any(|part| names.contains(&part.as_str()));
    match () {
        // The reader tells lines from pieces by the price of a line only.
        () if is(&["unit", "tax", "vat", "discount", "code", "id", "currency"]) => None,
        () if is(&["quantity", "qty", "count"]) => Some(Member::Quantity),
        () if is(&["price", "amount", "total", "sum"]) => Some(Member::Price),
        () if is(&["name", "desc", "description", "item", "article", "product", "title", "text"]) => {
            Some(Member::Name)
        }
        () => None,
    }
}

/// `totalAmount`, `total_amount` and `total-amount` in words.
fn parts_of(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut was_lower = false;
    for character in name.chars() {
        if character.is_uppercase() && was_lower {
            spaced.push(' ');
        }
        was_lower = character.is_lowercase();
        spaced.push(if character.is_alphanumeric() { character } else { ' ' });
    }
    spaced.split_whitespace().map(str::to_lowercase).collect()
}

fn allows(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

/// A value of the type and out of the choices that the schema names; nothing else is said.
fn fitted(value: Value, schema: &Value) -> Option<Value> {
    let value = match value {
        Value::Null => return None,
        Value::Number(number) if !(allows(schema, "number") || schema.get("type").is_none()) => {
            match number.as_i64() {
                Some(whole) if allows(schema, "integer") => json!(whole),
                _ if allows(schema, "string") => json!(number.to_string()),
                _ => return None,
            }
        }
        Value::String(_) if !(allows(schema, "string") || schema.get("type").is_none()) => return None,
        value => value,
    };
    match schema["enum"].as_array() {
        Some(choices) => {
            let same = |choice: &&Value| match (choice.as_str(), value.as_str()) {
                (Some(choice), Some(value)) => choice.eq_ignore_ascii_case(value),
                _ => **choice == value,
            };
            choices.iter().find(same).cloned()
        }
        None => Some(value),
    }
}

/// The currency that a page names: by its code, or by a sign that only one has.
fn currency(page: &Page) -> Option<&'static str> {
    const CODES: [&str; 20] = [
        "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "JPY", "CNY", "INR", "MYR",
        "IDR", "SGD", "AUD", "CAD", "NZD", "TRY",
    ];
    const SIGNS: [(char, &str); 7] =
        [('€', "EUR"), ('£', "GBP"), ('₹', "INR"), ('₺', "TRY"), ('₩', "KRW"), ('₽', "RUB"), ('$', "USD")];
    let rows = rows(&page.lines);
    let texts: Vec<String> = rows.iter().map(crate::layout::Row::text).collect();
    let count = |is: &dyn Fn(&str) -> bool| texts.iter().filter(|text| is(text)).count();
    let by_code = CODES
        .iter()
        .map(|code| (count(&|text| words(text).iter().any(|word| word.eq_ignore_ascii_case(code))), *code));
    let by_sign = SIGNS.iter().map(|(sign, code)| (count(&|text| text.contains(*sign)), *code));
    // A code outranks a sign: `$` stands for several.
    let best = |found: &mut dyn Iterator<Item = (usize, &'static str)>| {
        found.filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map(|(_, code)| code)
    };
    best(&mut by_code.into_iter()).or_else(|| best(&mut by_sign.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, above: &str, schema: Value, wanted: Option<Sought>) {
        assert_eq!(sought(&parts_of(name), &parts_of(above), &schema), wanted, "{name}");
    }

    #[test]
    fn names_of_fields_say_what_they_ask_for() {
        let (text, number) = (json!({"type": ["string", "null"]}), json!({"type": "number"}));
        check("totalAmount", "", number.clone(), Some(Sought::Sum("total")));
        check("sub_total", "", number.clone(), Some(Sought::Sum("subtotal")));
        check("tax_rate", "", number, None);
        check("vat_id", "", text.clone(), None);
        check("issued", "", json!({"type": "string", "format": "date"}), Some(Sought::Date));
        check("name", "vendor", text.clone(), Some(Sought::Merchant));
        check("name", "buyer", text.clone(), None);
        check("merchant-name", "", text.clone(), Some(Sought::Merchant));
        check("city", "vendor", text, None);
        check("line_items", "", json!({"type": "array"}), Some(Sought::Items));
    }

    #[test]
    fn a_value_fits_its_schema_or_is_not_given() {
        let fits = |value: Value, schema: Value| fitted(value, &schema);
        assert_eq!(fits(json!(2.5), json!({"type": "integer"})), None);
        assert_eq!(fits(json!(2), json!({"type": "integer"})), Some(json!(2)));
        assert_eq!(fits(json!(2.5), json!({"type": ["string", "null"]})), Some(json!("2.5")));
        assert_eq!(fits(json!("EUR"), json!({"type": "string", "enum": ["GBP"]})), None);
        assert_eq!(fits(json!("EUR"), json!({"type": "string", "enum": ["eur"]})), Some(json!("eur")));
    }
}
