//! Where a worker makes the attempts that it is assigned.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use eval_datasets::{Dataset, Selection};
use eval_record::Plan;
use vision_core::Provider;
use vision_layers::{adapted, timed};

use crate::assignment::{Assignment, Report, Reported};
use crate::candidate::{Answerer, Candidate};
use crate::executor::{Executor, Inputs};
use crate::jobs::Job;
use crate::media::MediaGroups;
use crate::opened::OpenDataset;
use crate::resume::unchanged;
use crate::steering::Steering;
use crate::stop::Stop;
use crate::{Built, EndedTrials, Registry, SetupError};

/// Everything that a worker needs for one run: the datasets of its plan, and the providers that it has keys for.
pub struct Workbench {
    candidates: Vec<Option<Bench>>,
    served: Vec<Served>,
    missing: Vec<(String, String)>,
}

/// A candidate that this worker can ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Its place in the plan.
    pub number: u32,
    /// Its label.
    pub label: String,
    /// Whether it runs on this machine, which then limits how many attempts make sense at once.
    pub local: bool,
}

struct Bench {
    executor: Arc<Executor>,
    /// Of a cascade: its candidates.
    stages: Vec<Provider>,
}

impl Workbench {
    /// Opens the datasets below `root` and builds the providers. `quoting` builds all of them, as what is sent to one
    /// may depend on what the others take; `asking` only those that can be asked from here.
    pub fn open(
        plan: &Plan,
        root: &Path,
        media_hashes: Option<&Path>,
        (quoting, asking): (&dyn Registry, &dyn Registry),
    ) -> Result<Self, SetupError> {
        let datasets = open(plan, root, media_hashes)?;
        let timeout = Duration::try_from_secs_f64(plan.execution.timeout_seconds).unwrap_or(Duration::MAX);
        let (mut candidates, mut can_ask) = (Vec::new(), Vec::new());
        let (mut served, mut missing) = (Vec::new(), Vec::new());
        for (number, planned) in (0..).zip(&plan.providers) {
            let candidate = Candidate::of(planned, &datasets, asking);
            let can_be_asked = !planned.control && candidate.is_ok();
            if let (Err(error), false) = (&candidate, planned.control) {
                missing.push((planned.label.clone(), error.to_string()));
            }
            if can_be_asked {
                served.push(Served { number, label: planned.label.clone(), local: planned.local });
            }
            let candidate = candidate.or_else(|_| Candidate::of(planned, &datasets, quoting))?;
            candidates.push(candidate);
            can_ask.push(can_be_asked);
        }
        let groups = MediaGroups::of(&candidates, &plan.media);
        let capabilities =
            candidates.iter().map(|it| it.capabilities().cloned().unwrap_or_default()).collect();
        let inputs = Arc::new(Inputs::new(datasets, EndedTrials::default(), groups, capabilities));
        let bench = |(number, (candidate, can_be_asked)): (usize, (Candidate, bool))| {
            can_be_asked.then(|| Bench::new(candidate, number, inputs.clone(), timeout))
        };
        let candidates = candidates.into_iter().zip(can_ask).enumerate().map(bench).collect();
        Ok(Self { candidates, served, missing })
    }

    /// The candidates that can be asked from here.
    pub fn served(&self) -> &[Served] {
        &self.served
    }

    /// Those that cannot, by their labels, with the reasons.
    pub fn missing(&self) -> &[(String, String)] {
        &self.missing
    }

    /// Makes one attempt.
    pub async fn attempt(&self, assignment: &Assignment) -> Report {
        let unable = |reason: &str| Report::without_media(Reported::Unable { reason: reason.to_owned() });
        let Some(Some(bench)) = self.candidates.get(assignment.candidate as usize) else {
            return unable("its worker has no key for this candidate");
        };
        let Some(job) = bench.executor.inputs.job(assignment) else {
            return unable("the dataset of its worker is another one: it has no such case");
        };
        let report = bench.attempt(job, assignment).await;
        Report { reservation: assignment.reservation, ..report }
    }
}

impl Bench {
    fn new(candidate: Candidate, number: usize, inputs: Arc<Inputs>, timeout: Duration) -> Self {
        let Candidate { planned, answerer, asked } = candidate;
        let mut stages = Vec::new();
        let answerer = match answerer {
            Answerer::Provider(built) => {
                if let Some(chained) = &built.cascade {
                    let all = chained.stages.iter().map(|stage| timed(stage.built.provider.clone(), timeout));
                    stages.extend(all);
                }
                Answerer::Provider(Built { provider: timed(built.provider.clone(), timeout), ..built })
            }
            control => control,
        };
        let executor = Arc::new(Executor {
            label: planned.label.as_str().into(),
            answerer,
            asked,
            price: None,
            number,
            inputs,
            stop: Stop::never(),
            steering: Steering::default(),
            away: None,
        });
        Self { executor, stages }
    }

    async fn attempt(&self, job: Job, assignment: &Assignment) -> Report {
        let (case, media) = match self.executor.obtain(job).await {
            Ok((case, Ok(media))) => (case, media),
            Ok((_, Err(error))) => {
                let (kind, message) = (error.kind(), error.chain());
                return Report::without_media(Reported::Refused { kind, message });
            }
            Err(reason) => return Report::without_media(Reported::Unable { reason }),
        };
        if case.id != assignment.case {
            let reason =
                "the dataset of its worker is another one: its cases are in another order".to_owned();
            return Report::without_media(Reported::Unable { reason });
        }
        let request = match self.executor.request(job, &case, &media) {
            Ok(request) => request,
            Err(error) => {
                let (kind, message) = (error.kind(), error.chain());
                return Report {
                    media: media.entries.clone(),
                    ..Report::without_media(Reported::Refused { kind, message })
                };
            }
        };
        let outcome = match (assignment.stage, &self.executor.answerer) {
            (Some(stage), _) => match self.stages.get(stage as usize) {
                Some(provider) => provider.analyze(&adapted(&request, provider.capabilities())).await,
                None => {
                    let reason = "its worker has another version of this cascade".to_owned();
                    return Report::without_media(Reported::Unable { reason });
                }
            },
            (None, Answerer::Provider(built)) => built.provider.analyze(&request).await,
            (None, Answerer::Control(_)) => {
                let reason = "controls are answered where the run is recorded".to_owned();
                return Report::without_media(Reported::Unable { reason });
            }
        };
        Report::of(outcome, media.entries.clone())
    }
}

/// The datasets of a plan, with all of their cases.
fn open(plan: &Plan, root: &Path, media_hashes: Option<&Path>) -> Result<Vec<OpenDataset>, SetupError> {
    let mut changes = Vec::new();
    let mut datasets = Vec::new();
    for planned in &plan.datasets {
        match unchanged(planned, root, media_hashes) {
            Ok(dataset) => datasets.push((planned, dataset)),
            Err(change) => changes.push(change),
        }
    }
    if !changes.is_empty() {
        return Err(SetupError::Changed(changes));
    }
    let open = |(planned, dataset): (_, Dataset)| {
        let index = dataset.index(&Selection::default())?;
        OpenDataset::new(planned, dataset.folder, index, (plan.generation, plan.seed))
    };
    datasets.into_iter().map(open).collect()
}
