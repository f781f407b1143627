//! Files, folders and addresses that a dataset, a record or a `.env` from a stranger names, through every verb.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::{Ended, Host, Project, ended, provider};

const PRIVATE: &str = "what-nobody-should-see";

/// A project whose dataset has a schema, beside a private file; everything that is asked goes to `host`.
fn project(host: &Host) -> Project {
    let project = Project::new(4, &host.url());
    let manifest = project.read("data/dataset.toml");
    let with_schema = "metric = \"classify\"\n        schema = \"schema.json\"";
    project.write("data/dataset.toml", &manifest.replace("metric = \"classify\"", with_schema));
    project.write("data/schema.json", "{\"type\":\"object\"}");
    project.write("private.json", &format!("{{\"title\":\"{PRIVATE}\"}}"));
    project
}

/// Starts a verb that must end by itself, in little memory.
fn limited(project: &Project, words: &str) -> Ended {
    let binary = env!("CARGO_BIN_EXE_vision-eval");
    let script = format!("ulimit -v 3000000; exec timeout 60 {binary} {words}");
    let mut command = project.program("sh", "-c");
    let ended = ended(command.arg(script).spawn().unwrap());
    assert!(ended.code != Some(124), "{words} never ends");
    assert!(!ended.err.contains("memory allocation"), "{words}: {}", ended.err);
    ended
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

type Make = fn(&Path);

/// What may stand in the place of a file of a dataset or of a record.
const TRICKS: [(&str, Make); 5] = [
    ("a link out", |path| symlink("../private.json", path).unwrap()),
    ("a link to a link", |path| {
        symlink("../private.json", path.with_file_name("step")).unwrap();
        symlink("step", path).unwrap();
    }),
    ("a pipe", pipe),
    ("/dev/zero", |path| symlink("/dev/zero", path).unwrap()),
    ("a huge file", |path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap()),
];

#[track_caller]
fn shows_nothing(project: &Project, ended: &Ended, what: &str) {
    assert!(!ended.out.contains(PRIVATE) && !ended.err.contains(PRIVATE), "{what}: {ended:?}");
    let runs = Command::new("grep").args(["-rl", PRIVATE]).arg(project.path("run")).output().unwrap();
    assert!(runs.stdout.is_empty(), "{what}: {}", String::from_utf8_lossy(&runs.stdout));
}

#[test]
fn no_verb_reads_what_a_dataset_names_outside_its_folder_or_without_end() {
    for name in ["schema.json", "dataset.toml", "cases.jsonl", "0.png", "SHA256SUMS"] {
        for (trick, make) in TRICKS {
            let host = Host::new(&[]);
            let project = project(&host);
            fs::remove_file(project.path("data").join(name)).ok();
            make(&project.path("data").join(name));
            for verb in ["datasets check data", "plan", "run --run-dir run --no-progress"] {
                let ended = limited(&project, verb);
                let what = format!("{verb} with {trick} as {name}");
                shows_nothing(&project, &ended, &what);
                // A medium is a matter of its own case.
                if name != "0.png" {
                    assert_eq!(ended.code, Some(96), "{what}: {ended:?}");
                }
            }
            let asked = if name == "0.png" { 3 } else { 0 };
            assert_eq!(host.journal().requests, asked, "{trick} as {name}");
        }
    }
}

#[test]
fn a_schema_is_named_by_its_way_below_the_folder() {
    let host = Host::new(&[]);
    let project = project(&host);
    let manifest = project.read("data/dataset.toml");
    for name in ["../private.json".to_owned(), project.path("private.json").display().to_string()] {
        project.write("data/dataset.toml", &manifest.replace("schema.json", &name));
        for verb in ["datasets check data", "plan", "run --run-dir run --no-progress"] {
            let ended = project.expect(96, verb);
            shows_nothing(&project, &ended, verb);
        }
    }
    assert_eq!(host.journal().requests, 0);
}

#[test]
fn no_verb_reads_or_writes_through_the_files_of_a_record() {
    for name in ["plan.json", "cases.jsonl", "trials.jsonl", "report.html", "lock"] {
        for (trick, make) in TRICKS {
            let host = Host::new(&[]);
            let project = project(&host);
            project.expect(0, "run --run-dir run --no-progress");
            fs::remove_file(project.path("run").join(name)).unwrap();
            make(&project.path("run").join(name));
            let before = project.read("private.json");
            for verb in ["report run -o out.html", "score run", "resume run --no-progress", "view run"] {
                let ended = limited(&project, verb);
                assert!(!ended.out.contains(PRIVATE), "{verb} with {trick} as {name}: {ended:?}");
                assert_ne!(ended.code, Some(1), "{verb} with {trick} as {name}: {ended:?}");
            }
            assert_eq!(project.read("private.json"), before, "{trick} as {name}");
            assert_eq!(host.journal().requests, 4, "{trick} as {name}");
        }
    }
}

#[test]
fn a_record_shows_only_media_of_datasets_that_the_user_names_or_that_lie_inside_it() {
    let host = Host::new(&[]);
    let stranger = Project::new(2, &host.url());
    stranger.expect(0, "run --run-dir run --no-progress");
    let mine = Project::new(2, &host.url());
    let (folder, run) = (stranger.path("data").display().to_string(), mine.path("records/run"));
    let plan =
        stranger.read("run/plan.json").replace("\"folder\": \"data\"", &format!("\"folder\": \"{folder}\""));
    for name in ["cases.jsonl", "trials.jsonl", "media.jsonl"] {
        mine.write(&format!("records/run/{name}"), &stranger.read(&format!("run/{name}")));
    }
    mine.write("records/run/plan.json", &plan);
    let pictures = |words: &str| {
        let ended = mine.expect(0, &format!("report {} -o out.html {words}", run.display()));
        (mine.read("out.html").matches("data:image/png").count(), ended.err)
    };
    let (shown, said) = pictures("");
    assert!(shown == 0 && said.contains("no media of `demo` are shown"), "{shown}: {said}");
    assert!(!mine.read("out.html").contains(&folder[1..]), "and nothing is linked");
    assert!(pictures(&format!("--dataset {folder}")).0 > 0);
    mine.write("eval.toml", &format!("[[dataset]]\npath = \"{folder}\"\n"));
    assert!(pictures("").0 > 0);
    mine.write("eval.toml", "");
    assert_eq!(pictures("").0, 0);
    // What lies inside it has come with it; what lies beside it may be anybody's.
    for (place, shown) in [("records/data", false), ("records/run/data", true)] {
        let place = mine.path(place);
        fs::create_dir(&place).unwrap();
        for file in fs::read_dir(stranger.path("data")).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, place.join(file.file_name().unwrap())).unwrap();
        }
        mine.write("records/run/plan.json", &plan.replace(&folder, &place.display().to_string()));
        assert_eq!(pictures("").0 > 0, shown, "{}", place.display());
    }
}

