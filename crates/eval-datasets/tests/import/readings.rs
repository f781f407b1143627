//! How the cells of a column are read: dates, amounts, words.

use std::collections::BTreeMap;
use std::fs;

use eval_datasets::{Choice, Dataset, DateOrder, Import, Mark, questions};
use serde_json::{Value, json};
use vision_core::Task;

use super::tables::{csv, expected, fails, labels, notes, settings, table};
use super::{METRICS, refused};

#[test]
fn dates_and_amounts_are_stored_in_one_spelling() {
    let wanted = [
        json!({ "store": "A", "date": "2017-09-25", "total": 28.4 }),
        json!({ "store": "B", "date": "2017-03-04", "total": 1234.5 }),
    ];
    for rows in [
        "file,store,date,total\na.png,A,2017-09-25,28.4\nb.png,B,2017-03-04,1234.5\n",
        "file,store,date,total\na.png,A,25/09/2017,28.40\nb.png,B,04/03/2017,\"1,234.50\"\n",
        "file,Store,Date,Total\na.png,A,09/25/2017,$28.40\nb.png,B,03/04/2017,\"$1,234.50\"\n",
        "file;store;date;total\r\na.png;A;25.09.2017;28,40 €\r\nb.png;B;04.03.2017;1.234,50 €\r\n",
        "file\tstore\tdate\ttotal\na.png\tA\t25 Sep 2017\t28,40\nb.png\tB\t4 March 2017\t1 234,50\n",
        "file|store|date|total\na.png|A|25-09-17|RM28.40\nb.png|B|04-03-17|RM 1234.50\n",
    ] {
        let with_order = rows.contains("25-09-17");
        let fixture = csv(rows, 2);
        let mut settings = settings(&fixture, Some(Task::Receipt));
        if with_order {
            settings.date_order.insert(String::new(), DateOrder::Dmy);
        }
        let (_, cases) = fixture.import(&settings);
        assert_eq!(expected(&cases), wanted.iter().collect::<Vec<_>>(), "{rows}");
    }
}

#[test]
fn exports_of_the_studio_say_the_same_here() {
    let rows =
        "file,vendor,number,total\n'-dash.png,unlabeled,'-7/b,null\na.png,'=1+1,'unlabeled,unlabeled\n";
    let fixture = csv(rows, 1);
    fixture.picture("-dash.png", 9);
    let (imported, cases) = fixture.import(&settings(&fixture, Some(Task::Document)));
    assert_eq!(imported.refused, []);
    let wanted = [json!({"number": "-7/b", "total": null}), json!({"vendor": "=1+1", "number": "unlabeled"})];
    assert_eq!(expected(&cases), wanted.iter().collect::<Vec<_>>());

    let line = r#"{"file":"a.png","expected":{"total":12.5},"unlabeled":["vendor"]}"#;
    let fixture = table("labels.jsonl", line.as_bytes(), 1);
    let task = Some(Task::Document);
    let (imported, cases) = fixture.import(&Import { task, ..fixture.settings("jsonl", "labels.jsonl") });
    assert_eq!(imported.refused, []);
    assert_eq!(expected(&cases), [&json!({"total": 12.5})]);
}

#[test]
fn every_column_has_its_own_marks() {
    let imported = labels(
        "file,gross,net,share,due,paid\na.png,\"1.234,56\",1234.56,41.5%,25/09/2017,09/26/2017\nb.png,\"2,50\",(12.00),7%,03/04/2017,03/04/2017\n",
        Task::Document,
        &[
            json!({ "gross": 1234.56, "net": 1234.56, "share": 41.5, "due": "2017-09-25", "paid": "2017-09-26" }),
            json!({ "gross": 2.5, "net": -12, "share": 7, "due": "2017-04-03", "paid": "2017-03-04" }),
        ],
    );
    assert_eq!(notes(&imported), [""; 0]);
}

#[test]
fn types_go_into_the_settings_and_the_schema() {
    let fixture = csv("file,when,sum,count,name\na.png,25/09/2017,28.40 €,3,Ada\n", 1);
    let settings = settings(&fixture, Some(Task::Document));
    fixture.import(&settings);
    let manifest = Dataset::open(&settings.output).unwrap().manifest;
    let fields = &manifest.tasks[&Task::Document].settings["fields"];
    let kinds = ["when", "sum", "count", "name"].map(|name| fields[name].as_str().unwrap());
    assert_eq!(kinds, ["date", "money", "number", "name"]);
}

#[test]
fn an_order_of_dates_that_nobody_can_know_is_asked_for() {
    let rows = "file,date,total\na.png,03/04/2017,5\nb.png,05/05/2017,6\n";
    fails(
        rows,
        Some(Task::Receipt),
        "labels.csv:2: the dates of the column `date` can be read in several ways (line 2: `03/04/2017`): --date-order dmy reads 2017-04-03, --date-order mdy reads 2017-03-04",
    );
    let fixture = csv(rows, 2);
    let mut settings = settings(&fixture, Some(Task::Receipt));
    let asked = questions(&settings).unwrap();
    assert_eq!((asked.len(), asked[0].column.as_str(), asked[0].line), (1, "date", 2));
    assert!(matches!(&asked[0].choice, Choice::DateOrder(ways) if ways.len() == 2));
    settings.date_order.insert("date".to_owned(), DateOrder::Mdy);
    let (_, cases) = fixture.import(&settings);
    assert_eq!(cases[0].expected, json!({ "date": "2017-03-04", "total": 5 }));
}

