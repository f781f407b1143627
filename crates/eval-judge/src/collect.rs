//! From the record of a judging to lines of `judgements.jsonl`.

use std::path::Path;

use eval_record::{JudgeName, JudgedAnswer, LineReader, Record, RecordError};

use crate::draft::{Asked, ITEMS};
use crate::{JudgeError, RUN, pair, reply};

/// What the judge of the judging in `folder` has said so far. Answers that it has not replied to are not there.
///
/// # Errors
/// If a file of the judging cannot be read.
pub fn collect(folder: &Path, judge: &JudgeName) -> Result<Vec<JudgedAnswer>, JudgeError> {
    let record = Record::open(&folder.join(RUN))?;
    let mut replies = std::collections::HashMap::new();
    for trial in record.trials(&mut Vec::new())? {
        let trial = trial?;
        if let Some(response) = trial.response() {
            replies.insert(trial.key.case.clone(), (response.text.clone(), trial.cost));
        }
    }
    let mut lines = Vec::new();
    for Asked { item, canary, saw_media } in items(folder)? {
        let Some((text, usd)) = replies.remove(&item.id) else { continue };
        let pair = item.rival.as_ref().map(|rival| pair::read(&text, rival));
        let (checks, unreadable) = match &pair {
            Some(pair) => (Vec::new(), pair.better.is_none()),
            None => {
                let checks = reply::read(&text, &item.answer, &item.checks);
                (checks.clone().unwrap_or_default(), checks.is_none())
            }
        };
        lines.push(JudgedAnswer {
            judge: judge.clone(),
            dataset: item.dataset,
            task: item.task,
            case: item.case,
            answer: item.id,
            unreadable,
            checks,
            pair,
            canary,
            saw_media,
            usd,
        });
    }
    Ok(lines)
}

fn items(folder: &Path) -> Result<Vec<Asked>, JudgeError> {
    let path = folder.join(ITEMS);
    let failed = |error| {
        JudgeError::from(RecordError {
            path: path.clone(),
            message: "cannot be read".to_owned(),
            source: Some(error),
        })
    };
    let mut reader = vision_files::below(folder, ITEMS)
        .map_err(std::io::Error::from)
        .and_then(|path| LineReader::open(&path))
        .map_err(failed)?;
    let mut items = Vec::new();
    while let Some(line) = reader.read().map_err(failed)? {
        items.push(
            line.value
                .map_err(|error| JudgeError::new(format!("{}:{}: {error}", path.display(), line.number)))?,
        );
    }
    Ok(items)
}
