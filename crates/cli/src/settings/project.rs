//! A configuration with what was typed laid over it.

use std::path::{Path, PathBuf};

use eval::{Config, DatasetConfig, Prefer, ProviderConfig, SetupError, Try};
use eval_datasets::Selection;
use eval_record::{About, PriceBook, Sequential};
use vision_files::storage;

use super::{Choice, Shared};
use crate::exit::{Exit, Failure};
use crate::registry::{KINDS, kind};

/// Source documents between two looks at a run that ends when it is decided.
const BLOCK: u32 = 5;

/// A configuration, and the folder that its paths are relative to.
#[derive(Debug)]
pub struct Project {
    /// What it says, with what was typed on top.
    pub config: Config,
    /// The folder of the file, or the current one.
    pub root: PathBuf,
    /// The prices that were typed, if any.
    prices: Option<PathBuf>,
    /// The file and its text, if there is one.
    pub source: Option<(PathBuf, String)>,
    /// Of what a run's verdict speaks, if it ends when that is settled.
    pub until_decided: Option<About>,
    /// Whether requests are handed over in batches where that is possible.
    pub in_batches: bool,
}

impl Project {
    /// Reads the configuration. Without a file there is an empty one, unless a file was asked for.
    pub fn read(shared: &Shared) -> Result<Self, Failure> {
        let path = shared.file();
        if shared.config.is_none() && !path.exists() {
            return Ok(Self {
                config: Config::default(),
                root: PathBuf::new(),
                prices: None,
                source: None,
                until_decided: None,
                in_batches: false,
            });
        }
        let text = read_text(&path)?;
        let config = Config::parse(&path, &text)?;
        config.dataset.iter().for_each(|dataset| storage::allow(&dataset.path));
        Ok(Self {
            config,
            root: shared.folder(),
            prices: None,
            source: Some((path, text)),
            until_decided: None,
            in_batches: false,
        })
    }

    /// The same project with another configuration, which stands in no file.
    pub fn with(&self, config: Config) -> Self {
        Self {
            config,
            root: self.root.clone(),
            prices: self.prices.clone(),
            source: None,
            until_decided: None,
            in_batches: false,
        }
    }

    /// The mistake at its place in the configuration.
    pub fn located(&self, error: SetupError) -> SetupError {
        match &self.source {
            Some((path, text)) => eval::located(error, path, text),
            None => error,
        }
    }

    /// How a run ends before its cases are used up, if it is to.
    pub fn sequential(&self) -> Option<Sequential> {
        let decide = &self.config.decide;
        self.until_decided.map(|about| Sequential {
            block: BLOCK,
            about,
            tolerance: decide.tolerance.unwrap_or(1.0) / 100.0,
            prefer_time: decide.prefer == Some(Prefer::Time),
        })
    }

    /// Lays what was typed over the configuration.
    pub fn apply(&mut self, choice: &Choice) -> Result<Selection, Failure> {
        self.choose_providers(choice)?;
        self.choose_datasets(choice)?;
        let config = &mut self.config;
        if self.in_batches {
            let has_batches = |it: &&mut ProviderConfig| kind(&it.kind).is_ok_and(|kind| kind.has_batches());
            config.provider.iter_mut().filter(has_batches).for_each(|it| it.batch = it.batch.or(Some(true)));
        }
        config.try_all =
            Try::from_flags(&choice.tries).map_err(|message| Failure::new(Exit::Usage, message))?;
        config.repeats = choice.repeat.unwrap_or(config.repeats);
        config.seed = choice.seed.unwrap_or(config.seed);
        config.budget_usd = choice.budget_usd.or(config.budget_usd);
        self.prices = choice.prices.clone();
        Ok(Selection {
            tasks: choice.task.clone(),
            ids: choice.case.clone(),
            tags: choice.filter.clone(),
            partition: choice.partition,
            range: choice.limit,
            sample: choice.sample.map(|count| (count, config.seed)),
            ..Selection::default()
        })
    }

    fn choose_providers(&mut self, choice: &Choice) -> Result<(), Failure> {
        if choice.provider.is_empty() {
            return match choice.model.is_empty() {
                true => Ok(()),
                false => {
                    Err(Failure::setup("--model needs --provider, so that it is clear whose model it is"))
                }
            };
        }
        let mut chosen: Vec<ProviderConfig> = Vec::new();
        for name in &choice.providers() {
            let mut found = self.named(name, &choice.model)?;
            found.retain(|provider| chosen.iter().all(|known| known.label() != provider.label()));
            chosen.extend(found);
        }
        self.config.provider = chosen;
        Ok(())
    }

