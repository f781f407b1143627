//! Whether words that somebody quotes stand in an answer.

use crate::value::fold::narrow;

/// Whether the words of `quote` stand side by side in `answer`, whatever case, marks and spaces they are written with.
/// A quote without words stands nowhere.
#[must_use]
pub fn quotes(answer: &str, quote: &str) -> bool {
    let (answer, quote) = (words(answer), words(quote));
    !quote.is_empty() && answer.windows(quote.len()).any(|part| part == quote)
}

fn words(text: &str) -> Vec<String> {
    // Invisible marks do not split a word.
    let seen = |c: &char| !matches!(*c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let text: String = text.chars().filter(seen).collect();
    let text = narrow(&text).to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::quotes;

    #[test]
    fn words_are_quoted_whatever_they_are_written_with() {
        let answer = "Several *sailboats* lie in a “deserted” harbour,\nat du\u{200b}sk.";
        for quote in ["sailboats lie", "a deserted harbour at dusk", "SAILBOATS", "dusk."] {
            assert!(quotes(answer, quote), "{quote}");
        }
        for quote in ["", "…", "boats", "sailboats … harbour", "lie sailboats", "deserted harbor"] {
            assert!(!quotes(answer, quote), "{quote}");
        }
    }
}
