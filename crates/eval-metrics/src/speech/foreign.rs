//! Transcripts in other languages than English: lower case, no punctuation; numbers of three languages in digits.

use super::clock::digits;
use crate::python::ascii_digits;
use crate::value::fold::{Umlaut, fold, is_of_word, is_vowel_point};
use crate::value::numerals::with_plain_numerals;
use crate::value::{Tongue, german_ordinal, leading_cardinal};

/// The words of a text, in lower case already; numbers are read if its language is known.
pub(super) fn words(text: &str, tongue: Option<Tongue>) -> Vec<String> {
    let text = text.replace('ß', "ss");
    let Some(tongue) = tongue else { return split(&written_alike(&text), false) };
    let words = split(&text, true);
    let words = in_digits(&words, tongue);
    joined(with_times(with_cents(words), tongue))
}

/// A text in the spelling that is heard: without points for vowels, `ё` as `е`, digits and numerals as digits.
fn written_alike(text: &str) -> String {
    let alike = |c: char| match c {
        'ё' => 'е',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        c => c,
    };
    let heard: String = text.chars().filter(|c| !is_vowel_point(*c) && *c != '\u{307}').map(alike).collect();
    with_plain_numerals(&ascii_digits(&heard))
}

/// Numbers side by side in one: `null sechs zwölf` and `06 12`.
fn joined(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match out.last_mut().filter(|last| digits(last).is_some() && digits(&word).is_some()) {
            Some(last) => last.push_str(&word),
            None => out.push(word),
        }
    }
    out
}

/// Words and numbers; signs of amounts as words where numbers are read. Where no blanks are written, each letter is a word.
fn split(text: &str, numbers: bool) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let mut words = Vec::new();
    let mut word = String::new();
    let end = |word: &mut String, words: &mut Vec<String>| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    for (at, &c) in letters.iter().enumerate() {
        let inside = digit(at.checked_sub(1)) && digit(Some(at + 1));
        match c {
            _ if is_written_together(c) => {
                end(&mut word, &mut words);
                words.push(c.to_string());
            }
            '.' | ',' if numbers && inside => {
                // `1.000` are thousands, `2,50` has decimals.
                let group = letters[at + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
                if group != 3 {
                    word.push('.');
                }
            }
            ':' if numbers && inside => word.push(':'),
            '€' | '$' | '£' | '%' if numbers => {
                end(&mut word, &mut words);
                words.push(sign(c).to_owned());
            }
            c if is_of_word(c) => {
                // `15h30`
                let turns = word.chars().next_back().is_some_and(|last| {
                    last.is_ascii_digit() && c.is_alphabetic() || last.is_alphabetic() && c.is_ascii_digit()
                });
                if numbers && turns {
                    end(&mut word, &mut words);
                }
                word.push(c);
            }
            _ => end(&mut word, &mut words),
        }
    }
    end(&mut word, &mut words);
    words
}

fn sign(c: char) -> &'static str {
    match c {
        '€' => "euro",
        '$' => "dollar",
        '£' => "pfund",
        _ => "%",
    }
}

/// Letters of scripts in which no blanks stand between words, or may be left out; so are the marks above them.
fn is_written_together(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

fn in_digits(words: &[String], tongue: Tongue) -> Vec<String> {
    let folded: Vec<String> = words.iter().map(|word| fold(word, Umlaut::Bare)).collect();
    let plain: Vec<&str> = folded.iter().map(String::as_str).collect();
    let mut out = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let next = plain.get(at + 1).copied().unwrap_or_default();
        if let Some((length, number)) = leading_cardinal(&plain[at..], tongue) {
            out.push(number.to_string());
            at += length;
        } else if let Some(number) = german_ordinal(plain[at]).filter(|_| tongue == Tongue::German) {
            out.push(number.to_string());
            at += 1;
        } else if matches!((plain[at], next), ("pour", "cent") | ("por", "ciento" | "cien")) {
            out.push("%".to_owned());
            at += 2;
        } else {
            out.push(one_form(plain[at]).unwrap_or(&words[at]).to_owned());
            // `3er`, `2e`, `1º` behind its digits.
            let ending = matches!(plain[at], "er" | "re" | "e" | "eme" | "ere" | "º" | "ª" | "o" | "a");
            let after_digits = at > 0 && plain[at - 1].bytes().all(|byte| byte.is_ascii_digit());
            if ending && after_digits && tongue == Tongue::French {
                out.pop();
            }
            at += 1;
        }
    }
    out
}

fn one_form(word: &str) -> Option<&'static str> {
    Some(match word {
        "euros" => "euro",
        "dollars" | "dolares" => "dollar",
        "prozent" => "%",
        "premier" | "premiere" | "primero" | "primera" => "1",
        "deuxieme" | "segundo" | "segunda" => "2",
        "troisieme" | "tercero" | "tercera" => "3",
        "h" | "heure" => "heures",
        _ => return None,
    })
}

/// `2 euro 50` as `2.50 euro`.
fn with_cents(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let is_whole = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
        if is_whole(&word)
            && word.len() <= 2
            && let [.., whole, unit] = out.as_mut_slice()
            && is_whole(whole)
            && matches!(unit.as_str(), "euro" | "dollar" | "franken")
        {
            *whole = format!("{whole}.{word:0>2}");
        } else {
            out.push(word);
        }
    }
    out
}

/// `15:30 uhr` as `15 uhr 30`, and without minutes as `15 uhr`.
fn with_times(words: Vec<String>, tongue: Tongue) -> Vec<String> {
    let unit = match tongue {
        Tongue::German => "uhr",
        Tongue::French => "heures",
        Tongue::Spanish => return words.into_iter().map(|word| word.replace(':', "")).collect(),
    };
    let mut out = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let Some((hour, minutes)) = word.split_once(':') else {
            out.push(word);
            continue;
        };
        out.extend([hour.to_owned(), unit.to_owned()]);
        if minutes != "00" {
            out.push(minutes.trim_start_matches('0').to_owned());
        }
        words.next_if(|next| next == unit);
    }
    out
}
