//! CORD, read as receipts: `image/X.png` with `json/X.json`, or `metadata.jsonl`; both hold `gt_parse` of `menu`,
//! `sub_total` and `total`. It labels neither store nor date, so these are not judged.

use serde_json::{Map, Value, json};
use vision_core::Task;
use vision_files::TEXT;

use super::output::{Output, Row};
use super::sroie::{names, stem};
use super::{Import, amounts, donut};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let root = &import.input;
    output.use_task(Task::Receipt, import.prompt.as_ref());
    if root.join("metadata.jsonl").is_file() {
        return donut::metadata(root, output, &mut receipt);
    }
    let images = names(&root.join("image"))?;
    for label in names(&root.join("json"))? {
        let path = root.join("json").join(&label);
        let row = label_file(&path).and_then(|expected| {
            let image = images
                .iter()
                .find(|image| stem(image) == stem(&label))
                .ok_or("has no image of its name in `image`")?;
            let medium = output.copy(root, &format!("image/{image}"))?;
            Ok(Row { id: stem(&label).to_owned(), media: vec![medium], expected, ..Row::default() })
        });
        match row {
            Ok(row) => output.case(row)?,
            Err(message) => output.refuse(Problem::new(&path, message)),
        }
    }
    Ok(())
}

fn label_file(path: &std::path::Path) -> Result<Value, String> {
    let text = vision_files::read_text(path, TEXT).map_err(|refused| refused.to_string())?;
    let value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let truth = if value["ground_truth"].is_null() { &value } else { &value["ground_truth"] };
    receipt(&donut::ground_truth(truth)?)
}

/// A `gt_parse` as a receipt.
pub(super) fn receipt(parse: &Value) -> Result<Value, String> {
    let mut expected = Map::new();
    let menu = match &parse["menu"] {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        // A single item is not in a list.
        item => vec![item],
    };
    let items = menu.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
    if !items.is_empty() {
        expected.insert("items".to_owned(), items.into());
    }
    for (group, key, field) in [
        ("sub_total", "subtotal_price", "subtotal"),
        ("sub_total", "tax_price", "tax"),
        ("total", "total_price", "total"),
    ] {
        // What is not in `gt_parse` may still be printed: it is not labelled, and not labelled absent.
        if let Some(text) = text(&parse[group][key]) {
            let amount =
                amounts::rupiah(&text).ok_or_else(|| format!("`{group}.{key}` is no amount: `{text}`"))?;
            expected.insert(field.to_owned(), amount);
        }
    }
    if let Some(method) = payment(&parse["total"]) {
        expected.insert("payment_method".to_owned(), method.into());
    }
    match expected.is_empty() {
        true => Err("`gt_parse` has neither items nor totals".to_owned()),
        false => Ok(expected.into()),
    }
}

fn item(item: &Value) -> Result<Value, String> {
    let name = text(&item["nm"]).ok_or("an item of `menu` has no `nm`")?;
    let mut label = Map::new();
    if let Some(count) = text(&item["cnt"]) {
        let count =
            amounts::count(&count).ok_or_else(|| format!("`cnt` of `{name}` is no number: `{count}`"))?;
        label.insert("quantity".to_owned(), count);
    }
    if let Some(price) = text(&item["price"]) {
        let amount =
            amounts::rupiah(&price).ok_or_else(|| format!("`price` of `{name}` is no amount: `{price}`"))?;
        label.insert("price".to_owned(), amount);
    }
    label.insert("name".to_owned(), name.into());
    Ok(json!(label))
}

/// Only if one way of paying is named.
fn payment(total: &Value) -> Option<&'static str> {
    let ways = [("cashprice", "cash"), ("creditcardprice", "card"), ("emoneyprice", "mobile")];
    let mut named = ways.into_iter().filter(|(key, _)| !total[*key].is_null()).map(|(_, way)| way);
    named.next().filter(|_| named.next().is_none())
}

/// A text; its lines, if it stands on several.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(lines) => {
            let lines: Option<Vec<&str>> = lines.iter().map(Value::as_str).collect();
            lines.filter(|lines| !lines.is_empty()).map(|lines| lines.join(" "))
        }
        _ => None,
    }
}
