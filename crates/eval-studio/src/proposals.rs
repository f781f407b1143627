//! What candidates say of the documents, out of the records of their runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use eval_metrics::answer::read;
use eval_metrics::value::DateOrder;
use eval_record::{Outcome, Record};
use serde::Serialize;
use serde_json::Value;
use vision_core::{Bounds, Evidence};

use crate::board::Renamed;
use crate::event::Label;
use crate::field::{Field, Shape, value_at};
use crate::typed::{as_label, same, shown};
use crate::{Result, StudioError};

/// A value that candidates propose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offer {
    /// The value.
    pub label: Label,
    /// As a person would type it.
    pub shown: String,
    /// Who says so.
    pub by: Vec<String>,
    /// The page on which it stands, from 1, if a candidate says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where on that page.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
}

/// What is proposed for a field.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Proposed {
    /// The values, that of most candidates first.
    pub offers: Vec<Offer>,
    /// Whether two or more candidates answered and all of them say the same: the value may be filled in.
    pub agreed: bool,
    /// Whether those who agree are of different kinds, and not two models of one reader.
    pub independent: bool,
}

impl Proposed {
    /// The value that is filled in, if one is.
    #[must_use]
    pub fn filled(&self) -> Option<&Label> {
        self.offers.first().filter(|_| self.agreed).map(|offer| &offer.label)
    }
}

/// What a candidate answered.
#[derive(Debug, Clone)]
struct Answer {
    kind: String,
    labels: BTreeMap<String, Label>,
    evidence: Vec<Evidence>,
}

/// What all candidates say, by document.
#[derive(Debug, Default)]
pub struct Proposals {
    /// By document and candidate.
    answers: HashMap<String, BTreeMap<String, Answer>>,
    /// By document: the SHA-256 of the file that candidates were sent.
    contents: BTreeMap<String, String>,
    /// How many files had got another name.
    renamed: usize,
    /// The records that were read, with the length of their trials.
    read: BTreeMap<String, u64>,
}

impl Proposals {
    /// Reads the records of a folder again if one of them has grown, or a file has got another name.
    ///
    /// # Errors
    /// If the folder or a record cannot be read.
    pub fn refresh(
        &mut self,
        runs: &Path,
        (fields, order): (&[Field], Option<DateOrder>),
        renamed: &[Renamed],
    ) -> Result<()> {
        let now = lengths(runs)?;
        if now == self.read && renamed.len() == self.renamed {
            return Ok(());
        }
        self.answers.clear();
        self.contents.clear();
        for name in now.keys() {
            let failed = |error: eval_record::RecordError| StudioError::files(runs, error);
            let record = Record::open(&runs.join(name)).map_err(failed)?;
            let kinds: HashMap<&str, &str> =
                record.plan.providers.iter().map(|it| (it.label.as_str(), it.kind.as_str())).collect();
            let sent = sent(&record).map_err(failed)?;
            for trial in record.trials(&mut Vec::new()).map_err(failed)? {
                let trial = trial.map_err(failed)?;
                let Outcome::Answered(response) = &trial.outcome else { continue };
                let answer = Answer {
                    kind: kinds.get(trial.key.provider.as_str()).copied().unwrap_or_default().to_owned(),
                    labels: labels(&response.text, fields, order),
                    evidence: response.evidence.clone(),
                };
                let content = sent.get(&trial.key.case).map(String::as_str).unwrap_or_default();
                let document = name_now(trial.key.case, content, renamed);
                if !content.is_empty() {
                    self.contents.insert(document.clone(), content.to_owned());
                }
                self.answers.entry(document).or_default().insert(trial.key.provider, answer);
            }
        }
        (self.read, self.renamed) = (now, renamed.len());
        Ok(())
    }

    /// Every document that was answered with the SHA-256 of the file that was sent.
    pub fn contents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.contents.iter().map(|(document, content)| (document.as_str(), content.as_str()))
    }

    /// Whether anything is proposed for a document.
    #[must_use]
    pub fn has(&self, document: &str) -> bool {
        self.answers.get(document).is_some_and(|by| by.values().any(|answer| !answer.labels.is_empty()))
    }

    /// Whether a candidate has answered about a document.
    #[must_use]
    pub fn has_answer(&self, document: &str, candidate: &str) -> bool {
        self.answers.get(document).is_some_and(|by| by.contains_key(candidate))
    }

    /// How many documents somebody answered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// What is proposed for a field of a document.
    #[must_use]
    pub fn of(&self, document: &str, field: &Field) -> Proposed {
        let Some(by) = self.answers.get(document) else { return Proposed::default() };
        let said =
            by.iter().filter_map(|(name, answer)| Some((name, answer, answer.labels.get(&field.name)?)));
        let (mut offers, mut kinds, mut count): (Vec<Offer>, BTreeSet<&str>, usize) = Default::default();
        for (name, answer, label) in said {
            kinds.insert(&answer.kind);
            count += 1;
            match offers.iter_mut().find(|offer| same(field, &offer.label, label)) {
                Some(offer) => offer.by.push(name.clone()),
                None => offers.push(offer(field, label, name, &answer.evidence)),
            }
        }
        offers.sort_by_key(|offer| std::cmp::Reverse(offer.by.len()));
        // That two readers of one kind find nothing does not say that nothing is there.
        let is_found = |offer: &Offer| offer.label != Label::Absent;
        let agreed = count > 1 && offers.len() == 1 && (kinds.len() > 1 || offers.iter().all(is_found));
        Proposed { independent: agreed && kinds.len() > 1, agreed, offers }
    }

    /// How many fields of a document candidates do not agree on.
    #[must_use]
    pub fn doubt(&self, document: &str, fields: &[Field]) -> usize {
        fields.iter().filter(|field| !self.of(document, field).agreed).count()
    }
}

