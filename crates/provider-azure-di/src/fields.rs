//! Typed fields, and the names under which our tasks know them.

use std::collections::BTreeMap;

use serde::Deserialize;
use vision_core::Evidence;
use vision_document::{Found, Item, Order, Pair, Receipt, amount, date, payment};
use vision_http::tolerant::{items, lenient};

use crate::sheets::{Region, Sheets};

/// A field of any type. The typed value may be missing where the printed words are there.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Field {
    #[serde(default, deserialize_with = "lenient")]
    content: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
    #[serde(default, deserialize_with = "items")]
    bounding_regions: Option<Vec<Region>>,
    #[serde(default, deserialize_with = "lenient")]
    value_string: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    value_date: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    value_number: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    value_integer: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    value_currency: Option<Currency>,
    #[serde(default, deserialize_with = "lenient")]
    value_country_region: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    value_selection_mark: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    value_boolean: Option<bool>,
    #[serde(default, deserialize_with = "items")]
    value_array: Option<Vec<Field>>,
    #[serde(default, deserialize_with = "lenient")]
    value_object: Option<BTreeMap<String, Field>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Currency {
    amount: f64,
    #[serde(default, deserialize_with = "lenient")]
    currency_code: Option<String>,
}

type Fields = BTreeMap<String, Field>;

/// The receipt or invoice that these fields are of.
pub(crate) fn receipt(fields: Fields, sheets: &Sheets) -> Receipt {
    let reader = Reader { fields: &fields, sheets };
    let order = Order::of_currency(currency(&fields).as_deref());
    Receipt {
        store: reader.text(&["MerchantName", "VendorName"]),
        date: reader.date(&["TransactionDate", "InvoiceDate", "ArrivalDate"], order),
        items: reader.items(),
        subtotal: reader.amount(&["Subtotal", "SubTotal"]),
        tax: reader.amount(&["TotalTax"]).or(reader.sum("TaxDetails", "Amount")),
        tip: reader.amount(&["Tip"]),
        total: reader.amount(&["Total", "InvoiceTotal"]).or(reader.amount(&["AmountDue"])),
        payment_method: reader.payment(),
    }
}

/// The currency of the first amount that has one.
pub(crate) fn currency(fields: &Fields) -> Option<String> {
    let first = ["Total", "InvoiceTotal", "AmountDue", "Subtotal", "SubTotal"];
    let known = first.into_iter().filter_map(|name| fields.get(name));
    known.chain(fields.values()).find_map(|field| field.value_currency.as_ref()?.currency_code.clone())
}

/// Names of ours for those of the engine's invoices and receipts.
const NAMES: [(&str, &str); 12] = [
    ("Vendor Name", "sender"),
    ("Merchant Name", "sender"),
    ("Customer Name", "recipient"),
    ("Invoice Id", "number"),
    ("Invoice Date", "date"),
    ("Transaction Date", "date"),
    ("Due Date", "due date"),
    ("Sub Total", "subtotal"),
    ("Subtotal", "subtotal"),
    ("Total Tax", "tax"),
    ("Invoice Total", "total"),
    ("Total", "total"),
];

/// Every simple field as a label and its value.
pub(crate) fn pairs(fields: &Fields, sheets: &Sheets) -> Vec<Pair> {
    let reader = Reader { fields, sheets };
    let pair = |(name, field): (&String, &Field)| {
        Some(Pair { label: in_words(name), value: field.plain()?, evidence: reader.evidence(field) })
    };
    fields.iter().filter_map(pair).collect()
}

/// The same under our names, with what follows from the kind of document.
pub(crate) fn ours(pairs: &[Pair], currency: Option<String>) -> Vec<Pair> {
    let renamed = NAMES.iter().flat_map(|(its, our)| {
        let named = pairs.iter().filter(move |pair| pair.label == *its);
        named.map(|pair| Pair { label: (*our).to_owned(), ..pair.clone() })
    });
    let told = |label: &str, value: String| Pair { label: label.to_owned(), value, ..Pair::default() };
    let is_invoice = pairs.iter().any(|pair| pair.label.starts_with("Invoice "));
    let kind = is_invoice.then(|| told("type", "invoice".to_owned()));
    renamed.chain(currency.map(|code| told("currency", code))).chain(kind).collect()
}

