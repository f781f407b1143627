//! The numbers in a text, with what stands around each.

use std::borrow::Cow;

use serde_json::Value;

use super::direction::{self, Bound};
use super::unit::{Unit, parts_no_words};
use super::{relative_error, result};
use crate::value::measure::composed;
use crate::value::{Decimal, currency, quantity};

/// A number in a text.
pub(super) struct Candidate {
    pub(super) number: Decimal,
    /// What it is in another spelling of numbers: `1.234` may be 1234, and `(12)` in a sentence -12.
    pub(super) other: Option<Decimal>,
    pub(super) unit: Unit,
    pub(super) year: bool,
    /// Another number is offered in its place: `510 or 520`, `510-520`.
    pub(super) hedged: bool,
    /// It is only said that the value is more or less: `more than 510`.
    pub(super) bound: Bound,
    /// Something rose by it.
    pub(super) rise: bool,
    /// The text begins with it and nothing else: `100, up from 80`.
    pub(super) leads: bool,
    /// It is a part of a whole: `half`, `1/4`.
    pub(super) is_part: bool,
    /// It numbers a place: `page 3`, `Bar 5`.
    pub(super) is_place: bool,
}

impl Candidate {
    /// A number and nothing else.
    pub(super) fn plain(number: Decimal) -> Self {
        Self {
            number,
            other: None,
            unit: Unit::default(),
            year: false,
            hedged: false,
            bound: Bound::None,
            rise: false,
            leads: false,
            is_part: false,
            is_place: false,
        }
    }

    pub(super) fn is_same_amount(&self, other: &Self) -> bool {
        let full = |it: &Self| it.number.to_f64() * it.unit.scale.unwrap_or(1.0);
        self.number == other.number || relative_error(full(self), full(other)) < 1e-9
    }
}

/// More numbers are a flood, and none of them is an answer.
const MOST: usize = 5_000;

/// All numbers in a text with their units.
pub(super) fn candidates(text: &str) -> Vec<Candidate> {
    let (mut found, mut starts, mut ends) = (Vec::<Candidate>::new(), 0, 0);
    let (mut from, mut seen) = (0, 0);
    let mut next = |from: usize| {
        let at = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at);
        seen += 1;
        at.filter(|_| seen <= MOST)
    };
    while let Some(start) = next(from) {
        let end = text[start..]
            .find(|c: char| !(c.is_ascii_digit() || ".,'’_".contains(c)))
            .map_or(text.len(), |at| start + at);
        let end = with_power(text, with_groups(text, start, end));
        let digits = text[start..end].trim_end_matches(['.', ',', '\'', '’', '_']);
        from = end.max(start + digits.len());
        let Some((mut candidate, start, end)) = read(text, start, digits) else { continue };
        let offered = result::is_alternative(&text[..starts], &text[ends..start]);
        if let Some(last) = found.last_mut().filter(|last| offered && !last.is_same_amount(&candidate)) {
            last.hedged = true;
            candidate.hedged = true;
        }
        starts = start;
        ends = end;
        found.push(candidate);
    }
    // `Bar 5 shows 812`
    if found.iter().any(|it| !it.is_place) {
        found.retain(|it| !it.is_place);
    }
    found
}

/// The number at a place of a text, and where it begins and ends; nothing if it is a part of a name.
fn read(text: &str, start: usize, digits: &str) -> Option<(Candidate, usize, usize)> {
    let (before, after) = (&text[..start], &text[start + digits.len()..]);
    // `.05`
    let point =
        before.strip_suffix('.').filter(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '.'));
    let (digits, before) = match point {
        Some(rest) => (Cow::Owned(format!("0.{digits}")), rest),
        None => (Cow::Borrowed(digits), before),
    };
    let digits = &*digits;
    let start = before.len();
    // `Q4`, `H2O` and `2nd` are names, and `Step 2` is a place.
    let paid_in = attached_currency(before);
    let signed = if paid_in.is_none() { signed_currency(before) } else { None };
    let is_attached = before.ends_with(is_letter) && !before.ends_with("fy") && paid_in.is_none();
    let tail = word_at(after);
    let name = last_word(before);
    if name == "step" || is_attached || !tail.is_empty() && tail != "x" && Unit::read(tail).is_none() {
        return None;
    }
    let number = quantity(&Value::from(digits))?;
    let other = other_reading(digits);
    let before = paid_in.map_or(before, |code| &before[..before.len() - code.len()]);
    let before = signed.map_or(before, |sign| &before[..before.len() - sign.len()]);
    let bare = before.trim_end_matches(|c: char| "$€£¥₹₽₩₺₫₱₦₸₾₴₪฿ ".contains(c));
    let symbols = &text[bare.len()..start];
    let unsigned = bare.strip_suffix(['-', '−']);
    // In `2019-620` it is a dash.
    let dash = unsigned.is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    let minus = dash || direction::is_below_zero(bare, after) || direction::is_signed_below(bare, after);
    let mut unit = Unit::read(&format!("{symbols} {}", units_after(after)));
    if let Some(sign) = signed {
        unit.currency = Unit::read(sign.trim()).currency;
    }
    let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let signed = |number: Decimal| if minus { -number } else { number };
    let candidate = Candidate {
        number: signed(number),
        other: other.map(signed),
        unit,
        year,
        hedged: false,
        bound: direction::bound(bare, after),
        rise: direction::is_of_a_rise(bare),
        leads: false,
        is_part: false,
        is_place: is_place(name) || before.ends_with(['图', '図', '圖', '頁', '页']),
    };
    Some((candidate, start, text.len() - after.len()))
}

