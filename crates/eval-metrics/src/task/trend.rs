//! Up or down.

use super::category::words;
use super::claims::{Clause, Stance, plainly, segments};

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
            "steig",
            "gestieg",
            "zunehm",
            "zunahme",
            "wachs",
            "anstieg",
            "aufwart",
            "hausse",
            "croissan",
            "augment",
            "aument",
            "subi",
            "subida",
            "crec",
            "cresc",
            "crescente",
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
            "sinkend",
            "gesunken",
            "fallend",
            "gefallen",
            "abnehm",
            "abnahme",
            "ruckgang",
            "abwart",
            "baisse",
            "decroissan",
            "diminu",
            "disminu",
            "descen",
            "bajada",
            "baja",
            "decresc",
            "decrec",
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
            "stabil",
            "konstant",
            "gleichbleibend",
            "unverandert",
            "constante",
            "estable",
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
pub(super) fn described(text: &str) -> Option<&'static str> {
    let plain = plainly(text)
        .replace(['↑', '↗', '⬆', '📈'], " up ")
        .replace(['↓', '↘', '⬇', '📉'], " down ")
        .replace("cut in half", "halved")
        .replace("stopped rising", "flat")
        .replace("stopped growing", "flat")
        .replace("stopped increasing", "flat")
        .replace("stopped falling", "flat")
        .replace("stopped declining", "flat")
        .replace("stopped decreasing", "flat")
        .replace("more and more", "up")
        .replace("more every", "up every")
        .replace("more each", "up each")
        .replace("less and less", "down")
        .replace("fewer and fewer", "down")
        .replace("less every", "down every")
        .replace("less each", "down each")
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
