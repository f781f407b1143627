//! What one clause says of what it mentions.

use super::denies;

/// Whether words begin with what excludes what follows, of what is shown rather than of what is said.
fn excludes(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match (word(0), word(1)) {
        ("ruled" | "rules" | "rule" | "ruling", "out") | ("free", "of") | ("negative", "for") => true,
        ("absence" | "lack", "of") | ("no", "sign" | "signs" | "evidence") => true,
        ("false", next) => matches!(next, "positive" | "negative" | "alarm"),
        ("unlikely" | "excludes" | "excluding" | "denies" | "lacks", _) => true,
        ("non" | "pseudo" | "pas" | "nie" | "sans" | "sin" | "ohne" | "senza" | "niet" | "inte", next) => {
            !next.is_empty()
        }
        _ => false,
    }
}

/// Whether a clause only supposes what it says.
fn hedges(words: &[String]) -> bool {
    let hedge =
        |word: &str| matches!(word, "could" | "might" | "maybe" | "perhaps" | "possibly" | "alternatively");
    let may_be =
        words.windows(2).any(|pair| pair[0] == "may" && matches!(pair[1].as_str(), "be" | "also" | "seem"));
    // `Although it says invoice on top`
    let concedes =
        words.first().is_some_and(|word| matches!(word.as_str(), "although" | "though" | "despite"));
    // `Some say Germany`
    let reported = words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "some" | "others" | "many" | "people")
            && matches!(pair[1].as_str(), "say" | "claim" | "think" | "believe" | "argue")
    });
    may_be || concedes || reported || words.iter().any(|word| hedge(word))
}

/// How sure a text is of something it mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::task) enum Stance {
    Denied,
    Hedged,
    Claimed,
}

/// A clause in words, and from where on it denies.
pub(in crate::task) struct Clause {
    pub(in crate::task) words: Vec<String>,
    denied_from: usize,
    /// Where it says `between`, else its end.
    between: usize,
    hedged: bool,
    /// Where it says what was said before, else its end: `previously I said Germany`.
    said_from: usize,
}

impl Clause {
    pub(in crate::task) fn new(words: Vec<String>) -> Self {
        let is_pair = |at: usize| {
            let next = words.get(at + 1).map(String::as_str);
            matches!(
                (words[at].as_str(), next),
                ("rather", Some("than"))
                    | ("instead", Some("of"))
                    | ("other", Some("than"))
                    | ("opposed", Some("to"))
            )
        };
        // What failed is there; what failed to show is not.
        let fails = |at: usize| words[at] != "failed" || words.get(at + 1).is_some_and(|next| next == "to");
        let denies_here = |at: usize| denies(&words[at]) && fails(at);
        // `No, it is …` answers a question and denies nothing here.
        let denied_from = (0..words.len())
            .find(|&at| denies_here(at) || is_pair(at) || excludes(&words[at..]))
            .unwrap_or(words.len());
        let hedged = hedges(&words);
        let between = words.iter().position(|word| word == "between").unwrap_or(words.len());
        let before_that =
            |word: &String| matches!(word.as_str(), "previously" | "earlier" | "initially" | "first");
        let said = words.iter().position(|word| word == "said").filter(|_| words.iter().any(before_that));
        let said_from = said.unwrap_or(words.len());
        Self { words, denied_from, between, hedged, said_from }
    }

