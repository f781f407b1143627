//! Categories as answers to questions: `Q4`, `January 2025`, `18-29`, `Legal`.

mod copula;
mod decisive;
mod fillers;
mod opposite;
mod phrase;
mod rivals;
mod spelling;

use super::claims::{Clause, Stance, denies, plainly, segments};
use crate::distance::similarity;
use crate::value::names::{is_near, is_plural};
use crate::value::{Verdict, same_signs, with_commas};
use fillers::FILLERS;
use rivals::Capitals;
use spelling::{Kind, is_year, kind};

pub(super) use spelling::words;

/// A name with what stands around it; more words are a sentence.
const LONGEST_PHRASE: usize = 6;

/// Longer answers are prose, whose every spelling need not be tried.
const LONGEST_NAME: usize = 2_000;

/// What was asked, and how the answer came.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Empty if it is not known.
    pub(super) question: &'a str,
    /// The answer is prose rather than the typed answer.
    pub(super) is_prose: bool,
}

/// What was said about the names of a category.
pub(super) fn judge(names: &[&str], text: &str, asked: Asked<'_>, threshold: f64) -> Verdict {
    if text.trim().is_empty() {
        return Verdict::Missing;
    }
    if names.iter().any(|name| decisive::is_squeezed(name, text)) {
        return Verdict::Right;
    }
    let text = decisive::concluded(text, asked.question);
    let verdict = judge_spelled(names, text, asked, threshold);
    // A question back is no more than a guess.
    if verdict == Verdict::Right && text.trim_end().ends_with('?') {
        return Verdict::Partly;
    }
    // `Köln` is also `Koeln`.
    let all = || names.iter().copied().chain([text]);
    if verdict == Verdict::Right || text.len() > LONGEST_NAME || all().all(str::is_ascii) {
        return verdict;
    }
    let names: Vec<String> = names.iter().map(|name| spelling::with_e(name)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match judge_spelled(&names, &spelling::with_e(text), asked, threshold) {
        Verdict::Right => Verdict::Right,
        _ => verdict,
    }
}

fn judge_spelled(names: &[&str], text: &str, asked: Asked<'_>, threshold: f64) -> Verdict {
    // In lower case `us` is another word.
    let spaced = text.replace('_', " ");
    let text = &*spelling::with_full_us(&spaced);
    let given = words(&plainly(text));
    // `A-` for `A`, `€5` for `$5`: one name with other signs.
    if given.len() <= LONGEST_PHRASE && !names.iter().any(|name| same_signs(name, text)) {
        return Verdict::Wrong;
    }
    let contrary = opposite::asked(asked.question);
    if contrary.is_said(&given) {
        return Verdict::Wrong;
    }
    let spelled = names;
    let names: Vec<Vec<String>> =
        names.iter().map(|name| words(name)).filter(|name| !name.is_empty()).collect();
    let wanted = Wanted {
        names: &names,
        years: names.iter().flatten().filter(|word| is_year(word)).collect(),
        threshold,
    };
    if wanted.is(&given)
        || without_value(text).is_some_and(|text| wanted.is(&words(&plainly(text))))
        || spelled.iter().any(|name| is_same_list(name, text))
        || copula::named(text).iter().any(|name| wanted.is(&words(&plainly(name))))
        || rivals::glossed(text).iter().flatten().any(|own| wanted.is(own))
    {
        return Verdict::Right;
    }
    if !is_sentence(text, &given, asked) || phrase::lists_another(text, |line| wanted.is(line)) {
        return Verdict::Wrong;
    }
    wanted.told(text, asked.question, &contrary)
}

/// `apple, pear and plum` for `apple, pear, plum`.
fn is_same_list(name: &str, text: &str) -> bool {
    if !name.contains(',') || text.len() > LONGEST_NAME {
        return false;
    }
    let entries = |text: &str| -> Vec<Vec<String>> {
        with_commas(text).split(',').map(words).filter(|entry| !entry.is_empty()).collect()
    };
    entries(name) == entries(text)
}

/// Whether a text tells something rather than only naming it.
fn is_sentence(text: &str, given: &[String], asked: Asked<'_>) -> bool {
    const TELLING: [&str; 16] = [
        "is", "was", "not", "think", "believe", "followed", "than", "but", "ahead", "because", "beats",
        "beat", "overtook", "instead", "behalf", "used",
    ];
    let is_phrase = given.len() <= LONGEST_PHRASE && phrase::is_phrase(text, given);
    asked.is_prose && !is_phrase
        || given.len() > 6
        || text.contains('?')
        || given.iter().any(|word| TELLING.contains(&word.as_str()))
}

/// The names of a category, in words.
struct Wanted<'a> {
    names: &'a [Vec<String>],
    years: Vec<&'a String>,
    threshold: f64,
}

