use std::path::PathBuf;

use clap::Args;
use eval::differences;
use eval_record::Record;

use crate::exit::{Exit, Failure};

/// What `merge` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  vision-eval merge runs/part-1 runs/part-2 runs/part-3 --run-dir runs/whole"
)]
pub struct Arguments {
    /// Parts of one plan, made with --partition
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<PathBuf>,

    /// Where the whole is written
    #[arg(long, value_name = "DIR")]
    run_dir: PathBuf,
}

/// Joins parts of one plan into one record.
pub fn start(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut records = Vec::new();
    for dir in &arguments.runs {
        records.push(Record::open(dir).map_err(|error| Failure::setup(error.to_string()))?);
    }
    let [first, rest @ ..] = records.as_slice() else { unreachable!("clap asks for two") };
    for other in rest {
        let differences = differences(&first.plan, &other.plan);
        if !differences.is_empty() {
            return Err(Failure::setup(format!(
                "{} and {} are not parts of one plan; they differ in\n  - {}",
                first.dir.display(),
                other.dir.display(),
                differences.join("\n  - ")
            )));
        }
    }
    let mut parts = std::collections::HashSet::new();
    for record in &records {
        if !parts.insert(&record.plan.partition) {
            let part = record.plan.partition.as_deref().unwrap_or("the whole");
            return Err(Failure::setup(format!("{} is {part} once more", record.dir.display())));
        }
    }
    let whole = Record::create(&arguments.run_dir, plan(&records))?;
    let mut cases = std::collections::HashSet::new();
    let mut case_lines = whole.append("cases.jsonl")?;
    let mut media_lines = whole.append("media.jsonl")?;
    let mut trial_lines = whole.append("trials.jsonl")?;
    let mut count = 0_u64;
    let failed = |error: std::io::Error| Failure::new(Exit::Output, format!("cannot be written: {error}"));
    for record in &records {
        let mut fresh = Vec::new();
        record.cases(|_, case| {
            if cases.insert((case.dataset.clone(), case.case.clone())) {
                fresh.push(case);
            }
        })?;
        for case in fresh {
            case_lines.write(&case).map_err(failed)?;
        }
        for entry in record.media()? {
            media_lines.write(&entry).map_err(failed)?;
        }
        // Line by line as they stand: a trial that was repeated stays repeated.
        let mut written = Ok(());
        let damage = record.lines(|trial| {
            if written.is_ok() {
                written = trial_lines.write(&trial);
                count += 1;
            }
        })?;
        written.map_err(failed)?;
        for damage in damage {
            eprintln!("warning: {damage}; the whole lacks this trial");
        }
    }
    trial_lines.sync().map_err(failed)?;
    crate::table::print(&format!(
        "{}: {count} trials on {} cases",
        arguments.run_dir.display(),
        cases.len()
    ))?;
    Ok(Exit::Pass)
}

/// The plan of the whole: that of a part, with the cases of all.
fn plan(records: &[Record]) -> eval_record::Plan {
    let mut plan = records[0].plan.clone();
    plan.partition = None;
    for (at, dataset) in plan.datasets.iter_mut().enumerate() {
        let parts = || records.iter().filter_map(|record| record.plan.datasets.get(at));
        dataset.cases = parts().map(|part| part.cases).sum();
        dataset.selection = "joined parts".to_owned();
        for (task, planned) in &mut dataset.tasks {
            planned.cases = parts().filter_map(|part| Some(part.tasks.get(task)?.cases)).sum();
        }
    }
    plan.quote.lines = records.iter().flat_map(|record| record.plan.quote.lines.clone()).collect();
    plan
}
