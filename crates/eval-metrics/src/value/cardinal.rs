//! Numbers in German, French and Spanish words.
//!
//! `fünfundzwanzig`, `quatre-vingt-dix-sept` and `treinta y uno` are numbers of one or several words.

use super::fold::{Umlaut, fold};

/// A language whose numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    German,
    French,
    Spanish,
}

/// More words make no number.
const MOST_WORDS: usize = 12;

/// The longest number in words at the beginning of `words`, and of how many words it is.
pub(crate) fn leading(words: &[&str], tongue: Tongue) -> Option<(usize, i64)> {
    let most = words.len().min(MOST_WORDS);
    match tongue {
        Tongue::German => german(words.first()?).map(|number| (1, number)),
        Tongue::French | Tongue::Spanish => longest(&words[..most], tongue),
    }
}

/// The number that a whole text is, in any of the languages.
pub(crate) fn whole(text: &str) -> Option<i64> {
    // `once` is eleven in Spanish, but also an English word.
    if text.len() > 100 || text.trim().eq_ignore_ascii_case("once") {
        return None;
    }
    let folded = fold(text, Umlaut::Bare);
    let words: Vec<&str> = folded.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    [Tongue::German, Tongue::French, Tongue::Spanish].into_iter().find_map(|tongue| {
        let (length, number) = leading(&words, tongue)?;
        (length == words.len()).then_some(number)
    })
}

