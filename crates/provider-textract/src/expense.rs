//! Receipts and invoices: typed fields, whose values are as printed.

use serde::Deserialize;
use vision_core::Evidence;
use vision_document::{Found, Item, Order, Receipt, amount, date, payment};
use vision_http::tolerant::{count, items, lenient};

use crate::blocks::{Geometry, evidence};

/// One receipt, or what one page of it shows.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Expense {
    #[serde(default, deserialize_with = "items")]
    summary_fields: Option<Vec<Field>>,
    #[serde(default, deserialize_with = "items")]
    line_item_groups: Option<Vec<Group>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group {
    #[serde(default, deserialize_with = "items")]
    line_items: Option<Vec<Line>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    #[serde(default, deserialize_with = "items")]
    line_item_expense_fields: Option<Vec<Field>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Field {
    #[serde(rename = "Type", default, deserialize_with = "lenient")]
    kind: Option<Kind>,
    #[serde(default, deserialize_with = "lenient")]
    label_detection: Option<Detection>,
    #[serde(default, deserialize_with = "lenient")]
    value_detection: Option<Detection>,
    #[serde(default, deserialize_with = "lenient")]
    currency: Option<Currency>,
    #[serde(default, deserialize_with = "count")]
    page_number: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kind {
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Detection {
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    geometry: Option<Geometry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Currency {
    #[serde(default, deserialize_with = "lenient")]
    code: Option<String>,
}

impl Expense {
    /// The one that is asked about: of several on one page the first, and all pages of a longer one.
    pub(crate) fn one(documents: Vec<Self>, pages: Option<u64>) -> Self {
        let most = if pages.is_some_and(|pages| pages > 1) { usize::MAX } else { 1 };
        documents.into_iter().take(most).fold(Self::default(), |mut whole, page| {
            whole.summary_fields.get_or_insert_default().extend(page.summary_fields.unwrap_or_default());
            whole.line_item_groups.get_or_insert_default().extend(page.line_item_groups.unwrap_or_default());
            whole
        })
    }

    pub(crate) fn receipt(&self) -> Receipt {
        let fields = Fields(self.summary_fields.as_deref().unwrap_or_default());
        let order = Order::of_currency(fields.currency());
        let lines =
            self.line_item_groups.iter().flatten().flat_map(|group| group.line_items.iter().flatten());
        let items = lines.filter_map(|line| Fields(line.line_item_expense_fields.as_deref()?).item());
        Receipt {
            store: fields.text("VENDOR_NAME").or(fields.text("NAME")),
            date: fields.surest("INVOICE_RECEIPT_DATE").and_then(|text| date(&text, order)),
            items: items.collect(),
            subtotal: fields.amount("SUBTOTAL"),
            tax: fields.tax(),
            tip: fields.amount("GRATUITY").or(fields.amount("SERVICE_CHARGE")),
            total: fields.amount("TOTAL").or(fields.amount("AMOUNT_PAID")).or(fields.amount("AMOUNT_DUE")),
            payment_method: fields.payment(),
        }
    }
}

impl Field {
    fn is(&self, kind: &str) -> bool {
        self.kind.as_ref().is_some_and(|it| it.text == kind)
    }

    fn text(&self) -> Option<&str> {
        self.value_detection.as_ref()?.text.as_deref()
    }

    fn label(&self) -> &str {
        self.label_detection.as_ref().and_then(|label| label.text.as_deref()).unwrap_or_default()
    }

    fn confidence(&self) -> f64 {
        self.value_detection.as_ref().and_then(|value| value.confidence).unwrap_or(0.0)
    }

    fn found(&self) -> Found<String> {
        let value = self.value_detection.as_ref();
        let place = value.and_then(|value| value.geometry.as_ref());
        let seen = evidence(place, self.page_number, value.and_then(|value| value.confidence));
        let text = self.text().map(str::to_owned);
        Found::new(text.clone(), Evidence { text, ..seen })
    }
}

/// Fields of one receipt, or of one of its lines.
struct Fields<'a>(&'a [Field]);

impl<'a> Fields<'a> {
    fn of(&self, kind: &'static str) -> impl Iterator<Item = &'a Field> {
        self.0.iter().filter(move |field| field.is(kind))
    }

    /// Of several fields of a type the surest.
    fn surest(&self, kind: &'static str) -> Found<String> {
        let best = self.of(kind).max_by(|a, b| a.confidence().total_cmp(&b.confidence()));
        best.map(Field::found).unwrap_or_default()
    }

    fn text(&self, kind: &'static str) -> Found<String> {
        self.surest(kind).and_then(|text| {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (!words.is_empty()).then_some(words)
        })
    }

    fn amount(&self, kind: &'static str) -> Found<f64> {
        self.surest(kind).and_then(|text| amount(&text))
    }

    /// The total of the taxes if one is labelled so; else all of them added up.
    fn tax(&self) -> Found<f64> {
        let taxes: Vec<&Field> = self.of("TAX").collect();
        let total = taxes.iter().find(|field| field.label().to_lowercase().contains("total"));
        if let Some(total) = total {
            return total.found().and_then(|text| amount(&text));
        }
        let each: Vec<Found<f64>> =
            taxes.iter().map(|field| field.found().and_then(|text| amount(&text))).collect();
        let sum = each.iter().map(|found| found.value).sum::<Option<f64>>().filter(|_| !each.is_empty());
        // Cents, and not what adding leaves behind them.
        let value = sum.map(|sum| (sum * 1e4).round() / 1e4);
        Found { value, evidence: each.into_iter().find_map(|found| found.evidence) }
    }

    fn currency(&self) -> Option<&'a str> {
        self.0.iter().find_map(|field| field.currency.as_ref()?.code.as_deref())
    }

    /// There is no type for it: a label such as `VISA` or `CASH` tells.
    fn payment(&self) -> Found<String> {
        let others = self.of("OTHER");
        let told = others.filter_map(|field| {
            let means = payment(field.label()).or_else(|| payment(field.text().unwrap_or_default()))?;
            Some(field.found().and_then(|_| Some(means)))
        });
        told.into_iter().next().unwrap_or_default()
    }

    /// A line of a receipt; nothing if it has neither name nor price.
    fn item(&self) -> Option<Item> {
        let quantity = self.amount("QUANTITY");
        let each = self.amount("UNIT_PRICE");
        let product = each.value.map(|price| (price * quantity.value.unwrap_or(1.0) * 1e4).round() / 1e4);
        let price = self.amount("PRICE").or(Found { value: product, evidence: each.evidence });
        let name = self.text("ITEM").or(self.text("PRODUCT_CODE"));
        (name.value.is_some() || price.value.is_some()).then_some(Item { name, quantity, price })
    }
}
