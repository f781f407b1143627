//! What a single answer says of itself.

use eval_metrics::task::Parse;
use eval_metrics::value::is_absent;
use serde_json::Value;
use vision_core::{Evidence, TokenProbabilities};

use crate::reading::is_on;

/// Whether an answer could be read and fits its schema; nothing where none was asked for.
pub(crate) fn validity(parse: Parse) -> Option<f64> {
    match parse {
        Parse::SchemaValid | Parse::Valid => Some(1.0),
        Parse::SchemaInvalid | Parse::Repaired => Some(0.5),
        Parse::Truncated | Parse::Unreadable => Some(0.0),
        Parse::NotNeeded => None,
    }
}

/// The lowest confidence for one of the fields; that for the whole answer where there is none.
pub(crate) fn evidence(evidence: &[Evidence], on: &[String]) -> Option<f64> {
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let found = evidence.iter().filter(|it| wanted(&it.path)).filter_map(|it| it.confidence);
        found.reduce(f64::min)
    };
    of(&|path| !path.is_empty() && is_on(path, on)).or_else(|| of(&str::is_empty))
}

/// What an answer says of itself: `"confidence": 0.9`, or an object with a number for each field. Per cent are
/// understood.
pub(crate) fn stated(answer: &Value, on: &[String]) -> Option<f64> {
    let share = |value: &Value| match value.as_f64()? {
        share @ 0.0..=1.0 => Some(share),
        percent @ 1.0..=100.0 => Some(percent / 100.0),
        _ => None,
    };
    match answer.get("confidence").filter(|value| !is_absent(value))? {
        Value::Object(fields) => {
            let of_fields = fields.iter().filter(|(name, _)| is_on(name, on)).filter_map(|(_, it)| share(it));
            of_fields.reduce(f64::min)
        }
        value => share(value),
    }
}

/// The probability of the least sure of these values. Where no value is known, the tokens' mean stands for it.
pub(crate) fn tokens(of: &TokenProbabilities, on: &[String]) -> f64 {
    let sums = of.values.iter().filter(|value| is_on(&value.path, on)).map(|value| value.sum);
    sums.reduce(f64::min).unwrap_or(of.mean).exp()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vision_core::{Evidence, TokenProbabilities, ValueProbability};

    use super::{evidence, stated, tokens};

    #[test]
    fn the_least_sure_of_the_values_counts_and_else_the_mean() {
        let value = |path: &str, sum: f64| ValueProbability { path: path.to_owned(), sum };
        let values = vec![value("total", -0.5), value("date", -0.1), value("items[0].price", -2.0)];
        let all = TokenProbabilities { mean: -0.05, values, ..TokenProbabilities::default() };
        let on = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let of = |names: &[&str]| tokens(&all, &on(names)).ln();
        assert!((of(&["total", "date"]) + 0.5).abs() < 1e-12 && (of(&[]) + 2.0).abs() < 1e-12);
        assert!((of(&["items"]) + 2.0).abs() < 1e-12 && (of(&["store"]) + 0.05).abs() < 1e-12);
    }

    fn of(path: &str, confidence: f64) -> Evidence {
        Evidence { path: path.to_owned(), ..Evidence::default() }.with_confidence(Some(confidence))
    }

    #[test]
    fn the_least_confidence_of_the_fields_counts_and_else_that_of_the_whole() {
        let all = [of("total", 0.9), of("date", 0.6), of("items[2].price", 0.3), of("", 0.7)];
        let on = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(evidence(&all, &on(&["total"])), Some(0.9));
        assert_eq!(evidence(&all, &on(&["total", "items"])), Some(0.3));
        assert_eq!(evidence(&all, &on(&["store"])), Some(0.7));
        assert_eq!((evidence(&all, &[]), evidence(&[], &[])), (Some(0.3), None));
    }

    #[test]
    fn confidence_is_read_as_a_number_as_per_cent_and_by_field() {
        let on = ["total".to_owned()];
        assert_eq!(stated(&json!({"total": 3, "confidence": 0.8}), &on), Some(0.8));
        assert_eq!(stated(&json!({"confidence": 85}), &on), Some(0.85));
        assert_eq!(stated(&json!({"confidence": {"total": 0.7, "date": 0.1}}), &on), Some(0.7));
        assert_eq!((stated(&json!({"confidence": null}), &on), stated(&json!([]), &on)), (None, None));
    }
}
