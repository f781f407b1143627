//! `datasets import` through the binary: a folder shaped like the real thing goes in, a dataset that `datasets check` passes
//! comes out, and what cannot be read is listed with its line. All content is made up.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "import/tables.rs"]
mod tables;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What a team has.
struct Team(TempDir);

impl Team {
    /// Text files, and pictures of that name, each unlike the others.
    fn with(files: &[(&str, &str)], pictures: &[&str]) -> Self {
        let team = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            fs::write(team.place(name), text).unwrap();
        }
        let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/charts/media");
        for (at, name) in pictures.iter().enumerate() {
            fs::copy(bundled.join(format!("{:04}.png", 1 + 10 * at)), team.place(name)).unwrap();
        }
        team
    }

    fn place(&self, name: &str) -> PathBuf {
        let path = self.0.path().join("theirs").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// The exit code and what was printed, names of this machine's folders left out.
    fn start(&self, words: &str) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
        command.args(words.split_whitespace()).current_dir(self.0.path()).env_clear();
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stderr) + &text(output.stdout))
    }

    /// Nothing is refused, and the dataset is sound.
    #[track_caller]
    fn becomes_a_dataset(&self, words: &str, cases: usize) {
        let (code, told) = self.start(&format!("datasets import {words} ours"));
        assert_eq!(code, Some(0), "{told}");
        assert!(told.ends_with(&format!("ours: {} imported, 0 refused\n", counted(cases))), "{told}");
        let (code, told) = self.start("datasets check ours");
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains(&format!("ok      ours: {}", counted(cases))), "{told}");
    }
}

/// As it is printed.
fn counted(cases: usize) -> String {
    match cases {
        1 => "1 case".to_owned(),
        0..1_000 => format!("{cases} cases"),
        _ => format!("{},{:03} cases", cases / 1_000, cases % 1_000),
    }
}

#[test]
fn csv() {
    let team =
        Team::with(&[("labels.csv", "file,expected\na.png,chart\nb.png,photo\n")], &["a.png", "b.png"]);
    team.becomes_a_dataset("csv theirs/labels.csv --task classify", 2);
}

#[test]
fn jsonl() {
    let line = r#"{"file":"a.png","expected":"HELLO"}"#;
    let team = Team::with(&[("labels.jsonl", &format!("{line}\n"))], &["a.png"]);
    team.becomes_a_dataset("jsonl theirs/labels.jsonl", 1);
}

#[test]
fn json() {
    let rows = r#"[{"file":"a.png","label":"chart"}, {"file":"b.png","label":"photo"}]"#;
    let team = Team::with(&[("labels.json", rows)], &["a.png", "b.png"]);
    team.becomes_a_dataset("json theirs/labels.json", 2);
    fs::write(team.place("labels.json"), "[{\"file\":\"a.png\",\"label\":\"chart\"},\n7]").unwrap();
    let (code, told) = team.start("datasets import json theirs/labels.json others");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("theirs/labels.json:2: is not an object"), "{told}");
}

#[test]
fn sidecars() {
    let label = r#"{"store":"A shop","total":12.5,"items":[{"name":"tea","price":2.5}]}"#;
    let files = [("a.json", label), ("b.json", label), ("c.json", label), ("d.json", "7")];
    let team = Team::with(&files[..2], &["a.png", "b.png"]);
    team.becomes_a_dataset("sidecars theirs", 2);
    let team = Team::with(&files, &["a.png", "b.png", "d.png", "e.png"]);
    let (code, told) = team.start("datasets import sidecars theirs ours");
    assert_eq!(code, Some(96), "{told}");
    for refused in
        ["theirs/c.json: has no file", "theirs/d.json: the label is not", "theirs/e.png: has no label"]
    {
        assert!(told.contains(refused), "{refused}: {told}");
    }
    assert!(told.contains("ours: 2 cases imported, 3 refused"), "{told}");
}

#[test]
fn sroie() {
    let entities =
        r#"{"company": "TAN KEDAI SDN BHD", "date": "25/12/2018", "address": "NO. 5", "total": "RM 9.00"}"#;
    let lines = "72,25,326,25,326,64,72,64,TAN KEDAI, SDN BHD\r\n50,82,440,82,440,121,50,121,TOTAL 9.00\r\n";
    let files = [("entities/X00016469612.txt", entities), ("box/X00016469612.txt", lines)];
    // Theirs are JPEG files; the bytes decide.
    let team = Team::with(&files, &["img/X00016469612.png"]);
    team.becomes_a_dataset("sroie theirs", 1);
    fs::remove_dir_all(team.0.path().join("ours")).unwrap();
    team.becomes_a_dataset("sroie theirs --task text", 1);
}

