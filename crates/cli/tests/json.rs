//! What verbs print as JSON follows the published schemas.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use vision_testkit::media;

const PROJECT: &str = "
[[dataset]]
path = 'datasets/photos'
[[provider]]
kind = 'local'
model = 'fast'
[[provider]]
kind = 'control'
model = 'prior'
[[provider]]
kind = 'openai'
model = 'gpt-5.6-luna'
enabled = false
";

const DATASET: &str = "
name = 'photos'
version = '1'
licence = 'CC0-1.0'
provenance = 'made up'
[tasks.classify]
prompt = 'What is it?'
metric = 'classify'
[tasks.classify.settings]
labels = ['chart', 'photo']
";

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dataset = folder.path().join("datasets/photos");
        fs::create_dir_all(&dataset).unwrap();
        fs::write(folder.path().join("eval.toml"), PROJECT).unwrap();
        fs::write(dataset.join("dataset.toml"), DATASET).unwrap();
        let mut cases = String::new();
        for number in 0..6 {
            fs::write(
                dataset.join(format!("{number}.png")),
                media::png("p", 40, 30, number).bytes().unwrap(),
            )
            .unwrap();
            cases += &format!(
                "{{\"id\":\"{number}\",\"media\":[\"{number}.png\"],\"expected\":{{\"label\":\"photo\"}}}}\n"
            );
        }
        fs::write(dataset.join("cases.jsonl"), cases).unwrap();
        Self(folder)
    }

    /// What a command prints; it may end with any of these codes.
    fn prints(&self, words: &str, codes: &[i32]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_vision-eval"))
            .args(words.split_whitespace())
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path().join("home"))
            .output()
            .unwrap();
        let code = output.status.code().unwrap();
        assert!(codes.contains(&code), "`{words}`: {code}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn follows(&self, words: &str, codes: &[i32], schema: &str) {
        let printed = self.prints(words, codes);
        let value: Value =
            serde_json::from_str(&printed).unwrap_or_else(|error| panic!("`{words}`: {error}: {printed}"));
        let schema = schemas().join(format!("{schema}.schema.json"));
        let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "`{words}`");
    }
}

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/output")
}

#[test]
fn every_verb_that_prints_json_follows_its_schema() {
    let place = Place::new();
    place.follows("plan --provider openai,local --format json", &[0], "plan");
    place.follows("datasets list --format json", &[0], "datasets-list");
    place.follows("datasets check --format json", &[0, 96], "datasets-check");
    place.follows("providers list --format json", &[0], "providers-list");
    place.follows("providers check --format json", &[0], "providers-check");
    place.follows("cache stats --format json", &[0], "cache");
    place.prints("run -q --run-dir runs/one", &[0]);
    place.prints("run -q --run-dir runs/two --cache on", &[0]);
    place.follows("cache stats --format json", &[0], "cache");
    place.follows("cache prune --older-than 1d --format json", &[0], "cache");
    place.follows("baseline set main runs/one --format json", &[0], "baseline-set");
    place.follows("baseline show main --format json", &[0], "baseline-show");
    place.follows("baseline list --format json", &[0], "baseline-list");
    place.follows("batch list runs/one --format json", &[0], "batch-list");
    place.follows("report runs/one --format json", &[0], "report");
    place.follows("compare runs/one runs/two --format json", &[0], "compare");
    place.follows("history --format json", &[0], "history");
    place.follows("gate runs/two --baseline main --format json", &[0, 3, 100], "gate");
    place.follows("gate --explain --baseline main --format json", &[0], "gate-explain");
    place.follows("automate runs/one --max-error 0.2 --format json", &[0], "automate");
    place.follows("cascade runs/one --format json", &[0], "cascade");
    place.follows("labels audit runs/one --format json", &[0], "labels-audit");
    place.prints("run -q --partition 1/2 --run-dir runs/part-1", &[0, 4]);
    place.prints("run -q --partition 2/2 --run-dir runs/part-2", &[0, 4]);
    place.follows("merge runs/part-1 runs/part-2 --run-dir runs/whole --format json", &[0], "merge");
}

#[test]
fn every_schema_is_a_schema_that_the_program_prints() {
    let place = Place::new();
    let listed = place.prints("schema", &[0]);
    let files = ["eval", "dataset", "case"].map(|name| format!("../../schemas/{name}.schema.json"));
    let files = files.map(|file| Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    let outputs = fs::read_dir(schemas()).unwrap().map(|entry| entry.unwrap().path());
    for path in outputs.chain(files) {
        let published = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".schema.json").unwrap();
        assert!(listed.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name}: {listed}");
        // Too long to be printed.
        assert!(place.prints(&format!("schema {name}"), &[0]) == published, "{name} is out of date");
        let schema: Value = serde_json::from_str(&published).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert!(schema["$id"].as_str().unwrap().ends_with(&format!("/{name}.schema.json")));
    }
    place.prints("schema no-such-thing", &[2]);
}
