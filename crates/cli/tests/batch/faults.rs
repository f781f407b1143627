//! Everything that goes wrong with batches at their hosts.

use vision_testkit::server::{BatchEnd, BatchStep, Batches};

use crate::project::{answered, charged, ending, events, host, host_with, project, told};

const RUN: &str = "run --batch --run-dir run --budget-usd 5 --no-progress --max-retries 1";
const RESUME: &str = "resume run --no-progress --max-retries 1";

#[test]
fn requests_of_a_batch_fail_one_by_one() {
    let host = host(Batches { looks: 1, line_status: Some(500), ..Batches::default() });
    let project = project(6, &host);
    project.expect(5, RUN);
    project.start(RESUME);
    assert_eq!(answered(&project).len(), 4);
    let failed: Vec<_> = project.trials("run").into_iter().filter(|it| it["failure"].is_object()).collect();
    assert_eq!(failed.len(), 2);
    for trial in failed {
        assert_eq!(trial["failure"]["kind"], "unavailable");
        assert!(trial["failure"]["attempts"][0]["charged"].is_null(), "a failure is not billed: {trial}");
    }
    let tokens = charged(&project);
    assert!(tokens > 0.0);
}

#[test]
fn what_an_expired_batch_did_not_get_to_is_free_and_asked_again() {
    let host = ending(BatchEnd::Expire);
    let project = project(6, &host);
    project.expect(5, RUN);
    project.expect(5, RESUME);
    let collected = project.expect(5, RESUME);
    assert_eq!(answered(&project).len(), 3);
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!(lost.waiting, 3, "the rest is in a second batch");
    assert!(collected.err.contains("3 requests were not carried out (batch_expired)"), "{}", collected.err);
    let twice = host.journal().batched.values().filter(|count| **count == 2).count();
    assert_eq!(twice, 3);
}

#[test]
fn a_batch_that_fails_as_a_whole_costs_nothing() {
    let host = ending(BatchEnd::Fail);
    let project = project(3, &host);
    project.expect(5, RUN);
    let failed = project.expect(5, RESUME);
    assert!(failed.err.contains("token_limit_exceeded"), "{}", failed.err);
    assert!(told(&project).contains(&"dropped".to_owned()));
    assert_eq!(charged(&project), 0.0);
}

#[test]
fn a_host_that_refuses_a_batch_is_given_up_and_nothing_is_spent() {
    for step in [BatchStep::Upload, BatchStep::Create] {
        let host = host_with(&[(step, "401")]);
        let project = project(3, &host);
        let run = project.expect(5, RUN);
        assert!(run.err.contains("openai/m"), "{}", run.err);
        assert_eq!(told(&project).last().unwrap(), "dropped");
        assert!(host.journal().batched.is_empty());
        let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
        assert_eq!(lost.waiting, 0);
    }
}

#[test]
fn a_busy_host_is_asked_again() {
    let host = host_with(&[(BatchStep::Upload, "503*1"), (BatchStep::Create, "429:50ms*1")]);
    let project = project(3, &host);
    project.expect(5, RUN);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
    assert_eq!(told(&project), ["intended", "creating", "creating", "submitted"]);
}

#[test]
fn a_batch_whose_creation_broke_off_is_found_and_not_created_twice() {
    let host = host_with(&[(BatchStep::Created, "cut*1")]);
    let project = project(3, &host);
    project.expect(5, RUN);
    assert_eq!(told(&project), ["intended", "creating", "submitted"]);
    project.start(RESUME);
    project.expect(0, RESUME);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
    assert_eq!(answered(&project).len(), 3);
}

/// A creation that gets no reply is given up, what was intended stays, and the batch is found by its name.
#[test]
fn a_host_that_never_answers_a_creation_is_not_waited_for() {
    let host = host_with(&[(BatchStep::Created, "hang*1")]);
    let project = project(3, &host);
    project.expect(5, &format!("{RUN} --timeout 3"));
    assert_eq!(told(&project), ["intended", "creating", "submitted"]);
    project.start(RESUME);
    project.expect(0, RESUME);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
}

#[test]
fn a_host_that_hangs_altogether_leaves_a_batch_that_is_looked_for() {
    let host = host_with(&[(BatchStep::Created, "hang*1"), (BatchStep::List, "slow:30000ms*1")]);
    let project = project(3, &host);
    let run = project
        .expect(5, "run --batch --run-dir run --budget-usd 5 --no-progress --max-retries 0 --timeout 3");
    let name = events(&project)[0]["name"].as_str().unwrap().to_owned();
    assert!(run.err.contains("it is not known whether batch 1 was submitted"), "{}", run.err);
    assert!(run.err.contains("did not answer within 3 s"), "{}", run.err);
    assert!(run.err.contains(&format!("resuming looks for {name} at its host")), "{}", run.err);
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!(lost.waiting, 3, "its money stays put aside");
    project.start(RESUME);
    project.expect(0, RESUME);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
}

