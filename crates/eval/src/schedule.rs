//! Which trial of a candidate comes next, and whether to go on.
//!
//! A schedule asks nobody and writes nothing. It hands out jobs in the order of the run, is told how each ended, and
//! concludes from that how many may be under way: whether the host lives, whether the budget has room, whether
//! somebody asked for the end. What it leaves undone it accounts for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use eval_record::Trial;
use vision_core::{ErrorKind, Task};

use crate::ended_trials::EndedTrials;
use crate::executor::Ended;
use crate::health::{Advice, Ending, Health, StopCause};
use crate::jobs::Job;
use crate::steering::Course;
use crate::stop::Stop;
use crate::{Event, Observer};

/// Tasks that a candidate cannot do at all, by the place of their dataset in the plan; the plan says so.
pub(crate) type Refused = HashSet<(u32, Task)>;

/// One candidate's way through the jobs of a run.
pub(crate) struct Schedule {
    label: Arc<str>,
    jobs: Arc<[Job]>,
    /// The first of the jobs that was not looked at.
    position: usize,
    /// The first of them that is not to be done yet.
    until: usize,
    /// Whether the rest need not be done: the run is decided, or this candidate is out.
    is_decided: bool,
    refused: Refused,
    observer: Arc<dyn Observer>,
    stop: Stop,
    health: Health,
    /// Trials under way at once: at most, and as things are.
    most_at_once: usize,
    at_once: usize,
    /// Whether somebody holds the run back.
    is_paused: bool,
    /// Whether one request is due, to see whether the host is back.
    probe: bool,
    tally: Tally,
    /// The greatest overrun that was said.
    overrun: f64,
    /// Why no more are begun.
    why_not: Option<String>,
}

/// How the trials so far ended.
#[derive(Debug, Default)]
struct Tally {
    total: u64,
    finished: u64,
    recorded: u64,
    /// Of those recorded, the ones that a resumed run will do again.
    again: u64,
    /// Of those, the ones that a key, an account or a setting spoilt.
    spoilt: u64,
    /// Trials without room in the budget since the last one that had some, and what was said of the last of them.
    not_sent: u64,
    no_room: Option<String>,
    /// Trials that could not be asked for reasons of ours, and the first few reasons.
    lost: u64,
    reasons: Vec<String>,
}

/// Trials that a provider did not get to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its label.
    pub provider: String,
    /// How many have no outcome in the record.
    pub missing: u64,
    /// How many failed in a way that a resumed run will try again.
    pub failed: u64,
    /// Why.
    pub reason: String,
}

/// How a candidate's part of a run ended.
pub(crate) struct LaneEnd {
    pub recorded: u64,
    pub unfinished: Option<Unfinished>,
}

/// Reasons of lost trials that are told; the count is of all.
const REASONS_TOLD: usize = 5;

/// Trials in a row without room in the budget after which the others are not tried any more. A single one may just be
/// dearer than the rest.
const PATIENCE: u64 = 20;

impl Schedule {
    pub fn new(
        label: Arc<str>,
        jobs: Arc<[Job]>,
        refused: Refused,
        at_once: usize,
        before: &EndedTrials,
        (observer, stop): (Arc<dyn Observer>, Stop),
    ) -> Self {
        let total = jobs.iter().filter(|job| !refused.contains(&(job.dataset, job.task))).count() as u64;
        observer.event(Event::Planned { provider: &label, trials: total });
        let mut health = Health::default();
        before.inform(&label, &mut health);
        Self {
            label,
            jobs,
            position: 0,
            until: usize::MAX,
            is_decided: false,
            refused,
            observer,
            stop,
            health,
            most_at_once: at_once,
            at_once,
            is_paused: false,
            probe: false,
            tally: Tally { total, ..Tally::default() },
            overrun: 0.0,
            why_not: None,
        }
    }

    /// What to begin now, while so many are under way.
    pub fn next(&mut self, under_way: usize) -> Option<Job> {
        // A probe is sent when it is announced, whatever is still on its way.
        let has_place = under_way < self.at_once || self.probe;
        if !has_place || self.is_paused || self.why_not.is_some() || self.stop.is_asked() {
            return None;
        }
        let rest = &self.jobs[self.position..self.until.clamp(self.position, self.jobs.len())];
        let next = rest.iter().position(|job| !self.refused.contains(&(job.dataset, job.task)));
        let Some(skipped) = next else {
            self.position += rest.len();
            return None;
        };
        let job = rest[skipped];
        self.position += skipped + 1;
        self.probe = false;
        Some(job)
    }

    /// Goes on as the run is steered; `most` is what this candidate may have at once.
    pub fn follow(&mut self, course: Course, most: usize) {
        self.is_paused = course.paused;
        let Some(at_once) = course.at_once.map(|wanted| wanted.min(most).max(1)) else { return };
        let is_free = self.at_once == self.most_at_once;
        self.most_at_once = at_once;
        self.at_once = if is_free { at_once } else { self.at_once.min(at_once) };
    }

    /// Whether it waits for somebody to let it go on.
    pub fn is_held(&self) -> bool {
        self.is_paused && self.why_not.is_none() && !self.stop.is_asked()
    }

    /// Begins nothing from this job on.
    pub fn go_on_until(&mut self, job: usize) {
        self.until = job;
    }