fn offer(field: &Field, label: &Label, by: &str, evidence: &[Evidence]) -> Offer {
    let found = evidence.iter().find(|it| it.path == field.name);
    Offer {
        label: label.clone(),
        shown: match label {
            Label::Value(value) => shown(value),
            Label::Absent | Label::Unlabeled => String::new(),
        },
        by: vec![by.to_owned()],
        page: found.and_then(|it| it.page),
        bounds: found.and_then(|it| it.bounds),
    }
}

/// The SHA-256 of the file of each case.
fn sent(record: &Record) -> std::result::Result<HashMap<String, String>, eval_record::RecordError> {
    let media = record.media()?.into_iter();
    let hashes: HashMap<String, String> = media.map(|medium| (medium.name, medium.source_hash)).collect();
    let mut sent = HashMap::new();
    record.cases(|_, case| {
        let hash = case.media.first().and_then(|medium| hashes.get(medium));
        sent.extend(hash.map(|hash| (case.case, hash.clone())));
    })?;
    Ok(sent)
}

/// The name that a document has now.
fn name_now(document: String, content: &str, renamed: &[Renamed]) -> String {
    let is_it = |name: &str, it: &&Renamed| it.from == name && it.content == content;
    renamed.iter().fold(document, |name, it| if is_it(&name, &it) { it.to.clone() } else { name })
}

/// The trials of each record, by the name of its folder. A run that only begins has no list of cases yet.
fn lengths(runs: &Path) -> Result<BTreeMap<String, u64>> {
    let failed = |error: std::io::Error| StudioError::files(runs, format!("cannot be read: {error}"));
    let mut lengths = BTreeMap::new();
    for entry in fs::read_dir(runs).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let trials = entry.path().join("trials.jsonl");
        if let (true, Ok(name), Ok(file)) =
            (entry.file_type().map_err(failed)?.is_dir(), entry.file_name().into_string(), trials.metadata())
        {
            lengths.insert(name, file.len());
        }
    }
    Ok(lengths)
}

/// The label of each field that an answer says something about.
fn labels(text: &str, fields: &[Field], order: Option<DateOrder>) -> BTreeMap<String, Label> {
    if let [field @ Field { shape: Shape::Text, .. }] = fields {
        let label = as_label(field, &Value::from(text), order);
        return label.map(|label| (field.name.clone(), label)).into_iter().collect();
    }
    let Some(answer) = read(text).value else { return BTreeMap::new() };
    let of = |field: &Field| {
        let label = as_label(field, value_at(&answer, &field.name)?, order)?;
        Some((field.name.clone(), label))
    };
    fields.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Answer, Proposals, labels};
    use crate::event::Label;
    use crate::project::Project;

    fn proposals(answers: &[(&str, &str, &str)]) -> Proposals {
        let fields = Project::from_template("invoice", &[]).unwrap().fields().unwrap();
        let mut proposals = Proposals::default();
        for (name, kind, text) in answers {
            let answer = Answer {
                kind: (*kind).to_owned(),
                labels: labels(text, &fields, None),
                evidence: Vec::new(),
            };
            proposals.answers.entry("a.png".to_owned()).or_default().insert((*name).to_owned(), answer);
        }
        proposals
    }

    #[test]
    fn what_candidates_agree_on_is_filled_in_and_the_rest_is_offered() {
        let fields = Project::from_template("invoice", &[]).unwrap().fields().unwrap();
        let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
        let found = proposals(&[
            ("local/fast", "local", r#"{"total": 12.5, "date": "2026-03-31", "number": "A1"}"#),
            ("openai/m", "openai", r#"{"total": "12,50 €", "date": "2026-03-30", "tax": null}"#),
            ("local/accurate", "local", r#"{"total": 12.5, "date": "31.3.2026", "tax": null}"#),
        ]);
        let total = found.of("a.png", field("total"));
        assert_eq!(total.filled(), Some(&Label::Value(json!(12.5))));
        assert!(total.independent && total.offers[0].by.len() == 3);
        let date = found.of("a.png", field("date"));
        assert_eq!((date.filled(), date.offers.len(), date.offers[0].by.len()), (None, 2, 2));
        assert_eq!(found.of("a.png", field("tax")).filled(), Some(&Label::Absent));
        let number = found.of("a.png", field("number"));
        assert_eq!((number.filled(), number.offers.len()), (None, 1), "one voice is no agreement");
        assert_eq!(found.doubt("a.png", &fields), fields.len() - 2);
        assert!(!found.has("b.png"));
    }

    #[test]
    fn two_models_of_one_reader_are_not_independent() {
        let fields = Project::from_template("invoice", &[]).unwrap().fields().unwrap();
        let found = proposals(&[("l/a", "local", r#"{"total": 1}"#), ("l/b", "local", r#"{"total": 1}"#)]);
        let total = found.of("a.png", fields.iter().find(|field| field.name == "total").unwrap());
        assert!(total.agreed && !total.independent);
        let blind = proposals(&[("l/a", "local", r#"{"tax": null}"#), ("l/b", "local", r#"{"tax": null}"#)]);
        let tax = blind.of("a.png", fields.iter().find(|field| field.name == "tax").unwrap());
        assert_eq!((tax.filled(), tax.offers.len()), (None, 1), "not found is not absent");
    }

    #[test]
    fn what_is_no_answer_proposes_nothing() {
        let fields = Project::from_template("invoice", &[]).unwrap().fields().unwrap();
        assert_eq!(labels("I cannot read this.", &fields, None), BTreeMap::new());
        let speech = Project::from_template("transcript", &[]).unwrap().fields().unwrap();
        assert_eq!(labels(" Good morning ", &speech, None)["text"], Label::Value(json!("Good morning")));
    }
}
