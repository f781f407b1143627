use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use eval_record::{Failure, Outcome, OutputMode, Trial, TrialKey, VERSION};
use vision_core::{ErrorKind, Response, Task, Usage};

use super::Schedule;
use crate::ended_trials::EndedTrials;
use crate::executor::Ended;
use crate::jobs::Job;
use crate::stop::Stop;

/// A schedule of this many cases, of which every third is a receipt, which the candidate refuses.
fn schedule(cases: u32, at_once: usize) -> Schedule {
    let task = |entry| if entry % 3 == 2 { Task::Receipt } else { Task::Classify };
    let jobs = (0..cases).map(|entry| Job { dataset: 0, entry, repeat: 0, task: task(entry) });
    let watched: (Arc<dyn crate::Observer>, Stop) = (Arc::new(()), Stop::never());
    let refused = HashSet::from([(0, Task::Receipt)]);
    Schedule::new("p".into(), jobs.collect(), refused, at_once, &EndedTrials::default(), watched)
}

fn ended(failure: Option<ErrorKind>) -> Ended {
    let failed = |kind| {
        Outcome::Failed(Failure {
            kind,
            message: "no".to_owned(),
            status: None,
            request_id: None,
            usage: Usage::default(),
            body: None,
            attempts: Vec::new(),
        })
    };
    let trial = Trial {
        v: VERSION,
        key: TrialKey { dataset: "d".into(), case: "c".into(), provider: "p".into(), repeat: 0 },
        task: Task::Classify,
        at_ms: 0,
        output: OutputMode::Text,
        media: Vec::new(),
        outcome: failure.map_or_else(|| Outcome::Answered(Response::default()), failed),
        cost: None,
        sent: None,
        untimed: false,
    };
    Ended::Trial(Box::new(trial), Arc::default())
}

#[test]
fn jobs_come_in_order_while_there_are_places_and_refused_tasks_are_passed_over() {
    let mut schedule = schedule(4, 2);
    let mut next = |under_way| schedule.next(under_way).map(|job| job.entry);
    assert_eq!([next(0), next(1), next(2), next(1), next(0)], [Some(0), Some(1), None, Some(3), None]);
}

#[test]
fn a_dead_host_is_asked_once_after_a_wait_whatever_is_under_way() {
    let mut schedule = schedule(60, 8);
    let down = ended(Some(ErrorKind::Unavailable));
    let waits: Vec<_> = (0..4).map(|_| schedule.note(&down, 0)).collect();
    assert_eq!(waits, [None, None, None, Some(Duration::from_secs(5))]);
    assert!(schedule.next(8).is_some() && schedule.next(8).is_none() && schedule.next(1).is_none());
    assert_eq!(schedule.note(&ended(None), schedule.probes()), None);
    assert!(schedule.next(7).is_some(), "it has its places back");
}

#[test]
fn a_budget_without_room_ends_it_only_after_many_trials_in_a_row() {
    let mut schedule = schedule(90, 1);
    let no_room = Ended::NotSent("no room".to_owned());
    (0..19).for_each(|_| _ = schedule.note(&no_room, 0));
    assert!(schedule.next(0).is_some());
    schedule.note(&no_room, 0);
    assert!(schedule.next(0).is_none());
    let unfinished = schedule.end().unfinished.unwrap();
    assert_eq!((unfinished.missing, unfinished.reason.as_str()), (60, "no room"));
}

#[test]
fn what_is_lost_is_missing_and_what_was_done_before_is_not() {
    let mut schedule = schedule(6, 1);
    schedule.note(&Ended::AlreadyDone, 0);
    schedule.note(&ended(None), 0);
    schedule.note(&Ended::AlreadyDone, 0);
    schedule.lose("a panic".to_owned());
    let end = schedule.end();
    let unfinished = end.unfinished.unwrap();
    assert_eq!((end.recorded, unfinished.missing), (1, 1));
    assert_eq!(unfinished.reason, "1 could not be asked: a panic");
}
