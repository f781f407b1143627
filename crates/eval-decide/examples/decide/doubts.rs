//! Does the audit find wrong labels? Labels are spoilt, candidates of different accuracy read them.

use eval_decide::labels::{Vote, VotedLabel, suspects};
use eval_statistics::SplitMix64;
use eval_summary::Scope;
use serde_json::json;
use vision_core::Task;

const DOCUMENTS: usize = 500;
const FIELDS: [&str; 4] = ["date", "subtotal", "total", "store"];
/// Mistakes are up to three times as frequent on hard documents, so that candidates are wrong together.
const HARD: f64 = 3.0;
/// As often as this a mistake is the one that suggests itself.
const COMMON: f64 = 0.2;

pub fn print(studies: usize) {
    println!("\n### Does the audit find wrong labels?\n");
    println!(
        "{DOCUMENTS} documents with {} fields, labels spoilt at random, suspects from a probability of 0.5 on; means over \
         {studies} studies. Candidates are wrong together on hard documents, and one mistake in five is the one that suggests itself.\n",
        FIELDS.len()
    );
    println!(
        "| candidates right | wrong labels | found (recall) | of the suspects (precision) | precision from 0.9 on |"
    );
    println!("| --- | --- | --- | --- | --- |");
    let panels: [(&str, &[f64]); 4] = [
        ("85%, 88%", &[0.85, 0.88]),
        ("85%, 90%, 93%", &[0.85, 0.9, 0.93]),
        ("90%, 95%, 97%", &[0.9, 0.95, 0.97]),
        ("85%, 88%, 91%, 94%, 97%", &[0.85, 0.88, 0.91, 0.94, 0.97]),
    ];
    for (name, accuracies) in panels {
        for wrong in [0.01, 0.03, 0.05] {
            row(name, accuracies, wrong, studies.max(1));
        }
    }
}

fn row(name: &str, accuracies: &[f64], wrong: f64, studies: usize) {
    let names: Vec<String> = (0..accuracies.len()).map(|at| format!("synthetic/{at}")).collect();
    let (mut planted, mut found, mut hits, mut sure, mut sure_hits) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for number in 0..studies {
        let (labels, spoilt) = spoilt(accuracies, wrong, 9_000 + number as u64);
        planted += spoilt.iter().filter(|it| **it).count() as f64;
        for suspect in suspects(&labels, &names).into_iter().filter(|it| it.probability >= 0.5) {
            let at = labels.iter().position(|it| it.case == suspect.case && it.field == suspect.field);
            let hit = f64::from(u8::from(at.is_some_and(|at| spoilt[at])));
            found += 1.0;
            hits += hit;
            if suspect.probability >= 0.9 {
                sure += 1.0;
                sure_hits += hit;
            }
        }
    }
    let percent =
        |part: f64, of: f64| if of > 0.0 { format!("{:.0}%", 100.0 * part / of) } else { "n/a".to_owned() };
    println!(
        "| {name} | {:.0}% | {} | {} | {} |",
        wrong * 100.0,
        percent(hits, planted),
        percent(hits, found),
        percent(sure_hits, sure)
    );
}

fn spoilt(accuracies: &[f64], wrong: f64, seed: u64) -> (Vec<VotedLabel>, Vec<bool>) {
    let mut stream = SplitMix64::new(seed);
    let (mut labels, mut spoilt) = (Vec::new(), Vec::new());
    for document in 0..DOCUMENTS {
        // One in four is hard; the others are easier by as much.
        let hardness = if stream.below(4) == 0 { HARD } else { (4.0 - HARD) / 3.0 };
        for field in FIELDS {
            // The truth is 0.
            let is_wrong = stream.unit() < wrong;
            let label = if is_wrong { 1 + stream.below(30) } else { 0 };
            let common = 1 + stream.below(30);
            let votes = accuracies
                .iter()
                .map(|accuracy| {
                    let value = match (stream.unit() >= (1.0 - accuracy) * hardness, stream.unit() < COMMON) {
                        (true, _) => 0,
                        (false, true) => common,
                        (false, false) => 1 + stream.below(30),
                    };
                    Some(Vote { key: (value != label).then(|| value.to_string()), value: json!(value) })
                })
                .collect();
            labels.push(VotedLabel {
                scope: Scope::Task { dataset: "synthetic".to_owned(), task: Task::Document },
                case: format!("case-{document}"),
                document,
                field: field.to_owned(),
                value: json!(label),
                weight: 1.0,
                votes,
            });
            spoilt.push(is_wrong);
        }
    }
    (labels, spoilt)
}
