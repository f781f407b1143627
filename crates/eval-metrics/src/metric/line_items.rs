//! Line items matched by assignment.

use serde_json::{Value, json};

use self::table::Table;
use crate::arguments::{list, number_or, string};
use crate::assignment::check_size;
use crate::{MetricError, NamedMetric};

mod table;

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "line_items",
    about: "Line items matched one to one so that the total similarity is largest; wherever they stand in the list.\n\
            Formula: similarity of two items = weighted mean over params.fields (kind text: 1 - lev/max length; number: within\n\
            abs_tol), 0 below params.pair_floor; precision S/#predicted, recall S/#expected, f1 = 2S/(both).\n\
            Source: own definition; the task metric `receipt` is the typed successor. Flaws: a wrong price costs no more than its\n\
            weight. Cubic in the longer list: at most 16 million pairs.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let fields = fields(params)?;
    let floor = number_or(params, "pair_floor", 0.0)?;
    let expected = objects("expected", expected)?;
    let predicted = objects("predicted", predicted)?;
    check_size(expected.len(), predicted.len())?;
    let is_tall = expected.len() > predicted.len();
    let (items, partners) = if is_tall { (predicted, expected) } else { (expected, predicted) };
    let mut matching = Table::new(&fields, floor, items, partners).best_matching();
    if is_tall {
        // The last bit of a sum depends on the order, which is that of the expected items.
        matching.sort_unstable_by_key(|matched| matched.partner);
    }
    let total: f64 = matching.iter().map(|matched| matched.similarity).sum();
    let of = |count: usize| match (expected.len() + predicted.len(), count) {
        (0, _) => 1.0,
        (_, 0) => 0.0,
        _ => total / count as f64,
    };
    Ok(json!({
        "total_similarity": total,
        "precision": of(predicted.len()),
        "recall": of(expected.len()),
        "f1": of(expected.len() + predicted.len()) * if expected.len() + predicted.len() == 0 { 1.0 } else { 2.0 },
    }))
}

struct Field<'a> {
    name: &'a str,
    weight: f64,
    /// The tolerance of a number; nothing for text.
    tolerance: Option<f64>,
}

fn objects<'a>(side: &str, value: &'a Value) -> Result<&'a [Value], MetricError> {
    let items = list(side, value)?;
    match items.iter().find(|item| !item.is_object()) {
        Some(item) => Err(MetricError::shape(side, "a list of objects", item)),
        None => Ok(items),
    }
}

fn fields(params: &Value) -> Result<Vec<Field<'_>>, MetricError> {
    let given = &params["fields"];
    if given.is_null() {
        let field = |name, weight, tolerance| Field { name, weight, tolerance };
        return Ok(vec![
            field("name", 2.0, None),
            field("qty", 1.0, Some(1e-6)),
            field("price", 2.0, Some(0.004)),
        ]);
    }
    let Value::Object(given) = given else {
        return Err(MetricError::shape("params.fields", "an object", given));
    };
    let fields = given.iter().map(|(name, rule)| {
        let kind = string(&format!("params.fields.{name}.kind"), &rule["kind"])?;
        let tolerance = match kind {
            "text" => None,
            "number" => Some(number_or(rule, "abs_tol", 0.0)?),
            other => {
                return Err(MetricError::new(format!(
                    "`params.fields.{name}.kind` should be `text` or `number`, but is `{other}`"
                )));
            }
        };
        Ok(Field { name, weight: number_or(rule, "weight", 1.0)?, tolerance })
    });
    let fields = fields.collect::<Result<Vec<Field<'_>>, MetricError>>()?;
    if fields.iter().any(|field| field.weight < 0.0) || !fields.iter().any(|field| field.weight > 0.0) {
        return Err(MetricError::new(
            "the weights in `params.fields` should not be negative, and one should be positive",
        ));
    }
    Ok(fields)
}
