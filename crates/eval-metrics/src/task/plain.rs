//! Plain text: the metrics `transcribe` and `text`.
//!
//! Formulas and flaws: [`crate::metric::wer`], [`crate::metric::cer`] and [`crate::metric::anls`]. The headline is one
//! minus an error rate, not below 0, so that higher is better as everywhere: for `transcribe` the word error rate
//! without case and punctuation, for `text` the character error rate with blanks squeezed and without case.

use serde_json::{Value, json};

use super::{Better, Finding, Parse, Reply, Scored, ValueInfo, info};
use crate::MetricError;
use crate::answer::plain_text;
use crate::metric::anls::anls;
use crate::metric::cer::{character_errors, normalised_character_errors};
use crate::metric::wer::{Errors, normalised_word_errors, word_errors};
use crate::value::Verdict;

pub(super) const TRANSCRIBE_VALUES: [ValueInfo; 9] = [
    info("word_accuracy", "1 - normalised word error rate, not below 0", Better::Higher),
    info("wer", "word error rate; case and punctuation count", Better::Lower),
    info("wer_normalised", "word error rate without case, punctuation and number spelling", Better::Lower),
    info("cer", "character error rate", Better::Lower),
    info("exact", "1 if all words are right, normalised", Better::Higher),
    info("word_edits", "edits of the normalised words", Better::Neither),
    info("words", "normalised words of the reference", Better::Neither),
    info("character_edits", "edits of the characters", Better::Neither),
    info("characters", "characters of the reference", Better::Neither),
];

pub(super) const TEXT_VALUES: [ValueInfo; 7] = [
    info("character_accuracy", "1 - normalised character error rate, not below 0", Better::Higher),
    info("cer", "character error rate", Better::Lower),
    info("cer_normalised", "character error rate without case, blanks squeezed", Better::Lower),
    info("anls", "edit similarity, 0 below 0.5", Better::Higher),
    info("exact", "1 if the texts are equal, normalised", Better::Higher),
    info("character_edits", "edits of the characters", Better::Neither),
    info("characters", "characters of the reference", Better::Neither),
];

pub(super) fn transcribe(expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
    let expected = crate::arguments::string("expected", expected)?;
    let got = plain_text(reply.text);
    let (words, normalised) = (word_errors(expected, &got), normalised_word_errors(expected, &got));
    let characters = character_errors(expected, &got);
    let headline = accuracy(normalised);
    let scored = scored(reply, headline, expected, &got).with_values([
        ("word_accuracy", headline),
        ("wer", rate(words)),
        ("wer_normalised", rate(normalised)),
        ("cer", rate(characters)),
        ("exact", Some(f64::from(normalised.edits == 0))),
        ("word_edits", Some(normalised.edits as f64)),
        ("words", Some(normalised.units as f64)),
        ("character_edits", Some(characters.edits as f64)),
        ("characters", Some(characters.units as f64)),
    ]);
    Ok(scored)
}

pub(super) fn text(expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
    let expected = crate::arguments::string("expected", expected)?;
    let got = plain_text(reply.text);
    let (characters, normalised) =
        (character_errors(expected, &got), normalised_character_errors(expected, &got));
    let headline = accuracy(normalised);
    let scored = scored(reply, headline, expected, &got).with_values([
        ("character_accuracy", headline),
        ("cer", rate(characters)),
        ("cer_normalised", rate(normalised)),
        ("anls", anls(&[expected], &got, 0.5)),
        ("exact", Some(f64::from(normalised.edits == 0))),
        ("character_edits", Some(characters.edits as f64)),
        ("characters", Some(characters.units as f64)),
    ]);
    Ok(scored)
}

/// Undefined without a reference; jiwer's bare number of edits is no rate.
fn rate(errors: Errors) -> Option<f64> {
    (errors.units > 0).then(|| errors.rate())
}

/// An empty reference is met by an empty answer only.
fn accuracy(errors: Errors) -> Option<f64> {
    Some(rate(errors).map_or_else(|| f64::from(errors.edits == 0), |rate| (1.0 - rate).max(0.0)))
}

fn scored(reply: &Reply<'_>, headline: Option<f64>, expected: &str, got: &str) -> Scored {
    let mut scored = reply.scored(headline);
    scored.parse = Parse::NotNeeded;
    scored.repairs.clear();
    let verdict = match headline {
        Some(1.0) => Verdict::Right,
        _ if got.is_empty() => Verdict::Missing,
        _ => Verdict::Wrong,
    };
    scored.explanation.push(Finding {
        path: "text".to_owned(),
        field: "text".to_owned(),
        expected: json!(expected),
        got: json!(got),
        verdict,
        note: None,
    });
    scored
}
