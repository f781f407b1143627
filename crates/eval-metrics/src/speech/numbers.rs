//! Spoken numbers and amounts in digits, by the rules of Whisper's `EnglishNumberNormalizer`.
//!
//! `twenty twenty-five` is 2025, `one oh one` is 101, `ten thousand dollars` is $10000, `fifth` is 5th; `one` stays a word.

const ONES: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const MULTIPLIERS: [(&str, i128); 6] = [
    ("hundred", 100),
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
    ("quadrillion", 1_000_000_000_000_000),
];

/// Larger numbers are texts: they are not spoken, and sums must not overflow.
const LARGEST: i128 = 1_000_000_000_000_000_000_000_000;

/// What a word is in a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    Zero,
    Ones(i128),
    OnesSuffixed(i128, &'static str),
    Tens(i128),
    TensSuffixed(i128, &'static str),
    Multiplier(i128),
    MultiplierSuffixed(i128, &'static str),
    Sign(char),
    Currency(char),
    Percent,
    Per,
    And,
    Repeat(usize),
    Point,
    Other,
}

fn is_numeric(word: &str) -> bool {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

fn word(text: &str) -> Word {
    let place = |list: &[&str], text: &str| list.iter().position(|name| *name == text);
    if let Some(at) = place(&ONES, text) {
        return Word::Ones(at as i128 + 1);
    }
    if let Some(at) = place(&TENS, text) {
        return Word::Tens(at as i128 * 10 + 20);
    }
    if let Some((_, value)) = MULTIPLIERS.iter().find(|(name, _)| *name == text) {
        return Word::Multiplier(*value);
    }
    match text {
        "o" | "oh" | "zero" => Word::Zero,
        "zeroth" => Word::OnesSuffixed(0, "th"),
        "first" => Word::OnesSuffixed(1, "st"),
        "second" => Word::OnesSuffixed(2, "nd"),
        "third" => Word::OnesSuffixed(3, "rd"),
        "fifth" => Word::OnesSuffixed(5, "th"),
        "eighth" => Word::OnesSuffixed(8, "th"),
        "ninth" => Word::OnesSuffixed(9, "th"),
        "twelfth" => Word::OnesSuffixed(12, "th"),
        "minus" | "negative" => Word::Sign('-'),
        "plus" | "positive" => Word::Sign('+'),
        "pound" | "pounds" => Word::Currency('£'),
        "euro" | "euros" => Word::Currency('€'),
        "dollar" | "dollars" => Word::Currency('$'),
        "cent" | "cents" => Word::Currency('¢'),
        "percent" => Word::Percent,
        "per" => Word::Per,
        "and" => Word::And,
        "double" => Word::Repeat(2),
        "triple" => Word::Repeat(3),
        "point" => Word::Point,
        _ => suffixed(text),
    }
}

fn suffixed(text: &str) -> Word {
    let ones = |name: &str| ONES.iter().position(|one| *one == name).map(|at| at as i128 + 1);
    let tens = |name: String| TENS.iter().position(|ten| *ten == name).map(|at| at as i128 * 10 + 20);
    if text == "sixes" {
        return Word::OnesSuffixed(6, "s");
    }
    if let Some(stem) = text.strip_suffix("ieth").and_then(|stem| tens(format!("{stem}y"))) {
        return Word::TensSuffixed(stem, "th");
    }
    if let Some(stem) = text.strip_suffix("ies").and_then(|stem| tens(format!("{stem}y"))) {
        return Word::TensSuffixed(stem, "s");
    }
    let multiplier =
        |name: &str| MULTIPLIERS.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    if let Some(stem) = text.strip_suffix("th") {
        if let Some(value) = ones(stem).filter(|value| *value > 3) {
            return Word::OnesSuffixed(value, "th");
        }
        if let Some(value) = multiplier(stem) {
            return Word::MultiplierSuffixed(value, "th");
        }
    }
    if let Some(stem) = text.strip_suffix('s') {
        if let Some(value) = ones(stem) {
            return Word::OnesSuffixed(value, "s");
        }
        if let Some(value) = multiplier(stem) {
            return Word::MultiplierSuffixed(value, "s");
        }
    }
    Word::Other
}

/// A number as far as it was heard.
#[derive(Debug, Clone, PartialEq)]
enum Heard {
    Number(i128),
    /// Digits that were strung together, or a fraction.
    Digits(String),
}

impl Heard {
    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Digits(digits) => digits.clone(),
        }
    }
}

#[derive(Default)]
struct Reader {
    out: Vec<String>,
    heard: Option<Heard>,
    prefix: Option<char>,
}

impl Reader {
    fn put(&mut self, text: &str) {
        let prefix = self.prefix.take().map(String::from).unwrap_or_default();
        self.heard = None;
        self.out.push(format!("{prefix}{text}"));
    }

    /// Ends the number that was heard so far, if there is one.
    fn finish(&mut self) {
        if let Some(heard) = self.heard.take() {
            self.put(&heard.text());
        }
    }

    fn append(&mut self, digits: &str) {
        let before = self.heard.take().map(|heard| heard.text()).unwrap_or_default();
        // A chain of digits that never ends is no number.
        if before.len() > 60 {
            self.put(&before);
            self.heard = Some(Heard::Digits(digits.to_owned()));
        } else {
            self.heard = Some(Heard::Digits(before + digits));
        }
    }

    fn small(&mut self, value: i128, before: Word) {
        let after_one = matches!(before, Word::Ones(_));
        match self.heard.clone() {
            None => self.heard = Some(Heard::Number(value)),
            Some(heard) if matches!(heard, Heard::Digits(_)) || after_one => {
                self.joined(&heard.text(), value, before);
            }
            Some(Heard::Number(number)) => {
                let unit = if value < 10 { 10 } else { 100 };
                if number % unit == 0 {
                    self.heard = Some(Heard::Number(number + value));
                } else {
                    self.append(&value.to_string());
                }
            }
            Some(Heard::Digits(_)) => {}
        }
    }

    fn joined(&mut self, text: &str, value: i128, before: Word) {
        match text.strip_suffix('0').filter(|_| matches!(before, Word::Tens(_)) && value < 10) {
            Some(stem) => self.heard = Some(Heard::Digits(format!("{stem}{value}"))),
            None => self.append(&value.to_string()),
        }
    }

    fn tens(&mut self, value: i128) {
        match self.heard {
            None => self.heard = Some(Heard::Number(value)),
            Some(Heard::Number(number)) if number % 100 == 0 => {
                self.heard = Some(Heard::Number(number + value));
            }
            Some(_) => self.append(&value.to_string()),
        }
    }

    fn multiply(&mut self, multiplier: i128) {
        match self.heard.clone() {
            None => self.heard = Some(Heard::Number(multiplier)),
            Some(Heard::Number(number)) if number != 0 && number < LARGEST => {
                let (before, rest) = (number / 1_000 * 1_000, number % 1_000);
                self.heard = Some(Heard::Number(before.saturating_add(rest.saturating_mul(multiplier))));
            }
            Some(heard) => match times(&heard.text(), multiplier) {
                Some(product) => self.heard = Some(Heard::Number(product)),
                None => {
                    self.finish();
                    self.heard = Some(Heard::Number(multiplier));
                }
            },
        }
    }

    /// Takes a word that is a number in digits, with the sign before it; whether it is one.
    fn take_digits(&mut self, current: &str) -> bool {
        let sign = current.chars().next().filter(|c| "-+£€$¢".contains(*c));
        let bare = sign.map_or(current, |sign| &current[sign.len_utf8()..]);
        if !is_numeric(bare) {
            return false;
        }
        if let Some(Heard::Digits(digits)) = &self.heard
            && digits.ends_with('.')
        {
            self.append(current);
            return true;
        }
        self.finish();
        self.prefix = sign.or(self.prefix);
        self.heard = Some(match bare.parse::<i128>().ok().filter(|number| *number < LARGEST) {
            Some(number) if number == 0 || !bare.starts_with('0') => Heard::Number(number),
            _ => Heard::Digits(bare.trim_end_matches(".0").to_owned()),
        });
        true
    }

    /// Ends a number with a suffix: `21st`, `1960s`.
    fn suffix(&mut self, suffix: &str) {
        let text = self.heard.take().map(|heard| heard.text()).unwrap_or_default();
        self.put(&format!("{text}{suffix}"));
    }
}

/// A decimal text times a whole number, if that is whole: `2.5` million.
fn times(text: &str, multiplier: i128) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok().filter(|length| *length <= 12)?)?;
    let units: i128 = format!("{whole}{fraction}").parse().ok().filter(|units| *units < LARGEST)?;
    let product = units.checked_mul(multiplier)?;
    (product % scale == 0).then_some(product / scale)
}

