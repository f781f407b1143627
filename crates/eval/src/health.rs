use std::time::Duration;

use vision_core::ErrorKind;

/// Watches how a provider's trials end, and decides whether it is worth asking on.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Whether anything was ever answered.
    answered: bool,
    /// Whether anything was ever sent.
    sent: bool,
    refusals: u32,
    missing: u32,
    silences: u32,
    probes: u32,
}

/// How a trial ended.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ending {
    /// Nothing, if it was answered.
    pub failure: Option<ErrorKind>,
    /// The status of the reply, if there was one.
    pub status: Option<u16>,
    /// [`Health::probes`] when it was begun.
    pub begun_after: u32,
}

/// What to do next with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice {
    GoOn,
    /// The next answer will show whether it is of any use: ask one after the other until then.
    Careful,
    /// Its host does not answer: wait, then ask once.
    Probe(Duration),
    /// It will not answer in this run, because of this.
    Stop(StopCause),
}

/// Why a provider is not asked any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopCause {
    /// Failures of this kind in a row.
    Repeated(ErrorKind),
    /// There is no such model, or no such address.
    NotFound,
}

/// One refused key may be the fault of one request; a second in a row confirms it.
const CONFIRMED: u32 = 2;
/// Requests in a row, before any answer, after which a model that is not found is not there.
const NOT_THERE: u32 = 5;
/// Trials in a row, each with all its retries, after which a host counts as dead.
const DEAD: u32 = 4;
/// Probes of a dead host, at growing distances, before it is given up.
const PROBES: u32 = 4;
const FIRST_PROBE: Duration = Duration::from_secs(5);

impl Health {
    /// Takes note of how a trial ended.
    pub fn note(&mut self, ending: Ending) -> Advice {
        match ending.failure {
            // Nothing was sent: says nothing about the host.
            Some(ErrorKind::Unsupported) => return Advice::GoOn,
            Some(ErrorKind::Budget) => return Advice::Stop(StopCause::Repeated(ErrorKind::Budget)),
            _ => self.sent = true,
        }
        match ending.failure {
            Some(kind @ (ErrorKind::Auth | ErrorKind::QuotaExhausted | ErrorKind::Config)) => {
                self.refusals += 1;
                stop_after(CONFIRMED, self.refusals, StopCause::Repeated(kind))
            }
            Some(ErrorKind::InvalidRequest) if !self.answered && is_not_found(ending.status) => {
                self.missing += 1;
                stop_after(NOT_THERE, self.missing, StopCause::NotFound)
            }
            Some(kind @ (ErrorKind::Unavailable | ErrorKind::Timeout)) => {
                self.silence(kind, ending.begun_after)
            }
            // Any other reply shows that the host is there and the key is good.
            failure => {
                let answered = self.answered || matches!(failure, None | Some(ErrorKind::Refused));
                *self = Self { answered, sent: true, ..Self::default() };
                Advice::GoOn
            }
        }
    }

    /// What was on its way when the last probe was announced tells nothing new.
    fn silence(&mut self, kind: ErrorKind, begun_after: u32) -> Advice {
        if begun_after < self.probes {
            return Advice::GoOn;
        }
        self.silences += 1;
        if self.silences < DEAD {
            return Advice::GoOn;
        }
        if self.probes == PROBES {
            return Advice::Stop(StopCause::Repeated(kind));
        }
        self.probes += 1;
        Advice::Probe(FIRST_PROBE * 2_u32.pow(self.probes - 1))
    }

    /// How many probes were announced since the host last answered.
    pub fn probes(&self) -> u32 {
        self.probes
    }

    /// Whether requests were sent and none was answered.
    pub fn nobody_answers(&self) -> bool {
        self.sent && !self.answered
    }

    /// An earlier part of the run had an answer.
    pub fn has_answered_before(&mut self) {
        self.answered = true;
    }

    /// An earlier part of the run asked in vain.
    pub fn was_asked_before(&mut self) {
        self.sent = true;
    }
}

fn stop_after(most: u32, times: u32, why: StopCause) -> Advice {
    if times >= most { Advice::Stop(why) } else { Advice::Careful }
}

