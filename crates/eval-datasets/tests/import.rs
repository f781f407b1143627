//! Each kind of import, from a handmade folder shaped like the real thing (names, keys and spellings; all content is made up).
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "import/answers.rs"]
mod answers;
#[path = "import/lists.rs"]
mod lists;
#[path = "import/odd_cells.rs"]
mod odd_cells;
#[path = "import/readings.rs"]
mod readings;
#[path = "import/tables.rs"]
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use eval_datasets::{Case, Dataset, Import, Imported, KINDS, Selection, check, import};
use serde_json::{Value, json};
use vision_core::Task;

const METRICS: [&str; 9] = [
    "receipt",
    "chart-table",
    "chart-question",
    "classify",
    "compare",
    "document",
    "transcribe",
    "text",
    "extract",
];

struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            fixture.write(name, text.as_bytes());
        }
        fixture
    }

    fn input(&self) -> PathBuf {
        self.folder.path().join("handmade")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.input().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// An image unlike the others.
    fn picture(&self, name: &str, seed: u32) {
        let path = self.input().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let blot = |x: u32, y: u32| ((x / 4 * 7 + y / 4 * 13) * (seed * 29 + 3) % 251) as u8;
        image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([blot(x, y); 3])).save(path).unwrap();
    }

    fn settings(&self, kind: &str, input: &str) -> Import {
        Import {
            kind: kind.to_owned(),
            input: self.input().join(input),
            output: self.folder.path().join("out"),
            ..Import::default()
        }
    }

    /// Imports, checks the dataset that came of it, and reads its cases.
    #[track_caller]
    fn import(&self, settings: &Import) -> (Imported, Vec<Case>) {
        let imported = import(settings).unwrap();
        let report = check(&settings.output, &METRICS);
        assert!(report.passed(), "{:#?}", report.findings);
        assert_eq!(report.cases, imported.cases);
        let index = Dataset::open(&settings.output).unwrap().index(&Selection::default()).unwrap();
        let cases = index.cases().collect::<Result<_, _>>().unwrap();
        (imported, cases)
    }
}

#[track_caller]
fn refused(imported: &Imported, root: &Path, wanted: &[&str]) {
    let told: Vec<String> = imported
        .refused
        .iter()
        .map(|problem| problem.to_string().replace(&format!("{}/", root.display()), ""))
        .collect();
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told}\n{wanted}");
    }
}

fn labels(cases: &[Case]) -> Vec<(&str, &Value)> {
    cases.iter().map(|case| (case.id.as_str(), &case.expected)).collect()
}

fn sroie() -> Fixture {
    let entities = |date: &str| {
        format!(
            "{{\n    \"company\": \"TAN KEDAI SDN BHD\",\n    \"date\": \"{date}\",\n    \"address\": \"NO. 5, JALAN SATU\",\n    \"total\": \"RM 9.00\"\n}}"
        )
    };
    let fixture = Fixture::new(&[
        ("entities/X00016469612.txt", &entities("25/12/2018")),
        ("entities/X00016469619.txt", &entities("soon")),
        ("entities/X00016469620.txt", &entities("25/12/2018")),
        (
            "box/X00016469612.txt",
            "72,25,326,25,326,64,72,64,TAN KEDAI, SDN BHD\r\n50,82,440,82,440,121,50,121,TOTAL 9.00\r\n",
        ),
        ("box/X00016469619.txt", "72,25,326,25,TAN\n"),
    ]);
    fixture.picture("img/X00016469612.jpg", 1);
    fixture.picture("img/X00016469619.jpg", 2);
    fixture.picture("img/X00016469623.jpg", 3);
    fixture
}

#[test]
fn sroie_entities_are_receipts() {
    let fixture = sroie();
    let (imported, cases) = fixture.import(&fixture.settings("sroie", ""));
    let label = json!({ "store": "TAN KEDAI SDN BHD", "date": "2018-12-25", "total": 9 });
    assert_eq!(labels(&cases), [("X00016469612", &label)]);
    refused(
        &imported,
        &fixture.input(),
        &[
            "entities/X00016469619.txt:3: `date` cannot be read: `soon`",
            "entities/X00016469620.txt: has no image",
            "img/X00016469623.jpg: has no label",
        ],
    );
}

#[test]
fn sroie_boxes_are_text() {
    let fixture = sroie();
    let settings = Import { task: Some(Task::Text), ..fixture.settings("sroie", "") };
    let (imported, cases) = fixture.import(&settings);
    assert_eq!(labels(&cases), [("X00016469612", &json!("TAN KEDAI, SDN BHD\nTOTAL 9.00"))]);
    refused(
        &imported,
        &fixture.input(),
        &["box/X00016469619.txt:1: should be eight", "img/X00016469623.jpg: has no label"],
    );
}