#[test]
fn dot_env_is_read_beside_the_configuration_and_its_address_is_told() {
    let host = Host::new(&[]);
    let project = Project::new(1, "");
    let config =
        "[[dataset]]\npath = \"../data\"\n[[provider]]\nkind = \"openai\"\nmodel = \"gpt-5.6-luna\"\n";
    project.write("sub/eval.toml", config);
    let env = format!("OPENAI_BASE_URL={}\n", host.url());
    project.write(".env", &env);
    let in_sub =
        |words: &str| ended(project.command(words).current_dir(project.path("sub")).spawn().unwrap());
    let address = host.address().replace("http://", "");
    let above = in_sub("plan");
    assert!(above.code == Some(0) && !above.err.contains(&address), "{above:?}");
    project.write("sub/.env", &env);
    let told = format!("note: requests to openai go to {address} (set by OPENAI_BASE_URL in .env)");
    let run = "run -q --budget-usd 1 --yes --no-progress --run-dir run";
    for ended in [in_sub("plan"), in_sub(run), project.start("plan -c sub/eval.toml")] {
        assert_eq!(ended.err.matches(&told).count(), 1, "{ended:?}");
    }
    assert_eq!(host.journal().requests, 1);
    // Wherever it comes from.
    project.configure(&provider("openai", &host.url()));
    let ended = project.expect(0, "plan");
    assert!(ended.err.contains(&format!("go to {address} (set by base_url)")), "{}", ended.err);
    // A pipe is not waited for.
    fs::remove_file(project.path(".env")).unwrap();
    pipe(&project.path(".env"));
    assert!(limited(&project, "plan").err.contains(".env is ignored: it is not a regular file"));
}

#[test]
fn swapped_pictures_are_another_dataset() {
    let host = Host::new(&[]);
    let project = Project::new(4, &host.url());
    project.expect(0, "run --run-dir one --no-progress");
    fs::copy(project.path("data/1.png"), project.path("data/0.png")).unwrap();
    project.expect(0, "run --run-dir two --no-progress");
    let hash = |run: &str| project.plan(run)["datasets"][0]["content_hash"].clone();
    assert_ne!(hash("one"), hash("two"));
    let compared = project.start("compare one two");
    assert!(compared.out.contains("dataset"), "{}", compared.out);
    let resumed = project.expect(96, "resume one --no-progress");
    assert!(resumed.err.contains("was changed"), "{}", resumed.err);
}

#[test]
fn a_file_that_sha256sums_does_not_list_as_it_is_stops_the_run() {
    let host = Host::new(&[]);
    let project = Project::new(4, &host.url());
    project.start("datasets check data --write-sums");
    project.expect(0, "plan");
    fs::copy(project.path("data/1.png"), project.path("data/0.png")).unwrap();
    for verb in ["plan", "run --run-dir run --no-progress"] {
        let ended = project.expect(96, verb);
        assert!(ended.err.contains("0.png: was changed"), "{}", ended.err);
    }
    assert_eq!(host.journal().requests, 0);
    project.start("datasets check data --write-sums");
    project.expect(0, "run --run-dir run --no-progress");
}

#[test]
fn without_a_home_there_is_no_cache_in_a_folder_for_all() {
    let project = Project::offline(2);
    let ended = ended(project.command("run --cache on --no-progress").env_remove("HOME").spawn().unwrap());
    assert_eq!(ended.code, Some(96), "{ended:?}");
    assert!(ended.err.contains("set HOME or XDG_CACHE_HOME"), "{}", ended.err);
}
