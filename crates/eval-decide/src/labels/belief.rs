//! The chance that a label is wrong, by Bayes' rule from what the candidates say.

use super::votes::{ABSENT, Vote, VotedLabel};
use crate::learned::{FOLDS, fold};

const ROUNDS: usize = 12;
/// The share of a candidate's mistakes that another one makes for the same reason. The data cannot tell it from wrong labels
/// where candidates are few, so it is set, on the careful side.
const SHARED_MISTAKE: f64 = 0.05;
/// The same, where the mistake is to overlook a value.
const SHARED_OMISSION: f64 = 0.3;
/// With more wrong labels than this, labels say too little.
const MOST_WRONG: f64 = 0.1;

/// What is believed of a label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Belief {
    /// The chance that it is wrong.
    pub wrong: f64,
    /// What is most probably right instead, as a vote's key; nothing if no candidate says anything else.
    pub instead: Option<Option<String>>,
}

/// What beliefs rest on, estimated together: whoever is often right is believed, and what is believed says who is right.
#[derive(Debug, Clone)]
pub(super) struct Beliefs {
    /// By field, then by candidate: how often it is right.
    accuracy: Vec<(String, Vec<f64>)>,
    /// How often a label is wrong.
    wrong: f64,
    /// How often a mistake is one that another candidate makes as well.
    same: f64,
    /// How often a mistake is to say that there is nothing.
    absent: f64,
}

impl Beliefs {
    /// For each label, from labels of other documents.
    pub fn cross_fitted(labels: &[VotedLabel], candidates: usize) -> Vec<Belief> {
        let models: Vec<Self> = (0..FOLDS)
            .map(|part| {
                let others = labels.iter().filter(|label| fold(label.document) != part);
                Self::fit(&others.collect::<Vec<_>>(), candidates)
            })
            .collect();
        labels.iter().map(|label| models[fold(label.document)].belief(label)).collect()
    }

    fn fit(labels: &[&VotedLabel], candidates: usize) -> Self {
        let mut fields: Vec<&str> = labels.iter().map(|label| label.field.as_str()).collect();
        fields.sort_unstable();
        fields.dedup();
        let start = |field: &&str| ((*field).to_owned(), vec![0.8; candidates]);
        let mut model =
            Self { accuracy: fields.iter().map(start).collect(), wrong: 0.02, same: 0.1, absent: 0.3 };
        for _ in 0..ROUNDS {
            model = model.improved(labels, candidates);
        }
        model
    }

    /// Counts, with each label wrong as far as it is believed to be.
    fn improved(&self, labels: &[&VotedLabel], candidates: usize) -> Self {
        let mut counts = Counts::new(self.accuracy.len(), candidates);
        for label in labels {
            let Some(field) = self.accuracy.iter().position(|(name, _)| *name == label.field) else {
                continue;
            };
            counts.add(field, label, &self.belief(label));
        }
        let accuracy = self.accuracy.iter().zip(&counts.right);
        let shares = |counts: &Vec<[f64; 2]>| counts.iter().map(|it| share(*it)).collect();
        Self {
            accuracy: accuracy.map(|((name, _), counts)| (name.clone(), shares(counts))).collect(),
            wrong: share(counts.wrong).min(MOST_WRONG),
            same: share(counts.same),
            absent: share(counts.absent),
        }
    }

    fn belief(&self, label: &VotedLabel) -> Belief {
        let mut keys: Vec<&Option<String>> =
            label.votes.iter().flatten().map(|vote| &vote.key).filter(|key| key.is_some()).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Belief { wrong: 0.0, instead: None };
        }
        let of_label = (1.0 - self.wrong).ln() + self.likelihood(label, &None);
        // What a label says by mistake is one of a few values that could be misread, and so is what is right instead.
        let instead = |key: &&Option<String>| self.wrong.ln() + self.same.ln() + self.likelihood(label, key);
        let others: Vec<f64> = keys.iter().map(instead).collect();
        let top = others.iter().copied().fold(of_label, f64::max);
        let sum: f64 = others.iter().map(|it| (it - top).exp()).sum();
        let best = (0..keys.len()).max_by(|a, b| others[*a].total_cmp(&others[*b]));
        Belief { wrong: sum / (sum + (of_label - top).exp()), instead: best.map(|at| keys[at].clone()) }
    }

    /// The logarithm of the chance of what is said, if this is true.
    fn likelihood(&self, label: &VotedLabel, truth: &Option<String>) -> f64 {
        let accuracy = self.accuracy.iter().find(|(name, _)| *name == label.field).map(|(_, by)| by);
        let votes =
            || label.votes.iter().enumerate().filter_map(|(at, vote)| Some((at, &vote.as_ref()?.key)));
        let right = |at: usize| accuracy.map_or(0.5, |by| by[at]);
        let mut said: Vec<&Option<String>> =
            votes().map(|(_, key)| key).filter(|key| *key != truth).collect();
        said.sort_unstable();
        said.dedup();
        let agreeing: f64 = votes().filter(|(_, key)| *key == truth).map(|(at, _)| right(at).ln()).sum();
        let mistakes = said.iter().map(|key| {
            let wrong: Vec<f64> =
                votes().filter(|(_, other)| other == key).map(|(at, _)| 1.0 - right(at)).collect();
            self.mistake(&wrong, key.as_deref() == Some(ABSENT)).ln()
        });
        agreeing + mistakes.sum::<f64>()
    }

    /// The chance that candidates who are wrong so often make one and the same mistake: each by itself, or all for one
    /// reason, such as a hard document.
    fn mistake(&self, wrong: &[f64], is_absent: bool) -> f64 {
        let (kind, alone, shared) = match is_absent {
            true => (self.absent, 1.0, SHARED_OMISSION),
            false => (1.0 - self.absent, self.same, SHARED_MISTAKE),
        };
        let each: f64 = wrong.iter().map(|chance| chance * kind * alone).product();
        let rarest = wrong.iter().copied().fold(1.0, f64::min);
        let together = rarest * kind * f64::powi(shared, wrong.len() as i32 - 1);
        if wrong.len() > 1 { each + together } else { each }
    }
}