/// The last word of a text; no more of it is looked at than a word that names a place has.
fn last_word(text: &str) -> &str {
    const LONGEST: usize = 12;
    let text = text.trim_end();
    let start = text.char_indices().rev().take(LONGEST).find(|(_, c)| *c == ' ' || *c == '\n');
    start.map_or(text, |(at, _)| &text[at + 1..])
}

/// Whether a word names a place that is numbered.
pub(super) fn is_place(word: &str) -> bool {
    matches!(
        word.trim_start_matches('('),
        "page"
            | "p."
            | "figure"
            | "fig"
            | "fig."
            | "table"
            | "row"
            | "column"
            | "bar"
            | "slide"
            | "chart"
            | "section"
            | "image"
            | "picture"
            | "photo"
            | "photograph"
            | "pic"
            | "panel"
            | "question"
            | "frame"
            | "screenshot"
            | "exhibit"
            | "appendix"
            | "bild"
            | "foto"
            | "abbildung"
            | "abb."
            | "seite"
            | "tabelle"
            | "frage"
            | "imagen"
            | "figura"
            | "fotografía"
            | "página"
            | "tabla"
            | "tableau"
            | "immagine"
            | "pagina"
            | "imagem"
            | "afbeelding"
            | "рисунок"
            | "рисунке"
            | "рис."
            | "фото"
            | "изображение"
            | "изображении"
            | "странице"
            | "zdjęcie"
            | "zdjęciu"
            | "obrázek"
            | "resim"
            | "gambar"
            | "hình"
            | "صورة"
            | "الصورة"
            | "चित्र"
            | "그림"
            | "사진"
    )
}

/// Where a number ends that has a power of ten: `5e-2`.
fn with_power(text: &str, end: usize) -> usize {
    let Some(power) = text[end..].strip_prefix('e') else { return end };
    let digits = power.strip_prefix(['-', '+']).unwrap_or(power);
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let is_power = (1..=2).contains(&length) && !digits[length..].starts_with(char::is_alphanumeric);
    if is_power { text.len() - digits.len() + length } else { end }
}

/// Where a number ends whose groups of three digits are set apart by blanks: `1 234 567`.
fn with_groups(text: &str, start: usize, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    if end - start > 3 || text[..start].ends_with(char::is_alphanumeric) {
        return end;
    }
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let first = end;
    while bytes.get(end) == Some(&b' ') && (1..=3).all(|by| digit(end + by)) && !digit(end + 4) {
        end += 4;
    }
    // `1 234,50`
    let decimals = text[end..].bytes().skip(1).take_while(u8::is_ascii_digit).count();
    if end > first && text[end..].starts_with([',', '.']) && (1..=2).contains(&decimals) {
        end += 1 + decimals;
    }
    end
}

/// A letter of a script that parts words; `42個` is 42.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !parts_no_words(c)
}

/// The code of a currency right before a number: `USD19.99`.
fn attached_currency(before: &str) -> Option<&str> {
    let start = before
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    Some(&before[start..]).filter(|code| (2..=3).contains(&code.len()) && currency(code).is_some())
}

/// A sign of a currency in letters before a number: `C$12.50`, `R$ 12,50`, `Rs 12.50`, `pesos 12.50`.
fn signed_currency(before: &str) -> Option<&str> {
    const LONGEST: usize = 9;
    let end = before.trim_end_matches(' ');
    let start = end
        .char_indices()
        .rev()
        .take(LONGEST)
        .take_while(|(_, c)| c.is_alphabetic() || "$£¥₵./".contains(*c))
        .last()
        .map(|(at, _)| at)?;
    let is_apart = before[..start].is_empty() || before[..start].ends_with([' ', '\n', '(', '-', '~', ':']);
    let sign = Some(&before[start..]).filter(|_| is_apart)?;
    let has_letter = sign.contains(char::is_alphabetic);
    (has_letter && Unit::read(sign.trim()).currency.is_some()).then_some(sign)
}

/// `1.234` with the point as separator of thousands, `1,234` with the comma as decimal mark.
fn other_reading(digits: &str) -> Option<Decimal> {
    let at = digits.find(['.', ',']).filter(|at| digits.rfind(['.', ',']) == Some(*at))?;
    let (whole, rest) = (&digits[..at], &digits[at + 1..]);
    let is_group = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    let other =
        if digits[at..].starts_with('.') { format!("{whole}{rest}") } else { format!("{whole}.{rest}") };
    is_group.then(|| quantity(&Value::from(other)))?
}

fn word_at(text: &str) -> &str {
    &text[..text.find(|c: char| !is_letter(c)).unwrap_or(text.len())]
}

/// Up to two words that are units: `K`, `million USD`, `%`.
fn units_after(text: &str) -> String {
    // A unit is close by; looking further would make long answers slow.
    let near: String = text.chars().take(24).collect();
    let spaced = near.replace('%', " % ");
    let words =
        spaced.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ';', ')', '!', '?', '*']));
    // `230 A` is a current, and `a` before another word an article.
    let last = words.clone().count() == 1;
    let attached = |word: &&str| !Unit::read(word).is_none() && (*word != "a" || last);
    // `nautical miles`, `Canadian dollars`
    let pair = words.clone().take(2).collect::<Vec<_>>().join(" ");
    if pair.contains(' ') && (composed(&pair).is_some() || currency(&pair).is_some()) {
        return pair.replace(' ', if composed(&pair).is_some() { "" } else { " " });
    }
    words.take(2).take_while(attached).collect::<Vec<_>>().join(" ")
}
