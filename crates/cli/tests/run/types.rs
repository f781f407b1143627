//! Pictures of a type that a provider does not take.

use crate::support::{Host, Project};

/// A single white pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// A project whose first case is a GIF, for Gemini, which takes none.
fn project(host: &Host) -> Project {
    let project = Project::new(4, "");
    std::fs::write(project.path("data/0.gif"), GIF).unwrap();
    let cases = project.read("data/cases.jsonl").replace("\"0.png\"", "\"0.gif\"");
    project.write("data/cases.jsonl", &cases);
    project.configure(&format!(
        "[[provider]]\nkind = \"gemini\"\nmodel = \"gemini-3.7-flash\"\nbase_url = \"{}\"\n",
        host.address()
    ));
    project.write(".env", "GEMINI_API_KEY=made-up-key\n");
    project
}

#[test]
fn they_are_converted_and_the_ledger_says_so() {
    let host = Host::new(&[]);
    let project = project(&host);
    let plan = project.expect(0, "plan").out;
    assert!(!plan.contains("skipped"), "{plan}");
    project.expect(0, "run --run-dir run --budget-usd 1 --no-progress");
    assert!(project.trials("run").iter().all(|trial| trial["response"].is_object()));
    let media = crate::support::lines(&project.path("run/media.jsonl"));
    assert_eq!(media.len(), 4);
    let changed: Vec<_> =
        media.iter().filter(|entry| entry["steps"].as_array().is_some_and(|it| !it.is_empty())).collect();
    assert_eq!((changed.len(), &changed[0]["name"]), (1, &"0.gif".into()));
    assert!(changed[0]["steps"].to_string().contains("gif written as png"), "{}", changed[0]);
    assert_ne!(changed[0]["sent_hash"], changed[0]["source_hash"]);
}

#[test]
fn as_they_are_they_are_refused_with_the_setting_that_helps() {
    let host = Host::new(&[]);
    let project = project(&host);
    let config = project.read("eval.toml");
    project.write("eval.toml", &format!("{config}[media]\nmode = \"as-is\"\n"));
    let said = "image type gif input not supported (0.gif); set media.mode = \"convert\"";
    let plan = project.expect(0, "plan").out;
    assert!(plan.contains(said), "{plan}");
    let run = project.expect(0, "run --run-dir run --budget-usd 1 --no-progress");
    assert!(run.err.contains(said), "{}", run.err);
    let refused = project.trials("run").into_iter().filter(|trial| trial["failure"].is_object());
    assert_eq!(refused.count(), 1);
}
