//! Which clauses of an answer decide: its conclusion, else those that say what was asked for, else all.
//!
//! `France is at 20. Germany is at 30, the tallest bar.` mentions France and answers Germany.

use super::fillers::FILLERS;
use super::opposite::{self, Contrary};
use super::phrase::is_of_a_sentence;
use super::rivals::Capitals;
use super::spelling::words;
use crate::task::claims::{Clause, denies};
use crate::value::fold::narrow;

/// Whether a name differs from an answer in blanks alone: `DE89 3704` and `DE893704`.
pub(super) fn is_squeezed(name: &str, text: &str) -> bool {
    let squeezed = |text: &str| -> String {
        narrow(text)
            .trim_end_matches('.')
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect()
    };
    text.len() <= 2 * name.len() + 20
        && name.contains(|c: char| c.is_ascii_digit())
        && squeezed(name) == squeezed(text)
}

/// The end of a text that announces it: `Comparing all three: Germany`, `Spain → France`; else the whole text.
pub(super) fn concluded<'a>(text: &'a str, question: &str) -> &'a str {
    const LONGEST: usize = 400;
    const MOST_WORDS: usize = 4;
    if text.len() > LONGEST {
        return text;
    }
    let arrow = ["→", "=>", "->"].iter().find_map(|sign| text.rsplit_once(sign));
    let announced =
        || text.trim_end_matches(['.', '*']).rsplit_once(": ").filter(|it| words(it.0).len() > MOST_WORDS);
    let Some((before, end)) = arrow.or_else(announced) else { return text };
    let named = words(end);
    let is_name = |word: &String| !word.starts_with(|c: char| c.is_ascii_digit());
    let clause = &before[before.rfind(['.', ';', ',', '\n']).map_or(0, |at| at + 1)..];
    let is_of_other_end = opposite::asked(question).is_said(&words(clause));
    let is_end = (1..=MOST_WORDS).contains(&named.len()) && named.iter().any(is_name) && !is_of_other_end;
    if is_end { end } else { text }
}

/// The clauses that decide.
pub(super) fn of(clauses: Vec<Clause>, question: &str, contrary: &Contrary) -> Vec<Clause> {
    // What speaks of the other end alone says nothing of the one that was asked for.
    let own_end = |clause: &Clause| !contrary.is_said(&clause.words);
    let clauses: Vec<Clause> = clauses.into_iter().filter(own_end).collect();
    let ends = clauses.len();
    if let Some(from) = (0..ends).rev().find(|at| concludes(&clauses[*at]) && names_any(&clauses[*at..])) {
        return clauses.into_iter().skip(from).collect();
    }
    let ends_asked = opposite::ends_of(&words(question));
    let mut kept = vec![false; ends];
    for at in (0..ends).filter(|at| says_end(&clauses[*at], ends_asked)) {
        kept[at] = true;
        // `Germany is at 30, the tallest bar`: what it is said of stands before.
        let mut back = at;
        while back > 0 && !names_any(&clauses[back..=at]) {
            back -= 1;
            kept[back] = true;
        }
    }
    if !kept.contains(&true) {
        return clauses;
    }
    clauses.into_iter().zip(kept).filter(|(_, is_kept)| *is_kept).map(|(clause, _)| clause).collect()
}

/// The clauses that say of a name what the question asks about, where others say something else of another one: `Paris is
/// the capital but Berlin is larger` answers `Which city is the capital?` with Paris.
pub(super) fn answering(clauses: Vec<Clause>, question: &str, known: &Capitals) -> Vec<Clause> {
    let question = words(question);
    let about =
        question.iter().position(|word| is_of_a_sentence(word)).map_or(&[][..], |at| &question[at + 1..]);
    let is_asked = |word: &String| about.contains(word) && !FILLERS.contains(&word.as_str());
    let states = |clause: &&Clause| {
        let is_name = |word: &String| known.has(word) && !FILLERS.contains(&word.as_str()) && !is_asked(word);
        let verb = clause.words.iter().position(|word| matches!(word.as_str(), "is" | "was" | "has" | "had"));
        clause.words.iter().any(is_name) && verb.is_some_and(|at| at + 1 < clause.words.len())
    };
    let answers =
        |clause: &Clause| clause.words.iter().any(is_asked) && !clause.words.iter().any(|it| denies(it));
    let statements: Vec<&Clause> = clauses.iter().filter(states).collect();
    let is_told_apart =
        statements.iter().any(|clause| answers(clause)) && !statements.iter().all(|clause| answers(clause));
    match is_told_apart {
        true => clauses.into_iter().filter(|clause| states(&clause) && answers(clause)).collect(),
        false => clauses,
    }
}

/// Whether a clause says that what it names is what was asked for.
fn says_end(clause: &Clause, ends: &[&str]) -> bool {
    let says = clause.words.iter().any(|word| ends.contains(&word.as_str()));
    says && !clause.words.iter().any(|word| denies(word))
}

/// `therefore`, `in conclusion`, `correct`: what follows is meant.
fn concludes(clause: &Clause) -> bool {
    let word = |at: usize| clause.words.get(at).map_or("", String::as_str);
    matches!(word(0), "therefore" | "thus" | "hence" | "consequently" | "so" | "correct")
        || matches!((word(0), word(1)), ("in", "conclusion" | "summary") | ("final" | "correct", "answer"))
}

/// Whether clauses have a word that may name something.
fn names_any(clauses: &[Clause]) -> bool {
    const IDLE: [&str; 24] = [
        "therefore",
        "thus",
        "hence",
        "consequently",
        "so",
        "correct",
        "conclusion",
        "summary",
        "final",
        "which",
        "who",
        "and",
        "they",
        "its",
        "have",
        "does",
        "by",
        "far",
        "tallest",
        "all",
        "among",
        "them",
        "unclear",
        "not",
    ];
    clauses.iter().flat_map(|clause| &clause.words).any(|word| {
        let word = word.as_str();
        !FILLERS.contains(&word)
            && !IDLE.contains(&word)
            && !opposite::is_end(word)
            && !word.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Whether what stands at a place is another word than the name: the article of `A bar`, the `I` of `I think`, what is
/// past, second, tied or only first sight.
pub(super) fn is_no_name(words: &[String], start: usize, end: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let is_verb =
        |word: &str| matches!(word, "is" | "was" | "has" | "had" | "leads" | "wins" | "are" | "were" | "of");
    if end == start + 1 && word(start) == "a" && !word(end).is_empty() && !is_verb(word(end)) {
        return true;
    }
    if end == start + 1 && word(start) == "i" && !word(end).is_empty() && !is_verb(word(end)) {
        return true;
    }
    let seconded =
        is_verb(word(end)) && matches!(word(end + 1), "2th" | "3th" | "tied" | "level" | "equal" | "runner");
    let past = (word(end), word(end + 1)) == ("used", "to");
    let sighted = (0..start).any(|at| word(at) == "at" && word(at + 1) == "1th");
    let led = word(0) == "after" && (start > 1 || !word(end).is_empty());
    seconded || past || sighted || led
}
