//! Whether an answer says that nothing differs.

use serde_json::Value;

use crate::answer::plain_text;
use crate::task::Reply;
use crate::task::claims::{Clause, Stance, plainly, segments};
use crate::task::classify::words;

/// Whether an answer says that there are no differences: `{"differences": []}`, `{"identical": true}`, or in words.
pub(super) fn denies_differences(reply: &Reply<'_>) -> bool {
    match reply.json.value.as_ref() {
        Some(Value::String(text)) => denied_in_words(text),
        Some(_) => true,
        None => denied_in_words(&plain_text(reply.text)),
    }
}

fn denied_in_words(text: &str) -> bool {
    const SAME: [&str; 8] =
        ["identical", "same", "alike", "unchanged", "equal", "match", "matching", "indistinguishable"];
    const DIFFERENT: [&str; 14] = [
        "difference",
        "differences",
        "change",
        "changes",
        "changed",
        "differ",
        "differs",
        "different",
        "discrepancy",
        "discrepancies",
        "modification",
        "modifications",
        "variation",
        "variations",
    ];
    let plain = plainly(text);
    if ["except", "apart from", "other than", "only difference", "aside from", "besides"]
        .iter()
        .any(|word| plain.contains(word))
    {
        return false;
    }
    segments(&plain).into_iter().find_map(|segment| {
        let mut denied = None;
        for clause in segment {
            let words: Vec<String> = words(clause).split(' ').map(str::to_owned).collect();
            let clause = Clause::new(words);
            for (at, word) in clause.words.iter().enumerate() {
                let stance = clause.stance(at, at + 1);
                if SAME.contains(&word.as_str()) {
                    denied = Some(denied.unwrap_or(true) && stance != Stance::Denied);
                } else if DIFFERENT.contains(&word.as_str()) {
                    denied = Some(denied.unwrap_or(true) && stance == Stance::Denied);
                }
            }
        }
        denied.or_else(|| (plain.trim().trim_end_matches('.') == "none").then_some(true))
    }) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::denied_in_words;

    #[test]
    fn hears_that_nothing_differs() {
        for text in [
            "The two pictures are identical.",
            "No differences.",
            "There are no visible differences between the images.",
            "Nothing has changed",
            "I don't see any differences.",
            "Both images are the same",
            "They do not differ.",
            "none",
        ] {
            assert!(denied_in_words(text), "{text}");
        }
        for text in [
            "sorry",
            "The pictures are not identical.",
            "There is one difference.",
            "They are identical except for the title.",
            "The layout is the same but the price changed.",
            "",
        ] {
            assert!(!denied_in_words(text), "{text}");
        }
    }
}
