use std::fs;
use std::path::Path;

use image::{Rgb, RgbImage};

use super::{Report, check, write_sums};

const METRICS: [&str; 5] = ["classify", "chart-question", "chart-table", "text", "anls"];

const MANIFEST: &str = r#"name = "demo"
version = "1"
licence = "CC0-1.0"
provenance = "made up"

[tasks.classify]
prompt = "What is it?"
schema = "classify.schema.json"
metric = "classify"
settings = { labels = ["chart", "photo"] }
"#;

const SCHEMA: &str = r#"{"type":"object","properties":{"label":{"type":"string"},"note":{"type":["string","null"]}},
"required":["label","note"],"additionalProperties":false}"#;

struct Folder(tempfile::TempDir);

impl Folder {
    /// A dataset without fault, of two unlike pictures.
    fn sound() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("dataset.toml", MANIFEST);
        folder.write("classify.schema.json", SCHEMA);
        folder.picture("media/a.png", 1);
        folder.picture("media/b.png", 2);
        folder.cases(&[&case("a", "a.png"), &case("b", "b.png")]);
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn cases(&self, lines: &[&str]) {
        self.write("cases.jsonl", lines.join("\n"));
    }

    /// Blots placed by a number.
    fn picture(&self, name: &str, seed: u32) {
        let blot = |x: u32, y: u32| ((x / 8 * 7 + y / 8 * 13) * (seed * 29 + 3) % 251) as u8;
        let image = RgbImage::from_fn(128, 128, |x, y| Rgb([blot(x, y); 3]));
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        image.save(path).unwrap();
    }

    fn check(&self) -> (Report, String) {
        let report = check(self.path(), &METRICS);
        let lines: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        (report, lines.join("\n").replace(&format!("{}/", self.path().display()), ""))
    }

    #[track_caller]
    fn finds(&self, words: &[&str]) {
        let (_, text) = self.check();
        for word in words {
            assert!(text.contains(word), "`{word}` is not in:\n{text}");
        }
        assert_eq!(
            text.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")).count(),
            words.len(),
            "{text}"
        );
    }
}

