//! Whether an answer declines to answer.
//!
//! What cannot be read is no statement about it: where nothing is labelled, an empty answer is right and a refusal is not.

use serde_json::Value;

use super::claims::plainly;
use super::classify::words;
use super::keys::plain_key;
use crate::value::is_absent;

/// A longer text says more than that it says nothing.
const LONGEST: usize = 2_000;

/// Whether an object says under a key of its own that something went wrong: `{"error": "cannot open the image"}`.
pub(super) fn states_error(value: &Value) -> bool {
    const KEYS: [&str; 8] =
        ["error", "errors", "errormessage", "refusal", "refused", "exception", "apology", "failure"];
    let is_set = |value: &Value| !is_absent(value) && *value != Value::Bool(false) && *value != 0;
    let stated = |map: &serde_json::Map<String, Value>| {
        map.iter().take(50).any(|(key, value)| KEYS.contains(&plain_key(key).as_str()) && is_set(value))
    };
    match value {
        Value::Object(map) => stated(map),
        Value::Array(items) => matches!(items.as_slice(), [Value::Object(map)] if stated(map)),
        _ => false,
    }
}

/// Whether a text says that its author could not look or may not answer: `I can't help with that`, `No image provided`.
pub(super) fn declines(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let plain = words(&plainly(text));
    let words: Vec<&str> = plain.split(' ').collect();
    (0..words.len()).any(|at| {
        let rest = &words[at..];
        is_unable(rest) || has_no_media(rest) || is_illegible(rest) || (at == 0 && is_too_little(rest))
    })
}

/// What an answer says although it declines: `I can't be sure, but it is 42`. The whole text where it does not decline, and
/// nothing where it says no more than that.
pub(super) fn said_despite<'a>(text: &'a str, question: &str) -> Option<&'a str> {
    if !declines(text) && !is_error_message(text, question) && !denies_asked(text, question) {
        return Some(text);
    }
    let lower = text.to_ascii_lowercase();
    let ends = [" but ", " however, ", " nevertheless "].iter();
    let tail = ends.filter_map(|mark| lower.find(mark).map(|at| at + mark.len())).min()?;
    Some(&text[tail..]).filter(|tail| !declines(tail) && !denies_asked(tail, question))
}

/// `Error 404: image not found`, `HTTP 429 Too Many Requests`; to a question for an error it is an answer.
fn is_error_message(text: &str, question: &str) -> bool {
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return false;
    }
    let (said, asked) = (words(&plainly(text)), words(&plainly(question)));
    let asks = asked.split(' ').any(|word| matches!(word, "error" | "code" | "status" | "http"));
    let said: Vec<&str> = said.split(' ').collect();
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    !asks
        && matches!(said.as_slice(), ["error" | "http" | "exception" | "status", "code" | "error", number, ..]
            | ["error" | "http" | "exception" | "status", number, ..] if is_number(number))
}

/// Whether a text says that what was asked for is not there: `I don't see a total` to `What is the total?`. How many there are
/// is answered by that.
fn denies_asked(text: &str, question: &str) -> bool {
    const LONGEST: usize = 400;
    let (said, asked) = (words(&plainly(text)), words(&plainly(question)));
    let counts =
        asked.starts_with("how many") || asked.starts_with("how much") || asked.contains("number of");
    if text.len() > LONGEST || question.is_empty() || counts {
        return false;
    }
    let asks = |word: &str| word.len() >= 4 && asked.split(' ').any(|other| other == word);
    let said: Vec<&str> = said.split(' ').collect();
    (0..said.len()).any(|at| match &said[at..] {
        [
            "do" | "does" | "did" | "can" | "could",
            "not",
            "see" | "find" | "show" | "contain" | "include" | "list" | "give" | "mention" | "state" | "have",
            "a" | "an" | "any" | "the" | "its",
            what,
            ..,
        ] => asks(what),
        ["there", "is" | "was", "no", what, ..] => asks(what),
        ["no", what, "is" | "was", "shown" | "visible" | "given" | "stated" | "printed", ..] => asks(what),
        _ => false,
    })
}

/// Whether an answer to a question for a yes or a no says that it could not be seen: `No document is visible`, `The page does
/// not show it`, `Not provided`. What the question itself asks for is an answer: `No stamp is visible` to `Is a stamp visible?`.
pub(super) fn declines_to_say(text: &str, question: &str) -> bool {
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return false;
    }
    let (said, asked) = (words(&plainly(text)), words(&plainly(question)));
    let asks = |word: &str| asked.split(' ').any(|other| other == word);
    let said: Vec<&str> = said.split(' ').collect();
    if let ["n", "a"]
    | ["unknown"]
    | ["not", "applicable" | "provided" | "specified" | "stated" | "given" | "mentioned"] = said.as_slice()
    {
        return !said.last().is_some_and(|word| asks(word));
    }
    let is_view = |word: &str| (is_medium(word) || is_page(word)) && !asks(word);
    (0..said.len()).any(|at| match &said[at..] {
        ["see" | "sees", "no", medium] => is_view(medium),
        ["no", "one" | "body", "knows" | "can", ..]
        | ["nobody", "knows" | "can", ..]
        | ["no", "can", "do"] => true,
        ["no", medium, "is" | "was" | "are" | "were", "visible" | "shown" | "there" | "present", ..]
        | ["no", medium, "visible", ..] => is_view(medium),
        ["do" | "does" | "did" | "can" | "could", "not", "see", "a" | "an" | "any" | "the", medium] => {
            is_view(medium)
        }
        [
            medium,
            "does" | "do" | "did",
            "not",
            "show" | "say" | "tell" | "mention" | "state" | "indicate" | "specify",
            rest @ ..,
        ] => is_view(medium) && matches!(rest, [] | ["it" | "this" | "that"]),
        _ => false,
    })
}

