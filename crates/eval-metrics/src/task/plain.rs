//! Plain text: the metrics `transcribe` and `text`.
//!
//! Formulas and flaws: [`crate::metric::wer`], [`crate::metric::cer`] and [`crate::metric::anls`]. The headline is one
//! minus an error rate, not below 0, so that higher is better as everywhere: for `transcribe` the word error rate of
//! [`crate::speech::spoken_pair`], for `text` the character error rate of the plain text, with blanks squeezed and without
//! case, marks of emphasis, an introduction and hyphens at line ends.
//! Long texts are compared piece by piece ([`crate::distance`]), which may count a few edits too many.
//! An answer that is far longer than its reference scores 0 whatever is in it; its edits are counted from the beginning.

mod layout;

use serde_json::{Value, json};

use super::{Better, CaseFacts, Finding, Parse, Reply, STRICT, Scored, ValueInfo, info};
use crate::MetricError;
use crate::answer::plain_text;
use crate::distance::{between_long, length, ratio};
use crate::metric::wer::{Errors, compare, normalised_word_errors, word_errors};
use crate::python::{squeeze_lower, strip};
use crate::speech::{Language, spoken_pair};
use crate::value::Verdict;
use layout::Hyphen;

pub(super) const TRANSCRIBE_VALUES: [ValueInfo; 11] = [
    info("word_accuracy", "1 - word error rate of what was said, not below 0", Better::Higher),
    info("wer_spoken", "word error rate with numbers, contractions and spellings in one form", Better::Lower),
    info("wer", "word error rate; case and punctuation count", Better::Lower),
    info("wer_normalised", "word error rate without case, punctuation and number spelling", Better::Lower),
    info("cer", "character error rate", Better::Lower),
    info("exact", "1 if all words are right", Better::Higher),
    info("word_edits", "edits of the words in one form", Better::Neither),
    info("words", "words of the reference in one form", Better::Neither),
    info("character_edits", "edits of the characters", Better::Neither),
    info("characters", "characters of the reference", Better::Neither),
    STRICT,
];

pub(super) const TEXT_VALUES: [ValueInfo; 8] = [
    info("character_accuracy", "1 - character error rate of the plain text, not below 0", Better::Higher),
    info("cer", "character error rate", Better::Lower),
    info("cer_normalised", "character error rate without case, blanks squeezed", Better::Lower),
    info("anls", "edit similarity, 0 below 0.5", Better::Higher),
    info("exact", "1 if the texts are equal, normalised", Better::Higher),
    info("character_edits", "edits of the characters", Better::Neither),
    info("characters", "characters of the reference", Better::Neither),
    STRICT,
];

pub(super) fn transcribe(
    expected: &Value,
    reply: &Reply<'_>,
    facts: &CaseFacts,
) -> Result<Scored, MetricError> {
    let expected = crate::arguments::string("expected", expected)?;
    let got = transcript(reply).unwrap_or_else(|| plain_text(reply.text));
    let (part, beyond) = within(expected, &got);
    let language = Language::of(facts.language.as_deref(), expected);
    let [reference, words] = spoken_pair(expected, part, language);
    let longer = |errors: Errors| Errors { edits: errors.edits + beyond, ..errors };
    let heard = longer(compare(&reference, &words));
    let (plain, normalised) =
        (longer(word_errors(expected, part)), longer(normalised_word_errors(expected, part)));
    let characters = longer(character_errors(expected, part));
    // What is right to the letter needs no reading.
    let headline = better(accuracy(heard), accuracy(plain));
    let scored = scored(reply, headline, accuracy(plain), expected, &got, beyond).with_values([
        ("word_accuracy", headline),
        ("wer_spoken", rate(heard)),
        ("wer", rate(plain)),
        ("wer_normalised", rate(normalised)),
        ("cer", rate(characters)),
        ("exact", Some(f64::from(heard.edits == 0))),
        ("word_edits", Some(heard.edits as f64)),
        ("words", Some(heard.units as f64)),
        ("character_edits", Some(characters.edits as f64)),
        ("characters", Some(characters.units as f64)),
    ]);
    Ok(scored)
}

/// The words in the JSON that services for speech answer: under `text`, else those of its segments.
fn transcript(reply: &Reply<'_>) -> Option<String> {
    let value = reply.json.value.as_ref().filter(|_| reply.text.trim_start().starts_with(['{', '[', '`']))?;
    let of = |value: &Value| {
        let keys = ["text", "transcript", "transcription", "output"];
        keys.iter().find_map(|key| value.get(key)?.as_str()).map(str::to_owned)
    };
    let list = value.as_array().or_else(|| {
        ["segments", "utterances", "results", "words"].iter().find_map(|key| value.get(key)?.as_array())
    });
    let inner = || ["result", "data", "response"].iter().find_map(|key| of(value.get(key)?));
    of(value).or_else(inner).or_else(|| {
        let texts: Vec<String> = list?.iter().map(of).collect::<Option<_>>()?;
        (!texts.is_empty()).then(|| texts.join(" "))
    })
}

