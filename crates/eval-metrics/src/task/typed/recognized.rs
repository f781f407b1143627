//! How a value is compared, by what its schema says and how it is called: the one set of rules for a field whose type nobody
//! has said, whether it comes from a schema, a table that is imported, or the studio.

use serde_json::Value;

use super::allowed::{choices, is_type};
use super::persons::names_a_person;
use crate::value::FieldType;

/// The type of a field: by its choices, type and format, then by the words of its name and description.
pub(super) fn kind(field: &str, schema: &Value) -> FieldType {
    let choices = choices(schema);
    if !choices.is_empty() {
        return match choices {
            _ if choices.iter().all(|choice| choice.is_number()) => FieldType::Number,
            _ if choices.iter().all(|choice| choice.is_boolean()) => FieldType::Boolean,
            _ => FieldType::Enum,
        };
    }
    let words = words(last(field));
    let description = schema["description"].as_str().unwrap_or_default();
    if is_type(schema, "number") || is_type(schema, "integer") {
        return number(&words);
    }
    if is_type(schema, "boolean") {
        return FieldType::Boolean;
    }
    by_format(schema["format"].as_str().unwrap_or_default())
        .unwrap_or_else(|| text(field, &words, description))
}

fn by_format(format: &str) -> Option<FieldType> {
    match format {
        "date" | "date-time" => Some(FieldType::Date),
        "email" | "idn-email" => Some(FieldType::Email),
        "phone" | "tel" => Some(FieldType::Phone),
        "uuid" => Some(FieldType::Code),
        "money" | "currency" | "decimal" => Some(FieldType::Money),
        "uri" | "url" | "time" => Some(FieldType::Text),
        _ => None,
    }
}

/// The type of a field with numbers in it, by its name.
#[must_use]
pub fn of_number(name: &str) -> FieldType {
    number(&words(last(name)))
}

/// The type of a field with texts in it, by its name. What only a number can be is a text here.
#[must_use]
pub fn of_text(name: &str) -> FieldType {
    match text(name, &words(last(name)), "") {
        FieldType::Money | FieldType::Date => FieldType::Text,
        kind => kind,
    }
}

/// The type of a field of which only the name is known.
#[must_use]
pub fn of_name(name: &str) -> FieldType {
    let words = words(last(name));
    match text(name, &words, "") {
        FieldType::Text if number(&words) == FieldType::Quantity => FieldType::Quantity,
        // `vat` stands for an amount more often than for a number of the tax office.
        FieldType::Code if ends_with(&words, &["vat"]) => FieldType::Money,
        kind => kind,
    }
}

fn number(words: &[String]) -> FieldType {
    if is_money(words) {
        FieldType::Money
    } else if ends_with(words, &["quantity", "qty", "units", "pieces", "pcs", "menge", "anzahl"]) {
        FieldType::Quantity
    } else {
        FieldType::Number
    }
}

/// Last words of fields whose every sign counts.
const CODES: [&str; 39] = [
    "id",
    "code",
    "iban",
    "bic",
    "swift",
    "vin",
    "sku",
    "ean",
    "upc",
    "gtin",
    "isbn",
    "isin",
    "ssn",
    "tin",
    "ein",
    "npi",
    "zip",
    "zipcode",
    "postcode",
    "plz",
    "number",
    "no",
    "nr",
    "num",
    "reference",
    "ref",
    "plate",
    "serial",
    "barcode",
    "identifier",
    "currency",
    "uuid",
    "vat",
    "lot",
    "batch",
    "version",
    "nummer",
    "währung",
    "waehrung",
];

/// Last words of fields that name a company, a person or a thing.
const NAMES: [&str; 43] = [
    "name",
    "vendor",
    "supplier",
    "merchant",
    "store",
    "shop",
    "seller",
    "company",
    "organization",
    "organisation",
    "issuer",
    "bank",
    "employer",
    "insurer",
    "manufacturer",
    "brand",
    "customer",
    "client",
    "buyer",
    "recipient",
    "sender",
    "payer",
    "landlord",
    "tenant",
    "product",
    "carrier",
    "shipper",
    "consignee",
    "lender",
    "borrower",
    "plaintiff",
    "defendant",
    "hospital",
    "agency",
    "lieferant",
    "kunde",
    "firma",
    "händler",
    "haendler",
    "absender",
    "empfänger",
    "empfaenger",
    "aussteller",
];

fn text(field: &str, words: &[String], description: &str) -> FieldType {
    if ends_with(words, &["email", "mail"]) {
        FieldType::Email
    } else if is_phone(words) {
        FieldType::Phone
    } else if is_date(words, description) {
        FieldType::Date
    } else if ends_with(words, &CODES) {
        FieldType::Code
    } else if names_a_person(field) {
        FieldType::Person
    } else if ends_with(words, &NAMES) {
        FieldType::Name
    } else if is_money(words) {
        FieldType::Money
    } else {
        FieldType::Text
    }
}

/// `phone`, `fax_number`
fn is_phone(words: &[String]) -> bool {
    let words = words.strip_suffix(&["number".to_owned()]).unwrap_or(words);
    ends_with(words, &["phone", "telephone", "tel", "mobile", "cell", "cellphone", "fax"])
}

fn is_date(words: &[String], description: &str) -> bool {
    let named = words.iter().any(|word| {
        matches!(word.as_str(), "date" | "dob" | "birthday" | "birthdate" | "deadline" | "datum")
    }) || ends_with(words, &["datum"]);
    let at = words.len() == 2 && ends_with(words, &["on", "at", "until"]);
    named || at || description.contains("YYYY-MM-DD")
}

