//! Each exit code, and what is said with it.

use std::fs;

use vision_testkit::server::Settings;

use crate::support::{Host, Project, ended, provider, signal};

#[test]
fn nothing_and_nonsense() {
    let project = Project::offline(3);
    project.expect(0, "run -q");
    project.expect(2, "run --no-such-flag");
    for (words, said) in [
        ("run --repeat 0", "not a count of 1 or more"),
        ("run -j 0", "not a count of 1 or more"),
        ("run --timeout 0", "between 0 and 86400"),
        ("run --budget-usd nan", "not an amount of dollars"),
        ("run --budget-usd=-1", "not an amount of dollars"),
        ("run --limit 9-3", "such as 10-20"),
        ("run --partition 5/4", "such as 2/5"),
        ("run --try effrt=none", "did you mean `effort`?"),
        ("run --degrade smear=3", "--degrade"),
    ] {
        let refused = project.expect(2, words);
        assert!(refused.err.contains(said), "{words}: {}", refused.err);
    }
    let none = project.expect(4, "run --case nobody");
    assert!(none.err.contains("no case is selected"), "{}", none.err);
    project.write("eval.toml", "repeatz = 2\n");
    let typo = project.expect(96, "plan");
    assert!(
        typo.err.contains("eval.toml:1:1") && typo.err.contains("did you mean `repeats`?"),
        "{}",
        typo.err
    );
}

#[test]
fn a_missing_key_names_its_variable_and_where_to_get_one() {
    let project = Project::offline(3);
    let missing = project.expect(96, "run --provider anthropic/claude-haiku-5-5");
    assert!(missing.err.contains("ANTHROPIC_API_KEY") && missing.err.contains("https://"), "{}", missing.err);
    assert!(missing.err.contains("without a key there are: local"), "{}", missing.err);
}

#[test]
fn cutoffs_and_baselines() {
    let host = Host::new(&[]);
    let project = Project::new(12, &host.url());
    project.expect(0, "run -q --run-dir good --save-baseline main --cutoff demo.score=0.9");
    assert!(project.path("reports/baselines/main.json").is_file());
    // Twelve cases cannot show a loss of ten points, nor that a wrong answer or two are more than chance.
    project.expect(3, "run -q --run-dir same --baseline main");
    let shaky = Host::new(&["400@0.2"]);
    project.configure(&provider("compatible", &shaky.url()));
    project.expect(3, "run -q --run-dir shaky --baseline main");
    let broken = Host::new(&["400"]);
    project.configure(&provider("compatible", &broken.url()));
    let worse = project.expect(100, "run -q --run-dir worse --cutoff demo.score=0.9");
    assert!(worse.err.contains("demo"), "{}", worse.err);
    // A host that answers nothing says nothing about its model.
    project.expect(5, "gate worse --baseline main");
    let larger = Project::new(40, &host.url());
    larger.expect(0, "run -q --run-dir good --save-baseline main");
    larger.expect(0, "run -q --run-dir same --baseline main");
}

