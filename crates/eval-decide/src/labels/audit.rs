//! The audit of a run's labels, and what corrections would change.

use std::collections::{HashMap, HashSet};

use eval_metrics::value::money;
use eval_record::{PlannedProvider, Record};
use eval_summary::{Decision, Labels, Options, Scope, Summary, SummaryError, case_views};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::annotators::AnnotatorAgreement;
use super::copies::Copies;
use super::votes::{Vote, VotedLabel, votes};
use super::{Suspect, suspects};

/// The version of this form.
pub const LABELS_VERSION: u32 = 1;

/// Which labels are probably wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LabelAudit {
    /// The version of this form.
    pub v: u32,
    /// The runs.
    pub runs: Vec<String>,
    /// Independent candidates, without controls. Variants of one model, and engines of this machine, count as one.
    pub candidates: Vec<String>,
    /// Those of them that said the same everywhere, against labels as well: if they are one model, or copy each other,
    /// they are one voice and not several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<String>,
    /// Values of labels that were looked at; entries of lists are not. Copies of one picture count once.
    pub values: u64,
    /// How many of them are probably wrong: the sum of all chances.
    pub probably_wrong: f64,
    /// The chance from which on a value is listed.
    pub at_least: f64,
    /// The most doubtful first.
    pub suspects: Vec<Suspect>,
    /// What would change if every suspect were corrected as suggested.
    pub effects: Vec<Effect>,
    /// The verdict of each run, before and after.
    pub verdicts: Vec<VerdictShift>,
    /// How far people agree who labeled the same values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotators: Vec<AnnotatorAgreement>,
}

/// A candidate's score with the labels as they are and corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// The run.
    pub run: String,
    /// The candidate.
    pub provider: String,
    /// Its score with the labels as they are.
    pub score: f64,
    /// Its score if every suspect were corrected.
    pub corrected: f64,
}

/// What is decided with the labels as they are and corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictShift {
    /// The run.
    pub run: String,
    /// With the labels as they are.
    pub decision: Decision,
    /// Who is recommended with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// With corrected labels.
    pub corrected_decision: Decision,
    /// Who is recommended with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_winner: Option<String>,
}

/// A run with its name.
pub type NamedRecord = (String, Record);

/// Looks at the labels of one run, or of several over the same cases.
///
/// # Errors
/// If a record cannot be read or scored.
pub fn audit(runs: &[NamedRecord], options: &Options, at_least: f64) -> Result<LabelAudit, SummaryError> {
    let candidates = candidates(runs);
    let (names, labels) = voices(&candidates, voted(runs, &candidates, options)?);
    let all = suspects(&labels, &names);
    let weights: HashMap<(&Scope, &str, &str), f64> =
        labels.iter().map(|it| ((&it.scope, it.case.as_str(), it.field.as_str()), it.weight)).collect();
    let weighed = |it: &Suspect| {
        it.probability * weights.get(&(&it.scope, it.case.as_str(), it.field.as_str())).unwrap_or(&1.0)
    };
    let probably_wrong = all.iter().map(weighed).sum();
    let suspects: Vec<Suspect> = all.into_iter().filter(|it| it.probability >= at_least).collect();
    let (mut effects, mut verdicts) = (Vec::new(), Vec::new());
    for (name, record) in runs {
        let corrected = Options { labels: corrected(record, options, &suspects)?, ..options.clone() };
        let (before, after) = (Summary::of(record, options)?, Summary::of(record, &corrected)?);
        effects.extend(effects_of(name, &before, &after));
        verdicts.push(VerdictShift {
            run: name.clone(),
            decision: before.verdict.decision,
            winner: before.verdict.winner,
            corrected_decision: after.verdict.decision,
            corrected_winner: after.verdict.winner,
        });
    }
    Ok(LabelAudit {
        v: LABELS_VERSION,
        runs: runs.iter().map(|(name, _)| name.clone()).collect(),
        alike: alike(&names, &labels),
        candidates: names,
        values: labels.iter().map(|label| label.weight).sum::<f64>().round() as u64,
        probably_wrong,
        at_least,
        suspects,
        effects,
        verdicts,
        annotators: Vec::new(),
    })
}

/// A candidate of one of the runs.
struct Candidate {
    run: usize,
    /// Its label there.
    label: String,
    /// What it is called among all runs.
    name: String,
    /// Candidates of one family make the same mistakes: one model asked in two ways, or one engine on this machine.
    family: String,
}

fn candidates(runs: &[NamedRecord]) -> Vec<Candidate> {
    let of = |(at, (run, record)): (usize, &NamedRecord)| {
        let own = record.plan.providers.iter().filter(|provider| !provider.control);
        let name = |label: &str| if runs.len() > 1 { format!("{run}@{label}") } else { label.to_owned() };
        let candidate = |provider: &PlannedProvider| Candidate {
            run: at,
            label: provider.label.clone(),
            name: name(&provider.label),
            family: match provider.base_url.is_none() && provider.local {
                true => provider.kind.clone(),
                false => format!("{}/{}", provider.kind, provider.model),
            },
        };
        own.map(candidate).collect::<Vec<_>>()
    };
    runs.iter().enumerate().flat_map(of).collect()
}

