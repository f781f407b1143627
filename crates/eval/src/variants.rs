//! From providers and what is tried to candidates.

use std::collections::HashSet;
use std::path::Path;

use eval_record::{Generation, MediaMode, MediaPolicy, PlannedDataset, Variant};
use vision_core::Capabilities;

use crate::asked::unsupported;
use crate::candidate::Answerer;
use crate::config::{Choice, Factor, Tried};
use crate::prompts::Prompts;
use crate::{Config, ProviderConfig, Registry, SetupError, Try};

/// More candidates than a report can be read of.
pub(crate) const MOST_CANDIDATES: u64 = 64;

/// What stands between a model and what is tried in a label.
pub(crate) const MARK: &str = " · ";

/// An entry of the configuration, and the ways of asking it.
pub(crate) struct Tries<'a> {
    entry: &'a ProviderConfig,
    factors: Vec<Factor>,
}

/// One candidate, not built yet.
pub(crate) struct Way {
    pub entry: ProviderConfig,
    pub variant: Option<Variant>,
}

impl<'a> Tries<'a> {
    /// What is tried with this entry. What the command line tries with all is left out where it is not possible.
    pub fn of(
        entry: &'a ProviderConfig,
        config: &Config,
        planned: &[PlannedDataset],
        registry: &dyn Registry,
    ) -> Result<Self, SetupError> {
        if config.try_all.is_empty() && entry.ways().is_empty() {
            return Ok(Self { entry, factors: Vec::new() });
        }
        let answerer = Answerer::of(entry, registry)?;
        let Answerer::Provider(built) = &answerer else {
            return Ok(Self { entry, factors: Vec::new() });
        };
        let has_schema = planned.iter().flat_map(|it| it.tasks.values()).any(|task| task.schema.is_some());
        let able = |factor: &Factor, tried: &Tried| {
            is_able(factor, tried, built.provider.capabilities(), config, has_schema)
        };
        let own = entry.ways();
        for factor in own.factors() {
            let refused = factor.values.iter().find_map(|(_, tried)| able(&factor, tried).err());
            if let Some(reason) = refused {
                let message = format!("`{}` cannot be tried: {reason}", factor.name);
                return Err(SetupError::Provider { label: entry.label(), message });
            }
        }
        let mut factors = own.overridden_by(&config.try_all).factors();
        for factor in &mut factors {
            let name = factor.name.clone();
            let whole = Factor { name, values: Vec::new() };
            factor.values.retain(|(_, tried)| able(&whole, tried).is_ok());
        }
        factors.retain(|factor| !factor.values.is_empty());
        Ok(Self { entry, factors })
    }

    /// Whether more than one way is tried.
    pub fn is_crossed(&self) -> bool {
        self.count() > 1
    }

    /// How many candidates that makes.
    pub fn count(&self) -> u64 {
        self.factors.iter().fold(1, |count, factor| count.saturating_mul(factor.values.len() as u64))
    }

    /// The first of them.
    pub fn first(&self, prompts: &Prompts<'_>) -> Result<Way, SetupError> {
        let first = |factor: &'_ Factor| (factor.name.clone(), factor.values[0].clone());
        self.way(&self.factors.iter().map(first).collect::<Vec<_>>(), prompts)
    }

    /// All of them, crossed.
    pub fn all(&self, prompts: &Prompts<'_>) -> Result<Vec<Way>, SetupError> {
        let mut crossed: Vec<Vec<Choice>> = vec![Vec::new()];
        for factor in &self.factors {
            let with = |choices: &Vec<Choice>| {
                let one = |value: &(String, Tried)| {
                    let mut more = choices.clone();
                    more.push((factor.name.clone(), value.clone()));
                    more
                };
                factor.values.iter().map(one).collect::<Vec<_>>()
            };
            crossed = crossed.iter().flat_map(with).collect();
        }
        crossed.iter().map(|choices| self.way(choices, prompts)).collect()
    }

