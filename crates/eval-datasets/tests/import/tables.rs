//! CSV and JSONL: what a table is understood to say.

use std::collections::BTreeMap;
use std::fs;

use eval_datasets::{Case, Dataset, Encoding, Import, Imported, import};
use serde_json::{Value, json};
use vision_core::Task;

use super::{Fixture, METRICS, refused};

/// A table beside pictures of the names `a.png`, `b.png`, …
pub(super) fn table(name: &str, bytes: &[u8], pictures: u32) -> Fixture {
    let fixture = Fixture::new(&[]);
    fixture.write(name, bytes);
    for number in 0..pictures {
        let letter = char::from(b'a' + number as u8);
        fixture.picture(&format!("{letter}.png"), number + 1);
    }
    fixture
}

pub(super) fn csv(rows: &str, pictures: u32) -> Fixture {
    table("labels.csv", rows.as_bytes(), pictures)
}

pub(super) fn settings(fixture: &Fixture, task: Option<Task>) -> Import {
    Import { task, ..fixture.settings("csv", "labels.csv") }
}

pub(super) fn expected(cases: &[Case]) -> Vec<&Value> {
    cases.iter().map(|case| &case.expected).collect()
}

pub(super) fn notes(imported: &Imported) -> Vec<String> {
    imported.notes.iter().map(|note| format!("{}: {}", note.line.unwrap_or_default(), note.message)).collect()
}

/// The labels that a table of receipts comes to.
#[track_caller]
pub(super) fn labels(rows: &str, task: Task, wanted: &[Value]) -> Imported {
    let fixture = csv(rows, wanted.len() as u32);
    let (imported, cases) = fixture.import(&settings(&fixture, Some(task)));
    assert_eq!(expected(&cases), wanted.iter().collect::<Vec<_>>());
    assert_eq!(imported.refused, [], "{rows}");
    imported
}

#[track_caller]
pub(super) fn fails(rows: &str, task: Option<Task>, message: &str) {
    let fixture = csv(rows, 2);
    let problem = import(&settings(&fixture, task)).unwrap_err();
    assert!(problem.to_string().contains(message), "{problem}");
    assert!(!fixture.folder.path().join("out").exists());
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest_and_the_way_on() {
    let rows = "file,company,date,totl\na.png,A,2017-09-25,5\n";
    fails(
        rows,
        Some(Task::Receipt),
        "the column `company` is not known to the task `receipt`: did you mean `store`? --map company=store reads it so, --ignore-column company leaves it out",
    );
    fails(rows, Some(Task::Receipt), "did you mean `total`? --map totl=total");
    fails(
        "file,label,look\na.png,x,y\n",
        Some(Task::Classify),
        "the column `look` is not known to the task `classify`",
    );
    let fixture = csv(rows, 1);
    let mut settings = settings(&fixture, Some(Task::Receipt));
    settings.map = BTreeMap::from([("company".to_owned(), "store".to_owned())]);
    settings.ignore = vec!["totl".to_owned()];
    let (_, cases) = fixture.import(&settings);
    assert_eq!(cases[0].expected, json!({ "store": "A", "date": "2017-09-25" }));
    settings.ignore = vec!["total".to_owned()];
    settings.output = fixture.folder.path().join("again");
    assert!(import(&settings).unwrap_err().message.contains("has no column `total`; did you mean `totl`?"));
}

#[test]
fn day_month_and_year_become_a_date() {
    labels(
        "file,day,month,year,total\na.png,25,9,2017,5\nb.png,04,March,2018,6\n",
        Task::Receipt,
        &[json!({ "date": "2017-09-25", "total": 5 }), json!({ "date": "2018-03-04", "total": 6 })],
    );
    labels(
        "file,due_day,due_month,due_year\na.png,25,9,2017\n",
        Task::Document,
        &[json!({ "due": "2017-09-25" })],
    );
    let fixture = csv("file,year,month,day,total\na.png,2017,9,31,5\nb.png,2017,9,,5\nc.png,2017,9,1,5\n", 3);
    let (imported, _) = fixture.import(&settings(&fixture, Some(Task::Receipt)));
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:2: day, month and year make no date: `31/9/2017`",
            "labels.csv:3: day, month and year make no date",
        ],
    );
}

