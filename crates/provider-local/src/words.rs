//! Compares printed words with known ones, forgiving what OCR confuses.

/// The words of `text`, folded: lower case, no accents, look-alike digits inside words as letters.
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(fold).collect();
    let separates = |character: char| !character.is_alphanumeric() && character != '%';
    folded.split(separates).filter(|word| !word.is_empty()).map(letters).collect()
}

/// Whether the words of `phrase` (folded, separated by blanks) stand in `words` side by side.
pub fn contains(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words
        .windows(phrase.len())
        .any(|window| window.iter().zip(&phrase).all(|(word, known)| same(word, known)))
}

/// Whether any of the phrases stands in `words`.
pub fn contains_any(words: &[String], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| contains(words, phrase))
}

/// Long words may differ by a letter or two, short ones not at all: a cable is no table.
fn same(word: &str, known: &str) -> bool {
    let allowed = match known.chars().count() {
        0..=5 => 0,
        6..=8 => 1,
        _ => 2,
    };
    word == known || (allowed > 0 && within(word, known, allowed))
}

/// Whether `a` becomes `b` with at most `most` letters changed, added or dropped.
fn within(a: &str, b: &str, most: usize) -> bool {
    edits(a, b) <= most
}

/// Letters to change, add or drop to turn one into the other.
pub fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

/// A word that is mostly letters has no digits: OCR saw `T0TAL`.
fn letters(word: &str) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let count = word.chars().count();
    if digits == 0 || digits * 2 >= count || count < 4 {
        return word.to_owned();
    }
    let letter = |character| match character {
        '0' => 'o',
        '1' => 'l',
        '5' => 's',
        '8' => 'b',
        other => other,
    };
    word.chars().map(letter).collect()
}

/// Lower case without accents; full-width forms as plain ones.
fn fold(character: char) -> Vec<char> {
    let plain = match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    };
    plain.to_lowercase().map(without_accent).collect()
}

fn without_accent(character: char) -> char {
    match character {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, phrase: &str, found: bool) {
        assert_eq!(contains(&words(text), phrase), found, "{phrase:?} in {text:?}");
    }

    #[test]
    fn forgives_what_ocr_confuses() {
        check("T0TAL 12.50", "total", true);
        check("Subtota1:", "subtotal", true);
        check("ＴＯＴＡＬ", "total", true);
        check("Gesamtbetraq", "gesamtbetrag", true);
        check("Montant à payer", "a payer", true);
    }

    #[test]
    fn short_words_must_be_whole() {
        check("Cashier: Ann", "cash", false);
        check("taxi", "tax", false);
        check("TVA 20%", "tva", true);
    }
}
