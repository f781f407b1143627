//! What the page can ask for: documents are opened, labels saved, all under one lock.

mod folder;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::board::{Board, Truth};
use crate::check::{check, check_name};
use crate::documents::{CHANGED, content};
use crate::event::{Batch, Event, Label, Labeled, Mark, Shown};
use crate::field::Field;
use crate::journal::Journal;
use crate::moved::Contents;
use crate::opening::agreed;
use crate::origin::{is_drawn, origin};
use crate::project::Project;
use crate::proposals::Proposals;
use crate::request::{Change, Save, Saved, Wanted};
use crate::store::Store;
use crate::typed::{Understood, understand};
use crate::view::{DocumentView, FieldView, Progress};
use crate::{Result, StudioError};

/// The longest reason of a flag.
const LONGEST_REASON: usize = 2_000;

/// What a studio is opened with, beside the fields.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where datasets are exported to; beside the opened folder if not given.
    pub export: Option<PathBuf>,
    /// Who is asked for proposals, by name.
    pub proposers: Vec<String>,
}

/// The studio of one folder.
#[derive(Debug)]
pub struct Studio {
    store: Store,
    project: Project,
    fields: Vec<Field>,
    settings: Settings,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    journal: Journal,
    board: Board,
    proposals: Proposals,
    contents: Contents,
}

impl Studio {
    /// Opens a folder. Without a project, the one that was said before counts.
    ///
    /// # Errors
    /// If the folder cannot be opened, nothing says what is to be labeled, or a project of other fields was said before.
    pub fn open(folder: &Path, project: Option<Project>, settings: Settings) -> Result<Self> {
        let store = Store::open(folder)?;
        let project = agreed(project, &store)?;
        let fields = project.fields()?;
        let (journal, batches) = Journal::open(&store.file("labels.jsonl")?)?;
        let mut board = Board::default();
        batches.iter().for_each(|batch| board.apply(batch));
        let state = Mutex::new(State {
            journal,
            board,
            proposals: Proposals::default(),
            contents: Contents::default(),
        });
        Ok(Self { store, project, fields, settings, state })
    }

    /// Whether nothing was said for a folder yet.
    #[must_use]
    pub fn is_new(folder: &Path) -> bool {
        folder.is_dir() && !folder.join(crate::STUDIO).join("project.json").exists()
    }

    /// The opened folder with its `.studio`.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is labeled.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The fields.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Where the dataset goes.
    #[must_use]
    pub fn export_base(&self) -> PathBuf {
        self.settings.export.clone().unwrap_or_else(|| {
            let name = self.store.root().file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.store.root().with_file_name(format!("{name}-dataset"))
        })
    }

