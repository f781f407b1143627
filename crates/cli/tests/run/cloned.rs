//! A project that was cloned or handed over by a stranger: nothing in it lowers a guard.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Instant;

use serde_json::json;

use crate::support::{Host, Project, provider};

/// A run of one paid provider at this host, of which one trial is recorded.
fn begun(host: &Host) -> Project {
    let project = Project::new(4, &host.url());
    let config = project.read("eval.toml").replace("mtok = 0.0", "mtok = 1.0");
    project.write("eval.toml", &config);
    project.expect(0, "run --run-dir run --budget-usd 1 --no-progress");
    let first = project.read("run/trials.jsonl").lines().next().unwrap().to_owned() + "\n";
    project.write("run/trials.jsonl", &first);
    project
}

/// Lets a stranger edit the plan of a record.
fn edit(project: &Project, edit: impl FnOnce(&mut serde_json::Value)) {
    let mut plan = project.plan("run");
    edit(&mut plan);
    project.write("run/plan.json", &plan.to_string());
}

#[test]
fn view_opens_what_the_record_gives_and_no_page_that_lies_there() {
    let project = Project::offline(3);
    project.expect(0, "run --run-dir run --no-progress");
    let own = project.read("run/report.html");
    project.write("run/report.html", "<script>alert(1)</script>");
    project.expect(0, "view run");
    assert_eq!(project.read("run/report.html"), own);
    // Another name of a file elsewhere is replaced, and not written into.
    project.write("private.txt", "mine");
    fs::remove_file(project.path("run/report.html")).unwrap();
    fs::hard_link(project.path("private.txt"), project.path("run/report.html")).unwrap();
    project.expect(0, "view run");
    assert_eq!(project.read("private.txt"), "mine");
    assert_eq!(project.read("run/report.html"), own);
}

#[test]
fn dot_env_names_no_file_with_keys_no_program_and_no_cache() {
    let host = Host::new(&[]);
    let project = Project::new(1, "");
    project.configure(&format!(
        "[[provider]]\nkind = \"bedrock\"\nmodel = \"us.amazon.nova-lite-v1:0\"\nbase_url = \"{}\"\n\
         settings = {{ region = \"us-east-1\", profile = \"work\" }}\n",
        host.address()
    ));
    let printed = r#"{"Version":1,"AccessKeyId":"AKIDEXAMPLE12345","SecretAccessKey":"wJalrXUtnFEMI"}"#;
    project.write("started.sh", &format!("touch started; printf '%s' '{printed}'\n"));
    project.write("awscfg", "[profile work]\ncredential_process = sh started.sh\n");
    let env = format!("AWS_CONFIG_FILE=awscfg\nXDG_CACHE_HOME={}\n", project.path("kept").display());
    project.write(".env", &env);
    let checked = project.start("providers check --live");
    assert!(!project.path("started").exists(), "{}", checked.err);
    assert!(checked.err.contains("ignored: AWS_CONFIG_FILE, XDG_CACHE_HOME"), "{}", checked.err);
    assert!(!project.expect(0, "cache stats").out.contains("kept"));
    // Who sets it in the environment means it.
    let own = project.command("providers check --live").env("AWS_CONFIG_FILE", "awscfg").output().unwrap();
    assert!(project.path("started").exists(), "{own:?}");
}

#[test]
fn a_strangers_record_spends_nothing_without_a_budget_of_the_users() {
    let host = Host::new(&[]);
    let project = begun(&host);
    let asked = host.journal().requests;
    // It calls itself free and local, and brings a budget for the rest.
    let tricks: [fn(&mut serde_json::Value); 3] = [
        |plan| {
            let price = &mut plan["providers"][0]["price"];
            price["input_per_mtok"] = json!(0.0);
            price["output_per_mtok"] = json!(0.0);
            plan["providers"][0]["local"] = json!(true);
            plan["budget_usd"] = json!(null);
        },
        |plan| plan["budget_usd"] = json!(900_000.0),
        |plan| plan["providers"][0]["control"] = json!(true),
    ];
    let own = project.read("run/plan.json");
    for trick in tricks {
        edit(&project, trick);
        let refused = project.expect(96, "resume run --no-progress");
        assert!(refused.err.contains("--budget-usd"), "{}", refused.err);
        assert!(refused.err.contains("was not started on this machine"), "{}", refused.err);
        project.write("run/plan.json", &own);
    }
    assert_eq!(host.journal().requests, asked);
    // The plan that was made here is the user's word, in whatever layout.
    edit(&project, |_| ());
    project.expect(0, "resume run --no-progress");
    assert_eq!(host.journal().requests, asked + 3);
}

#[test]
fn a_strangers_record_costs_what_the_users_own_prices_say() {
    let host = Host::new(&[]);
    let project = begun(&host);
    edit(&project, |plan| plan["providers"][0]["price"]["input_per_mtok"] = json!(0.0));
    let low = project.expect(5, "resume run --no-progress --budget-usd 0.000001");
    assert!(low.err.contains("has no room"), "{}", low.err);
    project.expect(0, "resume run --no-progress --budget-usd 1");
}

