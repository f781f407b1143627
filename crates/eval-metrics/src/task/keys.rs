//! Finding a field under the names that models give it.

use std::cell::OnceCell;
use std::collections::HashMap;

use serde_json::{Map, Value};

/// An object has few keys; more are noise.
const MOST_KEYS: usize = 200;

/// Names that mean the same field, the plainest first. A name in two lists serves whichever field is asked for.
const SYNONYMS: [&[&str]; 28] = [
    &[
        "store",
        "storename",
        "shop",
        "shopname",
        "merchant",
        "merchantname",
        "vendor",
        "vendorname",
        "seller",
        "sellername",
        "retailer",
        "supplier",
        "restaurant",
        "restaurantname",
        "business",
        "businessname",
        "company",
        "companyname",
    ],
    &[
        "date",
        "purchasedate",
        "receiptdate",
        "transactiondate",
        "invoicedate",
        "documentdate",
        "issuedate",
        "dateofpurchase",
        "letterdate",
        "dateissued",
        "datetime",
        "signaturedate",
        "datesigned",
    ],
    &[
        "items",
        "lineitems",
        "products",
        "articles",
        "positions",
        "entries",
        "purchases",
        "itemlist",
        "purchaseditems",
    ],
    &[
        "subtotal",
        "subtotalamount",
        "netamount",
        "nettotal",
        "net",
        "amountbeforetax",
        "totalbeforetax",
        "itemstotal",
    ],
    &[
        "tax",
        "taxes",
        "vat",
        "salestax",
        "taxamount",
        "totaltax",
        "taxtotal",
        "vatamount",
        "mwst",
        "gst",
        "iva",
        "tva",
    ],
    &["tip", "gratuity", "tipamount", "tips"],
    &[
        "total",
        "totalamount",
        "grandtotal",
        "amountdue",
        "totaldue",
        "totalprice",
        "amountpaid",
        "totalpaid",
        "finaltotal",
        "totaltopay",
        "sum",
        "amount",
        "grossamount",
        "grosstotal",
    ],
    &[
        "paymentmethod",
        "payment",
        "paymenttype",
        "paidwith",
        "paidby",
        "paymentmode",
        "methodofpayment",
        "tender",
        "paytype",
    ],
    &[
        "name",
        "itemname",
        "description",
        "product",
        "productname",
        "item",
        "title",
        "article",
        "label",
        "itemdescription",
    ],
    &["quantity", "qty", "count", "units", "pieces", "quantitypurchased", "pcs", "number"],
    &[
        "price",
        "totalprice",
        "linetotal",
        "lineprice",
        "itemtotal",
        "itemprice",
        "amount",
        "total",
        "lineamount",
        "cost",
        "sum",
    ],
    &["unitprice", "priceperunit", "pricepereach", "singleprice", "price"],
    &["type", "documenttype", "doctype", "kind", "category", "documentkind"],
    &[
        "number",
        "documentnumber",
        "invoicenumber",
        "invoiceno",
        "reference",
        "referencenumber",
        "formnumber",
        "ourref",
        "ref",
        "documentno",
        "id",
        "invoiceid",
        "documentid",
    ],
    &[
        "sender",
        "sendername",
        "from",
        "issuer",
        "issuedby",
        "vendor",
        "supplier",
        "seller",
        "company",
        "organization",
        "organisation",
    ],
    &[
        "recipient",
        "recipientname",
        "to",
        "billto",
        "billedto",
        "addressee",
        "applicant",
        "receiver",
        "customer",
        "client",
        "customername",
        "applicantname",
    ],
    &["subject", "subjectline", "title", "re", "topic"],
    &["duedate", "paymentdue", "paymentduedate", "dateofpayment", "due", "payby", "payableby"],
    &["currency", "currencycode", "curr"],
    &["dateofbirth", "dob", "birthdate", "birthday", "born"],
    &[
        "checked",
        "checkedboxes",
        "tickedboxes",
        "ticked",
        "selected",
        "checkboxes",
        "checkedoptions",
        "selectedoptions",
    ],
    &["differences", "difference", "changes", "diffs", "diff", "changelist"],
    &["kind", "type", "change", "changetype", "changekind", "differencetype", "typeofchange"],
    &["element", "item", "object", "name", "what", "component", "elementname", "description", "location"],
    &[
        "before",
        "old",
        "from",
        "was",
        "oldvalue",
        "original",
        "first",
        "previous",
        "valuebefore",
        "beforevalue",
        "image1",
    ],
    &[
        "after",
        "new",
        "to",
        "now",
        "newvalue",
        "changed",
        "second",
        "current",
        "valueafter",
        "aftervalue",
        "image2",
    ],
    &[
        "label",
        "labels",
        "class",
        "category",
        "type",
        "classification",
        "predictedclass",
        "predictedlabel",
        "prediction",
        "predicted",
        "answer",
        "finalanswer",
        "result",
        "output",
        "kind",
        "classname",
        "labelname",
        "imagetype",
        "documenttype",
    ],
    &[
        "answer",
        "finalanswer",
        "value",
        "result",
        "response",
        "output",
        "solution",
        "finalvalue",
        "prediction",
        "ans",
        "conclusion",
    ],
];

