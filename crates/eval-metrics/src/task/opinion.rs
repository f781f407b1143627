//! Yes or no, up or down.

use super::category::words;
use super::claims::{Clause, Stance, denies, plainly, segments};

/// A yes or a no in an answer.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let plain = plainly(text);
    // `Without a doubt.` says nothing else.
    if !plain.contains(char::is_alphanumeric) && text.contains(char::is_alphanumeric) {
        return Some(true);
    }
    segments(&plain).into_iter().find_map(|segment| {
        let clauses: Vec<Vec<String>> =
            segment.into_iter().map(words).filter(|clause| !clause.is_empty()).collect();
        // What comes first is the answer; what follows explains it.
        let interjection = clauses.iter().find_map(|clause| interjection(clause));
        interjection.or_else(|| clauses.iter().find_map(|clause| statement(clause)))
    })
}

/// A yes or no that stands for itself.
fn interjection(clause: &[String]) -> Option<bool> {
    let word = |at: usize| clause.get(at).map_or("", String::as_str);
    let first = clause.iter().position(|word| {
        !matches!(
            word.as_str(),
            "so" | "well"
                | "the"
                | "answer"
                | "is"
                | "i"
                | "would"
                | "say"
                | "it"
                | "there"
                | "hence"
                | "therefore"
        )
    })?;
    let opinion = match word(first) {
        "yes" | "yep" | "yeah" | "ja" | "oui" | "si" | "da" | "indeed" | "affirmative" | "y" => Some(true),
        "nope" | "nein" | "non" | "n" => Some(false),
        // `no change` counts something; `no` alone is an answer.
        "no" if clause.len() == first + 1
            || matches!(
                word(first + 1),
                "it" | "they" | "the" | "this" | "that" | "there" | "he" | "she" | "not"
            ) =>
        {
            Some(false)
        }
        "true" | "correct" | "right" if clause.len() == first + 1 => Some(true),
        "false" | "incorrect" | "wrong" | "negative" if clause.len() == first + 1 => Some(false),
        "not" if matches!(word(first + 1), "false" | "wrong" | "incorrect") => Some(true),
        "absolutely" | "certainly" | "definitely" | "clearly" | "surely" | "of"
            if clause.len() <= first + 2 && !clause.iter().any(|word| word == "not") =>
        {
            Some(true)
        }
        "absolutely" | "certainly" | "definitely" | "not" | "clearly"
            if clause.last().is_some_and(|word| word == "not")
                || (word(first) == "not" && clause.len() <= 3) =>
        {
            Some(false)
        }
        _ => None,
    };
    // `yes and no` is neither.
    opinion.filter(|_| !(word(first + 1) == "and" && matches!(word(first + 2), "no" | "yes")))
}

/// Whether a sentence affirms or denies.
fn statement(clause: &[String]) -> Option<bool> {
    let unsure =
        ["unclear", "unknown", "unsure", "determine", "determined", "tell", "know", "sure", "whether"];
    if clause.iter().any(|word| unsure.contains(&word.as_str())) {
        return None;
    }
    let denied = clause.iter().filter(|word| denies(word)).count() % 2 == 1;
    let opinion = clause.iter().find_map(|word| match word.as_str() {
        "yes" | "true" | "correct" => Some(true),
        "false" | "incorrect" | "untrue" => Some(false),
        _ => None,
    });
    let verb = |word: &String| {
        matches!(
            word.as_str(),
            "is" | "are"
                | "was"
                | "were"
                | "does"
                | "do"
                | "did"
                | "has"
                | "have"
                | "had"
                | "can"
                | "will"
                | "would"
        )
    };
    match opinion {
        Some(opinion) => Some(opinion != denied),
        None if denied => Some(false),
        // `It does.`, `It is higher.`
        None => (clause.len() <= 12 && clause.iter().any(verb)).then_some(true),
    }
}

