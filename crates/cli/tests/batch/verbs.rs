//! `batch list` and `batch cancel`.

use serde_json::Value;
use vision_testkit::server::Batches;

use crate::project::{answered, host, project};
use crate::support::Project;

fn listed(project: &Project) -> Vec<Value> {
    let list: Value = serde_json::from_str(&project.expect(0, "batch list run --format json").out).unwrap();
    list["batches"].as_array().unwrap().clone()
}

#[test]
fn the_list_shows_each_batch_as_it_was_last_seen() {
    let host = host(Batches { looks: 1, ..Batches::default() });
    let project = project(4, &host);
    project.expect(5, "run --batch --batch-size 3 --run-dir run --budget-usd 5 --no-progress");
    let open = listed(&project);
    assert_eq!(open.iter().map(|it| it["requests"].as_u64().unwrap()).collect::<Vec<_>>(), [3, 1]);
    assert!(
        open.iter().all(|it| it["stage"] == "open" && it["reserved_usd"].as_f64() > Some(0.0)),
        "{open:?}"
    );
    let text = project.expect(0, "batch list run").out;
    assert!(text.contains("openai/m") && text.contains("open"), "{text}");
    project.expect(0, "resume run --no-progress");
    assert!(listed(&project).iter().all(|it| it["stage"] == "collected" && it["state"] == "completed"));
    let nothing = project.expect(4, "batch cancel run");
    assert!(nothing.out.contains("no batch is open"), "{}", nothing.out);
}

#[test]
fn what_a_cancelled_batch_has_answered_is_kept_and_the_rest_is_free() {
    let host = host(Batches { looks: 2, ..Batches::default() });
    let project = project(6, &host);
    project.expect(5, "run --batch --run-dir run --budget-usd 5 --no-progress");
    let cancelled = project.expect(0, "batch cancel run");
    assert!(cancelled.out.contains("batch 1 of openai/m: cancellation requested"), "{}", cancelled.out);
    assert!(cancelled.err.contains("the rest is not submitted again"), "{}", cancelled.err);
    let words = "resume run --no-progress";
    for _ in 0..2 {
        let resumed = project.expect(5, words);
        let said = "3 requests were canceled and not answered; submit them again with --resubmit";
        assert!(resumed.err.contains(said), "{}", resumed.err);
    }
    assert_eq!(listed(&project).len(), 1);
    assert_eq!(answered(&project).len(), 3, "half of it was answered by then");
    assert_eq!(listed(&project)[0]["state"], "cancelled");
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!(lost.waiting, 0, "the rest is not wanted");
    project.expect(5, "resume run --no-progress --resubmit");
    assert_eq!(listed(&project).len(), 2, "the rest is in a new batch");
    project.start(words);
    project.expect(0, words);
    assert_eq!(answered(&project).len(), 6);
}
