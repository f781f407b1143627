//! What stands, out of everything that people did.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::event::{Batch, Event, Label, Labeled, Mark, Origin, Shown};
use crate::field::Field;
use crate::typed::same;

/// Whoever opened a document and left it is not waited for any longer.
const HELD: SignedDuration = SignedDuration::from_mins(15);

/// A label as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The batch that it came with: the version of the value.
    pub batch: u64,
    /// When.
    pub at: String,
    /// Whose.
    pub by: String,
    /// What is right.
    pub label: Label,
    /// How the person came to it.
    pub origin: Origin,
    /// The SHA-256 of the file that it is about; empty if it was not kept.
    pub content: String,
    /// Whether it settles what two people disagreed on.
    pub settles: bool,
}

/// What people together say of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth<'a> {
    /// Nothing.
    None,
    /// One thing; the first of those who say it.
    One(&'a Standing),
    /// Different things, and nobody settled it.
    Disagreed(Vec<&'a Standing>),
}

/// A file that has another name by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// Its name before.
    pub from: String,
    /// Its name now.
    pub to: String,
    /// The SHA-256 of the file.
    pub content: String,
}

#[derive(Debug, Default)]
struct Document {
    /// By field and person: all labels that were not withdrawn, the last of which stands.
    labels: BTreeMap<(String, String), Vec<Standing>>,
    marks: BTreeMap<Mark, String>,
    /// By person: when it was shown last, with the batch.
    shown: BTreeMap<String, (u64, String, Shown)>,
}

/// What stands now.
#[derive(Debug, Default)]
pub struct Board {
    documents: BTreeMap<String, Document>,
    /// Who labeled which fields in a batch.
    batches: BTreeMap<u64, (String, Vec<(String, String)>)>,
    people: BTreeSet<String>,
    renamed: Vec<Renamed>,
}

impl Board {
    /// Takes in a batch.
    pub fn apply(&mut self, batch: &Batch) {
        for event in &batch.events {
            if !matches!(event, Event::Moved { .. }) {
                self.people.insert(batch.by.clone());
            }
            match event {
                Event::Moved { from, to, content } => self.rename(from, to, content),
                Event::Shown(shown) => {
                    let seen = (batch.n, batch.at.clone(), shown.clone());
                    self.document(&shown.document).shown.insert(batch.by.clone(), seen);
                }
                Event::Label(labeled) => self.label(batch, labeled),
                Event::Mark { document, mark, on: true, reason } => {
                    self.document(document).marks.insert(*mark, reason.clone());
                }
                Event::Mark { document, mark, .. } => _ = self.document(document).marks.remove(mark),
                Event::Undo { batch } => self.undo(*batch),
            }
        }
    }

    fn label(&mut self, batch: &Batch, labeled: &Labeled) {
        let standing = Standing {
            batch: batch.n,
            at: batch.at.clone(),
            by: batch.by.clone(),
            label: labeled.label.clone(),
            origin: labeled.origin,
            content: labeled.content.clone(),
            settles: labeled.settles,
        };
        let key = (labeled.field.clone(), batch.by.clone());
        self.document(&labeled.document).labels.entry(key).or_default().push(standing);
        let (_, fields) = self.batches.entry(batch.n).or_insert_with(|| (batch.by.clone(), Vec::new()));
        fields.push((labeled.document.clone(), labeled.field.clone()));
    }