#[test]
fn what_would_be_wrong_at_the_end_is_said_before_anything_is_asked() {
    let host = Host::new(&[]);
    let project = Project::new(3, &host.url());
    for (words, said) in [
        ("run -o report.xyz", "report.xyz has an ending that is none of"),
        ("run --baseline nobody", "`nobody` is neither the directory of a run nor a baseline"),
        ("run --require json_shema", "did you mean `json_schema`?"),
        ("run --failed-from nowhere", "nowhere"),
    ] {
        let refused = project.expect(96, words);
        assert!(refused.err.contains(said), "{words}: {}", refused.err);
    }
    let config = project.read("eval.toml");
    for (wrong, said) in [
        ("[gate]\ncutoff = [\"nonsense\"]\n", "nonsense"),
        ("[decide]\nrequire = [\"sight\"]\n", "`sight` is not a capability"),
        ("[media]\nmode = \"small\"\n", "media.mode is one of"),
    ] {
        project.write("eval.toml", &format!("{config}{wrong}"));
        for verb in ["plan", "run"] {
            let refused = project.expect(96, verb);
            assert!(refused.err.contains(said), "{verb} with {wrong}: {}", refused.err);
        }
    }
    project.write("eval.toml", &config);
    let manifest = project.read("data/dataset.toml").replace("{{number}}", "{{nubmer}}");
    project.write("data/dataset.toml", &manifest);
    for verb in ["plan", "run"] {
        let refused = project.expect(96, verb);
        assert!(refused.err.contains("the prompt asks for the field `nubmer`"), "{}", refused.err);
    }
    assert_eq!(host.journal().requests, 0);
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_asked() {
    let host = Host::new(&[]);
    let project = Project::new(3, &host.url());
    project.write("file", "");
    let refused = project.expect(110, "run --run-dir file/run");
    assert!(refused.err.contains("file/run"), "{}", refused.err);
    // A folder that takes no files, whoever asks.
    let refused = project.expect(110, "run --run-dir /proc/run");
    assert!(refused.err.contains("/proc/run: cannot be made"), "{}", refused.err);
    assert_eq!(host.journal().requests, 0);
}

#[test]
fn a_refused_key_stops_its_provider_and_the_run_has_a_gap() {
    let refusing = Host::new(&["401"]);
    let host = Host::new(&[]);
    let project = Project::new(40, "");
    project.configure(&format!(
        "{}{}",
        provider("compatible", &host.url()),
        provider("vllm", &refusing.url())
    ));
    let run = project.expect(5, "run --run-dir run --no-progress");
    assert!(run.err.contains("vllm/m: stopped after repeated authentication errors"), "{}", run.err);
    assert!(run.err.contains("go on with: vision-eval resume run"), "{}", run.err);
    assert_eq!(host.journal().requests, 40);
    assert!(refusing.journal().requests <= 10, "{}", refusing.journal().requests);
}

#[test]
fn a_replayed_run_is_the_same_and_a_miss_is_an_error_that_names_the_request() {
    let host = Host::new(&["429:0.01@0.2"]);
    let project = Project::new(6, &host.url());
    project.expect(0, "run -q --run-dir first --record wire");
    let asked = host.journal().requests;
    project.expect(0, "run -q --run-dir again --replay wire");
    let answers = |run: &str| {
        let mut answers: Vec<_> =
            project.trials(run).iter().map(|trial| trial["response"]["text"].to_string()).collect();
        answers.sort();
        answers
    };
    assert_eq!((answers("again"), host.journal().requests), (answers("first"), asked));
    let wire = fs::read_dir(project.path("wire")).unwrap().map(|entry| entry.unwrap().path());
    let one = wire.max().unwrap();
    let hash = one.file_stem().unwrap().to_str().unwrap().rsplit_once('_').unwrap().1.to_owned();
    fs::remove_file(one).unwrap();
    let miss = project.expect(5, "run --run-dir missed --replay wire");
    let words = format!(
        "compatible/m: 1 failed, config: there is no recording of POST /v1/chat/completions with body {hash}"
    );
    let played = words.replace("there is no recording", "all recordings have been played");
    assert!(miss.err.contains(&words) || miss.err.contains(&played), "{}", miss.err);
}

#[test]
fn a_log_hears_of_a_run_while_nothing_ends() {
    let host = Host::new(&["slow:7s"]);
    let project = Project::new(2, &host.url());
    let run = project.expect(0, "run --run-dir run");
    assert!(run.err.contains("\n0 of 2 trials"), "{}", run.err);
    assert!(run.err.contains("2 of 2 trials") && !run.err.contains("left"), "{}", run.err);
}

#[test]
fn a_key_that_was_mended_finishes_what_a_wrong_one_spoilt() {
    let host = Host::with(Settings { key: Some("right".to_owned()), ..Settings::default() });
    let project = Project::new(3, &host.url());
    project.write(".env", "COMPATIBLE_API_KEY=wrong\n");
    let wrong = project.expect(5, "run --run-dir run --no-progress");
    assert!(
        wrong.err.contains("compatible/m: 3 trials failed: stopped after repeated authentication errors"),
        "{}",
        wrong.err
    );
    project.expect(5, "resume run --no-progress");
    project.write(".env", "COMPATIBLE_API_KEY=right\n");
    project.expect(0, "resume run --no-progress");
    let summary: serde_json::Value = serde_json::from_str(&project.read("run/summary.json")).unwrap();
    let answers = &summary["overall"]["rows"][0]["answers"];
    assert_eq!((&answers["answered"], &answers["failed"]), (&3.into(), &0.into()));
}

#[test]
fn a_reader_that_has_gone_is_no_reason_to_complain() {
    let project = Project::offline(3);
    project.expect(0, "run -q --run-dir run");
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        writer
    };
    for words in ["report run", "plan", "--help", "init", "run -q", "providers list"] {
        let ended = ended(project.command(words).stdout(closed()).spawn().unwrap());
        assert!([Some(110), Some(0)].contains(&ended.code), "{words}: {ended:?}");
        assert!(!ended.err.contains("error"), "{words}: {}", ended.err);
        let silent = project.command(words).stdout(closed()).stderr(closed()).status().unwrap();
        assert!([Some(110), Some(0)].contains(&silent.code()), "{words}: {silent:?}");
    }
}

