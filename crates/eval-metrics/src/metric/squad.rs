//! SQuAD F1 and exact match.

use serde_json::{Value, json};

use crate::arguments::{one_or_more, string};
use crate::distance::ratio;
use crate::python::is_space;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "squad",
    about: "Token overlap with the closest gold answer, and equality after normalising.\n\
            Formula: lower-case, drop ASCII punctuation, drop a/an/the, squeeze; F1 over the multiset of words; best gold.\n\
            Source: SQuAD v2.0 evaluation script. Flaws: English articles only; punctuation is deleted, so 1.50 equals 150;\n\
            word order does not count.",
    score,
};

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    let golds = one_or_more("expected", expected)?;
    let predicted = words(string("predicted", predicted)?);
    let mut golds: Vec<Vec<String>> = golds.into_iter().map(words).filter(|gold| !gold.is_empty()).collect();
    if golds.is_empty() {
        golds.push(Vec::new());
    }
    let best = golds.iter().map(|gold| overlap_f1(gold, &predicted)).fold(0.0, f64::max);
    let exact = golds.contains(&predicted);
    Ok(json!({ "f1": best, "exact_match": f64::from(exact) }))
}

fn words(text: &str) -> Vec<String> {
    let letters: String = text.to_lowercase().chars().filter(|c| !c.is_ascii_punctuation()).collect();
    without_articles(&letters).split(is_space).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// `re.sub(r"\b(a|an|the)\b", " ", text)`: a word ends where letters, digits and underscores do.
fn without_articles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word_end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let gap_end = rest[word_end..].find(is_word).map_or(rest.len(), |gap| word_end + gap);
        let word = &rest[..word_end];
        out.push_str(if matches!(word, "a" | "an" | "the") { " " } else { word });
        out.push_str(&rest[word_end..gap_end]);
        rest = &rest[gap_end..];
    }
    out
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn overlap_f1(gold: &[String], predicted: &[String]) -> f64 {
    if gold.is_empty() || predicted.is_empty() {
        return f64::from(gold.is_empty() && predicted.is_empty());
    }
    let (mut left, mut right): (Vec<_>, Vec<_>) = (gold.iter().collect(), predicted.iter().collect());
    left.sort_unstable();
    right.sort_unstable();
    let common = common_sorted(&left, &right);
    2.0 * ratio(common, gold.len() + predicted.len())
}

/// Size of the multiset intersection of two sorted lists.
pub(crate) fn common_sorted<T: Ord>(left: &[T], right: &[T]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < left.len() && j < right.len() {
        match left[i].cmp(&right[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    common
}
