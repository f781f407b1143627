//! CSV and JSONL as teams have them: what is understood is shown, what cannot be is asked for.

use std::fs;

use serde_json::{Value, json};
use vision_testkit::media;

use super::{Team, counted};

/// Forty receipts, and a table of them with a row each.
fn receipts(header: &str, row: impl Fn(u32) -> String) -> Team {
    let rows: String = (0..40).map(|number| format!("{}\n", row(number))).collect();
    let team = Team::with(&[("labels.csv", &format!("{header}\n{rows}"))], &[]);
    for number in 0..40 {
        let picture = media::png("receipt", 60, 40, number);
        fs::write(team.place(&format!("{number:02}.png")), picture.bytes().unwrap()).unwrap();
    }
    team
}

fn expected(team: &Team) -> Vec<Value> {
    let text = fs::read_to_string(team.0.path().join("ours/cases.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["expected"].clone()).collect()
}

#[test]
fn forty_receipts_come_to_the_same_labels_however_they_are_written() {
    let (day, cents) = (|number: u32| number % 28 + 1, |number: u32| 1000 + 1737 * u64::from(number));
    let iso = receipts("file,store,date,total", |number| {
        let cents = cents(number);
        format!("{number:02}.png,Shop,2017-09-{:02},{}", day(number), cents as f64 / 100.0)
    });
    iso.becomes_a_dataset("csv theirs/labels.csv --task receipt", 40);
    let plain = receipts("file,store,date,total", |number| {
        let cents = cents(number);
        format!("{number:02}.png,Shop,{:02}/09/2017,{}.{:02}", day(number), cents / 100, cents % 100)
    });
    plain.becomes_a_dataset("csv theirs/labels.csv --task receipt", 40);
    let german = receipts("Datei;Store;Date;Total", |number| {
        let cents = cents(number);
        format!("{number:02}.png;Shop;{:02}.09.2017;{},{:02} €", day(number), cents / 100, cents % 100)
    });
    german.becomes_a_dataset("csv theirs/labels.csv --task receipt", 40);
    let parts = receipts("file,store,day,month,year,total", |number| {
        format!("{number:02}.png,Shop,{},9,2017,${:.2}", day(number), cents(number) as f64 / 100.0)
    });
    parts.becomes_a_dataset("csv theirs/labels.csv --task receipt", 40);
    assert_eq!(expected(&iso)[24], json!({ "store": "Shop", "date": "2017-09-25", "total": 426.88 }));
    for other in [plain, german, parts] {
        assert_eq!(expected(&iso), expected(&other));
    }
}

#[test]
fn what_is_understood_is_shown_with_three_rows_and_a_dry_run_writes_nothing() {
    let rows = "Datei;Date;Total;tag:look\na.png;25.09.2017;1.234,50 €;photo\nb.png;26.09.2017;2,00 €;\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png", "b.png"]);
    let (code, told) = team.start("datasets import csv theirs/labels.csv --task receipt --dry-run");
    assert_eq!(code, Some(0), "{told}");
    insta::assert_snapshot!(told);
    assert!(!team.0.path().join("ours").exists());
    let (code, again) = team.start("datasets import csv theirs/labels.csv ours --task receipt");
    assert_eq!(code, Some(0), "{again}");
    assert!(again.contains("date, dmy: `25.09.2017`, stored as 2017-09-25"), "{again}");
}

#[test]
fn without_anybody_to_ask_an_ambiguous_order_is_refused_with_the_flag() {
    let rows = "file,date,total\na.png,03/04/2017,5.00\nb.png,05/06/2017,6.00\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png", "b.png"]);
    let (code, told) = team.start("datasets import csv theirs/labels.csv ours --task receipt");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("--date-order dmy reads 2017-04-03, --date-order mdy reads 2017-03-04"), "{told}");
    assert!(!team.0.path().join("ours").exists());
    team.becomes_a_dataset("csv theirs/labels.csv --task receipt --date-order mdy", 2);
    assert_eq!(expected(&team)[0]["date"], "2017-03-04");
}

#[test]
fn an_unknown_column_stops_the_import_until_somebody_says_what_it_is() {
    let rows = "file,company,total,cashier\na.png,Shop,5.00,Ada\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png"]);
    let (code, told) = team.start("datasets import csv theirs/labels.csv ours --task receipt");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("did you mean `store`? --map company=store"), "{told}");
    assert!(told.contains("--ignore-column cashier"), "{told}");
    team.becomes_a_dataset(
        "csv theirs/labels.csv --task receipt --map company=store --ignore-column cashier",
        1,
    );
    assert_eq!(expected(&team)[0], json!({ "store": "Shop", "total": 5 }));
}

