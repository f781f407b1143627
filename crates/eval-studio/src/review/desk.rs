//! What stands of all that people decided about the labels of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{CaseName, Decision, ReviewEvent, Ruled};
use crate::event::Batch;

/// A decision as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The batch that it came with: the version of the field.
    pub batch: u64,
    /// When.
    pub at: String,
    /// Whose.
    pub by: String,
    /// What.
    pub decision: Decision,
}

/// A remark as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The batch that it came with.
    pub batch: u64,
    /// When.
    pub at: String,
    /// Whose.
    pub by: String,
    /// What.
    pub text: String,
}

/// A flag as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Whose.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What people did about one case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaseDesk {
    /// By field: all decisions that were not withdrawn, in their order.
    fields: BTreeMap<String, Vec<Standing>>,
    /// In their order.
    pub comments: Vec<Comment>,
    /// If it is flagged.
    pub flag: Option<Flag>,
}

impl CaseDesk {
    /// What stands of a field: the last ruling about its label, after the readings that are accepted beside it.
    pub fn field(&self, name: &str) -> impl Iterator<Item = &Standing> {
        let all = self.fields.get(name).map_or(&[][..], Vec::as_slice);
        let is_also = |it: &&Standing| matches!(it.decision.ruling, Ruled::Also(_));
        let last = all.iter().rev().find(|it| !is_also(it));
        all.iter().filter(is_also).chain(last)
    }

    /// All that stands, field by field.
    pub fn standing(&self) -> impl Iterator<Item = &Standing> {
        self.fields.keys().flat_map(|name| self.field(name))
    }

    /// All decisions about a field, those that a later one replaced, too.
    pub fn history(&self, name: &str) -> &[Standing] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// The version of a field: 0 if nothing was decided.
    pub fn version(&self, name: &str) -> u64 {
        self.history(name).last().map_or(0, |it| it.batch)
    }
}

/// A field of a case that was decided; without one, the case that something was said about.
type Touched = (CaseName, Option<String>);

/// What stands now.
#[derive(Debug, Default)]
pub struct Desk {
    cases: BTreeMap<CaseName, CaseDesk>,
    /// Who decided which fields in a batch, or said something.
    batches: BTreeMap<u64, (String, Vec<Touched>)>,
    people: BTreeSet<String>,
}

impl Desk {
    /// Takes in a batch.
    pub fn apply(&mut self, batch: &Batch<ReviewEvent>) {
        self.people.insert(batch.by.clone());
        let (n, at, by) = (batch.n, || batch.at.clone(), || batch.by.clone());
        for event in &batch.events {
            match event {
                ReviewEvent::Decide(decision) => {
                    let standing = Standing { batch: n, at: at(), by: by(), decision: decision.clone() };
                    let case = self.case_mut(&decision.of);
                    case.fields.entry(decision.field.clone()).or_default().push(standing);
                    self.remember(batch, &decision.of, Some(&decision.field));
                }
                ReviewEvent::Comment { of, text } => {
                    let comment = Comment { batch: n, at: at(), by: by(), text: text.clone() };
                    self.case_mut(of).comments.push(comment);
                    self.remember(batch, of, None);
                }
                ReviewEvent::Flag { of, on, reason } => {
                    let flag = on.then(|| Flag { by: by(), reason: reason.clone() });
                    self.case_mut(of).flag = flag;
                }
                ReviewEvent::Undo { batch } => self.undo(*batch),
            }
        }
    }

    fn remember(&mut self, batch: &Batch<ReviewEvent>, of: &CaseName, field: Option<&str>) {
        let (_, all) = self.batches.entry(batch.n).or_insert_with(|| (batch.by.clone(), Vec::new()));
        all.push((of.clone(), field.map(str::to_owned)));
    }

    fn undo(&mut self, batch: u64) {
        let Some((_, all)) = self.batches.remove(&batch) else { return };
        for (of, field) in all {
            let case = self.case_mut(&of);
            match field.and_then(|field| case.fields.get_mut(&field)) {
                Some(decisions) => decisions.retain(|it| it.batch != batch),
                None => case.comments.retain(|it| it.batch != batch),
            }
        }
    }