    /// Whether everything before the job that it may not begin yet was begun, and nothing speaks against going on.
    pub fn is_at_its_limit(&self) -> bool {
        self.why_not.is_none() && !self.stop.is_asked() && self.position >= self.until.min(self.jobs.len())
    }

    /// The rest need not be done.
    pub fn decide(&mut self) {
        self.is_decided = self.position < self.jobs.len();
    }

    /// How many probes were announced: what is begun after one tells more than what was under way.
    pub fn probes(&self) -> u32 {
        self.health.probes()
    }

    /// Takes note of how a trial ended that was begun after so many probes. Gives the time to wait before the next.
    pub fn note(&mut self, ended: &Ended, begun_after: u32) -> Option<Duration> {
        match ended {
            Ended::Trial(trial, _) => return self.note_trial(trial, begun_after),
            Ended::AlreadyDone => {
                self.tally.finished += 1;
                self.observer.event(Event::Known { provider: &self.label });
            }
            Ended::NotSent(message) => {
                self.tally.not_sent += 1;
                self.tally.no_room = Some(message.clone());
                if self.tally.not_sent >= PATIENCE && !self.stop.is_asked() {
                    self.give_up(message.clone());
                }
            }
            Ended::Lost(reason) => self.lose(reason.clone()),
        }
        None
    }

    fn note_trial(&mut self, trial: &Trial, begun_after: u32) -> Option<Duration> {
        let kind = trial.failure().map(|failure| failure.kind);
        match self.count(trial, begun_after) {
            Advice::GoOn if kind.is_none() => self.at_once = self.most_at_once,
            Advice::GoOn => {}
            Advice::Careful => self.at_once = 1,
            Advice::Stop(StopCause::Repeated(kind)) => self.give_up(stopped_after(kind)),
            Advice::Stop(StopCause::NotFound) => {
                self.give_up("its host knows no such model, or nothing at this address".to_owned());
            }
            Advice::Probe(wait) => {
                let reason = format!("its host does not answer; the next try is in {} s", wait.as_secs());
                self.observer.event(Event::Paused { provider: &self.label, reason: &reason });
                self.at_once = 1;
                self.probe = true;
                return Some(wait);
            }
        }
        None
    }

    /// Takes note of a trial whose answer came in a batch: nothing that is under way depends on how it ended.
    pub fn note_collected(&mut self, trial: &Trial) {
        let begun_after = self.probes();
        self.count(trial, begun_after);
    }

    fn count(&mut self, trial: &Trial, begun_after: u32) -> Advice {
        self.note_overrun(trial);
        let failure = trial.failure();
        let kind = failure.map(|failure| failure.kind);
        let again = trial.is_worth_repeating();
        let tally = &mut self.tally;
        tally.not_sent = 0;
        tally.recorded += 1;
        tally.finished += 1;
        tally.again += u64::from(again);
        tally.spoilt += u64::from(again && kind.is_some_and(is_of_the_setup));
        let status = failure.and_then(|failure| failure.status);
        self.health.note(Ending { failure: kind, status, begun_after })
    }

    /// Says it once, and again where it gets worse.
    fn note_overrun(&mut self, trial: &Trial) {
        if let Some(times) = trial.overrun().filter(|times| *times > self.overrun) {
            self.overrun = times;
            self.observer.event(Event::Overrun { provider: &self.label, times });
        }
    }

    /// A trial was not asked, for a reason of ours.
    pub fn lose(&mut self, reason: String) {
        self.tally.lost += 1;
        if self.tally.reasons.len() < REASONS_TOLD {
            self.tally.reasons.push(reason);
        }
    }

    /// Begins no more.
    pub fn give_up(&mut self, reason: String) {
        if self.why_not.is_none() {
            self.observer.event(Event::Stopped { provider: &self.label, reason: &reason });
            self.why_not = Some(reason);
        }
    }

    /// Begins no more; that is how it was to be.
    pub fn leave(&mut self, reason: String) {
        self.why_not = Some(match self.why_not.take() {
            Some(before) => format!("{before}; {reason}"),
            None => reason,
        });
    }

    /// A part that was broken off is unfinished, and so is one in which nobody ever answered, or in which something
    /// failed for which the provider is not to blame.
    pub fn end(self) -> LaneEnd {
        let tally = self.tally;
        let left = if self.is_decided { 0 } else { tally.total - tally.finished };
        let unanswered = || self.health.nobody_answers().then(|| "no trial was answered".to_owned());
        let broken_off = || (left > 0).then(|| "interrupted".to_owned());
        let spoilt = || (tally.spoilt > 0).then(|| "a key, an account or a setting is wrong".to_owned());
        let lost = || (tally.lost > 0).then(|| lost(tally.lost, &tally.reasons));
        let no_room = tally.no_room.filter(|_| left > 0 && !self.stop.is_asked());
        let reason =
            self.why_not.or(no_room).or_else(lost).or_else(broken_off).or_else(unanswered).or_else(spoilt);
        let provider = self.label.to_string();
        let unfinished = |reason| Unfinished { provider, missing: left, failed: tally.again, reason };
        LaneEnd { recorded: tally.recorded, unfinished: reason.map(unfinished) }
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

#[cfg(test)]
mod tests;