impl Wanted<'_> {
    /// Whether these words are one of the names.
    fn is(&self, given: &[String]) -> bool {
        self.names.iter().any(|name| is_same(name, given, &self.years, self.threshold))
    }

    /// What a text in sentences says of the names, in its last correction that mentions one.
    fn told(&self, text: &str, question: &str, contrary: &opposite::Contrary) -> Verdict {
        let (names, known) = (self.names, Capitals::of(text));
        for segment in segments(&plainly(text)) {
            let clauses: Vec<Clause> = segment.into_iter().map(|clause| Clause::new(words(clause))).collect();
            let clauses = decisive::of(phrase::present(clauses), question, contrary);
            let clauses = decisive::answering(clauses, question, &known);
            let mut stances = Vec::new();
            for clause in &clauses {
                names.iter().for_each(|name| stances.extend(mentions(clause, name, &self.years, &known)));
            }
            if let Some(best) = stances.into_iter().max() {
                return match best {
                    Stance::Denied => Verdict::Wrong,
                    _ if rivals::are_named(&clauses, names, &known, question) => Verdict::Wrong,
                    Stance::Hedged if rivals::are_said(&clauses, names, &known) => Verdict::Wrong,
                    _ if rivals::are_chosen(&clauses, names, &known) => Verdict::Wrong,
                    Stance::Hedged => Verdict::Partly,
                    Stance::Claimed => Verdict::Right,
                };
            }
            // A correction that names something else.
            if clauses.iter().any(names_another) {
                return Verdict::Wrong;
            }
        }
        Verdict::Wrong
    }
}

/// The text beside a value: `Rent: 45%`, `Q4 (620)`, `45% Rent`. A year belongs to the name.
fn without_value(text: &str) -> Option<&str> {
    let text = Some(text.trim()).filter(|text| text.len() <= LONGEST_NAME)?;
    let is_number = |value: &str| {
        let plain = value.trim_matches(|c: char| "$€£¥%kKM ".contains(c));
        !plain.is_empty()
            && plain.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
            && !is_year(value.trim())
    };
    let inner = text.strip_suffix(')').unwrap_or(text);
    let set_apart = inner
        .rsplit_once(['(', ':', '='])
        .or_else(|| inner.rsplit_once(" - "))
        .or_else(|| inner.rsplit_once(" – "));
    if let Some((name, _)) = set_apart.filter(|(_, value)| is_number(value.trim())) {
        return Some(name);
    }
    // A share or an amount with its sign is no part of a name.
    let has_sign = |value: &str| value.contains(['%', '$', '€', '£']) && is_number(value);
    let behind = text.trim_end_matches('.').replace(" %", "%");
    let words = || behind.split_whitespace();
    if words().next_back().is_some_and(has_sign) {
        let at = text.trim_end_matches(['.', '%', ' ']).rfind(' ')?;
        return Some(
            text[..at]
                .trim_end_matches([',', ' ', '-', '–'])
                .trim_end_matches(" with")
                .trim_end_matches(" at"),
        );
    }
    let (first, name) = text.split_once(' ')?;
    has_sign(first).then_some(name)
}

/// Whether a clause names anything, and does not just confirm what was said.
fn names_another(clause: &Clause) -> bool {
    const CONFIRMS: [&str; 22] = [
        "wait",
        "actually",
        "sorry",
        "correction",
        "yes",
        "no",
        "right",
        "correct",
        "let",
        "me",
        "check",
        "again",
        "i",
        "my",
        "mean",
        "looking",
        "look",
        "closer",
        "not",
        "oops",
        "confirmed",
        "still",
    ];
    clause.words.iter().any(|word| !FILLERS.contains(&word.as_str()) && !CONFIRMS.contains(&word.as_str()))
}

