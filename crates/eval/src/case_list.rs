use std::sync::Arc;

use eval_datasets::{Case, Index};
use eval_record::{CaseLine, OTHER_PARTS, Record, RecordError};

use serde_json::Value;

use crate::opened::OpenDataset;

/// Puts the labels into the record, so that it can be scored without the dataset.
pub(crate) fn write_cases(datasets: &[OpenDataset], record: &Record) -> Result<(), RecordError> {
    if record.path("cases.jsonl").exists() {
        return Ok(());
    }
    if record.plan.partition.is_some() {
        write_list(datasets, record, OTHER_PARTS, |dataset| dataset.elsewhere.iter().collect())?;
    }
    // Last: a record without it was never begun.
    write_list(datasets, record, "cases.jsonl", |dataset| vec![&dataset.index])
}

fn write_list<'a>(
    datasets: &'a [OpenDataset],
    record: &Record,
    name: &str,
    of: impl Fn(&'a OpenDataset) -> Vec<&'a Index>,
) -> Result<(), RecordError> {
    let path = record.path(name);
    // Under another name until it is whole: half a list of cases would look like a smaller dataset.
    let draft = format!("{name}.draft");
    std::fs::remove_file(record.path(&draft)).ok();
    let mut writer = record.append(&draft)?;
    let failed = |source| RecordError {
        path: path.clone(),
        message: "cannot be written".into(),
        source: Some(source),
    };
    for dataset in datasets {
        for case in of(dataset).into_iter().flat_map(Index::cases) {
            let case = case.map_err(|problem| RecordError {
                path: problem.path.clone(),
                message: problem.to_string(),
                source: None,
            })?;
            writer.write(&line(&dataset.name, case)).map_err(failed)?;
        }
    }
    writer.sync().map_err(failed)?;
    std::fs::rename(record.path(&draft), &path).map_err(failed)
}

fn line(dataset: &str, case: Case) -> CaseLine {
    CaseLine {
        dataset: dataset.to_owned(),
        case: case.id,
        task: case.task,
        expected: case.expected,
        tags: case.tags,
        source: case.source,
        fields: case.fields,
        media: case.media.into_iter().map(String::from).collect(),
        schema: case.schema.map(Arc::unwrap_or_clone),
        own_schema: case.own_schema.map(Arc::unwrap_or_clone),
        evidence: match case.evidence.is_empty() {
            true => Value::Null,
            false => serde_json::to_value(case.evidence).unwrap_or_default(),
        },
    }
}
