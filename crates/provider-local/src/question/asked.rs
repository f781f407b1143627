//! What a prompt asks for: the question in it, taken apart into the ideas it is made of.

use crate::words::{contains_any, words};

/// A question and the words to find its meaning in.
#[derive(Debug)]
pub struct Asked {
    /// The question as it was put.
    pub text: String,
    /// Its words outside quotes, folded.
    pub words: Vec<String>,
    /// What stands in quotes.
    pub quoted: Vec<String>,
    /// Its numbers outside quotes.
    pub numbers: Vec<f64>,
}

/// Highest or lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    High,
    Low,
}

const HIGH: &[&str] = &[
    "highest",
    "largest",
    "biggest",
    "greatest",
    "maximum",
    "max",
    "peak",
    "peaked",
    "top",
    "most",
    "best",
    "tallest",
    "longest",
    "strongest",
    "leading",
    "leads",
    "dominates",
    "main",
];
const LOW: &[&str] =
    &["lowest", "smallest", "least", "minimum", "min", "fewest", "worst", "shortest", "weakest", "bottom"];
const RISES: &[&str] =
    &["increase", "increased", "rise", "rose", "growth", "grow", "grew", "gain", "jump", "climb"];
const FALLS: &[&str] =
    &["decrease", "decreased", "drop", "dropped", "fall", "fell", "decline", "declined", "loss"];
const MORE: &[&str] = &[
    "higher", "more", "greater", "larger", "bigger", "above", "over", "exceed", "exceeds", "exceeded", "beat",
];
const LESS: &[&str] = &["lower", "less", "smaller", "fewer", "below", "under"];
/// What these ask for stands in no table and on no page as words.
const UNSEEN: &[&str] = &[
    "why",
    "colour",
    "color",
    "colours",
    "colors",
    "shape",
    "font",
    "kind",
    "style",
    "person",
    "people",
    "animal",
    "mood",
    "opinion",
    "think",
    "recommend",
    "brand of",
    "weather",
];

impl Asked {
    /// Finds the question in a prompt.
    pub fn of(prompt: &str) -> Self {
        let text = question(prompt).to_owned();
        let outside: String = text.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let quoted = text.split('"').skip(1).step_by(2).map(|name| name.trim().to_owned()).collect();
        Self { words: words(&outside), quoted, numbers: numbers(&outside), text }
    }

    pub fn says(&self, phrases: &[&str]) -> bool {
        contains_any(&self.words, phrases)
    }

    pub fn starts(&self, with: &[&str]) -> bool {
        self.words.first().is_some_and(|word| with.contains(&word.as_str()))
    }

    /// Asks for what this reader does not see.
    pub fn is_beyond_words(&self) -> bool {
        self.says(UNSEEN)
    }

