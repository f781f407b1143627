use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

use clap::Args;
use eval::differences;
use eval_datasets::Partition;
use eval_record::{
    CaseLine, ChangedDataset, OTHER_PARTS, Plan, Record, Reservation, Resumption, Skipped, Trial, TrialKey,
};
use eval_report::figures::counted;
use vision_core::Task;

use crate::agreed;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::output::{ListFormat, MergeOutput, json};
use crate::table::print;

/// What `merge` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  vision-eval merge runs/part-1 runs/part-2 runs/part-3 --run-dir runs/whole

Exit codes: 0 all parts are there and complete, 5 parts or trials are missing.")]
pub struct MergeArguments {
    /// Runs made with --partition from one plan
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<PathBuf>,

    /// Directory for the merged run
    #[arg(long, value_name = "DIR")]
    run_dir: PathBuf,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

/// Joins parts of one plan into one record. What a missing part holds is missing in the whole, and not smaller.
pub fn start(arguments: &MergeArguments, environment: &Environment) -> Result<Exit, Failure> {
    let mut records = Vec::new();
    for dir in &arguments.runs {
        records.push(Record::open(dir).map_err(|error| Failure::setup(error.to_string()))?);
    }
    for record in &records {
        if record.batches()?.iter().any(|batch| batch.stage.is_open()) {
            let dir = record.dir.display();
            let message =
                format!("batches of {dir} are open; collect them first with `vision-eval resume {dir}`");
            return Err(Failure::setup(message));
        }
    }
    check_plans(&records)?;
    let missing = missing_parts(&records)?;
    let cases = cases(&records, !missing.is_empty())?;
    let whole = Record::create(&arguments.run_dir, plan(&records, &cases))?;
    if records.iter().all(|record| agreed::is_own(&record.plan, environment)) {
        agreed::note(&whole, environment);
    }
    let failed = |error: std::io::Error| Failure::new(Exit::Output, format!("cannot be written: {error}"));
    let mut case_lines = whole.append("cases.jsonl")?;
    for case in &cases {
        case_lines.write(case).map_err(failed)?;
    }
    let trials = copy_trials(&records, &whole)?;
    note_changes(&records, &whole)?;
    let dir = arguments.run_dir.display();
    for part in &missing {
        eprintln!("warning: part {part} is missing");
    }
    let planned = planned_trials(&whole.plan);
    let lost = planned.saturating_sub(trials.len() as u64);
    match arguments.format {
        ListFormat::Text => {
            let (trials, cases) =
                (counted(trials.len() as u64, "trial"), counted(cases.len() as u64, "case"));
            print(&format!("{dir}: {trials} on {cases}"))?;
        }
        ListFormat::Json => json(&MergeOutput {
            run: dir.to_string(),
            trials: trials.len(),
            cases: cases.len(),
            missing_parts: missing,
            missing_trials: lost,
        })?,
    }
    if lost == 0 {
        return Ok(Exit::Pass);
    }
    eprintln!(
        "incomplete: {lost} of {planned} planned trials are missing; merge all parts into another directory, or run \
         what is missing with: vision-eval resume {dir}"
    );
    Ok(Exit::Incomplete)
}

/// Trials with their media, and the money put aside for them: also what was under way when a part was interrupted.
fn copy_trials(records: &[Record], whole: &Record) -> Result<HashSet<TrialKey>, Failure> {
    let failed = |error: std::io::Error| Failure::new(Exit::Output, format!("cannot be written: {error}"));
    let mut media_lines = whole.append("media.jsonl")?;
    let mut trial_lines = whole.append("trials.jsonl")?;
    let mut reservation_lines = whole.append("reservations.jsonl")?;
    let mut trials: HashSet<TrialKey> = HashSet::new();
    // Each part counts its reservations from 1.
    let mut before: u64 = 0;
    for record in records {
        for entry in record.media()? {
            media_lines.write(&entry).map_err(failed)?;
        }
        let mut written = Ok(());
        record.reservations(|it| {
            if written.is_ok() {
                let n = it.n.saturating_add(before);
                written = reservation_lines.write(&Reservation { n, ..it });
            }
        })?;
        // Line by line as they stand: a trial that was repeated stays repeated.
        let damage = record.lines(|mut trial: Trial, _| {
            for number in trial.attempts_mut().iter_mut().filter_map(|attempt| attempt.reservation.as_mut()) {
                *number = number.saturating_add(before);
            }
            if written.is_ok() {
                written = trial_lines.write(&trial);
                trials.insert(trial.key);
            }
        })?;
        written.map_err(failed)?;
        for damage in damage {
            eprintln!("warning: {damage}; the merged run lacks this trial");
        }
        before = before.saturating_add(record.lost()?.last);
    }
    reservation_lines.sync().map_err(failed)?;
    trial_lines.sync().map_err(failed)?;
    Ok(trials)
}

/// What was different in any part when it ended or went on.
fn note_changes(records: &[Record], whole: &Record) -> Result<(), Failure> {
    let mut repriced = BTreeSet::new();
    let mut changed: Vec<ChangedDataset> = Vec::new();
    for record in records {
        repriced.extend(record.repriced()?);
        for one in record.changed_datasets()? {
            match changed.iter_mut().find(|known| known.dataset == one.dataset) {
                Some(known) => known.media += one.media,
                None => changed.push(one),
            }
        }
    }
    whole.note_resumption(&Resumption {
        repriced: repriced.into_iter().collect(),
        budget_usd: None,
        from: None,
    })?;
    whole.note_changed_datasets(&changed)?;
    Ok(())
}

fn check_plans(records: &[Record]) -> Result<(), Failure> {
    let [first, rest @ ..] = records else { unreachable!("clap asks for two") };
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
    Ok(())
}

/// The parts that were not given, as `2/3`.
fn missing_parts(records: &[Record]) -> Result<Vec<String>, Failure> {
    let mut parts: BTreeMap<u64, &Record> = BTreeMap::new();
    let mut of = None;
    for record in records {
        let dir = record.dir.display();
        let name = record.plan.partition.as_deref();
        let part: Option<Partition> = name.and_then(|name| name.parse().ok());
        let (Some(part), Some(name)) = (part, name) else {
            return Err(Failure::setup(format!("{dir} is not a part: it was not made with --partition")));
        };
        if *of.get_or_insert(part.of) != part.of {
            let message = format!("{dir} is part {name}, but {} is not", records[0].dir.display());
            return Err(Failure::setup(format!("{message}: a plan is split in one way only")));
        }
        if parts.insert(part.part, record).is_some() {
            return Err(Failure::setup(format!("{dir}: part {name} is given twice")));
        }
    }
    let of = of.unwrap_or(0);
    Ok((1..=of).filter(|part| !parts.contains_key(part)).map(|part| format!("{part}/{of}")).collect())
}

/// The cases of all parts: where one is missing, those that the others say it holds.
fn cases(records: &[Record], missing: bool) -> Result<Vec<CaseLine>, Failure> {
    let mut known = HashSet::new();
    let mut cases = Vec::new();
    let mut add = |case: CaseLine| {
        if known.insert((case.dataset.clone(), case.case.clone())) {
            cases.push(case);
        }
    };
    for record in records {
        record.cases(|_, case| add(case))?;
    }
    if missing {
        let Some(record) = records.iter().find(|record| record.path(OTHER_PARTS).is_file()) else {
            let message = "a part is missing, and the others do not say what it holds: merge all parts";
            return Err(Failure::new(Exit::Incomplete, message));
        };
        record.cases_of_other_parts(add)?;
    }
    Ok(cases)
}

/// The plan of the whole: that of a part, with the cases of all.
fn plan(records: &[Record], cases: &[CaseLine]) -> Plan {
    let mut plan = records[0].plan.clone();
    let part = plan.partition.take().unwrap_or_default();
    // What repeats a part does not repeat the whole.
    plan.command = plan.command.replace(&format!(" --partition {part}"), "");
    plan.command = plan.command.replace(&format!(" --partition={part}"), "");
    let mut counts: BTreeMap<(&str, Task), u64> = BTreeMap::new();
    for case in cases {
        *counts.entry((&case.dataset, case.task)).or_default() += 1;
    }
    for (at, dataset) in plan.datasets.iter_mut().enumerate() {
        for part in records.iter().filter_map(|record| record.plan.datasets.get(at)) {
            for (task, planned) in &part.tasks {
                // A small part may lack a task.
                dataset.tasks.entry(*task).or_insert_with(|| planned.clone());
            }
        }
        for (task, planned) in &mut dataset.tasks {
            planned.cases = counts.get(&(dataset.name.as_str(), *task)).copied().unwrap_or_default();
        }
        dataset.cases = dataset.tasks.values().map(|planned| planned.cases).sum();
        dataset.selection = "joined parts".to_owned();
    }
    plan.skipped.clear();
    for skip in records.iter().flat_map(|record| &record.plan.skipped) {
        let is_same = |known: &&mut Skipped| {
            (&known.provider, &known.dataset, known.task) == (&skip.provider, &skip.dataset, skip.task)
        };
        if plan.skipped.iter_mut().find(is_same).is_none() {
            // A provider that cannot do a task cannot do any case of it.
            let cases = counts.get(&(skip.dataset.as_str(), skip.task)).copied().unwrap_or(skip.cases);
            plan.skipped.push(Skipped { cases, ..skip.clone() });
        }
    }
    plan.quote.lines = records.iter().flat_map(|record| record.plan.quote.lines.clone()).collect();
    plan
}

/// Trials that the whole should hold.
fn planned_trials(plan: &Plan) -> u64 {
    let cases: u64 = plan.datasets.iter().map(|dataset| dataset.cases).sum();
    let skipped: u64 = plan.skipped.iter().map(|skip| skip.cases).sum();
    (cases * plan.providers.len() as u64).saturating_sub(skipped) * u64::from(plan.repeats)
}
