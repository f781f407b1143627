//! What the streams, subjects and consumers of a run are called, and how they are set.

use std::time::Duration;

use async_nats::jetstream::{consumer, kv, stream};

/// The bucket in which coordinators post their runs.
pub const RUNS: &str = "vision-eval-runs";

/// What nobody comes back for does not stay for ever.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// The names of one run.
#[derive(Debug, Clone)]
pub struct Names(pub String);

impl Names {
    /// The stream of assignments.
    pub fn assignments(&self) -> String {
        format!("vision-eval-{}-assignments", self.0)
    }

    /// The stream of reports.
    pub fn reports(&self) -> String {
        format!("vision-eval-{}-reports", self.0)
    }

    /// Where a candidate's assignments go.
    pub fn assignment(&self, candidate: u32) -> String {
        format!("vision-eval.{}.assignment.{candidate}", self.0)
    }

    /// Where the assignments of any candidate go.
    pub fn assignment_any(&self) -> String {
        format!("vision-eval.{}.assignment.*", self.0)
    }

    /// Where reports go.
    pub fn report(&self) -> String {
        format!("vision-eval.{}.report", self.0)
    }

    /// Where a worker says that it begins with an assignment.
    pub fn started(&self, assignment: &str) -> String {
        format!("{}.{assignment}", self.started_any())
    }

    /// How all subjects of that kind begin.
    pub fn started_any(&self) -> String {
        format!("vision-eval.{}.started", self.0)
    }

    pub fn assignment_stream(&self) -> stream::Config {
        work_queue(self.assignments(), vec![self.assignment_any()], PUBLISHED_AGAIN)
    }

    /// What was said of an assignment is said once, also by a worker that gets it after the silence of another and then
    /// waits for half of it.
    pub fn report_stream(&self, silence: Duration) -> stream::Config {
        let remembered = PUBLISHED_AGAIN.max(silence.saturating_mul(2)).min(KEPT);
        work_queue(self.reports(), vec![self.report(), format!("{}.>", self.started_any())], remembered)
    }

    /// Hands a candidate's assignments to workers.
    pub fn candidate_consumer(
        &self,
        candidate: u32,
        at_once: usize,
        silence: Duration,
    ) -> consumer::pull::Config {
        consumer::pull::Config {
            durable_name: Some(candidate_name(candidate)),
            filter_subject: self.assignment(candidate),
            ack_policy: consumer::AckPolicy::Explicit,
            ack_wait: silence,
            max_ack_pending: i64::try_from(at_once).unwrap_or(i64::MAX),
            ..consumer::pull::Config::default()
        }
    }

    /// Hands reports to the coordinator.
    pub fn report_consumer() -> consumer::pull::Config {
        consumer::pull::Config {
            durable_name: Some(COORDINATOR.to_owned()),
            ack_policy: consumer::AckPolicy::Explicit,
            ack_wait: Duration::from_secs(60),
            // Those of trials that wait to be tried again are kept: there may be many.
            max_ack_pending: -1,
            ..consumer::pull::Config::default()
        }
    }
}

/// How long a server knows a message that is published once more because nobody heard that it was stored. It keeps the ids
/// of up to twice as long in memory, so that this decides how much it needs. An assignment that comes twice all the same
/// is begun once: the second claim is refused.
const PUBLISHED_AGAIN: Duration = Duration::from_secs(30);

/// What is acknowledged is gone: a run of millions of trials keeps what is under way.
fn work_queue(name: String, subjects: Vec<String>, duplicate_window: Duration) -> stream::Config {
    stream::Config {
        name,
        subjects,
        retention: stream::RetentionPolicy::WorkQueue,
        storage: stream::StorageType::File,
        max_age: KEPT,
        duplicate_window,
        ..stream::Config::default()
    }
}

/// The coordinator's consumer.
pub const COORDINATOR: &str = "coordinator";

/// A candidate's consumer.
pub fn candidate_name(candidate: u32) -> String {
    format!("candidate-{candidate}")
}

pub fn runs_bucket() -> kv::Config {
    kv::Config { bucket: RUNS.to_owned(), history: 1, max_age: KEPT, ..kv::Config::default() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Names;

    #[test]
    fn what_is_said_twice_is_known_longer_than_a_worker_may_be_silent() {
        for seconds in [1, 30, 600, 86_400] {
            let silence = Duration::from_secs(seconds);
            let stream = Names("run".to_owned()).report_stream(silence);
            assert!(stream.duplicate_window >= 2 * silence, "{seconds} s");
            assert!(stream.duplicate_window <= stream.max_age, "the server would refuse it");
        }
    }
}
