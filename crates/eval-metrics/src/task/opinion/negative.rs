//! Answers in a sentence to a question that denies something: `There is no logo.` to `Is there no logo?`.

use super::super::category::words;
use super::super::claims::{plainly, segments};

/// A longer text is no plain answer.
const LONGEST: usize = 200;

/// What such an answer says; nothing where the question denies nothing, or where the answer is a bare yes or no.
pub(in crate::task) fn to_a_denial(text: &str, question: &str) -> Option<bool> {
    if text.len() > LONGEST || question.len() > LONGEST {
        return None;
    }
    let asked = words(&plainly(question));
    // `Isn't it signed?` asks whether it is.
    let is_plain = asked.iter().take(2).all(|word| word != "not");
    if !is_plain || !is_denied(&asked) || asked.iter().any(|word| word == "or") {
        return None;
    }
    let plain = plainly(text);
    let clauses: Vec<Vec<String>> =
        segments(&plain).into_iter().flatten().map(words).filter(|clause| !clause.is_empty()).collect();
    let is_told =
        |clause: &Vec<String>| matches!(clause.as_slice(), [one] if matches!(one.as_str(), "yes" | "no"));
    let tells_yes = clauses.first().is_some_and(|clause| is_told(clause) && clause[0] == "yes");
    let stated = clauses.into_iter().find(|clause| !is_told(clause))?;
    let is_whole = stated.len() == 1 && matches!(stated[0].as_str(), "nothing" | "nobody" | "none");
    let is_about = stated.iter().any(|word| word.len() > 2 && !is_common(word) && asked.contains(word));
    let has_verb = stated.iter().any(|word| is_verb(word)) || is_denied(&stated);
    let denied = is_denied(&stated);
    let agrees = denied || !tells_yes;
    (is_whole || is_about && has_verb && agrees).then_some(denied)
}

fn is_denied(words: &[String]) -> bool {
    let denies = |word: &&String| {
        matches!(
            word.as_str(),
            "no" | "not" | "nothing" | "nobody" | "none" | "never" | "without" | "neither" | "nowhere"
        )
    };
    words.iter().filter(denies).count() % 2 == 1
}

fn is_verb(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "was"
            | "were"
            | "has"
            | "have"
            | "had"
            | "does"
            | "do"
            | "did"
            | "can"
            | "shows"
            | "contains"
    )
}

/// Words that say nothing of what was asked.
fn is_common(word: &str) -> bool {
    is_verb(word)
        || is_denied(&[word.to_owned()])
        || matches!(word, "the" | "there" | "any" | "that" | "this" | "and" | "true")
}

#[cfg(test)]
mod tests {
    use super::to_a_denial;

    #[test]
    fn a_sentence_answers_by_its_own_denial() {
        for (text, question, said) in [
            ("There is no logo", "Is there no logo?", Some(true)),
            ("There is a logo", "Is there no logo?", Some(false)),
            ("No, there is no logo.", "Is there no logo?", Some(true)),
            ("Nothing is crossed out.", "Is nothing crossed out?", Some(true)),
            ("No", "Is there no logo?", None),
            ("There is a logo", "Is there a logo?", None),
            ("It is signed", "Isn't it signed?", None),
        ] {
            assert_eq!(to_a_denial(text, question), said, "{text}");
        }
    }
}
