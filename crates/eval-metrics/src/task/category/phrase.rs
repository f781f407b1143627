//! Names with words around them that make other names of them: `North Korea`, `Strongly agree`, `Formerly active`.

use super::fillers::FILLERS;
use super::spelling::words;
use crate::task::claims::{Clause, plainly};

/// Whether a text is a name with words around it, and no sentence: it has neither a verb nor punctuation inside.
pub(super) fn is_phrase(text: &str, given: &[String]) -> bool {
    let inner = text.trim().trim_end_matches(['.', '!']);
    !inner.contains([',', ';', ':', '\n', '(', '=', '?', '.', '>', '→'])
        && !given.iter().any(|word| is_of_a_sentence(word))
}

/// Verbs of answers, and words of doubt.
const VERBS: [&str; 74] = [
    "belongs",
    "occurs",
    "occurred",
    "happened",
    "represents",
    "dominates",
    "accounts",
    "falls",
    "said",
    "chose",
    "answered",
    "voted",
    "is",
    "was",
    "are",
    "were",
    "has",
    "had",
    "have",
    "be",
    "does",
    "did",
    "do",
    "will",
    "would",
    "should",
    "must",
    "leads",
    "led",
    "wins",
    "won",
    "tops",
    "shows",
    "show",
    "peaks",
    "reaches",
    "records",
    "came",
    "comes",
    "ranks",
    "sold",
    "sells",
    "grew",
    "rose",
    "fell",
    "made",
    "makes",
    "stands",
    "hit",
    "hits",
    "saw",
    "goes",
    "gets",
    "got",
    "seems",
    "appears",
    "looks",
    "say",
    "says",
    "think",
    "believe",
    "guess",
    "choose",
    "pick",
    "i",
    "we",
    "not",
    "than",
    "probably",
    "likely",
    "maybe",
    "perhaps",
    "possibly",
    "overall",
];

/// Words that make a sentence, or say how sure it is.
pub(super) fn is_of_a_sentence(word: &str) -> bool {
    VERBS.contains(&word)
        || word.ends_with("ed")
            && ["peak", "reach", "record", "rank", "scor", "show", "lead", "climb"]
                .iter()
                .any(|stem| word.starts_with(stem))
}

/// Whether a text is several lines with one name each, of which only some are the right one.
pub(super) fn lists_another(text: &str, is_right: impl Fn(&[String]) -> bool) -> bool {
    const LONGEST: usize = 400;
    const MOST_LINES: usize = 10;
    if text.len() > LONGEST {
        return false;
    }
    const MOST_WORDS: usize = 3;
    let idle = |word: &String| {
        FILLERS.contains(&word.as_str())
            || matches!(
                word.as_str(),
                "final" | "confidence" | "percent" | "note" | "explanation" | "reasoning"
            )
            || word.starts_with(|c: char| c.is_ascii_digit())
    };
    let lines: Vec<Vec<String>> =
        text.lines().take(MOST_LINES + 1).map(|line| words(&plainly(line))).collect();
    let named = || lines.iter().filter(|line| !line.iter().all(idle));
    let is_list = lines.len() <= MOST_LINES && lines.iter().all(|line| line.len() <= MOST_WORDS);
    is_list
        && named().count() > 1
        && named().any(|line| is_right(line))
        && !named().all(|line| is_right(line))
}

/// Whether a word before a name makes another one of it.
pub(super) fn is_modifier(word: &str) -> bool {
    matches!(
        word,
        "north"
            | "south"
            | "east"
            | "west"
            | "northern"
            | "southern"
            | "eastern"
            | "western"
            | "central"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
            | "equatorial"
            | "new"
            | "papua"
            | "very"
            | "strongly"
            | "slightly"
            | "somewhat"
            | "moderately"
            | "extremely"
            | "formerly"
            | "former"
            | "previously"
            | "non"
            | "self"
            | "semi"
            | "anti"
            | "ex"
            | "partially"
            | "partly"
    )
}

/// The clauses without those about the past, where another one speaks of the present: `A was first until 2020; now it is B`.
pub(super) fn present(clauses: Vec<Clause>) -> Vec<Clause> {
    let first = |clause: &Clause, list: &[&str]| {
        let own = clause.words.iter().find(|word| !matches!(word.as_str(), "but" | "and"));
        own.is_some_and(|word| list.contains(&word.as_str()))
    };
    let is_now = |clause: &Clause| first(clause, &["now", "today", "currently", "since"]);
    let is_past = |clause: &Clause| {
        !is_now(clause)
            && clause.words.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "until" | "previously" | "formerly" | "once" | "initially" | "was" | "were"
                )
            })
    };
    if !clauses.iter().any(|clause| is_now(clause) && !is_past(clause)) {
        return clauses;
    }
    clauses.into_iter().filter(|clause| !is_past(clause)).collect()
}
