//! Times of day.

/// The minutes since midnight and the seconds that a text means, and nothing else: `14:30`, `2:30 PM`, `14h30`, `2 p.m.`
pub(crate) fn time_of_day(text: &str) -> Option<(u32, u32)> {
    const LONGEST: usize = 20;
    if text.len() > LONGEST {
        return None;
    }
    let plain: String =
        text.trim().to_lowercase().replace("uhr", "").replace("p.m", "pm").replace("a.m", "am");
    let plain = plain.trim().trim_end_matches('.');
    let plain = plain.strip_prefix("at ").unwrap_or(plain).trim();
    let half = |tail: &str| plain.strip_suffix(tail).map(str::trim_end);
    let (digits, is_afternoon) = match (half("am"), half("pm")) {
        (Some(rest), _) => (rest, Some(false)),
        (_, Some(rest)) => (rest, Some(true)),
        _ => (plain, None),
    };
    // `2.30 pm`, `14.30 Uhr`
    let is_dotted = is_afternoon.is_some() || text.to_lowercase().contains("uhr");
    let is_mark = |c: char| c == ':' || c == 'h' || c == '.' && is_dotted;
    let parts: Vec<&str> = digits.trim_end().split(is_mark).collect();
    let number = |part: &str| {
        let is_plain = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| part.parse::<u32>().ok())?
    };
    let (hour, minute, second) = match parts.as_slice() {
        [hour] => (number(hour).filter(|_| is_afternoon.is_some())?, 0, 0),
        [hour, minute] => (number(hour)?, number(minute).filter(|_| minute.len() == 2)?, 0),
        [hour, minute, second] => (number(hour)?, number(minute)?, number(second)?),
        _ => return None,
    };
    let hour = match (is_afternoon, hour) {
        (Some(false), 12) => 0,
        (Some(true), 1..=11) => hour + 12,
        (Some(_), 13..) => return None,
        _ => hour,
    };
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 60 + minute, second))
}

#[cfg(test)]
mod tests {
    use super::time_of_day;

    #[test]
    fn one_time_has_many_spellings() {
        for text in ["14:30", "2:30 PM", "2:30 p.m.", "14:30:00", "14h30", "14:30 Uhr", "at 14:30"] {
            assert_eq!(time_of_day(text), Some((870, 0)), "{text}");
        }
        assert_eq!((time_of_day("12 am"), time_of_day("12 pm")), (Some((0, 0)), Some((720, 0))));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["14", "25:00", "14:3", "13:30 pm", "1:2:3:4", "14:30 on Monday", "", "h"] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }
}
