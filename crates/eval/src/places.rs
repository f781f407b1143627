use std::ops::Range;
use std::path::Path;

use eval_datasets::Problem;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::SetupError;

/// A mistake of a provider or of a dataset at its place in the configuration, if it stands there: what was typed
/// as a flag has no place in a file.
///
/// The first word in backticks that the entry holds is underlined, else what the entry is called by.
pub fn located(error: SetupError, path: &Path, text: &str) -> SetupError {
    match span(&error, text) {
        Some(span) => SetupError::File(Problem::in_text(path, text, span, error.to_string())),
        None => error,
    }
}

fn span(error: &SetupError, text: &str) -> Option<Range<usize>> {
    let file = DeTable::parse(text).ok()?;
    let entries = |name: &str| {
        let tables = file.get_ref().get(name).and_then(|it| it.get_ref().as_array());
        tables.into_iter().flat_map(|it| it.iter()).filter_map(|it| it.get_ref().as_table()).map(Entry)
    };
    let (entry, message) = match error {
        SetupError::Provider { label, message } => {
            (entries("provider").find(|entry| entry.label() == *label)?, message)
        }
        SetupError::Dataset { path, message } => {
            (entries("dataset").find(|entry| entry.text("path") == Some(path))?, message)
        }
        _ => return None,
    };
    let mut words = message.split('`').skip(1).step_by(2);
    let place = words.find_map(|word| place(entry.0, text, word)).or_else(|| entry.own())?;
    Some(inside(text, place))
}

/// Where the value stands that this path leads to: keys, and numbers for the items of lists.
pub(crate) fn value(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let file = DeTable::parse(text).ok()?;
    let (first, rest) = path.split_first()?;
    let mut value = file.get_ref().get(*first)?;
    for step in rest {
        value = match value.get_ref() {
            DeValue::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            within => within.as_table()?.get(*step)?,
        };
    }
    Some(inside(text, value.span()))
}

/// One `[[provider]]` or `[[dataset]]`.
struct Entry<'a>(&'a DeTable<'a>);

impl Entry<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.get_ref().as_str()
    }

    fn label(&self) -> String {
        let text = |key| self.text(key).unwrap_or_default();
        self.text("label").map_or_else(|| format!("{}/{}", text("kind"), text("model")), str::to_owned)
    }

    /// What it is called by.
    fn own(&self) -> Option<Range<usize>> {
        Some(["kind", "path"].into_iter().find_map(|key| self.0.get(key))?.span())
    }
}

/// Where a key or a value of this text stands.
fn place(table: &DeTable<'_>, text: &str, word: &str) -> Option<Range<usize>> {
    table.iter().find_map(|(key, value)| match key.get_ref() == word {
        true => Some(key.span()),
        false => place_in(value, text, word),
    })
}

fn place_in(value: &Spanned<DeValue<'_>>, text: &str, word: &str) -> Option<Range<usize>> {
    match value.get_ref() {
        DeValue::Table(table) => place(table, text, word),
        DeValue::Array(values) => values.iter().find_map(|value| place_in(value, text, word)),
        DeValue::String(string) => (string == word).then(|| value.span()),
        _ => (text.get(value.span()) == Some(word)).then(|| value.span()),
    }
}

/// Without its quotes.
fn inside(text: &str, span: Range<usize>) -> Range<usize> {
    match text.get(span.clone()) {
        Some(quoted) if quoted.len() > 2 && quoted.starts_with(['"', '\'']) => span.start + 1..span.end - 1,
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::located;
    use crate::SetupError;

    const TEXT: &str = r#"
[[dataset]]
path = "charts"
limit = "2o"

[[provider]]
kind = "openai"
model = "gpt"
settings.service_teir = "flex"

[[provider]]
kind = "compatible"
model = "gpt"
label = "ours"
settings.context = 5
"#;

    #[track_caller]
    fn check(error: SetupError, place: &str, underlined: &str) {
        let told = located(error, Path::new("eval.toml"), TEXT).to_string();
        assert!(told.starts_with(&format!("eval.toml:{place}: ")), "{told}");
        let width = told.lines().last().unwrap().matches('^').count();
        assert_eq!(width, underlined.len(), "{told}");
    }

    fn provider(label: &str, message: &str) -> SetupError {
        SetupError::Provider { label: label.to_owned(), message: message.to_owned() }
    }

    #[test]
    fn the_first_word_of_the_message_that_the_entry_holds_is_underlined() {
        check(provider("openai/gpt", "unknown field `service_teir`, `kind`"), "9:10", "service_teir");
        check(provider("openai/gpt", "no `x`, but `gpt`"), "8:10", "gpt");
        check(provider("ours", "invalid type: integer `5`"), "15:20", "5");
        check(provider("ours", "no key"), "12:9", "compatible");
        let dataset =
            SetupError::Dataset { path: "charts".to_owned(), message: "`2o` is no count".to_owned() };
        check(dataset, "4:10", "2o");
    }

    #[test]
    fn what_does_not_stand_in_the_file_has_no_place_in_it() {
        for error in [provider("gemini/gpt", "no key"), SetupError::NothingSelected("nothing".to_owned())] {
            let before = error.to_string();
            assert_eq!(located(error, Path::new("eval.toml"), TEXT).to_string(), before);
        }
        let broken = located(provider("openai/gpt", "no key"), Path::new("eval.toml"), "[[provider");
        assert_eq!(broken.to_string(), "openai/gpt: no key");
    }
}
