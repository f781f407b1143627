//! Puts right what OCR confuses inside words: `SHAMP00`, `s0ap`, `50OG`.

/// A name with look-alike digits as letters, look-alike letters as digits, and no stray marks.
pub fn name(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    let marks = |c: char| matches!(c, ' ' | ':' | '*' | '|' | '-' | '·' | ',' | '=' | '_');
    words.join(" ").trim_matches(marks).to_owned()
}

fn word(word: &str) -> String {
    let characters: Vec<char> = word.chars().collect();
    let digits = characters.iter().take_while(|c| c.is_ascii_digit()).count();
    // `50OG` weighs 500 grams.
    if digits > 0 && characters[digits..].first() == Some(&'O') {
        let unit: String = characters[digits..].iter().skip_while(|c| **c == 'O').collect();
        if super::amount::is_unit(&unit) || unit == "ML" || unit == "MG" {
            let number = characters.len() - unit.chars().count();
            return characters[..number]
                .iter()
                .map(|c| if *c == 'O' { '0' } else { *c })
                .chain(unit.chars())
                .collect();
        }
    }
    let letters = characters.iter().filter(|c| c.is_alphabetic()).count();
    let foreign = characters.iter().filter(|c| c.is_ascii_digit()).count();
    if digits == characters.len() || letters < 3 || foreign * 2 > letters + 1 {
        return word.to_owned();
    }
    let small = characters.iter().any(|c| c.is_lowercase());
    let letter = |c: char| match (c, small) {
        ('0', true) => 'o',
        ('0', false) => 'O',
        ('1', true) => 'l',
        ('5', true) => 's',
        ('5', false) => 'S',
        (other, _) => other,
    };
    let inside = |at: usize| at > 0 || characters[0] == '0';
    let mended = characters.iter().enumerate().map(|(at, c)| if inside(at) { letter(*c) } else { *c });
    // `0lio` begins a word.
    mended.enumerate().map(|(at, c)| if at == 0 && characters[0] == '0' { 'O' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[track_caller]
    fn check(printed: &str, meant: &str) {
        assert_eq!(name(printed), meant);
    }

    #[test]
    fn digits_inside_words_become_letters() {
        check("SHAMP00 250ML", "SHAMPOO 250ML");
        check("Bath s0ap 3pk", "Bath soap 3pk");
        check("0lio EVO 1L", "Olio EVO 1L");
        check("Highbal1", "Highball");
        check("ESPRES50", "ESPRESSO");
    }

    #[test]
    fn sizes_stay_sizes() {
        check("FAROFA 50OG", "FAROFA 500G");
        check("Mask KF94 5p", "Mask KF94 5p");
        check("LED bulb E27 8W", "LED bulb E27 8W");
        check("Passata 700g", "Passata 700g");
    }
}
