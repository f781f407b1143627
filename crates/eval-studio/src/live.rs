//! A run as it goes on: what has ended, what is asked, what it costs, and how to steer it.

mod race;
mod view;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use eval_record::{CaseLine, LineReader, Record, Steer, Trial, Wish};
use eval_summary::Scorable;

pub use view::{Lane, LiveView, Trouble, UnderWay};

use crate::check::check_name;
use crate::{Result, StudioError};
use race::Race;

/// Watches one run.
#[derive(Debug)]
pub struct Live {
    record: Record,
    scorable: Scorable,
    state: Mutex<State>,
}

/// What was read of the record so far.
#[derive(Debug, Default)]
struct State {
    /// The bytes of the list of cases.
    cases: u64,
    /// Where the next line of the trials begins.
    next: u64,
    race: Race,
}

impl Live {
    /// Watches the run of a folder.
    ///
    /// # Errors
    /// If it is no record, or its metrics are unknown.
    pub fn open(dir: &Path) -> Result<Self> {
        let record = Record::open(dir)?;
        let scorable = Scorable::new(&record.plan)?;
        Ok(Self { record, scorable, state: Mutex::default() })
    }

    /// How it stands now.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn view(&self) -> Result<LiveView> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut state)?;
        view::view(&self.record, &state.race)
    }

    /// Wishes something of the run.
    ///
    /// # Errors
    /// If nothing runs, or the wish makes no sense.
    pub fn steer(&self, by: &str, what: Steer, at: &str) -> Result<LiveView> {
        check_name(by)?;
        if !self.record.is_running() {
            return Err(StudioError::invalid("the run has ended"));
        }
        if what == (Steer::Concurrency { requests: 0 }) {
            return Err(StudioError::invalid("at least one request at once; pause the run to send none"));
        }
        self.record.wish(&Wish { at: at.to_owned(), by: by.to_owned(), what })?;
        self.view()
    }

    /// Reads what was added since. A line that is being written is left for the next time.
    fn read(&self, state: &mut State) -> Result<()> {
        let length = |file: &str| self.record.path(file).metadata().map_or(0, |it| it.len());
        let cases = length("cases.jsonl");
        if cases != state.cases {
            let mut all: Vec<CaseLine> = Vec::new();
            self.record.cases(|_, case| all.push(case))?;
            let race = Race::new(&self.record.plan, all, self.scorable.is_right_or_wrong());
            *state = State { cases, next: 0, race };
        }
        if length("trials.jsonl") < state.next {
            state.next = 0;
        }
        let Some(mut reader) = self.record.trial_reader()? else { return Ok(()) };
        self.read_trials(&mut reader, state)
    }

    fn read_trials(&self, reader: &mut LineReader, state: &mut State) -> Result<()> {
        let failed =
            |error| StudioError::files(&self.record.path("trials.jsonl"), format!("cannot be read: {error}"));
        reader.seek(state.next).map_err(failed)?;
        let mut trials = Vec::new();
        while let Some(line) = reader.read::<Trial>().map_err(failed)? {
            state.next = reader.position();
            trials.extend(line.value.ok().map(|trial| (line.offset, trial)));
        }
        // A part is noted before its first trial: whoever has read a trial finds its part.
        let parts = self.record.parts()?;
        state.race.part = parts.len();
        for (offset, trial) in trials {
            let score = state.race.case(&trial).and_then(|case| self.scorable.score(case, &trial));
            state.race.note(&trial, score, parts.iter().filter(|from| **from <= offset).count());
        }
        Ok(())
    }
}
