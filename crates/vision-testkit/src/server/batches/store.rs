use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::server::dialect::Dialect;
use crate::server::draft::Draft;
use crate::shared::Shared;

/// Whose words a batch is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Shape {
    OpenAi,
    Mistral,
    Messages,
    Generate,
}

impl Shape {
    /// Who says what is wrong with a batch.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::OpenAi | Self::Mistral => Dialect::Chat,
            Self::Messages => Dialect::Messages,
            Self::Generate => Dialect::Generate,
        }
    }
}

/// All batches and their files.
#[derive(Debug, Default)]
pub(in crate::server) struct BatchStore {
    pub inner: Shared<Inner>,
}

#[derive(Debug, Default)]
pub(in crate::server) struct Inner {
    pub next: u64,
    pub files: HashMap<String, Vec<u8>>,
    /// The names of those that were uploaded.
    pub names: HashMap<String, String>,
    pub jobs: Vec<Job>,
}

/// One batch.
#[derive(Debug)]
pub(in crate::server) struct Job {
    pub shape: Shape,
    pub id: String,
    /// In the order in which they were created.
    pub number: u64,
    /// Seconds since 1970.
    pub created: u64,
    pub dialect: Dialect,
    /// The version of the API that was asked for.
    pub version: Option<String>,
    /// The model, where the body does not name it.
    pub model: Option<String>,
    /// What the client told of it, as it came.
    pub told: Value,
    pub lines: Vec<Line>,
    pub looks: u32,
    pub is_cancelling: bool,
    pub ended: Option<End>,
    /// Whether its files of answers were written.
    pub is_written: bool,
}

/// One request of it.
#[derive(Debug)]
pub(in crate::server) struct Line {
    pub id: String,
    pub question: String,
    pub body: Value,
    pub outcome: Option<Draft>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum End {
    Complete,
    Expired,
    Cancelled,
    Failed,
}

impl Job {
    /// Nothing was asked yet.
    pub fn new(shape: Shape, id: String, number: u64, dialect: Dialect) -> Self {
        Self {
            shape,
            id,
            number,
            created: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
            dialect,
            version: None,
            model: None,
            told: Value::Null,
            lines: Vec::new(),
            looks: 0,
            is_cancelling: false,
            ended: None,
            is_written: false,
        }
    }

    /// How many lines are through.
    pub fn done(&self) -> usize {
        self.lines.iter().filter(|line| line.outcome.is_some()).count()
    }

    /// How many of them brought an answer.
    pub fn succeeded(&self) -> usize {
        self.lines.iter().filter(|line| line.outcome.as_ref().is_some_and(|it| it.status == 200)).count()
    }
}
