/// The number in a printed amount: `$13.99`, `1.234,50 €`, `(3.00)`, `5.00-`, `CHF 1'200`.
///
/// Nothing where there is no number, or more than one.
pub fn amount(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits: Vec<(usize, char)> =
        text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()).collect();
    let (first, last) = (digits.first()?.0, digits.last()?.0);
    let (before, number, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let bracketed = before.contains('(') && after.contains(')');
    let minus = |text: &str| text.contains(['-', '−', '–']);
    // `.99` begins with its point.
    let number = match before.trim_end().strip_suffix(['.', ',']) {
        Some(rest) if !rest.ends_with(|letter: char| letter.is_alphanumeric()) => format!("0.{number}"),
        _ => number.to_owned(),
    };
    let value = read(&number)?;
    Some(if bracketed || minus(before) || minus(after) { -value } else { value })
}

/// Reads digits with points, commas, blanks and apostrophes between them.
fn read(number: &str) -> Option<f64> {
    let letters = |letter: char| letter.is_ascii_digit() || ".,'’ \u{a0}\u{202f}".contains(letter);
    if !number.chars().all(letters) {
        return None;
    }
    let number: String =
        number.chars().filter(|letter| letter.is_ascii_digit() || ".,".contains(*letter)).collect();
    let decimal = decimal_mark(&number);
    let plain: String = number
        .char_indices()
        .filter_map(|(at, letter)| match letter {
            '.' | ',' => (Some(at) == decimal).then_some('.'),
            digit => Some(digit),
        })
        .collect();
    plain.parse().ok()
}

/// Where the fraction begins. A single mark before exactly three digits separates thousands.
fn decimal_mark(number: &str) -> Option<usize> {
    let last = number.rfind(['.', ','])?;
    let mark = &number[last..=last];
    let after = number.len() - last - 1;
    let times = number.matches(mark).count();
    let other = if mark == "." { "," } else { "." };
    match () {
        () if times > 1 => None,
        () if number.contains(other) => Some(last),
        () if after == 3 && !number.starts_with('0') => None,
        () => Some(last),
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[track_caller]
    fn check(text: &str, wanted: Option<f64>) {
        assert_eq!(amount(text), wanted, "{text}");
    }

    #[test]
    fn amounts_are_read_as_they_are_printed() {
        check("$13.99", Some(13.99));
        check("12,50 €", Some(12.5));
        check("1.234,50", Some(1234.5));
        check("USD 1,234.50", Some(1234.5));
        check("CHF 1'200.05", Some(1200.05));
        check("1 200,00 zł", Some(1200.0));
        check("¥1,200", Some(1200.0));
        check("1.234.567", Some(1_234_567.0));
        check("0.125", Some(0.125));
        check(".99", Some(0.99));
        check("7", Some(7.0));
    }

    #[test]
    fn a_minus_may_stand_anywhere() {
        for text in ["-3.00", "3.00-", "(3.00)", "−$3.00", "$ -3.00"] {
            check(text, Some(-3.0));
        }
    }

    #[test]
    fn what_is_no_single_number_is_none() {
        for text in ["", "free", "2 x 3.50", "12.50/kg 3", "11/28/2026"] {
            check(text, None);
        }
    }
}