/// The trends and the words for them; long ones may be inflected.
const TRENDS: [(&str, &[&str]); 4] = [
    (
        "up",
        &[
            "up",
            "upward",
            "upwards",
            "increas",
            "rise",
            "rises",
            "rising",
            "rose",
            "risen",
            "grow",
            "growing",
            "grows",
            "grew",
            "grown",
            "growth",
            "climb",
            "higher",
            "positive",
            "ascend",
            "gain",
            "gains",
            "gained",
            "improv",
            "surg",
            "soar",
            "jump",
            "expand",
            "accelerat",
            "recover",
            "upswing",
            "uptrend",
            "doubl",
            "tripl",
            "rebound",
        ],
    ),
    (
        "down",
        &[
            "down",
            "downward",
            "downwards",
            "decreas",
            "declin",
            "fall",
            "falls",
            "falling",
            "fell",
            "fallen",
            "drop",
            "dropped",
            "shrink",
            "shrank",
            "lower",
            "negative",
            "descend",
            "sank",
            "sink",
            "reduc",
            "plung",
            "plummet",
            "dwindl",
            "diminish",
            "slump",
            "dip",
            "dipped",
            "dips",
            "downtrend",
            "deteriorat",
            "halv",
            "collaps",
            "contract",
        ],
    ),
    (
        "flat",
        &[
            "flat",
            "stable",
            "constant",
            "steady",
            "unchanged",
            "stagnant",
            "stagnat",
            "level",
            "plateau",
            "sideways",
            "same",
            "horizontal",
            "consistent",
        ],
    ),
    (
        "mixed",
        &[
            "mixed",
            "fluctuat",
            "vary",
            "varies",
            "varied",
            "volatile",
            "volatility",
            "oscillat",
            "irregular",
            "inconsistent",
            "zigzag",
            "erratic",
            "unstable",
            "cyclical",
        ],
    ),
];

/// Whether there is such a trend.
pub(super) fn is_trend(name: &str) -> bool {
    TRENDS.iter().any(|(trend, _)| *trend == name)
}

/// The trend that a text describes.
pub(super) fn trend(text: &str) -> Option<&'static str> {
    let plain = plainly(text)
        .replace(['↑', '↗'], " up ")
        .replace(['↓', '↘'], " down ")
        .replace("ups and downs", "mixed")
        .replace("up and down", "mixed")
        .replace("up, then down", "mixed")
        .replace("no clear trend", "mixed")
        .replace("no consistent", "mixed")
        .replace("no clear", "mixed")
        .replace("no trend", "flat");
    segments(&plain).into_iter().find_map(|segment| {
        let clauses: Vec<Clause> = segment.into_iter().map(|clause| Clause::new(words(clause))).collect();
        // What holds overall outweighs what happened on the way.
        let overall = |clause: &&Clause| {
            clause
                .words
                .iter()
                .any(|word| matches!(word.as_str(), "overall" | "generally" | "general" | "whole" | "net"))
        };
        let of = |clauses: &mut dyn Iterator<Item = &Clause>| combined(clauses);
        of(&mut clauses.iter().filter(overall)).or_else(|| of(&mut clauses.iter()))
    })
}

fn combined(clauses: &mut dyn Iterator<Item = &Clause>) -> Option<&'static str> {
    let (mut claimed, mut denied): (Vec<&'static str>, Vec<&'static str>) = (Vec::new(), Vec::new());
    let mut unchanging = false;
    for clause in clauses {
        let aside =
            clause.words.iter().position(|word| matches!(word.as_str(), "with" | "despite" | "although"));
        for (at, word) in clause.words.iter().enumerate() {
            let change =
                ["change", "changed", "movement", "variation", "difference"].contains(&word.as_str());
            if change && clause.stance(at, at + 1) == Stance::Denied {
                unchanging = true;
            }
            let Some(trend) = trend_of(word) else { continue };
            match clause.stance(at, at + 1) {
                Stance::Denied => denied.push(trend),
                // `up, with some fluctuations` is up.
                _ if aside.is_some_and(|aside| aside < at) && (!claimed.is_empty() || trend == "mixed") => {}
                _ => claimed.push(trend),
            }
        }
    }
    let has = |list: &[&str], trend: &str| list.contains(&trend);
    match claimed.as_slice() {
        [] if unchanging || (has(&denied, "up") && has(&denied, "down")) => Some("flat"),
        [] => None,
        list if has(list, "mixed") || (has(list, "up") && has(list, "down")) => Some("mixed"),
        list => list.iter().find(|trend| **trend != "flat").or(list.first()).copied(),
    }
}

fn trend_of(word: &str) -> Option<&'static str> {
    // Short words must stand alone, or `upper` would be up; long ones may be inflected.
    let says =
        |stem: &&str| word == *stem || (stem.len() > 4 && word.starts_with(*stem) && !word.ends_with("ly"));
    let short = |stem: &&str| {
        matches!(*stem, "surg" | "soar" | "jump" | "halv" | "doubl" | "tripl" | "drop")
            && word.starts_with(*stem)
    };
    TRENDS
        .iter()
        .find(|(_, stems)| stems.iter().any(|stem| says(stem) || short(stem)))
        .map(|(trend, _)| *trend)
}
