//! The numbers that a text claims.

use std::borrow::Cow;

use super::super::claims::{denies, plainly, segments};
use super::abroad::in_english;
use super::candidate::{Candidate, candidates};
use super::result;
use super::unit::Unit;
use crate::python::ascii_digits;
use crate::value::spoken::in_digits;
use crate::value::{Decimal, fraction, whole_cardinal, with_plain_fractions};

/// The numbers that a text claims, from its last correction.
pub(super) fn claimed(text: &str) -> Vec<Candidate> {
    let plain = readable(text);
    let whole = plain.trim().trim_end_matches('.');
    // `(12)`, `($12)`, `(12%)`
    if let Some(inner) = whole.strip_prefix('(').and_then(|rest| rest.trim_end_matches('%').strip_suffix(')'))
    {
        let mut found = candidates(&in_digits(inner));
        found.iter_mut().for_each(|it| it.number = -it.number);
        return found;
    }
    if let Some(number) = in_parts(whole) {
        return vec![number];
    }
    let plain = announced(before_gloss(without_working(&plain))).replace("i.e.", " = ");
    let mut found = segments(&plain).into_iter().find_map(in_segment).unwrap_or_default();
    // `Figure 5 does not show this.`
    if found.iter().all(|it| it.is_place) && plain.contains(" not ") {
        found.clear();
    }
    // `12 (13 if you count the child)`
    let aside = whole.strip_suffix(')').and_then(|text| text.split_once('('));
    if aside.is_some_and(|it| result::is_conditional(it.1)) || leaves_open(&plain, &found) {
        found.iter_mut().for_each(|it| it.hedged = true);
    }
    // Each is looked for in the whole text, so not in a flood of numbers.
    let few = if found.len() <= 20 { found.len() } else { 0 };
    for it in found[..few].iter_mut().filter(|it| plain.contains(&format!("({})", it.number))) {
        it.other = it.other.or(Some(-it.number));
    }
    found
}

/// A text in one spelling, without what says nothing of an amount.
fn readable(text: &str) -> String {
    // Points of abbreviations end no clause.
    let plain = ascii_digits(&plainly(text)).replace("min. ", "min ").replace("max. ", "max ");
    let plain = plain.replace("fr. ", "fr ").replace("rs. ", "rs ").replace("kr. ", "kr ");
    let plain = in_english(&with_plain_fractions(&plain)).replace("per mille", "permille");
    let plain = plain
        .replace("basis point", "bp")
        .replace("(negative)", "below zero")
        .replace("(minus)", "below zero");
    without_marks(&without_confidence(&plain))
}

/// The numbers that clauses claim together; nothing where they claim none.
fn in_segment(segment: Vec<&str>) -> Option<Vec<Candidate>> {
    let claims: Vec<&str> = segment.into_iter().map(before_denial).collect();
    let claims = without_reasons(claims);
    let alone = claims.first().is_some_and(|first| {
        first.split_whitespace().count() <= 2 && candidates(&in_digits(first)).len() == 1
    });
    let claims = in_digits(&claims.join(" ; "));
    let stated = result::stated(&claims);
    let mut found = candidates(stated);
    if let Some(first) = found.first_mut() {
        first.leads = alone && !first.year && stated.len() == claims.len();
    }
    (!found.is_empty()).then_some(found)
}

/// Whether a text only lists several amounts: `420, 510 and 480` leaves open which.
fn leaves_open(plain: &str, found: &[Candidate]) -> bool {
    let Some((first, rest)) = found.split_first() else { return false };
    let is_list = plain.split(|c: char| !c.is_alphanumeric()).all(|word| {
        word.is_empty()
            || matches!(word, "and" | "et" | "und" | "y" | "e" | "и" | "og" | "och" | "en" | "i")
            || word.starts_with(|c: char| c.is_ascii_digit())
    });
    is_list
        && !plain.contains(['(', '=', '+', '*', '/', '±'])
        && rest.iter().any(|other| !other.is_same_amount(first) && other.unit == first.unit && !first.year)
}

