use std::collections::BTreeMap;
use std::time::Duration;

use eval_summary::{
    AnswerView, Board, CaseView, Check, Decision, GateReport, GateVerdict, Row, Scope, Summary, TrialStatus,
    Verdict,
};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

// Nothing that is not allowed in XML, and every text on a line of its own.
use crate::contents::{headline, reason};
use crate::escape::terminal;
use crate::figures::{interval, percent};
use crate::trials::{is_wrong, name};

/// JUnit XML: a suite for the verdict and one for the gate, then a suite per dataset × task with a test case per provider.
/// A case there fails if some of its trials failed or are missing; how well a provider did is said in its output and judged
/// by the gate. The verdict and the gate fail where the exit code of `run` does.
#[must_use]
pub fn junit(summary: &Summary, gate: Option<&GateReport>) -> String {
    let mut report = Report::new(terminal(&summary.run.name));
    let mut verdict = TestSuite::new("verdict");
    verdict.add_test_case(recommendation(&summary.verdict));
    report.add_test_suite(verdict);
    if let Some(gate) = gate {
        let mut suite = TestSuite::new("gate");
        suite.add_test_cases(gate.checks.iter().filter(|check| !check.part).map(|one| check(one, gate)));
        report.add_test_suite(suite);
    }
    for board in &summary.boards {
        let mut suite = TestSuite::new(terminal(&board.scope.to_string()));
        for row in &board.rows {
            suite.add_test_case(test_case(board, row));
        }
        report.add_test_suite(suite);
    }
    without_skipped_sum(&report.to_string().expect("strings are always written"))
}

/// JUnit XML: a suite per dataset × task × provider, a test case per case and repeat; controls are left out.
///
/// A trial that failed or is missing is an error, an answer with something wrong in it is a failure, and what could not
/// be asked is skipped.
#[must_use]
pub fn junit_cases(summary: &Summary, cases: impl IntoIterator<Item = CaseView>) -> String {
    let asked: Vec<&str> =
        summary.providers.iter().filter(|one| !one.control).map(|one| one.label.as_str()).collect();
    let mut suites: BTreeMap<(usize, usize), TestSuite> = BTreeMap::new();
    for case in cases {
        let scope = Scope::Task { dataset: case.dataset.clone(), task: case.task };
        let Some(board) = summary.boards.iter().position(|board| board.scope == scope) else { continue };
        for answer in &case.answers {
            let Some(place) = asked.iter().position(|label| *label == answer.provider) else { continue };
            let suite = suites
                .entry((board, place))
                .or_insert_with(|| TestSuite::new(terminal(&format!("{scope}: {}", answer.provider))));
            suite.add_test_case(trial(&case, answer));
        }
    }
    let mut report = Report::new(terminal(&summary.run.name));
    report.add_test_suites(suites.into_values());
    without_skipped_sum(&report.to_string().expect("strings are always written"))
}

fn trial(case: &CaseView, answer: &AnswerView) -> TestCase {
    let status = match (answer.status, answer.score) {
        (TrialStatus::Skipped, _) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(terminal(answer.failure.as_ref().map_or("", |failure| &failure.message)));
            status
        }
        (TrialStatus::Failed, _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            if let Some(failure) = &answer.failure {
                status.set_type(name(Some(&failure.kind)));
                status.set_message(terminal(&failure.message));
            }
            status
        }
        (TrialStatus::Missing, _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("missing");
            let reason = answer.failure.as_ref().map(|failure| terminal(&failure.message));
            status.set_message(reason.unwrap_or_else(|| "planned, but not in the record".to_owned()));
            status
        }
        (TrialStatus::Answered, _) if answer.referred.is_some() => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("referred to a person");
            status
        }
        (TrialStatus::Answered, None) => TestCaseStatus::skipped(),
        (TrialStatus::Answered, Some(_)) if answer.fully_right => TestCaseStatus::success(),
        (TrialStatus::Answered, Some(score)) => {
            let wrong = || answer.findings.iter().filter(|one| is_wrong(one.verdict));
            let paths: Vec<&str> = wrong().map(|one| one.path.as_str()).collect();
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("wrong");
            status.set_message(terminal(&format!("score {}: {}", percent(score), paths.join(", "))));
            let lines: Vec<String> = wrong()
                .map(|one| terminal(&format!("{}: expected {}, got {}", one.path, one.expected, one.got)))
                .collect();
            status.set_description(lines.join("\n"));
            status
        }
    };
    let repeat = if answer.repeat > 0 { format!(", repeat {}", answer.repeat + 1) } else { String::new() };
    let mut test = TestCase::new(terminal(&format!("{}{repeat}", case.case)), status);
    test.set_classname(terminal(&answer.provider));
    if let Some(seconds) = answer.seconds {
        test.set_time(Duration::from_secs_f64(seconds));
    }
    test
}

