use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use eval_record::PlannedProvider;
use vision_core::Provider;
use vision_layers::{Budget, Cascade, Pace, Places, Settings, around, timed};

use crate::candidate::{Answerer, Candidate};
use crate::elsewhere::Elsewhere;
use crate::steering::Sending;
use crate::{BookPricing, Built, Chained, RunSettings, Stage};

/// What the candidates of one host share.
pub(crate) struct Hosts {
    budget: Arc<Budget>,
    run_places: Arc<Places>,
    /// With the most places that the run may give the host.
    shared: HashMap<String, (Arc<Pace>, Arc<Places>, usize)>,
    /// Connections that each host may have: they are kept for the next request.
    connections: usize,
    seed: u64,
}

impl Hosts {
    pub fn new(candidates: &[Candidate], settings: &RunSettings, budget: Arc<Budget>, seed: u64) -> Self {
        let hosts: HashSet<&str> = candidates.iter().flat_map(Candidate::hosts).collect();
        Self {
            budget,
            run_places: Places::fixed(settings.max_concurrency.min(settings.max_connections)),
            shared: HashMap::new(),
            connections: (settings.max_connections / hosts.len().max(1)).max(1),
            seed,
        }
    }

    /// The places of the whole run, and of each host with the most that it may have.
    pub fn places(&self) -> (Arc<Places>, Vec<(Arc<Places>, usize)>) {
        let hosts = self.shared.values().map(|(_, places, most)| (places.clone(), *most));
        (self.run_places.clone(), hosts.collect())
    }

    /// The candidate with all layers around its provider, and how many requests to it may be under way.
    pub fn layered(&mut self, candidate: Candidate, settings: &RunSettings) -> (Candidate, usize) {
        let at_once = match settings.workers.is_some() {
            true => candidate.at_once_elsewhere(settings.max_concurrency),
            false => candidate.at_once(settings.max_concurrency).min(self.connections),
        };
        self.seed = self.seed.wrapping_add(1);
        let Candidate { planned, answerer, asked } = candidate;
        let answerer = match answerer {
            Answerer::Provider(built) => {
                let provider = match &built.cascade {
                    Some(chained) => self.cascade(&planned, &built, chained, settings),
                    None => self.in_layers(&planned, (&built, None), at_once, settings),
                };
                Answerer::Provider(Built { provider, ..built })
            }
            control => control,
        };
        (Candidate { planned, answerer, asked }, at_once)
    }

    /// A cascade around candidates that have all layers each.
    fn cascade(
        &mut self,
        planned: &PlannedProvider,
        built: &Built,
        chained: &Chained,
        settings: &RunSettings,
    ) -> Provider {
        let stage = |(number, stage): (u32, &Stage)| {
            let (usual, most) = match settings.workers.is_some() {
                true => (settings.max_concurrency, settings.max_concurrency),
                false => (stage.built.concurrency, settings.max_concurrency.min(self.connections)),
            };
            let at_once = stage.limits.concurrency.unwrap_or(usual).min(most).max(1);
            self.seed = self.seed.wrapping_add(1);
            let planned = PlannedProvider {
                label: stage.label.clone(),
                price: stage.price.clone(),
                limits: stage.limits.clone(),
                ..planned.clone()
            };
            self.in_layers(&planned, (&stage.built, Some(number)), at_once, settings)
        };
        let stages = (0..).zip(&chained.stages).map(stage).collect();
        Arc::new(Cascade::new(built.provider.id().clone(), stages, chained.trust.clone()))
    }

    fn in_layers(
        &mut self,
        planned: &PlannedProvider,
        (built, stage): (&Built, Option<u32>),
        at_once: usize,
        settings: &RunSettings,
    ) -> Provider {
        let limits = &planned.limits;
        let most = limits.concurrency.unwrap_or(if built.local { built.concurrency } else { usize::MAX });
        let most = most.min(self.connections);
        let (pace, places, _) = self.shared.entry(built.host.clone()).or_insert_with(|| {
            (Pace::new(limits.requests_per_minute, limits.tokens_per_minute), Places::new(at_once), most)
        });
        let layers = Settings {
            retry: settings.retry,
            seed: self.seed,
            budget: self.budget.clone(),
            pricing: Arc::new(BookPricing::new(planned.price.clone(), built.provider.clone())),
            overrun: settings.ended.overrun(&planned.label),
            pace: pace.clone(),
            places: places.clone(),
            run_places: self.run_places.clone(),
            timeout: settings.timeout,
        };
        let attempts: Provider = match &settings.workers {
            Some(workers) => Arc::new(Elsewhere::new(built.provider.clone(), stage, workers.clone())),
            None => timed(built.provider.clone(), settings.timeout),
        };
        (settings.outer_layer)(&planned.label, around(Arc::new(Sending(attempts)), layers))
    }
}