/// A text that is one number in a way of its own: `1 1/2`, `a quarter`, `twice`, `einundzwanzig`.
fn in_parts(text: &str) -> Option<Candidate> {
    const WORDS: [(&str, f64); 16] = [
        ("one and a half", 1.5),
        ("two and a half", 2.5),
        ("a half", 0.5),
        ("half", 0.5),
        ("one half", 0.5),
        ("a quarter", 0.25),
        ("one quarter", 0.25),
        ("three quarters", 0.75),
        ("a third", 1.0 / 3.0),
        ("one third", 1.0 / 3.0),
        ("two thirds", 2.0 / 3.0),
        ("twice", 2.0),
        ("double", 2.0),
        ("a dozen", 12.0),
        ("thrice", 3.0),
        ("half a dozen", 6.0),
    ];
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let text = ["about ", "approximately ", "roughly ", "exactly ", "around ", "only ", "a single "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .unwrap_or(text)
        .trim();
    let spaced = text.replace('-', " ");
    let named = WORDS.iter().find(|(name, _)| *name == spaced).map(|(_, number)| *number);
    if let Some(number) = named.or_else(|| fraction(text)) {
        let part = |number| Candidate { is_part: true, ..Candidate::plain(number) };
        return Decimal::from_f64(number).map(part);
    }
    if let Some(place) = ordinal(text) {
        return Some(Candidate::plain(Decimal::new(place.into(), 0)));
    }
    let (words, unit) = text
        .rsplit_once(' ')
        .map(|(words, unit)| (words, Unit::read(unit)))
        .filter(|(_, unit)| !unit.is_none())
        .unwrap_or((text, Unit::default()));
    let has_digits = text.contains(|c: char| c.is_ascii_digit());
    let number = whole_cardinal(words).filter(|_| !has_digits)?;
    Some(Candidate { unit, ..Candidate::plain(Decimal::new(number.into(), 0)) })
}

/// `4th`, `the fourth`, `2nd place`.
fn ordinal(text: &str) -> Option<u32> {
    const SPELLED: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth",
    ];
    let text = text.strip_prefix("the ").unwrap_or(text);
    let text =
        [" place", " rank", " position"].iter().find_map(|tail| text.strip_suffix(tail)).unwrap_or(text);
    if let Some(at) = SPELLED.iter().position(|name| *name == text) {
        return u32::try_from(at + 1).ok();
    }
    ["st", "nd", "rd", "th"].iter().find_map(|tail| text.strip_suffix(tail))?.parse().ok()
}

/// A text without what it says of its own certainty: `(Confidence: 95%)`, `I am 95% sure`.
fn without_confidence(plain: &str) -> Cow<'_, str> {
    let is_about = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        matches!(word, "confidence" | "confident" | "certainty" | "sure" | "certain")
    };
    if !plain.split_whitespace().any(is_about) {
        return Cow::Borrowed(plain);
    }
    let words: Vec<&str> = plain.split_inclusive(char::is_whitespace).collect();
    let is_share = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.starts_with(|c: char| c.is_ascii_digit())
                || matches!(word.trim(), "is" | "of" | "=" | "%" | "high")
        })
    };
    let mut kept = vec![true; words.len()];
    for at in (0..words.len()).filter(|at| is_about(words[*at])) {
        // A bracket that opens with it stays open, which ends a clause as well.
        let is_said = at.checked_sub(1).is_some_and(|at| words[at].contains('%'));
        (at..at + if is_said { 1 } else { 3 })
            .take_while(|next| *next == at || is_share(*next))
            .for_each(|next| _ = kept.get_mut(next).map(|it| *it = false));
        (at.saturating_sub(2)..at)
            .rev()
            .take_while(|before| words[*before].contains('%') || words[*before].trim() == "%")
            .for_each(|before| kept[before] = false);
    }
    Cow::Owned(words.iter().zip(kept).filter(|(_, is_kept)| *is_kept).map(|(word, _)| *word).collect())
}

