//! Questions for a yes or a no whose answer says how two things compare, or repeats the question: `A is smaller` to
//! `Is A larger than B?`, `Sales increased.` to `Did sales increase?`.

use super::category::words;
use super::claims::{denies, plainly, segments};

/// Words of comparison with their opposites.
const PAIRS: [(&str, &str); 16] = [
    ("higher", "lower"),
    ("larger", "smaller"),
    ("bigger", "smaller"),
    ("greater", "smaller"),
    ("greater", "less"),
    ("more", "less"),
    ("more", "fewer"),
    ("above", "below"),
    ("over", "under"),
    ("longer", "shorter"),
    ("older", "younger"),
    ("taller", "shorter"),
    ("faster", "slower"),
    ("better", "worse"),
    ("before", "after"),
    ("earlier", "later"),
];

/// A longer answer is prose.
const LONGEST: usize = 200;

/// What an answer without a yes or a no says of a comparison; nothing if it does not compare, or says it by a yes or a no.
pub(super) fn told(text: &str, question: &str) -> Option<bool> {
    let asked = words(question);
    let at = asked.iter().position(|word| is_compared(word))?;
    let said = only_clause(text)?;
    let denied_at = said.iter().position(|word| denies(word));
    let is_even = |word: &String| matches!(word.as_str(), "equal" | "same" | "tied" | "identical" | "even");
    if said.iter().any(is_even) {
        return denied_at.is_none().then_some(false);
    }
    let place = said.iter().position(|word| is_compared(word))?;
    let agrees = said[place] == asked[at];
    if !agrees && !are_opposite(&said[place], &asked[at]) {
        return None;
    }
    let names = |words: &[String]| -> Vec<String> {
        let idle = |word: &str| {
            matches!(word, "is" | "was" | "are" | "were" | "the" | "than" | "has" | "have" | "it" | "of")
        };
        words.iter().filter(|word| !idle(word)).cloned().collect()
    };
    let (own, other) = (names(&asked[1.min(at)..at]), names(&asked[at + 1..]));
    let subject = names(&said[..place]);
    let meets = |list: &[String]| subject.iter().any(|word| list.contains(word));
    // `B is lower` of whether A is higher.
    let exchanged = meets(&other) && !meets(&own);
    match (agrees != exchanged, denied_at.is_some_and(|it| it < place)) {
        (true, true) => Some(false),
        // Not lower may be equal.
        (false, true) => None,
        (told, false) => Some(told),
    }
}

/// Whether an answer is the question itself.
pub(super) fn echoes(text: &str, question: &str) -> bool {
    text.len() <= LONGEST && text.trim_end().ends_with('?') && words(text) == words(question)
}

/// Whether an answer repeats what was asked as a statement.
pub(super) fn repeats(text: &str, question: &str) -> bool {
    let asked = words(question);
    let Some(said) = only_clause(text) else { return false };
    let asks = asked.first().is_some_and(|word| {
        matches!(
            word.as_str(),
            "did" | "does" | "do" | "is" | "are" | "was" | "were" | "has" | "have" | "will"
        )
    });
    let content: Vec<&String> = asked.iter().skip(1).filter(|word| word.len() >= 4).collect();
    asks && !content.is_empty()
        && !said.iter().any(|word| {
            denies(word)
                || matches!(
                    word.as_str(),
                    "nobody" | "perhaps" | "maybe" | "if" | "whether" | "unclear" | "unknown"
                )
        })
        && content.iter().all(|word| said.iter().any(|other| is_inflected(word, other)))
}

/// The words of an answer that is one clause and has neither a yes nor a no.
fn only_clause(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST {
        return None;
    }
    // `A (10) is lower than B (20)`
    let plain = plainly(&without_values(text));
    let segments = segments(&plain);
    let [clauses] = segments.as_slice() else { return None };
    let mut clauses = clauses.iter().map(|clause| words(clause)).filter(|clause| !clause.is_empty());
    let (first, None) = (clauses.next()?, clauses.next()) else { return None };
    let opinion =
        |word: &String| matches!(word.as_str(), "yes" | "no" | "true" | "false" | "correct" | "incorrect");
    (!first.iter().any(opinion)).then_some(first)
}

/// A text without numbers in brackets.
fn without_values(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('(') {
        let inner =
            behind.split_once(')').filter(|(inner, _)| inner.starts_with(|c: char| c.is_ascii_digit()));
        let Some((_, after)) = inner else { break };
        out.push_str(before.trim_end());
        rest = after;
    }
    out + rest
}

fn is_compared(word: &str) -> bool {
    PAIRS.iter().any(|(a, b)| *a == word || *b == word)
}

fn are_opposite(one: &str, other: &str) -> bool {
    PAIRS.iter().any(|&(a, b)| (a, b) == (one, other) || (b, a) == (one, other))
}

/// `increase` and `increased`.
fn is_inflected(one: &str, other: &str) -> bool {
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    one == other || common >= 4 && common + 1 >= one.len() && other.len() <= common + 3
}

#[cfg(test)]
mod tests {
    use super::{repeats, told};

    #[test]
    fn hears_how_two_things_compare() {
        let asked = "Is A larger than B?";
        for (text, wanted) in [
            ("A is larger", Some(true)),
            ("A is smaller", Some(false)),
            ("B is larger than A.", Some(false)),
            ("B is smaller.", Some(true)),
            ("They are equal.", Some(false)),
            ("A is not larger.", Some(false)),
            ("A is not smaller.", None),
            ("Yes, A is larger", None),
            ("It is red.", None),
        ] {
            assert_eq!(told(text, asked), wanted, "{text}");
        }
    }

    #[test]
    fn hears_the_question_repeated() {
        assert!(repeats("Sales increased.", "Did sales increase?"));
        assert!(!repeats("Sales decreased.", "Did sales increase?"));
        assert!(!repeats("Sales did not increase.", "Did sales increase?"));
    }
}
