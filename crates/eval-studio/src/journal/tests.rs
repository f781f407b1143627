use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::Journal;
use crate::event::{Event, Label, Labeled, Origin};

fn label(field: &str, value: &str) -> Event {
    Event::Label(Labeled {
        document: "a.png".to_owned(),
        field: field.to_owned(),
        label: Label::Value(json!(value)),
        origin: Origin::Blind,
        content: String::new(),
        settles: false,
    })
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.jsonl");
    (folder, path)
}

#[test]
fn what_was_added_is_read_again() {
    let (_folder, path) = place();
    let (mut journal, before) = Journal::<Event>::open(&path).unwrap();
    assert!(before.is_empty());
    let first = journal.append("t", "anna", vec![label("a", "1"), label("b", "line\nend")]).unwrap();
    let second = journal.append("t", "ben", vec![Event::Undo { batch: 1 }]).unwrap();
    assert_eq!((first.n, second.n), (1, 2));
    drop(journal);
    assert_eq!(Journal::<Event>::open(&path).unwrap().1, [first, second]);
}

#[test]
fn wherever_a_write_is_cut_off_whole_batches_stay_and_halves_go() {
    let (_folder, path) = place();
    let (mut journal, _) = Journal::<Event>::open(&path).unwrap();
    journal.append("t", "anna", vec![label("a", "1")]).unwrap();
    let kept = fs::read(&path).unwrap();
    journal.append("t", "anna", vec![label("b", "2"), label("c", "ü")]).unwrap();
    let whole = fs::read(&path).unwrap();
    drop(journal);
    for length in kept.len()..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let (mut journal, batches) = Journal::<Event>::open(&path).unwrap();
        assert_eq!(batches.len(), 1, "cut at {length}");
        assert_eq!(journal.append("t", "ben", vec![label("d", "3")]).unwrap().n, 2);
        drop(journal);
        assert_eq!(Journal::<Event>::open(&path).unwrap().1.len(), 2, "cut at {length}");
    }
}

#[test]
fn numbers_that_repeat_or_skip_are_refused() {
    let (_folder, path) = place();
    let (mut journal, _) = Journal::<Event>::open(&path).unwrap();
    journal.append("t", "anna", vec![label("a", "1")]).unwrap();
    drop(journal);
    let line = fs::read_to_string(&path).unwrap();
    for second in [line.clone(), line.replacen("\"n\":1", "\"n\":3", 1)] {
        fs::write(&path, format!("{line}{second}")).unwrap();
        let message = Journal::<Event>::open(&path).unwrap_err().message;
        assert!(message.contains("line 2 has the number"), "{message}");
    }
    fs::write(&path, format!("{line}not json\n{line}")).unwrap();
    assert!(Journal::<Event>::open(&path).unwrap_err().message.contains("line 2 is damaged"));
}