    /// The stance of the clause to what it mentions from word `start` to `end`.
    pub(in crate::task) fn stance(&self, start: usize, end: usize) -> Stance {
        let is_denied = self.denied_from < start
            || self.said_from < start
            || self.is_refuted(end)
            || self.is_surpassed(end)
            || self.is_one_of_several(end)
            || self.was_thought(start)
            || self.is_a_measure(start);
        if is_denied {
            Stance::Denied
        } else if self.hedged || self.is_aside(start) {
            Stance::Hedged
        } else {
            Stance::Claimed
        }
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    /// The word so far before this one, an article left out.
    fn before(&self, start: usize, back: usize) -> &str {
        start.checked_sub(back + self.article(start)).map_or("", |at| self.word(at))
    }

    /// How many articles stand before a word.
    fn article(&self, start: usize) -> usize {
        let before = start.checked_sub(1).map_or("", |at| self.word(at));
        usize::from(matches!(before, "a" | "an" | "the"))
    }

    fn is_verb(&self, at: usize) -> bool {
        const VERBS: [&str; 13] =
            ["is", "was", "are", "were", "does", "did", "do", "can", "could", "would", "has", "had", "be"];
        VERBS.contains(&self.word(at))
    }

    /// `Q4 is not it`, `Germany ruled out`
    fn is_refuted(&self, end: usize) -> bool {
        let is_verb = self.is_verb(end);
        let (next, second) = (self.word(end + 1), self.word(end + 2));
        let ruled_out = match (self.word(end), next) {
            ("ruled", "out") | ("vs" | "versus", _) => true,
            ("unlikely" | "improbable" | "excluded" | "denied" | "absent", _) => true,
            (_, "unlikely" | "excluded" | "improbable" | "absent") => is_verb,
            (_, "ruled") => is_verb && second == "out",
            _ => false,
        };
        ruled_out
            || is_verb
                && (matches!(next, "not" | "wrong" | "incorrect" | "false" | "excluded")
                    || (matches!(next, "be" | "clearly") && matches!(second, "wrong" | "incorrect" | "not")))
    }

    /// `Q4 is lower than Q3`: something else is meant.
    fn is_surpassed(&self, end: usize) -> bool {
        const LESS: [&str; 11] = [
            "second",
            "2th",
            "lower",
            "less",
            "smaller",
            "fewer",
            "below",
            "behind",
            "beaten",
            "overtaken",
            "exceeded",
        ];
        self.is_verb(end)
            && LESS.contains(&self.word(end + 1))
            && matches!(self.word(end + 2), "" | "to" | "than" | "by" | "behind" | "the" | "only" | "after")
    }

    /// `Berlin is one, Paris is another`
    fn is_one_of_several(&self, end: usize) -> bool {
        self.is_verb(end)
            && matches!(self.word(end + 1), "one" | "1" | "another" | "candidate" | "option")
            && self.word(end + 2).is_empty()
    }

    /// `I first thought Q4`
    fn was_thought(&self, start: usize) -> bool {
        self.words[start.saturating_sub(3)..start]
            .iter()
            .any(|word| matches!(word.as_str(), "thought" | "assumed" | "guessed" | "suspected"))
    }

    /// `credit note for an invoice`, `inconclusive between benign and malignant`
    fn is_aside(&self, start: usize) -> bool {
        let (second, first) = (self.before(start, 2), self.before(start, 1));
        let resembles =
            matches!((second, first), (_, "resembles") | ("similar", "to") | ("looks" | "look", "like"));
        start >= 2 + self.article(start) && first == "for" || self.between < start || resembles
    }

    /// `higher than Q3`, `followed by Q3`: a measure for something else.
    fn is_a_measure(&self, start: usize) -> bool {
        const MEASURES: [&str; 14] = [
            "than",
            "vs",
            "versus",
            "exceeding",
            "surpassing",
            "behind",
            "beats",
            "beat",
            "exceeds",
            "tops",
            "outperforms",
            "surpasses",
            "overtook",
            "overtakes",
        ];
        let (second, first) = (self.before(start, 2), self.before(start, 1));
        MEASURES.contains(&first)
            || matches!(
                (second, first),
                ("compared", "to" | "with")
                    | ("followed", "by")
                    | ("ahead" | "behalf", "of")
                    | ("next" | "second" | "2th", "is")
                    | ("to", "be")
            ) && (first != "be" || self.before(start, 3) == "used")
    }

    /// Every place where the words of `phrase` stand in a row.
    pub(in crate::task) fn mentions<'a>(
        &'a self,
        phrase: &'a [String],
        same: &'a dyn Fn(&str, &str) -> bool,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let last = (self.words.len() + 1).saturating_sub(phrase.len().max(1));
        (0..last)
            .filter(move |&at| phrase.iter().zip(&self.words[at..]).all(|(a, b)| same(a, b)))
            .map(|at| (at, at + phrase.len()))
    }
}