    /// Wants a yes or a no.
    pub fn is_yes_no(&self) -> bool {
        const VERBS: &[&str] =
            &["is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "can", "will", "should"];
        self.starts(VERBS) || self.says(&["true or false", "yes or no"])
    }

    pub fn is_count(&self) -> bool {
        self.says(&["how many", "number of", "count"])
            && !self.says(&["how many more", "how many fewer", "how many less", "how many times"])
    }

    /// Wants a label rather than a number.
    pub fn wants_name(&self) -> bool {
        self.says(&["which"])
            || self.starts(&["who", "when", "where", "name"])
            || (self.says(&["what"])
                && self.says(&[
                    "category", "label", "month", "year", "quarter", "day", "country", "item", "bar", "slice",
                ]))
    }

    pub fn end(&self) -> Option<End> {
        // "More than half" and "at most" are no superlatives.
        let at_most = self.says(&["at most", "at least"]);
        match (self.says(HIGH), self.says(LOW)) {
            _ if at_most => None,
            (true, false) => Some(End::High),
            (false, true) => Some(End::Low),
            _ => None,
        }
    }

    /// From the end: 0 for the highest, 1 for the second highest.
    pub fn rank(&self) -> usize {
        let ranks: [&[&str]; 3] = [&["second", "2nd"], &["third", "3rd"], &["fourth", "4th"]];
        ranks.iter().position(|words| self.says(words)).map_or(0, |at| at + 1)
    }

    /// A step from one row to the next: up, down, or either.
    pub fn step(&self) -> Option<Option<End>> {
        match (self.says(RISES), self.says(FALLS)) {
            (true, false) => Some(Some(End::High)),
            (false, true) => Some(Some(End::Low)),
            _ => self.says(&["change"]).then_some(None),
        }
    }

    pub fn is_trend(&self) -> bool {
        let moves =
            self.says(RISES) || self.says(FALLS) || self.says(&["change", "develop", "evolve", "move"]);
        self.says(&["trend", "upward", "downward"])
            || (self.starts(&["how", "as", "what"])
                && moves
                && self.says(&["over time", "as a whole", "overall", "tend", "from"])
                && self.end().is_none()
                && !self.says(&["how much", "how many"]))
            || self.says(&["going up or down", "rising or falling", "increasing or decreasing"])
    }

    /// Which side of a comparison is asked about.
    pub fn compares(&self) -> Option<End> {
        match (self.says(MORE), self.says(LESS)) {
            (true, false) => Some(End::High),
            (false, true) => Some(End::Low),
            _ => None,
        }
    }

    pub fn is_difference(&self) -> bool {
        self.says(&[
            "difference",
            "differ",
            "gap",
            "how much more",
            "how much less",
            "how many more",
            "how many fewer",
            "how many less",
        ]) || (self.says(&["how much", "by how many", "how far"]) && self.compares().is_some())
    }

    pub fn is_sum(&self) -> bool {
        self.says(&["sum", "total", "totals", "altogether", "combined", "together", "in all"])
    }

    pub fn is_mean(&self) -> bool {
        self.says(&["average", "mean"])
    }

    /// Asks what it is called.
    pub fn is_title(&self) -> bool {
        self.says(&["title", "heading", "headline", "titled", "entitled"])
    }
}

/// The question inside a prompt: its last paragraph with a question mark, else what follows "question:", else all.
fn question(prompt: &str) -> &str {
    let paragraphs = || prompt.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let found = paragraphs().filter(|text| text.contains('?')).last();
    let text = found.or_else(|| paragraphs().find(|text| marked(text).is_some())).unwrap_or(prompt.trim());
    marked(text).unwrap_or(text)
}

/// What stands behind a word such as `Question:`.
fn marked(text: &str) -> Option<&str> {
    let (mark, rest) = text.split_once(':')?;
    let known = ["question", "q", "frage", "pregunta"];
    known.contains(&mark.trim().to_lowercase().as_str()).then_some(rest.trim())
}

/// Numbers in the text, units and separators put aside.
fn numbers(text: &str) -> Vec<f64> {
    let marks = crate::chart::marks(text);
    text.split_whitespace()
        .filter_map(|word| crate::chart::number(word.trim_matches(['?', '.', ',', '!', ';']), marks))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_found_in_its_prompt() {
        assert_eq!(question("Read the chart.\n\nQuestion: Which is best?\n\nReturn JSON."), "Which is best?");
        assert_eq!(
            question("You see a page. Is it dark? Answer yes or no."),
            "You see a page. Is it dark? Answer yes or no."
        );
        assert_eq!(
            question("Look closely.\n\nQ: name the largest bar\n\nReturn JSON."),
            "name the largest bar"
        );
        assert_eq!(question("Name the largest bar."), "Name the largest bar.");
    }

    #[test]
    fn ideas_have_many_words() {
        let end = |text| Asked::of(text).end();
        assert_eq!(end("When did sales peak?"), Some(End::High));
        assert_eq!(end("Who sold the fewest?"), Some(End::Low));
        assert_eq!(end("Is it at most 5?"), None);
        assert!(Asked::of("By how much is A higher than B?").is_difference());
        assert!(Asked::of("What is the gap between A and B?").is_difference());
        assert!(!Asked::of("How many more did A sell than B?").is_count());
        assert!(Asked::of("Are sales rising or falling?").is_trend());
        assert!(!Asked::of("Which year had the largest drop?").is_trend());
        assert_eq!(Asked::of("What is the second largest slice?").rank(), 1);
        assert_eq!(Asked::of("Is \"A\" above 1,200.5?").numbers, [1200.5]);
    }
}