/// A key without case, blanks and signs.
pub(super) fn plain_key(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An object whose fields can be found under their usual names.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    plain: OnceCell<HashMap<String, &'a String>>,
}

/// A field of an answer and the key it was found under.
pub(super) struct Found<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a Value,
}

impl<'a> Fields<'a> {
    pub(super) fn of(map: &'a Map<String, Value>) -> Self {
        Self { map, plain: OnceCell::new() }
    }

    /// The field `name`, else one that is called alike; the names of `others` stand for themselves.
    pub(super) fn get<'n>(&self, name: &str, mut others: impl Iterator<Item = &'n str>) -> Option<Found<'a>> {
        if let Some((key, value)) = self.map.get_key_value(name) {
            return Some(Found { key, value });
        }
        if self.map.is_empty() {
            return None;
        }
        let plain = self
            .plain
            .get_or_init(|| self.map.keys().take(MOST_KEYS).map(|key| (plain_key(key), key)).collect());
        let name = plain_key(name);
        let found = |name: &str| plain.get(name).map(|key| Found { key, value: &self.map[key.as_str()] });
        if let Some(found) = found(&name) {
            return Some(found);
        }
        let list = SYNONYMS.iter().find(|list| list[0] == name)?;
        let synonym = list[1..].iter().find(|synonym| plain.contains_key(**synonym))?;
        if others.any(|other| plain_key(other) == *synonym) {
            return None;
        }
        found(synonym)
    }
}

/// The object inside a value that has most of the fields, the outermost among equals, and how many it has.
///
/// Models wrap what they were asked for: `{"receipt": {…}, "confidence": 0.9}`, `[{…}]`, `{"result": {"label": …}}`.
pub(super) fn best_object<'a>(value: &'a Value, names: &[&str]) -> (Option<&'a Map<String, Value>>, usize) {
    let mut best = (value.as_object(), 0);
    look(value, names, 0, &mut best);
    best
}

fn look<'a>(
    value: &'a Value,
    names: &[&str],
    depth: usize,
    best: &mut (Option<&'a Map<String, Value>>, usize),
) {
    const DEEPEST: usize = 3;
    const WIDEST: usize = 10;
    match value {
        Value::Object(map) => {
            let fields = Fields::of(map);
            let others = |name| names.iter().copied().filter(move |other| *other != name);
            let count = names.iter().filter(|name| fields.get(name, others(**name)).is_some()).count();
            if count > best.1 {
                *best = (Some(map), count);
            }
            if depth < DEEPEST {
                let inner = map.iter().filter(|(key, _)| !names.contains(&key.as_str())).take(WIDEST);
                inner.for_each(|(_, value)| look(value, names, depth + 1, best));
            }
        }
        Value::Array(items) if items.len() == 1 && depth < DEEPEST => look(&items[0], names, depth + 1, best),
        _ => {}
    }
}
