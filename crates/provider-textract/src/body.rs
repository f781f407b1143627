use serde::Serialize;
use vision_core::{Error, ErrorKind, Request, Result};
use vision_document::{fields, only_medium, schema};
use vision_http::{Base64, Body, Call, Method};

use crate::Model;

/// The body of any operation. Field order is the order on the wire.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Operation<'a> {
    document: Document<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature_types: Option<[&'static str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queries_config: Option<Queries>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    bytes: Base64<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Queries {
    queries: Vec<Query>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    text: String,
    alias: String,
}

/// What the service takes in one request.
const MOST_QUERIES: usize = 15;
const LONGEST_QUERY: usize = 200;

pub(crate) fn call(base_url: &str, model: Model, request: &Request) -> Result<Call> {
    let (target, feature) = match model {
        Model::Expense => ("Textract.AnalyzeExpense", None),
        Model::Text => ("Textract.DetectDocumentText", None),
        Model::Tables => ("Textract.AnalyzeDocument", Some(["TABLES"])),
        Model::Forms => ("Textract.AnalyzeDocument", Some(["FORMS"])),
        Model::Queries => ("Textract.AnalyzeDocument", Some(["QUERIES"])),
    };
    let operation = Operation {
        document: Document { bytes: Base64(only_medium(request)?) },
        feature_types: feature,
        queries_config: if model == Model::Queries { Some(queries(request)?) } else { None },
    };
    let content_type = "application/x-amz-json-1.1".to_owned();
    let body = Body::Raw { content_type, bytes: vision_http::json(&operation)? };
    let mut call = Call::new(Method::Post, vision_http::join(base_url, ""), body);
    call.headers.push(("x-amz-target", target.to_owned()));
    Ok(call)
}

/// The name under which the answer to a field's question comes back.
pub(crate) fn alias(place: usize) -> String {
    format!("field-{place}")
}

fn queries(request: &Request) -> Result<Queries> {
    let unsupported = |message: String| Error::new(ErrorKind::Unsupported, message);
    let schema = schema(request);
    let fields = schema.map(fields).unwrap_or_default();
    if fields.is_empty() {
        let message = "it asks for the fields of a schema, and this question has none: use the model `forms`";
        return Err(unsupported(message.to_owned()));
    }
    if fields.len() > MOST_QUERIES {
        let count = fields.len();
        return Err(unsupported(format!(
            "it takes {MOST_QUERIES} questions at most, and the schema has {count} fields"
        )));
    }
    let query = |(place, question): (usize, String)| Query { text: plain(&question), alias: alias(place) };
    Ok(Queries { queries: fields.iter().map(|field| field.question()).enumerate().map(query).collect() })
}

/// Questions are in ASCII, and short.
fn plain(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        '–' | '—' => '-',
        other => other,
    });
    letters.filter(|letter| (' '..='~').contains(letter)).take(LONGEST_QUERY).collect()
}
