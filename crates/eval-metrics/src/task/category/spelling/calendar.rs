//! Quarters, months and years in one spelling.

use std::borrow::Cow;

use super::{Kind, is_year, kind};

/// The months by three letters, with their names in English, German, French, Spanish, Italian, Portuguese and Dutch, folded.
const MONTHS: [(&str, &[&str]); 12] = [
    ("jan", &["january", "januar", "janvier", "enero", "gennaio", "janeiro", "januari", "janner"]),
    ("feb", &["february", "februar", "fevrier", "febrero", "febbraio", "fevereiro", "februari"]),
    ("mar", &["march", "marz", "maerz", "mars", "marzo", "marco", "maart"]),
    ("apr", &["april", "avril", "abril", "aprile"]),
    ("may", &["mai", "mayo", "maggio", "maio", "mei"]),
    ("jun", &["june", "juni", "juin", "junio", "giugno", "junho"]),
    ("jul", &["july", "juli", "juillet", "julio", "luglio", "julho"]),
    ("aug", &["august", "aout", "agosto", "augustus"]),
    ("sep", &["september", "sept", "septembre", "septiembre", "settembre", "setembro"]),
    ("oct", &["october", "oktober", "octobre", "octubre", "ottobre", "outubro", "okt"]),
    ("nov", &["november", "novembre", "noviembre", "novembro"]),
    ("dec", &["december", "dezember", "decembre", "diciembre", "dicembre", "dezembro", "dez"]),
];

/// The three letters of a month.
pub(super) fn month(word: &str) -> Option<&'static str> {
    MONTHS.iter().find(|(short, names)| *short == word || names.contains(&word)).map(|(short, _)| *short)
}

pub(super) fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|(short, _)| *short == word)
}

/// `2024-01` as `2024 jan`.
pub(super) fn with_named_months(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let digits =
        |from: usize, to: usize| bytes.get(from..to).is_some_and(|it| it.iter().all(u8::is_ascii_digit));
    let found = text.char_indices().find(|(at, c)| {
        let at = *at;
        *c == '-'
            && at >= 4
            && digits(at - 4, at)
            && digits(at + 1, at + 3)
            && !(at > 4 && bytes[at - 5].is_ascii_alphanumeric())
            && !bytes.get(at + 3).is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'-')
    });
    let Some((at, _)) = found.filter(|(at, _)| text.is_char_boundary(at.saturating_sub(4))) else {
        return Cow::Borrowed(text);
    };
    let number: usize = text[at + 1..at + 3].parse().unwrap_or(0);
    // `2010-11` may be a fiscal year.
    let next = text[at - 2..at].parse::<usize>().ok().map(|year| (year + 1) % 100);
    match MONTHS.get(number.wrapping_sub(1)).filter(|_| next != Some(number) && is_year(&text[at - 4..at])) {
        Some((month, _)) => Cow::Owned(format!("{} {month}{}", &text[..at], &text[at + 3..])),
        None => Cow::Borrowed(text),
    }
}

/// `2019/20` as `2019 2020`, and `02/2023` as `feb 2023`.
pub(super) fn join_fiscal_years(words: &mut [String]) {
    for at in 1..words.len() {
        let month =
            words[at - 1].strip_prefix('0').filter(|_| words[at - 1].len() == 2 && is_year(&words[at]));
        let month =
            month.and_then(|digit| digit.parse::<usize>().ok()?.checked_sub(1)).and_then(|at| MONTHS.get(at));
        if let Some((month, _)) = month {
            words[at - 1] = (*month).to_owned();
            continue;
        }
        let (before, word) = (&words[at - 1], &words[at]);
        if word.len() != 2 || !is_year(before) {
            continue;
        }
        let next = before.parse::<u32>().map_or(0, |year| year + 1).to_string();
        if next.ends_with(word.as_str()) {
            words[at] = next;
        }
    }
}

/// `4th quarter`, `quarter 4` and `quarter q4` are `q4`; the `25` of `q4 25` is a year.
pub(super) fn join_quarters(words: &mut Vec<String>) {
    let number = |word: &str| matches!(word, "1" | "2" | "3" | "4").then(|| format!("q{word}"));
    let is_quarter = |word: &str| kind(word) == Some(Kind::Quarter);
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let before = out.last().cloned().unwrap_or_default();
        if word == "quarter" {
            if let Some(quarter) = before.strip_suffix("th").and_then(number) {
                out.pop();
                out.push(quarter);
                continue;
            }
            let next = words.get(at + 1).map_or("", String::as_str);
            if is_quarter(next) || is_quarter(&before) {
                continue;
            }
        }
        if before == "quarter"
            && let Some(quarter) = number(word)
        {
            out.pop();
            out.push(quarter);
        } else if is_quarter(&before) && word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push(format!("20{word}"));
        } else if matches!(word.as_str(), "of" | "the" | "in") && is_quarter(&before) {
            // `q4 of 2025` is `q4 2025`.
        } else {
            out.push(word.clone());
        }
    }
    *words = out;
}
