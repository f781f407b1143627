//! What a host says of the tokens of an answer, laid to the values of the answer.

mod values;

use serde::Deserialize;
use vision_core::{TokenProbabilities, ValueProbability};

use crate::tolerant::lenient;
use values::values;

/// Longer lists of values make records large and tell nothing new.
const MOST_VALUES: usize = 1_000;

/// A token that was written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Token {
    /// Its text, which hosts mend where it is a part of a character.
    token: String,
    /// Its bytes, where a host sends them.
    #[serde(deserialize_with = "lenient")]
    bytes: Option<Vec<u8>>,
    /// The natural logarithm of its probability.
    #[serde(alias = "logProbability", deserialize_with = "lenient")]
    logprob: Option<f64>,
}

impl Token {
    fn bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.token.as_bytes())
    }
}

/// How sure a model was of `text`, which it wrote as these tokens. Nothing without tokens, or if one has no probability.
pub fn token_probabilities(text: &str, tokens: &[Token]) -> Option<TokenProbabilities> {
    let logs: Vec<f64> = tokens.iter().map(log).collect::<Option<_>>()?;
    let least = logs.iter().copied().reduce(f64::min)?;
    Some(TokenProbabilities {
        tokens: Some(logs.len() as u64),
        mean: short(logs.iter().sum::<f64>() / logs.len() as f64),
        least: Some(short(least)),
        values: of_values(text, tokens, &logs),
    })
}

/// The same where a host gives the mean alone.
pub fn mean_token_probability(mean: f64) -> Option<TokenProbabilities> {
    let mean = known(mean)?;
    Some(TokenProbabilities { mean: short(mean), ..TokenProbabilities::default() })
}

fn log(token: &Token) -> Option<f64> {
    known(token.logprob?)
}

/// A probability is at most 1; hosts round a little above it.
fn known(log: f64) -> Option<f64> {
    const ROUNDED: f64 = 1e-3;
    (log.is_finite() && log <= ROUNDED).then(|| log.min(0.0))
}

/// Hosts send seventeen digits; a record needs six.
fn short(log: f64) -> f64 {
    (log * 1e6).round() / 1e6
}

/// The sum of each value's tokens. Nothing where the tokens are not those of the text, or the text is not JSON.
fn of_values(text: &str, tokens: &[Token], logs: &[f64]) -> Vec<ValueProbability> {
    let written: Vec<u8> = tokens.iter().flat_map(Token::bytes).copied().collect();
    // What stands around the answer, such as the mark of its end, is no part of the text.
    let Some(start) = String::from_utf8(written).ok().and_then(|written| written.find(text)) else {
        return Vec::new();
    };
    let mut ends = Vec::with_capacity(tokens.len());
    let mut end = 0;
    for token in tokens {
        end += token.bytes().len();
        ends.push(end);
    }
    let sum = |from: usize, to: usize| {
        let first = ends.partition_point(|end| *end <= start + from);
        let last = ends.partition_point(|end| *end < start + to).min(logs.len() - 1);
        short(logs[first.min(last)..=last].iter().sum())
    };
    let found = values(text).into_iter().take(MOST_VALUES);
    found.map(|(path, span)| ValueProbability { path, sum: sum(span.start, span.end) }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Token, mean_token_probability, token_probabilities};

    fn tokens(list: &[(&str, f64)]) -> Vec<Token> {
        let token = |(token, logprob): &(&str, f64)| json!({"token": token, "logprob": logprob});
        serde_json::from_value(Value::Array(list.iter().map(token).collect())).unwrap()
    }

    #[test]
    fn the_tokens_of_a_value_are_added_up() {
        let list = tokens(&[("{\"total", -0.01), ("\": ", 0.0), ("12", -0.5), (".5", -0.25), ("}", 0.0)]);
        let found = token_probabilities(r#"{"total": 12.5}"#, &list).unwrap();
        assert_eq!((found.tokens, found.least), (Some(5), Some(-0.5)));
        assert!((found.mean + 0.152).abs() < 1e-9);
        assert_eq!((found.values[0].path.as_str(), found.values[0].sum), ("total", -0.75));
    }

    #[test]
    fn a_token_over_the_edge_of_a_value_belongs_to_it() {
        let list = tokens(&[("{\"a\":\"x", -0.1), ("y\",\"b", -0.2), ("\":", -0.4), ("1}", -0.8)]);
        let found = token_probabilities(r#"{"a":"xy","b":1}"#, &list).unwrap();
        let sums: Vec<(&str, f64)> = found.values.iter().map(|it| (it.path.as_str(), it.sum)).collect();
        assert_eq!(sums, [("a", -0.3), ("b", -0.8)]);
    }

    #[test]
    fn marks_around_the_answer_and_broken_characters_do_no_harm() {
        let list: Vec<Token> = serde_json::from_value(json!([
            {"token": "{\"a\":\"", "logprob": 0.0},
            {"token": "\u{fffd}", "bytes": [0xc3], "logprob": -1.0},
            {"token": "\u{fffd}", "bytes": [0xa4], "logprob": -2.0},
            {"token": "\"}", "logprob": 0.0},
            {"token": "<|end|>", "logprob": -0.5}
        ]))
        .unwrap();
        let found = token_probabilities("{\"a\":\"ä\"}", &list).unwrap();
        assert_eq!(found.values[0].sum, -3.0);
        let other = token_probabilities("{\"a\":\"b\"}", &list).unwrap();
        assert!(other.values.is_empty() && other.least == Some(-2.0));
    }

    #[test]
    fn what_is_no_probability_says_nothing() {
        assert_eq!(token_probabilities("", &[]), None);
        assert_eq!(token_probabilities("a", &tokens(&[("a", 0.7)])), None);
        assert_eq!(token_probabilities("a", &[Token { token: "a".to_owned(), ..Token::default() }]), None);
        assert_eq!(mean_token_probability(f64::NAN), None);
        assert_eq!(mean_token_probability(-0.25).unwrap().mean, -0.25);
    }
}
