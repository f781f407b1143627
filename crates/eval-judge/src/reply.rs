//! What a judge said, read from its reply.

use eval_metrics::answer;
use eval_metrics::task::checks::quotes;
use eval_record::JudgedCheck;
use serde_json::Value;

use crate::AskedCheck;

/// What a reply says of each check of an answer; `None` if nothing can be read from it. A check that it does not name is
/// left out, and so is one that it names with both yes and no.
pub(crate) fn read(reply: &str, answer: &str, checks: &[AskedCheck]) -> Option<Vec<JudgedCheck>> {
    let value = answer::read(reply).value?;
    let entries = match &value {
        Value::Array(entries) => entries,
        other => other.get("checks")?.as_array()?,
    };
    let judged: Vec<JudgedCheck> =
        checks.iter().filter_map(|check| Some(judged(check, answer, said(entries, &check.id)?))).collect();
    (!judged.is_empty()).then_some(judged)
}

/// Whether it is met, and the quotation.
fn said<'a>(entries: &'a [Value], id: &str) -> Option<(bool, &'a str)> {
    let of_check = entries.iter().filter(|entry| entry["id"].as_str() == Some(id));
    let mut all = of_check.map(|entry| {
        let met = match &entry["met"] {
            Value::Bool(met) => Some(*met),
            Value::String(word) if word.eq_ignore_ascii_case("yes") => Some(true),
            Value::String(word) if word.eq_ignore_ascii_case("no") => Some(false),
            _ => None,
        };
        met.map(|met| (met, entry["quote"].as_str().unwrap_or_default()))
    });
    let first = all.next()??;
    all.all(|other| other.is_some_and(|(met, _)| met == first.0)).then_some(first)
}

fn judged(check: &AskedCheck, answer: &str, (met, quote): (bool, &str)) -> JudgedCheck {
    let misquoted = met && !quotes(answer, quote);
    JudgedCheck {
        path: check.path.clone(),
        text: check.text.clone(),
        met: met && !misquoted,
        quote: if met { quote.to_owned() } else { String::new() },
        misquoted,
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::AskedCheck;

    const ANSWER: &str = "Several sailboats lie in a harbor. Nobody is there.";

    fn checks() -> Vec<AskedCheck> {
        let check = |id: &str, path: &str| AskedCheck {
            id: id.to_owned(),
            path: path.to_owned(),
            text: "…".to_owned(),
            accepted: Vec::new(),
        };
        vec![check("c1", "must[1]"), check("c2", "must[0]"), check("c3", "must_not[0]")]
    }

    /// Paths of what is met, of what is not, and of what was misquoted.
    #[track_caller]
    fn check(reply: &str, met: &[&str], not: &[&str], misquoted: &[&str]) {
        let read = read(reply, ANSWER, &checks()).unwrap();
        let paths = |of: &dyn Fn(&eval_record::JudgedCheck) -> bool| -> Vec<String> {
            read.iter().filter(|it| of(it)).map(|it| it.path.clone()).collect()
        };
        assert_eq!(paths(&|it| it.met), met, "{reply}");
        assert_eq!(paths(&|it| !it.met && !it.misquoted), not, "{reply}");
        assert_eq!(paths(&|it| it.misquoted), misquoted, "{reply}");
    }

    #[test]
    fn a_yes_needs_words_that_are_there() {
        check(
            r#"{"checks":[{"id":"c1","met":"yes","quote":"several SAILBOATS"},{"id":"c2","met":"yes","quote":"a lighthouse"},
            {"id":"c3","met":"no","quote":""}]}"#,
            &["must[1]"],
            &["must_not[0]"],
            &["must[0]"],
        );
        check(r#"{"checks":[{"id":"c1","met":"yes","quote":""}]}"#, &[], &[], &["must[1]"]);
    }

    #[test]
    fn replies_are_read_as_models_write_them() {
        let fenced = "Here you are:\n```json\n[{\"id\": \"c2\", \"met\": true, \"quote\": \"Nobody\"},]\n```";
        check(fenced, &["must[0]"], &[], &[]);
        check(
            r#"{"checks":[{"id":"c9","met":"yes","quote":"x"},{"id":"c1","met":"No"}]}"#,
            &[],
            &["must[1]"],
            &[],
        );
        for unreadable in ["", "yes to all", r#"{"checks":"yes"}"#, r#"{"checks":[{"id":"c9","met":"yes"}]}"#]
        {
            assert!(read(unreadable, ANSWER, &checks()).is_none(), "{unreadable}");
        }
    }

    #[test]
    fn yes_and_no_is_neither() {
        let both = r#"{"checks":[{"id":"c1","met":"yes","quote":"harbor"},{"id":"c1","met":"no"},{"id":"c2","met":"no"}]}"#;
        check(both, &[], &["must[0]"], &[]);
    }
}
