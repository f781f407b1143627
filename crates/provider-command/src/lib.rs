#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Provider, ProviderId, Request, Response, Result,
    Timing, VisionProvider,
};

mod answer;
mod process;
mod question;

/// The name before the slash.
pub const NAME: &str = "command";

/// What can be set about it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// How long it may take.
    #[serde(default = "two_minutes")]
    pub timeout_seconds: u64,
    /// The formats it takes; images and PDF if unset.
    #[serde(default)]
    pub formats: Vec<MediaKind>,
    /// The most images in one question.
    #[serde(default)]
    pub max_images: Option<usize>,
    /// Variables with keys that it is given: those of other providers are kept from it.
    #[serde(default)]
    pub env: Vec<String>,
}

fn two_minutes() -> u64 {
    120
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// What reports print.
    pub model: String,
    /// The program and its settings.
    pub settings: Settings,
    /// Variables that hold the keys of others. It is not given those that its settings do not name.
    pub keys: Vec<String>,
}

/// A provider that starts a program for each question.
pub fn provider(config: Config) -> Result<Provider> {
    let wrong = |message: &str| Err(Error::new(ErrorKind::Config, message));
    match config.settings.command.first() {
        None => {
            return wrong("`command` is empty: it needs a program, such as [\"python3\", \"extract.py\"]");
        }
        Some(program) if program.trim().is_empty() => return wrong("the name of the program is empty"),
        Some(_) => {}
    }
    if config.settings.timeout_seconds == 0 {
        return wrong("`timeout_seconds` must be at least 1");
    }
    let kept = |name: &String| !config.settings.env.contains(name);
    Ok(Arc::new(Command {
        id: ProviderId::new(NAME, &config.model),
        capabilities: capabilities(&config.settings),
        withheld: config.keys.into_iter().filter(kept).collect(),
        settings: config.settings,
    }))
}

fn capabilities(settings: &Settings) -> Capabilities {
    use MediaKind::{Bmp, Gif, Jpeg, Pdf, Png, Tiff, Webp};
    let usual = vec![Png, Jpeg, Webp, Gif, Bmp, Tiff, Pdf];
    Capabilities {
        prompt: true,
        formats: if settings.formats.is_empty() { usual } else { settings.formats.clone() },
        url_input: true,
        max_images: settings.max_images,
        json: true,
        json_schema: true,
        system: true,
        detail: true,
        temperature: true,
        seed: true,
        effort: true,
        usage: false,
        ..Capabilities::default()
    }
}

/// The program behind it.
#[derive(Debug)]
struct Command {
    id: ProviderId,
    capabilities: Capabilities,
    settings: Settings,
    /// Variables that it is not given.
    withheld: Vec<String>,
}

#[async_trait]
impl VisionProvider for Command {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, request: &Request) -> Estimate {
        let texts = request.system.iter().map(String::as_str).chain(request.texts());
        Estimate { text: texts.map(Estimate::text_tokens).sum(), ..Estimate::default() }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let question = question::Question::new(self.id.model(), request)?;
        let start = Instant::now();
        let timeout = Duration::from_secs(self.settings.timeout_seconds);
        let written = process::run(&self.settings.command, &self.withheld, question.text()?, timeout).await?;
        let response = answer::read(&written)?;
        Ok(Response { timing: Timing { total: start.elapsed(), ..Timing::default() }, ..response })
    }
}

#[cfg(all(test, unix))]
mod tests;
