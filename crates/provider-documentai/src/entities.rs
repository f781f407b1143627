//! Typed values, and the names under which our tasks know them.

use serde::Deserialize;
use serde_json::Value;
use vision_core::{Bounds, Evidence};
use vision_document::{Found, Item, Order, Pair, Receipt, amount, date, payment};
use vision_http::tolerant::{items, lenient};

/// A value that was found, with others inside of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entity {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    mention_text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    normalized_value: Option<Normalized>,
    #[serde(default, deserialize_with = "lenient")]
    page_anchor: Option<Anchor>,
    #[serde(default, deserialize_with = "items")]
    properties: Option<Vec<Entity>>,
}

/// A value as the service understood it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Normalized {
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    money_value: Option<Money>,
    #[serde(default, deserialize_with = "lenient")]
    date_value: Option<Day>,
    #[serde(default, deserialize_with = "lenient")]
    integer_value: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    float_value: Option<f64>,
}

/// Units are written as text, and left out where they are zero.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Money {
    #[serde(default, deserialize_with = "lenient")]
    currency_code: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    units: Option<Value>,
    #[serde(default, deserialize_with = "lenient")]
    nanos: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
struct Day {
    year: i32,
    month: u32,
    day: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Anchor {
    #[serde(default, deserialize_with = "items")]
    page_refs: Option<Vec<Place>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    /// From 0, written as text, and left out where it is 0.
    #[serde(default, deserialize_with = "lenient")]
    page: Option<Value>,
    #[serde(default, deserialize_with = "lenient")]
    bounding_poly: Option<Polygon>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Polygon {
    #[serde(default, deserialize_with = "items")]
    normalized_vertices: Option<Vec<Corner>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Corner {
    #[serde(default)]
    x: f64,
    #[serde(default)]
    y: f64,
}

impl Polygon {
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.normalized_vertices.iter().flatten().map(|corner| (corner.x, corner.y)))
    }
}

impl Money {
    fn amount(&self) -> Option<f64> {
        let units = match &self.units {
            None => 0.0,
            Some(Value::String(text)) => text.parse().ok()?,
            Some(number) => number.as_f64()?,
        };
        let amount = units + self.nanos.unwrap_or(0.0) * 1e-9;
        // Cents, and not what adding leaves behind them.
        Some((amount * 1e6).round() / 1e6)
    }
}

impl Entity {
    /// `description` in `line_item/description`: older processors name properties without their parent.
    fn name(&self) -> &str {
        let kind = self.kind.as_deref().unwrap_or_default();
        kind.rsplit('/').next().unwrap_or(kind)
    }

    fn evidence(&self) -> Evidence {
        let place = self.page_anchor.iter().flat_map(|anchor| anchor.page_refs.iter().flatten()).next();
        let page = place.map(|place| match &place.page {
            None => Some(1),
            Some(Value::String(text)) => text.parse::<u32>().ok()?.checked_add(1),
            Some(number) => u32::try_from(number.as_u64()?).ok()?.checked_add(1),
        });
        let page = page.flatten();
        let bounds = place.and_then(|place| place.bounding_poly.as_ref()).and_then(Polygon::bounds);
        let evidence = Evidence { text: self.mention_text.clone(), page, ..Evidence::default() };
        Evidence { bounds: bounds.filter(|_| page.is_some()), ..evidence }.with_confidence(self.confidence)
    }

    fn words(&self) -> Option<String> {
        let text = self.mention_text.as_ref()?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn number(&self) -> Option<f64> {
        let value = self.normalized_value.as_ref();
        let typed = value.and_then(|value| {
            let money = value.money_value.as_ref().and_then(Money::amount);
            money.or(value.float_value).or(value.integer_value)
        });
        typed.or_else(|| amount(self.mention_text.as_deref()?))
    }

    fn day(&self, order: Order) -> Option<String> {
        let day = self.normalized_value.as_ref().and_then(|value| value.date_value.as_ref());
        let typed = day.map(|day| format!("{:04}-{:02}-{:02}", day.year, day.month, day.day));
        typed.or_else(|| date(self.mention_text.as_deref()?, order))
    }

    /// As text: typed where there is a type, else as printed.
    fn plain(&self) -> Option<String> {
        let value = self.normalized_value.as_ref();
        let money =
            value.and_then(|value| value.money_value.as_ref()?.amount()).map(|amount| amount.to_string());
        let day = value.and_then(|value| value.date_value.as_ref()).and_then(|_| self.day(Order::DayFirst));
        money.or(day).or_else(|| self.words()).or_else(|| value?.text.clone())
    }
}

/// What was found, by name.
pub(crate) struct Entities<'a>(pub &'a [Entity]);

impl Entities<'_> {
    /// Of several of a name the surest.
    fn surest(&self, name: &str) -> Option<&Entity> {
        let named = self.0.iter().filter(|entity| entity.name() == name);
        named.max_by(|a, b| a.confidence.unwrap_or(0.0).total_cmp(&b.confidence.unwrap_or(0.0)))
    }