/// How many there are, and how many of them are of a kind. All begin with a few that were not seen, so that no share is
/// none or all.
struct Counts {
    /// By field and candidate: answers, and right ones.
    right: Vec<Vec<[f64; 2]>>,
    /// Labels, and wrong ones.
    wrong: [f64; 2],
    /// Pairs of mistakes, and equal ones.
    same: [f64; 2],
    /// Mistakes, and those that say that there is nothing.
    absent: [f64; 2],
}

impl Counts {
    fn new(fields: usize, candidates: usize) -> Self {
        Self {
            right: vec![vec![[1.2, 1.0]; candidates]; fields],
            wrong: [50.0, 1.0],
            same: [20.0, 2.0],
            absent: [10.0, 3.0],
        }
    }

    /// Under the label, a candidate that repeats it is right; under what is believed instead, one that says that.
    fn add(&mut self, field: usize, label: &VotedLabel, belief: &Belief) {
        self.wrong[0] += label.weight;
        self.wrong[1] += label.weight * belief.wrong;
        for (at, vote) in label.votes.iter().enumerate() {
            let Some(vote) = vote else { continue };
            let right = match &vote.key {
                None => 1.0 - belief.wrong,
                key if Some(key) == belief.instead.as_ref() => belief.wrong,
                Some(_) => 0.0,
            };
            self.right[field][at][0] += label.weight;
            self.right[field][at][1] += label.weight * right;
            let mistake = label.weight * (1.0 - right);
            self.absent[0] += mistake;
            match vote.key.as_deref() {
                Some(ABSENT) => self.absent[1] += mistake,
                Some(_) => self.add_pairs(at, label, vote, mistake),
                None => {}
            }
        }
    }

    /// How often the other values that are given are the same one.
    fn add_pairs(&mut self, at: usize, label: &VotedLabel, vote: &Vote, mistake: f64) {
        let others = label.votes.iter().enumerate().filter(|(other, _)| *other != at);
        for (_, other) in others {
            let Some(key) = other.as_ref().and_then(|other| other.key.as_ref()) else { continue };
            if key != ABSENT {
                self.same[0] += mistake;
                self.same[1] += mistake * f64::from(u8::from(Some(key) == vote.key.as_ref()));
            }
        }
    }
}

fn share([all, part]: [f64; 2]) -> f64 {
    (part / all).clamp(0.001, 0.999)
}

#[cfg(test)]
mod tests {
    use eval_statistics::SplitMix64;
    use eval_summary::Scope;
    use serde_json::json;
    use vision_core::Task;

    use super::super::{Vote, VotedLabel, suspects};

    /// Labels of one field, of which some are wrong, read by candidates of these accuracies.
    fn planted(labels: usize, wrong: f64, accuracies: &[f64], seed: u64) -> (Vec<VotedLabel>, Vec<bool>) {
        let mut stream = SplitMix64::new(seed);
        let mut planted = Vec::new();
        let one = |number: usize, stream: &mut SplitMix64, planted: &mut Vec<bool>| {
            let is_wrong = stream.unit() < wrong;
            planted.push(is_wrong);
            // 0 is the truth; a wrong label is one of 20 other values, and so is a mistake.
            let label = if is_wrong { 1 + stream.below(20) } else { 0 };
            let vote = |accuracy: &f64, stream: &mut SplitMix64| {
                let value = if stream.unit() < *accuracy { 0 } else { 1 + stream.below(20) };
                Some(Vote { key: (value != label).then(|| value.to_string()), value: json!(value) })
            };
            VotedLabel {
                scope: Scope::Task { dataset: "synthetic".to_owned(), task: Task::Document },
                case: format!("case-{number}"),
                document: number,
                field: "total".to_owned(),
                value: json!(label),
                weight: 1.0,
                votes: accuracies.iter().map(|accuracy| vote(accuracy, stream)).collect(),
            }
        };
        let labels = (0..labels).map(|number| one(number, &mut stream, &mut planted)).collect();
        (labels, planted)
    }

    #[test]
    fn planted_errors_are_found_and_little_else() {
        let (labels, planted) = planted(600, 0.03, &[0.95, 0.9, 0.97], 4);
        let names: Vec<String> = (0..3).map(|at| format!("synthetic/{at}")).collect();
        let found: Vec<_> =
            suspects(&labels, &names).into_iter().filter(|suspect| suspect.probability >= 0.5).collect();
        let is_planted = |case: &str| planted[case[5..].parse::<usize>().unwrap()];
        let hits = found.iter().filter(|suspect| is_planted(&suspect.case)).count();
        let all = planted.iter().filter(|it| **it).count();
        assert!(hits as f64 >= 0.85 * all as f64, "{hits} of {all}");
        assert!(hits as f64 >= 0.8 * found.len() as f64, "{hits} of {}", found.len());
        assert!(found.windows(2).all(|two| two[0].probability >= two[1].probability));
        let sure = &found[0];
        assert_eq!(sure.suggestion, json!(0));
        assert!(sure.against.len() >= 2 && sure.probability > 0.9);
    }

    #[test]
    fn one_candidate_against_the_label_is_not_believed() {
        let (labels, _) = planted(300, 0.0, &[0.9], 4);
        assert!(suspects(&labels, &["synthetic/0".to_owned()]).iter().all(|it| it.probability < 0.5));
    }
}
