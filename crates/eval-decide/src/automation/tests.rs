use super::{Wanted, automation, lines};
use crate::promise::{THRESHOLDS, Target, promise};
use crate::signal::Signal;
use crate::study::testing::study;

#[test]
fn a_document_is_as_sure_as_its_least_sure_case_and_right_if_all_are() {
    let mut study = study(4, 1, 3);
    study.cases.iter_mut().for_each(|case| case.document /= 2);
    study.documents = 2;
    let line = &lines(&study)[0];
    assert_eq!(line.documents.count(), 2);
    for (document, pair) in study.cases.chunks(2).enumerate() {
        let answers: Vec<_> = pair.iter().map(|case| case.answers[0].as_ref().unwrap()).collect();
        let least = answers.iter().filter_map(|it| it.signal(Signal::Evidence)).reduce(f64::min);
        assert_eq!(line.documents.confidence[document], least);
        let right = answers.iter().all(|answer| answer.right);
        assert_eq!(line.documents.right[document], f64::from(u8::from(right)));
    }
}

#[test]
fn what_the_data_supports_is_promised_and_ranked_by_its_cost() {
    let wanted = Wanted { max_error: 0.05, ..Wanted::default() };
    let found = automation("run", &[study(1_500, 2, 7)], &wanted);
    let task = &found.tasks[0];
    let best = &task.lines[0];
    let promised = best.promised.unwrap();
    assert!(promised.bound <= 0.05 && promised.share > 0.5, "{promised:?}");
    assert!(THRESHOLDS.contains(&promised.threshold));
    let total = best.total.unwrap();
    assert!((total.people - (1.0 - promised.share) * 400.0).abs() < 1e-9);
    assert!(total.usd < task.people.usd);
    let recommended = task.recommended.as_ref().unwrap();
    assert_eq!((&recommended.provider, recommended.chosen_from), (&best.provider, task.lines.len() as u64));
    assert!(recommended.promised.share <= promised.share);
}

/// What is offered for today must be recommended by whoever then asks for it, and what is recommended must hold although
/// it was chosen.
#[test]
fn the_error_of_today_is_recommended_to_whoever_asks_for_it() {
    let mut seen = 0;
    for (documents, seed) in [(40, 1), (60, 2), (90, 3), (150, 4), (300, 5)] {
        let studies = [study(documents, 4, seed)];
        let task = |max_error: f64| {
            let wanted = Wanted { max_error, ..Wanted::default() };
            automation("run", &studies, &wanted).tasks.remove(0)
        };
        let first = task(0.01);
        let Some(today) = first.today.clone() else { continue };
        assert_eq!(first.recommended, None, "{documents}");
        let then = task(today.error);
        assert_eq!(then.recommended.as_ref(), Some(&today.best));
        let line = then.line(&today.best.provider, today.best.signal).unwrap();
        assert!(line.promised.unwrap().share >= today.best.promised.share);
        // Whatever else holds at its part of the error rate costs no less.
        let delta = then.lines.len() as f64;
        let holding = lines(&studies[0]).into_iter().filter_map(|line| {
            let target = Target { error: today.error, delta: 0.05 / delta };
            let accepted = promise(&line.documents, target)?;
            Some(super::total(&line, accepted.share, accepted.observed_error, &Wanted::default())?.usd)
        });
        let least = holding.fold(f64::INFINITY, f64::min);
        assert!((today.best.total.unwrap().usd - least).abs() < 1e-9);
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn what_it_does_not_support_says_how_many_documents_it_takes() {
    let found = automation("run", &[study(60, 1, 7)], &Wanted::default());
    let line = &found.tasks[0].lines[0];
    assert_eq!((line.promised, line.total, found.tasks[0].recommended.as_ref()), (None, None, None));
    assert_eq!(line.needed.unwrap().accepted_at_least, 299);
    let today = line.today.unwrap();
    assert!(today.error > 0.01 && today.accepted.bound <= today.error);
}

#[test]
fn answers_that_a_signal_needs_are_paid_for() {
    let mut study = study(30, 2, 7);
    for (at, case) in study.cases.iter_mut().enumerate() {
        for answer in case.answers.iter_mut().flatten() {
            answer.signals[Signal::Candidates.place()] = Some(f64::from(u8::from(at % 3 != 0)));
            answer.usd = Some(0.01);
        }
    }
    let usd = |signal: Signal| {
        let all = lines(&study);
        let line = all.iter().find(|line| line.signal == signal && line.provider == "synthetic/0");
        line.unwrap().usd_per_document.unwrap()
    };
    assert!((usd(Signal::Evidence) - 0.01).abs() < 1e-12);
    assert!((usd(Signal::Candidates) - 0.02).abs() < 1e-12);
}

/// Where everything may be accepted, no signal is paid for.
#[test]
fn a_candidate_that_is_good_enough_needs_no_signal() {
    let mut study = study(400, 2, 7);
    for (at, case) in study.cases.iter_mut().enumerate() {
        for answer in case.answers.iter_mut().flatten() {
            answer.signals[Signal::Candidates.place()] = Some(f64::from(u8::from(at % 3 != 0)));
            (answer.right, answer.usd) = (true, Some(0.01));
        }
    }
    let wanted = Wanted { max_error: 0.05, ..Wanted::default() };
    let task = automation("run", &[study], &wanted).tasks.remove(0);
    let best = task.recommended.unwrap();
    assert!((best.promised.share - 1.0).abs() < 1e-12 && (best.total.unwrap().answers - 10.0).abs() < 1e-9);
}

#[test]
fn a_failed_trial_goes_to_a_person() {
    let mut study = study(30, 1, 7);
    let answer = study.cases[0].answers[0].as_mut().unwrap();
    (answer.answered, answer.right, answer.signals, answer.usd) = (false, false, Default::default(), None);
    let line = &lines(&study)[0];
    assert_eq!(line.documents.confidence[0], None);
    assert!(line.usd_per_document.is_some());
}

fn all_right(documents: usize) -> crate::study::Study {
    let mut study = study(documents, 3, 7);
    study
        .cases
        .iter_mut()
        .flat_map(|case| &mut case.answers)
        .flatten()
        .for_each(|answer| answer.right = true);
    study
}

#[test]
fn the_documents_that_a_choice_takes_are_enough_for_it() {
    let of = |documents| automation("run", &[all_right(documents)], &Wanted::default()).tasks.remove(0);
    let few = of(299);
    assert!(few.lines.iter().any(|line| line.promised.is_some()) && few.recommended.is_none());
    let needed = few.needed.unwrap();
    assert!(needed > 299, "{needed}");
    let enough = of(needed as usize);
    assert!(enough.recommended.is_some() && enough.needed.is_none());
}

#[test]
fn as_many_mistakes_as_are_promised_may_cost_more_than_people() {
    let wanted = Wanted { max_error: 0.1, wrong_usd: Some(25.0), ..Wanted::default() };
    let task = automation("run", &[all_right(60)], &wanted).tasks.remove(0);
    assert!(!task.people_alone_cost_less() && task.may_cost_more());
    let best = task.recommended.unwrap();
    let (seen, most) = (best.total.unwrap(), best.total_at_most.unwrap());
    let expected = seen.errors + best.promised.share * 0.1 * 25_000.0;
    assert!((most.errors - expected).abs() < 1e-6, "{most:?}");
    let cheap = Wanted { wrong_usd: None, ..wanted };
    assert!(!automation("run", &[all_right(60)], &cheap).tasks[0].may_cost_more());
}
