//! The plan of a synthetic run.

use std::collections::BTreeMap;

use eval_record::{
    Execution, Generation, HostLimits, MediaPolicy, Money, OutputFrom, Plan, PlannedDataset, PlannedProvider,
    PlannedTask, Quote, QuoteLine, Skipped, VERSION,
};
use serde_json::Value;
use vision_core::{Task, Usd};

use super::{SyntheticProvider, SyntheticRun, cases};

impl SyntheticRun {
    /// The plan of the run.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            v: VERSION,
            name: self.name.clone(),
            started: self.started.clone(),
            tool: "vision-eval 0.1.0".to_owned(),
            commit: None,
            command: "vision-eval run".to_owned(),
            seed: self.seed,
            repeats: self.repeats,
            datasets: self.tasks.iter().map(|task| self.dataset(*task)).collect(),
            providers: self.providers.iter().map(|one| self.planned_provider(one)).collect(),
            media: MediaPolicy::default(),
            generation: Generation { temperature: Some(0.0), ..Generation::default() },
            execution: Execution {
                max_concurrency: 8,
                timeout_seconds: 120.0,
                stream_timeout_seconds: 60.0,
                max_retries: 4,
            },
            budget_usd: None,
            partition: None,
            sequential: None,
            decide: None,
            skipped: self.skipped(),
            quote: self.quote(),
        }
    }

    fn dataset(&self, task: Task) -> PlannedDataset {
        PlannedDataset {
            name: cases::dataset_name(task),
            version: "1.0.0".to_owned(),
            licence: "CC0-1.0".to_owned(),
            origin: None,
            folder: format!("datasets/{}", cases::dataset_name(task)),
            content_hash: self.content_hash.clone(),
            selection: String::new(),
            degraded: None,
            cases: self.cases,
            tasks: BTreeMap::from([(
                task,
                PlannedTask { cases: self.cases, ..cases::planned(task, &self.prompt) },
            )]),
        }
    }

    fn skipped(&self) -> Vec<Skipped> {
        let mut skipped = Vec::new();
        for provider in &self.providers {
            skipped.extend(provider.refuses.iter().filter(|task| self.tasks.contains(task)).map(|task| {
                Skipped {
                    provider: provider.label.clone(),
                    dataset: cases::dataset_name(*task),
                    task: *task,
                    cases: self.cases,
                    reason: "takes no free prompts".to_owned(),
                }
            }));
        }
        skipped
    }

    fn quote(&self) -> Quote {
        let mut lines = Vec::new();
        for provider in &self.providers {
            for task in self.tasks.iter().filter(|task| !provider.refuses.contains(task)) {
                let requests = if provider.control { 0 } else { self.cases * u64::from(self.repeats) };
                let usd =
                    |tokens: f64| provider.price.map(|price| Usd(requests as f64 * tokens * price / 1e6));
                lines.push(QuoteLine {
                    from_ceiling: false,
                    provider: provider.label.clone(),
                    dataset: cases::dataset_name(*task),
                    task: *task,
                    cases: self.cases,
                    requests,
                    skipped: 0,
                    skip_reason: None,
                    skip_reasons: Vec::new(),
                    upload_bytes: requests * 90_000,
                    input_tokens: Some(requests * 1_000),
                    output_tokens: requests * 200,
                    output_cap: requests * 1_024,
                    output_from: OutputFrom::Cap,
                    money: (|| {
                        Some(Money { low: usd(1_020.0)?, expected: usd(1_200.0)?, high: usd(2_024.0)? })
                    })(),
                    wall_seconds: Some(requests as f64 * 0.2),
                });
            }
        }
        Quote { price_date: self.price_date.clone(), lines }
    }

    fn planned_provider(&self, provider: &SyntheticProvider) -> PlannedProvider {
        let (kind, model) = provider.label.split_once('/').unwrap_or(("synthetic", &provider.label));
        PlannedProvider {
            batch: false,
            variant: None,
            label: provider.label.clone(),
            kind: kind.to_owned(),
            model: model.to_owned(),
            about: "made up from a seed; no model was asked".to_owned(),
            base_url: None,
            settings: Value::Null,
            control: provider.control,
            local: provider.local,
            price: self.planned_price(provider),
            limits: HostLimits::default(),
            capabilities: vec!["json_schema".to_owned()],
        }
    }
}
