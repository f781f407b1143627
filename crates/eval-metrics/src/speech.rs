//! Transcripts in one spelling, so that only what was heard counts.
//!
//! English follows the normalizer of OpenAI Whisper (`speech/NOTICE.md` has the source and its license): numbers and
//! amounts in digits, contractions written out, British spellings in American, fillers and bracketed remarks left out.
//! Beyond it, times of day, days of months and words of addresses are brought into one form, and digits that are said one
//! after the other are one number, however they are grouped.
//! Other languages follow its basic normalizer: lower case, no punctuation; German, French and Spanish numbers are read.
//! Before that, what transcription tools put
//! around the words is taken away: the names of speakers, time marks, cue numbers and a line of introduction.

mod clock;
mod contractions;
mod foreign;
mod layout;
mod numbers;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::value::Tongue;
use crate::value::fold::{Umlaut, fold, narrow};
use contractions::Beside;

/// The words of a transcript in one spelling.
#[must_use]
pub fn spoken_words(text: &str, language: Language) -> Vec<String> {
    let plain = said(text);
    match language {
        Language::English => english(&spoken(&plain), &Beside::default()),
        Language::German => foreign::words(&plain, Some(Tongue::German)),
        Language::French => foreign::words(&plain, Some(Tongue::French)),
        Language::Spanish => foreign::words(&plain, Some(Tongue::Spanish)),
        Language::Other => foreign::words(&plain, None),
    }
}

/// The words of two transcripts of the same speech: what sounds the same is read in the one as the other has it.
#[must_use]
pub fn spoken_pair(one: &str, other: &str, language: Language) -> [Vec<String>; 2] {
    if language != Language::English {
        return [spoken_words(one, language), spoken_words(other, language)];
    }
    let (one, other) = (spoken(&said(one)), spoken(&said(other)));
    [english(&one, &Beside::of(&other)), english(&other, &Beside::of(&one))]
}

/// The text in lower case, without what tools put around it and remarks in brackets.
fn said(text: &str) -> String {
    let plain = layout::without_marks(&narrow(text)).to_lowercase();
    without_enclosed(&without_enclosed(&plain, &['<', '['], &['>', ']']), &['('], &[')'])
}

/// English numbers in words and ordinals as digits.
pub(crate) use numbers::in_digits;

/// Which rules a transcript follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Numbers, contractions and spellings are brought into one form.
    English,
    /// Numbers and amounts are brought into one form.
    German,
    /// As in German.
    French,
    /// As in German.
    Spanish,
    /// Case and punctuation only.
    Other,
}

impl Language {
    /// By the tag of a case (`en`, `de-CH`, `English`), else by the most frequent words of the text.
    #[must_use]
    pub fn of(tag: Option<&str>, text: &str) -> Self {
        const ENGLISH: [&str; 22] = [
            "the", "and", "of", "to", "is", "you", "that", "it", "for", "was", "with", "are", "this", "have",
            "at", "i'm", "we", "my", "on", "please", "from", "i",
        ];
        const OTHERS: [&str; 40] = [
            "der", "die", "und", "das", "ist", "nicht", "sie", "ein", "den", "mit", "für", "bitte", "le",
            "les", "des", "est", "je", "une", "pour", "vous", "dans", "et", "el", "los", "las", "que", "por",
            "para", "una", "con", "il", "di", "che", "non", "per", "de", "het", "een", "van", "ich",
        ];
        if let Some(tag) = tag.map(str::trim).filter(|tag| !tag.is_empty()) {
            let tag = tag.to_lowercase();
            return match tag.split(['-', '_']).next().unwrap_or_default() {
                "en" | "english" => Self::English,
                "de" | "german" | "deutsch" => Self::German,
                "fr" | "french" => Self::French,
                "es" | "spanish" => Self::Spanish,
                _ => Self::Other,
            };
        }
        let (mut english, mut others) = (0, 0);
        for word in text.split_whitespace().take(500) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            english += usize::from(ENGLISH.contains(&word.as_str()));
            others += usize::from(OTHERS.contains(&word.as_str()));
        }
        let foreign_letters = text.chars().take(5_000).filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
        let letters = text.chars().take(5_000).filter(|c| c.is_alphabetic()).count();
        if others > english || 5 * foreign_letters > letters { Self::Other } else { Self::English }
    }
}