    fn case_mut(&mut self, of: &CaseName) -> &mut CaseDesk {
        self.cases.entry(of.clone()).or_default()
    }

    /// What people did about a case.
    #[must_use]
    pub fn case(&self, of: &CaseName) -> Option<&CaseDesk> {
        self.cases.get(of)
    }

    /// Every case that anything was done about.
    pub fn cases(&self) -> impl Iterator<Item = (&CaseName, &CaseDesk)> {
        self.cases.iter()
    }

    /// Who did anything.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(String::as_str)
    }

    /// Whether a person may withdraw a batch: it is theirs, and nothing was decided over it.
    ///
    /// # Errors
    /// With the reason why not.
    pub fn check_undo(&self, batch: u64, by: &str) -> Result<(), String> {
        let Some((owner, all)) = self.batches.get(&batch) else {
            return Err("there is nothing to undo: it was undone already".to_owned());
        };
        if owner != by {
            return Err(format!("{owner} decided that, and only {owner} can undo it"));
        }
        for (of, field) in all {
            let Some(field) = field else { continue };
            if self.case(of).is_none_or(|case| case.version(field) != batch) {
                return Err(format!("`{field}` of {} was decided again since, in another window", of.case));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{CaseName, Decision, Desk, ReviewEvent, Ruled};
    use crate::event::Batch;

    fn name() -> CaseName {
        CaseName { dataset: "d".to_owned(), case: "c".to_owned() }
    }

    fn decide(n: u64, by: &str, ruling: Ruled) -> Batch<ReviewEvent> {
        let decision = Decision {
            of: name(),
            field: "total".to_owned(),
            from: Value::Null,
            ruling,
            reason: "seen".to_owned(),
        };
        Batch { n, at: "t".to_owned(), by: by.to_owned(), events: vec![ReviewEvent::Decide(decision)] }
    }

    fn stands(desk: &Desk) -> Vec<Ruled> {
        desk.case(&name()).unwrap().field("total").map(|it| it.decision.ruling.clone()).collect()
    }

    #[test]
    fn the_last_ruling_stands_beside_all_readings_until_it_is_undone() {
        let mut desk = Desk::default();
        desk.apply(&decide(1, "anna", Ruled::Value(json!(1))));
        desk.apply(&decide(2, "ben", Ruled::Also(json!(2))));
        desk.apply(&decide(3, "ben", Ruled::Kept));
        assert_eq!(stands(&desk), [Ruled::Also(json!(2)), Ruled::Kept]);
        assert!(desk.check_undo(1, "anna").unwrap_err().contains("another window"));
        assert!(desk.check_undo(3, "anna").unwrap_err().contains("only ben"));
        desk.check_undo(3, "ben").unwrap();
        let undo = |n, batch| Batch {
            n,
            at: "t".to_owned(),
            by: "ben".to_owned(),
            events: vec![ReviewEvent::Undo { batch }],
        };
        desk.apply(&undo(4, 3));
        assert_eq!(stands(&desk), [Ruled::Also(json!(2)), Ruled::Value(json!(1))]);
        desk.apply(&undo(5, 2));
        assert_eq!(stands(&desk), [Ruled::Value(json!(1))]);
        assert!(desk.check_undo(3, "ben").unwrap_err().contains("undone already"));
        assert_eq!(desk.people().collect::<Vec<_>>(), ["anna", "ben"]);
    }

    #[test]
    fn an_event_is_read_as_it_was_written() {
        for ruling in [
            Ruled::Kept,
            Ruled::Value(json!({"a": 1})),
            Ruled::Absent,
            Ruled::Unlabeled,
            Ruled::Also(json!("x")),
        ] {
            let batch = decide(1, "anna", ruling);
            let line = serde_json::to_string(&batch).unwrap();
            assert_eq!(serde_json::from_str::<Batch<ReviewEvent>>(&line).unwrap(), batch, "{line}");
        }
    }
}
