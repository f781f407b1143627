//! What may have changed between a run and its resumption.

use crate::support::{Host, Project, ended, signal};

#[test]
fn a_price_that_changed_meanwhile_is_told_and_changes_nothing() {
    let host = Host::new(&["slow:50ms"]);
    let project = Project::new(40, &host.url());
    let book = |price: f64| {
        format!(
            "{{\"currency\":\"USD\",\"as_of\":\"2026-11-28\",\"origin\":\"me\",\"entries\":[{{\"provider\":\"compatible\",\
             \"model\":\"m\",\"as_of\":\"2026-11-28\",\"input_per_mtok\":{price},\"output_per_mtok\":{price}}}]}}"
        )
    };
    let config = project.read("eval.toml");
    let config: Vec<&str> = config.lines().filter(|line| !line.starts_with("price")).collect();
    project.write("eval.toml", &format!("prices = \"prices.json\"\n{}", config.join("\n")));
    project.write("prices.json", &book(1.0));
    let child = project.spawn("run --run-dir run --budget-usd 5 --no-progress");
    host.wait_for(8);
    signal(&child, "INT");
    assert_eq!(ended(child).code, Some(130));
    let told = "price of compatible/m";
    project.write("prices.json", &book(2.0));
    let resumed = project.expect(0, "resume run --no-progress");
    assert!(resumed.err.contains(told), "{}", resumed.err);
    let report = project.expect(0, "report run").out;
    assert!(report.contains(told), "{report}");
    let costs = project.trials("run").into_iter().map(|trial| {
        let tokens = |name: &str| trial["response"]["usage"][name].as_f64().unwrap();
        (trial["cost"].as_f64().unwrap() * 1e6, tokens("input") + tokens("output"))
    });
    assert!(costs.into_iter().all(|(cost, tokens)| (cost - tokens).abs() < 1e-3), "all by one price");
    project.write("prices.json", &book(1.0));
    let again = project.expect(0, "resume run --no-progress");
    assert!(!again.err.contains(told), "{}", again.err);
}
