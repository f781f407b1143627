//! Media that a case names by address: they are for the provider, and nobody here fetches them.

use std::net::TcpListener;

use crate::support::{Host, Project, provider};

#[test]
fn a_link_in_a_dataset_goes_to_the_provider_or_nowhere() {
    // If anybody here fetched it, this port would hear of it.
    let bait = TcpListener::bind("127.0.0.1:0").unwrap();
    bait.set_nonblocking(true).unwrap();
    let url = format!("http://{}/latest/meta-data/a.png", bait.local_addr().unwrap());
    let host = Host::new(&[]);
    let project = Project::new(3, "");
    let local = "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\n";
    project.configure(&(provider("compatible", &host.url()) + local));
    let cases = project.read("data/cases.jsonl");
    let cases = ["0.png", "1.png", "2.png"].iter().fold(cases, |cases, name| cases.replace(name, &url));
    project.write("data/cases.jsonl", &cases);
    for verb in [
        "datasets check data",
        "plan",
        "run --run-dir run --no-progress --cache on --record wire",
        "resume run --retry-errors --no-progress",
        "report run -o report.html",
        "score run",
    ] {
        let ended = project.start(verb);
        assert!(bait.accept().is_err(), "{verb} fetched the link: {}", ended.err);
        assert!(!ended.err.contains("panicked"), "{verb}: {}", ended.err);
    }
    let trials = project.trials("run");
    let by = |name: &str| trials.iter().filter(|trial| trial["provider"] == name).collect::<Vec<_>>();
    assert!(by("compatible/m").len() == 3 && by("local/fast").len() >= 3, "{trials:?}");
    assert!(by("compatible/m").iter().all(|trial| trial["response"]["text"].is_string()), "{trials:?}");
    assert!(by("local/fast").iter().all(|trial| trial["failure"]["kind"] == "unsupported"), "{trials:?}");
    let seen = host.journal();
    let urls: Vec<_> = seen.last.iter().flat_map(|entry| &entry.media).map(|medium| &medium.url).collect();
    assert_eq!(
        urls,
        [&Some(url.clone()), &Some(url.clone()), &Some(url)],
        "the provider is told, once for each case"
    );
}