/// `Invoice Total` for `InvoiceTotal`; a name with blanks or underscores is in words already.
fn in_words(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(letter);
        before = letter;
    }
    words
}

impl Field {
    /// Its value as text: typed where there is a type, else as printed.
    fn plain(&self) -> Option<String> {
        if self.value_array.is_some() || self.value_object.is_some() {
            return None;
        }
        let number = self.number().map(|number| number.to_string());
        let mut words =
            [&self.value_date, &self.value_string, &self.value_country_region].into_iter().flatten();
        let truth = self.value_boolean.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        let mark =
            self.value_selection_mark.clone().filter(|mark| mark == "selected" || mark == "unselected");
        number.or(truth).or(mark).or_else(|| words.next().cloned()).or_else(|| self.content.clone())
    }

    fn number(&self) -> Option<f64> {
        let money = self.value_currency.as_ref().map(|money| money.amount);
        money.or(self.value_number).or(self.value_integer)
    }
}

/// Reads fields by their names, the first that is there.
struct Reader<'a> {
    fields: &'a Fields,
    sheets: &'a Sheets,
}

impl Reader<'_> {
    fn first<T>(&self, names: &[&str], read: impl Fn(&Field) -> Option<T>) -> Found<T> {
        let fields = names.iter().filter_map(|name| self.fields.get(*name));
        let mut found = fields.map(|field| Found::new(read(field), self.evidence(field)));
        found.next().unwrap_or_default()
    }

    fn evidence(&self, field: &Field) -> Evidence {
        let evidence = self.sheets.evidence(field.bounding_regions.as_deref(), field.confidence);
        Evidence { text: field.content.clone(), ..evidence }
    }

    fn text(&self, names: &[&str]) -> Found<String> {
        self.first(names, |field| {
            let text = field.value_string.clone().or_else(|| field.content.clone())?;
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        })
    }

    fn amount(&self, names: &[&str]) -> Found<f64> {
        self.first(names, |field| field.number().or_else(|| amount(field.content.as_deref()?)))
    }

    fn date(&self, names: &[&str], order: Order) -> Found<String> {
        self.first(names, |field| field.value_date.clone().or_else(|| date(field.content.as_deref()?, order)))
    }

    fn list(&self, name: &str) -> impl Iterator<Item = &BTreeMap<String, Field>> {
        let list = self.fields.get(name).and_then(|field| field.value_array.as_ref());
        list.into_iter().flatten().filter_map(|field| field.value_object.as_ref())
    }

    /// The sum of one member over a list; nothing if one of them cannot be read.
    fn sum(&self, list: &str, member: &str) -> Found<f64> {
        let each = self.list(list).map(|fields| Reader { fields, sheets: self.sheets }.amount(&[member]));
        let each: Vec<Found<f64>> = each.collect();
        let sum = each.iter().map(|found| found.value).sum::<Option<f64>>().filter(|_| !each.is_empty());
        // Cents, and not what adding leaves behind them.
        let sum = sum.map(|sum| (sum * 1e4).round() / 1e4);
        let first = each.into_iter().find_map(|found| found.evidence);
        Found { value: sum, evidence: first }
    }

    fn items(&self) -> Vec<Item> {
        self.list("Items").map(|fields| Reader { fields, sheets: self.sheets }.item()).collect()
    }

    fn item(&self) -> Item {
        let quantity = self.amount(&["Quantity"]);
        let each = self.amount(&["Price", "UnitPrice"]);
        let times = each.value.zip(quantity.value).map(|(price, count)| (price * count * 1e4).round() / 1e4);
        let whole = self.amount(&["TotalPrice", "Amount"]);
        let price = whole.or(Found { value: times.or(each.value), evidence: each.evidence });
        Item { name: self.text(&["Description"]), quantity, price }
    }

    fn payment(&self) -> Found<String> {
        let methods = self.list("Payments").filter_map(|fields| fields.get("Method"));
        let mut found = methods.map(|field| {
            let text = field.value_string.as_deref().or(field.content.as_deref());
            Found::new(text.and_then(payment), self.evidence(field))
        });
        found.next().unwrap_or_default()
    }
}
