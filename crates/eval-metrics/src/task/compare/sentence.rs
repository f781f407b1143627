//! Differences told in words: `Revenue changed from 3 to 5`, `Revenue: 3 → 5`, `Revenue was 3, now 5`.

/// A difference as it was told.
pub(super) struct Told {
    pub(super) kind: &'static str,
    pub(super) element: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// A longer sentence is a description.
const LONGEST: usize = 400;

impl Told {
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        let lower = text.to_lowercase();
        // Cut by places in the lower-case text, which must be the same.
        (lower.len() == text.len()).then_some(())?;
        let (element, before, after) =
            from_to(text, &lower).or_else(|| arrow(text)).or_else(|| was_now(text, &lower))?;
        let (before, after) = (value(before), value(after));
        let kind = kind(&lower).unwrap_or("changed");
        (!before.is_empty() && !after.is_empty()).then(|| Self {
            kind,
            element: subject(element),
            before,
            after,
        })
    }
}

/// The kind of difference that the verb of a sentence says.
pub(super) fn kind(lower: &str) -> Option<&'static str> {
    const VERBS: [(&str, &[&str]); 5] = [
        ("moved", &["moved", "moves", "shifted", "relocated", "repositioned"]),
        ("recoloured", &["color", "colour"]),
        ("added", &["added", "appeared", "inserted", "new"]),
        ("removed", &["removed", "deleted", "disappeared", "missing", "gone"]),
        ("changed", &["changed", "changes", "updated", "modified", "differs", "increased", "decreased"]),
    ];
    let has = |verb: &&str| lower.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(*verb));
    VERBS.iter().find(|(_, verbs)| verbs.iter().any(has)).map(|(kind, _)| *kind)
}

/// The texts before, between and behind.
type Parts<'a> = (&'a str, &'a str, &'a str);

fn from_to<'a>(text: &'a str, lower: &str) -> Option<Parts<'a>> {
    let from = if lower.starts_with("from ") { 0 } else { lower.find(" from ")? + 1 };
    let to = from + lower[from..].find(" to ")?;
    Some((&text[..from], &text[from + 5..to], &text[to + 4..])).filter(|parts| parts.1.len() < 120)
}

fn arrow(text: &str) -> Option<Parts<'_>> {
    let (left, after) = ["→", "->", "=>"].iter().find_map(|sign| text.split_once(sign))?;
    let (element, before) = left.rsplit_once(':').unwrap_or(("", left));
    Some((element, before, after))
}

fn was_now<'a>(text: &'a str, lower: &str) -> Option<Parts<'a>> {
    let was = if lower.starts_with("was ") { 0 } else { lower.find(" was ")? + 1 };
    let marks = [" and is now ", ", now ", " but is now ", "; now ", ", is now ", " now "];
    let (now, length) = marks.iter().find_map(|mark| Some((was + lower[was..].find(mark)?, mark.len())))?;
    Some((&text[..was], text.get(was + 4..now)?, &text[now + length..]))
}

/// A value without its quotes and the end of the sentence.
fn value(text: &str) -> String {
    text.trim()
        .trim_end_matches(['.', ',', ';'])
        .trim_matches(['"', '\'', '“', '”', '`', '*', ' '])
        .to_owned()
}

/// What changed, without the verbs.
pub(super) fn subject(text: &str) -> String {
    const VERBS: [&str; 26] = [
        "changed",
        "changes",
        "change",
        "was",
        "has",
        "been",
        "is",
        "went",
        "increased",
        "decreased",
        "updated",
        "moved",
        "moves",
        "modified",
        "rose",
        "fell",
        "dropped",
        "the",
        "value",
        "its",
        "position",
        "color",
        "colour",
        "of",
        "shifted",
        "text",
    ];
    let words = text.split_whitespace().map(|word| word.trim_matches([':', ',', '"', '*', '-']));
    let own = words.filter(|word| !word.is_empty() && !VERBS.contains(&word.to_lowercase().as_str()));
    own.collect::<Vec<_>>().join(" ")
}