const GERMAN: [(&str, i64); 29] = [
    ("null", 0),
    ("eins", 1),
    ("ein", 1),
    ("zwei", 2),
    ("zwo", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwolf", 12),
    ("dreizehn", 13),
    ("vierzehn", 14),
    ("funfzehn", 15),
    ("sechzehn", 16),
    ("siebzehn", 17),
    ("achtzehn", 18),
    ("neunzehn", 19),
    ("zwanzig", 20),
    ("dreissig", 30),
    ("vierzig", 40),
    ("funfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
];

/// A German number, which is one word.
fn german(word: &str) -> Option<i64> {
    if word.len() > 80 {
        return None;
    }
    // An article counts nothing.
    if word == "ein" {
        return None;
    }
    german_part(&word.replace("fuenf", "funf").replace("zwoelf", "zwolf"))
}

fn german_part(word: &str) -> Option<i64> {
    if word == "neunzig" {
        return Some(90);
    }
    if let Some((_, value)) = GERMAN.iter().find(|(name, _)| *name == word) {
        return Some(*value);
    }
    for (name, scale) in [("tausend", 1_000), ("hundert", 100)] {
        if let Some((before, after)) = word.split_once(name) {
            let times = if before.is_empty() { 1 } else { german_part(before)? };
            let after = after.strip_prefix("und").unwrap_or(after);
            let rest = if after.is_empty() { 0 } else { german_part(after)? };
            return (times < scale.min(1_000) && rest < scale).then_some(times * scale + rest);
        }
    }
    let (one, ten) = word.split_once("und")?;
    let (one, ten) = (german_part(one)?, german_part(ten)?);
    ((1..10).contains(&one) && ten >= 20 && ten % 10 == 0 && ten < 100).then_some(one + ten)
}

/// A German ordinal in any ending: `dritten`, `zwanzigster`.
pub(crate) fn german_ordinal(word: &str) -> Option<i64> {
    let stem = ["en", "er", "es", "em", "e"].iter().find_map(|end| word.strip_suffix(end))?;
    match stem {
        "erst" => return Some(1),
        "dritt" => return Some(3),
        "siebt" => return Some(7),
        "acht" => return Some(8),
        _ => {}
    }
    let cardinal = stem.strip_suffix("st").filter(|stem| german(stem).is_some_and(|number| number >= 20));
    german(cardinal.or_else(|| stem.strip_suffix('t'))?)
}

const FRENCH: [(&str, i64); 30] = [
    ("zero", 0),
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("seize", 16),
    ("vingt", 20),
    ("vingts", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("septante", 70),
    ("huitante", 80),
    ("nonante", 90),
    ("cent", 100),
    ("cents", 100),
    ("mille", 1_000),
];
const SPANISH: [(&str, i64); 60] = [
    ("cero", 0),
    ("un", 1),
    ("uno", 1),
    ("una", 1),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("once", 11),
    ("doce", 12),
    ("trece", 13),
    ("catorce", 14),
    ("quince", 15),
    ("dieciseis", 16),
    ("diecisiete", 17),
    ("dieciocho", 18),
    ("diecinueve", 19),
    ("veinte", 20),
    ("veintiun", 21),
    ("veintiuno", 21),
    ("veintiuna", 21),
    ("veintidos", 22),
    ("veintitres", 23),
    ("veinticuatro", 24),
    ("veinticinco", 25),
    ("veintiseis", 26),
    ("veintisiete", 27),
    ("veintiocho", 28),
    ("veintinueve", 29),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("setenta", 70),
    ("ochenta", 80),
    ("noventa", 90),
    ("cien", 100),
    ("ciento", 100),
    ("doscientos", 200),
    ("doscientas", 200),
    ("trescientos", 300),
    ("trescientas", 300),
    ("cuatrocientos", 400),
    ("cuatrocientas", 400),
    ("quinientos", 500),
    ("quinientas", 500),
    ("seiscientos", 600),
    ("seiscientas", 600),
    ("setecientos", 700),
    ("setecientas", 700),
    ("ochocientos", 800),
    ("ochocientas", 800),
    ("novecientos", 900),
    ("novecientas", 900),
    ("mil", 1_000),
];

/// Adds word by word for as long as each fits to what was said before.
fn longest(words: &[&str], tongue: Tongue) -> Option<(usize, i64)> {
    let (table, joint): (&[(&str, i64)], &str) = match tongue {
        Tongue::French => (&FRENCH, "et"),
        Tongue::German | Tongue::Spanish => (&SPANISH, "y"),
    };
    let value = |word: &str| table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    let (mut total, mut group, mut last) = (0_i64, None::<i64>, i64::MAX);
    let mut end = 0;
    for (at, word) in words.iter().enumerate() {
        if *word == joint && group.is_some_and(|group| group % 10 == 0 && group > 0) {
            continue;
        }
        let Some(number) = value(word) else { break };
        let before = group.unwrap_or(0);
        let fits = match number {
            // `quatre-vingts`
            20 if tongue == Tongue::French && before % 100 == 4 && last == 4 => {
                group = Some(before + 76);
                true
            }
            1_000 => {
                total = if total == 0 { group.take().unwrap_or(1) * 1_000 } else { total };
                last > 0 && total < 1_000_000
            }
            100 if tongue == Tongue::French && (2..10).contains(&before) => {
                group = Some(before * 100);
                true
            }
            _ if group.is_none() => {
                group = Some(number);
                true
            }
            number => {
                let tens = before % 100;
                let room = if tens == 0 {
                    before >= 100 && number < 100
                } else {
                    tens == 10 && (7..10).contains(&number) && tongue == Tongue::French
                        || tens % 10 == 0
                            && tens >= 20
                            && (number < 10 || matches!(tens, 60 | 80) && number < 20)
                };
                group = room.then_some(before + number).or(group);
                room && number > 0
            }
        };
        if !fits {
            break;
        }
        last = number;
        end = at + 1;
    }
    // An article alone counts nothing.
    let is_article = end == 1 && matches!(words[0], "un" | "une" | "una");
    (end > 0 && !is_article).then(|| (end, total + group.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::{german_ordinal, whole};

    #[test]
    fn reads_numbers_of_three_languages() {
        for (text, number) in [
            ("fünfundzwanzig", 25),
            ("einundzwanzig", 21),
            ("dreihundertzwölf", 312),
            ("zweitausendvierundzwanzig", 2024),
            ("hundert", 100),
            ("vingt et un", 21),
            ("quatre-vingt-dix-sept", 97),
            ("quatre-vingts", 80),
            ("dix-huit", 18),
            ("soixante-douze", 72),
            ("deux cent cinquante", 250),
            ("mille neuf cents", 1900),
            ("treinta y uno", 31),
            ("doscientos cinco", 205),
            ("dos mil veinticuatro", 2024),
            ("ciento veinte", 120),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["un", "ein", "once", "cinq six", "drei vier", "hundred", ""] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(german_ordinal("dritten"), Some(3));
        assert_eq!(german_ordinal("einundzwanzigsten"), Some(21));
        assert_eq!(german_ordinal("besten"), None);
    }
}
