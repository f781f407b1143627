//! Which part of an answer is about what was asked: of `Desktop 55%, mobile 45%` the question for mobile wants the second.

use serde_json::Value;

use crate::value::quantity;

/// A longer text is no list of parts.
const LONGEST: usize = 2_000;

/// The only part that shares a word with the question that the others do not have, where every part has one number; of such
/// parts the one with the largest or smallest number where that was asked for; else the whole text.
pub(in crate::task) fn asked_part<'a>(text: &'a str, question: &str) -> &'a str {
    if text.len() > LONGEST || question.is_empty() {
        return text;
    }
    // A correction is read by what it corrects.
    let corrects =
        ["wait", "actually", "correction", "sorry"].iter().any(|word| text.to_lowercase().contains(word));
    let asked = words_of(question);
    let (parts, rest): (Vec<&str>, Vec<&str>) = cut(text)
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .partition(|part| !numbers(part).is_empty());
    let words: Vec<Vec<String>> = parts.iter().map(|part| words_of(part)).collect();
    let is_plain = parts.len() > 1
        && parts.iter().all(|part| numbers(part).len() == 1)
        && !words.iter().any(Vec::is_empty)
        && !corrects;
    if !is_plain {
        return text;
    }
    let common = |word: &String| words.iter().all(|other| other.contains(word));
    let tells = |word: &&String| asked.contains(word) && !common(word);
    // What is said of it without a number is said of it all the same.
    if rest.iter().any(|part| words_of(part).iter().any(|word| tells(&word))) {
        return text;
    }
    let mut own = parts.iter().zip(&words).filter(|(_, words)| words.iter().any(|word| tells(&word)));
    match (own.next(), own.next()) {
        (Some((part, _)), None) => part,
        (None, _) => in_all(&parts).or_else(|| extreme(&parts, question)).unwrap_or(text),
        _ => text,
    }
}

/// `7 altogether` behind what it is made up of.
fn in_all<'a>(parts: &[&'a str]) -> Option<&'a str> {
    let last = parts.last()?;
    ["altogether", "in all", "in total", "all told"].iter().any(|words| last.contains(words)).then_some(*last)
}

/// The part with the largest or smallest number, where a question asks for that value.
fn extreme<'a>(parts: &[&'a str], question: &str) -> Option<&'a str> {
    let lower = question.to_lowercase();
    let asks = |list: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word));
    let for_value = asks(&["value", "number", "amount", "figure", "percentage", "share"])
        && !asks(&["which", "who", "where", "when", "year", "month", "difference", "sum", "between"]);
    let high = asks(&["highest", "largest", "biggest", "greatest", "maximum", "max", "most"]);
    let low = asks(&["lowest", "smallest", "least", "minimum", "min", "fewest"]);
    if !for_value || high == low {
        return None;
    }
    let number =
        |part: &&&str| numbers(part).first().and_then(|it| quantity(&Value::from(*it))).map(|it| it.to_f64());
    if parts.iter().any(|part| number(&part).is_none()) {
        return None;
    }
    let by = |a: &&&str, b: &&&str| number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0));
    if high { parts.iter().max_by(by).copied() } else { parts.iter().min_by(by).copied() }
}

/// Cuts at punctuation that is no part of a number, and where a second number comes behind a word that joins.
fn cut(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let is_cut = |at: usize, c: char| match c {
        ';' | '\n' => true,
        ',' => !bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        '.' => bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
        _ => false,
    };
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices().filter(|(at, c)| is_cut(*at, *c)) {
        parts.extend(parted(&text[start..at]));
        start = at + c.len_utf8();
    }
    parts.extend(parted(&text[start..]));
    parts
}

/// `3 red and 4 blue` in two; `between 3 and 4` is one.
fn parted(part: &str) -> Vec<&str> {
    const JOINTS: [&str; 4] = [" and ", " while ", " whereas ", " but "];
    let between = ["between ", "of ", "sum "].iter().any(|word| part.contains(word));
    if numbers(part).len() == 2
        && !between
        && let Some((a, b)) = JOINTS.iter().find_map(|joint| part.split_once(joint))
        && numbers(a).len() == 1
    {
        return vec![a, b];
    }
    vec![part]
}

/// The numbers of a text, as they are spelled.
fn numbers(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_ascii_digit() || ".,".contains(c);
    let runs = text.split(|c: char| !is_part(c));
    runs.map(|run| run.trim_matches(['.', ',']))
        .filter(|run| run.contains(|c: char| c.is_ascii_digit()))
        .collect()
}

/// The words that tell one thing from another, and names of one or two capitals.
fn words_of(text: &str) -> Vec<String> {
    const IDLE: [&str; 28] = [
        "there", "did", "does", "been", "this", "these", "the", "and", "was", "were", "are", "has", "had",
        "have", "with", "for", "from", "what", "which", "how", "many", "much", "share", "percent", "number",
        "value", "that", "its",
    ];
    let is_name =
        |word: &str| word.len() <= 2 && !word.is_empty() && word.bytes().all(|it| it.is_ascii_uppercase());
    let one = |word: &str| {
        let lower = word.to_lowercase();
        match lower.strip_suffix('s') {
            Some(stem) if stem.len() >= 4 && !stem.ends_with('s') => stem.to_owned(),
            _ => lower,
        }
    };
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| is_name(word) || word.chars().count() >= 3 && word.chars().any(char::is_alphabetic))
        .map(one)
        .filter(|word| !IDLE.contains(&word.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::asked_part;

    #[track_caller]
    fn check(question: &str, text: &str, part: &str) {
        assert_eq!(asked_part(text, question).trim(), part, "{text}");
    }

    #[test]
    fn the_part_that_was_asked_for_counts() {
        check("What is the value for A?", "For A it is 42. For B it is 57.", "For A it is 42");
        check("What is the total?", "Tax 100.00. Total 1,334.50", "Total 1,334.50");
        check("How many blue bars?", "There are 3 red and 4 blue bars.", "4 blue bars");
        check("What is the highest value?", "France is 20, Germany is 30, Spain is 25.", "Germany is 30");
        check("How many in all?", "It was 42.", "It was 42.");
    }
}
