//! Whether a text says something, by its words.

mod denied;
mod tokens;

use std::collections::HashMap;

use serde_json::Value;

use super::Check;
use crate::task::claims::{Clause, Stance, plainly, segments};
use crate::task::facts::Judgement;
use crate::task::reply::Reply;
use tokens::words;

/// What an answer says of a check.
pub(super) enum Said<'a> {
    /// Nothing, or the opposite.
    Nothing,
    /// That it may be so.
    Perhaps(&'a str),
    /// It, in these words.
    Plainly(&'a str),
}

impl<'a> Said<'a> {
    pub(super) fn judged(judged: &'a Judgement) -> Self {
        if judged.said { Self::Plainly(&judged.quote) } else { Self::Nothing }
    }

    /// How much of it counts as said.
    pub(super) fn share(&self) -> f64 {
        match self {
            Self::Nothing => 0.0,
            Self::Perhaps(_) => 0.5,
            Self::Plainly(_) => 1.0,
        }
    }

    pub(super) fn quote(&self) -> Option<&'a str> {
        match self {
            Self::Nothing => None,
            Self::Perhaps(quote) | Self::Plainly(quote) => Some(quote),
        }
    }
}

/// The prose of an answer in plain spelling, also where it is wrapped in JSON.
pub(super) fn prose(reply: &Reply<'_>) -> String {
    let mut texts = Vec::new();
    if let Some(value @ (Value::Object(_) | Value::Array(_))) = &reply.json.value
        && reply.text.trim_start().starts_with(['{', '[', '`'])
    {
        strings(value, &mut texts);
    }
    let plain = match texts.is_empty() {
        true => plainly(reply.text),
        false => plainly(&texts.join("\n")),
    };
    // `Ich bezweifle, dass` doubts what follows.
    [", dass ", ", daß ", ", что ", ", що ", ", że ", ", že ", ", hogy ", ", että "].iter().fold(
        plain,
        |plain, joint| if plain.contains(joint) { plain.replace(joint, &joint[1..]) } else { plain },
    )
}

fn strings<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(values) => values.iter().for_each(|value| strings(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, texts)),
        _ => {}
    }
}

/// The clauses of a text, and where each word stands.
pub(super) struct Clauses<'a> {
    clauses: Vec<(&'a str, Clause)>,
    /// The clauses that have a word, by the word.
    having: HashMap<String, Vec<usize>>,
}

/// Cuts a text in plain spelling into clauses.
pub(super) fn clauses(plain: &str) -> Clauses<'_> {
    let clauses: Vec<(&str, Clause)> = segments(plain)
        .into_iter()
        .flatten()
        .map(|clause| (clause.trim(), Clause::new(words(clause))))
        .collect();
    let mut having: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, (_, clause)) in clauses.iter().enumerate() {
        for word in &clause.words {
            let places = having.entry(word.clone()).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
    }
    Clauses { clauses, having }
}

/// What the text says of a check: the plainest of what it says anywhere.
pub(super) fn said<'a>(text: &Clauses<'a>, check: &Check) -> Said<'a> {
    let wordings = std::iter::once(&check.text).chain(&check.accepted);
    let mut perhaps = None;
    for wording in wordings {
        let plain = plainly(wording);
        if let Some(quote) = denied::in_running_script(text.clauses.iter().map(|it| it.0), &plain) {
            return Said::Plainly(quote);
        }
        let phrase = words(&plain);
        let Some(places) = phrase.first().and_then(|first| text.having.get(first)) else { continue };
        for (quote, clause) in places.iter().map(|at| &text.clauses[*at]) {
            for (start, end) in clause.mentions(&phrase, &|a, b| a == b) {
                match denied::stance(clause, quote, start, end) {
                    Stance::Claimed => return Said::Plainly(quote),
                    Stance::Hedged => perhaps = perhaps.or(Some(*quote)),
                    Stance::Denied => {}
                }
            }
        }
    }
    perhaps.map_or(Said::Nothing, Said::Perhaps)
}