#[test]
fn several_files_tags_and_nested_fields() {
    let rows = "file,file2,tags,buyer.name,lines\na.png,b.png,look=photo,Ada,\"[{\"\"item\"\":\"\"Tea\"\",\"\"price\"\":\"\"2.50\"\"}]\"\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png", "b.png"]);
    team.becomes_a_dataset("csv theirs/labels.csv", 1);
    assert_eq!(
        expected(&team)[0],
        json!({ "buyer": { "name": "Ada" }, "lines": [{ "item": "Tea", "price": 2.5 }] })
    );
    let line = r#"{"files":["a.png","b.png"],"tags":{"look":"photo"},"expected":{"buyer":{"name":"Ada"},"boxes":["x"]}}"#;
    let team = Team::with(&[("labels.jsonl", line)], &["a.png", "b.png"]);
    team.becomes_a_dataset("jsonl theirs/labels.jsonl --task document", 1);
}

#[test]
fn a_column_of_numbers_and_words_is_noted() {
    let rows = "file,total,pages\na.png,12.50,12\nb.png,n/a,x\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png", "b.png"]);
    let (code, told) = team.start("datasets import csv theirs/labels.csv ours --task document");
    assert_eq!(code, Some(0), "{told}");
    for note in [
        "note: theirs/labels.csv:3: `n/a` in the column `total` is read as null: nothing is there",
        "note: theirs/labels.csv:3: `x` is no number, so that all of the column `pages` is read as text",
    ] {
        assert!(told.contains(note), "{told}");
    }
    assert_eq!(team.start("datasets check ours").0, Some(0));
}

/// Twice the rows take about twice the time: the bound is far from four times, and from a slow day.
#[test]
fn long_tables_are_read_in_linear_time() {
    let time = |rows: u32| {
        let mut table = "file,store,date,total\n".to_owned();
        for number in 0..rows {
            table += &format!(
                "a.png,Shop {number},25/09/2017,\"{},{:03}.50\"\n",
                number / 1000 + 1,
                number % 1000
            );
        }
        let team = Team::with(&[("labels.csv", &table)], &["a.png"]);
        let start = std::time::Instant::now();
        let (code, told) = team.start("datasets import csv theirs/labels.csv --dry-run --task receipt");
        assert_eq!(code, Some(0), "{told}");
        assert!(
            told.contains(&format!("dry run: {} would be imported, 0 refused", counted(rows as usize))),
            "{told}"
        );
        start.elapsed().as_secs_f64()
    };
    let (short, long) = (time(10_000), time(80_000));
    assert!(long < 32.0 * short, "{short} s, {long} s");
}

#[test]
fn json_in_a_column_called_label_is_a_whole_label() {
    let team = Team::with(
        &[(
            "t.csv",
            "file,label\na.png,\"{\"\"total\"\":\"\"12.00\"\"}\"\nb.png,\"{\"\"total\"\":\"\"3.50\"\"}\"\n",
        )],
        &["a.png", "b.png"],
    );
    let (code, told) = team.start("datasets import csv theirs/t.csv ours");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("task: document (guessed"), "{told}");
    let (code, told) = team.start("datasets check ours");
    assert!(code == Some(0) && !told.contains("not used by any case"), "{told}");
}

#[test]
fn checks_come_from_columns_and_are_judged_by_their_wordings() {
    let team = Team::with(
        &[
            (
                "labels.csv",
                "file,must,must_not\n\
                 a.png,sailing boats; sunset,lighthouse\n\
                 b.png,\"[{\"\"text\"\":\"\"snow on the roof\"\",\"\"accepted\"\":[\"\"snowy roof\"\"],\"\"weight\"\":2},\"\"a door\"\"]\",\n",
            ),
            (
                "answers.csv",
                "case,candidate,answer\n\
                 a.png,good,Sailing boats at sunset. There is no lighthouse.\n\
                 b.png,good,A snowy roof above a door\n\
                 a.png,poor,A lighthouse at sunset\n\
                 b.png,poor,It may be a door\n",
            ),
        ],
        &["a.png", "b.png"],
    );
    team.becomes_a_dataset("csv theirs/labels.csv --task describe", 2);
    let (code, told) = team.start("import answers theirs/answers.csv --dataset ours --run-dir run");
    assert_eq!(code, Some(0), "{told}");
    let (code, report) = team.start("report run --format json");
    assert_eq!(code, Some(0), "{report}");
    let report: serde_json::Value = serde_json::from_str(&report[report.find('{').unwrap()..]).unwrap();
    let rows = report["overall"]["rows"].as_array().unwrap();
    let mean = |name: &str| {
        let row = rows.iter().find(|row| row["provider"] == name).unwrap();
        row["score"]["mean"].as_f64().unwrap()
    };
    // Half of two checks less the lighthouse is nothing; half of a third of the weight is a sixth.
    assert!((mean("good") - 1.0).abs() < 1e-9 && (mean("poor") - 1.0 / 12.0).abs() < 1e-9, "{rows:?}");
}

