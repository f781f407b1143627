use serde_json::{Value, json};

use super::draft::{Answer, Draft};
use super::openai::{list, text};
use super::sight::{Seen, SeenMedium};
use super::typed;

/// What is asked for, by the header that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Expense,
    Text,
    Document,
    /// The same for what lies in a bucket.
    StartExpense,
    StartText,
    StartDocument,
}

impl Operation {
    pub fn named(target: &str) -> Option<Self> {
        match target {
            "Textract.AnalyzeExpense" => Some(Self::Expense),
            "Textract.DetectDocumentText" => Some(Self::Text),
            "Textract.AnalyzeDocument" => Some(Self::Document),
            "Textract.StartExpenseAnalysis" => Some(Self::StartExpense),
            "Textract.StartDocumentTextDetection" => Some(Self::StartText),
            "Textract.StartDocumentAnalysis" => Some(Self::StartDocument),
            _ => None,
        }
    }

    /// Whether it begins a job.
    pub fn is_job(self) -> bool {
        matches!(self, Self::StartExpense | Self::StartText | Self::StartDocument)
    }

    /// Nobody has described the last one.
    pub fn schema(self) -> Option<&'static str> {
        match self {
            Self::Expense => Some("textract.analyze_expense.request"),
            Self::Text => Some("textract.detect_document_text.request"),
            Self::Document => Some("textract.analyze_document.request"),
            // Both only say where the document lies.
            Self::StartExpense | Self::StartText => Some("textract.start_expense_analysis.request"),
            Self::StartDocument => None,
        }
    }
}

/// The model is what the operation looks for; questions come with the name that their answer has to bear.
pub(super) fn see(operation: Operation, body: &Value) -> Result<Seen, String> {
    let model = match operation {
        Operation::Expense | Operation::StartExpense => "expense".to_owned(),
        Operation::Text | Operation::StartText => "text".to_owned(),
        Operation::Document | Operation::StartDocument => text(&body["FeatureTypes"][0]).to_lowercase(),
    };
    let queries = list(&body["QueriesConfig"]["Queries"]);
    let texts = queries.iter().map(|query| format!("{} {}", text(&query["Alias"]), text(&query["Text"])));
    let media = match operation.is_job() {
        true => Vec::new(),
        false => vec![SeenMedium::base64(None, &text(&body["Document"]["Bytes"]))?],
    };
    Ok(Seen { model, texts: texts.collect(), media, ..Seen::default() })
}

pub(super) fn analyzed(operation: Operation, answer: &Answer<'_>) -> Draft {
    let fields = typed::fields(&answer.text);
    let mut body = match (operation, answer.seen.model.as_str()) {
        (Operation::Expense | Operation::StartExpense, _) => json!({"ExpenseDocuments": [expense(&fields)]}),
        (Operation::Text | Operation::StartText, _) => {
            json!({"Blocks": lines(&answer.text), "DetectDocumentTextModelVersion": "1.0"})
        }
        (_, "tables") => json!({"Blocks": table(&typed::rows(&fields))}),
        (_, "queries") => json!({"Blocks": queries(answer, &fields)}),
        _ => json!({"Blocks": pairs(&fields)}),
    };
    body["DocumentMetadata"] = json!({"Pages": 1});
    Draft { status: 200, headers: vec![("x-amzn-requestid", format!("req-{}", answer.number))], body }
}

const TYPES: [(&str, &str); 6] = [
    ("store", "VENDOR_NAME"),
    ("date", "INVOICE_RECEIPT_DATE"),
    ("subtotal", "SUBTOTAL"),
    ("tax", "TAX"),
    ("tip", "GRATUITY"),
    ("total", "TOTAL"),
];