fn is_money(words: &[String]) -> bool {
    const MONEY: [&str; 49] = [
        "price", "amount", "total", "subtotal", "tax", "taxes", "vat", "cost", "costs", "fee", "fees", "tip",
        "gratuity", "discount", "balance", "salary", "wage", "wages", "payment", "paid", "due", "charge",
        "charges", "shipping", "deposit", "revenue", "income", "net", "gross", "withheld", "premium",
        "refund", "rent", "budget", "profit", "interest", "copay", "sum", "betrag", "summe", "preis",
        "netto", "brutto", "mwst", "ust", "steuer", "gesamt", "gebühr", "gebuehr",
    ];
    const OTHERS: [&str; 26] = [
        "rate",
        "percent",
        "percentage",
        "pct",
        "ratio",
        "share",
        "count",
        "quantity",
        "qty",
        "number",
        "no",
        "pages",
        "items",
        "lines",
        "units",
        "hours",
        "days",
        "year",
        "weight",
        "points",
        "method",
        "terms",
        "satz",
        "nummer",
        "nr",
        "anzahl",
    ];
    // `MwSt` looks like two words.
    let joined = words.concat();
    let has = |list: &[&str]| {
        let mut all = words.iter().chain([&joined]);
        all.any(|word| list.contains(&word.as_str()) || compound(word, list))
    };
    has(&MONEY) && !has(&OTHERS)
}

fn ends_with(words: &[String], list: &[&str]) -> bool {
    let is = |word: &str| list.contains(&word);
    words
        .last()
        .is_some_and(|word| is(word) || word.strip_suffix('s').is_some_and(is) || compound(word, list))
}

/// `rechnungsnummer`, `gesamtbetrag`, `steuersatz`: German writes in one word what ends in what it is.
fn compound(word: &str, list: &[&str]) -> bool {
    const ENDS: [&str; 11] = [
        "nummer", "datum", "betrag", "summe", "preis", "währung", "waehrung", "menge", "anzahl", "steuer",
        "satz",
    ];
    ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end) && list.contains(end))
}

/// The own name of a field; of an item that is no object, the name of its list.
fn last(field: &str) -> &str {
    let field = field.trim_end_matches("[]").trim_end_matches(".*").trim_end_matches('.');
    field.rsplit('.').next().unwrap_or(field)
}

/// A name in words: `dueDate`, `due_date` and `due-date` are two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase() || !c.is_alphanumeric();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{kind, of_name, of_number, of_text};
    use crate::value::FieldType::{
        self, Boolean, Code, Date, Email, Enum, Money, Name, Number, Person, Phone, Quantity, Text,
    };

    #[track_caller]
    fn check(field: &str, schema: Value, expected: FieldType) {
        assert_eq!(kind(field, &schema), expected, "{field} {schema}");
    }

    #[test]
    fn the_schema_says_most() {
        check("a", json!({ "enum": ["x", "y", null] }), Enum);
        check("a", json!({ "enum": [1, 2] }), Number);
        check("a", json!({ "const": "x" }), Enum);
        check("a", json!({ "type": ["boolean", "null"] }), Boolean);
        check("a", json!({ "type": "string", "format": "date" }), Date);
        check("a", json!({ "type": "string", "format": "email" }), Email);
        check("a", json!({ "type": "string", "description": "As YYYY-MM-DD" }), Date);
        check("a", json!({ "type": ["integer", "null"] }), Number);
        check("a", json!({}), Text);
    }

    #[test]
    fn the_name_says_the_rest() {
        let (text, number) = (json!({ "type": "string" }), json!({ "type": "number" }));
        for (field, expected) in [
            ("invoice_date", Date),
            ("dueDate", Date),
            ("signed_on", Date),
            ("invoice_number", Code),
            ("vendor.vat_id", Code),
            ("currency", Code),
            ("vendor.name", Name),
            ("vendor", Name),
            ("employee_name", Person),
            ("patient.name", Person),
            ("judge", Person),
            ("contact.phone", Phone),
            ("e-mail", Email),
            ("rows[].total", Money),
            ("purchase_order_numbers[]", Code),
            ("fax_number", Phone),
            ("items[].description", Text),
            ("address", Text),
        ] {
            check(field, text.clone(), expected);
        }
        for (field, expected) in [
            ("items[].unit_price", Money),
            ("state_tax", Money),
            ("tax_rate", Number),
            ("total_pages", Number),
            ("items[].quantity", Quantity),
            ("year", Number),
            ("rates.*", Number),
        ] {
            check(field, number.clone(), expected);
        }
    }

    #[test]
    fn german_names_are_known_with_what_they_are_made_of() {
        for (field, expected) in [
            ("Rechnungsnummer", Code),
            ("Beleg-Nr.", Code),
            ("Währung", Code),
            ("Belegdatum", Date),
            ("Lieferant", Name),
            ("lieferant.name", Name),
            ("Gesamtbetrag", Money),
            ("MwSt.", Money),
            ("Brutto", Money),
            ("MwSt-Satz", Text),
            ("Menge", Quantity),
            ("Bemerkung", Text),
        ] {
            assert_eq!(of_name(field), expected, "{field}");
        }
        assert_eq!(["netto", "Steuersatz", "positionen[].menge"].map(of_number), [Money, Number, Quantity]);
        // What a text says is not taken for a number or a date by its name.
        assert_eq!(
            ["total", "invoice_date", "vendor", "invoice_number"].map(of_text),
            [Text, Text, Name, Code]
        );
        assert_eq!(["total", "vat", "vat_id", "qty"].map(of_name), [Money, Money, Code, Quantity]);
    }
}
