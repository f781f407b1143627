//! Up or down.

use super::category::words;
use super::claims::{Clause, Stance, denies, plainly, segments};

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
            "fallt",
            "sinkt",
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
        .replace(" up to ", " up ")
        .replace("hardly chang", "no chang")
        .replace("barely chang", "no chang")
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
    let plain = without_idioms(&plain);
    if leaves_open(&plain) {
        return None;
    }
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

/// `ends up lower` is no rise, and what stops rising is flat.
fn without_idioms(plain: &str) -> String {
    let words: Vec<&str> = plain.split(' ').collect();
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |at| words[at]);
        let ends = ["end", "ends", "ended", "show", "shows", "turn", "turns", "comes"].contains(&before);
        if *word == "up" && ends && words.len() > at + 1 {
            kept.pop();
            continue;
        }
        let moves =
            trend_of(word.trim_matches(|c: char| !c.is_alphanumeric())).is_some_and(|it| it != "flat");
        if moves && ["stop", "stops", "stopped", "stopping", "ceased", "ceases"].contains(&before) {
            kept.pop();
            kept.push("flat");
            continue;
        }
        kept.push(word);
    }
    kept.join(" ")
}

/// `up or flat`, `up, flat`: more than one, and which is not said.
fn leaves_open(plain: &str) -> bool {
    const MOST_WORDS: usize = 4;
    let words = words(plain);
    let offered = words.windows(3).any(|it| {
        let (a, b) = (trend_of(&it[0]), trend_of(&it[2]));
        it[1] == "or" && a.is_some() && b.is_some() && a != b
    });
    let denied = words.iter().any(|word| denies(word));
    let trends: Vec<_> = words.iter().filter_map(|word| trend_of(word)).collect();
    let only_trends = words.len() <= MOST_WORDS && trends.len() == words.len();
    let with_flat =
        only_trends && trends.contains(&"flat") && trends.iter().any(|it| *it != "flat" && *it != "mixed");
    !denied && (offered || with_flat)
}

fn combined(clauses: &mut dyn Iterator<Item = &Clause>) -> Option<&'static str> {
    let (mut claimed, mut denied): (Vec<&'static str>, Vec<&'static str>) = (Vec::new(), Vec::new());
    let mut unchanging = false;
    for clause in clauses {
        let aside =
            clause.words.iter().position(|word| matches!(word.as_str(), "with" | "despite" | "although"));
        for (at, word) in clause.words.iter().enumerate() {
            let change = ["change", "changes", "changed", "movement", "variation", "difference"]
                .contains(&word.as_str());
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