/// The schema that Jenkins checks against knows no `skipped` of all suites together, only of each.
fn without_skipped_sum(xml: &str) -> String {
    let root = xml.find("<testsuites").expect("the root is always written");
    let end = root + xml[root..].find('>').expect("a tag is always closed");
    let sum = xml[root..end].rfind(" skipped=\"").map(|at| root + at);
    let after = |at: usize| at + xml[at..].match_indices('"').nth(1).expect("a value is always closed").0 + 1;
    sum.map_or_else(|| xml.to_owned(), |at| format!("{}{}", &xml[..at], &xml[after(at)..]))
}

fn recommendation(verdict: &Verdict) -> TestCase {
    let mut status = match (verdict.unmet(), verdict.decision) {
        (Some(_), _) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (None, Decision::Recommended) => TestCaseStatus::success(),
        (None, Decision::NotSettled | Decision::NoRecommendation) => TestCaseStatus::skipped(),
    };
    let headline = terminal(&headline(verdict));
    if status != TestCaseStatus::success() {
        status.set_message(headline.clone());
    }
    let mut case = TestCase::new("recommendation", status);
    case.set_classname("verdict");
    case.set_system_out(headline);
    case
}

fn check(check: &Check, gate: &GateReport) -> TestCase {
    let status = if check.verdict > GateVerdict::NoLossFound {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(terminal(&reason(check, gate)));
        status
    } else {
        TestCaseStatus::success()
    };
    let scope = check.scope.to_string();
    let name = [&check.provider, &scope, &check.rule].into_iter().filter(|it| !it.is_empty());
    let name: Vec<&str> = name.map(String::as_str).collect();
    let mut case = TestCase::new(terminal(&name.join(" · ")), status);
    case.set_classname("gate");
    case.set_system_out(terminal(&reason(check, gate)));
    case
}

fn test_case(board: &Board, row: &Row) -> TestCase {
    let answers = &row.answers;
    let status = if answers.trials + answers.missing == 0 {
        let mut status = TestCaseStatus::skipped();
        let reasons: Vec<&str> = row.skipped.iter().map(|skip| skip.reason.as_str()).collect();
        status.set_message(terminal(&reasons.join("; ")));
        status
    } else if answers.failed + answers.missing > 0 {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let kinds: Vec<String> =
            row.failures.iter().map(|(kind, count)| format!("{kind}: {count}")).collect();
        status.set_message(terminal(&format!(
            "{} of {} trials failed ({}), {} are missing",
            answers.failed,
            answers.trials,
            kinds.join(", "),
            answers.missing
        )));
        status
    } else {
        TestCaseStatus::success()
    };
    let mut case = TestCase::new(terminal(&row.provider), status);
    case.set_classname(terminal(&board.scope.to_string()));
    let score = row.score.as_ref().map_or_else(
        || "no score".to_owned(),
        |score| {
            format!("score {} ({}), n = {}", percent(score.mean), interval(score.interval.as_ref()), score.n)
        },
    );
    case.set_system_out(terminal(&score));
    case
}
