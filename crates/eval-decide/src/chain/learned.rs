//! Signals of chains that are learned: the chance that an answer is right, from what is known of it when it comes.

use super::signal::{ChainModel, ChainSignal, ChainWeight};
use crate::learned::{FOLDS, LEAST_DOCUMENTS, Weighed, fold};
use crate::study::StudyAnswer;

/// A learned signal of one candidate.
pub(super) struct LearnedSignal {
    /// Learned from all documents: what is exported.
    pub model: ChainModel,
    /// By case: learned from other documents.
    pub chances: Vec<Option<f64>>,
}

/// The cases of a study that every candidate was asked.
pub(super) type Cases<'a> = [(usize, Vec<&'a StudyAnswer>)];

/// From what comes with the answers of a candidate, and from how they agree with those of the candidate before, if one is
/// given. Nothing where fewer than two signals tell answers apart, because one has that order by itself; and nothing from a
/// few documents.
pub(super) fn learned(cases: &Cases<'_>, at: usize, before: Option<usize>) -> Option<LearnedSignal> {
    let mut signals: Vec<ChainSignal> = ChainSignal::OWN.iter().map(|(signal, _)| *signal).collect();
    signals.extend(before.map(|_| ChainSignal::Previous));
    let row = |answer: &StudyAnswer| -> Vec<Option<f64>> {
        let own = ChainSignal::OWN.iter().map(|(_, read)| answer.signal(*read));
        own.chain(before.map(|before| answer.agreement.get(before).copied().flatten())).collect()
    };
    let rows: Vec<Option<Vec<Option<f64>>>> =
        cases.iter().map(|(_, answers)| answers[at].answered.then(|| row(answers[at]))).collect();
    let fit = |part: Option<usize>| -> Option<Weighed> {
        let used = (0..cases.len()).filter(|case| part.is_none_or(|part| fold(cases[*case].0) != part));
        let (mut inside, mut right) = (Vec::new(), Vec::new());
        for case in used {
            if let Some(row) = &rows[case] {
                inside.push(row.clone());
                right.push(cases[case].1[at].right);
            }
        }
        Weighed::fit(&inside, &right)
    };
    let mut documents: Vec<usize> = cases.iter().map(|(document, _)| *document).collect();
    documents.sort_unstable();
    documents.dedup();
    let whole = fit(None).filter(|model| model.used.len() > 1 && documents.len() >= LEAST_DOCUMENTS)?;
    let uses_agreement = whole.used.contains(&(signals.len() - 1));
    if before.is_some() && !uses_agreement {
        return None;
    }
    let parts: Vec<Option<Weighed>> = (0..FOLDS).map(|part| fit(Some(part))).collect();
    let parts_of = |document: usize| parts[fold(document)].as_ref();
    let chances = rows
        .iter()
        .zip(cases)
        .map(|(row, (document, _))| Some(parts_of(*document)?.chance(row.as_ref()?)))
        .collect();
    Some(LearnedSignal { model: exported(&whole, &signals), chances })
}

fn exported(learned: &Weighed, signals: &[ChainSignal]) -> ChainModel {
    let weights = learned.used.iter().zip(&learned.usual).zip(learned.model.weights());
    let weight = |((at, usual), (weight, center)): ((&usize, &f64), (f64, f64))| ChainWeight {
        signal: signals[*at],
        weight,
        center,
        usual: *usual,
    };
    ChainModel {
        constant: learned.model.constant(),
        weights: weights.map(weight).filter(|it| it.weight > 0.0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::learned;
    use crate::signal::Signal;
    use crate::study::StudyAnswer;
    use crate::study::testing::study;

    /// Rules that pass at random where the answer is right, beside the confidence.
    fn answers(documents: usize) -> Vec<(usize, Vec<StudyAnswer>)> {
        let mut study = study(documents, 2, 5);
        for (at, case) in study.cases.iter_mut().enumerate() {
            for answer in case.answers.iter_mut().flatten() {
                let passes = if answer.right { at % 9 != 0 } else { at % 3 == 0 };
                answer.signals[Signal::Rules.place()] = Some(f64::from(u8::from(passes)));
                answer.agreement = vec![Some(f64::from(u8::from(at % 4 != 0))); 2];
            }
        }
        study
            .cases
            .into_iter()
            .map(|case| (case.document, case.answers.into_iter().flatten().collect()))
            .collect()
    }

    fn borrowed(answers: &[(usize, Vec<StudyAnswer>)]) -> Vec<(usize, Vec<&StudyAnswer>)> {
        answers.iter().map(|(document, answers)| (*document, answers.iter().collect())).collect()
    }

    #[test]
    fn what_is_exported_says_what_was_learned() {
        let answers = answers(120);
        let found = learned(&borrowed(&answers), 0, None).unwrap();
        assert_eq!(found.model.weights.len(), 2);
        let chance = |rules: f64, evidence: f64| {
            found.model.chance(|signal| match signal {
                super::ChainSignal::Rules => Some(rules),
                super::ChainSignal::Evidence => Some(evidence),
                _ => None,
            })
        };
        assert!(chance(1.0, 0.99) > 0.9 && chance(0.0, 0.1) < 0.5, "{:?}", found.model);
        // On all documents it is about what the parts say.
        let (_, first) = &answers[0];
        let own = found.model.chance(|signal| {
            super::ChainSignal::OWN
                .iter()
                .find(|(own, _)| *own == signal)
                .and_then(|(_, read)| first[0].signal(*read))
        });
        assert!((own - found.chances[0].unwrap()).abs() < 0.1, "{own} {:?}", found.chances[0]);
        assert!(learned(&borrowed(&answers), 0, Some(1)).is_some());
    }

    #[test]
    fn the_label_of_a_document_moves_no_chance_of_its_own() {
        let mut answers = answers(120);
        let before = learned(&borrowed(&answers), 0, None).unwrap().chances;
        answers[7].1[0].right = !answers[7].1[0].right;
        let after = learned(&borrowed(&answers), 0, None).unwrap().chances;
        assert!(before[7] == after[7] && before != after);
    }

    #[test]
    fn few_documents_teach_nothing_and_neither_does_a_single_signal() {
        assert!(learned(&borrowed(&answers(12)), 0, None).is_none());
        let mut answers = answers(120);
        answers.iter_mut().flat_map(|(_, all)| all).for_each(|it| it.signals[Signal::Rules.place()] = None);
        assert!(learned(&borrowed(&answers), 0, None).is_none());
    }
}