/// The text with its numbers in digits.
pub(crate) fn in_digits(text: &str) -> String {
    let text = spaced(&text.replace(" and a half", " point five"));
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut reader = Reader::default();
    let mut skip = false;
    for at in 0..words.len() {
        if std::mem::take(&mut skip) {
            continue;
        }
        let before = if at > 0 { word(words[at - 1]) } else { Word::Other };
        let next = words.get(at + 1).copied().unwrap_or_default();
        skip = step(&mut reader, words[at], before, next);
    }
    reader.finish();
    with_cents(&reader.out)
}

/// Takes a word; whether the next one is used up with it.
fn step(reader: &mut Reader, current: &str, before: Word, next: &str) -> bool {
    let next_word = word(next);
    let next_counts = next_word != Word::Other || is_numeric(next);
    if reader.take_digits(current) {
        return false;
    }
    match word(current) {
        Word::Zero => reader.append("0"),
        Word::Ones(value) => reader.small(value, before),
        Word::OnesSuffixed(value, suffix) => {
            reader.small(value, before);
            reader.suffix(suffix);
        }
        Word::Tens(value) => reader.tens(value),
        Word::TensSuffixed(value, suffix) => {
            reader.tens(value);
            reader.suffix(suffix);
        }
        Word::Multiplier(value) => reader.multiply(value),
        Word::MultiplierSuffixed(value, suffix) => {
            reader.multiply(value);
            reader.suffix(suffix);
        }
        Word::Sign(sign) if next_counts => {
            reader.finish();
            reader.prefix = Some(sign);
        }
        Word::Currency(sign) if reader.heard.is_some() => {
            reader.prefix = Some(sign);
            reader.finish();
        }
        Word::Percent if reader.heard.is_some() => reader.suffix("%"),
        Word::Per if reader.heard.is_some() && next == "cent" => {
            reader.suffix("%");
            return true;
        }
        Word::And if next_counts && matches!(before, Word::Multiplier(_)) => {}
        Word::Repeat(times) if matches!(next_word, Word::Ones(_) | Word::Zero) => {
            let digit = if let Word::Ones(value) = next_word { value } else { 0 };
            reader.append(&digit.to_string().repeat(times));
            return true;
        }
        Word::Point
            if matches!(next_word, Word::Ones(_) | Word::Tens(_) | Word::Zero) || is_numeric(next) =>
        {
            reader.append(".");
        }
        _ => {
            reader.finish();
            reader.put(current);
        }
    }
    false
}