fn expense(fields: &serde_json::Map<String, Value>) -> Value {
    let field = |kind: &str, text: &str| {
        json!({
            "Type": {"Text": kind, "Confidence": 99.0}, "PageNumber": 1,
            "ValueDetection": {"Text": text, "Confidence": 98.0, "Geometry": {"Polygon": [
                {"X": 0.1, "Y": 0.1}, {"X": 0.3, "Y": 0.1}, {"X": 0.3, "Y": 0.2}, {"X": 0.1, "Y": 0.2}]}}
        })
    };
    let simple = typed::simple(fields);
    let summary = TYPES.iter().filter_map(|(ours, its)| {
        let (_, value) = simple.iter().find(|(name, _)| name == ours)?;
        Some(field(its, value))
    });
    let mut summary: Vec<Value> = summary.collect();
    if let Some(means) = fields.get("payment_method").and_then(Value::as_str) {
        let mut other = field("OTHER", "1.00");
        other["LabelDetection"] = json!({"Text": means, "Confidence": 90.0});
        summary.push(other);
    }
    let items = fields.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let items = items.iter().map(|item| {
        let item = item.as_object().cloned().unwrap_or_default();
        let simple = typed::simple(&item);
        let names = [("name", "ITEM"), ("quantity", "QUANTITY"), ("price", "PRICE")];
        let of_line = names.iter().filter_map(|(ours, its)| {
            let (_, value) = simple.iter().find(|(name, _)| name == ours)?;
            Some(field(its, value))
        });
        json!({"LineItemExpenseFields": of_line.collect::<Vec<_>>()})
    });
    let items: Vec<Value> = items.collect();
    json!({
        "ExpenseIndex": 1, "SummaryFields": summary,
        "LineItemGroups": [{"LineItemGroupIndex": 1, "LineItems": items}]
    })
}

fn word(id: &str, text: &str) -> Value {
    json!({"BlockType": "WORD", "Id": id, "Text": text, "Confidence": 99.0})
}

fn lines(text: &str) -> Vec<Value> {
    let line = |(at, line): (usize, &str)| json!({"BlockType": "LINE", "Id": format!("l{at}"), "Text": line, "Confidence": 99.0});
    text.lines().enumerate().map(line).collect()
}

fn table(rows: &[Vec<String>]) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut cells = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            let (cell, inner) = (format!("c{row}-{column}"), format!("w{row}-{column}"));
            let mut block = json!({
                "BlockType": "CELL", "Id": cell, "RowIndex": row + 1, "ColumnIndex": column + 1, "Confidence": 95.0,
                "Relationships": [{"Type": "CHILD", "Ids": [inner]}]
            });
            if row == 0 {
                block["EntityTypes"] = json!(["COLUMN_HEADER"]);
            }
            cells.push(cell);
            blocks.extend([block, word(&inner, text)]);
        }
    }
    if !cells.is_empty() {
        blocks.push(
            json!({"BlockType": "TABLE", "Id": "t", "Relationships": [{"Type": "CHILD", "Ids": cells}]}),
        );
    }
    blocks
}

fn pairs(fields: &serde_json::Map<String, Value>) -> Vec<Value> {
    let pair = |(at, (name, value)): (usize, (&str, String))| {
        let id = |kind: &str| format!("{kind}{at}");
        [
            word(&id("a"), &name.replace('_', " ")),
            word(&id("b"), &value),
            json!({
                "BlockType": "KEY_VALUE_SET", "Id": id("k"), "EntityTypes": ["KEY"], "Confidence": 90.0,
                "Relationships": [{"Type": "VALUE", "Ids": [id("v")]}, {"Type": "CHILD", "Ids": [id("a")]}]
            }),
            json!({
                "BlockType": "KEY_VALUE_SET", "Id": id("v"), "EntityTypes": ["VALUE"], "Confidence": 90.0,
                "Relationships": [{"Type": "CHILD", "Ids": [id("b")]}]
            }),
        ]
    };
    typed::simple(fields).into_iter().enumerate().flat_map(pair).collect()
}

/// Answers each question with the field whose name is in it.
fn queries(answer: &Answer<'_>, fields: &serde_json::Map<String, Value>) -> Vec<Value> {
    let simple = typed::simple(fields);
    let mut blocks = Vec::new();
    for (at, asked) in answer.seen.texts.iter().enumerate() {
        let (alias, question) = asked.split_once(' ').unwrap_or((asked, ""));
        let found = simple
            .iter()
            .find(|(name, _)| question.starts_with(&format!("What is the {}?", name.replace('_', " "))));
        let mut query = json!({"BlockType": "QUERY", "Id": format!("q{at}"), "Query": {"Text": question, "Alias": alias}});
        if let Some((_, value)) = found {
            query["Relationships"] = json!([{"Type": "ANSWER", "Ids": [format!("r{at}")]}]);
            blocks.push(json!({"BlockType": "QUERY_RESULT", "Id": format!("r{at}"), "Text": value, "Confidence": 93.0}));
        }
        blocks.push(query);
    }
    blocks
}
