//! Numbers that belong to a year, month or quarter: of `2020: 412, 2021: 430` the question for 2021 wants the second.

use std::borrow::Cow;

use super::super::claims::plainly;

/// A longer text is no list of years.
const LONGEST: usize = 2_000;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::task) enum Period {
    Year(u16),
    Month(usize),
    Quarter(u8),
}

impl Period {
    fn read(word: &str) -> Option<Self> {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        match word.as_bytes() {
            [b'1', b'9', ..] | [b'2', b'0', ..] if word.len() == 4 && digits => {
                word.parse().ok().map(Self::Year)
            }
            [b'q', quarter @ b'1'..=b'4'] => Some(Self::Quarter(quarter - b'0')),
            _ if word.len() >= 3 => {
                let is = |month: &str| month == word || word.len() <= 4 && month.starts_with(word);
                MONTHS.iter().position(|month| is(month)).map(Self::Month)
            }
            _ => None,
        }
    }

    fn is_same_kind(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The only period that a question names, unless it asks for a change or a sum over several.
pub(in crate::task) fn asked(question: &str) -> Option<Period> {
    const OVER_SEVERAL: [&str; 20] = [
        "more",
        "less",
        "fewer",
        "difference",
        "change",
        "changed",
        "increase",
        "increased",
        "decrease",
        "decreased",
        "grow",
        "grew",
        "growth",
        "rise",
        "fall",
        "drop",
        "compared",
        "from",
        "since",
        "between",
    ];
    let lower = question.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if words().any(|word| OVER_SEVERAL.contains(&word)) {
        return None;
    }
    let mut periods = words().filter_map(Period::read);
    let first = periods.next()?;
    periods.all(|other| other == first).then_some(first)
}

/// A word of an answer.
enum Token<'a> {
    Period(Period),
    Number(&'a str),
    Other(&'a str),
}

/// The text without the numbers that belong to another period; of those for the one asked only the number.
pub(super) fn for_period(text: &str, asked: Option<Period>) -> Cow<'_, str> {
    let Some(asked) = asked.filter(|_| text.len() <= LONGEST) else { return Cow::Borrowed(text) };
    let plain = plainly(text);
    let (mut kept, mut found, mut dropped) = (Vec::new(), None, false);
    for clause in clauses(&plain) {
        let tokens = tokens(clause, asked);
        let owned = owned(&tokens);
        if owned.is_empty() {
            kept.extend(Some(clause.trim()).filter(|clause| !clause.is_empty()));
            continue;
        }
        dropped = true;
        let own = owned.iter().filter(|(_, period, _)| *period == asked);
        if let Some((at, ..)) = own.min_by_key(|(_, _, distance)| *distance)
            && let Token::Number(number) = tokens[*at]
        {
            let unit = match tokens.get(at + 1) {
                Some(Token::Other(word)) => word,
                _ => "",
            };
            found = Some(format!("{number} {unit}"));
        }
    }
    match (found, dropped) {
        (Some(number), _) => Cow::Owned(number),
        (None, true) => Cow::Owned(kept.join(" ; ")),
        (None, false) => Cow::Borrowed(text),
    }
}

/// Cuts at punctuation that is no part of a number.
fn clauses(plain: &str) -> Vec<&str> {
    let bytes = plain.as_bytes();
    // `(May: 46)` is a clause of its own, `May (46)` is not.
    let asides: Vec<usize> = plain
        .match_indices('(')
        .filter_map(|(at, _)| Some((at, at + plain[at..].find(')')?)))
        .filter(|(start, end)| plain[start + 1..*end].trim().contains(' '))
        .flat_map(|(start, end)| [start, end])
        .collect();
    let is_cut = |at: usize, c: char| match c {
        '(' | ')' => asides.contains(&at),
        ';' | '\n' | '!' | '?' => true,
        ',' | '.' => !bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        _ => false,
    };
    let mut start = 0;
    let mut ends: Vec<&str> = Vec::new();
    for (at, c) in plain.char_indices().filter(|(at, c)| is_cut(*at, *c)) {
        ends.push(&plain[start..at]);
        start = at + c.len_utf8();
    }
    ends.push(&plain[start..]);
    ends
}

/// The words of a clause up to a denial.
fn tokens(clause: &str, asked: Period) -> Vec<Token<'_>> {
    let mark = |c: char| ":=()[]{}\"'".contains(c);
    let words: Vec<&str> = clause
        .split(|c: char| c.is_whitespace() || mark(c))
        .filter(|word| !word.is_empty())
        .take_while(|word| *word != "not")
        .collect();
    let token = |(at, word): (usize, &&str)| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let may_be = *word == "may" && matches!(next, "be" | "also" | "have" | "well");
        match Period::read(word).filter(|_| !may_be) {
            Some(period) if period.is_same_kind(asked) => Token::Period(period),
            Some(_) => Token::Other(""),
            None if word
                .trim_start_matches(|c: char| "$€£¥-−+~".contains(c))
                .starts_with(|c: char| c.is_ascii_digit()) =>
            {
                Token::Number(clause_word(clause, word))
            }
            None => Token::Other(clause_word(clause, word)),
        }
    };
    words.iter().enumerate().map(token).collect()
}

/// A word, with the lifetime of its clause.
fn clause_word<'a>(clause: &'a str, word: &str) -> &'a str {
    let start = word.as_ptr() as usize - clause.as_ptr() as usize;
    &clause[start..start + word.len()]
}

/// Where the numbers of a clause are, the period each belongs to, and how far away that is; nothing if it names none.
///
/// Numbers and periods that take turns go together one by one, else a number belongs to the nearest.
fn owned(tokens: &[Token<'_>]) -> Vec<(usize, Period, usize)> {
    let periods: Vec<(usize, Period)> = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, token)| if let Token::Period(period) = token { Some((at, *period)) } else { None })
        .collect();
    let numbers: Vec<usize> =
        (0..tokens.len()).filter(|at| matches!(tokens[*at], Token::Number(_))).collect();
    let order: Vec<bool> = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Other(_)))
        .map(|token| matches!(token, Token::Period(_)))
        .collect();
    let take_turns = numbers.len() == periods.len() && order.windows(2).all(|pair| pair[0] != pair[1]);
    let of = |(index, at): (usize, &usize)| {
        let nearest = || periods.iter().min_by_key(|(place, _)| place.abs_diff(*at));
        let (place, period) = if take_turns { periods.get(index) } else { nearest() }?;
        Some((*at, *period, place.abs_diff(*at)))
    };
    numbers.iter().enumerate().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{asked, for_period};

    #[track_caller]
    fn check(question: &str, text: &str, left: &str) {
        assert_eq!(for_period(text, asked(question)).trim(), left, "{text}");
    }

    #[test]
    fn numbers_go_with_their_periods() {
        let question = "How many employees were there in 2021?";
        check(question, "In 2020 there were 412 employees and in 2021 there were 430.", "430");
        check(question, "The value of 412 belongs to 2022; for 2021 the chart shows 398.", "398");
        check(question, "412 is the value for 2019, not 2021", "not 2021");
        check(question, "The answer is 430 people (2020: 412).", "the answer is 430 people");
        check(question, "There were 412.", "There were 412.");
        check("How many parcels in June?", "It went from 46 in May to 64 in June", "64 in");
        check(
            "How many parcels in June?",
            "64 parcels in May; June is not labelled.",
            "june is not labelled",
        );
    }
}
