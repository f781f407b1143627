use std::collections::HashSet;
use std::fmt;

use async_trait::async_trait;
use vision_core::Result;
use vision_http::{Pieces, Reply};

/// A host that takes many requests at once and answers them when it has time.
///
/// Each method is one or a few calls, made once: whoever asks decides about trying again. Only [`create`](Self::create)
/// starts anything that is billed.
#[async_trait]
pub trait BatchHost: fmt::Debug + Send + Sync {
    /// The most that one batch may hold.
    fn limits(&self) -> BatchLimits;

    /// Brings the requests to the host, where that is a step of its own. Gives the name of the file.
    async fn upload(&self, parcel: &Parcel) -> Result<Option<String>>;

    /// Starts the batch, of what was uploaded if anything was.
    async fn create(&self, parcel: &Parcel, file: Option<&str>) -> Result<BatchStatus>;

    /// How a batch is doing.
    async fn look(&self, id: &str) -> Result<BatchStatus>;

    /// The answers of a batch that has ended, in any order. A request without a line was not carried out, unless there
    /// are lines that cannot be read.
    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>>;

    /// Asks for its end. What is answered by then is kept, and billed.
    async fn cancel(&self, id: &str) -> Result<()>;

    /// Looks among the host's batches for one of which nobody knows whether it was created.
    async fn find(&self, sought: &Sought<'_>) -> Result<Found>;

    /// Deletes what the host keeps of a batch that was collected: it holds the pictures that were sent.
    async fn tidy(&self, batch: &BatchStatus) -> Result<()>;

    /// Deletes what was uploaded for the parcel of this name, if that became no batch.
    async fn discard(&self, name: &str) -> Result<()>;
}

/// The most that one batch may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Requests.
    pub requests: usize,
    /// Bytes, media as Base64 included.
    pub bytes: usize,
}

/// Requests that become one batch.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// What tells it from all other batches. Every id of its requests begins so.
    pub name: String,
    /// The model that all of them ask.
    pub model: String,
    /// In the order of the run.
    pub items: Vec<Item>,
}

/// One request of a batch.
#[derive(Debug, Clone)]
pub struct Item {
    /// At most 64 letters, digits, `_` and `-`.
    pub id: String,
    /// The body that a single request would have.
    pub body: Pieces,
}

/// How a batch is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchStatus {
    /// The host's name for it.
    pub id: String,
    /// What that means.
    pub phase: Phase,
    /// The host's own word for it.
    pub word: String,
    /// How far it is, where the host says so.
    pub counts: Option<Counts>,
    /// What the host keeps: the file with the requests.
    pub input: Option<String>,
    /// The files with the answers.
    pub outputs: Vec<String>,
}

/// What a state means for whoever waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Phase {
    /// It goes on, or the host says something that nobody knows.
    #[default]
    Working,
    /// No more will come; what was answered can be collected. It may have expired or been cancelled.
    Ended,
    /// It has ended without answers, and what of it is billed is not known.
    Lost,
    /// The host did not carry out any of it, and why.
    Failed(String),
}

/// How many requests of a batch are through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Answered or failed.
    pub done: u64,
    /// All.
    pub total: u64,
}

/// What became of one request.
#[derive(Debug, Clone)]
pub struct BatchLine {
    /// Its id; empty where that cannot be read.
    pub id: String,
    /// What came back.
    pub outcome: LineOutcome,
}

/// What came back for one request.
#[derive(Debug, Clone)]
pub enum LineOutcome {
    /// The reply that a single request would have had, of any status.
    Replied(Reply),
    /// It was not carried out and is not billed, in the host's word: `expired`, `cancelled`.
    NotDone(String),
    /// Something that is no result, with what the host wrote as its body. It may have been meant for any request that has
    /// no other line.
    Unreadable(Reply),
}

/// A batch of which nobody knows whether it was created.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// The parcel's name.
    pub name: &'a str,
    /// How many requests it has.
    pub requests: usize,
    /// The file of its requests, if one was uploaded.
    pub file: Option<&'a str>,
    /// It was not created before this: seconds since 1970.
    pub since: u64,
    /// Batches that are known to be others.
    pub known: &'a HashSet<String>,
}

/// What became of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This one.
    Batch(BatchStatus),
    /// The host lists no such batch.
    Nothing,
    /// It may be one of these, which show only at their end what is in them.
    Perhaps(Vec<String>),
}
