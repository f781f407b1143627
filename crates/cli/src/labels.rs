//! What `datasets check` would say of the labels, as far as it changes scores: said before anything is paid for.

mod contents;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use eval::Planned;
use eval_datasets::{Dataset, LabelCheck};

use eval_summary::Scorable;

use crate::exit::Failure;
use crate::settings::Shared;
use contents::Contents;

/// Problems that are told; the others are counted.
const TOLD: usize = 5;

/// Refuses cases that cannot be scored, and warns of labels that are only judged in part.
pub fn check(planned: &Planned, shared: &Shared) -> Result<(), Failure> {
    let scorable = Scorable::new(&planned.plan)?;
    let mut checks = HashMap::new();
    for (name, folder) in planned.folders() {
        checks.insert(name, LabelCheck::new(&Dataset::open(folder)?));
    }
    let (mut refused, mut doubtful) = (Problems::default(), Problems::default());
    let folders: HashMap<&str, &Path> = planned.folders().collect();
    let (mut asked, mut copies, mut contents) = (HashSet::new(), 0, Contents::default());
    for case in planned.cases() {
        let (dataset, case, at) = case?;
        let folder = folders.get(dataset).copied().unwrap_or(Path::new(""));
        let media: Vec<String> =
            case.media.iter().map(|medium| contents.first_name(dataset, folder, medium)).collect();
        let question = format!("{dataset} {:?} {media:?} {:?}", case.task, case.fields);
        copies += u64::from(!case.media.is_empty() && !asked.insert(question));
        if let Err(reason) = scorable.check(dataset, case.task, &case.expected, case.schema.as_ref()) {
            refused.add(|| at.problem(format!("case {} cannot be scored: {reason}", case.id)).to_string());
            continue;
        }
        for fault in checks.get(dataset).map(|check| check.faults(&case)).unwrap_or_default() {
            doubtful.add(|| at.problem(format!("case {}: {fault}", case.id)).to_string());
        }
    }
    if refused.count > 0 {
        return Err(Failure::setup(
            refused.text("mend the labels, or leave these cases out with --case or --filter"),
        ));
    }
    if doubtful.count > 0 && !shared.quiet {
        let text = doubtful.text(
            "such labels may be judged wrongly or not at all; `vision-eval datasets check` lists them all",
        );
        eprintln!("warning: {}\n", eval_report::escape::lines(&text));
    }
    if copies > 0 && !shared.quiet {
        eprintln!("note: {}\n", eval_report::copies(copies));
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Problems {
    count: usize,
    first: Vec<String>,
}

impl Problems {
    fn add(&mut self, problem: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(problem());
        }
    }

    fn text(&self, advice: &str) -> String {
        let more = self.count - self.first.len();
        let more = if more > 0 { format!("\n… and {more} more") } else { String::new() };
        format!("{}{more}\n{advice}", self.first.join("\n"))
    }
}
