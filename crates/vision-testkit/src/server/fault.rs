use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// A way to misbehave, and how often: `KIND[:ARGUMENT][*TIMES][@PROBABILITY]`.
///
/// `429:2` is always a 429 that asks for two seconds; `503*1` fails the first time each request is seen and
/// never again; `cut@0.1` cuts one connection in ten.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// Only to the first few of the same request.
    pub times: Option<u32>,
    /// To this part of the requests, chosen by the seed.
    pub probability: f64,
}

/// One step of Gemini's Files API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileStep {
    /// An upload is announced.
    Start,
    /// The bytes come.
    Upload,
    /// Somebody asks whether the file can be used.
    Look,
    /// The file is deleted.
    Delete,
}

/// The ways to misbehave.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultKind {
    /// A failure of this status in the vendor's own shape, with a wait if one is given: `429`, `429:2`, `529`.
    Status(u16, Option<Duration>),
    /// Credit is gone for good: `quota`.
    Quota,
    /// A failure inside a 200: `error200`.
    ErrorInSuccess,
    /// A wait before the first byte: `slow:500ms`.
    Slow(Duration),
    /// A wait between pieces of the body: `trickle:100ms`.
    Trickle(Duration),
    /// The connection closes without a reply: `cut`.
    Cut,
    /// The connection closes within the body: `half`.
    Half,
    /// The reply ends too early although the connection is sound: `badjson`.
    BadJson,
    /// Half of the reply comes, and then nothing, over a connection that stays: `stall`.
    Stall,
    /// Something in the middle of the reply that has no business there: `garbage`.
    Garbage,
    /// A stream ends before its last events: `noend`. Other replies end too early.
    NoEnd,
    /// A stream was asked for, and the answer comes whole: `plain`.
    Plain,
    /// An empty body: `empty`.
    Empty,
    /// A web page, with 200 or another status: `html`, `html:502`.
    Html(u16),
    /// A body without end: `endless`.
    Endless,
    /// No reply ever: `hang`.
    Hang,
    /// A redirect: `redirect:http://127.0.0.1:9`.
    Redirect(String),
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("`{text}` is not a fault: {what}");
        let (rest, probability) = match text.rsplit_once('@') {
            Some((rest, number)) => (rest, number.parse().map_err(|_| wrong("no number follows `@`"))?),
            None => (text, 1.0),
        };
        let (rest, times) = match rest.rsplit_once('*') {
            Some((rest, number)) => (rest, Some(number.parse().map_err(|_| wrong("no number follows `*`"))?)),
            None => (rest, None),
        };
        let (name, argument) = match rest.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (rest, None),
        };
        let kind = kind(name, argument).ok_or_else(|| wrong(KNOWN))?;
        if !(0.0..=1.0).contains(&probability) {
            return Err(wrong("a probability is between 0 and 1"));
        }
        Ok(Self { kind, times, probability })
    }
}

const KNOWN: &str = "known are a status, quota, error200, slow:TIME, trickle:TIME, cut, half, badjson, stall, garbage, \
                     noend, plain, empty, html, endless, hang, redirect:URL";

fn kind(name: &str, argument: Option<&str>) -> Option<FaultKind> {
    let wait = || time(argument?);
    let kind = match name {
        "quota" => FaultKind::Quota,
        "error200" => FaultKind::ErrorInSuccess,
        "slow" => FaultKind::Slow(wait()?),
        "trickle" => FaultKind::Trickle(wait()?),
        "cut" => FaultKind::Cut,
        "half" => FaultKind::Half,
        "badjson" => FaultKind::BadJson,
        "stall" => FaultKind::Stall,
        "garbage" => FaultKind::Garbage,
        "noend" => FaultKind::NoEnd,
        "plain" => FaultKind::Plain,
        "empty" => FaultKind::Empty,
        "html" => FaultKind::Html(argument.map_or(Some(200), |status| status.parse().ok())?),
        "endless" => FaultKind::Endless,
        "hang" => FaultKind::Hang,
        "redirect" => FaultKind::Redirect(argument?.to_owned()),
        status => {
            let status = status.parse().ok().filter(|status| (400..600).contains(status))?;
            FaultKind::Status(status, argument.map_or(Some(None), |text| time(text).map(Some))?)
        }
    };
    Some(kind)
}

