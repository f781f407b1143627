//! Scores that a careful person would give.
//!
//! `fair.jsonl` has a line per label, with answers by the score they deserve: in full, half, in part, little or none.

#![expect(clippy::unwrap_used, reason = "the helpers of a test are tests, too")]

use std::collections::BTreeMap;

use eval_metrics::task::{CaseFacts, TaskMetric};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    task: String,
    #[serde(default)]
    settings: Value,
    expected: Value,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    /// What was asked, where that decides how the answer is read.
    #[serde(default)]
    question: Option<String>,
    #[serde(default)]
    full: Vec<String>,
    #[serde(default)]
    half: Vec<String>,
    #[serde(default)]
    part: Vec<String>,
    #[serde(default)]
    little: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

fn agrees(task: &str) {
    let path = format!("{}/tests/fair.jsonl", env!("CARGO_MANIFEST_DIR"));
    let (mut unfair, mut all) = (Vec::new(), 0);
    for line in std::fs::read_to_string(&path).unwrap().lines() {
        let line: Line = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if line.task != task {
            continue;
        }
        let metric = TaskMetric::from_settings(&line.task, &line.settings, &[], None).unwrap();
        let facts = CaseFacts { question: line.question.clone(), ..CaseFacts::from_tags(&line.tags) };
        for (answers, least, most) in [
            (&line.full, 0.95, 1.0),
            (&line.half, 0.45, 0.55),
            (&line.part, 0.3, 0.8),
            (&line.little, 0.01, 0.3),
            (&line.none, 0.0, 0.1),
        ] {
            for answer in answers {
                all += 1;
                let scored = metric.score_case(&line.expected, answer, &facts).unwrap();
                let score = scored.headline.unwrap();
                let strict = scored.values["strict"].unwrap();
                let why = scored.explanation.iter().map(|it| format!("{:?} {:?}", it.verdict, it.note));
                if !(least..=most).contains(&score) || strict > score + 1e-9 {
                    let why = why.collect::<Vec<_>>().join(", ");
                    unfair.push(format!(
                        "{score:.2} (strict {strict:.2}) and not {least} to {most}: {} for {} [{why}]",
                        answer, line.expected
                    ));
                }
            }
        }
    }
    assert!(all > 0, "no line for {task}");
    assert!(
        unfair.is_empty(),
        "{} of {all} scores of {task} are unfair:\n{}",
        unfair.len(),
        unfair.join("\n")
    );
}

macro_rules! fair {
    ($($name:ident: $task:literal),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                agrees($task);
            }
        )+
    };
}

fair!(
    receipts: "receipt",
    documents: "document",
    tables: "chart-table",
    questions: "chart-question",
    classes: "classify",
    differences: "compare",
    speech: "transcribe",
    texts: "text",
    checks: "checks",
);
