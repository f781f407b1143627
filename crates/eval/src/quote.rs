use eval_datasets::{Case, Entry, Problem};
use eval_record::{
    MediaMode, MediaPolicy, Money, OutputFrom, PlannedProvider, Price, PriceBook, Quote, QuoteLine, RangeEnd,
    SkipReason,
};
use serde_json::Value;
use vision_core::{Capabilities, Effort, Estimate, Media, Request, Task, Usd, VisionProvider};
use vision_layers::Pricing;
use vision_media::Prepared;

use crate::candidate::{Answerer, Candidate};
use crate::media::{MediaGroup, MediaGroups};
use crate::opened::OpenDataset;
use crate::question::Question;
use crate::{BookPricing, Built, Config, Reason, Reasons, SetupError, media};

/// What earlier runs tell, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct EarlierRuns(pub Vec<Experience>);

impl EarlierRuns {
    /// What the newest run tells that asked the same model the same, under the same label if there is one.
    fn of(&self, dataset: &str, task: Task, planned: &PlannedProvider) -> Option<&Experience> {
        let is_same = |it: &&Experience| {
            it.dataset == dataset && it.task == task && it.kind == planned.kind && it.model == planned.model
        };
        let same = || self.0.iter().rev().filter(is_same);
        same().find(|it| it.label == planned.label).or_else(|| same().next())
    }
}

/// How one model's answers to one task were.
#[derive(Debug, Clone, PartialEq)]
pub struct Experience {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The kind of provider.
    pub kind: String,
    /// The model.
    pub model: String,
    /// What it was called.
    pub label: String,
    /// Mean input tokens of a request, if they were counted.
    pub input_tokens: Option<f64>,
    /// Mean output tokens of an answer.
    pub output_tokens: f64,
    /// Mean seconds of an answer, if any of them was timed.
    pub seconds: Option<f64>,
}

/// Quotes a plan: what it will ask, and what that is expected to cost. Sends nothing.
pub(crate) fn quote(
    datasets: &[OpenDataset],
    candidates: &[Candidate],
    config: &Config,
    prices: &PriceBook,
    earlier_runs: &EarlierRuns,
) -> Result<Quote, SetupError> {
    let mut lines = Vec::new();
    let groups = MediaGroups::of(candidates, &config.media);
    for (number, dataset) in datasets.iter().enumerate() {
        for task in dataset.questions.keys() {
            let entries: Vec<Entry> =
                dataset.index.entries.iter().filter(|entry| entry.task == *task).copied().collect();
            for (at, candidate) in candidates.iter().enumerate() {
                let question = candidate.asked.question(number, dataset, *task);
                let experience = earlier_runs.of(&dataset.name, *task, &candidate.planned);
                let group = groups.of_candidate(at);
                let sample = sample((dataset, question, *task), candidate, &entries, group, experience)?;
                lines.push(line(
                    &sample,
                    dataset,
                    *task,
                    candidate,
                    entries.len() as u64,
                    config,
                    experience,
                ));
            }
        }
    }
    lines.sort_by(|a, b| (&a.provider, &a.dataset, a.task).cmp(&(&b.provider, &b.dataset, b.task)));
    Ok(Quote { price_date: prices.as_of.clone(), lines })
}

/// Cases that are looked at to quote a task: all of a usual dataset, an even choice of a huge one.
const MOST_SAMPLED: usize = 500;

/// What a look at some cases found.
#[derive(Debug, Default)]
struct Sample {
    looked_at: u64,
    refused: u64,
    reasons: Reasons,
    upload_bytes: u64,
    /// `None` once the tokens of one case are not known.
    input_tokens: Option<u64>,
    /// `None` once the price of one case is not known.
    low: Option<f64>,
    expected_input: Option<f64>,
    high: Option<f64>,
    /// Whether the tokens of some case are only known to be below a ceiling.
    from_ceiling: bool,
    output_cap: u64,
    /// Tokens of answers that say what the labels say; `None` once a case has no label.
    label_tokens: Option<u64>,
}

