//! Every candidate with every signal that it has.

use crate::learned::cross_fitted;
use crate::promise::Documents;
use crate::signal::Signal;
use crate::study::{Study, StudyAnswer};

/// The documents of a candidate by one signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The candidate.
    pub provider: String,
    /// The signal.
    pub signal: Signal,
    /// What is accepted by it, and right.
    pub documents: Documents,
    /// What its answers cost, with those that the signal needs.
    pub usd_per_document: Option<f64>,
}

/// Every candidate with every signal that tells some of its answers apart; with all of them accepted where none does.
#[must_use]
pub fn lines(study: &Study) -> Vec<Line> {
    (0..study.candidates.len()).flat_map(|candidate| of_candidate(study, candidate)).collect()
}

fn of_candidate(study: &Study, candidate: usize) -> Vec<Line> {
    let line = |signal: Signal, values: &[Option<f64>]| {
        let documents = documents(study, candidate, values);
        (documents.count() > 0).then(|| Line {
            provider: study.candidates[candidate].clone(),
            signal,
            usd_per_document: usd(study, candidate, signal).map(|usd| usd / documents.count() as f64),
            documents,
        })
    };
    let read = |signal: Signal| -> Vec<Option<f64>> {
        let of = |answer: &StudyAnswer| answer.signal(signal);
        study.cases.iter().map(|case| case.answers[candidate].as_ref().and_then(of)).collect()
    };
    let mut found = Vec::new();
    for signal in Signal::READ {
        let values = read(signal);
        if tells_apart(&values) {
            found.extend(line(signal, &values));
        }
    }
    for (signal, among) in [(Signal::Own, &Signal::FREE[..]), (Signal::Combined, &Signal::READ[..])] {
        let used = found.iter().filter(|line| among.contains(&line.signal)).count();
        // What is learned from one signal has its order, and from the same ones is the same.
        let is_new = used > 1 && (signal == Signal::Own || used > own(&found));
        if let Some(values) = cross_fitted(study, candidate, among).filter(|_| is_new) {
            found.extend(line(signal, &values));
        }
    }
    if !found.iter().any(|line| line.signal == Signal::Schema) {
        // Everything that could be read, which costs nothing beside the answer itself.
        found.extend(line(Signal::Schema, &all(study, candidate)));
    }
    found
}

fn own(found: &[Line]) -> usize {
    found.iter().filter(|line| Signal::FREE.contains(&line.signal)).count()
}

fn all(study: &Study, candidate: usize) -> Vec<Option<f64>> {
    let answered = |answer: &StudyAnswer| answer.answered.then_some(1.0);
    study.cases.iter().map(|case| case.answers[candidate].as_ref().and_then(answered)).collect()
}

fn tells_apart(values: &[Option<f64>]) -> bool {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    known.iter().any(|value| *value != known[0])
}

/// A document is as sure as its least sure case, and right if all of its cases are.
fn documents(study: &Study, candidate: usize, values: &[Option<f64>]) -> Documents {
    let mut by_document: Vec<Option<(bool, Option<f64>)>> = vec![None; study.documents];
    for (case, value) in study.cases.iter().zip(values) {
        let Some(answer) = &case.answers[candidate] else { continue };
        let (right, sure) = by_document[case.document].unwrap_or((true, Some(f64::INFINITY)));
        let least = sure.zip(*value).map(|(a, b)| a.min(b));
        by_document[case.document] = Some((right && answer.right, least));
    }
    let mut documents = Documents::default();
    for (right, sure) in by_document.into_iter().flatten() {
        documents.right.push(f64::from(u8::from(right)));
        documents.confidence.push(sure);
    }
    documents
}

/// What all answers cost that a line needs; nothing where one of them has no price.
fn usd(study: &Study, candidate: usize, signal: Signal) -> Option<f64> {
    let asks_others = matches!(signal, Signal::Candidates | Signal::Variants | Signal::Combined);
    let repeats = matches!(signal, Signal::Repeats | Signal::Combined);
    let mut sum = 0.0;
    for case in &study.cases {
        let Some(answer) = &case.answers[candidate] else { continue };
        sum += if answer.answered { answer.usd? } else { answer.usd.unwrap_or(0.0) };
        if repeats {
            sum += answer.repeats_usd?;
        }
        if asks_others {
            let others = case.answers.iter().enumerate().filter(|(at, _)| *at != candidate);
            sum +=
                others.filter_map(|(_, other)| other.as_ref()).map(|other| other.usd).sum::<Option<f64>>()?;
        }
    }
    Some(sum)
}
