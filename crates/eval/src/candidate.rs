use eval_datasets::Problem;
use eval_record::PlannedProvider;
use vision_batch::Batching;
use vision_core::{Capabilities, Task};

use crate::asked::{Asked, unsupported};
use crate::config::DEFAULT_CONCURRENCY;
use crate::control::Control;
use crate::opened::OpenDataset;
use crate::{Built, ProviderConfig, Registry, SetupError, is_control};

/// Who is asked: an entry of the plan, and what answers for it on this machine.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub planned: PlannedProvider,
    pub answerer: Answerer,
    pub asked: Asked,
}

/// Where answers come from.
#[derive(Debug)]
pub(crate) enum Answerer {
    Provider(Built),
    Control(Control),
}

impl Answerer {
    /// Builds what a configuration names. A control knows no labels yet.
    pub fn of(config: &ProviderConfig, registry: &dyn Registry) -> Result<Self, SetupError> {
        if !is_control(&config.kind) {
            return registry.build(config).map(Self::Provider);
        }
        let refused = |message| SetupError::Provider { label: config.label(), message };
        Control::named(&config.model).map(Self::Control).map_err(refused)
    }
}

impl Candidate {
    /// Builds what an entry of a plan names.
    pub fn of(
        planned: &PlannedProvider,
        datasets: &[OpenDataset],
        registry: &dyn Registry,
    ) -> Result<Self, SetupError> {
        let answerer = Answerer::of(&config(planned)?, registry)?;
        Self::new(planned.clone(), answerer, datasets)
    }

    /// An entry of a plan with what answers for it.
    pub fn new(
        planned: PlannedProvider,
        answerer: Answerer,
        datasets: &[OpenDataset],
    ) -> Result<Self, SetupError> {
        let refused = |message| SetupError::Provider { label: planned.label.clone(), message };
        let asked = Asked::of(&planned, datasets).map_err(refused)?;
        Ok(Self { planned, answerer, asked })
    }

    /// Requests at once, where the run as a whole may have so many. What usually works is raised with the run's own
    /// limit; what the configuration says, or what this machine can do, is not.
    pub fn at_once(&self, max_concurrency: usize) -> usize {
        let wanted = match (&self.answerer, self.planned.limits.concurrency) {
            (Answerer::Control(_), _) => 1,
            (Answerer::Provider(_), Some(fixed)) => fixed,
            (Answerer::Provider(built), None) => match max_concurrency > DEFAULT_CONCURRENCY {
                true if !built.local => built.concurrency.max(max_concurrency),
                _ => built.concurrency,
            },
        };
        wanted.min(max_concurrency).max(1)
    }

    /// Requests at once, however many the run as a whole is given while it goes on.
    pub fn most_at_once(&self) -> usize {
        match (&self.answerer, self.planned.limits.concurrency) {
            (Answerer::Control(_), _) => 1,
            (_, Some(fixed)) => fixed,
            (Answerer::Provider(built), None) if built.local => built.concurrency,
            _ => usize::MAX,
        }
    }

    /// The same where other machines make the attempts: what this one can do is no limit.
    pub fn at_once_elsewhere(&self, max_concurrency: usize) -> usize {
        let wanted = match &self.answerer {
            Answerer::Control(_) => 1,
            Answerer::Provider(_) => self.planned.limits.concurrency.unwrap_or(max_concurrency),
        };
        wanted.min(max_concurrency).max(1)
    }

    /// What it can do; a control can do everything.
    pub fn capabilities(&self) -> Option<&Capabilities> {
        match &self.answerer {
            Answerer::Provider(built) => Some(built.provider.capabilities()),
            Answerer::Control(_) => None,
        }
    }

    /// How its requests are handed over in batches, if they are.
    pub fn batching(&self) -> Option<&Batching> {
        match &self.answerer {
            Answerer::Provider(built) => built.batching.as_ref(),
            Answerer::Control(_) => None,
        }
    }

    /// Where requests to it go; a control sends none.
    pub fn host(&self) -> Option<&str> {
        match &self.answerer {
            Answerer::Provider(built) => Some(&built.host),
            Answerer::Control(_) => None,
        }
    }

    /// Where requests to it go, those of all its candidates if it is a cascade.
    pub fn hosts(&self) -> Vec<&str> {
        match &self.answerer {
            Answerer::Provider(Built { cascade: Some(chained), .. }) => {
                chained.stages.iter().map(|stage| stage.built.host.as_str()).collect()
            }
            _ => self.host().into_iter().collect(),
        }
    }

    /// Why it cannot do this task of a dataset at all, if so.
    pub fn refusal(&self, dataset: &OpenDataset, task: Task) -> Option<String> {
        let capabilities = self.capabilities()?;
        let variant = self.planned.variant.as_ref();
        let has_schema = dataset.questions.get(&task).is_some_and(|question| question.schema.is_some());
        if let Some(reason) = variant.and_then(|it| unsupported(it, capabilities, has_schema)) {
            return Some(reason.to_owned());
        }
        let can = capabilities.prompt || capabilities.tasks.contains(&task);
        (!can).then(|| {
            let known: Vec<_> = capabilities.tasks.iter().map(|task| task.name()).collect();
            format!("task `{task}` not supported (supported: {})", known.join(", "))
        })
    }
}

/// The configuration that an entry of a plan was made of. With defaults in the place of its settings, the rest of a run
/// would ask something else than its beginning.
pub(crate) fn config(planned: &PlannedProvider) -> Result<ProviderConfig, SetupError> {
    let settings = match &planned.settings {
        serde_json::Value::Null => toml::Table::new(),
        settings => serde_json::from_value(settings.clone()).map_err(|error| {
            let message =
                format!("the settings of {} cannot be read: {error}; start a new run", planned.label);
            Problem::new("plan.json", message)
        })?,
    };
    Ok(ProviderConfig {
        label: Some(planned.label.clone()),
        base_url: planned.base_url.clone(),
        settings,
        batch: Some(planned.batch),
        limits: planned.limits.clone(),
        ..ProviderConfig::new(&planned.kind, &planned.model)
    })
}
