use eval_record::{Look, Trial};

/// Watches a run, to show its progress. Called from many tasks at once, so it must be quick.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);
}

/// What happens in a run.
#[derive(Debug)]
pub enum Event<'a> {
    /// A provider begins its way through the run.
    Planned {
        /// Its label.
        provider: &'a str,
        /// How many trials it has in the whole run.
        trials: u64,
    },
    /// A trial of this provider was done in an earlier part of the run.
    Known {
        /// Its label.
        provider: &'a str,
    },
    /// A trial ended and is on its way into the record.
    Ended(&'a Trial),
    /// An answer cost more than its request allows. So much is put aside for each further request of the provider.
    Overrun {
        /// The provider's label.
        provider: &'a str,
        /// How many times the most that was allowed.
        times: f64,
    },
    /// A host does not answer; its provider is tried again now and then.
    Paused {
        /// The provider's label.
        provider: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A batch of requests is in another state.
    Batch {
        /// The provider's label.
        provider: &'a str,
        /// Its number within the run.
        batch: u32,
        /// In the host's word.
        state: &'a str,
        /// How many of its requests are through, where the host says so.
        done: Option<u64>,
        /// How many it has.
        requests: u64,
    },
    /// Something that whoever watches should know.
    Noted {
        /// The provider's label.
        provider: &'a str,
        /// What.
        message: &'a str,
    },
    /// The referee of a run that ends when it is decided has looked at it.
    Looked(&'a Look),
    /// A provider does no more in this run.
    Stopped {
        /// Its label.
        provider: &'a str,
        /// Why.
        reason: &'a str,
    },
}

/// Nobody watches.
impl Observer for () {
    fn event(&self, _: Event<'_>) {}
}
