//! The labels of a run, looked at case by case and decided anew: scores follow at once, and nobody is asked.

mod apply;
mod calibrate;
mod cases;
mod decide;
mod desk;
mod event;
mod overview;
mod pictures;
mod queue;
mod scores;
mod view;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eval_record::Record;
use eval_summary::{Options, Scorable};

pub use apply::Applied;
pub use calibrate::{BlindAnswer, Judged, ToJudge};
pub use decide::{Decide, FieldChange, Remark};
pub use event::{CaseName, Decision, ReviewEvent, Ruled};
pub use overview::{About, Candidate, Counts, DatasetState, ReviewOverview};
pub use queue::{Queue, QueueItem};
pub use scores::{Cell, Line};
pub use view::{Answer, CaseReview, FieldReview, FoundValue, Past};

use crate::Result;
use crate::journal::Journal;
use crate::store::Store;
use cases::Cases;
use desk::Desk;
use pictures::Pictures;
use scores::Scores;

/// The journal in `.studio` of the record.
const JOURNAL: &str = "review.jsonl";

/// What a review is opened with.
#[derive(Debug, Clone, Default)]
pub struct ReviewSettings {
    /// How records are scored and summarized.
    pub options: Options,
    /// Folders of datasets that may be opened, by name.
    pub folders: HashMap<String, PathBuf>,
}

/// The review of one run.
#[derive(Debug)]
pub struct Review {
    store: Store,
    record: Record,
    settings: ReviewSettings,
    scorable: Scorable,
    pictures: Pictures,
    state: Mutex<State>,
    cases: Mutex<(u64, Arc<Cases>)>,
    scores: Mutex<Option<Cached>>,
    queue: Mutex<Option<(u64, Arc<Queue>)>>,
    /// The open answers that people judge.
    drawn: Mutex<Option<Vec<eval_judge::Item>>>,
}

#[derive(Debug)]
struct State {
    journal: Journal<ReviewEvent>,
    desk: Desk,
}

/// Scores by the record's labels and by those that stand, and of how much of the record.
#[derive(Debug, Clone)]
struct Cached {
    trials: u64,
    decided: u64,
    order: Arc<Vec<(String, bool)>>,
    before: Arc<Scores>,
    after: Arc<Scores>,
}

impl Review {
    /// Opens the folder of a run.
    ///
    /// # Errors
    /// If it is no record, its metrics are unknown, or another studio has it open.
    pub fn open(dir: &Path, settings: ReviewSettings) -> Result<Self> {
        let record = Record::open(dir)?;
        let scorable = Scorable::new(&record.plan)?;
        let store = Store::open(dir)?;
        let (journal, batches) = Journal::open(&store.file(JOURNAL)?)?;
        let mut desk = Desk::default();
        batches.iter().for_each(|batch| desk.apply(batch));
        let pictures = Pictures::of(&record, &settings.folders);
        Ok(Self {
            store,
            record,
            settings,
            scorable,
            pictures,
            state: Mutex::new(State { journal, desk }),
            cases: Mutex::default(),
            scores: Mutex::default(),
            queue: Mutex::default(),
            drawn: Mutex::default(),
        })
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Its folder with the studio's own.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked had written the journal or had not: the desk follows from it.
        locked(&self.state)
    }

    fn length(&self, file: &str) -> u64 {
        self.record.path(file).metadata().map_or(0, |it| it.len())
    }

    /// The cases. A run that only begins has none yet.
    fn cases(&self) -> Result<Arc<Cases>> {
        let length = self.length("cases.jsonl");
        let mut known = locked(&self.cases);
        if known.0 != length {
            *known = (length, Arc::new(Cases::read(&self.record)?));
        }
        Ok(known.1.clone())
    }

    /// Scores before and after, anew if the record has grown or something was decided.
    fn scores(&self) -> Result<Cached> {
        let cases = self.cases()?;
        let mut cached = locked(&self.scores);
        let trials = self.length("trials.jsonl");
        let (decided, labels) = {
            let state = self.state();
            (state.journal.last(), cases.labels(&state.desk))
        };
        let base = match cached.take().filter(|known| known.trials == trials) {
            Some(known) => known,
            None => self.first_scores(trials)?,
        };
        let after = match &base {
            known if known.decided == decided => known.after.clone(),
            known if labels.is_empty() => known.before.clone(),
            known => {
                let options = Options { labels, ..self.settings.options.clone() };
                Arc::new(Scores::of(&self.record, &options, &known.order)?)
            }
        };
        Ok(cached.insert(Cached { decided, after, ..base }).clone())
    }

    fn first_scores(&self, trials: u64) -> Result<Cached> {
        let options = &self.settings.options;
        let planned = overview::order(&self.record, None);
        let before = Scores::of(&self.record, options, &planned)?;
        let order = overview::order(&self.record, Some(&before.summary));
        let before = Arc::new(before.in_order(&planned, &order));
        Ok(Cached { trials, decided: 0, order: Arc::new(order), after: before.clone(), before })
    }

    /// How far the review is, and what has changed by it.
    ///
    /// # Errors
    /// If the record cannot be read or scored.
    pub fn overview(&self) -> Result<ReviewOverview> {
        let scores = self.scores()?;
        let cases = self.cases()?.len();
        let state = self.state();
        let both = (&scores.before.summary, &scores.after.summary);
        let here = |name: &str| self.settings.folders.contains_key(name);
        let overview = overview::overview(&self.record, both, &state.desk, here);
        Ok(ReviewOverview { cases, live: self.record.is_running(), has_open: self.has_open(), ..overview })
    }

    /// Whether answers are held against checks, which people can judge.
    fn has_open(&self) -> bool {
        let tasks = self.record.plan.clean_datasets().flat_map(|dataset| dataset.tasks.values());
        tasks.into_iter().any(|task| task.metric == "checks")
    }

    /// Every case with how the candidates did on it, by the labels that stand.
    ///
    /// # Errors
    /// If the record cannot be read or scored.
    pub fn list(&self) -> Result<Vec<Line>> {
        Ok(self.scores()?.after.lines.clone())
    }
}

fn locked<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
