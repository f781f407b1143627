//! Which part of an answer is about what was asked: of `Desktop 55%, mobile 45%` the question for mobile wants the second.

/// A longer text is no list of parts.
const LONGEST: usize = 2_000;

/// The only part that shares a word with the question that the others do not have, where every part has one number; else the
/// whole text.
pub(in crate::task) fn asked_part<'a>(text: &'a str, question: &str) -> &'a str {
    if text.len() > LONGEST || question.is_empty() {
        return text;
    }
    let parts: Vec<&str> = cut(text).into_iter().filter(|part| !part.trim().is_empty()).collect();
    let words: Vec<Vec<String>> = parts.iter().map(|part| words_of(part)).collect();
    let asked = words_of(question);
    if parts.len() < 2 || parts.iter().any(|part| numbers(part) != 1) || words.iter().any(Vec::is_empty) {
        return text;
    }
    let tells = |word: &&String| asked.contains(word) && !words.iter().all(|other| other.contains(word));
    let mut own = parts.iter().zip(&words).filter(|(_, words)| words.iter().any(|word| tells(&word)));
    match (own.next(), own.next()) {
        (Some((part, _)), None) => part,
        _ => text,
    }
}

/// Cuts at punctuation that is no part of a number.
fn cut(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let is_cut = |at: usize, c: char| match c {
        ';' | '\n' => true,
        ',' => !bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        _ => false,
    };
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices().filter(|(at, c)| is_cut(*at, *c)) {
        parts.push(&text[start..at]);
        start = at + c.len_utf8();
    }
    parts.push(&text[start..]);
    parts
}

/// How many numbers there are.
fn numbers(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_digit() || ".,".contains(c);
    text.split(|c: char| !is_part(c)).filter(|run| run.contains(|c: char| c.is_ascii_digit())).count()
}

/// The words that tell one thing from another.
fn words_of(text: &str) -> Vec<String> {
    const IDLE: [&str; 22] = [
        "the", "and", "was", "were", "are", "has", "had", "have", "with", "for", "from", "what", "which",
        "how", "many", "much", "share", "percent", "number", "value", "that", "its",
    ];
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words
        .filter(|word| {
            word.chars().count() >= 3
                && word.chars().any(char::is_alphabetic)
                && !IDLE.contains(&word.as_str())
        })
        .collect()
}
