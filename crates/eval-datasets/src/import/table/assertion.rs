//! The column `__expected` of promptfoo holds assertions about answers: some name the answer, others are rules.

/// Assertions whose value is the answer.
const NAMES_ANSWER: [&str; 3] = ["equals", "contains", "icontains"];

/// Assertions whose value is a rule.
const RULES: [&str; 54] = [
    "answer-relevance",
    "bleu",
    "classifier",
    "contains-all",
    "contains-any",
    "contains-html",
    "contains-json",
    "contains-sql",
    "contains-xml",
    "context-faithfulness",
    "context-recall",
    "context-relevance",
    "conversation-relevance",
    "cost",
    "eval",
    "factuality",
    "finish-reason",
    "fn",
    "g-eval",
    "gleu",
    "grade",
    "guardrails",
    "icontains-all",
    "icontains-any",
    "is-html",
    "is-json",
    "is-refusal",
    "is-sql",
    "is-valid-function-call",
    "is-valid-openai-function-call",
    "is-valid-openai-tools-call",
    "is-xml",
    "javascript",
    "latency",
    "levenshtein",
    "llm-rubric",
    "meteor",
    "model-graded-closedqa",
    "model-graded-factuality",
    "moderation",
    "perplexity",
    "perplexity-score",
    "pi",
    "python",
    "regex",
    "rouge-n",
    "ruby",
    "search-rubric",
    "select-best",
    "similar",
    "starts-with",
    "trace-span-count",
    "webhook",
    "word-count",
];

/// Whether a column holds assertions.
pub(super) fn is_column(name: &str) -> bool {
    name.trim().to_lowercase().starts_with("__expected")
}

/// The answer that an assertion names, or why it names none. A text without a known name stands for itself.
pub(super) fn label(text: &str) -> Result<&str, String> {
    let text = text.trim();
    let refused = || Err(format!("holds an assertion of promptfoo that names no answer: `{}`", short(text)));
    if text.starts_with("file://") {
        return refused();
    }
    let Some((head, value)) = text.split_once(':') else {
        return if text.contains('-') && is_rule(text) { refused() } else { Ok(text) };
    };
    let head = head.trim();
    match head {
        _ if NAMES_ANSWER.contains(&head) => Ok(value.trim()),
        _ if is_rule(head) => refused(),
        _ => Ok(text),
    }
}

/// `similar(0.8)`, `not-contains`
fn is_rule(head: &str) -> bool {
    let name = head.split('(').next().unwrap_or(head);
    match name.strip_prefix("not-") {
        Some(name) => NAMES_ANSWER.contains(&name) || RULES.contains(&name),
        None => RULES.contains(&name),
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn what_names_the_answer_is_the_label_and_rules_are_refused() {
        for (text, wanted) in [
            ("12", Some("12")),
            ("equals: 12", Some("12")),
            ("contains:12", Some("12")),
            ("icontains: Anna Berg", Some("Anna Berg")),
            ("Total: 12", Some("Total: 12")),
            ("cost", Some("cost")),
            ("javascript: output.length > 3", None),
            ("fn: true", None),
            ("not-contains: 12", None),
            ("similar(0.8): hello", None),
            ("contains-any: a, b", None),
            ("llm-rubric: is polite", None),
            ("file://check.js", None),
            ("is-json", None),
        ] {
            assert_eq!(label(text).ok(), wanted, "{text}");
        }
    }
}