    /// Everything that is read once by whoever needs it: what stands, and what is proposed.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Board, &Proposals) -> T) -> Result<T> {
        let state = self.state()?;
        Ok(at(&state.board, &state.proposals))
    }

    fn state(&self) -> Result<MutexGuard<'_, State>> {
        // Whoever panicked had written the journal or had not: the board follows from it.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = self.store.folder("runs")?;
        let State { board, proposals, .. } = &mut *state;
        proposals.refresh(&runs, (&self.fields, self.project.date_order()), board.renamed())?;
        Ok(state)
    }

    fn progress(&self, state: &State, path: &str, by: &str) -> Progress {
        let board = &state.board;
        let disagreed = |field: &Field| matches!(board.truth(path, field), Truth::Disagreed(_));
        Progress {
            document: path.to_owned(),
            done: board.is_done(path, &self.fields),
            mine: board.is_done_by(path, &self.fields, by),
            skipped: board.mark(path, Mark::Skipped).is_some(),
            flagged: board.mark(path, Mark::Flagged).is_some(),
            disagreed: self.fields.iter().any(disagreed),
        }
    }

    /// Opens a document for a person, and keeps what was shown. Nothing if none is left.
    ///
    /// # Errors
    /// If there is no such document, or what was shown cannot be kept.
    pub fn show(&self, by: &str, wanted: &Wanted, at: &str) -> Result<Option<DocumentView>> {
        check_name(by)?;
        let found = self.documents()?;
        let mut state = self.state()?;
        let document = match &wanted.document {
            Some(name) => found.paths.into_iter().find(|path| path == name),
            None => self.next(&state, found.paths, by, (wanted.again, at)),
        };
        let Some(document) = document else {
            return match &wanted.document {
                Some(name) => Err(StudioError::not_found(format!("there is no document `{name}`"))),
                None => Ok(None),
            };
        };
        let shown = self.shown(&state, &document);
        let number = match state.board.shown(&document, by) {
            Some((number, _, before)) if *before == shown => number,
            _ => self.keep(&mut state, at, by, vec![Event::Shown(shown.clone())])?.n,
        };
        Ok(Some(self.view(&state, &document, by, &shown, number)))
    }

    /// The document to go on with: one that people disagree on, then the most doubtful.
    fn next(&self, state: &State, paths: Vec<String>, by: &str, (again, at): (bool, &str)) -> Option<String> {
        let is_open = |path: &String| {
            let progress = self.progress(state, path, by);
            let done = if again { progress.mine } else { progress.done };
            !progress.skipped && (!done || progress.disagreed && progress.mine)
        };
        let key = |path: &String| {
            let settles = self.progress(state, path, by).disagreed;
            let begun = self.fields.iter().any(|field| state.board.standing(path, &field.name, by).is_some());
            // What nobody has answered yet comes last: proposals may be on their way.
            let waits = !state.proposals.has(path);
            let is_held = state.board.is_held(path, &self.fields, by, at);
            (!settles, !begun, is_held, waits, usize::MAX - state.proposals.doubt(path, &self.fields))
        };
        paths.into_iter().filter(is_open).min_by_key(key)
    }

    /// How a document is shown now. Those that were drawn are shown without proposals to everybody, always.
    fn shown(&self, state: &State, document: &str) -> Shown {
        let drawn = is_drawn(&self.project.seed, document, self.project.blind_share);
        let blind = drawn || !state.proposals.has(document);
        let mut shown = Shown {
            document: document.to_owned(),
            blind,
            drawn,
            content: content(self.store.root(), document),
            filled: BTreeMap::new(),
            offered: BTreeMap::new(),
        };
        if !blind {
            for field in &self.fields {
                let proposed = state.proposals.of(document, field);
                if let Some(label) = proposed.filled() {
                    shown.filled.insert(field.name.clone(), label.clone());
                } else if !proposed.offers.is_empty() {
                    let labels = proposed.offers.into_iter().map(|offer| offer.label).collect();
                    shown.offered.insert(field.name.clone(), labels);
                }
            }
        }
        shown
    }

    fn view(&self, state: &State, document: &str, by: &str, shown: &Shown, number: u64) -> DocumentView {
        let field = |field: &Field| {
            let standing = state.board.standing(document, &field.name, by);
            let proposed = if shown.blind { None } else { Some(state.proposals.of(document, field)) };
            let others = self.others(&state.board, document, field, by);
            FieldView::new(field, standing, proposed, others)
        };
        let reason = |mark| state.board.mark(document, mark).map(str::to_owned);
        DocumentView {
            document: document.to_owned(),
            shown: number,
            blind: shown.blind,
            drawn: shown.drawn,
            before: state.board.name_before(document).map(str::to_owned),
            changed: state.board.is_changed(document, &shown.content).then_some(CHANGED),
            skipped: reason(Mark::Skipped),
            flagged: reason(Mark::Flagged),
            fields: self.fields.iter().map(field).collect(),
        }
    }

    /// What others say of a field that a person has decided, if they disagree. Before that, nobody sees it.
    fn others<'a>(
        &self,
        board: &'a Board,
        document: &str,
        field: &Field,
        by: &str,
    ) -> Vec<(&'a str, &'a Label)> {
        if board.standing(document, &field.name, by).is_none() {
            return Vec::new();
        }
        match board.truth(document, field) {
            Truth::Disagreed(all) => {
                all.into_iter().filter(|it| it.by != by).map(|it| (it.by.as_str(), &it.label)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Saves labels of a document: all of them, or none.
    ///
    /// # Errors
    /// If the document was shown otherwise since, a value was changed in another window, or one cannot be read.
    pub fn save(&self, by: &str, save: &Save, at: &str) -> Result<Saved> {
        check_name(by)?;
        let mut state = self.state()?;
        let shown = match state.board.shown(&save.document, by) {
            Some((number, _, shown)) if number == save.shown => shown.clone(),
            _ => {
                return Err(StudioError::conflict(format!(
                    "{} was shown again since: open it again",
                    save.document
                )));
            }
        };
        let mut events: Vec<Event> = Vec::new();
        for change in &save.changes {
            let labeled = self.labeled(&state.board, by, &shown, change)?;
            if events.iter().any(|it| matches!(it, Event::Label(known) if known.field == labeled.field)) {
                return Err(StudioError::invalid(format!("`{}` is there twice", change.field)));
            }
            events.push(Event::Label(labeled));
        }
        if events.is_empty() {
            return Err(StudioError::invalid("there is nothing to save"));
        }
        Ok(Saved { batch: self.keep(&mut state, at, by, events)?.n })
    }

    fn labeled(&self, board: &Board, by: &str, shown: &Shown, change: &Change) -> Result<Labeled> {
        let field = self.field(&change.field)?;
        let standing = board.standing(&shown.document, &field.name, by);
        if standing.map_or(0, |it| it.batch) != change.seen {
            return Err(StudioError::conflict(format!(
                "`{}` was changed in another window: look at it again",
                field.name
            )));
        }
        let label = match (&change.label, &change.typed) {
            (None, Some(text)) => self.read(field, text)?.label(),
            (Some(label), None) => label.clone(),
            _ => return Err(StudioError::invalid(format!("`{}` has no value, or two", field.name))),
        };
        check(field, &label)?;
        Ok(Labeled {
            document: shown.document.clone(),
            field: field.name.clone(),
            origin: origin(field, &label, shown),
            content: shown.content.clone(),
            settles: !self.others(board, &shown.document, field, by).is_empty(),
            label,
        })
    }

    /// What typed input is understood as.
    ///
    /// # Errors
    /// If there is no such field, or the input cannot be read.
    pub fn understand(&self, field: &str, text: &str) -> Result<Understood> {
        self.read(self.field(field)?, text)
    }

    fn read(&self, field: &Field, text: &str) -> Result<Understood> {
        understand(field, text, self.project.date_order())
            .map_err(|message| StudioError::invalid(format!("{}: {message}", field.name)))
    }

    pub(crate) fn field(&self, name: &str) -> Result<&Field> {
        let found = self.fields.iter().find(|field| field.name == name);
        found.ok_or_else(|| StudioError::not_found(format!("there is no field `{name}`")))
    }

    /// Withdraws a batch of one's own.
    ///
    /// # Errors
    /// If it is another person's, was withdrawn already, or something was labeled over it.
    pub fn undo(&self, by: &str, batch: u64, at: &str) -> Result<Saved> {
        check_name(by)?;
        let mut state = self.state()?;
        state.board.check_undo(batch, by).map_err(StudioError::conflict)?;
        Ok(Saved { batch: self.keep(&mut state, at, by, vec![Event::Undo { batch }])?.n })
    }

    /// Skips or flags a document, or no longer.
    ///
    /// # Errors
    /// If there is no such document.
    pub fn mark(
        &self,
        by: &str,
        document: &str,
        (mark, on, reason): (Mark, bool, &str),
        at: &str,
    ) -> Result<Saved> {
        check_name(by)?;
        if reason.len() > LONGEST_REASON {
            return Err(StudioError::invalid(format!("a reason is at most {LONGEST_REASON} bytes")));
        }
        if !self.documents()?.paths.iter().any(|path| path == document) {
            return Err(StudioError::not_found(format!("there is no document `{document}`")));
        }
        let (document, reason) = (document.to_owned(), reason.to_owned());
        let mut state = self.state()?;
        Ok(Saved {
            batch: self.keep(&mut state, at, by, vec![Event::Mark { document, mark, on, reason }])?.n,
        })
    }

    /// Adds labels that were read from a file, all as one batch.
    pub(crate) fn import(&self, by: &str, labels: Vec<Labeled>, at: &str) -> Result<Saved> {
        check_name(by)?;
        let mut state = self.state()?;
        let events = labels.into_iter().map(Event::Label).collect();
        Ok(Saved { batch: self.keep(&mut state, at, by, events)?.n })
    }

    /// On the disk first, then in force.
    fn keep(&self, state: &mut State, at: &str, by: &str, events: Vec<Event>) -> Result<Batch> {
        let batch = state.journal.append(at, by, events)?;
        state.board.apply(&batch);
        Ok(batch)
    }
}
