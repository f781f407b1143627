use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{Problem, Result};

/// Reads TOML that a person wrote; a mistake is shown with its line, underlined, and with the nearest right word.
pub fn parse_toml<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let message = with_suggestion(error.message());
        match error.span() {
            Some(span) => Problem::in_text(path, text, span, message),
            None => Problem::new(path, message),
        }
    })
}

/// serde lists what it would have taken, in backticks; name the one that was probably meant.
fn with_suggestion(message: &str) -> String {
    let message = message.trim();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (true, Some(word)) = (message.starts_with("unknown"), quoted.next()) else {
        return message.to_owned();
    };
    let known: Vec<&str> = quoted.collect();
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message.to_owned(),
    }
}

/// The known word that is most like `word`, if one is like it at all.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(&word.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::Deserialize;

    use super::{nearest, parse_toml};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Sample {
        name: String,
        prompt: Option<String>,
    }

    #[track_caller]
    fn message(text: &str) -> String {
        parse_toml::<Sample>(Path::new("dataset.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_is_underlined_and_the_nearest_named() {
        insta::assert_snapshot!(message("name = \"a\"\npromt = \"b\"\n"), @r#"
        dataset.toml:2:1: unknown field `promt`, expected `name` or `prompt`; did you mean `prompt`?
          |
        2 | promt = "b"
          | ^^^^^
        "#);
    }

    #[test]
    fn a_wrong_type_is_underlined() {
        insta::assert_snapshot!(message("name = 5\n"), @r#"
        dataset.toml:1:8: invalid type: integer `5`, expected a string
          |
        1 | name = 5
          |        ^
        "#);
    }

    #[test]
    fn a_word_like_nothing_gets_no_suggestion() {
        assert_eq!(nearest("zzz", ["prompt", "name"]), None);
        assert_eq!(nearest("OpenAi", ["openai", "gemini"]), Some("openai"));
    }
}