    fn found<T>(&self, names: &[&str], read: impl Fn(&Entity) -> Option<T>) -> Found<T> {
        let mut entities = names.iter().filter_map(|name| self.surest(name));
        entities.next().map(|entity| Found::new(read(entity), entity.evidence())).unwrap_or_default()
    }

    pub(crate) fn currency(&self) -> Option<String> {
        let stated = self.surest("currency").and_then(Entity::words);
        let of_money =
            |entity: &Entity| entity.normalized_value.as_ref()?.money_value.as_ref()?.currency_code.clone();
        let code = |text: &String| text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase());
        stated.filter(code).or_else(|| self.0.iter().find_map(of_money))
    }

    pub(crate) fn receipt(&self) -> Receipt {
        let order = Order::of_currency(self.currency().as_deref());
        let lines = self.0.iter().filter(|entity| entity.name() == "line_item");
        Receipt {
            store: self.found(&["supplier_name"], Entity::words),
            date: self.found(&["receipt_date", "invoice_date", "start_date"], |entity| entity.day(order)),
            items: lines.map(item).collect(),
            subtotal: self.found(&["net_amount"], Entity::number),
            tax: self.found(&["total_tax_amount"], Entity::number),
            tip: self.found(&["tip_amount"], Entity::number),
            total: self.found(&["total_amount"], Entity::number),
            payment_method: self
                .found(&["payment_type"], |entity| payment(entity.mention_text.as_deref()?))
                .or(self.found(&["credit_card_last_four_digits"], |_| Some("card".to_owned()))),
        }
    }

    /// Every simple value under the service's name.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let simple = self.0.iter().filter(|entity| entity.properties.as_ref().is_none_or(Vec::is_empty));
        let pair = |entity: &Entity| {
            let label = entity.name().replace('_', " ");
            Some(Pair { label, value: entity.plain()?, evidence: entity.evidence() })
        };
        simple.filter_map(pair).collect()
    }

    /// The same under our names, with what follows from the kind of document.
    pub(crate) fn ours(&self) -> Vec<Pair> {
        let pairs = self.pairs();
        let renamed = NAMES.iter().flat_map(|(its, our)| {
            let named = pairs.iter().filter(move |pair| pair.label == *its);
            named.map(|pair| Pair { label: (*our).to_owned(), ..pair.clone() })
        });
        let told = |label: &str, value: String| Pair { label: label.to_owned(), value, ..Pair::default() };
        let is_invoice = self.surest("invoice_id").or_else(|| self.surest("invoice_date")).is_some();
        let kind = is_invoice.then(|| told("type", "invoice".to_owned()));
        renamed.chain(self.currency().map(|code| told("currency", code))).chain(kind).collect()
    }
}

/// Names of ours for those of the service's invoices.
const NAMES: [(&str, &str); 8] = [
    ("supplier name", "sender"),
    ("receiver name", "recipient"),
    ("invoice id", "number"),
    ("invoice date", "date"),
    ("receipt date", "date"),
    ("net amount", "subtotal"),
    ("total tax amount", "tax"),
    ("total amount", "total"),
];

fn item(line: &Entity) -> Item {
    let inner = Entities(line.properties.as_deref().unwrap_or_default());
    let name = inner.found(&["description"], Entity::words);
    // Without properties the whole line is all there is.
    let whole = Found::new(line.words(), line.evidence());
    Item {
        name: if line.properties.is_some() { name } else { whole },
        quantity: inner.found(&["quantity"], Entity::number),
        price: inner.found(&["amount"], Entity::number),
    }
}
