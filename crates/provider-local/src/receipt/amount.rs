//! Sums of money as they are printed: signs, currencies, either decimal mark, or none.

/// Money in thousandths, so that sums are exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub i64);

impl Money {
    /// As a JSON number: whole where it is whole.
    pub fn json(self) -> serde_json::Value {
        if self.0 % 1000 == 0 { (self.0 / 1000).into() } else { (self.0 as f64 / 1000.0).into() }
    }
}

/// How many decimals the prices of a page have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Cents.
    Two,
    /// Thousandths, as in Kuwait.
    Three,
    /// None, as in Japan.
    Whole,
}

/// A number found in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub money: Money,
    /// Where it stands in the text, in bytes, with its sign and currency.
    pub start: usize,
    pub end: usize,
    pub shape: Shape,
}

/// What kind of number it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Has the decimals of a price, or a currency.
    Price,
    /// A plain count.
    Whole,
    /// Anything else: weights, shares, codes.
    Other,
    Percent,
}

const SYMBOLS: &[char] = &['$', '€', '£', '¥', '₩', '₹', '₽', '₺', '₫', '฿', '₱', '₴', '₪', '元', '円', '원'];
const CODES: &[&str] = &[
    "usd", "eur", "gbp", "jpy", "chf", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "huf", "krw",
    "inr", "cny", "rmb", "brl", "mxn", "zar", "sgd", "hkd", "thb", "try", "clp", "isk", "kwd", "bhd", "vnd",
    "idr", "kr", "zl", "zł", "kc", "kč", "ft", "fr", "sfr", "rs", "r$", "s$", "a$", "c$", "us$", "nz$",
    "hk$", "mx$", "tl", "rm", "rp", "kd", "bd", "r", "e",
];
/// Letters and marks that cash registers print behind a price: tax groups and the like.
const FLAGS: &str = "ABCDEFGNTXZabt*#+";

impl Style {
    /// The style most numbers of a page follow.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Self {
        let (mut two, mut three, mut whole, mut codes3) = (0, 0, 0, false);
        for text in texts {
            for word in text.split_whitespace() {
                let lower = word.to_lowercase();
                codes3 |= ["kwd", "bhd", "omr", "tnd", "jod", "kd", "bd"]
                    .iter()
                    .any(|code| lower.starts_with(code));
                let Some(core) = Core::of(word).filter(Core::is_grouped) else { continue };
                match core.decimals() {
                    Some(2) => two += 1,
                    Some(3) => three += 1,
                    None if core.has_currency() => whole += 1,
                    _ => {}
                }
            }
        }
        match () {
            () if codes3 && three > two => Self::Three,
            () if two == 0 || (two <= 2 && three + whole > 3 * two) => Self::Whole,
            () => Self::Two,
        }
    }
}

/// Every number in `text`.
pub fn amounts(text: &str, style: Style) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let base = text.as_ptr() as usize;
    let words: Vec<(usize, &str)> =
        text.split_whitespace().flat_map(factors).map(|word| (word.as_ptr() as usize - base, word)).collect();
    let mut index = 0;
    while index < words.len() {
        let (start, word) = words[index];
        // A blank may part thousands, or a sum and its currency or sign.
        let joined = [3, 2].into_iter().find_map(|count| {
            let parts = words.get(index..index + count)?;
            joinable(parts, style).then(|| parts.iter().map(|(_, part)| *part).collect::<String>())
        });
        let taken = joined
            .as_ref()
            .map_or(1, |_| if joinable(words.get(index..index + 3).unwrap_or(&[]), style) { 3 } else { 2 });
        let (last_start, last) = words[index + taken - 1];
        if let Some(core) = Core::of(joined.as_deref().unwrap_or(word)) {
            found.extend(core.amount(style).map(|(money, shape)| Amount {
                money,
                shape,
                start: start + if taken == 1 { core.offset } else { 0 },
                end: last_start + last.len(),
            }));
        }
        index += taken;
    }
    found
}

