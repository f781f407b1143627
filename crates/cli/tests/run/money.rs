//! Budget, quote and cache, through the binary.

use crate::support::{Host, Project, ended};

/// A dollar for a thousand tokens, and places for everybody at once.
fn priced(url: &str) -> String {
    format!(
        "max_concurrency = 128\n[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"{url}\"\n\
         limits = {{ concurrency = 128 }}\nprice = {{ input_per_mtok = 1000.0, output_per_mtok = 1000.0 }}\n"
    )
}

fn configure(project: &Project, rest: &str) {
    let (before, after) = rest.split_once("[[provider]]").unwrap();
    project.write("eval.toml", &format!("{before}[[dataset]]\npath = \"data\"\n[[provider]]{after}"));
}

#[test]
fn a_budget_that_naive_counting_would_overshoot_is_kept_with_128_on_their_way_and_retries() {
    // A cut connection may have been billed: every request that reached the host counts as an answer here.
    let host = Host::new(&["slow:30ms", "500@0.1", "cut@0.1"]);
    let project = Project::new(150, &host.url());
    configure(&project, &priced(&host.url()));
    project.expect(96, "run");
    assert_eq!(host.journal().requests, 0, "nothing is spent without a budget");

    let before = host.journal();
    let run = project.expect(5, "run --run-dir run --budget-usd 3 --no-progress");
    assert!(run.err.contains("the budget of $3.00 has no room"), "{}", run.err);
    let after = host.journal();
    let billed: u64 = ["200", "0"]
        .iter()
        .map(|status| {
            let status: u16 = status.parse().unwrap();
            let count =
                |journal: &vision_testkit::server::Journal| *journal.by_status.get(&status).unwrap_or(&0);
            count(&after) - count(&before)
        })
        .sum();
    let usage = |trial: &serde_json::Value| -> Option<f64> {
        let usage = &trial["response"]["usage"];
        Some(usage["input"].as_f64()? + usage["output"].as_f64()?)
    };
    let dearest = project.trials("run").iter().filter_map(usage).fold(0.0, f64::max);
    let spent = billed as f64 * dearest / 1000.0;
    assert!(dearest > 0.0 && spent <= 3.0, "{billed} answers of at most {dearest} tokens cost ${spent}");
    assert!(after.peak >= 8, "many were on their way: {}", after.peak);
}

#[test]
fn each_mode_of_the_cache_does_what_it_says() {
    let host = Host::new(&[]);
    let project = Project::new(6, &host.url());
    let mut number = 0;
    let mut asked = |mode: &str| {
        number += 1;
        let before = host.journal().requests;
        project.expect(0, &format!("run -q --run-dir run-{number} --cache {mode}"));
        host.journal().requests - before
    };
    assert_eq!(asked("read-only"), 6);
    assert_eq!(asked("on"), 6, "read-only keeps nothing");
    assert_eq!((asked("on"), asked("read-only")), (0, 0));
    assert_eq!((asked("off"), asked("refresh")), (6, 6));
    let (first, hit) = (project.trials("run-2"), project.trials("run-3"));
    let one =
        |trials: &[serde_json::Value]| trials.iter().find(|trial| trial["case"] == "c1").unwrap().clone();
    let (first, hit) = (one(&first)["response"].clone(), one(&hit)["response"].clone());
    assert_eq!(hit["cached"], true);
    assert_eq!(hit["timing"], first["timing"], "the original time");
    assert_eq!(hit["usage"], first["usage"]);
    let stats = project.expect(0, "cache stats");
    assert!(stats.out.contains("6 answers"), "{}", stats.out);
    let pruned = project.expect(0, "cache prune --max-size 0b");
    assert!(pruned.out.starts_with("6 answers removed"), "{}", pruned.out);
    project.expect(2, "cache prune");
}

#[test]
fn two_runs_share_one_cache() {
    let host = Host::new(&[]);
    let project = Project::new(30, &host.url());
    let runs =
        [project.spawn("run -q --run-dir a --cache on"), project.spawn("run -q --run-dir b --cache on")];
    for run in runs {
        let run = ended(run);
        assert_eq!((run.code, run.err.contains("warning")), (Some(0), false), "{}", run.err);
    }
    let before = host.journal().requests;
    project.expect(0, "run -q --run-dir c --cache on");
    assert_eq!(host.journal().requests, before, "both have kept their answers");
}

#[test]
fn a_quote_learns_from_former_runs_and_an_unknown_price_stays_unknown() {
    let host = Host::new(&[]);
    let project = Project::new(6, &host.url());
    configure(&project, &priced(&host.url()));
    let first = project.expect(0, "plan");
    assert!(first.out.contains("≤ 300"), "six caps of fifty: {}", first.out);
    project.expect(0, "run -q --budget-usd 100");
    let second = project.expect(0, "plan");
    assert!(!second.out.contains("≤ 300"), "{}", second.out);
    assert!(
        !second.out.contains("$0.00"),
        "the token rule is unknown, and so are no dollars: {}",
        second.out
    );
    let unpriced = priced(&host.url());
    configure(&project, unpriced.split("price = ").next().unwrap());
    let unknown = project.expect(0, "plan");
    assert!(unknown.out.contains("6 requests, cost unknown: no price for compatible/m"), "{}", unknown.out);
    assert!(unknown.err.contains("price = { input_per_mtok = …, output_per_mtok = … }"), "{}", unknown.err);
}
