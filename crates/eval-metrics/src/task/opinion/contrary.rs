//! Answers in a sentence that say the contrary of what was asked: `It is unsigned.`, `The signature is missing.`

use super::{NO, YES, denies, plainly, segments, words};

/// Whether an answer denies the opposite of what was asked, which is no answer: `not below` to `Was it above?`.
pub(in crate::task) fn denies_the_opposite(text: &str, question: &str) -> bool {
    const OPPOSITES: [(&str, &str); 8] = [
        ("above", "below"),
        ("over", "under"),
        ("higher", "lower"),
        ("more", "less"),
        ("larger", "smaller"),
        ("rise", "fall"),
        ("increase", "decrease"),
        ("before", "after"),
    ];
    let (said, asked) = (words(&plainly(text)), words(question));
    let asks = |word: &str| asked.iter().any(|other| other == word);
    let denied = |word: &str| said.windows(2).any(|pair| pair[0] == "not" && pair[1] == word);
    let begins = said.first().is_some_and(|word| matches!(word.as_str(), "no" | "yes"));
    !begins
        && OPPOSITES.iter().any(|&(a, b)| {
            asks(a) && !asks(b) && denied(b) && !denied(a) || asks(b) && !asks(a) && denied(a) && !denied(b)
        })
}

/// Whether an answer in a sentence says the contrary of a word of the question: `It is unsigned.` to `Is it signed?`.
pub(in crate::task) fn names_the_contrary(text: &str, question: &str) -> bool {
    const LONGEST: usize = 400;
    if text.len() > LONGEST {
        return false;
    }
    let (said, asked) = (words(&plainly(text)), words(question));
    let is_told = said.first().is_some_and(|word| {
        let word = word.as_str();
        word == "no" || YES.contains(&word) || NO.contains(&word)
    });
    let says = |word: &str| said.iter().any(|other| other == word);
    let asks = |word: &str| asked.iter().any(|other| other == word);
    let contrary = |stem: &String| {
        let short = ["un", "non", "dis"].iter().filter(|_| stem.len() >= 4);
        let mut prefixes = short.chain(["in", "im", "ir", "il"].iter().filter(|_| stem.len() >= 5));
        let denied = prefixes.any(|prefix| {
            let word = format!("{prefix}{stem}");
            says(&word) && !asks(&word)
        });
        denied && !says(stem)
    };
    // `Is it unsigned?` and `It is signed.`
    let stem_of = |word: &String| word.strip_prefix("un").filter(|stem| stem.len() >= 4).map(str::to_owned);
    let affirmed =
        |word: &String| stem_of(word).is_some_and(|stem| says(&stem) && !says(word) && !asks(&stem));
    !is_told && (asked.iter().any(contrary) || asked.iter().any(affirmed))
}

/// Whether an answer has a yes and the question's own words denied, or a no and its own words affirmed: `Yes, it is not
/// signed.`
pub(in crate::task) fn contradicts_itself(text: &str, question: &str) -> bool {
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return false;
    }
    let helps = |word: &String| {
        matches!(
            word.as_str(),
            "is" | "are" | "was" | "were" | "does" | "do" | "did" | "has" | "have" | "had" | "will" | "can"
        )
    };
    let core = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| !helps(word) && *word != "not").cloned().collect()
    };
    let asked = words(question);
    let plain = plainly(text);
    let clauses: Vec<Vec<String>> =
        segments(&plain).into_iter().flatten().map(words).filter(|clause| !clause.is_empty()).collect();
    let [first, second, ..] = clauses.as_slice() else { return false };
    let told = match first.as_slice() {
        [word] if YES.contains(&word.as_str()) => true,
        [word] if word == "no" || NO.contains(&word.as_str()) => false,
        _ => return false,
    };
    let is_denied = |words: &[String]| words.iter().any(|word| word == "not");
    let is_same = core(second) == core(&asked) && second.iter().any(helps);
    is_same && told == (is_denied(second) != is_denied(&asked))
}

/// What an answer without a yes or a no says by a word that stands for the contrary of the question: that something is
/// missing, or that it fell where a rise was asked for.
pub(in crate::task) fn tells_otherwise(text: &str, question: &str) -> Option<bool> {
    const LONGEST: usize = 200;
    const ABSENT: [&str; 6] = ["missing", "absent", "empty", "blank", "lacking", "nowhere"];
    const ASKED: [&str; 9] =
        ["vacant", "free", "available", "unoccupied", "incomplete", "gone", "lost", "without", "not"];
    const UP: [&str; 9] = ["increas", "rise", "rising", "rose", "grow", "grew", "upward", "gain", "climb"];
    const DOWN: [&str; 8] = ["decreas", "declin", "fall", "fell", "drop", "downward", "shrink", "reduc"];
    if text.len() > LONGEST {
        return None;
    }
    let (said, asked) = (words(&plainly(text)), words(question));
    let begins = |words: &[String], stems: &[&str]| {
        words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)))
    };
    let tells =
        said.iter().any(|word| word == "no" || YES.contains(&word.as_str()) || NO.contains(&word.as_str()));
    let is_negative = |word: &String| word.starts_with("un") || ASKED.contains(&word.as_str());
    if tells || said.is_empty() {
        return None;
    }
    let denied = said.iter().filter(|word| denies(word)).count() % 2 == 1;
    // `It has a stamp; the date field is empty`: the first statement is the answer.
    let plain = plainly(text);
    let states = |clause: &Vec<String>| {
        begins(clause, &ABSENT)
            || clause.iter().any(|word| {
                matches!(word.as_str(), "is" | "are" | "was" | "were" | "has" | "have" | "shows" | "contains")
            })
    };
    let first = segments(&plain).into_iter().flatten().map(words).find(states).unwrap_or_default();
    let denied_first = first.iter().filter(|word| denies(word)).count() % 2 == 1;
    if begins(&first, &ABSENT) && !begins(&asked, &ABSENT) && !asked.iter().any(is_negative) {
        return Some(denied_first);
    }
    let turned = |own: &[&str], other: &[&str]| {
        begins(&asked, own) && !begins(&asked, other) && begins(&said, other) && !begins(&said, own)
    };
    (!denied && (turned(&UP, &DOWN) || turned(&DOWN, &UP))).then_some(false)
}
