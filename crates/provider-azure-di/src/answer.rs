use std::collections::BTreeMap;

use serde::Deserialize;
use vision_core::{Evidence, Request, Response, Result, Stop, Task, Usage};
use vision_document::{Cell, Grid, Order, Pair, labelled, page_of, schema};
use vision_http::Reply;
use vision_http::tolerant::{count, items, lenient};

use crate::failure::Cause;
use crate::fields::{self, Field};
use crate::sheets::{Region, Sheets};

/// What a look shows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Looked {
    status: String,
    #[serde(default, deserialize_with = "lenient")]
    error: Option<Cause>,
    analyze_result: Option<Analyzed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analyzed {
    content: String,
    pages: Vec<Page>,
    #[serde(default, deserialize_with = "items")]
    tables: Option<Vec<Table>>,
    #[serde(default, deserialize_with = "items")]
    key_value_pairs: Option<Vec<KeyValue>>,
    #[serde(default, deserialize_with = "items")]
    documents: Option<Vec<Document>>,
    #[serde(default, deserialize_with = "lenient")]
    model_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default, deserialize_with = "count")]
    page_number: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    width: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    height: Option<f64>,
    #[serde(default, deserialize_with = "items")]
    words: Option<Vec<Word>>,
}

#[derive(Deserialize)]
struct Word {
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    #[serde(default, deserialize_with = "items")]
    cells: Option<Vec<TableCell>>,
    #[serde(default, deserialize_with = "lenient")]
    caption: Option<Words>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TableCell {
    row_index: usize,
    column_index: usize,
    content: String,
    #[serde(default, deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "items")]
    bounding_regions: Option<Vec<Region>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Words {
    content: String,
    #[serde(default, deserialize_with = "items")]
    bounding_regions: Option<Vec<Region>>,
}

#[derive(Deserialize)]
struct KeyValue {
    key: Words,
    #[serde(default, deserialize_with = "lenient")]
    value: Option<Words>,
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    fields: BTreeMap<String, Field>,
}

/// Whether there is nothing to read yet.
pub(crate) fn is_running(reply: &Reply) -> bool {
    let status = serde_json::from_slice::<Looked>(&reply.body).map(|looked| looked.status);
    matches!(status.as_deref(), Ok("notStarted" | "running"))
}

pub(crate) fn decode(reply: &Reply, request: &Request, host: &str) -> Result<Response> {
    let looked: Looked = reply.json()?;
    let analyzed = match (looked.status.as_str(), looked.error, looked.analyze_result) {
        ("succeeded", None, Some(analyzed)) => analyzed,
        // A document that cannot be read is told with status 200. Nothing says that the look at it is free.
        ("failed" | "canceled" | "skipped", cause, _) => {
            return Err(cause.unwrap_or_default().error(reply, host));
        }
        (_, Some(cause), _) => return Err(cause.error(reply, host)),
        (status, None, _) => {
            return Err(reply.malformed(format!("{host} says `{status}` and gives no result")));
        }
    };
    let pages = Some(analyzed.pages.len() as u64);
    let model = analyzed.model_id.clone();
    let (text, evidence) = analyzed.answer(request);
    Ok(Response {
        text,
        evidence,
        stop: Stop::Complete,
        usage: Usage { pages, ..Usage::default() },
        model,
        request_id: reply.request_id().map(str::to_owned),
        limits: reply.limits(),
        ..Response::default()
    })
}

impl Analyzed {
    fn answer(self, request: &Request) -> (String, Vec<Evidence>) {
        let sizes = self.pages.iter().filter_map(|page| Some((page.page_number?, page.width?, page.height?)));
        let sheets = Sheets::of(sizes);
        let schema = schema(request);
        let (answer, evidence) = match request.task {
            Task::ChartTable => {
                let tables = self.tables.into_iter().flatten().map(|table| table.grid(&sheets));
                Grid::answer(tables.collect())
            }
            Task::Receipt => fields::receipt(self.merged(), &sheets).answer(schema),
            Task::Document | Task::Extract => {
                let beside = self.pairs(&sheets);
                let merged = self.merged();
                let currency = fields::currency(&merged);
                let order =
                    currency.as_deref().map_or(Order::DayFirst, |code| Order::of_currency(Some(code)));
                // What has a type comes before what only stands beside a label.
                let mut pairs = fields::pairs(&merged, &sheets);
                let ours = fields::ours(&pairs, currency);
                pairs.extend(beside);
                // Our own names are for a schema: without one, they would be there twice.
                let named = if schema.is_some() { [ours, pairs].concat() } else { pairs };
                labelled(schema, &named, order)
            }
            _ => {
                let evidence = self.pages.iter().filter_map(Page::confidence).collect();
                return (self.content, evidence);
            }
        };
        (answer.to_string(), evidence)
    }

    /// The fields of all documents that were found: of two alike the first counts.
    fn merged(self) -> BTreeMap<String, Field> {
        let mut merged = BTreeMap::new();
        for (name, field) in self.documents.into_iter().flatten().flat_map(|document| document.fields) {
            merged.entry(name).or_insert(field);
        }
        merged
    }

    fn pairs(&self, sheets: &Sheets) -> Vec<Pair> {
        let pair = |found: &KeyValue| {
            let value = found.value.as_ref()?;
            let evidence = sheets.evidence(value.bounding_regions.as_deref(), found.confidence);
            Some(Pair { label: found.key.content.clone(), value: value.content.clone(), evidence })
        };
        self.key_value_pairs.iter().flatten().filter_map(pair).collect()
    }
}

impl Page {
    /// The mean confidence of its words.
    fn confidence(&self) -> Option<Evidence> {
        let words: Vec<f64> = self.words.as_ref()?.iter().filter_map(|word| word.confidence).collect();
        page_of(self.page_number.and_then(|number| u32::try_from(number).ok()), &words)
    }
}

impl Table {
    fn grid(self, sheets: &Sheets) -> Grid {
        let cell = |cell: TableCell| Cell {
            row: cell.row_index,
            column: cell.column_index,
            heading: cell.kind.as_deref() == Some("columnHeader"),
            evidence: Some(sheets.evidence(cell.bounding_regions.as_deref(), None)),
            text: cell.content,
        };
        Grid {
            title: self.caption.map(|caption| caption.content),
            cells: self.cells.into_iter().flatten().map(cell).collect(),
        }
    }
}