fn is_page(word: &str) -> bool {
    matches!(word, "page" | "pages" | "chart" | "graph" | "diagram" | "scan" | "form" | "text")
}

/// `unable to open the image`, `can not help`; but `can not see any difference` looked.
fn is_unable(words: &[&str]) -> bool {
    const ACTS: [&str; 25] = [
        "determine",
        "help",
        "assist",
        "open",
        "view",
        "access",
        "read",
        "load",
        "compare",
        "assess",
        "assessed",
        "process",
        "analyze",
        "analyse",
        "answer",
        "comply",
        "complete",
        "fulfill",
        "display",
        "provide",
        "identify",
        "compared",
        "opened",
        "loaded",
        "decode",
    ];
    let act = match words {
        ["unable", "to", rest @ ..] | ["not", "able", "to", rest @ ..] => rest,
        ["can" | "ca" | "could", "not", "be", rest @ ..] | ["can" | "ca" | "could", "not", rest @ ..] => rest,
        ["failed", "to", rest @ ..] => rest,
        ["could", "be", "assessed" | "compared", ..] => return true,
        _ => return false,
    };
    match act {
        [act, ..] if ACTS.contains(act) => true,
        ["see" | "look", rest @ ..] => {
            let rest =
                rest.iter().find(|word| !matches!(**word, "at" | "the" | "any" | "your" | "both" | "these"));
            rest.is_none_or(|word| is_medium(word))
        }
        _ => false,
    }
}

/// `the image is too blurry`.
fn is_illegible(words: &[&str]) -> bool {
    matches!(
        words,
        [medium, "is" | "are", "too", "blurry" | "blurred" | "dark" | "small" | "noisy" | "unclear", ..]
            if is_medium(medium)
    )
}

/// `no image was provided`, `the images are missing`.
fn has_no_media(words: &[&str]) -> bool {
    const MISSING: [&str; 13] = [
        "provided",
        "attached",
        "supplied",
        "uploaded",
        "received",
        "included",
        "available",
        "missing",
        "given",
        "found",
        "accessible",
        "loaded",
        "shared",
    ];
    let behind = |rest: &[&str]| rest.iter().take(4).any(|word| MISSING.contains(word));
    match words {
        ["no", medium, rest @ ..] if is_medium(medium) => behind(rest),
        [
            medium,
            "is" | "are" | "was" | "were",
            "missing" | "unreadable" | "corrupt" | "corrupted" | "blank",
            ..,
        ]
        | [medium, "missing", ..] => is_medium(medium),
        [medium, "is" | "are" | "was" | "were", "not", rest @ ..] if is_medium(medium) => behind(rest),
        _ => false,
    }
}

/// `no information available`, `not enough data`, `no comment`.
fn is_too_little(words: &[&str]) -> bool {
    matches!(
        words,
        [
            "not",
            "enough" | "sufficient" | "clear" | "certain" | "determinable" | "given" | "stated" | "shown",
            ..,
        ] | ["insufficient" | "unclear" | "undetermined" | "indeterminate", ..]
            | ["no", "information" | "info" | "data" | "answer" | "comment" | "idea" | "clue", ..]
            | ["no", "image" | "images" | "picture" | "pictures" | "photo"]
    )
}

fn is_medium(word: &str) -> bool {
    matches!(
        word,
        "image"
            | "images"
            | "picture"
            | "pictures"
            | "photo"
            | "photos"
            | "attachment"
            | "attachments"
            | "file"
            | "files"
            | "screenshot"
            | "screenshots"
            | "document"
            | "documents"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{declines, declines_to_say, states_error};

    #[test]
    fn tells_a_refusal_from_a_finding() {
        for text in [
            "I can't help with that.",
            "I'm sorry, but I am unable to compare the images.",
            "No image was provided",
            "Not enough information",
            "The image could not be opened.",
            "no, I cannot see the images",
        ] {
            assert!(declines(text), "{text}");
        }
        for text in [
            "No",
            "I cannot see any differences.",
            "There is no image of a car on it.",
            "It is not above.",
            "",
        ] {
            assert!(!declines(text), "{text}");
        }
    }

    #[test]
    fn what_could_not_be_seen_is_no_answer_but_to_a_question_for_it() {
        let declined = |text| declines_to_say(text, "Is it signed?");
        for text in [
            "No document is visible in the image.",
            "I do not see a page.",
            "The page does not show it.",
            "Not provided",
            "n/a",
        ] {
            assert!(declined(text), "{text}");
        }
        for text in
            ["No signature is visible.", "No", "It does not show a signature.", "I do not see a signature"]
        {
            assert!(!declined(text), "{text}");
        }
        assert!(!declines_to_say("No chart is visible.", "Is there a chart on the page?"));
    }

    #[test]
    fn sees_an_error_under_its_key() {
        assert!(states_error(&json!({ "error": "cannot open image" })));
        assert!(!states_error(&json!({ "error": null, "differences": [] })));
        assert!(!states_error(&json!({ "note": "cannot open image" })));
    }
}
