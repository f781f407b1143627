use std::time::Duration;

use vision_core::ErrorKind;

/// Watches how a provider's trials end, and decides whether it is worth asking on.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Whether anything ever came back but refusals of the key.
    answers: bool,
    refusals: u32,
    silences: u32,
    probes: u32,
}

/// What to do next with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice {
    GoOn,
    /// Its host does not answer: wait, then ask once.
    Probe(Duration),
    /// It will not answer in this run.
    Stop,
}

/// One refused key may be the fault of one request; a second in a row confirms it.
const CONFIRMED: u32 = 2;
/// Trials in a row, each with all its retries, after which a host counts as dead.
const DEAD: u32 = 4;
/// Probes of a dead host, at growing distances, before it is given up.
const PROBES: u32 = 4;
const FIRST_PROBE: Duration = Duration::from_secs(5);

impl Health {
    /// Takes note of how a trial ended.
    pub fn note(&mut self, failure: Option<ErrorKind>) -> Advice {
        match failure {
            Some(ErrorKind::Auth | ErrorKind::QuotaExhausted | ErrorKind::Config) => {
                self.refusals += 1;
                if self.refusals >= CONFIRMED { Advice::Stop } else { Advice::GoOn }
            }
            // Nothing was sent: says nothing about the host.
            Some(ErrorKind::Unsupported) => Advice::GoOn,
            Some(ErrorKind::Budget) => Advice::Stop,
            Some(ErrorKind::Unavailable | ErrorKind::Timeout) => {
                self.silences += 1;
                if self.silences < DEAD {
                    return Advice::GoOn;
                }
                self.probes += 1;
                if self.probes > PROBES {
                    Advice::Stop
                } else {
                    Advice::Probe(FIRST_PROBE * 2_u32.pow(self.probes - 1))
                }
            }
            // Any other reply shows that the host is there and the key is good.
            _ => {
                *self = Self { answers: true, ..Self::default() };
                Advice::GoOn
            }
        }
    }

    /// Whether requests were sent and none was answered.
    pub fn nobody_answers(&self) -> bool {
        !self.answers && self.refusals + self.silences > 0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vision_core::ErrorKind;

    use super::{Advice, Health};

    fn notes(kinds: &[Option<ErrorKind>]) -> Advice {
        let mut health = Health::default();
        kinds.iter().map(|kind| health.note(*kind)).last().unwrap()
    }

    const AUTH: Option<ErrorKind> = Some(ErrorKind::Auth);
    const DOWN: Option<ErrorKind> = Some(ErrorKind::Unavailable);

    #[test]
    fn a_refused_key_is_confirmed_before_it_stops_a_provider() {
        assert_eq!(notes(&[AUTH]), Advice::GoOn);
        assert_eq!(notes(&[AUTH, AUTH]), Advice::Stop);
        assert_eq!(notes(&[AUTH, None, AUTH]), Advice::GoOn);
        assert_eq!(notes(&[Some(ErrorKind::QuotaExhausted), Some(ErrorKind::QuotaExhausted)]), Advice::Stop);
    }

    #[test]
    fn a_dead_host_is_probed_less_and_less_often_and_then_given_up() {
        assert_eq!(notes(&[DOWN; 3]), Advice::GoOn);
        assert_eq!(notes(&[DOWN; 4]), Advice::Probe(Duration::from_secs(5)));
        assert_eq!(notes(&[DOWN; 7]), Advice::Probe(Duration::from_secs(40)));
        assert_eq!(notes(&[DOWN; 8]), Advice::Stop);
    }

    #[test]
    fn an_answer_or_a_plain_refusal_shows_that_the_host_lives() {
        let mut kinds = vec![DOWN; 5];
        kinds.push(Some(ErrorKind::InvalidRequest));
        kinds.extend([DOWN; 3]);
        assert_eq!(notes(&kinds), Advice::GoOn);
    }

    #[test]
    fn silence_and_refusals_are_no_answer() {
        let nobody = |kinds: &[Option<ErrorKind>]| {
            let mut health = Health::default();
            kinds.iter().for_each(|kind| _ = health.note(*kind));
            health.nobody_answers()
        };
        assert!(nobody(&[AUTH]) && nobody(&[DOWN]) && nobody(&[DOWN, AUTH]));
        assert!(!nobody(&[None, DOWN]) && !nobody(&[DOWN, None]));
        assert!(!nobody(&[]) && !nobody(&[Some(ErrorKind::Unsupported)]));
    }

    #[test]
    fn an_empty_purse_stops_at_once() {
        assert_eq!(notes(&[Some(ErrorKind::Budget)]), Advice::Stop);
    }
}