pub(super) fn text(expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
    let expected = crate::arguments::string("expected", expected)?;
    let got = plain_text(reply.text);
    let (part, beyond) = within(expected, &got);
    let longer = |errors: Errors| Errors { edits: errors.edits + beyond, ..errors };
    let characters = longer(character_errors(expected, part));
    let normalised = longer(normalised_character_errors(expected, part));
    let (read, marked) = plain_errors(expected, part, beyond, normalised);
    let headline = better(accuracy(read), accuracy(characters));
    let scored = scored(reply, headline, accuracy(characters), expected, &got, beyond).with_values([
        ("character_accuracy", headline),
        ("cer", rate(characters)),
        ("cer_normalised", rate(normalised)),
        ("anls", Some(if beyond > 0 { 0.0 } else { similarity(expected, part, normalised.edits) })),
        ("exact", Some(f64::from(read.edits == 0))),
        ("character_edits", Some(characters.edits as f64)),
        ("characters", Some(characters.units as f64)),
    ]);
    let mut scored = scored;
    if marked {
        scored.notes.push(
            "read without an introduction, marks, typographic signs and hyphens at line ends".to_owned(),
        );
    }
    Ok(scored)
}

/// The errors of [`crate::metric::cer`]; of long texts those of their pieces.
fn character_errors(expected: &str, got: &str) -> Errors {
    let (expected, got) = (strip(expected), strip(got));
    Errors { edits: between_long(expected, got), units: length(expected) }
}

fn normalised_character_errors(expected: &str, got: &str) -> Errors {
    character_errors(&squeeze_lower(expected), &squeeze_lower(got))
}

/// The similarity of [`crate::metric::anls`] for edits that are known.
fn similarity(expected: &str, got: &str, edits: usize) -> f64 {
    let shown = |text: &str| length(&squeeze_lower(text).to_uppercase());
    let longest = shown(expected).max(shown(got));
    let distance = if longest == 0 { 0.0 } else { ratio(edits, longest) };
    if distance < 0.5 { 1.0 - distance } else { 0.0 }
}

fn better(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.zip(b).map(|(a, b)| a.max(b))
}

/// The errors of the plain text if they are fewer, and whether they are.
fn plain_errors(expected: &str, part: &str, beyond: usize, normalised: Errors) -> (Errors, bool) {
    let parted = layout::has_parted_words(expected) || layout::has_parted_words(part);
    let ways: &[Hyphen] = if parted { &[Hyphen::Parted, Hyphen::Own] } else { &[Hyphen::Parted] };
    let errors = |hyphen: &Hyphen| {
        let (label, text) =
            (layout::plain(expected, expected, *hyphen), layout::plain(part, expected, *hyphen));
        let errors = normalised_character_errors(&label, &text);
        Errors { edits: errors.edits + beyond, ..errors }
    };
    let best = ways.iter().map(errors).min_by_key(|errors| errors.edits);
    match best.filter(|best| best.edits < normalised.edits) {
        Some(best) => (best, true),
        None => (normalised, false),
    }
}

/// As much of an answer as can change its score, and how many bytes there are beyond.
///
/// An answer of more than twice the reference has an error rate of at least 1. Markup around speech may be longer.
fn within<'a>(expected: &str, got: &'a str) -> (&'a str, usize) {
    const ROOM: usize = 20_000;
    let mut end = got.len().min(ROOM + 8 * expected.len());
    while !got.is_char_boundary(end) {
        end -= 1;
    }
    (&got[..end], got.len() - end)
}

/// Undefined without a reference; jiwer's bare number of edits is no rate.
fn rate(errors: Errors) -> Option<f64> {
    (errors.units > 0).then(|| errors.rate())
}

/// An empty reference is met by an empty answer only.
fn accuracy(errors: Errors) -> Option<f64> {
    Some(rate(errors).map_or_else(|| f64::from(errors.edits == 0), |rate| (1.0 - rate).max(0.0)))
}

fn scored(
    reply: &Reply<'_>,
    headline: Option<f64>,
    strict: Option<f64>,
    expected: &str,
    got: &str,
    beyond: usize,
) -> Scored {
    let mut scored = reply.scored(headline).with_values([("strict", strict)]);
    if beyond > 0 {
        scored.notes.push(format!("the last {beyond} bytes were counted, but not compared"));
    }
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
        note: (verdict == Verdict::Wrong && headline > strict)
            .then(|| "differences in spelling alone are not counted".to_owned()),
        lenient: verdict == Verdict::Right && strict != Some(1.0),
    });
    scored
}
