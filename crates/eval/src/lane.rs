use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::executor::{Ended, Executor};
use crate::jobs::Job;
use crate::recorder::Recorder;
use crate::schedule::{LaneEnd, Schedule};
use crate::stages::{Next, Stages};
use crate::steering::Course;
use crate::stop::Stop;
use crate::{Event, Observer};

/// One candidate's way through a run: its schedule says what comes next, its executor does it, the recorder writes it.
pub(crate) struct Lane {
    pub schedule: Schedule,
    pub executor: Arc<Executor>,
    pub recorder: Arc<Recorder>,
    pub observer: Arc<dyn Observer>,
    pub stop: Stop,
    /// How the run is steered, and how many requests this candidate may have at once at most.
    pub course: (watch::Receiver<Course>, usize),
    /// Where it waits for the others, if the run ends when it is decided.
    pub stages: Option<Arc<Stages>>,
}

impl Lane {
    /// Does every trial, unless it is told to stop or its candidate proves to be of no use.
    pub async fn walk(self) -> LaneEnd {
        let Self { mut schedule, executor, recorder, observer, mut stop, course, stages } = self;
        let (mut course, most) = course;
        if let Some(stages) = &stages {
            schedule.go_on_until(stages.first());
        }
        let mut patience = stop.clone();
        let mut running = JoinSet::new();
        loop {
            schedule.follow(*course.borrow_and_update(), most);
            while let Some(job) = schedule.next(running.len()) {
                if recorder.is_closed() {
                    schedule.give_up("the record could not be written".to_owned());
                    break;
                }
                let begun_after = schedule.probes();
                let trial = trial(executor.clone(), recorder.clone(), observer.clone(), stages.clone(), job);
                running.spawn(async move { (trial.await, begun_after) });
            }
            if running.is_empty() && schedule.is_held() {
                tokio::select! {
                    steered = course.changed() => if steered.is_err() { break },
                    () = stop.asked() => break,
                }
                continue;
            }
            if running.is_empty() {
                let stages = stages.as_ref().filter(|_| schedule.is_at_its_limit());
                match arrived(stages, &executor.label, &mut patience).await {
                    Some(Next::Until(job)) => schedule.go_on_until(job),
                    Some(Next::End) => {
                        schedule.decide();
                        break;
                    }
                    None => break,
                }
                continue;
            }
            tokio::select! {
                ended = running.join_next() => match ended {
                    Some(ended) => note(&mut schedule, ended, &mut stop).await,
                    None => break,
                },
                Ok(()) = course.changed() => {}
                () = patience.grace_over() => break,
            }
        }
        running.abort_all();
        if let Some(stages) = stages {
            stages.leave(&executor.label);
        }
        schedule.end()
    }
}

/// Tells the schedule how a trial ended, and waits for as long as it says.
async fn note(schedule: &mut Schedule, ended: Result<(Ended, u32), JoinError>, stop: &mut Stop) {
    match ended {
        Ok((ended, begun_after)) => {
            if let Some(wait) = schedule.note(&ended, begun_after) {
                stop.sleep(wait).await;
            }
        }
        // It says so on stderr; resume does the trial again.
        Err(_) => schedule.lose("a trial ended in a panic, which is a mistake in this program".to_owned()),
    }
}

/// Waits for the other lanes at the end of a block; nothing comes where there are no blocks, or no time is left.
async fn arrived(stages: Option<&Arc<Stages>>, label: &str, patience: &mut Stop) -> Option<Next> {
    let stages = stages?;
    tokio::select! {
        next = stages.arrive(label) => Some(next),
        () = patience.grace_over() => None,
    }
}

/// A trial writes its own line, so that none waits to be written when the process is killed.
async fn trial(
    executor: Arc<Executor>,
    recorder: Arc<Recorder>,
    observer: Arc<dyn Observer>,
    stages: Option<Arc<Stages>>,
    job: Job,
) -> Ended {
    let ended = executor.carry_out(job).await;
    if let Ended::Trial(trial, media) = &ended {
        recorder.trial(trial, &media.entries);
        executor.recorded(job, trial);
        if let Some(stages) = stages {
            stages.referee().note(trial);
        }
        observer.event(Event::Ended(trial));
    }
    ended
}
