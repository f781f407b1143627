//! Numbers in words of many languages inside a text: `пять собак` is `5 собак`, `vijfentwintig` is `25`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::cardinal::{self, Tongue};
use super::fold::{Umlaut, fold};

/// The value of every word that is known, a line for each value.
static VALUES: LazyLock<HashMap<&'static str, i64>> = LazyLock::new(|| {
    let mut values = HashMap::new();
    for (value, words) in lines(include_str!("tongues/words.txt")).filter_map(|line| line.split_once(' ')) {
        let value = value.parse().expect("a line of the table begins with its number");
        words.split(' ').for_each(|word| _ = values.entry(word).or_insert(value));
    }
    values
});

/// Words that mean something else in another language.
static AMBIGUOUS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("tongues/ambiguous.txt")).flat_map(|line| line.split(' ')).collect());

/// The lines of a table without its remarks.
fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

/// A longer text is prose, in which a digit would be somewhere.
const LONGEST: usize = 2_000;

/// A text in lower case with its numbers in words as digits; everything else as it is.
///
/// Words that mean something else in another language count only at the start of an answer of few words.
pub(crate) fn in_digits(text: &str) -> String {
    if text.len() > LONGEST {
        return text.to_owned();
    }
    let parts: Vec<&str> = text.split_inclusive([' ', '-']).collect();
    let words: Vec<&str> = parts.iter().map(|part| bare(part)).collect();
    let is_short = words.iter().filter(|word| !word.is_empty()).count() <= 2;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < words.len() {
        let may_be = !AMBIGUOUS.contains(words[at]) || is_short && at == 0;
        match number(&words[at..]).filter(|(count, _)| may_be || *count > 1) {
            Some((count, value)) => {
                let (last, word) = (parts[at + count - 1], words[at + count - 1]);
                let end = last.find(word).map_or(last.len(), |start| start + word.len());
                out.push_str(&value.to_string());
                out.push_str(&last[end..]);
                at += count;
            }
            None => {
                out.push_str(parts[at]);
                at += 1;
            }
        }
    }
    out
}

/// A word without what stands around it.
fn bare(part: &str) -> &str {
    part.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || "¡¿…।".contains(c))
}

/// The longest number at the beginning of words, and of how many words it is.
fn number(words: &[&str]) -> Option<(usize, i64)> {
    const MOST: usize = 8;
    let few = &words[..words.len().min(MOST)];
    let folded: Vec<String> = few.iter().map(|word| fold(word, Umlaut::Bare)).collect();
    let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
    let known = [Tongue::German, Tongue::French, Tongue::Spanish]
        .into_iter()
        .filter_map(|tongue| cardinal::leading(&folded, tongue));
    known.chain(composed(few)).max_by_key(|(count, _)| *count)
}

/// Hundreds, tens and ones in a row, as in `сто двадцать пять`, `vinte e cinco` and `خمسة وعشرون`.
fn composed(words: &[&str]) -> Option<(usize, i64)> {
    let mut total = one_word(words.first()?)?;
    let mut count = 1;
    while let Some(word) = words.get(count) {
        let joint = usize::from(matches!(*word, "e" | "y" | "i" | "og" | "och" | "en" | "și" | "και"));
        let Some(next) = words.get(count + joint) else { break };
        // `و` and `ו` are written together with what they join.
        let next = next.strip_prefix(['و', 'ו']).filter(|rest| one_word(rest).is_some()).unwrap_or(next);
        let sum = match (total, one_word(next), next) {
            (1..=9, _, "puluh" | "mươi") => Some(total * 10),
            (1..=9, _, "belas" | "عشر" | "عشرة" | "עשר" | "עשרה") => Some(total + 10),
            (1..=9, Some(tens @ (20..=99 | 10)), _) if words[count] != next => Some(total + tens),
            (_, Some(ones @ 1..=19), _) if total >= 20 && total % 10 == 0 && (ones < 10 || total >= 100) => {
                Some(total + ones)
            }
            (10, Some(ones @ 1..=9), _) => Some(10 + ones),
            (100.., Some(tens @ 20..=99), _) if total % 100 == 0 => Some(total + tens),
            _ => None,
        };
        let Some(sum) = sum else { break };
        total = sum;
        count += 1 + joint;
    }
    Some((count, total))
}

/// A number of one word: known, or tens and ones written together, with what is counted behind it in Korean and Thai.
fn one_word(word: &str) -> Option<i64> {
    const LONGEST: usize = 60;
    const COUNTED: [&str; 14] =
        ["마리", "명", "개", "사람", "살", "권", "대", "ตัว", "คน", "อัน", "ใบ", "คัน", "ชิ้น", "ลูก"];
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word =
        COUNTED.iter().find_map(|thing| word.strip_suffix(thing)).filter(|it| !it.is_empty()).unwrap_or(word);
    let value = |word: &str| VALUES.get(word).copied();
    if let Some(value) = value(word).or_else(|| korean(word)) {
        return Some(value);
    }
    let ends = || word.char_indices().map(|(at, _)| at).skip(1);
    ends().find_map(|at| {
        let (first, rest) = word.split_at(at);
        let (tens, ones) = (value(first).filter(|it| *it >= 10), value(rest).or_else(|| korean(rest)));
        let together = tens.zip(ones).filter(|(tens, ones)| tens % 10 == 0 && (1..10).contains(ones));
        let reversed = || {
            let tens = ["en", "ën", "og"].iter().find_map(|joint| value(rest.strip_prefix(joint)?));
            value(first).zip(tens).filter(|(ones, tens)| (1..10).contains(ones) && *tens >= 20)
        };
        together.or_else(reversed).map(|(a, b)| a + b)
    })
}

/// `두`, `세` and `네`, which are written before what is counted.
fn korean(word: &str) -> Option<i64> {
    ["한", "두", "세", "네"].iter().position(|known| *known == word).and_then(|at| i64::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::in_digits;

    #[test]
    fn number_words_are_written_in_digits() {
        for (text, digits) in [
            ("пять собак", "5 собак"),
            ("на фото двадцать пять собак.", "на фото 25 собак."),
            ("fünf hunde", "5 hunde"),
            ("vingt-cinq chiens", "25 chiens"),
            ("vijfentwintig", "25"),
            ("venticinque", "25"),
            ("vinte e cinco", "25"),
            ("خمسة وعشرون", "25"),
            ("다섯 마리", "5 마리"),
            ("열두", "12"),
            ("dua puluh lima", "25"),
            ("due cani", "2 cani"),
        ] {
            assert_eq!(in_digits(text), digits, "{text}");
        }
        for text in ["it is due to the rain", "the chart goes on and on", "", "ein hund und eine katze"] {
            assert_eq!(in_digits(text), text, "{text}");
        }
    }
}
