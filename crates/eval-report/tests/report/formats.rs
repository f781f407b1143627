//! Every format of one fixed record, and what attacks leave of it.

use eval_report::{Look, NoMedia, Page};
use eval_summary::testdata::SyntheticRun;
use eval_summary::{CaseView, Options, Summary, case_views};

use crate::{attacks, inert, junit};

fn fixed() -> (Summary, Vec<CaseView>) {
    let folder = tempfile::tempdir().unwrap();
    let run = SyntheticRun { cases: 6, ..SyntheticRun::varied() };
    let record = run.write(&folder.path().join("run")).unwrap();
    let options = Options::default();
    let cases = case_views(&record, &options).unwrap().collect::<Result<_, _>>().unwrap();
    (Summary::of(&record, &options).unwrap(), cases)
}

#[test]
fn pins_what_people_read() {
    let (summary, cases) = fixed();
    for columns in [80, 160] {
        let text = eval_report::terminal(&summary, Look { columns, color: false });
        inert::fits(&text, columns);
        insta::assert_snapshot!(format!("terminal_{columns}"), text);
    }
    insta::assert_snapshot!("markdown", eval_report::markdown(&summary));
    insta::assert_snapshot!("junit", eval_report::junit(&summary, None));
    insta::assert_snapshot!("junit_cases", eval_report::junit_cases(&summary, cases[..2].to_vec()));
    insta::assert_snapshot!("csv", eval_report::csv(cases[..2].to_vec()));
    insta::assert_snapshot!("jsonl", eval_report::jsonl(cases[..2].to_vec()));
    insta::assert_snapshot!(
        "html",
        eval_report::html(&summary, cases[..2].to_vec(), &NoMedia, &Page::default())
    );
    insta::assert_snapshot!("json", eval_report::json(&summary));
}

#[test]
fn attacks_are_inert_in_every_format() {
    let (mut summary, mut cases) = fixed();
    attacks::in_summary(&mut summary, &mut cases);
    inert::terminal(&eval_report::terminal(&summary, Look { columns: 80, color: false }));
    // The command stands in a fence of one line, where nothing is markup.
    let markdown = eval_report::markdown(&summary);
    let (before, fenced) = markdown.split_once("\n````").unwrap();
    let (_, after) = fenced.split_once("\n````").unwrap();
    inert::markdown(&[before, after].concat());
    // The data and our own script; nothing else.
    inert::html(&eval_report::html(&summary, cases.clone(), &NoMedia, &Page::default()), 2);
    let csv = eval_report::csv(cases.clone());
    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        let row = row.unwrap();
        assert!(
            row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@']) && !cell.contains('\x1b')),
            "{row:?}"
        );
    }
    for xml in [eval_report::junit(&summary, None), eval_report::junit_cases(&summary, cases.clone())] {
        junit::follows_the_rules(&xml);
        inert::terminal(&xml);
    }
    assert_eq!(
        eval_report::jsonl(cases.clone()).lines().count(),
        cases.iter().map(|one| one.answers.len()).sum::<usize>()
    );
}

#[test]
fn junit_follows_the_rules_of_those_who_read_it() {
    let (summary, cases) = fixed();
    junit::follows_the_rules(&eval_report::junit(&summary, None));
    let per_case = eval_report::junit_cases(&summary, cases.clone());
    junit::follows_the_rules(&per_case);
    let controls = summary.providers.iter().filter(|one| one.control).count();
    let asked = cases.iter().flat_map(|case| &case.answers).filter(|one| one.provider != "control/blank");
    assert_eq!((per_case.matches("<testcase").count(), controls), (asked.count(), 1));
    for broken in [
        "<testsuites><testsuite name='a' tests='1' failures='0' errors='0'/></testsuites>",
        "<testsuites skipped='0'/>",
        "<testsuites><testcase name='a'/></testsuites>",
    ] {
        assert!(std::panic::catch_unwind(|| junit::follows_the_rules(broken)).is_err(), "{broken}");
    }
}