fn sample(
    (dataset, question, task): (&OpenDataset, &Question, Task),
    candidate: &Candidate,
    entries: &[Entry],
    group: &MediaGroup,
    experience: Option<&Experience>,
) -> Result<Sample, SetupError> {
    let mut sample = Sample {
        input_tokens: Some(0),
        low: Some(0.0),
        expected_input: Some(0.0),
        high: Some(0.0),
        output_cap: u64::from(question.max_output_tokens.get()),
        label_tokens: Some(0).filter(|_| !may_reason(candidate, question)),
        ..Sample::default()
    };
    let Answerer::Provider(Built { provider, .. }) = &candidate.answerer else {
        sample.looked_at = entries.len() as u64;
        return Ok(sample);
    };
    if let Some(reason) = candidate.refusal(dataset, task) {
        sample.looked_at = entries.len() as u64;
        sample.refused = sample.looked_at;
        (0..sample.looked_at).for_each(|_| sample.reasons.add(&reason));
        return Ok(sample);
    }
    let targets = match group.policy.mode {
        MediaMode::Fit | MediaMode::Convert => vec![provider.capabilities()],
        MediaMode::AsIs | MediaMode::Same => group.targets.distinct.iter().collect(),
    };
    let pricing = BookPricing::new(candidate.planned.price.clone(), provider.clone());
    let step = entries.len().div_ceil(MOST_SAMPLED).max(1);
    for entry in entries.iter().step_by(step) {
        let case = dataset.index.read(*entry)?;
        sample.looked_at += 1;
        let media = media::load(dataset, &case, &group.policy, &targets);
        match checked((dataset, question, &case), media, provider.capabilities(), &group.policy)? {
            Ok(request) => {
                let seen = experience.and_then(|it| it.input_tokens);
                sample.add(&request, provider.as_ref(), (candidate.planned.price.as_ref(), &pricing), seen);
                sample.label_tokens = add(sample.label_tokens, label_tokens(&case));
            }
            Err(error) => sample.refuse(error.chain()),
        }
    }
    Ok(sample)
}

/// The request of a case, or why it cannot be asked of whom has these capabilities.
fn checked(
    (dataset, question, case): (&OpenDataset, &Question, &Case),
    media: vision_core::Result<Vec<Prepared>>,
    target: &Capabilities,
    policy: &MediaPolicy,
) -> Result<vision_core::Result<Request>, SetupError> {
    let media: Vec<Media> = match media {
        Ok(prepared) => prepared.into_iter().map(|it| it.media).collect(),
        Err(error) => return Ok(Err(error)),
    };
    // A prompt that cannot be filled in is a mistake of the dataset, whoever would be asked.
    let request = question.request(case, media, question.mode(case, target), 0).map_err(|error| {
        SetupError::File(Problem::new(dataset.folder.join("cases.jsonl"), error.message()))
    })?;
    Ok(match target.check(&request) {
        Ok(()) => Ok(request),
        Err(error) => {
            let media: Vec<Media> = request.media().cloned().collect();
            Err(media::advised(error, policy, &media, target))
        }
    })
}

impl Sample {
    fn add(
        &mut self,
        request: &Request,
        provider: &dyn VisionProvider,
        (price, pricing): (Option<&Price>, &BookPricing),
        input_seen: Option<f64>,
    ) {
        let estimate = provider.estimate(request);
        let worst = pricing.worst(request, &estimate);
        if let (Some(_), Err(reason)) = (price, &worst) {
            return self
                .refuse(format!("the most it can cost is not known, so no budget can be kept: {reason}"));
        }
        let input = estimate.input();
        self.upload_bytes += request.media().map(|media: &Media| media.base64_len() as u64).sum::<u64>();
        self.input_tokens = add(self.input_tokens, input);
        // Where a rule is not known, earlier requests were counted, and there still is a ceiling.
        let ceiling = pricing.ceiling(request, &estimate).ok();
        let known = input.or(input_seen.map(|mean| mean.ceil() as u64));
        let counted = known.or(ceiling.map(|ceiling| estimate.text.saturating_add(ceiling.media)));
        self.from_ceiling |= known.is_none() && price.is_none_or(|price| !price.bills_no_tokens());
        let pictures = ceiling.map_or(0, |ceiling| ceiling.pictures);
        let seconds = ceiling.and_then(|ceiling| ceiling.seconds);
        let estimate = Estimate { audio_seconds: estimate.audio_seconds.or(seconds), ..estimate };
        let priced = |input: Option<u64>, output, end| {
            let price = price?;
            let input = if price.is_free() || price.bills_only_units() { Some(0) } else { input };
            price.quote(&estimate, pictures, input?, output, end).map(|usd| usd.0)
        };
        self.low = add(self.low, priced(input.or(Some(estimate.text)), 0, RangeEnd::Least));
        self.expected_input = add(self.expected_input, priced(counted, 0, RangeEnd::Most));
        self.high = add(self.high, worst.ok().map(|usd| usd.0));
    }

    fn refuse(&mut self, reason: String) {
        self.refused += 1;
        self.reasons.add(&reason);
    }
}

/// Whether a model may think before it answers, so that the length of its answer does not tell what it writes.
fn may_reason(candidate: &Candidate, question: &Question) -> bool {
    let takes_effort = match &candidate.answerer {
        Answerer::Provider(built) => built.provider.capabilities().effort,
        Answerer::Control(_) => false,
    };
    takes_effort && question.generation.effort != Some(Effort::None)
}