/// Leaves out what stands between an opening and a closing sign.
fn without_enclosed(text: &str, open: &[char], close: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let Some(length) = rest[start..].find(close) else { break };
        out.push_str(&rest[..start]);
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out
}

/// English text with its contractions, but without abbreviations and signs.
fn spoken(text: &str) -> String {
    let text = text.replace("per cent", "percent").replace("e-mail", "email");
    clock::with_plain_times(&spelled_out(&text))
}

fn english(spoken: &str, beside: &Beside<'_>) -> Vec<String> {
    let text = contractions::written_out(spoken, beside);
    let text = clock::with_hours_first(&with_numeric_signs_only(&text));
    let words = numbers::in_digits(&with_one(&text));
    let spelled =
        words.split_whitespace().map(|word| american(word).to_owned()).collect::<Vec<_>>().join(" ");
    let words = without_loose_signs(&spelled);
    clock::in_one_form(words.split_whitespace().map(|word| shortened(word).to_owned()).collect())
}

/// `u.s.a.` as one word, `-5°` as `minus 5 degrees`, `no. 1` as `number 1`, `$95.00` without its cents.
fn spelled_out(text: &str) -> String {
    let word_of = |word: &str| -> String {
        let letters: Vec<&str> = word.trim_end_matches([',', '?', '!', ';']).split_terminator('.').collect();
        let is_short = letters.len() > 1
            && letters.iter().all(|it| it.len() == 1 && it.bytes().all(|c| c.is_ascii_lowercase()));
        if is_short && !matches!(letters.concat().as_str(), "am" | "pm") {
            return letters.concat();
        }
        let money = word
            .trim_end_matches(['.', ','])
            .strip_suffix(".00")
            .filter(|it| it.starts_with(['$', '£', '€']));
        if let Some(whole) = money {
            return whole.to_owned();
        }
        match word.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            Some(rest) => format!("minus {}", rest.replace('°', " degrees ")),
            None => word.replace('°', " degrees "),
        }
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let numbered = |at: usize| {
        words[at] == "no."
            && words.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
    };
    (0..words.len())
        .map(|at| if numbered(at) { "number".to_owned() } else { word_of(words[at]) })
        .collect::<Vec<_>>()
        .join(" ")
}

/// `a hundred` as `one hundred`.
fn with_one(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    for at in 1..words.len() {
        let is_multiplier = matches!(words[at], "hundred" | "thousand" | "million" | "billion" | "trillion");
        if is_multiplier && words[at - 1] == "a" {
            words[at - 1] = "one";
        }
    }
    words.join(" ")
}

/// The short form of a word in addresses; `St.` may be a saint or a street, and both are heard.
fn shortened(word: &str) -> &str {
    match word {
        "street" | "saint" => "st",
        "avenue" => "ave",
        "boulevard" => "blvd",
        "road" => "rd",
        "kilometer" | "kilometers" => "km",
        "kilogram" | "kilograms" | "kilo" | "kilos" => "kg",
        "centimeter" | "centimeters" => "cm",
        "millimeter" | "millimeters" => "mm",
        "versus" => "vs",
        word => word,
    }
}

/// The American spelling of a word.
pub(crate) fn american(word: &str) -> &str {
    static SPELLINGS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
        include_str!("speech/spellings.txt").lines().filter_map(|line| line.split_once(' ')).collect()
    });
    match word {
        "okay" => "ok",
        word => SPELLINGS.get(word).copied().unwrap_or(word),
    }
}

/// Letters without accents, digits, and the signs of numbers and amounts; a blank for everything else.
fn with_numeric_signs_only(text: &str) -> String {
    let folded = fold(text, Umlaut::Bare);
    let letters: Vec<char> = folded.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(folded.len());
    for (at, &c) in letters.iter().enumerate() {
        match c {
            ',' if digit(at.checked_sub(1)) && digit(Some(at + 1)) => {}
            '.' if !digit(Some(at + 1)) => out.push(' '),
            '&' => out.push_str(" and "),
            '.' | '%' | '$' | '¢' | '€' | '£' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            _ => out.push(' '),
        }
    }
    out
}

/// Takes away signs that belong to no number.
fn without_loose_signs(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let keep = |(at, &c): (usize, &char)| match c {
        '.' | '$' | '¢' | '€' | '£' if !digit(Some(at + 1)) => ' ',
        '%' if !digit(at.checked_sub(1)) => ' ',
        c => c,
    };
    letters.iter().enumerate().map(keep).collect()
}

#[cfg(test)]
mod tests;
