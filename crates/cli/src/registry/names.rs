use eval_datasets::nearest;
use vision_core::ProviderId;

use super::{KINDS, Kind};

/// The kind of this name, or a sentence with the nearest one.
pub fn kind(name: &str) -> Result<&'static Kind, String> {
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let known: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        let near = nearest(name, known.iter().copied());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("there is no provider `{name}`{hint} (there are: {})", known.join(", "))
    })
}

/// `PROVIDER/MODEL` taken apart, or a sentence that says what is missing.
pub fn parse(name: &str) -> Result<(&'static Kind, &str), String> {
    match name.parse::<ProviderId>() {
        Ok(id) => {
            let kind = kind(id.provider())?;
            Ok((kind, name.split_once('/').map_or("", |(_, model)| model)))
        }
        Err(message) => match kind(name) {
            Ok(kind) => Err(format!("{message}, such as {}/{}", kind.name, kind.example)),
            Err(unknown) => Err(format!("{message}, such as local/accurate, and {unknown}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn refused(name: &str, words: &str) {
        let message = parse(name).unwrap_err();
        assert!(message.contains(words), "{message}");
    }

    #[test]
    fn a_model_may_hold_slashes() {
        let (kind, model) = parse("openrouter/google/gemma-4-31b-it").unwrap();
        assert_eq!((kind.name, model), ("openrouter", "google/gemma-4-31b-it"));
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one() {
        refused("opnai/gpt-5.6-luna", "did you mean `openai`?");
        refused("claude", "there is no provider `claude`");
        refused("anthropc", "did you mean `anthropic`?");
    }

    #[test]
    fn a_missing_model_gets_an_example() {
        refused("gemini", "such as gemini/gemini-3.7-flash");
    }
}