#[test]
fn what_cannot_be_found_is_said_and_not_submitted_again_unless_asked_for() {
    let host = host_with(&[(BatchStep::Create, "cut*1")]);
    let project = project(3, &host);
    let run = project.expect(5, RUN);
    assert!(run.err.contains("it is not known whether batch 1 was submitted"), "{}", run.err);
    let again = project.expect(5, RESUME);
    assert!(again.err.contains("submit it again with --resubmit"), "{}", again.err);
    assert!(host.journal().batched.is_empty());
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!(lost.waiting, 3, "its money stays put aside");
    project.expect(5, &format!("{RESUME} --resubmit"));
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
}

#[test]
fn answers_that_are_gone_are_said_to_be_and_count_as_spent() {
    let host = host_with(&[(BatchStep::Results, "404*1")]);
    let project = project(3, &host);
    project.expect(5, RUN);
    project.start(RESUME);
    let gone = project.expect(5, RESUME);
    assert!(gone.err.contains("has no answers of batch 1"), "{}", gone.err);
    assert!(answered(&project).is_empty());
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert!(lost.waiting_usd.0 > 0.0);
}

#[test]
fn results_that_break_off_are_taken_again() {
    let host = host_with(&[(BatchStep::Results, "half*1")]);
    let project = project(3, &host);
    project.expect(5, RUN);
    project.start(RESUME);
    project.expect(0, RESUME);
    assert_eq!(answered(&project).len(), 3);
}

#[test]
fn a_batch_whose_name_is_missing_in_the_reply_is_looked_for_and_not_submitted_again() {
    let host = host(Batches { is_nameless: true, ..Batches::default() });
    let project = project(3, &host);
    project.expect(5, RUN);
    assert_eq!(told(&project), ["intended", "creating", "submitted"], "it was not taken for refused");
    project.start(RESUME);
    project.expect(0, RESUME);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
    assert_eq!(answered(&project).len(), 3);
}

#[test]
fn a_batch_without_a_name_that_cannot_be_found_is_not_submitted_again_by_itself() {
    let faults = vec![(BatchStep::List, "503".parse().unwrap())];
    let host = host(Batches { is_nameless: true, faults, ..Batches::default() });
    let project = project(3, &host);
    let run = project.expect(5, RUN);
    assert!(run.err.contains("it is not known whether batch 1 was submitted"), "{}", run.err);
    project.expect(5, RESUME);
    project.expect(5, RESUME);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 3]);
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!(lost.waiting, 3, "its money stays put aside");
}

#[test]
fn a_line_that_cannot_be_read_spoils_no_other() {
    let host = host(Batches { broken_line: Some(1), ..Batches::default() });
    let project = project(4, &host);
    project.expect(5, RUN);
    project.start(RESUME);
    let collected = project.expect(5, RESUME);
    assert!(collected.err.contains("1 line of the results cannot be read"), "{}", collected.err);
    assert_eq!(answered(&project).len(), 3);
    let failed: Vec<_> = project.trials("run").into_iter().filter(|it| it["failure"].is_object()).collect();
    assert_eq!((failed.len(), &failed[0]["failure"]["kind"]), (1, &"malformed".into()));
    assert_eq!(
        host.journal().batched.values().copied().collect::<Vec<_>>(),
        [1; 4],
        "nothing is asked twice"
    );
    assert_eq!(told(&project).last().unwrap(), "collected");
}

#[test]
fn what_was_uploaded_for_no_batch_is_deleted() {
    for fault in [(BatchStep::Create, "400*1"), (BatchStep::Upload, "cut*2")] {
        let host = host_with(&[fault]);
        let project = project(3, &host);
        project.expect(5, RUN);
        assert_eq!(
            told(&project),
            if fault.0 == BatchStep::Create {
                vec!["intended", "creating", "dropped"]
            } else {
                vec!["intended", "dropped"]
            }
        );
        assert_eq!(host.journal().files, 0, "{fault:?}");
    }
}

/// As `kill -9` between the upload and the creation leaves it.
#[test]
fn a_file_that_nobody_knows_is_found_by_its_name_and_deleted() {
    let host = host_with(&[(BatchStep::Upload, "cut*2"), (BatchStep::List, "503*1")]);
    let project = project(3, &host);
    let run = project.expect(5, RUN);
    assert!(run.err.contains("batch 1: its files were not deleted"), "{}", run.err);
    assert_eq!(host.journal().files, 2);
    let path = project.path("run").join("batches.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{}\n", text.lines().next().unwrap())).unwrap();
    project.start(RESUME);
    assert_eq!(host.journal().files, 1, "that of the new batch");
    project.start(RESUME);
    project.expect(0, RESUME);
    assert_eq!(host.journal().files, 0);
}
