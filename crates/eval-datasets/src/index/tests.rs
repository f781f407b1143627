use std::fs;

use vision_core::Task;

use crate::{Dataset, Problem, Selection};

const MANIFEST: &str = r#"
name = "demo"
version = "1.0.0"
licence = "CC0-1.0"
provenance = "made up"

[tasks.classify]
prompt = "What is it?"
metric = "classify"
"#;

fn dataset(cases: &str) -> (tempfile::TempDir, Dataset) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dataset.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("cases.jsonl"), cases).unwrap();
    let dataset = Dataset::open(folder.path()).unwrap();
    (folder, dataset)
}

#[track_caller]
fn refused(cases: &str, line: usize, words: &str) {
    let (_folder, dataset) = dataset(cases);
    let problem: Problem = dataset.index(&Selection::default()).unwrap_err();
    assert_eq!(problem.line, Some(line), "{problem}");
    assert!(problem.message.contains(words), "{problem}");
}

#[test]
fn reads_cases_in_any_order() {
    let (_folder, dataset) = dataset(concat!(
        "{\"id\":\"a\",\"media\":[\"a.png\"],\"expected\":{\"label\":\"chart\"}}\n",
        "\n",
        "{\"id\":\"b\",\"media\":[],\"expected\":null,\"source\":\"doc\",\"tags\":{\"look\":\"ä\"}}",
    ));
    let index = dataset.index(&Selection::default()).unwrap();
    let second = index.read(index.entries[1]).unwrap();
    assert_eq!((second.id.as_str(), second.source.as_str(), second.task), ("b", "doc", Task::Classify));
    assert_eq!(index.read(index.entries[0]).unwrap().source, "a", "the source is the id if not said");
    assert_eq!(index.entries[1].line, 3);
}

#[test]
fn a_bad_line_is_named_with_its_number() {
    refused("{\"id\":\"a\",\"media\":[],\"expected\":1}\n{oops\n", 2, "column 2");
    refused("{\"id\":\"a\",\"media\":[]}\n", 1, "expected");
    refused("{\"id\":\"a\",\"media\":[],\"expected\":1,\"tag\":{}}\n", 1, "unknown field `tag`");
    refused("{\"id\":\"a\",\"task\":\"receipt\",\"media\":[],\"expected\":1}\n", 1, "not in dataset.toml");
    refused("{\"id\":\" \",\"media\":[],\"expected\":1}\n", 1, "empty");
}

#[test]
fn the_same_id_twice_is_refused_with_both_lines() {
    let line = "{\"id\":\"a\",\"media\":[],\"expected\":1}\n";
    refused(&line.repeat(2), 2, "stands in line 1 already");
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = format!(
        "{{\"id\":\"a\",\"media\":[],\"expected\":{}{}}}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let (_folder, dataset) = dataset(&deep);
    let index = dataset.index(&Selection::default()).unwrap();
    let problem = index.read(index.entries[0]).unwrap_err();
    assert!(problem.message.contains("recursion"), "{problem}");
}

#[test]
fn the_content_hash_follows_the_labels() {
    let line = "{\"id\":\"a\",\"media\":[],\"expected\":1}\n";
    let (_first, a) = dataset(line);
    let (_second, b) = dataset(&line.replace('1', "2"));
    assert_eq!(a.content_hash(None).unwrap(), a.content_hash(None).unwrap());
    assert_ne!(a.content_hash(None).unwrap(), b.content_hash(None).unwrap());
}

/// Lines made while they are read, so that a million of them need no disk.
struct Generated {
    next: u32,
    line: Vec<u8>,
    at: usize,
}

impl std::io::Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() && self.next < 1_000_000 {
            self.line = format!("{{\"id\":\"{:07}\",\"media\":[],\"expected\":1}}\n", self.next).into_bytes();
            (self.next, self.at) = (self.next + 1, 0);
        }
        let len = buffer.len().min(self.line.len() - self.at);
        buffer[..len].copy_from_slice(&self.line[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

#[test]
fn a_million_cases_are_kept_as_a_few_bytes_each() {
    let (_folder, dataset) = dataset("");
    let reader = std::io::BufReader::new(Generated { next: 0, line: Vec::new(), at: 0 });
    let path = dataset.cases_path();
    let entries = super::Index::scan(&path, reader, &dataset.manifest, &Selection::default()).unwrap();
    assert_eq!(entries.len(), 1_000_000);
    assert_eq!((entries[999_999].line, entries[999_999].offset), (1_000_000, 999_999 * 41));
    let bytes = entries.capacity() * std::mem::size_of::<super::Entry>();
    assert!(bytes <= 50_000_000, "{bytes} bytes for the index of a million cases");
}

#[test]
fn a_huge_line_is_refused_with_its_number() {
    let line = "{\"id\":\"a\",\"media\":[],\"expected\":1}\n";
    let huge = format!("{{\"id\":\"b\",\"media\":[],\"expected\":\"{}\"}}\n", "x".repeat(17 << 20));
    refused(&format!("{line}{huge}"), 2, "longer than 16 MiB");
}

#[test]
fn what_was_written_over_is_no_other_case() {
    let line = |label: &str| {
        format!("{{\"id\":\"a\",\"media\":[\"a.png\"],\"expected\":{{\"label\":\"{label}\"}}}}\n")
    };
    let (folder, dataset) = dataset(&line("chart"));
    let index = dataset.index(&Selection::default()).unwrap();
    for edited in [line("photo"), String::new()] {
        // In place, as some editors do; others write a new file, and the index keeps reading the old one.
        fs::write(folder.path().join("cases.jsonl"), edited).unwrap();
        let problem = index.read(index.entries[0]).unwrap_err();
        assert!(problem.line == Some(1) && problem.message.contains("was changed while"), "{problem}");
    }
}
