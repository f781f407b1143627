//! Answers from the words of a page: the fields of a receipt, what stands beside a label, a cell of a table.

use serde_json::{Map, Value, json};

use super::asked::Asked;
use crate::layout::{Row, rows};
use crate::page::{Line, Page};
use crate::words::{contains_any, words};
use crate::{document, receipt};

/// The answer, or nothing where the page or the rules give none.
pub fn answer(page: &Page, asked: &Asked) -> Option<Value> {
    if asked.is_beyond_words() {
        return None;
    }
    let rows = rows(&page.lines);
    if asked.is_yes_no() {
        return mention(&rows, asked).map(|holds| json!(holds));
    }
    if asked.is_title() {
        return title(page).map(Value::from);
    }
    bill(page, &rows, asked).or_else(|| counted(&rows, asked)).or_else(|| named(page, &rows, asked))
}

/// Whether words in quotes stand on the page, where that is what is asked.
fn mention(rows: &[Row<'_>], asked: &Asked) -> Option<bool> {
    let verbs = [
        "mention",
        "mentions",
        "mentioned",
        "contain",
        "contains",
        "say",
        "says",
        "printed",
        "written",
        "appear",
    ];
    let [wanted] = &asked.quoted[..] else { return None };
    let text: Vec<String> = rows.iter().flat_map(|row| words(&row.text())).collect();
    let phrase = words(wanted).join(" ");
    (asked.says(&verbs) && !phrase.is_empty()).then(|| contains_any(&text, &[phrase.as_str()]))
}

/// The tallest line of the upper half, unless others are as tall.
fn title(page: &Page) -> Option<String> {
    let half = page.image.height() as f32 / 2.0;
    let upper = page.lines.iter().filter(|line| {
        !line.vertical && line.rect.top < half && line.text.chars().filter(|c| c.is_alphabetic()).count() >= 3
    });
    let mut ranked: Vec<&Line> = upper.collect();
    ranked.sort_by(|a, b| b.rect.height().total_cmp(&a.rect.height()));
    let clear = match ranked[..] {
        [first, second, ..] => first.rect.height() > 1.15 * second.rect.height(),
        [_] => true,
        [] => false,
    };
    clear.then(|| ranked[0].text.clone())
}

/// A sum, a date or a name of a receipt or an invoice.
fn bill(page: &Page, rows: &[Row<'_>], asked: &Asked) -> Option<Value> {
    let [invoice, letter, form] = document::signs(rows);
    let fields = match () {
        () if invoice >= 3 && invoice >= letter.max(form) => invoice_fields(page),
        () if receipt::priced_rows(page) >= 2 => receipt::receipt(page),
        () => return None,
    };
    let names = match () {
        () if asked.says(&["subtotal", "sub total", "net", "before tax", "without tax"]) => {
            ["subtotal"].as_slice()
        }
        () if asked.says(&["tax", "vat", "gst"]) => &["tax"],
        () if asked.says(&["tip", "gratuity"]) => &["tip"],
        () if asked.says(&["due date", "due by", "deadline", "when due", "payable by"]) => &["due_date"],
        () if asked.says(&["invoice number", "number of the invoice", "bill number"]) => &["number"],
        () if asked.says(&["how many items", "number of items"]) => return count_items(&fields),
        () if asked.says(&["total", "amount due", "sum", "grand total"]) => &["total"],
        () if asked.says(&["how much"]) => return price(&fields, asked),
        () if asked.says(&["price", "cost", "costs"]) => return price(&fields, asked),
        () if asked.says(&[
            "payment method",
            "paid with",
            "method of payment",
            "how was it paid",
            "cash or card",
        ]) =>
        {
            &["payment_method"]
        }
        () if asked.says(&["when", "what date", "what day", "which day", "date"]) => &["date"],
        () if asked.says(&[
            "which store",
            "what store",
            "which shop",
            "what shop",
            "name of the store",
            "name of the shop",
            "store",
            "shop",
            "merchant",
            "seller",
            "restaurant",
        ]) =>
        {
            &["store", "sender"]
        }
        () if asked.says(&["sender", "who sent", "who issued", "issued by", "supplier"]) => {
            &["sender", "store"]
        }
        () if asked.says(&["recipient", "billed to", "customer", "addressed to"]) => &["recipient"],
        () => return None,
    };
    names.iter().find_map(|name| fields.get(*name).filter(|value| !value.is_null()).cloned())
}

fn invoice_fields(page: &Page) -> Map<String, Value> {
    let names = ["date", "due_date", "number", "sender", "recipient", "subtotal", "tax", "total"];
    document::document(page, &names.map(str::to_owned))
}

fn count_items(fields: &Map<String, Value>) -> Option<Value> {
    let items = fields.get("items")?.as_array().filter(|items| !items.is_empty())?;
    Some(json!(items.len()))
}

/// Of the item that the question names; of the whole bill if it names none and asks what was paid.
fn price(fields: &Map<String, Value>, asked: &Asked) -> Option<Value> {
    let whole = asked.says(&["pay", "paid", "spent", "spend", "owe", "owed", "bill", "altogether"]);
    let all: Vec<String> =
        asked.words.iter().cloned().chain(asked.quoted.iter().flat_map(|name| words(name))).collect();
    let named = |item: &Value| -> usize {
        let name = words(item["name"].as_str().unwrap_or_default());
        name.iter().filter(|word| word.chars().count() > 2 && all.contains(word)).count()
    };
    let items = fields.get("items").and_then(Value::as_array);
    let mut ranked: Vec<(usize, &Value)> =
        items.into_iter().flatten().map(|item| (named(item), item)).collect();
    ranked.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    match ranked[..] {
        [(hits, item), ..] if hits > 0 && ranked.get(1).is_none_or(|(next, _)| *next < hits) => {
            Some(item["price"].clone())
        }
        _ if whole => fields.get("total").filter(|total| !total.is_null()).cloned(),
        _ => None,
    }
}

/// The number that stands before the things counted, as in "27 updates", if only one does.
fn counted(rows: &[Row<'_>], asked: &Asked) -> Option<Value> {
    if !asked.is_count() {
        return None;
    }
    let after = asked.words.iter().position(|word| word == "many" || word == "of" || word == "count")?;
    let things: Vec<&String> =
        asked.words[after + 1..].iter().filter(|word| word.chars().count() > 3).take(2).collect();
    let mut found: Vec<f64> = Vec::new();
    for row in rows {
        let text: Vec<String> = row.text().split_whitespace().map(str::to_owned).collect();
        for pair in text.windows(2) {
            let said = words(&pair[1]);
            let is_thing = things.first().is_some_and(|thing| said.contains(thing));
            let value = pair[0].trim_matches(|c: char| !c.is_alphanumeric());
            if let (true, Some(value)) = (is_thing, crate::chart::number(value, crate::chart::marks(value))) {
                found.push(value);
            }
        }
    }
    found.dedup();
    match found[..] {
        [only] => Some(crate::chart::plain(Some(only))),
        _ => None,
    }
}

/// What stands beside or below the label that the question names, or in the cell where a row and a heading meet.
fn named(page: &Page, rows: &[Row<'_>], asked: &Asked) -> Option<Value> {
    const OPENINGS: &[&str] = &["what", "which", "who", "when", "give", "name", "how"];
    if !asked.starts(OPENINGS) {
        return None;
    }
    if let Some(cell) = cell(rows, asked) {
        return Some(json!(cell));
    }
    let parts: Vec<String> = asked.words.iter().filter(|word| !is_small(word)).cloned().collect();
    let label = match &asked.quoted[..] {
        [label] => words(label),
        _ => parts,
    };
    (1..=4).contains(&label.len()).then(|| document::labelled(page, &label)).flatten().map(Value::from)
}

/// Words that name nothing.
fn is_small(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "what", "which", "who", "when", "how", "much", "many", "is", "are", "was", "were", "the", "a", "an",
        "of", "in", "on", "for", "at", "to", "this", "that", "does", "do", "did", "s", "it", "its", "here",
        "give", "name", "page", "document", "form", "picture", "image", "shown", "printed", "written",
        "stated", "listed", "has", "have",
    ];
    SMALL.contains(&word)
}

/// The cell of a table: in the row of one name, under a heading that the question also names.
fn cell(rows: &[Row<'_>], asked: &Asked) -> Option<String> {
    let all: Vec<String> =
        asked.words.iter().cloned().chain(asked.quoted.iter().flat_map(|name| words(name))).collect();
    let named = |line: &Line| -> bool {
        let said = words(&line.text);
        said.iter().any(|word| !is_small(word) && word.chars().count() > 1)
            && all.windows(said.len().max(1)).any(|window| window == said)
    };
    let (head, heading) = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.lines.len() >= 2)
        .find_map(|(at, row)| row.lines.iter().find(|line| named(line)).map(|line| (at, *line)))?;
    let row = rows[head + 1..]
        .iter()
        .find(|row| row.lines.len() >= 2 && row.lines.iter().any(|line| named(line)))?;
    let cell = row.lines.iter().filter(|line| !named(line));
    let cell = cell.max_by(|a, b| {
        let shared = |line: &Line| line.rect.horizontal_overlap(&heading.rect);
        shared(a).total_cmp(&shared(b))
    })?;
    (cell.rect.horizontal_overlap(&heading.rect) > 0.3).then(|| cell.text.clone())
}

#[cfg(test)]
mod tests;