/// Cuts `2x5,19` and `4*1.60` at the mark between two numbers.
fn factors(word: &str) -> impl Iterator<Item = &str> {
    let cut = word.char_indices().find(|(at, c)| {
        let before = &word[..*at];
        let counts =
            !before.is_empty() && before.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let after = word[at + c.len_utf8()..].chars().next();
        matches!(c, 'x' | 'X' | '×' | '*' | '@')
            && (counts || is_unit(before))
            && after.is_none_or(|c| c.is_ascii_digit())
    });
    let (first, mark, second) = match cut {
        Some((at, c)) => (&word[..at], &word[at..at + c.len_utf8()], &word[at + c.len_utf8()..]),
        None => (word, "", ""),
    };
    [first, mark, second].into_iter().filter(|part| !part.is_empty())
}

/// Whether a word measures goods.
pub fn is_unit(word: &str) -> bool {
    const UNITS: &[&str] = &[
        "kg", "g", "lb", "lbs", "oz", "l", "pc", "pcs", "st", "stk", "ea", "each", "szt", "ks", "db", "un",
        "ud", "uds", "pz",
    ];
    UNITS.contains(&word.to_lowercase().as_str())
}

fn joinable(parts: &[(usize, &str)], style: Style) -> bool {
    let digits = |text: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let [(_, first), middle @ .., (_, last)] = parts else { return false };
    if middle.is_empty() && (is_currency(first) || matches!(*first, "-" | "−" | "–")) {
        return last.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    }
    let head = first.trim_start_matches(|c: char| c == '-' || SYMBOLS.contains(&c));
    let tail = match style {
        Style::Whole => digits(last, 3..=3),
        _ => {
            last.len() == 6
                && last.get(..3).is_some_and(|head| digits(head, 3..=3))
                && Core::of(last).is_some_and(|core| core.decimals() == Some(2))
        }
    };
    digits(head, 1..=3) && middle.iter().all(|(_, part)| digits(part, 3..=3)) && tail
}

pub fn is_currency(text: &str) -> bool {
    let text = text.trim_end_matches('.').to_lowercase();
    CODES.contains(&text.as_str())
        || (text.chars().count() == 1 && text.chars().all(|c| SYMBOLS.contains(&c)))
}

/// The numeric part of a word and what stands around it.
struct Core {
    digits: String,
    before: String,
    after: String,
    /// Bytes of the word that belong to something else, as in `Milk3.20`.
    offset: usize,
}

impl Core {
    fn of(word: &str) -> Option<Self> {
        let plain: Vec<(usize, char)> = word.char_indices().map(|(at, c)| (at, plain(c))).collect();
        let numeric = |c: char| digit(c).is_some() || matches!(c, '.' | ',' | '\'' | '’');
        let first_digit = plain.iter().position(|(_, c)| c.is_ascii_digit())?;
        let last_digit = plain.iter().rposition(|(_, c)| c.is_ascii_digit())?;
        if !plain[first_digit..=last_digit].iter().all(|(_, c)| numeric(*c)) {
            return None;
        }
        // Look-alike letters at the rim count when nothing but a sign or currency stands beyond them.
        let mut start = first_digit;
        while start > 0
            && digit(plain[start - 1].1).is_some_and(|d| d.is_ascii_digit())
            && !plain[start - 1].1.is_ascii_digit()
            && (start == 1 || !plain[start - 2].1.is_alphabetic())
        {
            start -= 1;
        }
        let mut end = last_digit + 1;
        while end < plain.len()
            && digit(plain[end].1).is_some()
            && plain.get(end + 1).is_none_or(|(_, c)| !c.is_alphabetic())
            && plain[..end].iter().any(|(_, c)| matches!(c, '.' | ','))
        {
            end += 1;
        }
        let collect = |part: &[(usize, char)]| part.iter().map(|(_, c)| *c).collect::<String>();
        let digits: String = plain[start..end].iter().map(|(_, c)| digit(*c).unwrap_or(*c)).collect();
        let mut before = collect(&plain[..start]);
        let mut offset = 0;
        let sticks = |before: &str| {
            let bare = before.trim_matches(['-', '+', '(', ':', '*', '@', '~']);
            bare.is_empty() || is_currency(bare)
        };
        if !sticks(&before) {
            // A name ran into its price.
            let kept: String =
                before.chars().rev().take_while(|c| SYMBOLS.contains(c) || *c == '-').collect();
            let keep = kept.chars().count();
            offset = plain[start - keep].0;
            before = kept.chars().rev().collect();
        }
        Some(Self { digits, before, after: collect(&plain[end..]), offset })
    }

