//! ExtractBench: how much of a schema-guided extraction is right, and whether it cites where it stands.
//!
//! One walk over the cells of a document counts both. Pure Rust after the definition; agrees with the published program
//! (run-llama/ExtractBench, commit 0aa76ce) on its golden cases.

mod cells;
mod dates;
mod equal;
mod list_root;
mod normalizer;
mod pairing;
mod places;
mod rules;

use serde_json::{Map, Value, json};

use crate::arguments::{flag_or, list, number_or};
use crate::distance::{harmonic, share_or_zero};
use crate::{MetricError, NamedMetric};

pub(crate) use cells::{Claims, Counts, Document};
pub(crate) use places::Places;
pub(crate) use rules::FieldRules;

pub(crate) const VALUE_F1: NamedMetric = NamedMetric {
    name: "extractbench_value_f1",
    about: "F1 over the cells of an extraction: top-level fields, and the cells of rows that are matched one to one.\n\
            Formula: correct / predicted cells, correct / expected cells, harmonic mean; 0 for 0/0, undefined without cells.\n\
            expected {output, field_rules}, predicted {data}; params.schema; with params.corpus lists of them and params.schemas,\n\
            and plain means over the documents, where a failed one counts 0.\n\
            Source: run-llama/ExtractBench, commit 0aa76ce. Flaws: an object is one cell; lists of scalars at the top are not\n\
            scored; agreeing nulls are hits, so that invented keys with null raise the score; `description` and `court` are\n\
            compared loosely by their name; 07/03/2024 is July 3; two-digit years up to 75 are 20xx.",
    score: value_f1,
};

pub(crate) const GROUNDING_F1: NamedMetric = NamedMetric {
    name: "extractbench_grounding_f1",
    about: "F1 over the cells that cite the right box (precision, recall, f1) or page (page_*), and whose value is right.\n\
            Formula: right and well cited / cells with a citation, / cells with a labeled place; undefined without labeled places.\n\
            As extractbench_value_f1, with predicted.citations {field_path, page, bbox [x, y, w, h]}; params.iou_threshold (0.5).\n\
            Source: run-llama/ExtractBench, commit 0aa76ce. Flaws: any number of citations on a cell is one claim, so citing\n\
            everything is free; reading and place are not tied together; a value over two lines needs one box.",
    score: grounding_f1,
};

fn value_f1(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    over_documents(expected, predicted, params, &|counts| {
        let counts = counts.filter(|it| it.expected + it.predicted > 0);
        Figures::of("", counts.map(|it| (it.correct, it.predicted, it.expected)), "predicted_cells")
    })
}

fn grounding_f1(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    over_documents(expected, predicted, params, &|counts| {
        let of = |claims: Claims| {
            (claims.expected > 0).then_some((claims.correct, claims.claims, claims.expected))
        };
        let mut figures = Figures::of("", counts.and_then(|it| of(it.word)), "claims");
        figures.0.extend(Figures::of("page_", counts.and_then(|it| of(it.page)), "page_claims").0);
        figures
    })
}

/// Figures by name; null is undefined.
struct Figures(Map<String, Value>);

/// The figures that a corpus gives the means of.
const MEANS: [&str; 6] = ["precision", "recall", "f1", "page_precision", "page_recall", "page_f1"];

impl Figures {
    /// From the right cells, the given ones and the labeled ones.
    fn of(prefix: &str, counts: Option<(usize, usize, usize)>, given: &str) -> Self {
        let figure = |value: &dyn Fn((usize, usize, usize)) -> Value| counts.map_or(Value::Null, value);
        let (precision, recall) = (
            |it: (usize, usize, usize)| share_or_zero(it.0, it.1),
            |it: (usize, usize, usize)| share_or_zero(it.0, it.2),
        );
        let names = [
            (format!("{prefix}precision"), figure(&|it| json!(precision(it)))),
            (format!("{prefix}recall"), figure(&|it| json!(recall(it)))),
            (format!("{prefix}f1"), figure(&|it| json!(harmonic(precision(it), recall(it))))),
            (format!("{prefix}correct"), figure(&|it| json!(it.0))),
            (given.to_owned(), figure(&|it| json!(it.1))),
            (format!("{prefix}expected_cells"), figure(&|it| json!(it.2))),
        ];
        Self(names.into_iter().collect())
    }

    /// Plain means over documents: one that is not there counts 0, one without figures is left out.
    fn mean(documents: &[Option<Self>], names: &[String]) -> Value {
        let mut means = Map::new();
        for name in names {
            let value = |document: &Option<Self>| match document {
                Some(figures) => figures.0[name].as_f64(),
                None => Some(0.0),
            };
            let values: Vec<f64> = documents.iter().filter_map(value).collect();
            let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
            means.insert(name.clone(), json!(mean));
            if name == "f1" {
                means.insert("documents".to_owned(), json!(values.len()));
            }
        }
        means.into()
    }
}

fn over_documents(
    expected: &Value,
    predicted: &Value,
    params: &Value,
    figures: &dyn Fn(Option<&Counts>) -> Figures,
) -> Result<Value, MetricError> {
    if !flag_or(params, "corpus", false)? {
        let counts = counted(expected, predicted, &params["schema"], params)?;
        return Ok(figures(counts.as_ref()).0.into());
    }
    let (expected, predicted) = (list("expected", expected)?, list("predicted", predicted)?);
    let schemas = match &params["schemas"] {
        Value::Null => &[][..],
        schemas => list("params.schemas", schemas)?,
    };
    let mut documents = Vec::new();
    for (at, document) in expected.iter().enumerate() {
        let counts = match predicted.get(at) {
            None | Some(Value::Null) => None,
            Some(answer) => {
                let schema = schemas.get(at).unwrap_or(&Value::Null);
                Some(counted(document, answer, schema, params)?)
            }
        };
        documents.push(counts.map(|counts| figures(counts.as_ref())));
    }
    let known = figures(None).0;
    let names: Vec<String> =
        MEANS.iter().filter(|name| known.contains_key(**name)).map(|name| (*name).to_owned()).collect();
    Ok(Figures::mean(&documents, &names))
}

/// The cells of one document; nothing if either side is no object.
fn counted(
    expected: &Value,
    predicted: &Value,
    schema: &Value,
    params: &Value,
) -> Result<Option<Counts>, MetricError> {
    let rules = FieldRules::read(&expected["field_rules"])?;
    let threshold = number_or(params, "iou_threshold", 0.5)?;
    let citations = Places::of_citations(&predicted["citations"], threshold);
    let data = match &predicted["data"] {
        Value::Array(rows) if flag_or(params, "list_root", false)? => {
            list_root::as_document(rows, &rules, schema)
        }
        data => data.clone(),
    };
    count(&expected["output"], &data, &rules, &citations, schema)
}

/// The cells of an extraction, where the true one and the given one are objects.
///
/// # Errors
/// If there are more pairs of rows than can be compared.
pub(crate) fn count(
    expected: &Value,
    predicted: &Value,
    rules: &FieldRules,
    citations: &Places,
    schema: &Value,
) -> Result<Option<Counts>, MetricError> {
    let (expected, predicted) =
        (dates::normalized(unwrapped(expected)), dates::normalized(unwrapped(predicted)));
    let (Some(expected), Some(predicted)) = (expected.as_object(), predicted.as_object()) else {
        return Ok(None);
    };
    Document { rules, citations }.count(expected, predicted, schema).map(Some)
}

/// `{"value": X}` is X.
fn unwrapped(value: &Value) -> &Value {
    match value {
        Value::Object(fields) if fields.len() == 1 => fields.get("value").unwrap_or(value),
        value => value,
    }
}
