use serde::Deserialize;
use serde_json::Value;
use vision_core::{ErrorKind, Evidence, Request, Response, Result, Stop, Task, Usage};
use vision_document::{Cell, Grid, Order, Pair, labelled, page, schema};
use vision_http::Reply;
use vision_http::tolerant::{items, lenient};

use crate::Kind;
use crate::entities::{Entities, Entity, Polygon};

/// The body of an answer. Zero values are left out of everything.
#[derive(Deserialize)]
struct Answer {
    document: Document,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "items")]
    pages: Option<Vec<Page>>,
    #[serde(default, deserialize_with = "items")]
    entities: Option<Vec<Entity>>,
    #[serde(default, deserialize_with = "lenient")]
    error: Option<Trouble>,
}

/// What went wrong with a part of the document.
#[derive(Deserialize)]
struct Trouble {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

impl Trouble {
    fn kind(&self) -> ErrorKind {
        const INVALID_ARGUMENT: i64 = 3;
        if self.code == INVALID_ARGUMENT { ErrorKind::InvalidRequest } else { ErrorKind::Unavailable }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default, deserialize_with = "lenient")]
    page_number: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    layout: Option<Layout>,
    #[serde(default, deserialize_with = "items")]
    tables: Option<Vec<Table>>,
    #[serde(default, deserialize_with = "items")]
    form_fields: Option<Vec<FormField>>,
}

/// Where some words stand: in the text, and on the page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layout {
    #[serde(default, deserialize_with = "lenient")]
    text_anchor: Option<TextAnchor>,
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    bounding_poly: Option<Polygon>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TextAnchor {
    #[serde(default, deserialize_with = "items")]
    text_segments: Option<Vec<Segment>>,
}

/// Numbers are written as text, and left out where they are 0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Segment {
    #[serde(default)]
    start_index: Value,
    #[serde(default)]
    end_index: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    #[serde(default, deserialize_with = "items")]
    header_rows: Option<Vec<Row>>,
    #[serde(default, deserialize_with = "items")]
    body_rows: Option<Vec<Row>>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default, deserialize_with = "items")]
    cells: Option<Vec<TableCell>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TableCell {
    #[serde(default, deserialize_with = "lenient")]
    layout: Option<Layout>,
    #[serde(default, deserialize_with = "lenient")]
    col_span: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FormField {
    #[serde(default, deserialize_with = "lenient")]
    field_name: Option<Layout>,
    #[serde(default, deserialize_with = "lenient")]
    field_value: Option<Layout>,
    #[serde(default, deserialize_with = "lenient")]
    value_type: Option<String>,
}

pub(crate) fn decode(kind: Kind, request: &Request, reply: &Reply, host: &str) -> Result<Response> {
    let Answer { document } = reply.json()?;
    let stop = match &document.error {
        // What could be read is an answer, which says what it lacks.
        Some(trouble) if document.has_content() => Stop::Other(format!("partial: {}", trouble.message)),
        Some(trouble) => {
            let message = format!("{host} could not read the document: {}", trouble.message);
            return Err(reply.error(trouble.kind(), message));
        }
        None => Stop::Complete,
    };
    let pages = document.pages.as_ref().map(|pages| pages.len() as u64);
    let (text, evidence) = document.answer(kind, request);
    Ok(Response {
        text,
        evidence,
        stop,
        usage: Usage { pages, ..Usage::default() },
        request_id: reply.request_id().map(str::to_owned),
        limits: reply.limits(),
        ..Response::default()
    })
}

impl Document {
    fn has_content(&self) -> bool {
        self.text.as_deref().is_some_and(|text| !text.trim().is_empty())
            || self.entities.as_ref().is_some_and(|entities| !entities.is_empty())
    }

    fn answer(&self, kind: Kind, request: &Request) -> (String, Vec<Evidence>) {
        let entities = Entities(self.entities.as_deref().unwrap_or_default());
        let schema = schema(request);
        let (answer, evidence) = match (request.task, kind) {
            (Task::Receipt, _) => entities.receipt().answer(schema),
            (Task::ChartTable, _) => Grid::answer(self.tables()),
            (Task::Document | Task::Extract, Kind::Form) => {
                labelled(schema, &self.pairs(), Order::MonthFirst)
            }
            (Task::Document | Task::Extract, _) => {
                let order = Order::of_currency(entities.currency().as_deref());
                // Our own names are for a schema: without one, they would be there twice.
                let ours = if schema.is_some() { entities.ours() } else { Vec::new() };
                labelled(schema, &[ours, entities.pairs()].concat(), order)
            }
            _ => {
                let text = self.text.as_deref().unwrap_or_default().trim_end_matches('\n').to_owned();
                return (text, self.pages().iter().filter_map(Page::confidence).collect());
            }
        };
        (answer.to_string(), evidence)
    }

    fn pages(&self) -> &[Page] {
        self.pages.as_deref().unwrap_or_default()
    }

    fn tables(&self) -> Vec<Grid> {
        let tables =
            self.pages().iter().flat_map(|page| page.tables.iter().flatten().map(move |table| (page, table)));
        tables.map(|(page, table)| self.grid(page, table)).collect()
    }

    fn grid(&self, page: &Page, table: &Table) -> Grid {
        let head = table.header_rows.iter().flatten().map(|row| (true, row));
        let rows = head.chain(table.body_rows.iter().flatten().map(|row| (false, row)));
        let mut cells = Vec::new();
        for (row, (heading, content)) in rows.enumerate() {
            let mut column = 0;
            for cell in content.cells.iter().flatten() {
                let text = cell.layout.as_ref().map(|layout| self.words(layout)).unwrap_or_default();
                let evidence = cell.layout.as_ref().map(|layout| page.evidence(layout));
                cells.push(Cell { row, column, text, heading, evidence });
                column += cell.col_span.unwrap_or(1).clamp(1, 100);
            }
        }
        Grid { title: None, cells }
    }

    fn pairs(&self) -> Vec<Pair> {
        let fields =
            self.pages().iter().flat_map(|page| page.form_fields.iter().flatten().map(move |it| (page, it)));
        let pair = |(page, field): (&Page, &FormField)| {
            let value = field.field_value.as_ref()?;
            let words = match field.value_type.as_deref() {
                Some("filled_checkbox") => "x".to_owned(),
                Some("unfilled_checkbox") => String::new(),
                _ => self.words(value),
            };
            let label = self.words(field.field_name.as_ref()?);
            (!words.is_empty()).then_some(Pair { label, value: words, evidence: page.evidence(value) })
        };
        fields.filter_map(pair).collect()
    }

    /// The words that a layout points to. Places are counted in letters and not in bytes.
    fn words(&self, layout: &Layout) -> String {
        let text = self.text.as_deref().unwrap_or_default();
        let segments = layout.text_anchor.iter().flat_map(|anchor| anchor.text_segments.iter().flatten());
        let words = segments.map(|segment| {
            let (start, end) = (index(&segment.start_index), index(&segment.end_index));
            text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>()
        });
        words.collect::<String>().trim().to_owned()
    }
}

fn index(value: &Value) -> usize {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}

impl Page {
    fn number(&self) -> u32 {
        self.page_number.unwrap_or(1).max(1)
    }

    fn confidence(&self) -> Option<Evidence> {
        page(Some(self.number()), self.layout.as_ref()?.confidence)
    }

    fn evidence(&self, layout: &Layout) -> Evidence {
        let bounds = layout.bounding_poly.as_ref().and_then(Polygon::bounds);
        let evidence = Evidence { page: Some(self.number()), bounds, ..Evidence::default() };
        evidence.with_confidence(layout.confidence)
    }
}