#[test]
fn an_address_that_only_a_strangers_record_names_is_not_asked() {
    let (host, other) = (Host::new(&[]), Host::new(&[]));
    let project = begun(&host);
    project.write("eval.toml", "budget_usd = 1.0\n[[dataset]]\npath = \"data\"\n");
    edit(&project, |plan| plan["providers"][0]["base_url"] = json!(other.url()));
    let refused = project.expect(96, "resume run --no-progress");
    assert!(refused.err.contains("which eval.toml does not name"), "{}", refused.err);
    assert_eq!(other.journal().requests, 0);
}

#[test]
fn nothing_is_written_through_the_links_of_a_cloned_project() {
    let host = Host::new(&[]);
    let project = Project::new(2, &host.url());
    fs::create_dir(project.path("outside")).unwrap();
    fs::create_dir(project.path("cloned")).unwrap();
    project.write("outside/ignored", "mine\n");
    for (name, target) in [
        (".gitignore", "../outside/ignored"),
        ("eval.toml", "../outside/none.toml"),
        (".github", "../outside"),
    ] {
        let link = project.path("cloned").join(name);
        symlink(target, &link).unwrap();
        let refused = project.expect(110, "init cloned --yes");
        assert!(refused.err.contains("is a link"), "{name}: {}", refused.err);
        fs::remove_file(link).unwrap();
    }
    assert_eq!(project.read("outside/ignored"), "mine\n");
    assert_eq!(fs::read_dir(project.path("outside")).unwrap().count(), 1);
    // Runs and baselines.
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), project.path("runs")).unwrap();
    symlink(outside.path(), project.path("reports")).unwrap();
    project.expect(110, "run --no-progress");
    project.expect(0, "run --no-progress --run-dir own");
    project.expect(110, "baseline set main own");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    let config = project.read("eval.toml");
    for runs in ["/tmp/elsewhere", "../elsewhere"] {
        project.write("eval.toml", &format!("runs = \"{runs}\"\n{config}"));
        project.expect(96, "run --no-progress");
    }
}

#[test]
fn a_program_is_named_before_it_starts_and_gets_no_keys() {
    let project = Project::new(1, "");
    project.write("mine.sh", "cat >/dev/null; printf '{\"text\":\"%s\"}' \"${OPENAI_API_KEY-none}\"\n");
    let with = |env: &str| {
        project.configure(&format!(
            "[[provider]]\nkind = \"command\"\nmodel = \"mine\"\nsettings = {{ command = [\"sh\", \"mine.sh\"]{env} }}\n"
        ));
        let run = project.start("ask command/mine data/0.png What? -q");
        assert!(run.err.contains("note: command/mine starts the program `sh mine.sh`"), "{}", run.err);
        run.out.trim().to_owned()
    };
    assert_eq!(with(""), "none");
    assert_eq!(with(", env = [\"OPENAI_API_KEY\"]"), "sk-made-up");
}

#[test]
fn a_price_of_nothing_for_a_paid_model_is_said() {
    let host = Host::new(&[]);
    let project = Project::new(1, "");
    project.configure(&provider("openai", &host.url()).replace("\"m\"", "\"gpt-5.6-luna\""));
    for words in ["plan", "run -q --no-progress --run-dir run"] {
        let said = project.expect(0, words).err;
        assert!(said.contains("sets the price of openai/gpt-5.6-luna to 0"), "{words}: {said}");
    }
}

#[test]
fn a_score_in_the_history_is_that_of_the_record() {
    let project = Project::offline(4);
    project.expect(0, "run --run-dir runs/one --no-progress");
    let before = project.expect(0, "history --format json").out;
    let mut summary: serde_json::Value =
        serde_json::from_str(&project.read("runs/one/summary.json")).unwrap();
    summary["overall"]["rows"][0]["score"]["mean"] = json!(0.999);
    project.write("runs/one/summary.json", &summary.to_string());
    assert_eq!(project.expect(0, "history --format json").out, before);
}

/// A document in which each form draws the next one twice: 2^40 of them in a few kilobytes.
fn endless_pdf() -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
            .to_owned(),
        "<</Length 7>>stream\n/X Do  \nendstream".to_owned(),
    ];
    for level in 0..40 {
        objects.push(format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X {} 0 R>>>>/Length 12>>stream\n\
             /X Do /X Do \nendstream",
            level + 6
        ));
    }
    objects.push(
        "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length 12>>stream\n0 0 9 9 re f\nendstream"
            .to_owned(),
    );
    let (mut pdf, mut places) = ("%PDF-1.4\n".to_owned(), Vec::new());
    for (number, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let begin = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    places.iter().for_each(|place| pdf += &format!("{place:010} 00000 n \n"));
    pdf += &format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{begin}\n%%EOF", objects.len() + 1);
    pdf.into_bytes()
}

#[test]
fn a_document_that_never_ends_to_be_drawn_ends_with_a_failure() {
    let project = Project::offline(1);
    fs::write(project.path("endless.pdf"), endless_pdf()).unwrap();
    let begun = Instant::now();
    let ended = project.start("ask local/fast endless.pdf What? --timeout 3000");
    assert!(ended.err.contains("cannot be drawn, or takes too much memory or time"), "{ended:?}");
    // A core's seconds, on a machine that has other things to do.
    assert!(begun.elapsed().as_secs() < 600, "{:?}", begun.elapsed());
}