#[test]
fn the_task_is_guessed_from_the_columns() {
    for (header, row, task) in [
        ("file,label", "cat", Task::Classify),
        ("file,expected", "HELLO", Task::Text),
        ("image,store,total", "A,5", Task::Receipt),
        ("filename,buyer,total", "A,5", Task::Document),
        ("path,question,answer", "How many?,5", Task::Text),
        ("file,expected", "\"{\"\"total\"\":5,\"\"store\"\":\"\"A\"\"}\"", Task::Receipt),
        ("file,expected", "\"{\"\"buyer\"\":{\"\"name\"\":\"\"A\"\"}}\"", Task::Document),
        ("file,expected", "\"{\"\"label\"\":\"\"x\"\"}\"", Task::Classify),
    ] {
        let fixture = csv(&format!("{header}\na.png,{row}\n"), 1);
        let settings = settings(&fixture, None);
        let (imported, _) = fixture.import(&settings);
        let understood = imported.understood.unwrap();
        assert_eq!((understood.task, understood.guessed), (task, true), "{header}");
    }
}

#[test]
fn files_go_by_many_names_and_there_may_be_several() {
    for header in
        ["file,file2", "Datei,Datei 2", "filename,filename2", "image_1,image_2", "path,path", "before,after"]
    {
        let fixture = csv(&format!("{header},expected\na.png,b.png,\"[]\"\n"), 2);
        let (_, cases) = fixture.import(&settings(&fixture, Some(Task::Compare)));
        assert_eq!(
            (cases[0].media.len(), &cases[0].expected),
            (2, &json!({ "differences": [] })),
            "{header}"
        );
    }
    for cell in ["a.png|b.png", "a.png; b.png", "\"[\"\"a.png\"\",\"\"b.png\"\"]\""] {
        let fixture = csv(&format!("file,expected\n{cell},x\n"), 2);
        let (_, cases) = fixture.import(&settings(&fixture, None));
        assert_eq!(cases[0].media.len(), 2, "{cell}");
    }
    fails("document,label\na.png,x\n", None, "say which names the files with --map COLUMN=file");
    fails("a.png,cat\nb.png,dog\n", None, "has no header");
}