/// A text without the numbers of footnotes and lists: `4 [1]`, and the `1.` and `2.` before lines.
fn without_marks(plain: &str) -> String {
    let note = |at: usize| {
        let inner = &plain[at + 1..at + 1 + plain[at + 1..].find(']')?];
        (at > 0 && (1..=2).contains(&inner.len()) && inner.bytes().all(|it| it.is_ascii_digit()))
            .then(|| plain[at..at + inner.len() + 2].to_owned())
    };
    let notes: Vec<String> = plain.match_indices('[').take(50).filter_map(|(at, _)| note(at)).collect();
    let mut text = plain.to_owned();
    let is_said = !notes.is_empty() && candidates(&plain[..plain.find('[').unwrap_or(0)]).len() == 1;
    for note in notes.iter().filter(|_| is_said) {
        text = text.replace(note.as_str(), " ");
    }
    let is_item = |line: &str, number: usize| {
        line.trim_start()
            .strip_prefix(&number.to_string())
            .and_then(|rest| rest.strip_prefix(['.', ')']))
            .is_some_and(|rest| rest.starts_with(' '))
    };
    if !(text.lines().any(|line| is_item(line, 1)) && text.lines().any(|line| is_item(line, 2))) {
        return text;
    }
    let mut next = 1;
    let mut line_of = |line: &str| match is_item(line, next) {
        true => {
            next += 1;
            line.trim_start()
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .trim_start_matches(['.', ')'])
                .to_owned()
        }
        false => line.to_owned(),
    };
    text.lines().map(&mut line_of).collect::<Vec<_>>().join("\n")
}

/// An answer that begins with its number, without the brackets behind it that say how it was found.
fn without_working(plain: &str) -> &str {
    let text = plain.trim().trim_end_matches('.');
    let Some((answer, working)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return plain;
    };
    let offers = ["or ", "maybe ", "perhaps ", "not "].iter().any(|word| working.starts_with(word));
    let is_number = answer.split_whitespace().count() <= 3 && candidates(&in_digits(answer)).len() == 1;
    if is_number && !offers { answer } else { plain }
}

/// A number alone, without what it is said to be: `45, i.e. 5 more than 40`. `510 minus 420, i.e. 90` is 90.
fn before_gloss(plain: &str) -> &str {
    let said = plain.split_once("i.e.").map(|parts| parts.0);
    said.filter(|said| said.split_whitespace().count() <= 2 && candidates(said).len() == 1).unwrap_or(plain)
}

/// A number alone behind a colon, where the clause before it has others: `three too many to list: 5`.
fn announced(plain: &str) -> &str {
    let Some((lead, end)) = plain.rsplit_once(": ") else { return plain };
    let is_alone = end.split_whitespace().count() <= 2 && candidates(&in_digits(end)).len() == 1;
    let is_clause = !lead.contains([',', ';', '.', ':', '\n', '(']) && lead.split_whitespace().count() > 2;
    if is_alone && is_clause { end } else { plain }
}

/// The clauses without those that only say why, unless they hold all the numbers.
fn without_reasons(clauses: Vec<&str>) -> Vec<&str> {
    let first = clauses.iter().position(|clause| clause.starts_with("because "));
    match first {
        Some(at) if clauses[..at].iter().any(|clause| !candidates(&in_digits(clause)).is_empty()) => {
            clauses[..at].to_vec()
        }
        _ => clauses,
    }
}

/// The part of a clause before a word that denies the rest. `no. 5` denies nothing.
fn before_denial(clause: &str) -> &str {
    if [
        "first guess",
        "initial guess",
        "is wrong",
        "is incorrect",
        "is not right",
        "is not correct",
        "was wrong",
        "was incorrect",
        "would be wrong",
    ]
    .iter()
    .any(|word| clause.contains(word))
    {
        return "";
    }
    let none_of = clause.contains("none of ");
    let mut from = 0;
    for word in clause.split(' ') {
        if denies(word) || none_of && word == "none" {
            return &clause[..from];
        }
        from += word.len() + 1;
    }
    clause
}
