use serde::Deserialize;
use vision_core::{Evidence, Response, Result, Stop, Usage};
use vision_document::page;
use vision_http::Reply;
use vision_http::tolerant::{count, items, lenient};

use crate::{failure, markdown};

/// The body of an answer. Only `pages` make it one.
#[derive(Deserialize)]
struct Answer {
    pages: Vec<Page>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    document_annotation: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    usage_info: Option<Counters>,
}

#[derive(Deserialize)]
struct Page {
    /// From 0.
    #[serde(default, deserialize_with = "count")]
    index: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    markdown: Option<String>,
    #[serde(default, deserialize_with = "items")]
    tables: Option<Vec<Table>>,
    #[serde(default, deserialize_with = "lenient")]
    confidence_scores: Option<Scores>,
}

#[derive(Deserialize)]
struct Table {
    id: String,
    content: String,
}

#[derive(Deserialize)]
struct Scores {
    #[serde(default, deserialize_with = "lenient")]
    average_page_confidence_score: Option<f64>,
}

#[derive(Deserialize)]
struct Counters {
    #[serde(default, deserialize_with = "count")]
    pages_processed: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pages_processed_annotation: Option<u64>,
}

pub(crate) fn decode(reply: &Reply, host: &str) -> Result<Response> {
    let answer: Answer = match reply.json() {
        Ok(answer) => answer,
        Err(_) if failure::is_failure(reply) => return Err(failure::decode(reply, host)),
        Err(error) => return Err(error),
    };
    let annotation = answer.document_annotation.filter(|text| !text.trim().is_empty());
    let counted = answer.usage_info.as_ref();
    let pages = counted.and_then(|counted| counted.pages_processed);
    let annotated = counted.and_then(|counted| counted.pages_processed_annotation);
    let usage = Usage {
        pages,
        // The service's own library does not name this counter: where it is missing, each page is an annotated one.
        annotated_pages: annotated.or(if annotation.is_some() { pages } else { Some(0) }),
        ..Usage::default()
    };
    let evidence = answer.pages.iter().filter_map(confidence).collect();
    let text = annotation.unwrap_or_else(|| {
        let texts: Vec<String> = answer.pages.iter().map(Page::text).collect();
        texts.join("\n\n").trim().to_owned()
    });
    Ok(Response {
        text,
        stop: Stop::Complete,
        usage,
        model: answer.model,
        request_id: reply.request_id().map(str::to_owned),
        limits: reply.limits(),
        evidence,
        ..Response::default()
    })
}

/// How sure the engine is of a page as a whole.
fn confidence(read: &Page) -> Option<Evidence> {
    let score = read.confidence_scores.as_ref()?.average_page_confidence_score;
    let number = read.index.and_then(|index| u32::try_from(index).ok()?.checked_add(1));
    page(number, score)
}

impl Page {
    /// Its text in reading order, without markup, and with the tables that stand apart back in their places.
    fn text(&self) -> String {
        let text = self.markdown.as_deref().unwrap_or_default();
        let tables = self.tables.iter().flatten();
        let whole = tables.fold(text.to_owned(), |text, table| {
            text.replace(&format!("[{0}]({0})", table.id), &table.content)
        });
        markdown::plain(&whole)
    }
}
