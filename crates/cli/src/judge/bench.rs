//! Who judges, and by which prompt.

use std::path::Path;

use eval::{ProviderConfig, Registry};
use eval_judge::Prompt;
use eval_record::{JudgeName, Price};
use vision_core::{Capabilities, MediaKind};

use crate::exit::{Exit, Failure};
use crate::registry::Providers;
use crate::settings::{Choice, Project, read_text};

/// One judge.
#[derive(Clone)]
pub struct Bench {
    /// How it is asked.
    pub config: ProviderConfig,
    /// Its name in records.
    pub name: JudgeName,
    /// What it is asked.
    pub prompt: Prompt,
}

impl Bench {
    /// The same judge, asked which of two answers it prefers.
    pub fn of_pairs(&self) -> Self {
        let prompt = Prompt::of_pairs();
        let name = JudgeName { prompt: prompt.version(), ..self.name.clone() };
        Self { config: self.config.clone(), name, prompt }
    }
}

/// The judges that were typed, else those of the configuration.
pub fn judges(project: &Project, typed: &[String], prompt: &Prompt) -> Result<Vec<Bench>, Failure> {
    let own = &project.config.judge.provider;
    let chosen: Vec<ProviderConfig> = match typed.is_empty() {
        true => own.iter().filter(|judge| judge.enabled).cloned().collect(),
        false => {
            // A judge may be called like a candidate, and then it is the judge that is meant.
            let mut known = project.config.clone();
            known.provider.retain(|it| own.iter().all(|judge| judge.label() != it.label()));
            known.provider = [own.clone(), known.provider].concat();
            let mut lookup = project.with(known);
            lookup.apply(&Choice { provider: typed.to_vec(), ..Choice::default() })?;
            lookup.config.provider
        }
    };
    if chosen.is_empty() {
        return Err(Failure::new(
            Exit::NothingSelected,
            "no judge: name one with --judge, or under [[judge.provider]] in eval.toml",
        ));
    }
    let bench = |config: ProviderConfig| {
        let name = JudgeName {
            provider: config.label(),
            kind: config.kind.clone(),
            model: config.model.clone(),
            prompt: prompt.version(),
        };
        Bench { name, config, prompt: prompt.clone() }
    };
    Ok(chosen.into_iter().map(bench).collect())
}

/// The prompt that was typed, else that of the configuration, else the built-in one.
pub fn prompt(project: &Project, typed: Option<&Path>) -> Result<Prompt, Failure> {
    let (path, text) = match (typed, &project.config.judge.prompt) {
        (Some(path), _) => (path.to_owned(), read_text(path)?),
        (None, Some(file)) => {
            let path = vision_files::below(&project.root.join("."), file)
                .map_err(|refused| Failure::setup(format!("judge.prompt: `{file}` {refused}")))?;
            let text = read_text(&path)?;
            (path, text)
        }
        (None, None) => return Ok(Prompt::default()),
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Prompt::new(&name, &text).map_err(|error| Failure::setup(format!("{}: {error}", path.display())))
}

/// Before a run is paid for: whether its judges can be asked at all, and may spend something if they cost something.
pub fn check(project: &Project, providers: &Providers<'_>) -> Result<(), Failure> {
    let prices = project.prices()?;
    for judge in project.config.judge.provider.iter().filter(|judge| judge.enabled) {
        let is_local = providers.build(judge)?.local;
        let is_free = match &judge.price {
            Some(own) => own.input_per_mtok == Some(0.0) && own.output_per_mtok == Some(0.0),
            None => prices.find(&judge.kind, &judge.model, &crate::plan::now()).is_some_and(Price::is_free),
        };
        if !is_local && !is_free && project.config.judge.budget_usd.is_none() {
            let label = judge.label();
            return Err(Failure::setup(format!(
                "the judge {label} costs money: say with budget_usd under [judge] how much it may spend at most"
            )));
        }
    }
    prompt(project, None).map(|_| ())
}

/// Whether media of this name can be put before a judge.
pub fn takes(capabilities: &Capabilities, name: &str) -> bool {
    let is_address = ["https://", "http://", "gs://"].iter().any(|scheme| name.starts_with(scheme));
    if is_address {
        return capabilities.url_input;
    }
    let kind =
        Path::new(name).extension().and_then(|ending| ending.to_str()).and_then(MediaKind::from_extension);
    // Pictures are converted from one format to another, so that one is enough.
    kind.is_some_and(|kind| {
        let same = |known: &MediaKind| known.modality() == kind.modality();
        capabilities.formats.iter().any(same)
    })
}
