//! Copies of one picture, byte for byte. What is said of them is said once, under whatever names they stand in a dataset.

use std::collections::HashMap;

use eval_record::Record;
use eval_summary::SummaryError;

use super::votes::VotedLabel;

/// The documents of some runs, and the pictures of their cases.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// By dataset and source: the number of the document. Sources that share a picture are one document.
    pub documents: HashMap<(String, String), usize>,
    /// By dataset and case: the hashes of its media, where all are known.
    pictures: HashMap<(String, String), Vec<String>>,
}

impl Copies {
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Result<Self, SummaryError> {
        let mut found = Self::default();
        let mut first_with: HashMap<String, usize> = HashMap::new();
        // By number: the same document under an earlier one.
        let mut same_as: Vec<usize> = Vec::new();
        for record in records {
            let hashes: HashMap<(String, String), String> =
                record.media()?.into_iter().map(|it| ((it.dataset, it.name), it.source_hash)).collect();
            record.cases(|_, case| {
                let document = *found
                    .documents
                    .entry((case.dataset.clone(), case.source.clone()))
                    .or_insert_with(|| {
                        same_as.push(same_as.len());
                        same_as.len() - 1
                    });
                let hash = |name: &String| hashes.get(&(case.dataset.clone(), name.clone())).cloned();
                let media: Option<Vec<String>> = case.media.iter().map(hash).collect();
                let Some(media) = media.filter(|media| !media.is_empty()) else { return };
                for hash in &media {
                    let other = *first_with.entry(hash.clone()).or_insert(document);
                    let (one, other) = (root(&same_as, document), root(&same_as, other));
                    same_as[one.max(other)] = one.min(other);
                }
                found.pictures.insert((case.dataset, case.case), media);
            })?;
        }
        found.documents.values_mut().for_each(|document| *document = root(&same_as, *document));
        Ok(found)
    }

    /// Labels of one picture that say the same count together as one.
    pub fn weigh(&self, labels: &mut [VotedLabel]) {
        let mut counts: HashMap<(Vec<String>, String, String), f64> = HashMap::new();
        for key in labels.iter().filter_map(|label| self.key(label)) {
            *counts.entry(key).or_default() += 1.0;
        }
        for label in labels {
            label.weight = self.key(label).and_then(|key| counts.get(&key)).map_or(1.0, |count| 1.0 / count);
        }
    }

    fn key(&self, label: &VotedLabel) -> Option<(Vec<String>, String, String)> {
        let eval_summary::Scope::Task { dataset, task } = &label.scope else { return None };
        let media = self.pictures.get(&(dataset.clone(), label.case.clone()))?;
        Some((media.clone(), format!("{} {}", task.name(), label.field), label.value.to_string()))
    }
}

fn root(same_as: &[usize], mut at: usize) -> usize {
    while same_as[at] != at {
        at = same_as[at];
    }
    at
}
