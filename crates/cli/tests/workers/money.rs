//! The budget is the run's, however many workers there are.

use crate::broker::Broker;
use crate::support::{Host, Project};
use crate::team::{Team, attempts};

#[test]
fn three_workers_together_spend_no_more_than_the_budget() {
    let host = Host::new(&[]);
    let project = Project::new(200, &host.url());
    project.configure(&format!(
        "[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"{}\"\nlimits = {{ concurrency = 24 }}\n\
         price = {{ input_per_mtok = 0.0, output_per_mtok = 1000.0 }}\n",
        host.url()
    ));
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    let budget = 0.4;
    let run =
        format!("run --run-dir run --budget-usd {budget} --yes --no-progress --workers {}", broker.url());
    let ended = project.expect(5, &run);
    assert!(ended.err.contains("budget"), "{}", ended.err);
    let trials = project.trials("run");
    let charged = |trial: &serde_json::Value| -> f64 {
        attempts(trial).iter().map(|attempt| attempt["charged"].as_f64().unwrap_or(0.0)).sum()
    };
    let spent: f64 = trials.iter().map(charged).sum();
    assert!(spent > 0.0 && spent <= budget, "{spent} of {budget}");
    assert_eq!(host.journal().requests, trials.len() as u64, "what was asked is what was recorded");
    assert!(trials.len() < 200);
    let numbered = trials.iter().flat_map(attempts).all(|attempt| attempt["reservation"].is_u64());
    assert!(numbered, "each attempt names its reservation");
    team.dismiss();
}
