//! The `document` task: its type, and the fields a schema names, by the words in front of them.

use serde_json::{Map, Value, json};

use crate::dates::{self, Date, Order};
use crate::layout::{Row, rows};
use crate::page::Page;
use crate::receipt::{Shape, Style, amounts};
use crate::words::{contains, contains_any, words};

/// Reads a page as an invoice, a letter or a form; `fields` are the names the schema asks for.
pub fn document(page: &Page, fields: &[String]) -> Map<String, Value> {
    let rows = rows(&page.lines);
    let reader = Reader { rows: &rows, style: Style::of(page.lines.iter().map(|line| line.text.as_str())) };
    let usual = || ["type", "date", "total", "number", "sender"].map(str::to_owned).to_vec();
    let names = if fields.is_empty() { usual() } else { fields.to_vec() };
    names.into_iter().map(|name| (name.clone(), reader.field(&name))).collect()
}

/// What stands beside or below the label with these words.
pub fn labelled(page: &Page, label: &[String]) -> Option<String> {
    let rows = rows(&page.lines);
    Reader { rows: &rows, style: Style::of([].into_iter()) }.labelled(label)
}

/// How many words of an invoice, a letter and a form stand on a page.
pub fn signs(rows: &[Row<'_>]) -> [usize; 3] {
    let all: Vec<String> = rows.iter().flat_map(|row| words(&row.text())).collect();
    [INVOICE, LETTER, FORM].map(|phrases| phrases.iter().filter(|phrase| contains(&all, phrase)).count())
}

const INVOICE: &[&str] = &[
    "invoice",
    "rechnung",
    "facture",
    "fattura",
    "factura",
    "amount due",
    "unit price",
    "bill to",
    "billed to",
    "iban",
    "payment terms",
    "due date",
    "purchase order",
    "description",
    "invoice no",
];
const LETTER: &[&str] = &[
    "dear",
    "sincerely",
    "regards",
    "yours",
    "sehr geehrte",
    "madame",
    "subject",
    "faithfully",
    "cordialement",
    "truly",
    "freundlichen",
    "enclosed",
    "look forward",
];
const FORM: &[&str] = &[
    "form",
    "application",
    "applicant",
    "please print",
    "signature",
    "date of birth",
    "formular",
    "antrag",
    "registration",
    "surname",
    "first name",
    "last name",
    "yes",
    "no",
    "permit",
    "tick",
    "block capitals",
    "office use",
    "declaration",
    "signed",
    "address",
    "postcode",
    "phone",
    "email",
];

struct Reader<'a> {
    rows: &'a [Row<'a>],
    style: Style,
}

