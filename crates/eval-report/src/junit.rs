use eval_summary::{Board, Row, Summary};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::escape::xml;
use crate::figures::{interval, percent};

/// JUnit XML: a suite per dataset × task, a test case per provider. A case fails if some of its trials failed or are
/// missing; how well a provider did is said in its output and judged by the gate.
#[must_use]
pub fn junit(summary: &Summary) -> String {
    let mut report = Report::new(xml(&summary.run.name));
    for board in &summary.boards {
        let mut suite = TestSuite::new(xml(&board.scope.to_string()));
        for row in &board.rows {
            suite.add_test_case(test_case(board, row));
        }
        report.add_test_suite(suite);
    }
    without_skipped_sum(&report.to_string().expect("strings are always written"))
}

/// The schema that Jenkins checks against knows no `skipped` of all suites together, only of each.
fn without_skipped_sum(xml: &str) -> String {
    let root = xml.find("<testsuites").expect("the root is always written");
    let end = root + xml[root..].find('>').expect("a tag is always closed");
    let sum = xml[root..end].rfind(" skipped=\"").map(|at| root + at);
    let after = |at: usize| at + xml[at..].match_indices('"').nth(1).expect("a value is always closed").0 + 1;
    sum.map_or_else(|| xml.to_owned(), |at| format!("{}{}", &xml[..at], &xml[after(at)..]))
}

fn test_case(board: &Board, row: &Row) -> TestCase {
    let answers = &row.answers;
    let status = if answers.trials == 0 {
        let mut status = TestCaseStatus::skipped();
        let reasons: Vec<&str> = row.skipped.iter().map(|skip| skip.reason.as_str()).collect();
        status.set_message(xml(&reasons.join("; ")));
        status
    } else if answers.failed + answers.missing > 0 {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let kinds: Vec<String> =
            row.failures.iter().map(|(kind, count)| format!("{kind}: {count}")).collect();
        status.set_message(xml(&format!(
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
    let mut case = TestCase::new(xml(&row.provider), status);
    case.set_classname(xml(&board.scope.to_string()));
    let score = row.score.as_ref().map_or_else(
        || "no score".to_owned(),
        |score| {
            format!("score {} ({}), n = {}", percent(score.mean), interval(score.interval.as_ref()), score.n)
        },
    );
    case.set_system_out(xml(&score));
    case
}
