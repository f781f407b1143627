//! `5 m`: five millions, or five meters.

use crate::task::chart_table::relative_error;

/// How a question, or the unit of its label, has `m` read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Em {
    Million,
    Meter,
    /// Nothing is said.
    #[default]
    Either,
}

impl Em {
    pub(super) fn of(question: &str) -> Self {
        const MILLIONS: [&str; 7] = ["million", "millions", "mn", "mio", "revenue", "sales", "population"];
        const METERS: [&str; 19] = [
            "meter",
            "meters",
            "metre",
            "metres",
            "m",
            "far",
            "long",
            "tall",
            "high",
            "deep",
            "wide",
            "length",
            "height",
            "depth",
            "width",
            "distance",
            "altitude",
            "elevation",
            "radius",
        ];
        let lower = question.to_lowercase();
        let parts = |c: char| !(c.is_alphanumeric() || c == '\'');
        let says = |list: &[&str]| lower.split(parts).any(|word| list.contains(&word));
        match (says(&MILLIONS), says(&METERS)) {
            (true, false) => Self::Million,
            (false, true) => Self::Meter,
            _ => Self::Either,
        }
    }

    /// Whether a number of which only `m` is said is the right one: half, where that depends on what it means.
    pub(super) fn share(self, truth: f64, given: f64, tolerance: f64) -> Option<f64> {
        let is = |given: f64| relative_error(truth, given) <= tolerance + 1e-12;
        let (plain, in_millions) = (is(given), is(given * 1e6));
        match self {
            // A label that counts millions is met by their number.
            Self::Million => (plain || in_millions).then_some(1.0),
            Self::Meter => plain.then_some(1.0),
            Self::Either => (plain || in_millions).then_some(0.5),
        }
    }
}

/// Whether a small `m` behind a number is all that is said of its unit. `5 M` are millions, and so are `5 m people`.
pub(super) fn is_alone(text: &str) -> bool {
    const LONGEST: usize = 200;
    let is_unit = |(at, _): (usize, &str)| {
        let (before, after) = (text[..at].trim_end(), &text[at + 1..]);
        before.ends_with(|c: char| c.is_ascii_digit())
            && !after.starts_with(char::is_alphanumeric)
            && !after.trim_start().starts_with(char::is_alphabetic)
    };
    text.len() <= LONGEST && text.match_indices('m').any(is_unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_m_alone_may_be_either() {
        for text in ["5 m", "5m", "It is 5 m.", "5 m (estimated)"] {
            assert!(is_alone(text), "{text}");
        }
        for text in ["5 M", "5 m people", "5 mm", "m 5", "5 km", "5 m2", "5 million"] {
            assert!(!is_alone(text), "{text}");
        }
    }

    #[test]
    fn a_question_says_which() {
        assert_eq!(Em::of("How high is the tower?"), Em::Meter);
        assert_eq!(Em::of("How much is it, in millions?"), Em::Million);
        assert_eq!(Em::of("What is the value for 2024?"), Em::Either);
        assert_eq!(Em::Either.share(5e6, 5.0, 0.0), Some(0.5));
        assert_eq!(Em::Meter.share(5e6, 5.0, 0.0), None);
    }
}
