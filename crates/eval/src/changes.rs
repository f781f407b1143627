use eval_record::{Plan, PlannedDataset, PlannedProvider, PriceBook, Variant};
use serde_json::Value;

use crate::{Config, DatasetConfig, ProviderConfig};

/// What makes two plans different runs, in words; nothing for parts of one plan.
pub fn differences(a: &Plan, b: &Plan) -> Vec<String> {
    let mut found = Differences::default();
    found.compare(a.seed == b.seed, || "the seed".to_owned());
    found.compare(a.repeats == b.repeats, || "the number of repeats".to_owned());
    found.compare(a.media == b.media, || "the way media are prepared".to_owned());
    found.compare(a.generation == b.generation, || "the parameters of generation".to_owned());
    for (a, b) in pairs(&a.datasets, &b.datasets, |dataset| &dataset.name) {
        match (a, b) {
            (Some(a), Some(b)) => found.datasets(a, b),
            (Some(one), None) | (None, Some(one)) => {
                found.add(format!("the dataset `{}`, which only one of them has", one.name));
            }
            (None, None) => {}
        }
    }
    for (a, b) in pairs(&a.providers, &b.providers, |provider| &provider.label) {
        match (a, b) {
            (Some(a), Some(b)) => found.compare(settings(a) == settings(b), || settings_of(&a.label)),
            (Some(one), None) | (None, Some(one)) => {
                found.add(format!("the provider `{}`, which only one of them has", one.label));
            }
            (None, None) => {}
        }
    }
    found.0
}

/// What a configuration says otherwise than a plan that was made of it, in sentences.
///
/// What flags may have said instead is left alone: which datasets and providers take part, repeats, seed, limits.
pub(crate) fn changes(plan: &Plan, today: &Config) -> Vec<String> {
    let mut found = Differences::default();
    found.compare(plan.media == today.media, || "the way media are prepared was changed".to_owned());
    found.compare(plan.generation == today.generation, || {
        "the parameters of generation were changed".to_owned()
    });
    for planned in &plan.datasets {
        if let Some(dataset) = today.dataset.iter().find(|dataset| dataset.path == planned.folder) {
            found.prompts(planned, dataset, today);
        }
    }
    for planned in &plan.providers {
        if let Some(provider) = today.provider.iter().find(|it| it.label() == planned.model_label()) {
            found.named_prompts(planned, today);
            found.compare(is_same(planned, provider), || {
                format!("{} were changed", settings_of(&planned.label))
            });
        }
    }
    found.0
}

/// Providers whose price is another today than in the plan, by their labels. The run keeps the prices of its plan.
pub fn repriced(plan: &Plan, today: &Config, prices: &PriceBook) -> Vec<String> {
    let is_other = |planned: &&PlannedProvider| {
        let entry = today.provider.iter().find(|provider| provider.label() == planned.model_label());
        let own = entry.and_then(|entry| entry.price.as_ref().map(|price| price.entry(entry)));
        let price = own.or_else(|| prices.find(&planned.kind, &planned.model, &plan.started).cloned());
        let price = if planned.batch { price.and_then(|price| price.for_batches()) } else { price };
        // Who has no price today has none that differs.
        !planned.local && price.is_some() && price != planned.price
    };
    plan.providers.iter().filter(is_other).map(|planned| planned.label.clone()).collect()
}

#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn add(&mut self, what: String) {
        self.0.push(what);
    }

    fn compare(&mut self, same: bool, what: impl FnOnce() -> String) {
        if !same {
            self.add(what());
        }
    }

    fn datasets(&mut self, a: &PlannedDataset, b: &PlannedDataset) {
        let name = &a.name;
        self.compare(a.content_hash == b.content_hash, || format!("the content of the dataset `{name}`"));
        for (task, question) in &a.tasks {
            let same = b.tasks.get(task).is_none_or(|other| {
                (&other.prompt, &other.system, &other.schema)
                    == (&question.prompt, &question.system, &question.schema)
            });
            self.compare(same, || format!("the prompt of `{task}` in `{name}`"));
        }
    }

    /// Prompts that are tried by their names.
    fn named_prompts(&mut self, planned: &PlannedProvider, today: &Config) {
        for prompt in planned.variant.iter().flat_map(|variant| &variant.prompts) {
            let named = today.prompt.get(&prompt.task).and_then(|prompts| prompts.get(&prompt.name));
            let same = named.is_none_or(|named| named.text == prompt.prompt);
            self.compare(same, || format!("the prompt `{}` of `{}` was changed", prompt.name, prompt.task));
        }
    }

    /// The dataset's own prompts are part of its content, which is compared by hash.
    fn prompts(&mut self, planned: &PlannedDataset, dataset: &DatasetConfig, today: &Config) {
        for (task, question) in &planned.tasks {
            let same = match &dataset.prompt {
                None => question.prompt_name == "default",
                Some(name) => {
                    let prompt = today.prompt.get(task).and_then(|prompts| prompts.get(name));
                    *name == question.prompt_name
                        && prompt.is_some_and(|it| it.text == question.prompt && it.system == question.system)
                }
            };
            self.compare(same, || format!("the prompt of `{task}` for `{}` was changed", planned.name));
        }
    }
}

fn settings_of(label: &str) -> String {
    format!("the settings of `{label}`")
}

fn settings(provider: &PlannedProvider) -> (&str, &str, Option<&str>, &Value, Option<&Variant>) {
    let PlannedProvider { kind, model, base_url, settings, variant, .. } = provider;
    (kind, model, base_url.as_deref(), settings, variant.as_ref())
}

fn is_same(planned: &PlannedProvider, today: &ProviderConfig) -> bool {
    // An address that the configuration leaves open came from the environment or is the provider's own.
    let same_address = today.base_url.is_none() || today.base_url == planned.base_url;
    let mut settings = serde_json::to_value(&today.settings).unwrap_or(Value::Null);
    // What is tried stands in the plan alone.
    let factors = planned.variant.iter().flat_map(|variant| variant.factors.keys());
    for name in factors.filter_map(|factor| factor.strip_prefix("settings.")) {
        if let (Some(tried), Some(settings)) = (planned.settings.get(name), settings.as_object_mut()) {
            settings.insert(name.to_owned(), tried.clone());
        }
    }
    same_address
        && (&planned.kind, &planned.model, &planned.settings) == (&today.kind, &today.model, &settings)
}

/// Both lists by name: first what `a` has, then what only `b` has.
fn pairs<'a, T>(a: &'a [T], b: &'a [T], name: impl Fn(&T) -> &str) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let twin = |one: &T, others: &'a [T]| others.iter().find(|other| name(other) == name(one));
    let of_a = a.iter().map(|one| (Some(one), twin(one, b)));
    of_a.chain(b.iter().filter(|one| twin(one, a).is_none()).map(|one| (None, Some(one)))).collect()
}