/// One voice for each family: that of the first of its candidates that answered.
fn voices(candidates: &[Candidate], labels: Vec<VotedLabel>) -> (Vec<String>, Vec<VotedLabel>) {
    let mut families: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        match families.iter_mut().find(|(name, _)| *name == candidate.family) {
            Some((_, members)) => members.push(at),
            None => families.push((&candidate.family, vec![at])),
        }
    }
    let voice = |members: &[usize], votes: &[Option<Vote>]| {
        members.iter().find_map(|at| votes.get(*at).cloned().flatten())
    };
    let labels = labels
        .into_iter()
        .map(|label| {
            let votes = families.iter().map(|(_, members)| voice(members, &label.votes)).collect();
            VotedLabel { votes, ..label }
        })
        .collect();
    let name = |members: &[usize]| {
        let names: Vec<&str> = members.iter().map(|at| candidates[*at].name.as_str()).collect();
        names.join(" = ")
    };
    (families.iter().map(|(_, members)| name(members)).collect(), labels)
}

/// The candidates that nothing tells from another one, and that contradict some labels.
fn alike(names: &[String], labels: &[VotedLabel]) -> Vec<String> {
    // Nothing without an answer; nothing in it for what the label says.
    let said = |one: usize| -> Vec<Option<Option<&str>>> {
        labels.iter().map(|label| label.votes[one].as_ref().map(|vote| vote.key.as_deref())).collect()
    };
    let all: Vec<Vec<Option<Option<&str>>>> = (0..names.len()).map(said).collect();
    let contradicts = |one: &[Option<Option<&str>>]| one.iter().any(|vote| matches!(vote, Some(Some(_))));
    let has_twin = |one: usize| (0..all.len()).any(|other| other != one && all[other] == all[one]);
    let is_alike = |one: &usize| contradicts(&all[*one]) && has_twin(*one);
    (0..names.len()).filter(is_alike).map(|one| names[one].clone()).collect()
}

/// Every label with the votes of all runs whose label is the same.
fn voted(
    runs: &[NamedRecord],
    candidates: &[Candidate],
    options: &Options,
) -> Result<Vec<VotedLabel>, SummaryError> {
    let mut copies = Copies::of(runs.iter().map(|(_, record)| record))?;
    let mut places: HashMap<(Scope, String, String, String), usize> = HashMap::new();
    let mut all: Vec<VotedLabel> = Vec::new();
    for (at, (_, record)) in runs.iter().enumerate() {
        let own: Vec<usize> =
            (0..candidates.len()).filter(|candidate| candidates[*candidate].run == at).collect();
        let labels: Vec<String> = own.iter().map(|candidate| candidates[*candidate].label.clone()).collect();
        for case in case_views(record, options)? {
            for one in votes(&record.plan, &case?, &labels, &mut copies.documents) {
                let key = (one.scope.clone(), one.case.clone(), one.field.clone(), one.value.to_string());
                let place = *places.entry(key).or_insert_with(|| {
                    all.push(VotedLabel { votes: vec![None; candidates.len()], ..one.clone() });
                    all.len() - 1
                });
                for (candidate, vote) in own.iter().zip(one.votes) {
                    all[place].votes[*candidate] = vote;
                }
            }
        }
    }
    copies.weigh(&mut all);
    Ok(all)
}

/// The labels of a record with each suspect corrected as suggested.
fn corrected(record: &Record, options: &Options, suspects: &[Suspect]) -> Result<Labels, SummaryError> {
    let cases: HashSet<&str> = suspects.iter().map(|suspect| suspect.case.as_str()).collect();
    let mut labels = Vec::new();
    for case in case_views(record, options)? {
        let case = case?;
        if !cases.contains(case.case.as_str()) {
            continue;
        }
        let scope = Scope::Task { dataset: case.dataset.clone(), task: case.task };
        let mut label = case.expected.clone();
        for suspect in suspects.iter().filter(|it| it.scope == scope && it.case == case.case) {
            set(&mut label, &suspect.field, as_label(&suspect.label, &suspect.suggestion));
        }
        labels.push(((case.dataset, case.case), label));
    }
    Ok(Labels::new(labels))
}

/// Puts a value into a label.
pub fn set(label: &mut Value, field: &str, value: Value) {
    let mut place = label;
    for name in field.split('.') {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[name];
    }
    *place = value;
}

/// A suggestion in the form of the label that it replaces: an amount stays a number.
#[must_use]
pub fn as_label(label: &Value, suggestion: &Value) -> Value {
    match (label, suggestion) {
        (Value::Number(_), Value::String(_)) => {
            money(suggestion).map_or_else(|| suggestion.clone(), |amount| json!(amount.to_f64()))
        }
        _ => suggestion.clone(),
    }
}

