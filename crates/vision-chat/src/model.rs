use serde::Deserialize;
use vision_core::{Detail, Effort, Modality};

use crate::{ImageTokens, Temperature, TokenCap};

/// What is known of the models of one provider, on one day: a data file that is embedded and parsed once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelTable {
    /// The day on which it was checked, as YYYY-MM-DD.
    pub as_of: String,
    /// One entry a model.
    #[serde(rename = "model")]
    pub models: Vec<ModelFacts>,
}

/// What is known of one model. Whatever is not stated is as its host has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFacts {
    /// The model's name; a final `*` makes it the start of the names of a whole family.
    pub id: String,
    /// Which of the provider's doors it stands behind.
    #[serde(default)]
    pub api: Api,
    /// What it takes beside text.
    pub input: Option<Vec<Modality>>,
    /// Whether it takes a system text apart from the question.
    pub system: Option<bool>,
    /// The parameter that bounds its answer.
    pub cap: Option<TokenCap>,
    /// Whether and when it takes a temperature.
    #[serde(default)]
    pub temperature: TemperatureRule,
    /// Whether it takes a seed.
    #[serde(default = "yes")]
    pub seed: bool,
    /// Whether it can be held to JSON of any shape.
    #[serde(default = "yes")]
    pub json: bool,
    /// Whether it can be held to a JSON Schema.
    #[serde(default = "yes")]
    pub json_schema: bool,
    /// The reasoning efforts it takes.
    pub efforts: Option<Vec<Effort>>,
    /// The effort it falls back to.
    pub default_effort: Option<Effort>,
    /// The levels of image detail it takes.
    pub details: Option<Vec<Detail>>,
    /// How many tokens an image is.
    pub image_tokens: Option<ImageTokens>,
    /// The most squares of 32 pixels an image may have that is not scaled down.
    pub most_patches: Option<u64>,
    /// The most tokens of question and answer together.
    pub context: Option<u64>,
    /// The day on which it is shut down, as YYYY-MM-DD.
    pub end_of_life: Option<String>,
}

/// The door a model stands behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// Chat completions.
    #[default]
    Chat,
    /// The Responses API and nothing else.
    Responses,
    /// Speech to text.
    Transcription,
}

/// What a model makes of its host's rule about temperatures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemperatureRule {
    /// The same.
    #[default]
    AsHost,
    /// Takes none.
    Never,
    /// Takes one only while it does not reason.
    WithoutReasoning,
}

impl ModelTable {
    /// Reads an embedded data file.
    ///
    /// # Panics
    /// Where the file is not what it should be, which a test of each provider finds first.
    pub fn parse(text: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| panic!("embedded model table: {error}"))
    }

    /// The entry for `model`: of that name, of that name without its date, or of its family.
    pub fn find(&self, model: &str) -> Option<&ModelFacts> {
        let exact = |name: &str| self.models.iter().find(|facts| facts.id == name);
        exact(model).or_else(|| exact(without_date(model))).or_else(|| self.family(model))
    }

    fn family(&self, model: &str) -> Option<&ModelFacts> {
        let starts = |facts: &&ModelFacts| facts.id.strip_suffix('*').is_some_and(|id| model.starts_with(id));
        self.models.iter().filter(starts).max_by_key(|facts| facts.id.len())
    }
}

impl TemperatureRule {
    pub(crate) fn narrow(self, host: Temperature) -> Temperature {
        match (self, host) {
            (Self::Never, _) | (_, Temperature::Never) => Temperature::Never,
            (Self::WithoutReasoning, Temperature::UpTo(most)) => Temperature::WithoutReasoning(most),
            (_, host) => host,
        }
    }
}

/// `gpt-5.4-2026-03-05` is a dated snapshot of `gpt-5.4`.
fn without_date(model: &str) -> &str {
    let digits =
        |text: &str, many: usize| text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut pieces = model.rsplitn(4, '-');
    match (pieces.next(), pieces.next(), pieces.next(), pieces.next()) {
        (Some(day), Some(month), Some(year), Some(name))
            if digits(day, 2) && digits(month, 2) && digits(year, 4) =>
        {
            name
        }
        _ => model,
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::ModelTable;

    #[track_caller]
    fn check(model: &str, id: Option<&str>) {
        let table = ModelTable::parse(
            r#"
            as_of = "2026-11-21"
            [[model]]
            id = "gpt-5.4"
            [[model]]
            id = "gpt-5.4-mini"
            [[model]]
            id = "gpt-5*"
            [[model]]
            id = "gpt-5-pro*"
            "#,
        );
        assert_eq!(table.find(model).map(|facts| facts.id.as_str()), id);
    }

    #[test]
    fn a_model_is_found_by_its_name_its_dated_name_or_its_family() {
        check("gpt-5.4", Some("gpt-5.4"));
        check("gpt-5.4-mini", Some("gpt-5.4-mini"));
        check("gpt-5.4-mini-2026-03-17", Some("gpt-5.4-mini"));
        check("gpt-5.9", Some("gpt-5*"));
        check("gpt-5-pro-2025-10-06", Some("gpt-5-pro*"));
        check("llava", None);
    }
}