#[test]
fn cord() {
    let label = r#"{"gt_parse":{"menu":[{"nm":"NASI GORENG","cnt":"2 x","price":"40,000"}],"total":{"total_price":"40,000"}},"valid_line":[]}"#;
    let team = Team::with(&[("json/receipt_00000.json", label)], &["image/receipt_00000.png"]);
    team.becomes_a_dataset("cord theirs", 1);
}

#[test]
fn donut() {
    let line = r#"{"file_name":"a.png","ground_truth":"{\"gt_parse\":{\"name\":\"Ada\",\"age\":36}}"}"#;
    let team = Team::with(&[("metadata.jsonl", line)], &["a.png"]);
    team.becomes_a_dataset("donut theirs", 1);
}

#[test]
fn chartqa() {
    let table = "Year,Share\n2019,41.5%\n2020,\"1,044\"\n";
    let questions = r#"[{"imgname": "two_col_101.png", "query": "How many in 2019?", "label": "41.5"}]"#;
    let files = [("tables/two_col_101.csv", table), ("test_human.json", questions)];
    Team::with(&files, &["png/two_col_101.png"]).becomes_a_dataset("chartqa theirs", 2);
}

#[test]
fn docvqa() {
    let questions = r#"{"dataset_name": "SP-DocVQA", "data": [{"questionId": 52212, "question": "Whose signature?", "image": "documents/txpn0095_1.png", "docId": 1968, "answers": ["Ada B. Love", "Ada Love"]}]}"#;
    let team = Team::with(&[("val_v1.0.json", questions)], &["documents/txpn0095_1.png"]);
    team.becomes_a_dataset("docvqa theirs/val_v1.0.json", 1);
}

#[test]
fn a_folder_per_class() {
    let team = Team::with(&[], &["chart/1.png", "photo/1.png"]);
    team.becomes_a_dataset("classes theirs", 2);
}

/// Written by the test of the crate `eval-datasets`: a cat, a dog, a label without a name, and bytes that are no picture.
#[test]
#[cfg(feature = "parquet")]
fn hugging_face() {
    let team = Team::with(&[], &[]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/handmade_classes.parquet");
    fs::copy(file, team.place("classes.parquet")).unwrap();
    let (code, told) = team.start("datasets import hugging-face theirs/classes.parquet ours");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("theirs/classes.parquet:3: row 3: the label 7 has no name"), "{told}");
    assert!(told.contains("ours: 2 cases imported, 2 refused"), "{told}");
    assert_eq!(team.start("datasets check ours").0, Some(0));
}

/// These two bytes make the reader of parquet panic, which is its own way to say that a file is broken.
#[test]
#[cfg(feature = "parquet")]
fn a_file_that_its_reader_panics_at_is_told_as_broken_and_as_nothing_else() {
    let mut bytes =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/handmade_classes.parquet"))
            .unwrap();
    (bytes[513], bytes[1986]) = (127, 149);
    let team = Team::with(&[], &[]);
    fs::write(team.place("broken.parquet"), bytes).unwrap();
    let (code, told) = team.start("datasets import hugging-face theirs/broken.parquet ours");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("is broken in a way that its reader cannot name"), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
}

#[test]
#[cfg(not(feature = "parquet"))]
fn parquet_says_which_build_reads_it() {
    let (code, told) =
        Team::with(&[("a.parquet", "PAR1")], &[]).start("datasets import hugging-face theirs/a.parquet ours");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("parquet"), "{told}");
}

#[test]
fn what_cannot_be_read_is_listed_with_its_line_and_the_rest_is_kept() {
    let team =
        Team::with(&[("labels.csv", "file,expected\na.png,chart\nnone.png,chart\n../b.png,x\n")], &["a.png"]);
    let (code, told) = team.start("datasets import csv theirs/labels.csv ours --task classify");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("theirs/labels.csv:3: `none.png` cannot be read"), "{told}");
    assert!(told.contains("if the files are in another folder, name it with --files"), "{told}");
    assert!(told.contains("theirs/labels.csv:4: `../b.png` leaves its folder"), "{told}");
    assert!(told.contains("ours: 1 case imported, 2 refused"), "{told}");
    assert_eq!(team.start("datasets check ours").0, Some(0));
}

/// The same receipt twice, as real collections have it: two cases, one source.
#[test]
fn a_picture_that_is_there_twice_passes_the_check() {
    let entities = r#"{"company": "A", "date": "25/12/2018", "total": "9.00"}"#;
    let team = Team::with(&[("entities/X1.txt", entities), ("entities/X2.txt", entities)], &["img/X1.png"]);
    fs::copy(team.place("img/X1.png"), team.place("img/X2.png")).unwrap();
    team.becomes_a_dataset("sroie theirs", 2);
}
