use std::time::{Duration, SystemTime};

use crate::Reply;

/// Longer waits are as good as none: no run lasts that long, and `Duration` arithmetic stays safe.
const LONGEST: f64 = 366.0 * 24.0 * 3600.0;

impl Reply {
    /// How long the host asks us to wait: `retry-after-ms` or Amazon's `x-amz-retry-after`, both in milliseconds, or
    /// `retry-after` in seconds or as a date.
    ///
    /// A date is taken relative to the reply's own `date` header, so that neither our clock nor the time
    /// of reading matters; without that header a date says nothing.
    pub fn retry_after(&self) -> Option<Duration> {
        let millis = ["retry-after-ms", "x-amz-retry-after"].into_iter();
        let millis = millis.filter_map(|name| self.header(name)).find_map(|text| seconds(text, 1000.0));
        millis.or_else(|| {
            let text = self.header("retry-after")?;
            seconds(text, 1.0).or_else(|| self.until(httpdate::parse_http_date(text.trim()).ok()?))
        })
    }

    /// What `x-should-retry` says, which outranks the status.
    pub fn should_retry(&self) -> Option<bool> {
        match self.header("x-should-retry")?.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// From the moment the reply was written to `moment`; zero if that has passed.
    pub(super) fn until(&self, moment: SystemTime) -> Option<Duration> {
        let now = httpdate::parse_http_date(self.header("date")?.trim()).ok()?;
        Some(moment.duration_since(now).unwrap_or_default())
    }
}

/// A delay as Google's JSON and Go programs write it: `37s`, `37.8s`, `6m0s`, `1h2m3.5s`, `20ms`.
pub fn parse_delay(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| letter != '.' && !letter.is_ascii_digit())?;
        let number: f64 = rest[..digits].parse().ok()?;
        let (unit, after) = unit(&rest[digits..])?;
        total += number * unit;
        rest = after;
    }
    (!text.trim().is_empty()).then(|| checked(total))?
}

/// The unit at the start of `text` in seconds, and what follows it.
fn unit(text: &str) -> Option<(f64, &str)> {
    const UNITS: [(&str, f64); 8] = [
        ("ms", 1e-3),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ns", 1e-9),
        ("d", 86_400.0),
        ("h", 3600.0),
        ("m", 60.0),
        ("s", 1.0),
    ];
    UNITS.iter().find_map(|(name, seconds)| Some((*seconds, text.strip_prefix(name)?)))
}

/// A plain number; `per_second` of its units make a second.
fn seconds(text: &str, per_second: f64) -> Option<Duration> {
    checked(text.trim().parse::<f64>().ok()? / per_second)
}

fn checked(seconds: f64) -> Option<Duration> {
    (0.0..=LONGEST).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::parse_delay;
    use crate::Reply;

    #[track_caller]
    fn header(headers: &[(&str, &str)], delay: Option<f64>) {
        let reply =
            headers.iter().fold(Reply::default(), |reply, (name, value)| reply.with_header(name, value));
        assert_eq!(reply.retry_after(), delay.map(Duration::from_secs_f64));
    }

    #[test]
    fn reads_seconds_and_milliseconds() {
        header(&[("retry-after", "2")], Some(2.0));
        header(&[("retry-after", " 0.5 ")], Some(0.5));
        header(&[("retry-after-ms", "1500")], Some(1.5));
        header(&[("retry-after", "0")], Some(0.0));
    }

    #[test]
    fn the_finer_header_wins() {
        header(&[("retry-after", "2"), ("retry-after-ms", "1500")], Some(1.5));
        header(&[("retry-after", "2"), ("retry-after-ms", "soon")], Some(2.0));
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_reply() {
        let date = ("date", "Sat, 21 Nov 2026 09:00:00 GMT");
        header(&[date, ("retry-after", "Sat, 21 Nov 2026 09:01:30 GMT")], Some(90.0));
        header(&[date, ("retry-after", "Sat, 21 Nov 2026 08:00:00 GMT")], Some(0.0));
        header(&[("retry-after", "Sat, 21 Nov 2026 09:01:30 GMT")], None);
    }

    #[test]
    fn nonsense_is_no_delay() {
        for text in ["", "soon", "-1", "NaN", "inf", "1e300"] {
            header(&[("retry-after", text)], None);
        }
    }

    #[test]
    fn the_word_of_the_host_is_true_or_false() {
        let word = |text| Reply::default().with_header("x-should-retry", text).should_retry();
        assert_eq!((word("true"), word("false"), word("maybe")), (Some(true), Some(false), None));
    }

    #[track_caller]
    fn delay(text: &str, seconds: Option<f64>) {
        assert_eq!(parse_delay(text), seconds.map(Duration::from_secs_f64), "{text}");
    }

    #[test]
    fn reads_delays_with_units() {
        delay("37s", Some(37.0));
        delay("37.8s", Some(37.8));
        delay("6m0s", Some(360.0));
        delay("1h2m3.5s", Some(3723.5));
        delay("20ms", Some(0.02));
        delay("0s", Some(0.0));
        delay("37", None);
        delay("37 s", None);
        delay("", None);
        delay("s", None);
        delay("1.2.3s", None);
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,20}") {
            let _ = parse_delay(&text);
            let _ = Reply::default().with_header("retry-after", &text).retry_after();
        }
    }
}
