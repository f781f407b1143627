//! Chinese, Japanese and Korean numbers inside a text in digits: `3千人` is `3000人`, `五只` is `5只`, `1만` is `10000`.

use super::Decimal;
use super::kanji::{digit, power, whole};

/// More letters are no number.
const LONGEST: usize = 24;

/// What is counted; behind it a numeral counts, as in `五只`. In `一番` and `千葉` it is part of a word.
const COUNTERS: &str = "個个箇只隻匹頭头名人位本枚张張台輛辆件條条岁歳才年月日天时時分秒週周回次度倍円元圆圓块美欧米公千克吨斤升\
                        种種座棟栋棵朵层階页頁冊册双雙对對組组箱杯瓶つ％%半点點명개마살원권대장송잔병번층";

/// A text with these numbers in digits; everything else as it is.
pub(crate) fn with_plain_numerals(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = run_end(&letters, at);
        match plain(&letters, at, end).filter(|_| end > at) {
            Some(number) => out.push_str(&number),
            None => out.extend(&letters[at..end.max(at + 1)]),
        }
        at = end.max(at + 1);
    }
    out
}

/// The end of the digits and numerals that begin at a place.
fn run_end(letters: &[char], start: usize) -> usize {
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let is_inside = |at: usize| {
        let c = letters[at];
        let is_mark = at > start && ".,".contains(c) && is_digit(at - 1) && is_digit(at + 1);
        // The `이` of `3이` is no two, and the `일` of `5일` are days.
        let is_ending = is_hangul(c) && power(c).is_none() && at > start && is_digit(at - 1);
        !is_ending && (c.is_ascii_digit() || is_mark || digit(c).is_some() || power(c).is_some())
    };
    (start..letters.len()).find(|at| !is_inside(*at)).unwrap_or(letters.len())
}

/// The number of a run in digits; nothing where it has no numeral, or where that belongs to a word.
fn plain(letters: &[char], start: usize, end: usize) -> Option<String> {
    let run = &letters[start..end];
    let is_own = |c: &char| !c.is_ascii_digit() && !".,".contains(*c);
    let (before, behind) = (start.checked_sub(1).map(|at| letters[at]), letters.get(end).copied());
    if run.len() > LONGEST || !run.iter().any(is_own) || before == Some('第') {
        return None;
    }
    let is_counted = behind.is_none_or(|c| COUNTERS.contains(c) || !is_han_or_hangul(c));
    let is_apart = before.is_none_or(|c| !is_hangul(c)) && run.iter().any(|c| power(*c).is_some());
    let has_hangul = run.iter().any(|c| is_hangul(*c));
    if !run[0].is_ascii_digit() && (!is_counted || has_hangul && (!is_apart || run.len() < 2)) {
        return None;
    }
    let text: String = run.iter().filter(|c| **c != ',').collect();
    match text.split_once('.') {
        Some((whole, rest)) => {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let powers: Option<i32> = rest[digits..].chars().map(|c| power(c).map(zeros)).sum();
            let number = Decimal::from_digits(whole, &rest[..digits])?.shifted(powers?)?;
            Some(number.without_noise().to_string())
        }
        None => whole(&text).map(|number| number.to_string()),
    }
}

/// How many zeros a power of ten has.
fn zeros(power: i128) -> i32 {
    i32::try_from(power.ilog10()).unwrap_or(0)
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7af}')
}

fn is_han_or_hangul(c: char) -> bool {
    is_hangul(c) || matches!(c, '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::with_plain_numerals;

    #[test]
    fn numerals_are_written_in_digits_where_they_count() {
        for (text, plain) in [
            ("3千人", "3000人"),
            ("1万円", "10000円"),
            ("1万2千", "12000"),
            ("4.2万", "42000"),
            ("1,200万人", "12000000人"),
            ("有五只狗", "有5只狗"),
            ("犬が五匹います", "犬が5匹います"),
            ("5兆", "5000000000000"),
            ("3천", "3000"),
            ("3백만", "3000000"),
            ("이십오", "25"),
        ] {
            assert_eq!(with_plain_numerals(text), plain, "{text}");
        }
        for text in ["一番高い", "千葉", "第五", "오이", "12", "1,234.5", "", "日本"] {
            assert_eq!(with_plain_numerals(text), text, "{text}");
        }
    }
}