    fn way(&self, choices: &[Choice], prompts: &Prompts<'_>) -> Result<Way, SetupError> {
        if choices.is_empty() {
            return Ok(Way { entry: self.entry.clone(), variant: None });
        }
        let mut entry = self.entry.clone();
        let of = self.entry.label();
        let refused = |message| SetupError::Provider { label: of.clone(), message };
        let mut variant = Variant { of: of.clone(), ..Variant::default() };
        for (name, (shown, tried)) in choices {
            variant.factors.insert(name.clone(), shown.clone());
            apply(tried, &mut entry, &mut variant, prompts.config);
        }
        variant.prompts = prompts.of(choices).map_err(refused)?;
        // Only what differs.
        let differs = |name: &str| self.factors.iter().any(|it| it.name == name && it.values.len() > 1);
        let told: Vec<String> = variant
            .factors
            .iter()
            .filter(|(name, _)| differs(name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !told.is_empty() {
            entry.label = Some(format!("{of}{MARK}{}", told.join(", ")));
        }
        Ok(Way { entry, variant: Some(variant) })
    }
}

/// Whether a provider can be asked this way, and why not.
fn is_able(
    factor: &Factor,
    tried: &Tried,
    capabilities: &Capabilities,
    config: &Config,
    has_schema: bool,
) -> Result<(), &'static str> {
    let mut variant = Variant::default();
    variant.factors.insert(factor.name.clone(), String::new());
    apply(tried, &mut ProviderConfig::new("", ""), &mut variant, config);
    unsupported(&variant, capabilities, has_schema).map_or(Ok(()), Err)
}

fn apply(tried: &Tried, entry: &mut ProviderConfig, variant: &mut Variant, config: &Config) {
    let generation = |variant: &Variant| variant.generation.unwrap_or(config.generation);
    let media = |variant: &Variant| {
        let policy = variant.media.clone().unwrap_or_else(|| config.media.clone());
        // What is sent unchanged has no size to choose; all candidates of one setting get the same.
        let mode = match policy.mode {
            MediaMode::Fit => MediaMode::Fit,
            MediaMode::AsIs | MediaMode::Convert | MediaMode::Same => MediaMode::Same,
        };
        MediaPolicy { mode, ..policy }
    };
    match tried {
        Tried::Prompt(_) | Tried::System(_) => {}
        Tried::Detail(detail) => {
            variant.generation = Some(Generation { detail: Some(*detail), ..generation(variant) });
        }
        Tried::Effort(effort) => {
            variant.generation = Some(Generation { effort: Some(*effort), ..generation(variant) });
        }
        Tried::Temperature(it) => {
            variant.generation = Some(Generation { temperature: Some(*it), ..generation(variant) });
        }
        Tried::LongSide(side) => {
            variant.media = Some(MediaPolicy { long_side: Some(*side), ..media(variant) });
        }
        Tried::JpegQuality(quality) => {
            variant.media = Some(MediaPolicy { jpeg_quality: *quality, recode: true, ..media(variant) });
        }
        Tried::Stream(stream) => {
            variant.generation = Some(Generation { stream: *stream, ..generation(variant) });
        }
        Tried::Output(output) => variant.output = Some(*output),
        Tried::Setting(name, value) => {
            entry.settings.insert(name.clone(), value.clone());
        }
    }
}

/// What every candidate of a configuration is, if there are not too many. `quoted` says what the first way of each entry
/// costs, each counted so often.
pub(crate) fn expand(
    config: &Config,
    root: &Path,
    planned: &[PlannedDataset],
    registry: &dyn Registry,
    quoted: impl Fn(Vec<(Way, u64)>) -> Result<String, SetupError>,
) -> Result<Vec<Way>, SetupError> {
    let prompts = Prompts { config, root, planned };
    let enabled = config.provider.iter().filter(|provider| provider.enabled);
    let tries: Vec<Tries<'_>> =
        enabled.map(|entry| Tries::of(entry, config, planned, registry)).collect::<Result<_, _>>()?;
    let count = tries.iter().fold(0_u64, |count, one| count.saturating_add(one.count()));
    // As many models as anybody likes may be compared; ways of asking multiply unseen.
    if count > MOST_CANDIDATES && tries.iter().any(Tries::is_crossed) {
        let firsts = tries.iter().map(|one| Ok((one.first(&prompts)?, one.count())));
        let money = quoted(firsts.collect::<Result<_, SetupError>>()?)?;
        return Err(SetupError::TooManyCandidates { count, money });
    }
    let all = tries.iter().map(|one| one.all(&prompts)).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<Way> = all.into_iter().flatten().collect();
    let mut labels = HashSet::new();
    match all.iter().map(|way| way.entry.label()).find(|label| !labels.insert(label.clone())) {
        Some(label) => {
            let message = "two candidates are called so; give one of their providers another `label`";
            Err(SetupError::Provider { label, message: message.to_owned() })
        }
        None => Ok(all),
    }
}

/// Those of the candidates that were named by their whole labels; all of a provider of which none was.
pub(crate) fn chosen(ways: Vec<Way>, labels: &[String]) -> Result<Vec<Way>, SetupError> {
    let of_model = |way: &Way, label: &str| {
        way.variant.as_ref().is_some_and(|it| label.starts_with(&format!("{}{MARK}", it.of)))
    };
    if let Some(unknown) = labels.iter().find(|label| ways.iter().all(|way| way.entry.label() != **label)) {
        let known: Vec<String> =
            ways.iter().filter(|way| of_model(way, unknown)).map(|way| way.entry.label()).collect();
        let known = if known.is_empty() { "nothing is tried with it".to_owned() } else { known.join("; ") };
        let message = format!("there is no candidate `{unknown}` (there is: {known})");
        return Err(SetupError::NothingSelected(message));
    }
    let is_wanted =
        |way: &Way| labels.contains(&way.entry.label()) || !labels.iter().any(|label| of_model(way, label));
    Ok(ways.into_iter().filter(is_wanted).collect())
}

impl Try {
    /// The label of the model that the label of a candidate names, if that names what is tried.
    pub fn model_of(label: &str) -> Option<&str> {
        label.split_once(MARK).map(|(model, _)| model)
    }
}