impl Reader<'_> {
    fn field(&self, name: &str) -> Value {
        let parts: Vec<String> = name.split(['_', '-']).map(str::to_lowercase).collect();
        let is = |word: &str| parts.iter().any(|part| part == word);
        match () {
            () if is("type") => json!(self.kind()),
            () if is("date") || is("due") || is("deadline") || is("birthday") => {
                json!(self.date(&parts).map(Date::iso))
            }
            () if is("total")
                || is("amount")
                || is("subtotal")
                || is("tax")
                || is("net")
                || is("vat")
                || is("balance") =>
            {
                self.money(&parts)
            }
            () if is("sender")
                || is("vendor")
                || is("from")
                || is("company")
                || is("seller")
                || is("supplier") =>
            {
                json!(self.sender(&parts))
            }
            () if is("recipient") || is("customer") || is("buyer") || is("to") || is("client") => {
                json!(self.recipient(&parts))
            }
            () => json!(self.labelled(&parts)),
        }
    }

    fn kind(&self) -> &'static str {
        let [invoice, letter, form] = signs(self.rows);
        match () {
            () if invoice >= letter && invoice >= form => "invoice",
            () if letter >= form => "letter",
            () => "form",
        }
    }

    /// The date whose row shares most words with the field's name.
    fn date(&self, parts: &[String]) -> Option<Date> {
        let dated =
            self.rows.iter().flat_map(dated_cells).enumerate().map(|(at, (text, date))| (at, text, date));
        let special: Vec<&str> = parts.iter().map(String::as_str).filter(|part| *part != "date").collect();
        let score = |text: &str| {
            let words = words(text);
            let named = special.iter().filter(|part| contains(&words, part)).count() * 4;
            let other = contains_any(
                &words,
                &["due", "birth", "delivery", "until", "by", "fallig", "zahlbar", "period"],
            );
            named
                + usize::from(contains_any(&words, &["date", "datum", "dated"]))
                + if special.is_empty() && !other { 2 } else { 0 }
        };
        dated
            .map(|(at, text, date)| (score(&text), std::cmp::Reverse(at), date))
            .filter(|(score, _, _)| special.is_empty() || *score >= 4)
            .max_by_key(|(score, at, _)| (*score, *at))
            .map(|(_, _, date)| date)
    }

    /// The last amount of the row named like the field; of a total the surest and last one.
    fn money(&self, parts: &[String]) -> Value {
        let wanted: &[&str] = match () {
            () if parts.iter().any(|part| part == "subtotal" || part == "net") => {
                &["subtotal", "net", "netto", "zwischensumme", "sous total"]
            }
            () if parts.iter().any(|part| part == "tax" || part == "vat") => {
                &["vat", "tax", "mwst", "tva", "iva", "ust", "gst", "btw"]
            }
            () => &[
                "total",
                "amount due",
                "balance due",
                "gesamtbetrag",
                "summe",
                "total due",
                "to pay",
                "zu zahlen",
                "montant",
                "totale",
                "amount",
            ],
        };
        let is_total = wanted.contains(&"total");
        let found = self.rows.iter().rev().find_map(|row| {
            let text = row.text();
            let words = words(&text);
            let partial = is_total
                && contains_any(&words, &["subtotal", "net", "sub total", "vat", "tax"])
                && !contains_any(&words, &["incl", "including", "gross", "due"]);
            let amount =
                amounts(&text, self.style).into_iter().rfind(|amount| amount.shape == Shape::Price)?;
            (contains_any(&words, wanted) && !partial).then_some(amount.money)
        });
        found.map_or(Value::Null, |money| money.json())
    }

    /// What a label names it, else the first words of the page.
    fn sender(&self, parts: &[String]) -> Option<String> {
        let titles = ["invoice", "rechnung", "letter", "form", "facture", "application"];
        let is_name = |row: &&Row<'_>| {
            let words = words(&row.text());
            !words.is_empty()
                && (words.len() > 2 || !contains_any(&words, &titles))
                && row.text().chars().filter(|c| c.is_alphabetic()).count() >= 3
        };
        self.labelled(parts).or_else(|| {
            let row = self.rows.iter().take(6).find(is_name)?;
            row.lines.iter().map(|line| line.text.clone()).find(|text| !contains_any(&words(text), &titles))
        })
    }

    /// The line under or beside `Bill to`, or the name a letter addresses.
    fn recipient(&self, parts: &[String]) -> Option<String> {
        let marks = ["bill to", "billed to", "to", "customer", "an", "recipient", "ship to", "client"];
        let at = self.rows.iter().position(|row| {
            row.lines
                .iter()
                .any(|line| words(&line.text).len() <= 3 && contains_any(&words(&line.text), &marks))
        });
        let below = at.and_then(|at| {
            let left =
                self.rows[at].lines.iter().find(|line| contains_any(&words(&line.text), &marks))?.rect.left;
            let row = self.rows.get(at + 1)?;
            row.lines
                .iter()
                .min_by(|a, b| (a.rect.left - left).abs().total_cmp(&(b.rect.left - left).abs()))
                .map(|line| line.text.clone())
        });
        self.labelled(parts).or(below)
    }

    /// What stands behind a label with the field's words: after its colon, beside it, or below it.
    fn labelled(&self, parts: &[String]) -> Option<String> {
        let phrase = parts.join(" ");
        for (at, row) in self.rows.iter().enumerate() {
            for (index, line) in row.lines.iter().enumerate() {
                let (label, value) = line.text.split_once([':', '#']).unwrap_or((&line.text, ""));
                let said = words(label);
                let named = contains(&said, &phrase)
                    || parts.iter().all(|part| said.iter().any(|word| same_or_short(word, part)));
                if !named || said.len() > parts.len() + 2 {
                    continue;
                }
                let beside = row.lines.get(index + 1).map(|line| line.text.clone());
                let below = self.rows.get(at + 1).and_then(|row| {
                    row.lines
                        .iter()
                        .find(|below| below.rect.horizontal_overlap(&line.rect) > 0.3)
                        .map(|line| line.text.clone())
                });
                let value = Some(value.trim().trim_start_matches(['#', ':', '.']).trim().to_owned())
                    .filter(|value| !value.is_empty());
                return value.or(beside).or(below);
            }
        }
        None
    }
}