const CORD: &str = r#"{"gt_parse":{"menu":[{"nm":"NASI GORENG","cnt":"2 x","price":"40,000"},{"nm":["ES","TEH"],"price":"8.000","sub":{"nm":"LESS ICE"}}],"sub_total":{"subtotal_price":"48,000","tax_price":"4,800"},"total":{"total_price":"52,800","cashprice":"60,000","changeprice":"7,200"}},"meta":{"version":"2.0.0","split":"test","image_id":1,"image_size":{"width":864,"height":1296}},"valid_line":[],"roi":{},"repeating_symbol":[],"dontcare":[]}"#;

fn cord_label() -> Value {
    json!({
        "items": [{ "quantity": 2, "price": 40000, "name": "NASI GORENG" }, { "price": 8000, "name": "ES TEH" }],
        "subtotal": 48000, "tax": 4800, "total": 52800, "payment_method": "cash",
    })
}

#[test]
fn cord_folders_are_receipts() {
    let fixture = Fixture::new(&[
        ("json/receipt_00000.json", CORD),
        ("json/receipt_00001.json", r#"{"valid_line":[]}"#),
        ("json/receipt_00002.json", &CORD.replace("52,800", "many")),
    ]);
    fixture.picture("image/receipt_00000.png", 1);
    fixture.picture("image/receipt_00002.png", 2);
    let (imported, cases) = fixture.import(&fixture.settings("cord", ""));
    assert_eq!(labels(&cases), [("receipt_00000", &cord_label())]);
    refused(
        &imported,
        &fixture.input(),
        &[
            "json/receipt_00001.json: `ground_truth` has no `gt_parse`",
            "json/receipt_00002.json: `total.total_price` is no amount: `many`",
        ],
    );
}

#[test]
fn cord_metadata_is_read_the_same_way() {
    let line = json!({ "file_name": "a.png", "ground_truth": CORD });
    let single = json!({ "file_name": "a.png", "ground_truth": json!({ "gt_parse": { "menu": { "nm": "KOPI", "price": "15,000" } } }).to_string() });
    let fixture = Fixture::new(&[("metadata.jsonl", &format!("{line}\n{single}\n"))]);
    fixture.picture("a.png", 1);
    let settings = fixture.settings("cord", "");
    import(&settings).unwrap();
    let index = Dataset::open(&settings.output).unwrap().index(&Selection::default()).unwrap();
    let cases: Vec<Case> = index.cases().collect::<Result<_, _>>().unwrap();
    assert_eq!(cases[0].expected, cord_label());
    assert_eq!(
        (cases[1].id.as_str(), &cases[1].expected["items"]),
        ("a-2", &json!([{ "price": 15000, "name": "KOPI" }]))
    );
}

#[test]
fn donut_fields_are_documents() {
    let line = |name: &str, parse: Value| json!({ "file_name": name, "ground_truth": json!({ "gt_parse": parse }).to_string() });
    let lines = [
        line("a.png", json!({ "name": "Ada", "age": 36 })),
        line("b.png", json!({ "name": { "first": "Ada" } })),
        json!({ "file_name": "a.png", "ground_truth": "{oops" }),
        json!({ "ground_truth": "{}" }),
        json!({ "file_name": "a.png", "ground_truth": "[1]" }),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let fixture = Fixture::new(&[("metadata.jsonl", &text)]);
    fixture.picture("a.png", 1);
    fixture.picture("b.png", 2);
    let (imported, cases) = fixture.import(&fixture.settings("donut", ""));
    assert_eq!(labels(&cases), [("a", &json!({ "name": "Ada", "age": 36 }))]);
    refused(
        &imported,
        &fixture.input(),
        &[
            "metadata.jsonl:2: the field `name` is nested in some labels and plain in others",
            "metadata.jsonl:3: `ground_truth` is not JSON",
            "metadata.jsonl:4: `file_name` is missing",
            "metadata.jsonl:5: `ground_truth` has no `gt_parse`",
        ],
    );
}

#[test]
fn chartqa_tables_and_questions() {
    let fixture = Fixture::new(&[
        ("tables/two_col_101.csv", "Year,Share of \"users\"\n2019,41.5%\n2020,\"1,044\"\n2021,\n"),
        ("tables/two_col_102.csv", "Year,Share\n2019,few\n"),
        (
            "test_human.json",
            r#"[
  {"imgname": "two_col_101.png", "query": "How many in 2019?", "label": "41.5"},
  {"imgname": "two_col_101.png", "query": "Is it growing?", "label": "Yes"},
  {"imgname": "two_col_101.png", "query": "Which year?", "label": "2020"},
  {"imgname": "two_col_999.png", "query": "Which?", "label": "Blue"},
  {"imgname": "two_col_101.png", "query": "Which?"}
]"#,
        ),
    ]);
    fixture.picture("png/two_col_101.png", 1);
    fixture.picture("png/two_col_102.png", 2);
    let (imported, cases) = fixture.import(&fixture.settings("chartqa", ""));
    let table = json!({ "columns": ["Year", "Share of \"users\""], "rows": [["2019", 41.5], ["2020", 1044], ["2021", null]] });
    assert_eq!(cases[0].expected, table);
    assert_eq!(
        cases[1].expected,
        json!({ "type": "number", "value": 41.5, "unit": null, "tolerance": 0.05 })
    );
    assert_eq!(cases[2].expected, json!({ "type": "yes_no", "value": true }));
    assert_eq!(cases[3].expected["tolerance"], json!(0.0), "a year is no measured value");
    assert!(cases.iter().all(|case| case.source == "two_col_101"));
    refused(
        &imported,
        &fixture.input(),
        &[
            "tables/two_col_102.csv:2: `few` is not a number",
            "test_human.json:5: `png/two_col_999.png` cannot be read",
            "test_human.json:6: `label` is missing",
        ],
    );
}

#[test]
fn docvqa_answers_are_alternatives() {
    let fixture = Fixture::new(&[(
        "val_v1.0.json",
        r#"{"dataset_name": "SP-DocVQA", "dataset_version": "1.0", "dataset_split": "val", "data": [
{"questionId": 52212, "question": "Whose signature is given?", "question_types": ["handwritten"], "image": "documents/txpn0095_1.png", "docId": 1968, "ucsf_document_id": "txpn0095", "ucsf_document_page_no": "1", "answers": ["Ada B. Love", "Ada Love"], "data_split": "val"},
{"questionId": 52213, "question": "What?", "image": "documents/txpn0095_1.png", "docId": 1968}
]}"#,
    )]);
    fixture.picture("documents/txpn0095_1.png", 1);
    let (imported, cases) = fixture.import(&fixture.settings("docvqa", "val_v1.0.json"));
    assert_eq!(
        labels(&cases),
        [("question-52212", &json!({ "type": "category", "value": "Ada B. Love", "aliases": ["Ada Love"] }))]
    );
    assert_eq!(
        (cases[0].source.as_str(), cases[0].fields["question"].as_str()),
        ("document-txpn0095", "Whose signature is given?")
    );
    refused(&imported, &fixture.input(), &["val_v1.0.json:3: `answers` is missing"]);
}

