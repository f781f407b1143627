//! Answers beside each other: which does a judge prefer?

use std::collections::HashSet;

use eval_record::{Better, JudgedPair, Record, answer_id};

use crate::item::{Item, Rival};
use crate::{JudgeError, open_answers};

/// Every two different answers to a case by different candidates, in both orders. Of what was asked several times, the
/// first answer counts.
///
/// # Errors
/// If the record cannot be read.
pub fn pairs(record: &Record) -> Result<Vec<Item>, JudgeError> {
    let mut first: HashSet<String> = HashSet::new();
    for trial in record.trials(&mut Vec::new())? {
        let trial = trial?;
        let is_first = trial.key.repeat == 0;
        if let Some(response) = trial.response().filter(|_| is_first) {
            first.insert(answer_id(&trial.key.dataset, &trial.key.case, &response.text));
        }
    }
    let answers: Vec<Item> =
        open_answers(record)?.into_iter().filter(|item| first.contains(&item.id)).collect();
    let of_case = answers.chunk_by(|a, b| (&a.dataset, &a.case) == (&b.dataset, &b.case));
    let mut pairs = Vec::new();
    for case in of_case {
        for (at, one) in case.iter().enumerate() {
            pairs.extend(case[..at].iter().flat_map(|other| [beside(one, other), beside(other, one)]));
        }
    }
    Ok(pairs)
}

fn beside(first: &Item, second: &Item) -> Item {
    let rival = Rival { first: first.id.clone(), second: second.id.clone(), answer: second.answer.clone() };
    let both = format!("{} {}", first.id, second.id);
    Item {
        id: answer_id(&first.dataset, &first.case, &both),
        checks: Vec::new(),
        rival: Some(rival),
        ..first.clone()
    }
}

/// What a reply says of two answers.
pub(crate) fn read(reply: &str, rival: &Rival) -> JudgedPair {
    let value = eval_metrics::answer::read(reply).value;
    let word = value.as_ref().and_then(|value| value.get("better")?.as_str().map(str::to_lowercase));
    let better = match word.as_deref() {
        Some("first") => Some(Better::First),
        Some("second") => Some(Better::Second),
        Some("tie" | "neither") => Some(Better::Tie),
        _ => None,
    };
    JudgedPair { first: rival.first.clone(), second: rival.second.clone(), better }
}

#[cfg(test)]
mod tests {
    use eval_record::Better;

    use super::read;
    use crate::item::Rival;

    #[test]
    fn replies_are_read_as_models_write_them() {
        let rival = Rival { first: "a".to_owned(), second: "b".to_owned(), answer: String::new() };
        for (reply, better) in [
            (r#"{"reason": "It names both.", "better": "first"}"#, Some(Better::First)),
            ("```json\n{\"better\": \"Second\",}\n```", Some(Better::Second)),
            (r#"{"better": "tie"}"#, Some(Better::Tie)),
            ("The first one.", None),
            (r#"{"better": "both"}"#, None),
            ("[]", None),
        ] {
            assert_eq!(read(reply, &rival).better, better, "{reply}");
        }
    }
}