#[test]
fn tags_sources_notes_and_fields_have_columns() {
    let rows = "file,label,tags,tag:look,source,note,field:shop\na.png,x,country=DE; paper=thermal,photo,roll 1,\"torn, left\",A\nb.png,y,\"{\"\"country\"\":\"\"FR\"\"}\",,roll 1,,\n";
    let fixture = csv(rows, 2);
    let settings = settings(&fixture, None);
    let (_, cases) = fixture.import(&settings);
    let tags = [("country", "DE"), ("look", "photo"), ("paper", "thermal")];
    assert_eq!(cases[0].tags, tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    assert_eq!((cases[0].source.as_str(), cases[0].fields["shop"].as_str()), ("roll 1", "A"));
    assert_eq!(cases[1].tags["country"], "FR");
    let lines = fs::read_to_string(settings.output.join("cases.jsonl")).unwrap();
    assert!(lines.contains(r#""note":"torn, left""#), "{lines}");
}

#[test]
fn dotted_columns_and_cells_of_json_are_nested() {
    let wanted = [json!({
        "buyer": { "name": "Ada", "born": "1990-12-25" },
        "lines": [{ "item": "Tea", "price": 2.5 }, { "item": "Cake", "price": 1200 }],
        "boxes": ["a", "b"],
    })];
    let dotted = "file;buyer.name;buyer.born;lines.1.item;lines.1.price;lines.2.item;lines.2.price;boxes\na.png;Ada;25.12.1990;Tea;2,50 €;Cake;1.200,00 €;\"[\"\"a\"\",\"\"b\"\"]\"\n";
    labels(dotted, Task::Document, &wanted);
    let cells = "file;buyer;lines;boxes\na.png;\"{\"\"name\"\":\"\"Ada\"\",\"\"born\"\":\"\"25.12.1990\"\"}\";\"[{\"\"item\"\":\"\"Tea\"\",\"\"price\"\":\"\"2,50 €\"\"},{\"\"item\"\":\"\"Cake\"\",\"\"price\"\":\"\"1.200,00 €\"\"}]\";\"[\"\"a\"\",\"\"b\"\"]\"\n";
    labels(cells, Task::Document, &wanted);
    let line = json!({ "file": "a.png", "expected": {
        "buyer": { "name": "Ada", "born": "25.12.1990" },
        "lines": [{ "item": "Tea", "price": "2,50 €" }, { "item": "Cake", "price": 1200 }],
        "boxes": ["a", "b"],
    } });
    let fixture = table("labels.jsonl", line.to_string().as_bytes(), 1);
    let settings = Import { task: Some(Task::Document), ..fixture.settings("jsonl", "labels.jsonl") };
    let (_, cases) = fixture.import(&settings);
    assert_eq!(expected(&cases), wanted.iter().collect::<Vec<_>>());
    let manifest = Dataset::open(&settings.output).unwrap().manifest;
    let settings = &manifest.tasks[&Task::Document].settings;
    assert_eq!(settings["fields"]["buyer.born"].as_str(), Some("date"));
    assert_eq!(settings["lists"]["lines"]["price"].as_str(), Some("money"));
    assert_eq!(settings["lists"]["boxes"].as_str(), Some("text"));
}

#[test]
fn a_receipt_has_its_items_in_columns_or_in_json() {
    let wanted = [json!({
        "items": [{ "name": "Tea", "quantity": 2, "price": 5 }, { "name": "Cake", "price": 1.5 }],
        "total": 6.5, "payment_method": "card",
    })];
    labels(
        "file,items.0.name,items.0.quantity,items.0.price,items.1.name,items.1.quantity,items.1.price,Payment Method,total\na.png,Tea,2,5.00,Cake,n/a,1.50,VISA,6.50\n",
        Task::Receipt,
        &wanted,
    );
    labels(
        "file,items,payment_method,total\na.png,\"[{\"\"name\"\":\"\"Tea\"\",\"\"quantity\"\":2,\"\"price\"\":\"\"5.00\"\"},{\"\"name\"\":\"\"Cake\"\",\"\"price\"\":1.5}]\",card,6.50\n",
        Task::Receipt,
        &wanted,
    );
    let line = r#"{"file":"a.png","items":[{"name":"Tea","quantity":2,"price":5},{"name":"Cake","price":"1.50"}],"total":"6.50","payment_method":"Credit card"}"#;
    let fixture = table("labels.jsonl", line.as_bytes(), 1);
    let settings = Import { task: Some(Task::Receipt), ..fixture.settings("jsonl", "labels.jsonl") };
    let (_, cases) = fixture.import(&settings);
    assert_eq!(expected(&cases), wanted.iter().collect::<Vec<_>>());
}

#[test]
fn labels_that_a_receipt_does_not_have_are_refused_inside_of_json_too() {
    let fixture =
        csv("file,expected\na.png,\"{\"\"company\"\":\"\"A\"\"}\"\nb.png,\"{\"\"store\"\":\"\"A\"\"}\"\n", 2);
    let (imported, _) = fixture.import(&settings(&fixture, Some(Task::Receipt)));
    refused(&imported, &fixture.input(), &["labels.csv:2: `company` is no field of a receipt"]);
}

#[test]
fn files_keep_their_names_and_messages_use_them() {
    let fixture = Fixture::new(&[("labels.csv", "file,label\njan/bill.png,x\nfeb/bill.png,y\na b.png,x\n")]);
    fixture.picture("jan/bill.png", 1);
    fixture.picture("feb/bill.png", 2);
    fixture.picture("a b.png", 3);
    let settings = fixture.settings("csv", "labels.csv");
    fixture.import(&settings);
    let mut names: Vec<String> = fs::read_dir(settings.output.join("media"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a b.png", "bill.png", "feb-bill.png"]);
}

#[test]
fn cases_that_share_a_file_are_one_source() {
    // The copy of a file is that file, as `datasets check` sees it.
    let rows = "file,expected,id\na.png,x,1\ncopy.png,x,2\nb.png|c.png,x,3\nc.png|a.png,x,4\nd.png,x,5\n";
    let fixture = csv(rows, 4);
    fixture.picture("copy.png", 1);
    let (imported, cases) = fixture.import(&settings(&fixture, None));
    let sources: Vec<&str> = cases.iter().map(|case| case.source.as_str()).collect();
    assert_eq!(sources[..4], [sources[0]; 4]);
    assert_ne!(sources[4], sources[0]);
    assert!(notes(&imported)[0].contains("share a medium"), "{:?}", notes(&imported));
}

#[test]
fn a_file_with_two_labels_is_noted() {
    let fixture = csv("file,label\na.png,x\nb.png,y\na.png,z\n", 2);
    let (imported, cases) = fixture.import(&settings(&fixture, None));
    assert_eq!(cases.len(), 3);
    assert!(notes(&imported)[0].starts_with("4: names the same files as line 2"), "{:?}", notes(&imported));
}

#[test]
fn an_id_that_is_given_twice_is_refused() {
    let fixture = csv("id,file,label\n7,a.png,x\n8,b.png,y\n7,c.png,x\n", 3);
    let (imported, cases) = fixture.import(&settings(&fixture, None));
    assert_eq!(cases.len(), 2);
    refused(&imported, &fixture.input(), &["labels.csv:4: the id `7` is used in line 2 already"]);
}

#[test]
fn encodings_and_line_ends_of_spreadsheets() {
    let text = "sep=;\r\nDatei;label\r\na.png;\"Größe\r\nzwei\"\r\nb.png;klein\r\n;\r\n";
    let windows: Vec<u8> = text.chars().map(|letter| u32::from(letter) as u8).collect();
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let utf8 = format!("\u{feff}{text}").into_bytes();
    for (bytes, encoding) in
        [(windows, Encoding::Windows1252), (utf16, Encoding::Utf16), (utf8, Encoding::Utf8)]
    {
        let fixture = table("labels.csv", &bytes, 2);
        let (imported, cases) = fixture.import(&settings(&fixture, None));
        let understood = imported.understood.unwrap();
        assert_eq!((understood.dialect, understood.rows), (Some((';', encoding)), 2));
        assert_eq!(cases[0].expected, json!({ "label": "Größe\r\nzwei" }));
    }
    let fixture = table("labels.csv", b"file;label\na.png;\xF1\xF3\xEC\xEC\xE0\n", 1);
    assert!(import(&settings(&fixture, None)).unwrap_err().message.contains("save it as UTF-8"));
}

#[test]
fn tables_without_rows_or_with_broken_ones_say_so() {
    fails("file,label\n", None, "has a header, but no rows");
    fails("", None, "is empty");
    let fixture = csv("file,label\na.png,x,y\nb.png,x\n\"c.png,x\nd.png,y\n", 2);
    let (imported, _) = fixture.import(&settings(&fixture, None));
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:2: has 3 cells for 2 columns; a cell that holds `,` needs quotes",
            "labels.csv:4: has 1 cell for 2 columns; is a quote left open?",
        ],
    );
}

#[test]
fn a_missing_file_is_named_with_one_that_is_nearly_so_called() {
    let fixture = csv("file,label\na.jpg,x\nnone.png,x\nb.png,x\n", 2);
    let (imported, _) = fixture.import(&settings(&fixture, None));
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:2: `a.jpg` does not exist; did you mean `a.png`?",
            "labels.csv:3: `none.png` cannot be read",
        ],
    );
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let fixture = csv("file,date,total\na.png,25/09/2017,28.40\nb.png,never,1.00\n", 2);
    let real = settings(&fixture, Some(Task::Receipt));
    let dry = Import { dry_run: true, ..real.clone() };
    let tried = import(&dry).unwrap();
    assert!(!dry.output.exists());
    assert_eq!(import(&real).unwrap(), tried);
    assert_eq!((tried.cases, tried.refused.len()), (1, 1));
    let understood = tried.understood.unwrap();
    assert_eq!(understood.samples[0].expected, json!({ "date": "2017-09-25", "total": 28.4 }));
    assert_eq!(understood.columns[1].example, Some(("25/09/2017".to_owned(), json!("2017-09-25"))));
}

#[test]
fn files_may_lie_in_another_folder_and_be_addresses() {
    let fixture =
        Fixture::new(&[("lists/labels.csv", "file,label\n1.png,x\nhttps://example.test/2.png,y\n")]);
    fixture.picture("scans/1.png", 1);
    let settings =
        Import { files: Some(fixture.input().join("scans")), ..fixture.settings("csv", "lists/labels.csv") };
    let (_, cases) = fixture.import(&settings);
    assert_eq!(cases.len(), 2);
    assert!(eval_datasets::check(&settings.output, &METRICS).passed());
}

#[test]
fn a_label_that_the_check_refuses_is_not_imported() {
    let lines = "{\"file\":\"a.png\",\"expected\":{\"foo\":1}}\n{\"file\":\"b.png\",\"expected\":{\"differences\":[]}}\n";
    let fixture = table("labels.jsonl", lines.as_bytes(), 2);
    let settings = Import { task: Some(Task::Compare), ..fixture.settings("jsonl", "labels.jsonl") };
    let (imported, cases) = fixture.import(&settings);
    assert_eq!(cases.len(), 1);
    refused(
        &imported,
        &fixture.input(),
        &["labels.jsonl:1: `expected`: Additional properties are not allowed"],
    );
}