    /// Entries of the configuration, on or off, by label or kind; else whatever PROVIDER/MODEL says.
    fn named(&self, name: &str, models: &[String]) -> Result<Vec<ProviderConfig>, Failure> {
        let known = &self.config.provider;
        let switched_on = |provider: &ProviderConfig| ProviderConfig { enabled: true, ..provider.clone() };
        if !models.is_empty() {
            let of_model = |model: &String| {
                let configured = known.iter().find(|it| it.kind == name && it.model == *model);
                configured.map_or_else(|| ProviderConfig::new(name, model), switched_on)
            };
            return Ok(models.iter().map(of_model).collect());
        }
        let by_label: Vec<_> = known.iter().filter(|it| it.label() == name).map(switched_on).collect();
        if !by_label.is_empty() {
            return Ok(by_label);
        }
        let by_kind: Vec<_> = known.iter().filter(|it| it.kind == name).map(switched_on).collect();
        if !by_kind.is_empty() {
            return Ok(by_kind);
        }
        if let Some(model) = Try::model_of(name) {
            return self.named(model, models);
        }
        match name.split_once('/') {
            Some((kind, model)) if !model.is_empty() => Ok(vec![ProviderConfig::new(kind, model)]),
            _ if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) => {
                // A bare kind that is not configured stands for its example.
                Ok(vec![ProviderConfig::new(kind.name, kind.example)])
            }
            _ => {
                let labels: Vec<_> = known.iter().map(ProviderConfig::label).collect();
                let near = eval_datasets::nearest(name, labels.iter().map(String::as_str));
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(Failure::setup(format!(
                    "`{name}` is neither in the configuration nor of the form PROVIDER/MODEL{hint}"
                )))
            }
        }
    }

    fn choose_datasets(&mut self, choice: &Choice) -> Result<(), Failure> {
        if choice.dataset.is_empty() {
            return Ok(());
        }
        let mut chosen = Vec::new();
        for name in &choice.dataset {
            let of_config = self.config.dataset.iter().find(|it| {
                it.path == *name
                    || Path::new(&it.path).file_name().is_some_and(|folder| folder == name.as_str())
            });
            let folder = std::path::absolute(name).unwrap_or_else(|_| PathBuf::from(name));
            match of_config {
                Some(dataset) => chosen.push(dataset.clone()),
                None if storage::is_address(Path::new(name)) || folder.join("dataset.toml").is_file() => {
                    chosen.push(dataset_at(name));
                }
                None => {
                    let known: Vec<_> = self.config.dataset.iter().map(|it| it.path.as_str()).collect();
                    let near = eval_datasets::nearest(
                        name,
                        known.iter().map(|path| path.rsplit('/').next().unwrap_or(path)),
                    );
                    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    return Err(Failure::setup(format!(
                        "`{name}` is neither a dataset of the configuration nor a folder with a dataset.toml{hint}"
                    )));
                }
            }
        }
        self.config.dataset = chosen;
        Ok(())
    }

    /// Names further datasets by their folders.
    pub fn add_datasets(&mut self, folders: &[String]) {
        self.config.dataset.extend(folders.iter().map(|folder| dataset_at(folder)));
    }

    /// The folders of the datasets that the configuration, or whoever typed, names.
    pub fn dataset_folders(&self) -> Vec<PathBuf> {
        self.config.dataset.iter().map(|dataset| storage::within(&self.root, &dataset.path)).collect()
    }

    /// The folders of all datasets of the configuration, whatever was typed.
    pub fn all_dataset_folders(&self) -> Vec<PathBuf> {
        let written = self.source.as_ref().and_then(|(path, text)| Config::parse(path, text).ok());
        let written = written.as_ref().unwrap_or(&self.config);
        written.dataset.iter().map(|dataset| storage::within(&self.root, &dataset.path)).collect()
    }

    /// The configuration's file, for messages.
    pub fn file_name(&self) -> String {
        self.source.as_ref().map_or_else(|| "eval.toml".to_owned(), |(path, _)| path.display().to_string())
    }

    /// The built-in price book, with the project's own prices on top.
    pub fn prices(&self) -> Result<PriceBook, Failure> {
        match (&self.prices, &self.config.prices) {
            (Some(typed), _) => prices(typed),
            (None, Some(file)) => {
                let path = vision_files::below(&self.root.join("."), file);
                prices(&path.map_err(|refused| Failure::setup(format!("prices: `{file}` {refused}")))?)
            }
            (None, None) => Ok(PriceBook::embedded().clone()),
        }
    }
}

/// The built-in price book, with the prices of this file on top.
pub fn prices(path: &Path) -> Result<PriceBook, Failure> {
    let text = read_text(path)?;
    let own = PriceBook::parse(&text)
        .map_err(|(line, message)| Failure::setup(format!("{}:{line}: {message}", path.display())))?;
    Ok(PriceBook::embedded().clone().overridden_by(own))
}

/// A dataset whose folder was typed, which is relative to the current folder and not to the configuration.
fn dataset_at(folder: &str) -> DatasetConfig {
    if storage::is_address(Path::new(folder)) {
        storage::allow(folder);
        let path = folder.trim_end_matches('/').to_owned();
        return DatasetConfig { path, ..DatasetConfig::default() };
    }
    let path = std::path::absolute(folder).unwrap_or_else(|_| PathBuf::from(folder));
    DatasetConfig { path: path.display().to_string(), ..DatasetConfig::default() }
}

/// Reads a table or list that was typed, in whatever encoding a spreadsheet saved it.
pub fn read_saved(path: &Path) -> Result<String, Failure> {
    let wrong = |message: String| Failure::setup(format!("{} {message}", path.display()));
    let bytes = vision_files::read(path, vision_files::TEXT).map_err(|refused| wrong(refused.to_string()))?;
    eval_datasets::decode(bytes).map(|(text, _)| text).map_err(wrong)
}

/// Reads a file that was typed: a regular one, with a bound.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    vision_files::read_text(path, vision_files::TEXT)
        .map_err(|refused| Failure::setup(format!("{} {refused}", path.display())))
}
