//! Textract's jobs: begun, looked at, and read part by part.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::draft::Draft;
use crate::shared::Shared;

/// Jobs that wait to be looked at.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    waiting: Shared<HashMap<String, Job>>,
}

#[derive(Debug)]
struct Job {
    /// How many looks are still in vain.
    looks: u32,
    parts: Vec<Value>,
}

impl Jobs {
    /// Begins a job whose result can be seen after so many looks.
    pub fn start(&self, number: u64, looks: u32, result: Value, pages: usize) -> Draft {
        let id = format!("job-{number}");
        self.waiting.lock().insert(id.clone(), Job { looks, parts: parts(result, pages) });
        Draft { status: 200, headers: Vec::new(), body: json!({"JobId": id}) }
    }

    /// What can be seen of a job; nothing if there is none.
    pub fn look(&self, asked: &Value) -> Option<Draft> {
        let mut waiting = self.waiting.lock();
        let job = waiting.get_mut(asked["JobId"].as_str()?)?;
        let body = if job.looks > 0 {
            job.looks -= 1;
            json!({"JobStatus": "IN_PROGRESS"})
        } else {
            let at = asked["NextToken"].as_str().map_or(Some(0), |token| token.parse().ok())?;
            job.parts.get::<usize>(at)?.clone()
        };
        Some(Draft { status: 200, headers: vec![("x-amzn-requestid", "req-job".to_owned())], body })
    }
}

/// A result in two parts, spread over its pages.
fn parts(mut result: Value, pages: usize) -> Vec<Value> {
    result["DocumentMetadata"] = json!({"Pages": pages});
    result["JobStatus"] = json!("SUCCEEDED");
    let mut second = result.clone();
    result["NextToken"] = json!("1");
    if let Some(blocks) = result["Blocks"].as_array().cloned() {
        let count = blocks.len().max(1);
        let paged = |(at, mut block): (usize, Value)| {
            block["Page"] = json!(at * pages / count + 1);
            block
        };
        let mut blocks: Vec<Value> = blocks.into_iter().enumerate().map(paged).collect();
        second["Blocks"] = Value::Array(blocks.split_off(blocks.len() / 2));
        result["Blocks"] = Value::Array(blocks);
    }
    // The lines of a receipt are on its second page.
    let items = result.pointer_mut("/ExpenseDocuments/0/LineItemGroups");
    if let Some(items) = items.filter(|_| pages > 1).map(Value::take) {
        second["ExpenseDocuments"] = json!([{"ExpenseIndex": 2, "LineItemGroups": items}]);
    } else if result.get("ExpenseDocuments").is_some() {
        second["ExpenseDocuments"] = json!([]);
    }
    vec![result, second]
}
