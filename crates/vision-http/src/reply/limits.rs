use std::time::{Duration, SystemTime};

use vision_core::{Allowance, Limits};

use super::delay::parse_delay;
use crate::Reply;

impl Reply {
    /// What the provider still allows, from `x-ratelimit-*` or `anthropic-ratelimit-*` headers.
    ///
    /// Those headers give the reset as a delay (`6m0s`), in seconds, or as an instant.
    pub fn limits(&self) -> Limits {
        Limits { requests: self.allowance("requests"), tokens: self.allowance("tokens") }
    }

    fn allowance(&self, what: &str) -> Option<Allowance> {
        let field = |field: &str| {
            self.header(&format!("x-ratelimit-{field}-{what}"))
                .or_else(|| self.header(&format!("anthropic-ratelimit-{what}-{field}")))
                .map(str::trim)
        };
        let allowance = Allowance {
            limit: field("limit").and_then(|text| text.parse().ok()),
            remaining: field("remaining").and_then(|text| text.parse().ok()),
            reset: field("reset").and_then(|text| self.reset(text)),
        };
        (allowance != Allowance::default()).then_some(allowance)
    }

    fn reset(&self, text: &str) -> Option<Duration> {
        let seconds = || text.parse::<f64>().ok().and_then(|number| Duration::try_from_secs_f64(number).ok());
        parse_delay(text).or_else(seconds).or_else(|| self.until(parse_instant(text)?))
    }
}

/// An instant as RFC 3339 writes it: `2026-11-21T09:00:00Z`, `…09:00:00.25+01:00`.
fn parse_instant(text: &str) -> Option<SystemTime> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone);
    let mut clock = clock.splitn(3, ':');
    let hour: u32 = clock.next()?.parse().ok()?;
    let minute: u32 = clock.next()?.parse().ok()?;
    let second: f64 = clock.next()?.parse().ok()?;
    let sane = (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && (0.0..61.0).contains(&second);
    if !sane {
        return None;
    }
    let east = offset_minutes(zone)?;
    let minutes = i64::from(days(year, month, day)) * 1440 + i64::from(hour * 60 + minute) - i64::from(east);
    let whole = Duration::from_secs(u64::try_from(minutes * 60).ok()?);
    Some(SystemTime::UNIX_EPOCH + whole + Duration::from_secs_f64(second))
}

/// `Z`, `+01:00`, `-05:30`: minutes east of Greenwich.
fn offset_minutes(zone: &str) -> Option<i32> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, clock) = match zone.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        (_, clock) => (-1, clock),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(sign * (i32::from(hours) * 60 + i32::from(minutes)))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, counted in years that begin in March.
fn days(year: u32, month: u32, day: u32) -> u32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use vision_core::Allowance;

    use super::parse_instant;
    use crate::Reply;

    fn reply(headers: &[(&str, &str)]) -> Reply {
        headers.iter().fold(Reply::default(), |reply, (name, value)| reply.with_header(name, value))
    }

    #[test]
    fn reads_the_usual_headers() {
        let limits = reply(&[
            ("x-ratelimit-limit-requests", "500"),
            ("x-ratelimit-remaining-requests", "499"),
            ("x-ratelimit-reset-requests", "120ms"),
            ("x-ratelimit-limit-tokens", "30000"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ])
        .limits();
        let requests = limits.requests.unwrap();
        assert_eq!((requests.limit, requests.remaining), (Some(500), Some(499)));
        assert_eq!(requests.reset, Some(Duration::from_millis(120)));
        let tokens =
            Allowance { limit: Some(30_000), remaining: None, reset: Some(Duration::from_secs(360)) };
        assert_eq!(limits.tokens, Some(tokens));
    }

    #[test]
    fn reads_instants_relative_to_the_reply() {
        let limits = reply(&[
            ("date", "Sat, 21 Nov 2026 09:00:00 GMT"),
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-11-21T09:00:42Z"),
        ])
        .limits();
        let requests = limits.requests.unwrap();
        assert_eq!((requests.remaining, requests.reset), (Some(0), Some(Duration::from_secs(42))));
        assert_eq!(limits.tokens, None);
    }

    #[test]
    fn no_headers_no_limits() {
        assert_eq!(reply(&[("x-ratelimit-limit-requests", "many")]).limits(), vision_core::Limits::default());
    }

    #[track_caller]
    fn instant(text: &str, http: &str) {
        assert_eq!(parse_instant(text), Some(httpdate::parse_http_date(http).unwrap()), "{text}");
    }

    #[test]
    fn instants_agree_with_http_dates() {
        instant("2026-11-21T09:00:42Z", "Sat, 21 Nov 2026 09:00:42 GMT");
        instant("2024-02-29T23:30:00-01:30", "Fri, 01 Mar 2024 01:00:00 GMT");
        instant("2027-01-01T00:30:00+01:00", "Thu, 31 Dec 2026 23:30:00 GMT");
        instant("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT");
    }

    #[test]
    fn impossible_instants_are_none() {
        for text in ["0-1-1T0:0:0Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T00:00:00"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9]{0,5}-[0-9]{0,3}-[0-9]{0,3}T[0-9:.]{0,12}[Z+-]?[0-9:é]{0,6}") {
            let _ = parse_instant(&text);
        }

        #[test]
        fn days_follow_one_another(seconds in 0u64..250_000_000_000) {
            let moment = std::time::UNIX_EPOCH + Duration::from_secs(seconds / 86_400 * 86_400);
            let http = httpdate::fmt_http_date(moment);
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = months.iter().position(|month| *month == &http[8..11]).unwrap() + 1;
            let text = format!("{}-{month:02}-{}T00:00:00Z", &http[12..16], &http[5..7]);
            prop_assert_eq!(parse_instant(&text), Some(moment));
        }
    }
}
