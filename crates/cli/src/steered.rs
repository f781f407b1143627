//! A run obeys what is written into its folder, and says there what it does, while somebody watches.

use std::time::Duration;

use eval::Steering;
use eval_record::{Now, Record, Steer};
use tokio::task::JoinHandle;

use crate::interrupts;

/// So soon it obeys.
const LOOK: Duration = Duration::from_millis(200);

/// Ends with the run.
pub struct Steered {
    task: JoinHandle<()>,
    record: Record,
}

impl Drop for Steered {
    fn drop(&mut self) {
        self.task.abort();
        self.record.forget_now();
    }
}

/// Looks for wishes from now on: what was wished before the run began, or of an earlier part of it, is past.
pub fn obey(record: &Record, steering: Steering, max_concurrency: usize) -> Steered {
    let own = || Record { dir: record.dir.clone(), plan: record.plan.clone() };
    let mut follower = Follower {
        obeyed: record.wished(),
        record: own(),
        steering,
        max_concurrency,
        said: Now::default(),
        is_watched: false,
        stopping: false,
    };
    let task = tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            follower.look();
        }
    });
    Steered { task, record: own() }
}

struct Follower {
    record: Record,
    steering: Steering,
    max_concurrency: usize,
    /// The bytes of wishes that were read.
    obeyed: u64,
    said: Now,
    is_watched: bool,
    stopping: bool,
}

impl Follower {
    fn look(&mut self) {
        if self.record.wished() > self.obeyed
            && let Ok((wishes, next)) = self.record.wishes(self.obeyed)
        {
            self.obeyed = next;
            wishes.iter().for_each(|wish| self.follow(wish.what));
        }
        if self.is_watched {
            self.say();
        }
    }

    fn follow(&mut self, wish: Steer) {
        self.is_watched = true;
        match wish {
            Steer::Watch => {}
            Steer::Pause => self.steering.pause(true),
            Steer::Resume => self.steering.pause(false),
            Steer::Concurrency { requests } => {
                self.steering.run_at_once(requests.min(eval::MOST_AT_ONCE as usize));
            }
            Steer::Stop if self.stopping => {}
            Steer::Stop => {
                self.stopping = true;
                interrupts::end_run();
            }
        }
    }

    /// Nobody loses anything if it cannot be written.
    fn say(&mut self) {
        let now =
            Now { obeyed: self.obeyed, stopping: self.stopping, ..self.steering.now(self.max_concurrency) };
        let is_news = Now { at_ms: self.said.at_ms, ..now.clone() } != self.said;
        if is_news || now.at_ms > self.said.at_ms + 2_000 {
            let _ = self.record.note_now(&now);
            self.said = now;
        }
    }
}
