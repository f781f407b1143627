//! A question without what is particular to its picture.

use eval_datasets::Case;

/// What the case asks, as far as it differs from case to case.
pub(super) fn question(case: &Case) -> String {
    let fields: Vec<&str> = case.fields.values().map(String::as_str).collect();
    fields.join(" ")
}

/// The words of a question; names, numbers and what stands in quotes are left open.
pub(super) fn shape(question: &str) -> String {
    let outside = question.split('"').step_by(2).collect::<Vec<_>>().join(" _ ");
    let mut shape: Vec<String> = Vec::new();
    for (at, word) in outside.split_whitespace().enumerate() {
        let bare = word.trim_matches(|one: char| !one.is_alphanumeric() && one != '_');
        let is_name = (at > 0 && bare.starts_with(char::is_uppercase)) || bare.contains(char::is_numeric);
        let word = if is_name { "_".to_owned() } else { bare.to_lowercase() };
        if !(word.is_empty() || word == "_" && shape.last().is_some_and(|last| last == "_")) {
            shape.push(word);
        }
    }
    shape.join(" ")
}

/// Its first two words, such as "how many".
pub(super) fn opening(question: &str) -> String {
    shape(question).split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// The first name in quotes.
pub(super) fn quoted(question: &str) -> Option<String> {
    question.split('"').nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_one_kind_have_one_shape() {
        let asked = r#"Is the value for "Q3" higher than for "Q 2"? Answer true or false."#;
        assert_eq!(shape(asked), "is the value for _ higher than for _ true or false");
        assert_eq!(shape("How many months are above $40K?"), "how many months are above _");
        assert_eq!(shape("Was North Bay above 12 in May 2024?"), "was _ above _ in _");
        assert_eq!(opening("How many months are above $40K?"), "how many");
    }

    #[test]
    fn a_quoted_name_is_found() {
        assert_eq!(quoted(r#"Is "North" larger than "South"?"#).as_deref(), Some("North"));
        assert_eq!(quoted("Is it large?"), None);
    }
}
