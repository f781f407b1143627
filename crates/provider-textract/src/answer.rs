use serde::Deserialize;
use serde_json::{Map, Value};
use vision_core::{Evidence, Request, Response, Result, Stop, Usage};
use vision_document::{Grid, Order, fields, labelled, schema};
use vision_http::Reply;
use vision_http::tolerant::{count, items, lenient};

use crate::Model;
use crate::blocks::{Block, Graph};
use crate::body::alias;
use crate::expense::Expense;

/// The body of an answer of any operation, or all parts of a job's.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Answer {
    #[serde(default, deserialize_with = "lenient")]
    document_metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "items")]
    blocks: Option<Vec<Block>>,
    #[serde(default, deserialize_with = "items")]
    expense_documents: Option<Vec<Expense>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    #[serde(default, deserialize_with = "count")]
    pages: Option<u64>,
}

impl Answer {
    /// Adds the next part.
    pub(crate) fn append(&mut self, next: Self) {
        fn joined<T>(before: Option<Vec<T>>, after: Option<Vec<T>>) -> Option<Vec<T>> {
            match (before, after) {
                (Some(mut before), Some(after)) => {
                    before.extend(after);
                    Some(before)
                }
                (before, after) => before.or(after),
            }
        }
        self.blocks = joined(self.blocks.take(), next.blocks);
        self.expense_documents = joined(self.expense_documents.take(), next.expense_documents);
        self.document_metadata = self.document_metadata.take().or(next.document_metadata);
    }

    /// What the answer means. The reply is the last that belongs to it.
    pub(crate) fn response(self, model: Model, request: &Request, reply: &Reply) -> Result<Response> {
        let pages = self.document_metadata.and_then(|metadata| metadata.pages);
        let (text, evidence) = match (model, self.expense_documents, self.blocks) {
            (Model::Expense, Some(documents), _) => {
                let receipt = Expense::one(documents, pages).receipt();
                written(receipt.answer(schema(request)))
            }
            (Model::Expense, None, _) => return Err(reply.malformed("there are no `ExpenseDocuments`")),
            (model, _, Some(blocks)) => read(model, request, &Graph::new(blocks)),
            (_, _, None) => return Err(reply.malformed("there are no `Blocks`")),
        };
        Ok(Response {
            text,
            evidence,
            stop: Stop::Complete,
            usage: Usage { pages, ..Usage::default() },
            request_id: reply.request_id().map(str::to_owned),
            limits: reply.limits(),
            ..Response::default()
        })
    }
}

fn read(model: Model, request: &Request, graph: &Graph) -> (String, Vec<Evidence>) {
    match model {
        Model::Tables => written(Grid::answer(graph.tables())),
        Model::Forms => written(labelled(schema(request), &graph.pairs(), Order::MonthFirst)),
        Model::Queries => written(answers(schema(request).unwrap_or(&Value::Null), graph)),
        Model::Text | Model::Expense => (graph.text(), graph.confidence()),
    }
}

fn written((answer, evidence): (Value, Vec<Evidence>)) -> (String, Vec<Evidence>) {
    (answer.to_string(), evidence)
}

/// What was answered to the question of each field.
fn answers(schema: &Value, graph: &Graph) -> (Value, Vec<Evidence>) {
    let mut answer = Map::new();
    let mut evidence = Vec::new();
    for (place, field) in fields(schema).into_iter().enumerate() {
        let found = graph.answer(&alias(place));
        let value = found.as_ref().map_or(Value::Null, |found| field.read(&found.value, Order::MonthFirst));
        if let Some(found) = found.filter(|_| !value.is_null()) {
            let (path, text) = (field.name.to_owned(), Some(found.value));
            evidence.push(Evidence { path, text, ..found.evidence });
        }
        answer.insert(field.name.to_owned(), value);
    }
    (Value::Object(answer), evidence)
}
