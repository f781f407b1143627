//! The elements of a page.

use crate::distance::ratio;
use crate::task::category::words;
use crate::value::names::is_near;

/// How far two elements are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Nothing tells that they have to do with each other.
    Other,
    /// The same sort of thing, such as a button, but another one.
    SameSort,
    /// More than half of what tells it apart is the same.
    Partly,
    /// The same element.
    Same,
}

/// Words for sorts of things, which do not tell one from another.
const SORTS: [&str; 50] = [
    "tile",
    "button",
    "bar",
    "link",
    "card",
    "label",
    "icon",
    "text",
    "field",
    "row",
    "column",
    "cell",
    "header",
    "heading",
    "banner",
    "chart",
    "value",
    "item",
    "box",
    "panel",
    "element",
    "image",
    "picture",
    "title",
    "section",
    "menu",
    "entry",
    "input",
    "line",
    "table",
    "badge",
    "widget",
    "tab",
    "footer",
    "sidebar",
    "figure",
    "kpi",
    "metric",
    "message",
    "logo",
    "page",
    "area",
    "block",
    "navigation",
    "nav",
    "number",
    "caption",
    "graph",
    "legend",
    "object",
];

/// Words that say nothing of an element.
const IDLE: [&str; 14] =
    ["the", "a", "an", "of", "in", "for", "on", "at", "and", "to", "s", "with", "by", "its"];

/// Words of an element that are looked at; a longer one is a description.
const MOST_WORDS: usize = 40;

/// The name of an element, in words.
pub(super) struct Element {
    /// The words that tell it apart.
    own: Vec<String>,
    sorts: Vec<String>,
    /// It says of what sort the element is, and not which one.
    is_general: bool,
    /// Small words that turn what stands before them: `in` and `up` of `Sign in` and `Sign up`.
    turns: Vec<String>,
}

/// Small words that turn each other.
const TURNS: [(&str, &str); 5] =
    [("in", "out"), ("in", "up"), ("on", "off"), ("up", "down"), ("over", "under")];

impl Element {
    pub(super) fn read(name: &str) -> Self {
        let start: String = name.chars().take(400).collect();
        let all = words(&start);
        let words = all.iter().map(|word| singular(word)).filter(|word| !IDLE.contains(&word.as_str()));
        let (sorts, own): (Vec<String>, Vec<String>) =
            words.take(MOST_WORDS).partition(|word| SORTS.contains(&word.as_str()));
        // If nothing else is said, the sort is the name.
        let is_general = own.is_empty();
        let turns = all.iter().filter(|word| TURNS.iter().any(|(a, b)| a == word || b == word));
        let turns = turns.cloned().collect();
        Self { own: if is_general { sorts.clone() } else { own }, sorts, is_general, turns }
    }

    pub(super) fn likeness(&self, other: &Self, threshold: f64) -> Likeness {
        let mut left = other.own.clone();
        let mut common = 0;
        for word in &self.own {
            if let Some(at) = left.iter().position(|other| is_near(word, other)) {
                left.remove(at);
                common += 1;
            }
        }
        let joined = || self.own.concat() == other.own.concat();
        let missed: Vec<&String> =
            self.own.iter().filter(|word| !other.own.iter().any(|other| is_near(word, other))).collect();
        let digits = |word: &str| word.contains(|c: char| c.is_ascii_digit());
        let same_digits = !missed.iter().any(|word| digits(word)) && !left.iter().any(|word| digits(word));
        let share = ratio(2 * common, self.own.len() + other.own.len());
        // A longer name may hold the whole shorter one: `Export button in the toolbar`.
        let contained = common == self.own.len() && common > 0 && other.own.len() <= 2 * self.own.len() + 1;
        // What differs word for word is another element; `Freight status` is not `Freight seats`.
        let is_turned = TURNS.iter().any(|&(a, b)| {
            let has = |element: &Self, word: &str| element.turns.iter().any(|it| it == word);
            let only = |x: &str, y: &str| has(self, x) && !has(self, y) && has(other, y) && !has(other, x);
            only(a, b) || only(b, a)
        });
        let exchanged = !missed.is_empty() && !left.is_empty() || is_turned;
        if !self.own.is_empty() && same_digits && !exchanged && (share >= threshold || contained)
            || (joined() && !self.own.is_empty() && !is_turned)
        {
            return Likeness::Same;
        }
        if same_digits && share >= 0.5 && !exchanged {
            return Likeness::Partly;
        }
        // `the link`, which is not the wrong one.
        if other.is_general
            && !(self.is_general && exchanged)
            && self.sorts.iter().any(|sort| other.sorts.contains(sort))
        {
            return Likeness::Partly;
        }
        if share >= 0.3 || self.sorts.iter().any(|sort| other.sorts.contains(sort)) {
            return Likeness::SameSort;
        }
        Likeness::Other
    }
}

impl Element {
    /// Whether another name says what an element of this sort shows.
    pub(super) fn is_named_by(&self, other: &Self, shown: &str) -> bool {
        const LONGEST: usize = 200;
        let same_sort = self.sorts.iter().any(|sort| other.sorts.contains(sort));
        let shown = if shown.len() <= LONGEST { words(shown) } else { Vec::new() };
        same_sort && !other.is_general && other.own.iter().all(|word| shown.contains(word))
    }
}

fn singular(word: &str) -> String {
    word.strip_suffix('s').filter(|stem| SORTS.contains(stem)).unwrap_or(word).to_owned()
}
