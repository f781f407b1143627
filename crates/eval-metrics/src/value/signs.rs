//! Signs that tell two values apart whose words are the same: `-5` and `5`, `€5` and `$5`, `C++` and `C`, `A-` and `A`.

use super::currency::{currency, same_currency};
use super::fold::narrow;

/// A longer text is prose, in which no sign decides.
const LONGEST: usize = 400;

/// The signs of a text.
struct Signs {
    /// Of each number, whether it is below zero.
    below_zero: Vec<bool>,
    /// The first currency, by its sign or code.
    currency: Option<String>,
    /// Short words with the signs that belong to them: `c++`, `a-`.
    marked: Vec<String>,
}

/// Whether no sign tells two texts apart. A currency that only one of them names does not.
pub(crate) fn same_signs(expected: &str, got: &str) -> bool {
    if expected.len() > LONGEST || got.len() > LONGEST {
        return true;
    }
    let (a, b) = (Signs::of(expected), Signs::of(got));
    let turned = a.below_zero.len() == b.below_zero.len() && a.below_zero != b.below_zero;
    let paid_otherwise = match (&a.currency, &b.currency) {
        (Some(a), Some(b)) => is_other_currency(a, b),
        _ => false,
    };
    !turned && !paid_otherwise && a.marked == b.marked
}

/// Whether both name a currency, and no sign stands for both.
fn is_other_currency(a: &str, b: &str) -> bool {
    same_currency(a, b) == Some(false) && same_currency(b, a) == Some(false)
}

impl Signs {
    fn of(text: &str) -> Self {
        let letters: Vec<char> = narrow(text).to_lowercase().chars().collect();
        let mut signs = Self { below_zero: Vec::new(), currency: first_currency(text), marked: Vec::new() };
        let mut at = 0;
        while at < letters.len() {
            if !letters[at].is_alphanumeric() {
                at += 1;
                continue;
            }
            let end = word_end(&letters, at);
            if letters[at].is_ascii_digit() {
                signs.below_zero.push(is_below_zero(&letters[..at]));
            }
            signs.marked.extend(marked(&letters, at, end));
            at = end;
        }
        signs
    }
}

/// The end of a word or number; points and commas inside a number belong to it.
fn word_end(letters: &[char], start: usize) -> usize {
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let is_inside = |at: usize| {
        letters[at].is_alphanumeric() || ".,".contains(letters[at]) && is_digit(at - 1) && is_digit(at + 1)
    };
    (start + 1..letters.len()).find(|at| !is_inside(*at)).unwrap_or(letters.len())
}

/// Whether what stands before a number says that it is below zero: a minus of its own, or an arrow down.
fn is_below_zero(before: &[char]) -> bool {
    let is_money = |c: &&char| "$€£¥₹₽₩₺".contains(**c);
    let mut back = before.iter().rev().skip_while(is_money);
    match back.next() {
        Some('-') => back.find(|c| !is_money(c)).is_none_or(|c| c.is_whitespace() || "(=:/|".contains(*c)),
        Some(c) if c.is_whitespace() => matches!(back.next(), Some('▼' | '↓' | '⬇' | '▾' | '🔻')),
        Some('▼' | '↓' | '⬇' | '▾' | '🔻') => true,
        _ => false,
    }
}

/// A short word with the signs right behind it, if there are any.
fn marked(letters: &[char], start: usize, end: usize) -> Option<String> {
    const LONGEST: usize = 3;
    let word: String = letters[start..end].iter().collect();
    if end - start > LONGEST || word.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_grade = end - start == 1;
    let is_mark = |c: &&char| matches!(**c, '+' | '#') || (**c == '-' && is_grade);
    let signs: String = letters[end..].iter().take_while(is_mark).collect();
    let next = letters.get(end + signs.chars().count());
    let is_apart = next.is_none_or(|c| !c.is_alphanumeric() && !"+-=/".contains(*c));
    (!signs.is_empty() && is_apart).then(|| format!("{word}{signs}"))
}

/// The first currency that a text names by a sign or by its code in capitals.
fn first_currency(text: &str) -> Option<String> {
    let narrow = narrow(text);
    let sign = narrow.chars().find(|c| "$€£¥₹₽₩₺".contains(*c));
    let codes = narrow.split(|c: char| !c.is_ascii_uppercase()).filter(|word| word.len() == 3);
    let code = || codes.into_iter().find(|word| *word != "TRY" && currency(word).is_some());
    sign.map(String::from).or_else(|| code().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::same_signs;

    #[test]
    fn what_turns_a_value_counts() {
        for (a, b) in [
            ("+4%", "-4%"),
            ("-5", "5"),
            ("€5", "$5"),
            ("EUR 5", "5 USD"),
            ("C++", "C"),
            ("C#", "C"),
            ("B", "B-"),
            ("A+", "A"),
            ("▲ 3%", "▼ 3%"),
        ] {
            assert!(!same_signs(a, b), "{a} {b}");
            assert!(!same_signs(b, a), "{b} {a}");
        }
    }

    #[test]
    fn what_only_parts_words_does_not() {
        for (a, b) in [
            ("2024-03-04", "2024/03/04"),
            ("18-29", "18–29"),
            ("€5", "5"),
            ("$5", "5 CAD"),
            ("+4%", "4%"),
            ("Wi-Fi", "WiFi"),
            ("A - B", "A, B"),
            ("Rock & Roll", "Rock and Roll"),
            ("- 5 apples", "5 apples"),
            ("5+3", "5 + 3"),
        ] {
            assert!(same_signs(a, b), "{a} {b}");
        }
    }
}
