use vision_core::ErrorKind;

use super::{Ended, Lane, LaneEnd};
use crate::Event;
use crate::health::{Advice, Health, Why};
use crate::run::{Stop, Unfinished};

/// Where a lane stands.
#[derive(Default)]
pub(super) struct Progress {
    total: u64,
    finished: u64,
    recorded: u64,
    /// Of those recorded, the ones that a resumed run will do again.
    again: u64,
    /// Of those, the ones that a key, an account or a setting spoilt.
    spoilt: u64,
    pub at_once: usize,
    /// Whether one request is due, to see whether the host is back.
    pub probe: bool,
    pub health: Health,
    /// Trials without room in the budget since the last one that had some.
    not_sent: u64,
    /// The greatest overrun that was said.
    overrun: f64,
    /// What was said of the last of them.
    no_room: Option<String>,
    /// Trials that could not be asked for reasons of ours, and the first few reasons.
    lost: u64,
    reasons: Vec<String>,
    pub why_not: Option<String>,
}

/// Reasons of lost trials that are told; the count is of all.
const REASONS_TOLD: usize = 5;

/// Trials in a row without room in the budget after which the others are not tried any more. A single one may just be
/// dearer than the rest.
const PATIENCE: u64 = 20;

impl Progress {
    pub fn new(total: u64, at_once: usize) -> Self {
        Self { total, at_once, ..Self::default() }
    }

    pub async fn note(&mut self, ended: Ended, lane: &Lane, stop: &mut Stop) {
        let (ending, again) = match ended {
            Ended::AlreadyDone => {
                self.finished += 1;
                Event::Known { provider: &lane.label }.send(lane.shared.observer.as_ref());
                return;
            }
            Ended::NotSent(message) => {
                self.not_sent += 1;
                self.no_room = Some(message.clone());
                if self.not_sent >= PATIENCE {
                    self.stop(lane, message);
                }
                return;
            }
            Ended::Lost(reason) => {
                self.lose(reason);
                return;
            }
            Ended::Recorded { ending, again, overrun } => {
                self.note_overrun(overrun, lane);
                (ending, again)
            }
        };
        let kind = ending.failure;
        self.not_sent = 0;
        self.recorded += 1;
        self.finished += 1;
        self.again += u64::from(again);
        self.spoilt += u64::from(again && kind.is_some_and(is_of_the_setup));
        match self.health.note(ending) {
            Advice::GoOn if self.at_once < lane.at_once && kind.is_none() => self.at_once = lane.at_once,
            Advice::GoOn => {}
            Advice::Careful => self.at_once = 1,
            Advice::Stop(Why::Repeated(kind)) => self.stop(lane, stopped_after(kind)),
            Advice::Stop(Why::NotFound) => {
                self.stop(lane, "its host knows no such model, or nothing at this address".to_owned());
            }
            Advice::Probe(wait) => {
                let reason = format!("its host does not answer; the next try is in {} s", wait.as_secs());
                Event::Paused { provider: &lane.label, reason: &reason }.send(lane.shared.observer.as_ref());
                self.at_once = 1;
                self.probe = true;
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = stop.asked() => {}
                }
            }
        }
    }

    /// Says it once, and again where it gets worse.
    fn note_overrun(&mut self, overrun: Option<f64>, lane: &Lane) {
        if let Some(times) = overrun.filter(|times| *times > self.overrun) {
            self.overrun = times;
            Event::Overrun { provider: &lane.label, times }.send(lane.shared.observer.as_ref());
        }
    }

    pub fn lose(&mut self, reason: String) {
        self.lost += 1;
        if self.reasons.len() < REASONS_TOLD {
            self.reasons.push(reason);
        }
    }

    fn stop(&mut self, lane: &Lane, reason: String) {
        if self.why_not.is_none() {
            Event::Stopped { provider: &lane.label, reason: &reason }.send(lane.shared.observer.as_ref());
            self.why_not = Some(reason);
        }
    }

    /// A part that was broken off is unfinished, and so is one in which nobody ever answered, or in which something
    /// failed for which the provider is not to blame.
    pub fn end(self, lane: &Lane) -> LaneEnd {
        let left = self.total - self.finished;
        let unanswered = || self.health.nobody_answers().then(|| "no trial was answered".to_owned());
        let broken_off = || (left > 0).then(|| "interrupted".to_owned());
        let spoilt = || (self.spoilt > 0).then(|| "a key, an account or a setting is wrong".to_owned());
        let lost = || (self.lost > 0).then(|| lost(self.lost, &self.reasons));
        let no_room = self.no_room.filter(|_| left > 0 && !lane.stop.is_asked());
        let reason =
            self.why_not.or(no_room).or_else(lost).or_else(broken_off).or_else(unanswered).or_else(spoilt);
        let unfinished = reason.map(|reason| Unfinished {
            provider: lane.label.to_string(),
            missing: left,
            failed: self.again,
            reason,
        });
        LaneEnd { recorded: self.recorded, unfinished }
    }
}

fn stopped_after(kind: ErrorKind) -> String {
    let errors = match kind {
        ErrorKind::Auth => "authentication errors",
        ErrorKind::QuotaExhausted => "quota errors",
        ErrorKind::Config => "configuration errors",
        ErrorKind::Timeout => "timeouts",
        ErrorKind::Unavailable => "failures to reach its host",
        other => return format!("stopped after repeated errors ({other})"),
    };
    format!("stopped after repeated {errors}")
}

fn lost(count: u64, reasons: &[String]) -> String {
    let more = count.saturating_sub(reasons.len() as u64);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{count} could not be asked: {}{more}", reasons.join("; "))
}

fn is_of_the_setup(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Auth | ErrorKind::QuotaExhausted | ErrorKind::Config)
}
