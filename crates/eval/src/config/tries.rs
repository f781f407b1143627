use std::collections::BTreeMap;

use eval_datasets::parse_toml;
use eval_record::OutputMode;
use serde::{Deserialize, Serialize};
use vision_core::{Detail, Effort};

/// Ways of asking that are tried: all of them crossed with each other. A factor without values is not tried.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Try {
    /// Prompts: `default`, the name of a `[prompt.TASK.NAME]`, a file, or the text itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompt: Vec<String>,
    /// System prompts: `none`, a file, or the text itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub system: Vec<String>,
    /// How closely to look at images.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detail: Vec<Detail>,
    /// The longest side of images, in pixels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub long_side: Vec<u32>,
    /// The JPEG quality that images are written with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jpeg_quality: Vec<u8>,
    /// How much to think.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub effort: Vec<Effort>,
    /// Temperatures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub temperature: Vec<f32>,
    /// How firmly the form of the answer is asked for: `text`, `json` or `schema`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<OutputMode>,
    /// Whether answers come piece by piece.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stream: Vec<bool>,
    /// Any of the provider's own settings.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Vec<toml::Value>>,
}

/// One value of one factor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tried {
    Prompt(String),
    System(String),
    Detail(Detail),
    LongSide(u32),
    JpegQuality(u8),
    Effort(Effort),
    Temperature(f32),
    Output(OutputMode),
    Stream(bool),
    Setting(String, toml::Value),
}

/// A factor with the value that a candidate has of it.
pub(crate) type Choice = (String, (String, Tried));

/// What is varied, with its values as labels show them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Factor {
    pub name: String,
    pub values: Vec<(String, Tried)>,
}

impl Try {
    /// What `--try detail=low,high` says, once per factor.
    pub fn from_flags(flags: &[String]) -> Result<Self, String> {
        let mut text = String::new();
        for flag in flags {
            let values = flag.split_once('=').filter(|(name, values)| !name.is_empty() && !values.is_empty());
            let Some((name, values)) = values else {
                return Err(format!("--try {flag}: write it like detail=low,high"));
            };
            let values: Vec<String> = values.split(',').map(|value| in_toml(name, value.trim())).collect();
            text += &format!("{name} = [{}]\n", values.join(", "));
        }
        let tried: Self = parse_toml(std::path::Path::new("--try"), &text)
            .map_err(|problem| format!("--try: {}", problem.message))?;
        tried.wrong().map_or(Ok(tried), |(name, message)| Err(format!("--try {name}: {message}")))
    }

    /// Whether nothing is tried.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The factor and why its values cannot be tried, if so.
    pub(super) fn wrong(&self) -> Option<(String, String)> {
        let outside = |name: &str, least: f64, most: f64, values: Vec<f64>| {
            let value = values.into_iter().find(|value| !(least..=most).contains(value))?;
            Some((name.to_owned(), format!("{value} is not between {least} and {most}")))
        };
        let sides = self.long_side.iter().map(|side| f64::from(*side)).collect();
        let qualities = self.jpeg_quality.iter().map(|quality| f64::from(*quality)).collect();
        let temperatures = self.temperature.iter().map(|it| f64::from(*it)).collect();
        outside("long_side", 16.0, 65_535.0, sides)
            .or_else(|| outside("jpeg_quality", 1.0, 100.0, qualities))
            .or_else(|| outside("temperature", 0.0, 2.0, temperatures))
            .or_else(|| self.factors().iter().find_map(Factor::repeated))
    }

    /// What is varied, by name.
    pub(crate) fn factors(&self) -> Vec<Factor> {
        let mut factors = vec![
            factor("detail", &self.detail, |it| (it.name().to_owned(), Tried::Detail(*it))),
            factor("effort", &self.effort, |it| (it.name().to_owned(), Tried::Effort(*it))),
            factor("jpeg_quality", &self.jpeg_quality, |it| (it.to_string(), Tried::JpegQuality(*it))),
            factor("long_side", &self.long_side, |it| (it.to_string(), Tried::LongSide(*it))),
            factor("output", &self.output, |it| (output_name(*it).to_owned(), Tried::Output(*it))),
            factor("prompt", &self.prompt, |it| (shown(it), Tried::Prompt(it.clone()))),
        ];
        factors.extend(self.settings.iter().map(|(name, values)| {
            let setting = |it: &toml::Value| {
                let text = it.as_str().map_or_else(|| it.to_string(), str::to_owned);
                (shown(&text), Tried::Setting(name.clone(), it.clone()))
            };
            factor(&format!("settings.{}", plain(name)), values, setting)
        }));
        factors.push(factor("stream", &self.stream, |it| (it.to_string(), Tried::Stream(*it))));
        factors.push(factor("system", &self.system, |it| (shown(it), Tried::System(it.clone()))));
        let temperature = |it: &f32| (it.to_string(), Tried::Temperature(*it));
        factors.push(factor("temperature", &self.temperature, temperature));
        factors.retain(|factor| !factor.values.is_empty());
        factors
    }

