//! Times of day and dates as they are spoken, in the form in which their digits are read.
//!
//! `half past three` and `3:30` are 330, `five o'clock` and `5:00` are 5, `3 pm` is 15; `the third of May` is `May 3`.

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
const HOURS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// A text, in lower case already, with the digits of times and telephone numbers together and without "o'clock".
pub(super) fn with_plain_times(text: &str) -> String {
    let text = text.replace("o'clock", " ").replace("a.m.", " am ").replace("p.m.", " pm ");
    let letters: Vec<char> = text.chars().collect();
    let digits_from =
        |from: usize| letters[from.min(letters.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let digits_to = |to: usize| letters[..to].iter().rev().take(5).take_while(|c| c.is_ascii_digit()).count();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let (before, after) = (digits_to(at), digits_from(at + 1));
        let is_time = letters[at] == ':'
            && (1..=2).contains(&before)
            && after == 2
            && letters.get(at + 3) != Some(&':');
        let is_telephone = letters[at] == '-' && before >= 3 && (3..=4).contains(&after);
        if is_time && letters[at + 1] == '0' && letters[at + 2] == '0' {
            at += 3;
        } else {
            if !is_time && !is_telephone {
                out.push(letters[at]);
            }
            at += 1;
        }
    }
    out
}

/// Words, without punctuation, with `half past three` as `three thirty`.
pub(super) fn with_hours_first(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        match past(&words[at..]) {
            Some((length, hour, minutes)) => {
                // `a quarter`
                if out.last().is_some_and(|word| word == "a") {
                    out.pop();
                }
                out.push(format!("{hour}{minutes:02}"));
                at += length;
            }
            None => {
                out.push(words[at].to_owned());
                at += 1;
            }
        }
    }
    out.join(" ")
}

/// The number of words of `half past three`, the hour and the minutes.
fn past(words: &[&str]) -> Option<(usize, usize, usize)> {
    let minutes = match *words.first()? {
        "half" => 30,
        "quarter" => 15,
        "ten" | "10" => 10,
        "twenty" | "20" => 20,
        "five" | "5" => 5,
        _ => return None,
    };
    let spelled = words.get(1).is_some_and(|word| *word == "minutes");
    let at = 1 + usize::from(spelled);
    let hour = hour(words.get(at + 1)?)?;
    match (*words.get(at)?, minutes) {
        ("past" | "after", _) => Some((at + 2, hour, minutes)),
        // `ten to six` may count from ten to six.
        ("to" | "before", 15) => Some((at + 2, before(hour), 60 - minutes)),
        ("to" | "before", 5..=20) if spelled => Some((at + 2, before(hour), 60 - minutes)),
        _ => None,
    }
}

fn before(hour: usize) -> usize {
    if hour == 1 { 12 } else { hour - 1 }
}

fn hour(word: &str) -> Option<usize> {
    let named = HOURS.iter().position(|name| *name == word).map(|at| at + 1);
    named.or_else(|| word.parse().ok().filter(|hour| (1..=12).contains(hour)))
}

/// Words whose numbers are in digits, with times in 24 hours and the day behind its month.
pub(super) fn in_one_form(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let word = |by: usize| words.get(at + by).map_or("", String::as_str);
        let (half, length) = match (word(0), word(1)) {
            ("am" | "pm", _) => (&word(0)[..1], 1),
            ("a" | "p", "m") => (word(0), 2),
            _ => ("", 0),
        };
        let time = out.last().filter(|_| length > 0).and_then(|time| in_24_hours(time, half == "p"));
        if let Some(time) = time {
            out.pop();
            out.push(time);
            at += length;
            continue;
        }
        // `3rd of may`, `3 may`
        let of = usize::from(word(1) == "of");
        if let Some(day) = day(word(0)).filter(|_| MONTHS.contains(&word(1 + of))) {
            if out.last().is_some_and(|word| word == "the") {
                out.pop();
            }
            out.push(word(1 + of).to_owned());
            out.push(day.to_owned());
            at += 2 + of;
            continue;
        }
        let is_month = |back: usize| {
            out.len()
                .checked_sub(back)
                .and_then(|at| out.get(at))
                .is_some_and(|it| MONTHS.contains(&it.as_str()))
        };
        let after_day = is_month(2) && out.last().is_some_and(|last| last.len() <= 2);
        let after_month = is_month(1);
        match digits(word(0)) {
            Some(more)
                if !after_month && !after_day && out.last().is_some_and(|last| digits(last).is_some()) =>
            {
                let before = out.pop().unwrap_or_default();
                out.push(format!("{}{more}", digits(&before).unwrap_or_default()));
            }
            _ if after_month && word(0) == "one" => out.push("1".to_owned()),
            _ => out.push(day(word(0)).filter(|_| after_month).unwrap_or_else(|| word(0)).to_owned()),
        }
        at += 1;
    }
    out
}

/// The digits of a number without a sign. Side by side they are one: `one two three`, `1 2 3` and `123` sound the same.
pub(super) fn digits(word: &str) -> Option<&str> {
    // A chain of digits that never ends is no number.
    const LONGEST: usize = 60;
    let digits = if word == "one" { "1" } else { word };
    let is_number = (1..=LONGEST).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// The digits of `3rd` or `3`, as a day of a month.
fn day(word: &str) -> Option<&str> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let is_day = matches!(ending, "" | "st" | "nd" | "rd" | "th") && (1..=2).contains(&digits.len());
    (is_day && digits.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))).then_some(digits)
}

fn in_24_hours(time: &str, afternoon: bool) -> Option<String> {
    let time = if time == "one" { "1" } else { time };
    let (hour, minutes) = match time.len() {
        1 | 2 => (time, ""),
        3 | 4 => time.split_at_checked(time.len() - 2)?,
        _ => return None,
    };
    let hour: u8 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    minutes.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    let hour = match (hour, afternoon) {
        (12, false) => 0,
        (12, true) => 12,
        (hour, true) => hour + 12,
        (hour, false) => hour,
    };
    Some(if minutes == "00" { hour.to_string() } else { format!("{hour}{minutes}") })
}