#[test]
fn a_folder_per_class() {
    let fixture = Fixture::new(&[
        ("cat/notes.txt", "not a picture"),
        ("stray.png", "x"),
        ("README.md", "of the project"),
        ("reports/old.txt", "no media at all"),
    ]);
    fixture.picture("cat/1.png", 1);
    fixture.picture("dog/1.png", 2);
    let settings = fixture.settings("classes", "");
    let (imported, cases) = fixture.import(&settings);
    assert_eq!(
        labels(&cases),
        [("cat-1", &json!({ "label": "cat" })), ("dog-1", &json!({ "label": "dog" }))]
    );
    let manifest = Dataset::open(&settings.output).unwrap().manifest;
    assert_eq!(manifest.tasks[&Task::Classify].settings["labels"].as_array().unwrap().len(), 2);
    refused(
        &imported,
        &fixture.input(),
        &["cat/notes.txt: `cat/notes.txt` is of no known media type", "stray.png: stands outside"],
    );
}

#[test]
fn nothing_is_overwritten_and_nothing_empty_is_written() {
    let fixture = Fixture::new(&[("labels.csv", "file,expected\nnone.png,x\n")]);
    let settings = fixture.settings("csv", "labels.csv");
    assert!(import(&settings).unwrap_err().message.contains("nothing in it could be imported"));
    assert!(!settings.output.exists());
    fs::create_dir_all(settings.output.join("mine")).unwrap();
    assert!(import(&settings).unwrap_err().message.contains("not empty"));
    assert!(settings.output.join("mine").exists());
}

#[test]
fn an_unknown_kind_is_refused_with_the_nearest() {
    let fixture = Fixture::new(&[("a.csv", "")]);
    let settings = Import { kind: "chartQA".to_owned(), ..fixture.settings("", "a.csv") };
    let problem = import(&settings).unwrap_err();
    assert!(problem.message.contains("did you mean `chartqa`?"), "{problem}");
    assert!(KINDS.iter().all(|(_, help)| !help.is_empty()));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_input_are_refused() {
    let fixture = Fixture::new(&[("labels.csv", "file,expected\nok.png,x\nlink.png,x\n")]);
    fixture.picture("ok.png", 1);
    std::os::unix::fs::symlink("/etc/hostname", fixture.input().join("link.png")).unwrap();
    let (imported, _) = fixture.import(&fixture.settings("csv", "labels.csv"));
    refused(&imported, &fixture.input(), &["labels.csv:3: `link.png` is a link out of its folder"]);
}
