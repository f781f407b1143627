//! A chain as a provider that `run` and `ask` carry out.

use std::fs;
use std::path::Path;

use eval::ProviderConfig;
use eval_decide::People;
use eval_decide::chain::{ChainReport, ChainStage, ChainTask};
use eval_record::{PlannedProvider, PlannedTask, Record, Variant};
use eval_report::figures::{counted, money};
use eval_summary::{Estimate, Scope};
use serde::Serialize;
use vision_core::{Person, Usd};

use crate::exit::{Exit, Failure};
use crate::registry::cascade::{KIND, Promised, Settings, StageSettings};

/// What stands in the file.
#[derive(Serialize)]
struct File {
    provider: [ProviderConfig; 1],
}

/// Writes the chain of the first task.
pub fn write(path: &Path, record: &Record, report: &ChainReport) -> Result<(), Failure> {
    let Some(task) = report.tasks.first() else {
        return Err(Failure::setup(
            "there is no chain to export: two candidates with known prices are needed, or one and a person (--human-usd)",
        ));
    };
    if task.chosen.is_empty() {
        return Err(Failure::setup("people alone cost least: there is no chain to export"));
    }
    let text = text(record, report, task)?;
    fs::write(path, text).map_err(|error| {
        Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
    })?;
    match &task.beaten_by {
        Some(single) => eprintln!(
            "warning: on held-out documents {single} alone does better than this chain; written {} all the same",
            path.display()
        ),
        None => eprintln!("written {}: append it to eval.toml to run it", path.display()),
    }
    Ok(())
}

fn text(record: &Record, report: &ChainReport, task: &ChainTask) -> Result<String, Failure> {
    let planned = planned(record, &task.scope)
        .ok_or_else(|| Failure::unexpected(format!("{} is not in the plan of the run", task.scope)))?;
    let settings = Settings {
        on: task.on.clone(),
        metric: planned.metric.clone(),
        metric_settings: planned.settings.to_string(),
        ends_with_person: false,
        person: report.people.filter(|_| task.ends_with_person).map(person),
        stages: task.chosen.iter().map(|stage| exported(record, stage)).collect::<Result<_, _>>()?,
        promised: Some(promised(report, task)),
    };
    let name = match &task.scope {
        Scope::Task { dataset, .. } => dataset.clone(),
        Scope::Overall => "all".to_owned(),
    };
    let failed =
        |error: toml::ser::Error| Failure::unexpected(format!("the chain cannot be written: {error}"));
    let entry = ProviderConfig {
        settings: toml::Table::try_from(settings).map_err(failed)?,
        ..ProviderConfig::new(KIND, &name)
    };
    let body = toml::to_string(&File { provider: [entry] }).map_err(failed)?;
    let promised = &task.promised;
    let beaten = task.beaten_by.as_ref().map_or_else(String::new, |single| {
        format!("# {single} alone does better by these figures: there is no gain in running this cascade.\n")
    });
    Ok(format!(
        "# A cascade, written by `vision-eval cascade`. Append it to eval.toml; `run` and `ask` carry it out.\n# Expected, \
         from {} of {}: {:.1}% right, {} per 1,000 cases for answers, {:.1}% to a person.\n{beaten}\n{body}",
        counted(task.cases, "case"),
        task.scope,
        promised.accuracy.mean * 100.0,
        money(promised.answers),
        promised.referred.mean * 100.0
    ))
}

fn planned<'a>(record: &'a Record, scope: &Scope) -> Option<&'a PlannedTask> {
    let Scope::Task { dataset, task } = scope else { return None };
    record.plan.datasets.iter().find(|it| it.name == *dataset)?.tasks.get(task)
}

fn exported(record: &Record, stage: &ChainStage) -> Result<StageSettings, Failure> {
    let found = record.plan.providers.iter().find(|it| it.label == stage.provider);
    let planned =
        found.ok_or_else(|| Failure::unexpected(format!("{} is not in the plan", stage.provider)))?;
    if planned.kind == eval::IMPORTED {
        return Err(Failure::setup(format!(
            "the answers of {} were imported, so a cascade cannot ask it: run it as a provider first",
            planned.label
        )));
    }
    // How an answer comes is not the answer.
    let is_varied = |variant: &Variant| variant.factors.keys().any(|factor| factor != "stream");
    if planned.variant.as_ref().is_some_and(is_varied) {
        return Err(Failure::setup(format!(
            "{} is a variant, which a cascade cannot ask yet: give its settings to the provider itself and run again",
            planned.label
        )));
    }
    // What runs on this machine is free wherever it is read; a free host says so itself.
    let price = planned.price.as_ref().filter(|_| !planned.local);
    Ok(StageSettings {
        accept: stage.accept,
        model: stage.model.clone(),
        price: price.map(|price| serde_json::to_string(price).expect("a price is plain data")),
        provider: config(planned)?,
    })
}

fn config(planned: &PlannedProvider) -> Result<ProviderConfig, Failure> {
    let settings = match &planned.settings {
        serde_json::Value::Null => toml::Table::new(),
        settings => serde_json::from_value(settings.clone()).map_err(|error| {
            Failure::setup(format!("the settings of {} cannot be written: {error}", planned.label))
        })?,
    };
    Ok(ProviderConfig {
        label: Some(planned.label.clone()),
        base_url: planned.base_url.clone(),
        settings,
        limits: planned.limits.clone(),
        ..ProviderConfig::new(&planned.kind, &planned.model)
    })
}

fn person(people: People) -> Person {
    Person { usd: Some(Usd(people.usd)), error: Some(people.error) }
}

/// All of it is about this very chain, and not about those that were chosen on parts of the documents.
fn promised(report: &ChainReport, task: &ChainTask) -> Promised {
    let it = &task.promised;
    let interval = |of: &Estimate| of.interval.as_ref().map(|bounds| [bounds.low, bounds.high]);
    Promised {
        run: report.run.clone(),
        cases: task.cases,
        accuracy: it.accuracy.mean,
        accuracy_interval: interval(&it.accuracy),
        usd_per_1000: it.answers,
        referred: it.referred.mean,
        referred_interval: interval(&it.referred),
        person_error: None,
    }
}