#[test]
fn dates_that_are_the_same_either_way_are_not_asked_for() {
    labels(
        "file,date,total\na.png,03/03/2017,5\nb.png,12/12/2017,6\n",
        Task::Receipt,
        &[json!({ "date": "2017-03-03", "total": 5 }), json!({ "date": "2017-12-12", "total": 6 })],
    );
}

#[test]
fn a_date_that_does_not_fit_the_column_is_refused_with_its_line() {
    let fixture = csv("file,date,total\na.png,25/09/2017,5\nb.png,soon,6\nc.png,43003,7\n", 3);
    let (imported, cases) = fixture.import(&settings(&fixture, Some(Task::Receipt)));
    assert_eq!(cases.len(), 1);
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:3: `date` is no date: `soon`",
            "labels.csv:4: `date` is no date: `43003` (a spreadsheet's count of days?",
        ],
    );
}

#[test]
fn a_decimal_mark_that_nobody_can_know_is_asked_for_and_amounts_have_no_tenths_of_cents() {
    let rows = "file,weight\na.png,\"1,234\"\nb.png,\"2,500\"\n";
    fails(rows, Some(Task::Document), "--decimal point reads 1234, --decimal comma reads 1.234");
    let fixture = csv(rows, 2);
    let settings = Import {
        decimal: BTreeMap::from([(String::new(), Mark::Comma)]),
        ..settings(&fixture, Some(Task::Document))
    };
    let (_, cases) = fixture.import(&settings);
    assert_eq!(expected(&cases), [&json!({ "weight": 1.234 }), &json!({ "weight": 2.5 })]);
    let imported = labels(
        "file,store,total\na.png,A,\"1,234\"\nb.png,B,950\n",
        Task::Receipt,
        &[json!({ "store": "A", "total": 1234 }), json!({ "store": "B", "total": 950 })],
    );
    assert!(notes(&imported)[0].contains("amounts have no tenths of cents"), "{:?}", notes(&imported));
}

#[test]
fn mixed_decimal_marks_are_read_one_by_one_and_noted() {
    let imported = labels(
        "file,store,total\na.png,A,\"1.234,56\"\nb.png,B,\"1,234.56\"\n",
        Task::Receipt,
        &[json!({ "store": "A", "total": 1234.56 }), json!({ "store": "B", "total": 1234.56 })],
    );
    assert!(notes(&imported)[0].contains("decimal commas"), "{:?}", notes(&imported));
}

#[test]
fn a_column_of_numbers_and_words_is_text_but_a_word_for_nothing_is_null() {
    let rows = "file,id,total,code,open\na.png,1,12.50,12,true\nb.png,2,,007,false\nc.png,three,n/a,13,true\nd.png,4,null,14,\n";
    let imported = labels(
        rows,
        Task::Document,
        &[
            json!({ "total": 12.5, "code": "12", "open": true }),
            json!({ "code": "007", "open": false }),
            json!({ "total": null, "code": "13", "open": true }),
            json!({ "total": null, "code": "14" }),
        ],
    );
    assert_eq!(
        notes(&imported),
        // A code is a text, whatever its digits: nothing to note.
        ["4: `n/a` in the column `total` is read as null: nothing is there"]
    );
}

#[test]
fn yes_and_no_is_a_type_of_its_own() {
    for task in [Task::Document, Task::Extract] {
        let rows = "{\"file\":\"a.png\",\"paid\":true,\"copy\":true,\"items\":[{\"gift\":false}]}\n{\"file\":\"b.png\",\"paid\":false,\"copy\":\"perhaps\"}\n";
        let fixture = table("labels.jsonl", rows.as_bytes(), 2);
        let settings = Import { task: Some(task), ..fixture.settings("jsonl", "labels.jsonl") };
        let (_, cases) = fixture.import(&settings);
        let wanted = json!({ "paid": true, "copy": "true", "items": [{ "gift": false }] });
        assert_eq!(cases[0].expected, wanted);
        let report = eval_datasets::check(&settings.output, &METRICS);
        assert_eq!(report.errors, 0, "{:?}", report.findings);
        let file = settings.output.join(format!("{task}.schema.json"));
        let schema: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(schema["properties"]["paid"]["type"], json!(["boolean", "null"]));
    }
}

#[test]
fn an_empty_cell_is_not_labelled_unless_it_is_said_to_be_nothing() {
    let fixture = csv("file,store,tip,items.0.name,items.1.name\na.png,A,,Tea,\n", 1);
    let mut settings = settings(&fixture, Some(Task::Receipt));
    let (_, cases) = fixture.import(&settings);
    assert_eq!(cases[0].expected, json!({ "store": "A", "items": [{ "name": "Tea" }] }));
    settings.output = fixture.folder.path().join("again");
    settings.empty_is_null = true;
    let (_, cases) = fixture.import(&settings);
    assert_eq!(cases[0].expected, json!({ "store": "A", "tip": null, "items": [{ "name": "Tea" }] }));
}