#[test]
fn ctrl_c_finishes_what_is_on_its_way_and_a_second_one_leaves_at_once() {
    let host = Host::new(&["slow:60ms"]);
    let project = Project::new(150, &host.url());
    let child = project.spawn("run --run-dir run --no-progress");
    host.wait_for(20);
    signal(&child, "INT");
    let first = ended(child);
    assert_eq!(first.code, Some(130), "{}", first.err);
    assert!(first.err.contains("go on with: vision-eval resume run"), "{}", first.err);
    let asked = host.journal().requests;
    assert_eq!(project.trials("run").len() as u64, asked, "what was on its way is recorded");

    // A CI job that is cancelled is told so once, and gets a few seconds.
    let child = project.spawn("resume run --no-progress");
    host.wait_for(asked + 10);
    signal(&child, "TERM");
    assert_eq!(ended(child).code, Some(130));
    assert_eq!(project.trials("run").len() as u64, host.journal().requests);

    let hanging = Host::new(&["hang"]);
    project.configure(&provider("compatible", &hanging.url()));
    let mut child = project.spawn("run --run-dir other --no-progress");
    hanging.wait_for(8);
    signal(&child, "INT");
    let mut said = String::new();
    // The second must come after the first was understood.
    while !said.contains("Ctrl-C again") {
        let mut byte = [0];
        std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut byte).unwrap();
        said.push(char::from(byte[0]));
    }
    signal(&child, "INT");
    let second = ended(child);
    assert_eq!(second.code, Some(130), "{}", second.err);
    assert!(second.err.contains("left at once"), "{}", second.err);
}

#[test]
fn what_init_writes_plans_and_runs() {
    let project = Project::offline(1);
    let folder = project.path("mine");
    fs::create_dir(&folder).unwrap();
    let start = |words: &str| {
        let ended = ended(project.command(words).current_dir(&folder).spawn().unwrap());
        assert_eq!(ended.code, Some(0), "{words}: {}{}", ended.out, ended.err);
    };
    start("init");
    for number in 0..3 {
        fs::copy(project.path("data/0.png"), folder.join(format!("{number}.png"))).unwrap();
    }
    fs::write(folder.join("labels.csv"), "file,label\n0.png,photo\n1.png,photo\n2.png,chart\n").unwrap();
    start("datasets import csv labels.csv datasets/mine --task classify");
    start("plan");
    start("run -q --provider control/prior");
    let workflow = fs::read_to_string(folder.join(".github/workflows/vision-eval.yml")).unwrap();
    for command in workflow.lines().filter_map(|line| line.split_once("run: vision-eval ")) {
        let words = format!("{} --help", command.1.split_whitespace().next().unwrap());
        start(&words);
    }
}
