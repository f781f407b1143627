//! Decided corrections become a new version of a dataset.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use eval_datasets::Dataset;
use eval_decide::labels::set;
use serde_json::{Value, json};

use super::queue::{Decided, read};
use crate::exit::{Exit, Failure};

/// What `labels apply` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval labels apply queue.csv datasets/receipts --dry-run
  vision-eval labels apply queue.csv datasets/receipts --author anna")]
pub struct ApplyArguments {
    /// The queue, with a decision for each line: accept, keep or replace
    queue: PathBuf,

    /// The dataset's directory
    dataset: PathBuf,

    /// Who decided, where the queue does not say
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,

    /// The dataset's new version [default: the last number of its version plus 1]
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// Show what would change; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Writes the corrections, the new version, and a line for each decision into labels.jsonl.
pub fn start(arguments: &ApplyArguments) -> Result<Exit, Failure> {
    let dataset = Dataset::open(&arguments.dataset)?;
    let name = &dataset.manifest.name;
    let decided: Vec<Decided> =
        read(&arguments.queue)?.into_iter().filter(|it| it.dataset == *name).collect();
    if decided.is_empty() {
        return Err(Failure::setup(format!(
            "{}: no line about `{name}` is decided: write accept, keep or replace into `decision`",
            arguments.queue.display()
        )));
    }
    let version = arguments.version.clone().unwrap_or_else(|| next(&dataset.manifest.version));
    let (cases, changed) = corrected(&dataset, &decided)?;
    let events = events(&decided, &version, arguments);
    if !arguments.dry_run {
        let folder = &arguments.dataset;
        write(&dataset.cases_path(), &cases)?;
        write(&folder.join("dataset.toml"), &with_version(folder, &version)?)?;
        append(&folder.join("labels.jsonl"), &events)?;
        if folder.join("SHA256SUMS").exists() {
            eval_datasets::write_sums(folder)?;
        }
    }
    let done = if arguments.dry_run { "would become" } else { "is now" };
    let kept = decided.iter().filter(|it| it.value.is_none()).count();
    println!(
        "{name} {} {done} {version}: {changed} of {} decided labels changed, {kept} kept",
        dataset.manifest.version,
        decided.len()
    );
    Ok(Exit::Pass)
}

/// `1.0.0` becomes `1.0.1`.
fn next(version: &str) -> String {
    let digits = version.len() - version.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    let (start, number) = version.split_at(version.len() - digits);
    match number.parse::<u64>() {
        Ok(number) => format!("{start}{}", number.saturating_add(1)),
        Err(_) => format!("{version}.1"),
    }
}

/// The lines of the cases with their corrections, and how many values changed. Every other line stays as it is.
fn corrected(dataset: &Dataset, decided: &[Decided]) -> Result<(String, usize), Failure> {
    let path = dataset.cases_path();
    let text = vision_files::read_text(&path, vision_files::TEXT)
        .map_err(|refused| Failure::setup(format!("{} {refused}", path.display())))?;
    let mut by_case: HashMap<&str, Vec<&Decided>> = HashMap::new();
    for one in decided {
        by_case.entry(&one.case).or_default().push(one);
    }
    let (mut out, mut changed) = (String::with_capacity(text.len()), 0);
    for line in text.split_inclusive('\n') {
        let case: Option<Value> = serde_json::from_str(line).ok();
        let id = case.as_ref().and_then(|case| case["id"].as_str());
        let Some(corrections) = id.and_then(|id| by_case.remove(id)) else {
            out.push_str(line);
            continue;
        };
        let mut case = case.unwrap_or_default();
        for one in corrections {
            let now = one.field.split('.').fold(&case["expected"], |value, name| &value[name]);
            if *now != one.label {
                return Err(Failure::setup(format!(
                    "case {}: the label of `{}` is {now}, not {} as in line {} of the queue: it was changed since",
                    one.case, one.field, one.label, one.line
                )));
            }
            if let Some(value) = &one.value {
                changed += usize::from(now != value);
                set(&mut case["expected"], &one.field, value.clone());
            }
        }
        out.push_str(&case.to_string());
        out.push('\n');
    }
    match by_case.keys().next() {
        Some(case) => Err(Failure::setup(format!("{}: there is no case {case}", path.display()))),
        None => Ok((out, changed)),
    }
}

/// Who decided what, and why.
fn events(decided: &[Decided], version: &str, arguments: &ApplyArguments) -> String {
    let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let event = |one: &Decided| {
        let author = if one.author.is_empty() { &arguments.author } else { &one.author };
        json!({
            "at": at, "author": author, "version": version, "case": one.case, "field": one.field, "from": one.label,
            "to": one.value.as_ref().unwrap_or(&one.label), "decision": if one.value.is_some() { "correct" } else { "keep" },
            "reason": one.reason,
        })
        .to_string()
            + "\n"
    };
    decided.iter().map(event).collect()
}

/// The manifest with another version; everything else stays as it is written.
fn with_version(folder: &Path, version: &str) -> Result<String, Failure> {
    let path = folder.join("dataset.toml");
    let text = vision_files::read_text(&path, vision_files::TEXT)
        .map_err(|refused| Failure::setup(format!("{} {refused}", path.display())))?;
    let is_version = |line: &&str| line.split('=').next().is_some_and(|key| key.trim() == "version");
    let Some(line) = text.lines().find(is_version) else {
        return Err(Failure::setup(format!("{}: there is no line with the version", path.display())));
    };
    Ok(text.replacen(line, &format!("version = {}", json!(version)), 1))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    vision_files::check_target(path)
        .map_err(|refused| Failure::new(Exit::Output, format!("{} {refused}", path.display())))?;
    // A reader never sees half of it.
    let draft = path.with_extension("draft");
    fs::write(&draft, text)
        .and_then(|()| fs::rename(&draft, path))
        .map_err(|error| Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display())))
}

fn append(path: &Path, text: &str) -> Result<(), Failure> {
    vision_files::check_target(path)
        .map_err(|refused| Failure::new(Exit::Output, format!("{} {refused}", path.display())))?;
    let file = fs::File::options().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_last_number_of_a_version_grows() {
        let next = |version: &str| next(version);
        assert_eq!(
            [next("1.0.0"), next("7"), next("v2"), next("draft"), next("1.9")],
            ["1.0.1", "8", "v3", "draft.1", "1.10"]
        );
    }
}