    /// Digits behind the last mark.
    fn decimals(&self) -> Option<usize> {
        self.digits.rfind(['.', ',']).map(|at| self.digits.len() - at - 1)
    }

    /// Whether the marks part thousands, so that `2023.09.11` is none.
    fn is_grouped(&self) -> bool {
        let groups: Vec<&str> = self.digits.split(['.', ',', '\'', '’']).collect();
        let [first, middle @ .., _] = &groups[..] else { return true };
        middle.is_empty()
            || ((1..=3).contains(&first.len())
                && middle.iter().all(|group| group.len() == 3 || group.len() == 2))
                && middle.last().is_none_or(|group| group.len() == 3)
    }

    fn has_currency(&self) -> bool {
        let currency = |text: &str| {
            let bare = text.trim_matches(['-', '+', '(', ')', ':', '*']);
            !bare.is_empty() && is_currency(bare)
        };
        currency(&self.before) || currency(&self.after)
    }

    fn amount(&self, style: Style) -> Option<(Money, Shape)> {
        let after = self.after.trim_matches(['-', ')', ':', '.', ',']);
        let after = after.strip_prefix('/').map_or(after, |unit| if is_unit(unit) { "" } else { after });
        if after == "%" {
            return Some((self.value(2)?, Shape::Percent));
        }
        let flagged = after.chars().count() <= 2 && after.chars().all(|c| FLAGS.contains(c));
        if !(flagged || is_currency(after)) || !self.is_grouped() {
            return None;
        }
        let negative = self.before.contains('-')
            || self.after.starts_with('-')
            || (self.before.contains('(') && self.after.contains(')'));
        let (places, shape) = match (self.decimals(), style) {
            (None, Style::Whole) if self.digits.len() <= 8 => (0, Shape::Price),
            (None, _) => (0, Shape::Whole),
            (Some(3), Style::Three) => (3, Shape::Price),
            (Some(3), Style::Whole | Style::Two) if self.digits.starts_with('0') => (3, Shape::Other),
            (Some(3), Style::Whole) => (0, Shape::Price),
            (Some(3), _) if self.has_currency() => (0, Shape::Price),
            (Some(3), _) => (3, Shape::Other),
            (Some(2), Style::Whole) => (2, Shape::Other),
            (Some(2), _) => (2, Shape::Price),
            (Some(places), _) => (places, Shape::Other),
        };
        let shape = if self.offset > 0 && shape != Shape::Price { return None } else { shape };
        let money = self.value(places)?;
        Some((Money(if negative { -money.0 } else { money.0 }), shape))
    }

    fn value(&self, places: usize) -> Option<Money> {
        let digits: String = self.digits.chars().filter(char::is_ascii_digit).collect();
        let value: i64 = digits.parse().ok().filter(|_| digits.len() <= 12)?;
        let places = if self.decimals().is_some() { places } else { 0 };
        let scale = 10i64.checked_pow(3u32.checked_sub(u32::try_from(places).ok()?)?)?;
        value.checked_mul(scale).map(Money)
    }
}

/// The digit OCR may have meant.
fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        'O' | 'o' | 'Q' | 'D' => Some('0'),
        'l' | 'I' | '|' | 'i' => Some('1'),
        'Z' => Some('2'),
        'S' => Some('5'),
        'B' => Some('8'),
        _ => None,
    }
}

fn plain(character: char) -> char {
    match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        '−' | '–' | '—' | '‐' | '‑' => '-',
        '、' | '‚' => ',',
        '。' | '·' => '.',
        '￥' => '¥',
        other => other,
    }
}

#[cfg(test)]
mod tests;