/// What accountants' programs write: headers that are abbreviations, numbers of documents that are digits alone, German names.
#[test]
fn a_table_of_a_bookkeeper_gets_the_types_that_its_headers_mean() {
    let rows = "Datei;Beleg-Nr.;Lieferant;Belegdatum;Netto;MwSt.;Rechn. Brutto\r\n\
                a.png;000076;Müller & Söhne GmbH;20.04.2025;1.929,18;366,54;2.295,72\r\n\
                b.png;3112;Stadtwerke;21.04.2025;100,00;19,00;119,00\r\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png", "b.png"]);
    team.becomes_a_dataset("csv theirs/labels.csv", 2);
    assert_eq!(
        expected(&team)[0],
        json!({
            "Beleg-Nr": "000076", "Lieferant": "Müller & Söhne GmbH", "Belegdatum": "2025-04-20", "Netto": 1929.18,
            "MwSt": 366.54, "Rechn Brutto": 2295.72,
        })
    );
    let manifest = fs::read_to_string(team.0.path().join("ours/dataset.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let fields = &manifest["tasks"]["document"]["settings"]["fields"];
    for (name, kind) in [
        ("Beleg-Nr", "code"),
        ("Lieferant", "name"),
        ("Belegdatum", "date"),
        ("Netto", "money"),
        ("MwSt", "money"),
        ("Rechn Brutto", "money"),
    ] {
        assert_eq!(fields[name].as_str(), Some(kind), "{fields}");
    }
}

/// A vendor without its legal form is the same vendor, whatever route the labels came by.
#[test]
fn the_legal_form_of_a_vendor_may_be_left_out_and_the_number_of_an_invoice_may_not_change() {
    let team = Team::with(
        &[
            (
                "labels.csv",
                "file,vendor,invoice_number\na.png,Harrow Supplies Ltd,00123\nb.png,Oakley GmbH,00124\n",
            ),
            (
                "answers.jsonl",
                "{\"case\":\"a.png\",\"candidate\":\"m\",\"answer\":{\"vendor\":\"Harrow Supplies\",\"invoice_number\":\"00123\"}}\n\
                 {\"case\":\"b.png\",\"candidate\":\"m\",\"answer\":{\"vendor\":\"Oakley\",\"invoice_number\":\"99124\"}}\n",
            ),
        ],
        &["a.png", "b.png"],
    );
    team.becomes_a_dataset("csv theirs/labels.csv", 2);
    let (code, told) = team.start("import answers theirs/answers.jsonl --dataset ours --run-dir run -q");
    assert_eq!(code, Some(0), "{told}");
    let (_, report) = team.start("report run --format json");
    let report: Value = serde_json::from_str(&report[report.find('{').unwrap()..]).unwrap();
    let row = &report["overall"]["rows"][0];
    assert!((row["score"]["mean"].as_f64().unwrap() - 0.75).abs() < 1e-9, "{row}");
}

#[test]
fn the_line_of_a_mistake_is_the_line_of_the_file_whatever_ends_lines() {
    for end in ["\n", "\r\n"] {
        let rows = ["file,total", "a.png,1.00", "b.png,2.00", "", "missing.png,3.00"].join(end) + end;
        let team = Team::with(&[("labels.csv", &rows)], &["a.png", "b.png"]);
        let (_, told) = team.start("datasets import csv theirs/labels.csv ours --task document");
        assert!(told.contains("theirs/labels.csv:5: `missing.png`"), "{told}");
    }
}

#[test]
fn two_labels_of_one_document_that_contradict_each_other_are_found() {
    let rows = "file,source,total,store\na.png,s,5.00,Shop\nb.png,s,7.00,Shop\nc.png,s,5.00,Shop\n";
    let team = Team::with(&[("labels.csv", rows)], &["a.png"]);
    for copy in ["b.png", "c.png"] {
        fs::copy(team.place("a.png"), team.place(copy)).unwrap();
    }
    team.start("datasets import csv theirs/labels.csv ours --task document");
    let (code, told) = team.start("datasets check ours");
    assert!(code == Some(0) && told.contains("ours: 3 cases, 1 warning"), "{told}");
    let said = "warning: ours/cases.jsonl:2: labels `total` otherwise than line 1, which has the same media, byte for byte";
    assert!(told.contains(said) && told.matches("otherwise than").count() == 1, "{told}");
}

#[test]
fn settings_that_a_run_would_refuse_are_found_by_the_check() {
    let team = Team::with(&[("labels.csv", "file,total\na.png,5.00\nb.png,7.00\n")], &["a.png", "b.png"]);
    team.becomes_a_dataset("csv theirs/labels.csv --task extract", 2);
    let manifest = team.0.path().join("ours/dataset.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{text}\n[tasks.extract.settings.fields]\n\"vendor.vat\" = \"code\"\n"))
        .unwrap();
    let (code, told) = team.start("datasets check ours");
    assert_eq!(code, Some(96), "{told}");
    assert!(told.contains("dataset.toml") && told.contains("`vendor.vat`"), "{told}");
}
