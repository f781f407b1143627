use serde::Serialize;
use vision_core::{Error, ErrorKind, Request, Result};
use vision_document::{fields, only_medium, schema};
use vision_http::{Base64, Body, Call, Method};

use crate::Model;

/// The body of an operation that reads. Field order is the order on the wire.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Operation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Document<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_token: Option<&'a str>,
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
struct Location<'a> {
    s3_object: Object<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Object<'a> {
    bucket: &'a str,
    name: &'a str,
}

/// The body of a look at a job.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Look<'a> {
    job_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<&'a str>,
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
    /// Without it only the first page of a document is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<[&'static str; 1]>,
}

/// What the service takes in one request, and in one job.
const MOST_QUERIES: usize = 15;
const MOST_QUERIES_OF_JOB: usize = 30;
const LONGEST_QUERY: usize = 200;

/// The call that has one page read.
pub(crate) fn call(base_url: &str, model: Model, request: &Request) -> Result<Call> {
    let target = match model {
        Model::Expense => "AnalyzeExpense",
        Model::Text => "DetectDocumentText",
        Model::Tables | Model::Forms | Model::Queries => "AnalyzeDocument",
    };
    let document = Document { bytes: Base64(only_medium(request)?) };
    let queries = || queries(request, MOST_QUERIES, None);
    let operation = Operation { document: Some(document), ..Operation::of(model, queries)? };
    Ok(post(base_url, target, vision_http::json(&operation)?))
}

/// Where a document lies, and the token of the job that reads it.
pub(crate) struct Place<'a> {
    pub bucket: &'a str,
    pub name: &'a str,
    pub token: &'a str,
}

/// The call that begins a job on a document in a bucket.
pub(crate) fn start(base_url: &str, model: Model, request: &Request, place: Place<'_>) -> Result<Call> {
    let location = Location { s3_object: Object { bucket: place.bucket, name: place.name } };
    let queries = || queries(request, MOST_QUERIES_OF_JOB, Some(["*"]));
    let operation = Operation {
        document_location: Some(location),
        client_request_token: Some(place.token),
        ..Operation::of(model, queries)?
    };
    Ok(post(base_url, &format!("Start{}", job(model)), vision_http::json(&operation)?))
}

/// The call that looks at a job, or at the part of its result that begins with this token.
pub(crate) fn look(base_url: &str, model: Model, job_id: &str, next_token: Option<&str>) -> Result<Call> {
    Ok(post(base_url, &format!("Get{}", job(model)), vision_http::json(&Look { job_id, next_token })?))
}

fn job(model: Model) -> &'static str {
    match model {
        Model::Expense => "ExpenseAnalysis",
        Model::Text => "DocumentTextDetection",
        Model::Tables | Model::Forms | Model::Queries => "DocumentAnalysis",
    }
}

impl Operation<'_> {
    fn of(model: Model, queries: impl FnOnce() -> Result<Queries>) -> Result<Self> {
        let feature = match model {
            Model::Expense | Model::Text => None,
            Model::Tables => Some(["TABLES"]),
            Model::Forms => Some(["FORMS"]),
            Model::Queries => Some(["QUERIES"]),
        };
        let queries_config = if model == Model::Queries { Some(queries()?) } else { None };
        Ok(Self {
            document: None,
            document_location: None,
            client_request_token: None,
            feature_types: feature,
            queries_config,
        })
    }
}

fn post(base_url: &str, target: &str, bytes: vision_http::Pieces) -> Call {
    let content_type = "application/x-amz-json-1.1".to_owned();
    let mut call =
        Call::new(Method::Post, vision_http::join(base_url, ""), Body::Raw { content_type, bytes });
    call.headers.push(("x-amz-target", format!("Textract.{target}")));
    call
}

/// The name under which the answer to a field's question comes back.
pub(crate) fn alias(place: usize) -> String {
    format!("field-{place}")
}

fn queries(request: &Request, most: usize, pages: Option<[&'static str; 1]>) -> Result<Queries> {
    let unsupported = |message: String| Error::new(ErrorKind::Unsupported, message);
    let schema = schema(request);
    let fields = schema.map(fields).unwrap_or_default();
    if fields.is_empty() {
        let message = "it asks for the fields of a schema, and this question has none: use the model `forms`";
        return Err(unsupported(message.to_owned()));
    }
    if fields.len() > most {
        let count = fields.len();
        return Err(unsupported(format!(
            "it takes {most} questions at most, and the schema has {count} fields"
        )));
    }
    let query =
        |(place, question): (usize, String)| Query { text: plain(&question), alias: alias(place), pages };
    Ok(Queries { queries: fields.iter().map(|field| field.question()).enumerate().map(query).collect() })
}

/// Questions are in ASCII, and short. A letter with a mark is written as people do who have no such key.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match letter {
            ' '..='~' => plain.push(letter),
            _ => plain.push_str(spelled(letter)),
        }
    }
    plain.truncate(LONGEST_QUERY);
    plain
}

fn spelled(letter: char) -> &'static str {
    match letter {
        '’' | '‘' => "'",
        '“' | '”' => "\"",
        '–' | '—' => "-",
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'Ä' | 'Æ' => "Ae",
        'Ö' | 'Œ' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
        'À' | 'Á' | 'Â' | 'Ã' | 'Å' => "A",
        'ç' | 'ć' | 'č' => "c",
        'Ç' => "C",
        'è' | 'é' | 'ê' | 'ë' | 'ę' => "e",
        'È' | 'É' | 'Ê' | 'Ë' => "E",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'Ì' | 'Í' | 'Î' | 'Ï' => "I",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'Ñ' => "N",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ø' => "O",
        'ś' | 'š' => "s",
        'ù' | 'ú' | 'û' => "u",
        'Ù' | 'Ú' | 'Û' => "U",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_QUERY, plain};

    #[test]
    fn a_question_is_spelled_in_ascii() {
        assert_eq!(plain("Größe – “Straße” à l’été?"), "Groesse - \"Strasse\" a l'ete?");
        assert_eq!(plain(&"ü".repeat(300)).len(), LONGEST_QUERY);
    }
}