fn case(id: &str, file: &str) -> String {
    format!(r#"{{"id":"{id}","media":["media/{file}"],"expected":{{"label":"chart"}}}}"#)
}

#[test]
fn a_sound_dataset_has_nothing_to_find() {
    let folder = Folder::sound();
    assert_eq!(write_sums(folder.path()).unwrap(), 5);
    let (report, text) = folder.check();
    assert_eq!(text, "");
    assert!(report.passed() && report.cases == 2 && report.media == 2);
}

#[test]
fn changed_missing_and_extra_files_are_told_by_their_hashes() {
    let folder = Folder::sound();
    write_sums(folder.path()).unwrap();
    folder.write("classify.schema.json", format!("{SCHEMA} "));
    folder.write("notes.txt", "new");
    let listed = fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap();
    folder.write("SHA256SUMS", format!("{listed}{}  media/c.png\nnonsense\n", "0".repeat(64)));
    folder.finds(&[
        "error: classify.schema.json: was changed",
        "error: notes.txt: is not listed",
        "error: SHA256SUMS:6: `media/c.png` is missing",
        "error: SHA256SUMS:7: should be 64 hexadecimal digits",
    ]);
}

#[test]
fn every_faulty_line_is_told_and_not_only_the_first() {
    let folder = Folder::sound();
    write_sums(folder.path()).unwrap();
    folder.cases(&[
        &case("a", "a.png"),
        "{oops",
        &case("a", "b.png"),
        &case("c", "none.png"),
        &case("d", "../a.png"),
        r#"{"id":"e","media":[],"expected":{"label":"dog","note":null,"more":1},"fields":{"x":"y"}}"#,
        r#"{"id":"f","task":"receipt","media":["media/a.png"],"expected":null,"source":"a"}"#,
    ]);
    write_sums(folder.path()).unwrap();
    folder.finds(&[
        "error: cases.jsonl:2: is not JSON: key must be a string (column 2)",
        "error: cases.jsonl:3: the id `a` stands in line 1 already",
        "error: cases.jsonl:4: `media/none.png` cannot be read",
        "error: cases.jsonl:5: `media/../a.png` leaves its folder",
        "error: cases.jsonl:6: the label `dog` is not among the settings' `labels`: chart, photo",
        "error: cases.jsonl:6: `expected`: Additional properties are not allowed",
        "error: cases.jsonl:6: `media` is empty",
        "warning: cases.jsonl:6: the field `x` is not used",
        "error: cases.jsonl:7: the task `receipt` is not in dataset.toml",
    ]);
}

#[test]
fn the_manifest_is_held_against_metrics_templates_and_schema_files() {
    let folder = Folder::sound();
    folder.write(
        "dataset.toml",
        MANIFEST
            .replace("\"classify\"\nsettings", "\"clasify\"\nsettings")
            .replace("it?", "{{thing}}?")
            .replace("classify.schema", "other.schema"),
    );
    folder.cases(&[&case("a", "a.png"), &case("b", "b.png").replace("}}", r#"},"fields":{"thing":"it"}}"#)]);
    fs::remove_file(folder.path().join("classify.schema.json")).unwrap();
    write_sums(folder.path()).unwrap();
    folder.finds(&[
        "error: cases.jsonl:1: the prompt asks for the field `thing`, which this case lacks",
        "error: dataset.toml:8:1: task `classify`: `other.schema.json` cannot be read",
        "error: dataset.toml:9:1: task `classify`: unknown metric `clasify`; did you mean `classify`?",
    ]);
}

#[test]
fn bytes_are_held_against_the_name() {
    let folder = Folder::sound();
    fs::rename(folder.path().join("media/a.png"), folder.path().join("media/a.jpg")).unwrap();
    folder.write("media/b.png", "no picture");
    let whole = fs::read(folder.path().join("media/a.jpg")).unwrap();
    folder.write("media/c.png", &whole[..whole.len() / 2]);
    folder.cases(&[&case("a", "a.jpg"), &case("b", "b.png"), &case("c", "c.png")]);
    write_sums(folder.path()).unwrap();
    folder.finds(&[
        "error: cases.jsonl:1: `media/a.jpg` is image/png by its bytes, but not by its name",
        "error: cases.jsonl:2: `media/b.png` is of no known media type",
        "error: cases.jsonl:3: `media/c.png` is cut off",
    ]);
}

#[test]
fn the_same_and_nearly_the_same_image_are_found_across_sources_only() {
    let folder = Folder::sound();
    fs::copy(folder.path().join("media/a.png"), folder.path().join("media/c.png")).unwrap();
    let brighter = image::open(folder.path().join("media/b.png")).unwrap().brighten(2);
    brighter.save(folder.path().join("media/d.jpg")).unwrap();
    let of_a = case("e", "a.png").replace("\"id\"", "\"source\":\"a\",\"id\"");
    let same = case("f", "b.png");
    folder.cases(&[
        &case("a", "a.png"),
        &case("b", "b.png"),
        &case("c", "c.png"),
        &case("d", "d.jpg"),
        &of_a,
        &same,
    ]);
    write_sums(folder.path()).unwrap();
    folder.finds(&[
        "error: cases.jsonl:3: has the same medium, byte for byte, as line 1",
        "warning: cases.jsonl:4: has nearly the same image as line 2",
        "error: cases.jsonl:6: `media/b.png` is used in line 2 already",
    ]);
}

#[test]
fn documents_in_one_layout_are_one_warning_with_their_count() {
    let folder = Folder::sound();
    let names = ["c", "d", "e"];
    for (at, name) in names.iter().enumerate() {
        let brighter = image::open(folder.path().join("media/b.png")).unwrap().brighten(2 + at as i32);
        brighter.save(folder.path().join(format!("media/{name}.png"))).unwrap();
    }
    let more = names.map(|name| case(name, &format!("{name}.png")));
    folder.cases(&[&case("a", "a.png"), &case("b", "b.png"), &more[0], &more[1], &more[2]]);
    write_sums(folder.path()).unwrap();
    folder.finds(&[
        "warning: cases.jsonl:3: has nearly the same image as line 2 of another `source`, and 2 more like it",
    ]);
}

#[test]
fn media_that_no_case_names_are_told() {
    let folder = Folder::sound();
    folder.picture("media/spare.png", 5);
    write_sums(folder.path()).unwrap();
    folder.finds(&["warning: media/spare.png: is not used by any case"]);
}

#[test]
fn a_missing_list_of_hashes_is_a_warning_and_a_missing_manifest_an_error() {
    let folder = Folder::sound();
    folder.finds(&["warning: SHA256SUMS: is missing"]);
    let empty = tempfile::tempdir().unwrap();
    assert!(!check(empty.path(), &METRICS).passed());
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_told_wherever_they_stand() {
    use std::os::unix::fs::symlink;
    let folder = Folder::sound();
    symlink("/etc/hostname", folder.path().join("media/c.png")).unwrap();
    symlink("/etc", folder.path().join("etc")).unwrap();
    symlink(folder.path(), folder.path().join("media/round")).unwrap();
    symlink("a.png", folder.path().join("media/inside.png")).unwrap();
    assert!(write_sums(folder.path()).is_err());
    folder.finds(&[
        "error: etc: is a link out of",
        "error: media/c.png: is a link out of",
        "error: media/round: is a link to a folder",
        "warning: SHA256SUMS: is missing",
        "warning: media/inside.png: is not used by any case",
    ]);
}

#[test]
fn huge_lines_and_deep_json_are_findings_like_others() {
    let folder = Folder::sound();
    let huge = format!(r#"{{"id":"h","note":"{}"}}"#, "x".repeat(17 << 20));
    let deep = format!(
        r#"{{"id":"d","media":["media/a.png"],"expected":{}{}}}"#,
        "[".repeat(9999),
        "]".repeat(9999)
    );
    folder.cases(&[&huge, &deep, &case("a", "a.png"), &case("b", "b.png")]);
    write_sums(folder.path()).unwrap();
    folder.finds(&[
        "error: cases.jsonl:1: the line is longer than 16 MiB",
        "error: cases.jsonl:2: recursion limit",
    ]);
}

#[track_caller]
fn question(expected: &str, fault: Option<&str>) {
    let folder = Folder::sound();
    let manifest = MANIFEST
        .replace("classify", "chart-question")
        .replace("schema = \"chart-question.schema.json\"\n", "")
        .replace("settings = { labels = [\"chart\", \"photo\"] }\n", "");
    folder.write("dataset.toml", manifest);
    fs::remove_file(folder.path().join("classify.schema.json")).unwrap();
    let line = format!(r#"{{"id":"a","media":["media/a.png","media/b.png"],"expected":{expected}}}"#);
    folder.cases(&[&line]);
    write_sums(folder.path()).unwrap();
    let (report, text) = folder.check();
    assert_eq!(report.errors, usize::from(fault.is_some()), "{text}");
    assert!(fault.is_none_or(|fault| text.contains(fault)), "{text}");
}

#[test]
fn labels_of_questions_have_the_shape_of_their_type() {
    question(r#"{"type":"number","value":5,"unit":null,"tolerance":0.02}"#, None);
    question(r#"{"type":"number","value":"5"}"#, Some("`expected.value` should be a number, but is `\"5\"`"));
    question(r#"{"type":"number","value":5,"tolerance":2}"#, Some("expected.tolerance"));
    question(r#"{"type":"category","value":"Q4","aliases":["4"]}"#, None);
    question(r#"{"type":"category","value":"Q4","aliases":[4]}"#, Some("expected.aliases"));
    question(r#"{"type":"trend","value":"sideways"}"#, Some("up, down, flat or mixed"));
    question(r#"{"type":"yes_no","value":true}"#, None);
    question(r#"{"value":true}"#, Some("expected.type"));
}

#[test]
fn a_metric_of_the_field_says_what_its_labels_are() {
    let folder = Folder::sound();
    let manifest = MANIFEST.replace("[tasks.classify]", "[tasks.text]");
    let manifest: Vec<&str> =
        manifest.lines().filter(|it| !it.starts_with("schema") && !it.starts_with("settings")).collect();
    folder.write("dataset.toml", manifest.join("\n").replace("\"classify\"", "\"anls\""));
    let case = |id: &str, expected: &str| {
        format!(r#"{{"id":"{id}","task":"text","media":["media/{id}.png"],"expected":{expected}}}"#)
    };
    folder.cases(&[&case("a", r#""Corner Shop""#), &case("b", r#"{"text":"Total"}"#)]);
    write_sums(folder.path()).unwrap();
    folder.finds(&["error: cases.jsonl:2: `expected` should be a string or a list of strings"]);
}