fn effects_of<'a>(
    run: &'a str,
    before: &'a Summary,
    after: &'a Summary,
) -> impl Iterator<Item = Effect> + use<'a> {
    before.overall.rows.iter().filter(|row| !row.control).filter_map(move |row| {
        let then = after.overall.rows.iter().find(|then| then.provider == row.provider)?;
        Some(Effect {
            run: run.to_owned(),
            provider: row.provider.clone(),
            score: row.score.as_ref()?.mean,
            corrected: then.score.as_ref()?.mean,
        })
    })
}

#[cfg(test)]
mod tests {
    use eval_summary::Options;
    use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
    use serde_json::{Value, json};
    use vision_core::Task;

    use super::{as_label, audit, set};

    #[test]
    fn a_label_is_corrected_at_its_place() {
        let mut label = json!({"total": 12, "seller": {"name": "A"}});
        set(&mut label, "seller.name", json!("B"));
        set(&mut label, "buyer.name", json!("C"));
        assert_eq!(label, json!({"total": 12, "seller": {"name": "B"}, "buyer": {"name": "C"}}));
        assert_eq!(as_label(&json!(12.5), &json!("€ 13,50")), json!(13.5));
        assert_eq!(as_label(&json!("2026-01-01"), &json!("1 Feb 2026")), json!("1 Feb 2026"));
    }

    /// A case that stands in the dataset a hundred times is one case, however its copies are called.
    #[test]
    fn copies_of_one_picture_are_one_document() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("run");
        let provider = SyntheticProvider::new;
        let run = SyntheticRun {
            cases: 60,
            repeats: 1,
            tasks: vec![Task::Receipt],
            providers: vec![provider("synthetic/a", 1, 0.9), provider("synthetic/b", 2, 0.9)],
            ..SyntheticRun::varied()
        };
        run.write(&dir).unwrap();
        let found = |name: &str| {
            let record = eval_record::Record::open(&folder.path().join(name)).unwrap();
            audit(&[("run".to_owned(), record)], &Options::default(), 0.0).unwrap()
        };
        let once = found("run");
        // The first case again and again, with the same answers, the same bytes and other names.
        let copied = folder.path().join("copied");
        std::fs::create_dir(&copied).unwrap();
        std::fs::copy(dir.join("plan.json"), copied.join("plan.json")).unwrap();
        let read = |file: &str| std::fs::read_to_string(dir.join(file)).unwrap();
        let first: Value = serde_json::from_str(read("cases.jsonl").lines().next().unwrap()).unwrap();
        for file in ["cases.jsonl", "trials.jsonl", "media.jsonl"] {
            let mut text = read(file);
            let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let is_of_it = |line: &&Value| line["case"] == first["case"] || line["name"] == first["media"][0];
            for number in 0..100 {
                for mut line in lines.iter().filter(is_of_it).cloned() {
                    for (key, value) in line.as_object_mut().unwrap() {
                        match key.as_str() {
                            "case" | "source" | "name" => *value = json!(format!("copy-{number}")),
                            "media" if file == "cases.jsonl" => *value = json!([format!("copy-{number}")]),
                            _ => {}
                        }
                    }
                    text += &format!("{line}\n");
                }
            }
            std::fs::write(copied.join(file), text).unwrap();
        }
        let copied = found("copied");
        assert_eq!(copied.values, once.values);
        assert!((copied.probably_wrong - once.probably_wrong).abs() < 1e-9);
    }

    /// A record whose first labels are made wrong.
    #[test]
    fn wrong_totals_of_a_record_are_found_and_their_effect_is_reckoned() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("run");
        let provider = SyntheticProvider::new;
        let run = SyntheticRun {
            cases: 120,
            repeats: 1,
            tasks: vec![Task::Receipt],
            providers: vec![
                provider("synthetic/a", 1, 0.97),
                provider("synthetic/b", 2, 0.95),
                provider("synthetic/c", 3, 0.96),
            ],
            ..SyntheticRun::varied()
        };
        run.write(&dir).unwrap();
        let path = dir.join("cases.jsonl");
        let lines = std::fs::read_to_string(&path).unwrap();
        let spoilt = lines.lines().enumerate().map(|(at, line)| {
            let mut case: Value = serde_json::from_str(line).unwrap();
            if at % 30 == 0 {
                case["expected"]["total"] = json!(9_999.25);
            }
            case.to_string() + "\n"
        });
        std::fs::write(&path, spoilt.collect::<String>()).unwrap();
        let record = eval_record::Record::open(&dir).unwrap();
        let found = audit(&[("run".to_owned(), record)], &Options::default(), 0.5).unwrap();
        let totals: Vec<_> =
            found.suspects.iter().filter(|it| it.label == json!(9_999.25) && it.probability > 0.9).collect();
        assert_eq!(totals.len(), 4, "{:?}", found.suspects);
        assert!(found.suspects.len() <= 8, "{:?}", found.suspects);
        assert!(found.effects.iter().all(|effect| effect.corrected > effect.score), "{:?}", found.effects);
    }
}