    fn undo(&mut self, batch: u64) {
        let Some((by, fields)) = self.batches.remove(&batch) else { return };
        for (document, field) in fields {
            if let Some(labels) = self.document(&document).labels.get_mut(&(field, by.clone())) {
                labels.retain(|standing| standing.batch != batch);
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str, content: &str) {
        if let Some(document) = self.documents.remove(from) {
            self.documents.insert(to.to_owned(), document);
        }
        let labeled = self.batches.values_mut().flat_map(|(_, fields)| fields);
        labeled.filter(|(document, _)| document == from).for_each(|(document, _)| to.clone_into(document));
        let (from, to, content) = (from.to_owned(), to.to_owned(), content.to_owned());
        self.renamed.push(Renamed { from, to, content });
    }

    fn document(&mut self, name: &str) -> &mut Document {
        self.documents.entry(name.to_owned()).or_default()
    }

    /// What a person says of a field.
    #[must_use]
    pub fn standing(&self, document: &str, field: &str, by: &str) -> Option<&Standing> {
        self.documents.get(document)?.labels.get(&(field.to_owned(), by.to_owned()))?.last()
    }

    /// What everybody says of a field, by name of the person.
    pub fn all(&self, document: &str, field: &str) -> Vec<&Standing> {
        let labels = self.documents.get(document).into_iter().flat_map(|it| &it.labels);
        labels.filter(|((name, _), _)| name == field).filter_map(|(_, labels)| labels.last()).collect()
    }

    /// What people together say of a field. Where one leaves it unlabeled, the other's word counts.
    #[must_use]
    pub fn truth(&self, document: &str, field: &Field) -> Truth<'_> {
        let all = self.all(document, &field.name);
        if let Some(settled) = all.iter().filter(|it| it.settles).max_by_key(|it| it.batch) {
            return Truth::One(settled);
        }
        let said: Vec<_> = all.iter().filter(|it| it.label != Label::Unlabeled).copied().collect();
        match said.iter().min_by_key(|it| it.batch).or(all.first()) {
            None => Truth::None,
            Some(first) if said.iter().all(|it| same(field, &it.label, &first.label)) => Truth::One(first),
            Some(_) => Truth::Disagreed(said),
        }
    }

    /// Whether anything that stands was labeled when the file was another one than this.
    #[must_use]
    pub fn is_changed(&self, document: &str, content: &str) -> bool {
        let labels = self.documents.get(document).into_iter().flat_map(|it| it.labels.values());
        let mut standing = labels.filter_map(|labels| labels.last());
        standing.any(|it| !it.content.is_empty() && it.content != content)
    }

    /// Every document with the files that it was labeled from, or shown as where nothing is labeled.
    pub fn contents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.documents.iter().flat_map(|(name, document)| {
            let labeled = document.labels.values().filter_map(|labels| Some(labels.last()?.content.as_str()));
            let mut contents: Vec<&str> = labeled.collect();
            if contents.is_empty() {
                contents.extend(document.shown.values().map(|(_, _, shown)| shown.content.as_str()));
            }
            contents.into_iter().filter(|content| !content.is_empty()).map(|content| (name.as_str(), content))
        })
    }

    /// Whether anything was ever said of a document.
    #[must_use]
    pub fn knows(&self, document: &str) -> bool {
        self.documents.contains_key(document)
    }

    /// Files that got another name, in the order in which that was noticed.
    #[must_use]
    pub fn renamed(&self) -> &[Renamed] {
        &self.renamed
    }

    /// The name that a document had before.
    #[must_use]
    pub fn name_before(&self, document: &str) -> Option<&str> {
        self.renamed.iter().rfind(|it| it.to == document).map(|it| it.from.as_str())
    }

    /// Whether a person has decided every field of a document.
    #[must_use]
    pub fn is_done_by(&self, document: &str, fields: &[Field], by: &str) -> bool {
        fields.iter().all(|field| self.standing(document, &field.name, by).is_some())
    }

    /// Whether every field of a document was decided by somebody.
    #[must_use]
    pub fn is_done(&self, document: &str, fields: &[Field]) -> bool {
        fields.iter().all(|field| !self.all(document, &field.name).is_empty())
    }

    /// Whether it is marked, and why.
    #[must_use]
    pub fn mark(&self, document: &str, mark: Mark) -> Option<&str> {
        self.documents.get(document)?.marks.get(&mark).map(String::as_str)
    }

    /// How a document was shown to a person the last time, with the batch and the time of it.
    #[must_use]
    pub fn shown(&self, document: &str, by: &str) -> Option<(u64, &str, &Shown)> {
        self.documents.get(document)?.shown.get(by).map(|(batch, at, shown)| (*batch, at.as_str(), shown))
    }

    /// Whether somebody else has opened a document lately and is not done with it.
    #[must_use]
    pub fn is_held(&self, document: &str, fields: &[Field], by: &str, now: &str) -> bool {
        let is_late = |at: &str| match (at.parse::<Timestamp>(), now.parse::<Timestamp>()) {
            (Ok(at), Ok(now)) => now.duration_since(at) < HELD,
            _ => false,
        };
        let shown = self.documents.get(document).into_iter().flat_map(|it| &it.shown);
        let mut others = shown.filter(|(other, (_, at, _))| *other != by && is_late(at));
        others.any(|(other, _)| !self.is_done_by(document, fields, other))
    }

    /// Who did anything.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(String::as_str)
    }

    /// Whether a person may withdraw a batch: it is theirs, and nothing was labeled over it.
    ///
    /// # Errors
    /// With the reason why not.
    pub fn check_undo(&self, batch: u64, by: &str) -> Result<(), String> {
        let Some((owner, fields)) = self.batches.get(&batch) else {
            return Err("there is nothing to undo: it was undone already".to_owned());
        };
        if owner != by {
            return Err(format!("{owner} labeled that, and only {owner} can undo it"));
        }
        for (document, field) in fields {
            if self.standing(document, field, by).is_none_or(|standing| standing.batch != batch) {
                return Err(format!("`{field}` of {document} was changed since, in another window"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