fn is_not_found(status: Option<u16>) -> bool {
    matches!(status, Some(404 | 410))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vision_core::ErrorKind;

    use super::{Advice, Ending, Health, StopCause};

    fn ending(failure: Option<ErrorKind>) -> Ending {
        Ending { failure, ..Ending::default() }
    }

    /// One trial after the other.
    fn notes(kinds: &[Option<ErrorKind>]) -> Advice {
        let mut health = Health::default();
        let note = |kind: &Option<ErrorKind>| {
            let begun_after = health.probes();
            health.note(Ending { begun_after, ..ending(*kind) })
        };
        kinds.iter().map(note).last().unwrap()
    }

    const AUTH: Option<ErrorKind> = Some(ErrorKind::Auth);
    const DOWN: Option<ErrorKind> = Some(ErrorKind::Unavailable);
    const STOP: fn(ErrorKind) -> Advice = |kind| Advice::Stop(StopCause::Repeated(kind));

    #[test]
    fn a_refused_key_is_confirmed_before_it_stops_a_provider() {
        assert_eq!(notes(&[AUTH]), Advice::Careful);
        assert_eq!(notes(&[AUTH, AUTH]), STOP(ErrorKind::Auth));
        assert_eq!(notes(&[AUTH, None, AUTH]), Advice::Careful);
        let quota = Some(ErrorKind::QuotaExhausted);
        assert_eq!(notes(&[quota, quota]), STOP(ErrorKind::QuotaExhausted));
    }

    #[test]
    fn a_model_that_is_not_there_is_confirmed_unless_it_ever_answered() {
        let missing = Ending { failure: Some(ErrorKind::InvalidRequest), status: Some(404), begun_after: 0 };
        let mut health = Health::default();
        assert_eq!([missing; 4].map(|it| health.note(it)), [Advice::Careful; 4]);
        assert_eq!(health.note(missing), Advice::Stop(StopCause::NotFound));
        let mut health = Health::default();
        health.note(ending(None));
        assert_eq!([missing; 5].map(|it| health.note(it)), [Advice::GoOn; 5]);
    }

    #[test]
    fn a_dead_host_is_probed_less_and_less_often_and_then_given_up() {
        assert_eq!(notes(&[DOWN; 3]), Advice::GoOn);
        assert_eq!(notes(&[DOWN; 4]), Advice::Probe(Duration::from_secs(5)));
        assert_eq!(notes(&[DOWN; 7]), Advice::Probe(Duration::from_secs(40)));
        assert_eq!(notes(&[DOWN; 8]), STOP(ErrorKind::Unavailable));
    }

    #[test]
    fn what_was_on_its_way_uses_up_no_probe() {
        let mut health = Health::default();
        let advice = [(); 16].map(|()| health.note(ending(DOWN)));
        let probes = advice.iter().filter(|advice| matches!(advice, Advice::Probe(_))).count();
        assert_eq!((probes, health.probes()), (1, 1));
        let probe = Ending { begun_after: 1, ..ending(DOWN) };
        assert_eq!(health.note(probe), Advice::Probe(Duration::from_secs(10)));
    }

    #[test]
    fn an_answer_or_a_plain_refusal_shows_that_the_host_lives() {
        let mut kinds = vec![DOWN; 5];
        kinds.push(Some(ErrorKind::InvalidRequest));
        kinds.extend([DOWN; 3]);
        assert_eq!(notes(&kinds), Advice::GoOn);
    }

    #[test]
    fn only_an_answer_is_an_answer() {
        let nobody = |kinds: &[Option<ErrorKind>]| {
            let mut health = Health::default();
            kinds.iter().for_each(|kind| _ = health.note(ending(*kind)));
            health.nobody_answers()
        };
        let (limited, malformed) = (Some(ErrorKind::RateLimited), Some(ErrorKind::Malformed));
        let refused = Some(ErrorKind::InvalidRequest);
        assert!(nobody(&[AUTH]) && nobody(&[DOWN]) && nobody(&[DOWN, AUTH]));
        assert!(nobody(&[limited]) && nobody(&[malformed]) && nobody(&[refused, DOWN]));
        assert!(!nobody(&[None, DOWN]) && !nobody(&[DOWN, None]) && !nobody(&[None, limited]));
        assert!(!nobody(&[]) && !nobody(&[Some(ErrorKind::Unsupported)]));
    }

    #[test]
    fn an_empty_purse_stops_at_once() {
        assert_eq!(notes(&[Some(ErrorKind::Budget)]), STOP(ErrorKind::Budget));
    }
}