    /// These ways, and those of `other` where it has the factor.
    pub(crate) fn overridden_by(&self, other: &Self) -> Self {
        fn either<T: Clone>(own: &[T], other: &[T]) -> Vec<T> {
            if other.is_empty() { own.to_vec() } else { other.to_vec() }
        }
        let mut settings = self.settings.clone();
        settings.extend(other.settings.clone());
        Self {
            prompt: either(&self.prompt, &other.prompt),
            system: either(&self.system, &other.system),
            detail: either(&self.detail, &other.detail),
            long_side: either(&self.long_side, &other.long_side),
            jpeg_quality: either(&self.jpeg_quality, &other.jpeg_quality),
            effort: either(&self.effort, &other.effort),
            temperature: either(&self.temperature, &other.temperature),
            output: either(&self.output, &other.output),
            stream: either(&self.stream, &other.stream),
            settings,
        }
    }
}

impl Factor {
    /// Two values that are one.
    fn repeated(&self) -> Option<(String, String)> {
        let earlier = |at: usize| self.values[..at].iter().find(|(_, value)| *value == self.values[at].1);
        let (shown, _) = (0..self.values.len()).find_map(earlier)?;
        Some((self.name.clone(), format!("`{shown}` is named twice")))
    }
}

fn factor<T>(name: &str, values: &[T], value: impl Fn(&T) -> (String, Tried)) -> Factor {
    let mut named: Vec<(String, Tried)> = Vec::new();
    for one in values {
        let (shown, tried) = value(one);
        let taken = |name: &str| named.iter().any(|(known, _)| known == name);
        // Two texts may begin alike.
        let numbered = (2..).map(|number| format!("{shown}-{number}"));
        let name = std::iter::once(shown.clone()).chain(numbered).find(|name| !taken(name));
        named.push((name.unwrap_or(shown), tried));
    }
    Factor { name: name.to_owned(), values: named }
}

/// The name of a form of answers.
pub(crate) fn output_name(output: OutputMode) -> &'static str {
    match output {
        OutputMode::Text => "text",
        OutputMode::Json => "json",
        OutputMode::Schema => "schema",
    }
}

/// A value of the command line as TOML: a number or a word of TOML where that is possible, else a text.
fn in_toml(name: &str, value: &str) -> String {
    let is_text = matches!(name, "prompt" | "system" | "detail" | "effort" | "output");
    let is_number =
        value.parse::<f64>().is_ok() && toml::from_str::<toml::Table>(&format!("x = {value}")).is_ok();
    let is_plain = !is_text && (is_number || matches!(value, "true" | "false"));
    if is_plain { value.to_owned() } else { toml::Value::String(value.to_owned()).to_string() }
}

/// As it can stand in a label, which is a key, a file name and an argument too. Of a file, its name is enough.
fn shown(value: &str) -> String {
    let is_text = value.contains(char::is_whitespace);
    let name = match std::path::Path::new(value).file_stem().and_then(|name| name.to_str()) {
        Some(stem) if !is_text && is_file_name(value) => stem,
        _ => value,
    };
    let plain = plain(name);
    if plain.is_empty() { "text".to_owned() } else { plain }
}

/// Whether this names a file by its looks.
pub(crate) fn is_file_name(value: &str) -> bool {
    [".txt", ".md", ".prompt"].iter().any(|end| value.ends_with(end))
}

/// Letters, digits and a few marks that nothing gives a meaning to.
fn plain(text: &str) -> String {
    const LONGEST: usize = 24;
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
        if out.len() == LONGEST {
            break;
        }
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::Try;

    fn flags(flags: &[&str]) -> Result<Try, String> {
        Try::from_flags(&flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>())
    }

    #[track_caller]
    fn check(flag: &str, shown: &[&str]) {
        let factors = flags(&[flag]).unwrap().factors();
        let names: Vec<_> = factors[0].values.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((factors.len(), names.as_slice()), (1, shown));
    }

    #[test]
    fn flags_say_the_same_as_the_file() {
        check("detail=low,high", &["low", "high"]);
        check("temperature=0.5,1", &["0.5", "1"]);
        check("settings.service_tier=flex,default", &["flex", "default"]);
        check("settings.logprobs=true,false", &["true", "false"]);
        check("prompt=default,prompts/short.txt,Read the total!", &["default", "short", "Read-the-total"]);
        check(
            "system=none,You read a receipt and say A,You read a receipt and say B",
            &["none", "You-read-a-receipt-and-s", "You-read-a-receipt-and-s-2"],
        );
    }

    #[test]
    fn what_cannot_be_tried_is_said() {
        for (flag, said) in [
            ("detail", "write it like detail=low,high"),
            ("detial=low", "did you mean `detail`?"),
            ("detail=lowest", "unknown variant `lowest`"),
            ("detail=low,low", "--try detail: `low` is named twice"),
            ("long_side=3", "3 is not between 16 and 65535"),
            ("jpeg_quality=0", "0 is not between 1 and 100"),
        ] {
            let error = flags(&[flag]).unwrap_err();
            assert!(error.contains(said), "{flag}: {error}");
        }
    }

    #[test]
    fn a_factor_of_the_command_line_replaces_that_of_the_file() {
        let own = flags(&["detail=low,high", "effort=none,low"]).unwrap();
        let both = own.overridden_by(&flags(&["detail=auto,high"]).unwrap());
        assert_eq!(both, flags(&["detail=auto,high", "effort=none,low"]).unwrap());
    }
}
