//! How long something takes, in several units: `1 h 30 min`, `1h30`, `1:30 h`, `an hour and a half`.

use super::measure::measure;

/// A longer text is prose, of which only a part is looked at.
const LONGEST: usize = 400;

/// A length of time in seconds, where a whole text says it in one or more units.
pub(crate) fn duration(text: &str) -> Option<f64> {
    let tokens = tokens(text)?;
    let found = leading(&tokens)?;
    (found.length == tokens.len()).then_some(found.seconds)
}

/// The only length of time that a text states in more than one unit, in seconds.
pub(crate) fn stated_duration(text: &str) -> Option<f64> {
    let tokens = tokens(text)?;
    let (mut at, mut all) = (0, Vec::new());
    while at < tokens.len() {
        let found = leading(&tokens[at..]);
        at += found.as_ref().map_or(1, |it| it.length);
        all.extend(found.filter(|it| it.parts > 1).map(|it| it.seconds));
    }
    let [only] = all.as_slice() else { return None };
    Some(*only)
}

struct Found {
    seconds: f64,
    parts: usize,
    /// Tokens that it takes.
    length: usize,
}

/// The length of time at the beginning of a text.
fn leading(tokens: &[String]) -> Option<Found> {
    if let [hours, colon, minutes, unit, ..] = tokens
        && colon == ":"
        && minutes.len() == 2
        && let (Some(above), Some(below), Some(size)) = (number(hours), number(minutes), seconds(unit))
        && size >= 60.0
    {
        return Some(Found { seconds: above * size + below * size / 60.0, parts: 2, length: 4 });
    }
    let (mut all, mut parts, mut at, mut last) = (0.0, 0, 0, f64::INFINITY);
    while let Some(amount) = tokens.get(at).and_then(|it| number(it)) {
        // A lone `5 m` are meters or millions.
        let is_minutes = |it: &&String| parts > 0 || *it != "m";
        let size = match tokens.get(at + 1).filter(is_minutes).and_then(|it| seconds(it)) {
            Some(size) => size,
            // The minutes of `1h30`, and the half of `an hour and a half`.
            None if parts == 1 && amount == 0.5 => last,
            None if parts == 1 && last == 3_600.0 && tokens[at].len() == 2 => 60.0,
            None => break,
        };
        let is_half = amount == 0.5 && size == last;
        if size >= last && !is_half {
            break;
        }
        let has_unit = tokens.get(at + 1).and_then(|it| seconds(it)).is_some();
        (all, parts, last) = (all + amount * size, parts + 1, size);
        at += 1 + usize::from(has_unit);
        if !has_unit {
            break;
        }
    }
    (parts > 0).then_some(Found { seconds: all, parts, length: at })
}

/// Numbers, words and colons; words that only join are left out.
fn tokens(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST || text.contains(['$', '€', '£', '¥', '%']) {
        return None;
    }
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let lower = lower.replace("a half", "0.5").replace("half an ", "0.5 ");
    let mut tokens: Vec<String> = Vec::new();
    let kind = |c: char| match c {
        c if c.is_ascii_digit() || c == '.' || c == ',' => 0,
        c if c.is_alphabetic() => 1,
        ':' => 2,
        _ => 3,
    };
    let mut before = 3;
    for c in lower.chars() {
        let now = kind(c);
        match tokens.last_mut().filter(|_| now == before && now < 2) {
            Some(last) => last.push(c),
            None if now < 3 => tokens.push(c.to_string()),
            None => {}
        }
        before = now;
    }
    let joins = |it: &String| {
        matches!(it.as_str(), "and" | "und" | "et" | "y" | "e") || it.chars().all(|c| ".,".contains(c))
    };
    tokens.retain(|it| !joins(it));
    Some(tokens)
}

fn number(token: &str) -> Option<f64> {
    if matches!(token, "an" | "a" | "one" | "eine" | "une") {
        return Some(1.0);
    }
    let plain = token.trim_end_matches([',', '.']).replace(',', ".");
    plain.starts_with(|c: char| c.is_ascii_digit()).then(|| plain.parse().ok())?
}

/// The seconds of a unit of time; `m` are minutes beside hours and seconds.
fn seconds(word: &str) -> Option<f64> {
    if word == "m" {
        return Some(60.0);
    }
    measure(word).filter(|(kind, _)| kind.name == "time").map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::{duration, stated_duration};

    #[test]
    fn reads_hours_and_minutes() {
        for text in [
            "1 h 30 min",
            "1h30",
            "1h30m",
            "1 hour and 30 minutes",
            "1:30 h",
            "an hour and a half",
            "1,5 Stunden",
            "90 min.",
        ] {
            assert_eq!(duration(text), Some(5_400.0), "{text}");
        }
        assert_eq!(duration("2 days, 3 hours"), Some(183_600.0));
        for text in ["5 m", "$4.2M", "30 min 1 h", "1:30", "30", "5 cars", "1 h 30 cars"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn finds_it_in_a_sentence() {
        assert_eq!(stated_duration("The film lasts 1 h 30 min."), Some(5_400.0));
        assert_eq!(stated_duration("1 h 30 min or 2 h 10 min"), None);
        assert_eq!(stated_duration("It lasts 90 minutes."), None);
    }
}