/// A blank between letters and digits, but none before the endings of ordinals and decades.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let letters: Vec<char> = text.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let parts = before.is_some_and(|b| {
            (b.is_ascii_digit() && c.is_ascii_lowercase()) || (b.is_ascii_lowercase() && c.is_ascii_digit())
        });
        let ending: String = letters[at..].iter().take_while(|c| c.is_alphanumeric()).take(3).collect();
        if parts
            && !(before.is_some_and(|b| b.is_ascii_digit())
                && matches!(ending.as_str(), "st" | "nd" | "rd" | "th" | "s"))
        {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// `$2 and ¢7` as `$2.07`, and `1` as `one`.
fn with_cents(words: &[String]) -> String {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let cents = word.strip_prefix('¢').filter(|cents| (1..=2).contains(&cents.len()));
        let has_and = out.last().is_some_and(|word| word == "and");
        let at = out.len().checked_sub(1 + usize::from(has_and));
        let amount = at
            .and_then(|at| out.get(at))
            .filter(|amount| amount.starts_with(['€', '£', '$']) && !amount.contains('.'));
        match (cents, amount.cloned(), at) {
            (Some(cents), Some(amount), Some(at)) => {
                out.truncate(at);
                out.push(format!("{amount}.{cents:0>2}"));
            }
            _ if word == "1" => out.push("one".to_owned()),
            _ if word == "1s" => out.push("ones".to_owned()),
            _ => out.push(word.clone()),
        }
    }
    out.join(" ")
}
