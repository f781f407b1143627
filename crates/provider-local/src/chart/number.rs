//! Numbers as charts print them: signs, currencies, units, either decimal mark.

/// How a chart parts thousands and decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// `12,500.5`
    Point,
    /// `12.500,5`
    Comma,
}

/// The value of a label that is a number with at most a sign, a currency and a unit around it.
pub fn number(text: &str, marks: Marks) -> Option<f64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let core = &text[first..=last];
    let (before, after) = (&text[..first], &text[last + 1..]);
    if !(is_front(before) && is_back(after)) {
        return None;
    }
    let value = digits(core, marks)?;
    let negative = before.contains('-') || (before.contains('(') && after.contains(')'));
    Some(if negative { -value } else { value })
}

/// The marks that suit most of the labels; the point where they do not tell.
pub fn marks<'a>(texts: impl Iterator<Item = &'a str>) -> Marks {
    let mut votes = 0i32;
    for text in texts {
        let bare: String =
            text.chars().map(plain).filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let (point, comma) = (bare.rfind('.'), bare.rfind(','));
        let behind = |at: usize| bare.len() - at - 1;
        votes += match (point, comma) {
            (Some(point), Some(comma)) => {
                if point > comma {
                    3
                } else {
                    -3
                }
            }
            (Some(point), None) if behind(point) != 3 => 2,
            (None, Some(comma)) if behind(comma) != 3 => -2,
            (Some(point), None) if bare.starts_with('0') || bare[..point].len() > 3 => 2,
            (Some(_), None) => -1,
            (None, Some(_)) => 1,
            (None, None) => 0,
        };
    }
    if votes < 0 { Marks::Comma } else { Marks::Point }
}

fn digits(core: &str, marks: Marks) -> Option<f64> {
    let (thousands, decimal) = match marks {
        Marks::Point => (',', '.'),
        Marks::Comma => ('.', ','),
    };
    let (whole, fraction) = core.split_once(decimal).unwrap_or((core, ""));
    let groups: Vec<&str> = whole.split([thousands, '\'']).collect();
    let grouped = groups.len() == 1
        || (groups[1..].iter().all(|group| group.len() == 3) && (1..=3).contains(&groups[0].len()));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !grouped || !groups.iter().all(|group| all_digits(group)) || !all_digits(fraction) {
        return None;
    }
    format!("{}.{fraction}0", groups.concat()).parse().ok()
}

/// A sign, a currency, or both.
fn is_front(text: &str) -> bool {
    let bare = text.trim_matches(['-', '+', '(', '~']);
    bare.is_empty()
        || (bare.chars().count() <= 3
            && bare.chars().all(|c| is_currency_sign(c) || c.is_uppercase())
            && bare.chars().any(|c| !c.is_ascii_alphabetic() || bare.len() == 3))
}

/// A unit: `%`, `k`, `M`, `Mt`, `°C`, `ms`.
fn is_back(text: &str) -> bool {
    let bare = text.trim_matches([')', '.', ',']);
    bare.chars().count() <= 4
        && bare.chars().all(|c| {
            c.is_alphabetic() || is_currency_sign(c) || matches!(c, '%' | '°' | '/' | '²' | '³' | '‰')
        })
}

fn is_currency_sign(character: char) -> bool {
    matches!(character, '$' | '€' | '£' | '¥' | '₩' | '₹' | '₽' | '₺' | '฿')
}

fn plain(character: char) -> char {
    match character {
        '−' | '–' | '—' | '－' => '-',
        '，' => ',',
        '％' => '%',
        'O' => '0',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, marks: Marks, value: Option<f64>) {
        assert_eq!(number(text, marks), value, "{text:?}");
    }

    #[test]
    fn reads_numbers_with_units() {
        check("$4.2M", Marks::Point, Some(4.2));
        check("−5", Marks::Point, Some(-5.0));
        check("-$1,200", Marks::Point, Some(-1200.0));
        check("12.500", Marks::Comma, Some(12_500.0));
        check("12,5 %", Marks::Comma, Some(12.5));
        check("€620k", Marks::Point, Some(620.0));
        check("15 °C", Marks::Point, Some(15.0));
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["Q1", "Jan 2024", "1st half", "", "-", "1.2.3", "12,50,1", "3 apples"] {
            check(text, Marks::Point, None);
        }
    }

    #[test]
    fn the_labels_tell_their_marks() {
        assert_eq!(marks(["12.500", "10.000"].into_iter()), Marks::Comma);
        assert_eq!(marks(["12,500", "10,000"].into_iter()), Marks::Point);
        assert_eq!(marks(["0.25", "0.5"].into_iter()), Marks::Point);
        assert_eq!(marks(["2,5", "5"].into_iter()), Marks::Comma);
        assert_eq!(marks(["420", "510"].into_iter()), Marks::Point);
    }
}