/// The stances of a clause to a category; a mention among others of its kind claims nothing.
fn mentions<'a>(
    clause: &'a Clause,
    name: &'a [String],
    years: &'a [&String],
    known: &'a Capitals,
) -> impl Iterator<Item = Stance> + 'a {
    let word = |at: Option<usize>| at.and_then(|at| clause.words.get(at)).map_or("", String::as_str);
    clause.mentions(name, &|a, b| a == b).map(move |(start, end)| {
        let back = |by: usize| word(start.checked_sub(by));
        let (last, first) = (name.last().map_or("", String::as_str), name.first().map_or("", String::as_str));
        let listed = |joint: &str, other: &str, own: &str| {
            let short = clause.words.len() <= name.len() + 3 && !other.is_empty();
            matches!(joint, "and" | "or")
                && !denies(other)
                && (kind(other).is_some_and(|it| kind(own) == Some(it)) || short)
        };
        let next_to = |other: &str, own: &str| kind(own).is_some() && kind(own) == kind(other);
        let other_year = |other: &str| {
            is_year(other)
                && !name.iter().any(|it| is_year(it))
                && !years.is_empty()
                && !years.iter().any(|year| *year == other)
        };
        if rivals::is_beside(&clause.words, start, end, known)
            || decisive::is_no_name(&clause.words, start, end)
            || listed(word(Some(end)), word(Some(end + 1)), last)
            || listed(back(1), back(2), first)
            || next_to(word(Some(end)), last)
            || next_to(back(1), first)
            || other_year(word(Some(end)))
            || other_year(back(1))
            || phrase::is_modifier(back(1))
            // `To be approved` is not yet.
            || start == 2 && back(2) == "to" && back(1) == "be"
        {
            Stance::Denied
        } else {
            clause.stance(start, end)
        }
    })
}

/// Words in a row, with a sign between digits: `1 10` is no `110`.
fn joined(words: &[&String]) -> String {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    words.iter().fold(String::new(), |mut all, word| {
        if digit(all.chars().next_back()) && digit(word.chars().next()) {
            all.push('-');
        }
        all + word
    })
}

/// Whether two names have the same numbers in another order: `2-1` and `1-2`.
fn is_turned(name: &[String], given: &[String]) -> bool {
    let numbers = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| kind(word) == Some(Kind::Number) && !is_year(word)).cloned().collect()
    };
    let (a, b) = (numbers(name), numbers(given));
    a.len() == b.len() && a != b
}

/// Whether a whole answer is the category, but for words that name none and misprints.
fn is_same(name: &[String], given: &[String], years: &[&String], threshold: f64) -> bool {
    let (mut missing, mut extra): (Vec<&String>, Vec<&String>) = (Vec::new(), given.iter().collect());
    for word in name {
        match extra.iter().position(|other| *other == word) {
            Some(at) => {
                extra.remove(at);
            }
            None => missing.push(word),
        }
    }
    let named_year = name.iter().any(|word| is_year(word));
    let idle = |word: &&&String| {
        FILLERS.contains(&word.as_str())
            || (is_year(word)
                && !named_year
                && kind(&name[0]) != Some(Kind::Number)
                && (years.is_empty() || years.contains(*word)))
    };
    let (missing, extra): (Vec<_>, Vec<_>) = (
        missing.into_iter().filter(|word| !idle(&word)).collect(),
        extra.into_iter().filter(|word| !idle(&word)).collect(),
    );
    // `A` for `Product A`.
    if let ([only], [_, last]) = (given, name)
        && only == last
        && (FILLERS.contains(&name[0].as_str())
            || last.chars().count() == 1 && last.chars().all(char::is_alphabetic))
    {
        return true;
    }
    // `the fourth` of quarters.
    let ordinal =
        |word: &String| kind(&name[0]) == Some(Kind::Quarter) && *word == format!("{}th", &name[0][1..]);
    if name.len() == 1 && matches!(extra.as_slice(), [one] if ordinal(one)) {
        return true;
    }
    // Something of the name itself must have been said.
    let said = name.iter().any(|word| given.contains(word) && !FILLERS.contains(&word.as_str()))
        || name == given
        || name.len() == 1 && given.len() == 2 && given.last() == name.last();
    if missing.is_empty() && extra.is_empty() {
        return said && !is_turned(name, given);
    }
    if !missing.is_empty() && joined(&missing) == joined(&extra) {
        return true;
    }
    let plural = |(a, b): (&&String, &&String)| is_plural(a, b) || is_plural(b, a);
    if missing.len() == extra.len() && missing.iter().zip(&extra).all(plural) {
        return true;
    }
    let near = missing.len() == extra.len() && missing.iter().zip(&extra).all(|(a, b)| is_near(a, b));
    near && similarity(&name.concat(), &given.concat()) >= threshold
}
