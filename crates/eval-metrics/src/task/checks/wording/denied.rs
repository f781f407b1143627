//! What a clause of a description denies, beyond what any clause does.

use crate::task::claims::{Clause, Stance};

/// The stance of a clause to what it mentions from word `start` to `end`.
///
/// `The yachts are not moving` speaks of yachts that are there; `a harbor devoid of yachts` of none.
pub(super) fn stance(clause: &Clause, quote: &str, start: usize, end: usize) -> Stance {
    let before = &clause.words[..start];
    if denies_before(before) || denies_behind(&clause.words[end..], quote) {
        return Stance::Denied;
    }
    if is_open(before, &clause.words[end..]) {
        return Stance::Denied;
    }
    if doubts_not(before) {
        return Stance::Claimed;
    }
    let stance = clause.stance(start, end);
    if stance == Stance::Denied && is_presupposed(clause, start, end) {
        return Stance::Claimed;
    }
    let bounded =
        matches!(before, [.., least, most] if least == "at" && matches!(most.as_str(), "least" | "most"));
    let only_half = before.last().is_some_and(|word| matches!(word.as_str(), "almost" | "nearly"));
    let offered = clause.words.get(end).is_some_and(|word| word == "or")
        || before.last().is_some_and(|word| word == "or");
    match stance {
        Stance::Claimed if bounded || only_half || offered => Stance::Hedged,
        stance => stance,
    }
}

/// Words of doubt; they are in the singular.
const DOUBTS: [&str; 14] = [
    "doubt",
    "doubtful",
    "questionable",
    "impossible",
    "implausible",
    "bezweifle",
    "zweifle",
    "doute",
    "dudo",
    "dubito",
    "duvido",
    "сомневаюсь",
    "whether",
    "betwijfel",
];

/// Whether it is only doubted or supposed for the argument: `I doubt that there is one`, `if there were one`.
fn is_open(before: &[String], behind: &[String]) -> bool {
    let doubted = before.iter().any(|word| DOUBTS.contains(&word.as_str())) && !doubts_not(before);
    let behind =
        behind.iter().any(|word| matches!(word.as_str(), "doubtful" | "questionable" | "impossible"));
    doubted || behind || before.first().is_some_and(|word| word == "if")
}

/// `I do not doubt that there is one.`
fn doubts_not(before: &[String]) -> bool {
    let doubt = before.iter().position(|word| word == "doubt");
    doubt.is_some_and(|at| before[..at].iter().any(|word| matches!(word.as_str(), "not" | "no" | "never")))
}

/// Whether words before a mention say that there is nothing of it; words are in the singular.
fn denies_before(before: &[String]) -> bool {
    const DENYING: [&str; 22] = [
        "lack",
        "lacking",
        "denie",
        "deny",
        "denied",
        "untrue",
        "false",
        "wrong",
        "refute",
        "nobody",
        "aucun",
        "aucune",
        "sans",
        "ningun",
        "ninguna",
        "keinerlei",
        "fehlt",
        "nowhere",
        "missing",
        "exclude",
        "absent",
        "void",
    ];
    let has = |word: &str| before.iter().any(|it| it == word);
    let pair = |a: &str, b: &str| before.windows(2).any(|it| it[0] == a && it[1] == b);
    let none_of = before.first().is_some_and(|word| word == "none");
    let fails = pair("fail", "to") || pair("failed", "to");
    let zero = before.last().is_some_and(|word| word == "0");
    // `There is not a lack of yachts.`
    let doubly =
        before.iter().any(|word| matches!(word.as_str(), "not" | "no")) && (has("lack") || has("missing"));
    let denied = DENYING.iter().any(|word| has(word)) || pair("devoid", "of") || pair("empty", "of");
    (denied && !doubly) || none_of || fails || zero
}

/// `is nowhere to be seen`, `are missing`, `ist nicht zu sehen`.
fn denies_behind(behind: &[String], quote: &str) -> bool {
    let word = |at: usize| behind.get(at).map_or("", String::as_str);
    let is_verb = |word: &str| matches!(word, "is" | "are" | "was" | "were" | "ist" | "sind");
    let gone = |word: &str| matches!(word, "missing" | "nowhere" | "gone" | "absent" | "nicht");
    let at_once = is_verb(word(0)) && gone(word(1));
    let at_the_end =
        behind.len() <= 8 && matches!(behind.last().map(String::as_str), Some("missing" | "absent"));
    let by_no_means = quote.ends_with("not at all") || quote.ends_with("by no means");
    at_once || at_the_end && behind.iter().any(|it| is_verb(it)) || by_no_means && behind.len() <= 3
}

/// Whether what is denied is not the thing itself: `the yachts are not moving`, but not `the yachts are not there`.
fn is_presupposed(clause: &Clause, start: usize, end: usize) -> bool {
    const THERE: [&str; 16] = [
        "there", "present", "visible", "shown", "seen", "to", "in", "on", "part", "pictured", "depicted",
        "found", "real", "any", "yet", "included",
    ];
    let word = |at: usize| clause.words.get(at).map_or("", String::as_str);
    let denied_before = clause.words[..start].iter().any(|word| crate::task::claims::denies(word));
    let is_verb = matches!(word(end), "is" | "are" | "was" | "were");
    !denied_before
        && is_verb
        && word(end + 1) == "not"
        && !word(end + 2).is_empty()
        && !THERE.contains(&word(end + 2))
}

/// The clause that says a wording of a script that does not part words, if none denies it.
pub(super) fn in_running_script<'a>(
    mut clauses: impl Iterator<Item = &'a str>,
    wording: &str,
) -> Option<&'a str> {
    const DENYING: [&str; 10] =
        ["ない", "ません", "いない", "没有", "沒有", "不是", "無", "无", "없", "なし"];
    let is_running = |c: char| matches!(c, '\u{3040}'..='\u{9fff}');
    if wording.is_empty() || !wording.chars().all(is_running) {
        return None;
    }
    clauses.find(|clause| clause.contains(wording) && !DENYING.iter().any(|word| clause.contains(word)))
}