/// Tokens of an answer that says what the label says: JSON has about three bytes a token. Nothing without a label.
fn label_tokens(case: &Case) -> Option<u64> {
    let bytes = match &case.expected {
        Value::Null => return None,
        Value::String(text) => text.len(),
        other => other.to_string().len(),
    };
    Some((bytes as u64).div_ceil(3) + SHORT_ANSWER as u64)
}

/// Tokens of an answer that says hardly anything, where earlier runs show no shorter ones.
const SHORT_ANSWER: f64 = 20.0;

fn add<T: std::ops::Add<Output = T>>(sum: Option<T>, part: Option<T>) -> Option<T> {
    Some(sum? + part?)
}

fn line(
    sample: &Sample,
    dataset: &OpenDataset,
    task: Task,
    candidate: &Candidate,
    cases: u64,
    config: &Config,
    experience: Option<&Experience>,
) -> QuoteLine {
    let asked = sample.looked_at - sample.refused;
    let share = |count: u64| if sample.looked_at == 0 { 0.0 } else { count as f64 / sample.looked_at as f64 };
    let of_all = |count: u64| (cases as f64 * share(count)).round() as u64;
    let skipped = of_all(sample.refused);
    let skip_reason = |it: &Reason| SkipReason { cases: of_all(it.count), reason: it.first.clone() };
    let skip_reasons: Vec<_> = sample.reasons.sorted().into_iter().map(skip_reason).collect();
    let requests = (cases - skipped) * u64::from(config.repeats);
    // From the cases looked at to all requests.
    let scale = if asked == 0 { 0.0 } else { requests as f64 / asked as f64 };
    let scaled = |amount: u64| (amount as f64 * scale).round() as u64;
    let of_label = sample.label_tokens.filter(|_| asked > 0).map(|tokens| tokens as f64 / asked as f64);
    let cap = sample.output_cap as f64;
    let (per_answer, output_from) = match (experience, of_label) {
        (Some(experience), _) => (experience.output_tokens, OutputFrom::EarlierRuns),
        (None, Some(tokens)) => (tokens.min(cap), OutputFrom::Labels),
        (None, None) => (cap, OutputFrom::Cap),
    };
    let price = candidate.planned.price.as_ref();
    let output_price = price.and_then(|price| price.output_per_mtok).unwrap_or(0.0);
    let is_control = matches!(candidate.answerer, Answerer::Control(_));
    // Where only pages are billed, tokens are not counted.
    let counts_tokens = !is_control && !price.is_some_and(Price::bills_only_units);
    let money = (|| {
        let answers = |tokens: f64| tokens * requests as f64 * output_price / 1e6;
        let high = sample.high? * scale;
        let low = (sample.low? * scale + answers(per_answer.min(SHORT_ANSWER))).min(high);
        // A rule of thumb for text is no bound, the worst case is.
        let expected = (sample.expected_input? * scale + answers(per_answer)).clamp(low, high);
        Some(Money { low: Usd(low), expected: Usd(expected), high: Usd(high) })
    })();
    QuoteLine {
        provider: candidate.planned.label.clone(),
        dataset: dataset.name.clone(),
        task,
        cases,
        requests: if is_control { 0 } else { requests },
        skipped,
        skip_reason: skip_reasons.first().map(|it| it.reason.clone()),
        skip_reasons,
        upload_bytes: scaled(sample.upload_bytes),
        input_tokens: sample.input_tokens.map(scaled),
        output_tokens: if counts_tokens { (per_answer * requests as f64).round() as u64 } else { 0 },
        output_cap: sample.output_cap * requests,
        output_from,
        money,
        from_ceiling: sample.from_ceiling,
        wall_seconds: (!is_control && !candidate.planned.batch)
            .then(|| wall_seconds(requests, candidate, config, experience)),
    }
}

/// Seconds an answer takes where no earlier run tells.
const GUESSED_SECONDS: f64 = 3.0;

fn wall_seconds(
    requests: u64,
    candidate: &Candidate,
    config: &Config,
    experience: Option<&Experience>,
) -> f64 {
    let at_once = candidate.at_once(config.max_concurrency) as f64;
    let seconds = experience.and_then(|experience| experience.seconds).unwrap_or(GUESSED_SECONDS);
    let by_latency = requests as f64 * seconds / at_once;
    let by_rate =
        candidate.planned.limits.requests_per_minute.map_or(0.0, |rate| requests as f64 * 60.0 / rate);
    by_latency.max(by_rate)
}