/// `2`, `2s`, `1.5s`, `1500ms`.
fn time(text: &str) -> Option<Duration> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.or_else(|| vision_http::parse_delay(text))
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status, _) => write!(f, "{status}"),
            Self::Quota => f.write_str("quota"),
            Self::ErrorInSuccess => f.write_str("error200"),
            Self::Slow(_) => f.write_str("slow"),
            Self::Trickle(_) => f.write_str("trickle"),
            Self::Cut => f.write_str("cut"),
            Self::Half => f.write_str("half"),
            Self::BadJson => f.write_str("badjson"),
            Self::Stall => f.write_str("stall"),
            Self::Garbage => f.write_str("garbage"),
            Self::NoEnd => f.write_str("noend"),
            Self::Plain => f.write_str("plain"),
            Self::Empty => f.write_str("empty"),
            Self::Html(_) => f.write_str("html"),
            Self::Endless => f.write_str("endless"),
            Self::Hang => f.write_str("hang"),
            Self::Redirect(_) => f.write_str("redirect"),
        }
    }
}

impl Fault {
    /// Whether it strikes the `nth` time (from 0) a request of this hash is seen.
    ///
    /// It depends on nothing else, so that the order in which requests come does not matter.
    pub(super) fn strikes(&self, seed: u64, hash: u64, nth: u32) -> bool {
        let soon_enough = self.times.is_none_or(|times| nth < times);
        soon_enough
            && (self.probability >= 1.0
                || fraction(mixed(mixed(seed) ^ hash).wrapping_add(u64::from(nth))) < self.probability)
    }
}

/// A number from 0 to 1 that looks like chance.
fn fraction(seed: u64) -> f64 {
    (mixed(seed) >> 11) as f64 / (1u64 << 53) as f64
}

/// Faults and repetitions are numbered one after the other, so each is mixed on its own: added or
/// crossed, one fault's second lot would be the next one's first.
fn mixed(seed: u64) -> u64 {
    SplitMix64::seed_from_u64(seed).next_u64()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fault, FaultKind};

    #[track_caller]
    fn check(text: &str, kind: FaultKind, times: Option<u32>, probability: f64) {
        assert_eq!(text.parse(), Ok(Fault { kind, times, probability }));
    }

    #[test]
    fn reads_kind_argument_times_and_probability() {
        let seconds = Duration::from_secs_f64;
        check("429", FaultKind::Status(429, None), None, 1.0);
        check("429:2*1", FaultKind::Status(429, Some(seconds(2.0))), Some(1), 1.0);
        check("529:1500ms@0.25", FaultKind::Status(529, Some(seconds(1.5))), None, 0.25);
        check("slow:0.5*3@0.5", FaultKind::Slow(seconds(0.5)), Some(3), 0.5);
        check("html:502", FaultKind::Html(502), None, 1.0);
        check("redirect:http://127.0.0.1:9/x", FaultKind::Redirect("http://127.0.0.1:9/x".into()), None, 1.0);
    }

    #[test]
    fn says_what_is_known() {
        for text in ["", "boom", "200", "slow", "cut@2", "cut*x", "429:soon"] {
            assert!(text.parse::<Fault>().unwrap_err().starts_with(&format!("`{text}` is not a fault")));
        }
    }

    #[test]
    fn strikes_about_as_often_as_it_should_and_always_the_same() {
        let fault: Fault = "cut@0.2".parse().unwrap();
        let strikes = (0..10_000).filter(|hash| fault.strikes(1, *hash, 0)).count();
        assert!((1_800..2_200).contains(&strikes), "{strikes}");
        assert_eq!(strikes, (0..10_000).filter(|hash| fault.strikes(1, *hash, 0)).count());
    }

    #[test]
    fn strikes_each_time_and_beside_each_other_fault_by_a_lot_of_its_own() {
        let fault: Fault = "cut@0.2".parse().unwrap();
        // Of ten thousand requests, those that any of five faults strikes four times in a row: two thirds to the fourth.
        let all_four =
            |hash: &u64| (0..4).all(|nth| (1..=5).any(|seed| fault.strikes(seed, *hash << 20, nth)));
        let struck = (0..10_000).filter(all_four).count();
        assert!((1_900..2_250).contains(&struck), "{struck}");
    }

    #[test]
    fn stops_after_its_times() {
        let fault: Fault = "503*2".parse().unwrap();
        assert_eq!([0, 1, 2].map(|nth| fault.strikes(1, 7, nth)), [true, true, false]);
    }
}