/// The cells of a row that hold a date, each with the words before it.
fn dated_cells(row: &Row<'_>) -> Vec<(String, Date)> {
    let mut label = String::new();
    let mut found = Vec::new();
    for line in &row.lines {
        let text = format!("{label} {}", line.text);
        match dates::find(&line.text, Order::DayFirst) {
            Some(date) => {
                found.push((text, date));
                label.clear();
            }
            None => label.clone_from(&line.text),
        }
    }
    found
}

/// `No.` and `Nr` say number.
fn same_or_short(word: &str, part: &str) -> bool {
    word == part || (part == "number" && matches!(word, "no" | "nr" | "num" | "nummer" | "numero" | "n"))
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::layout;
    use crate::layout::tests::line;

    #[track_caller]
    fn check(rows: &[&[(&str, f32)]], fields: &[(&str, Value)]) {
        let cells = rows
            .iter()
            .zip(0..)
            .flat_map(|(row, at)| row.iter().map(move |(text, left)| line(text, *left, 30.0 * at as f32)));
        let page = Page { image: RgbImage::new(800, 1000), lines: layout::arrange(cells.collect()) };
        let names: Vec<String> = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        let found = document(&page, &names);
        for (name, wanted) in fields {
            assert_eq!(&found[*name], wanted, "{name}");
        }
    }

    #[test]
    fn reads_the_fields_of_an_invoice() {
        check(
            &[
                &[("Northwind Traders", 0.0), ("INVOICE", 600.0)],
                &[("Invoice number: INV-2041", 0.0)],
                &[("Invoice date: 14 March 2025", 0.0), ("Due date: 13 April 2025", 450.0)],
                &[("Bill to", 0.0)],
                &[("Harbour Cafe", 0.0)],
                &[("Subtotal", 400.0), ("$100.00", 700.0)],
                &[("VAT 20%", 400.0), ("$20.00", 700.0)],
                &[("Total", 400.0), ("$120.00", 700.0)],
            ],
            &[
                ("type", json!("invoice")),
                ("date", json!("2025-03-14")),
                ("due_date", json!("2025-04-13")),
                ("invoice_number", json!("INV-2041")),
                ("sender", json!("Northwind Traders")),
                ("recipient", json!("Harbour Cafe")),
                ("total", json!(120)),
                ("tax", json!(20)),
                ("iban", Value::Null),
            ],
        );
    }

    #[test]
    fn tells_letters_and_forms() {
        check(&[&[("Dear Ms Lee,", 0.0)], &[("Yours sincerely", 0.0)]], &[("type", json!("letter"))]);
        check(
            &[&[("APPLICATION FORM", 0.0)], &[("Date of birth", 0.0)], &[("Signature", 0.0)]],
            &[("type", json!("form"))],
        );
    }
}
