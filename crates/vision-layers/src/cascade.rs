use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vision_core::{
    Capabilities, ErrorKind, Estimate, MediaKind, Output, Person, Provider, ProviderId, Request, Response,
    Result, Timing, Usd, VisionProvider,
};

/// Asks providers one after another until an answer can be trusted.
///
/// Each has its own layers: budget, limits, retries and the record see every call. A provider that fails is passed over
/// like one whose answer is not trusted; only money that is used up ends the whole. Where a person comes last and every
/// provider fails, the person reads the case, unless nothing but the set-up is at fault.
#[derive(Debug)]
pub struct Cascade {
    id: ProviderId,
    capabilities: Capabilities,
    stages: Vec<Provider>,
    trust: Arc<dyn Trust>,
}

/// Decides whether an answer is taken.
pub trait Trust: fmt::Debug + Send + Sync {
    /// Whether the last of these answers is taken: one per provider that was asked, nothing where it failed.
    fn takes(&self, request: &Request, answers: &[Option<Answer>]) -> bool;

    /// Whether the provider at this place is asked a second time, so that both readings can be compared.
    fn asks_again(&self, _place: usize) -> bool {
        false
    }

    /// The person who reads what no answer was taken for. Without one the last answer is taken.
    fn person(&self) -> Option<Person>;

    /// Whether it has to know how sure models are of their tokens.
    fn wants_token_probabilities(&self) -> bool {
        false
    }
}

/// What one provider answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its answer.
    pub response: Response,
    /// What it said when it was asked again; nothing where it was not, or failed.
    pub again: Option<Response>,
}

impl Cascade {
    /// From the first to the last. There must be one at least.
    pub fn new(id: ProviderId, stages: Vec<Provider>, trust: Arc<dyn Trust>) -> Self {
        Self { id, capabilities: joined(&stages), stages, trust }
    }
}

/// What can be asked of all of them together: media that each one takes, and the firmest form of answer of any.
fn joined(stages: &[Provider]) -> Capabilities {
    let all = || stages.iter().map(|stage| stage.capabilities());
    let any = |has: fn(&Capabilities) -> bool| all().any(has);
    let least = |of: fn(&Capabilities) -> Option<usize>| all().filter_map(of).min();
    let takes_everywhere = |kind: &MediaKind| all().all(|one| one.accepts(*kind));
    let mut joined = all().next_back().cloned().unwrap_or_default();
    joined.formats.retain(takes_everywhere);
    joined.url_input = all().all(|one| one.url_input);
    joined.max_images = least(|one| one.max_images);
    joined.max_image_bytes = least(|one| one.max_image_bytes);
    joined.max_image_side = all().filter_map(|one| one.max_image_side).min();
    joined.max_image_pixels = all().filter_map(|one| one.max_image_pixels).min();
    joined.max_image_patches = all().filter_map(|one| one.max_image_patches).min();
    joined.max_request_bytes = least(|one| one.max_request_bytes);
    joined.max_pdf_pages = all().filter_map(|one| one.max_pdf_pages).min();
    joined.prompt = all().all(|one| one.prompt);
    joined.json = any(|one| one.json);
    joined.json_schema = any(|one| one.json_schema);
    joined.closed_schemas = all().filter(|one| one.json_schema).all(|one| one.closed_schemas);
    if !joined.prompt {
        // What an engine without a prompt knows is all that can be asked.
        let engines = || all().filter(|one| !one.prompt);
        joined.tasks = engines().next().map(|one| one.tasks.clone()).unwrap_or_default();
        joined.tasks.retain(|task| engines().all(|one| one.tasks.contains(task)));
    }
    joined
}

/// The request, with the answer in the firmest form that this provider can be held to.
pub fn adapted(request: &Request, capabilities: &Capabilities) -> Request {
    let output = match &request.output {
        Output::Schema(schema) if capabilities.takes_schema(&schema.schema) => request.output.clone(),
        Output::Schema(_) | Output::Json if capabilities.json => Output::Json,
        _ => Output::Text,
    };
    Request { output, ..request.clone() }
}

#[async_trait]
impl VisionProvider for Cascade {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// What every stage can cost together is what a request can cost; of tokens, the most that one of them counts.
    fn estimate(&self, request: &Request) -> Estimate {
        let all = self.stages.iter().map(|stage| stage.estimate(request));
        let most = |a: Option<u64>, b: Option<u64>| Some(a?.max(b?));
        let joined = |a: Estimate, b: Estimate| Estimate {
            text: a.text.max(b.text),
            image: most(a.image, b.image),
            pdf: most(a.pdf, b.pdf),
            audio: most(a.audio, b.audio),
            audio_seconds: a.audio_seconds.max(b.audio_seconds),
            pages: a.pages.max(b.pages),
            annotated_pages: a.annotated_pages.max(b.annotated_pages),
            credits: a.credits.max(b.credits),
            surcharge: a.surcharge.or(b.surcharge),
        };
        all.reduce(joined).unwrap_or_default()
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let mut answers: Vec<Option<Answer>> = Vec::new();
        let mut before = Before::default();
        let mut failed = None;
        let mut may_refer = false;
        for (place, stage) in self.stages.iter().enumerate() {
            let asks_again = self.trust.asks_again(place);
            let mut own = adapted(request, stage.capabilities());
            own.token_probabilities |= self.trust.wants_token_probabilities();
            if asks_again {
                own.repeat = request.repeat.saturating_mul(2);
            }
            match stage.analyze(&own).await {
                Ok(mut response) => {
                    before.add(&mut response);
                    let again = if asks_again { second(stage, &own, &mut before).await? } else { None };
                    answers.push(Some(Answer { response, again }));
                    if self.trust.takes(request, &answers) {
                        break;
                    }
                }
                Err(mut error) => {
                    before.add_failed(&mut error.details.attempts);
                    if ends_all(&error) {
                        error.details.attempts = before.attempts;
                        return Err(error);
                    }
                    may_refer |= !is_of_set_up(error.kind());
                    answers.push(None);
                    failed = Some(error);
                }
            }
        }
        let taken = self.trust.takes(request, &answers);
        let person = self.trust.person().filter(|_| !taken);
        match (answers.into_iter().flatten().last(), failed) {
            (Some(Answer { response, .. }), _) => Ok(before.onto(Response { referred: person, ..response })),
            (None, Some(_)) if may_refer && person.is_some() => {
                Ok(before.without_answer(Response { referred: person, ..Response::default() }))
            }
            (None, Some(mut error)) => {
                error.details.attempts = before.attempts;
                Err(error)
            }
            (None, None) => Err(vision_core::Error::new(ErrorKind::Config, "a cascade without candidates")),
        }
    }
}

/// A second reading. A cache keeps it apart by the number of the repeat: two readings of each repeat of the whole.
async fn second(stage: &Provider, first: &Request, before: &mut Before) -> Result<Option<Response>> {
    let request = Request { repeat: first.repeat.saturating_add(1), ..first.clone() };
    match stage.analyze(&request).await {
        Ok(mut response) => {
            before.add(&mut response);
            Ok(Some(response))
        }
        Err(mut error) => {
            before.add_failed(&mut error.details.attempts);
            if ends_all(&error) {
                error.details.attempts = std::mem::take(&mut before.attempts);
                return Err(error);
            }
            Ok(None)
        }
    }
}

/// Whether nobody else is asked after this: what it would have answered is not known.
fn ends_all(error: &vision_core::Error) -> bool {
    error.kind() == ErrorKind::Budget || error.details.interrupted
}

/// What fails for every case until somebody mends it: no reason to send a case to a person.
fn is_of_set_up(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Config | ErrorKind::Auth | ErrorKind::QuotaExhausted | ErrorKind::Unsupported)
}

/// What was spent on the way to the answer that was taken.
#[derive(Default)]
struct Before {
    attempts: Vec<vision_core::Attempt>,
    usd: f64,
    /// Whether the cost of every answer is known.
    unknown: bool,
    /// What attempts that failed may have cost.
    lost: f64,
    total: Duration,
}

impl Before {
    fn add(&mut self, response: &mut Response) {
        // A hit of the cache keeps the cost of its first time.
        let charged = response.attempts.iter().map(|attempt| attempt.charged.0).sum::<f64>();
        match (response.cost, response.attempts.is_empty()) {
            (Some(cost), _) => self.usd += cost.0.max(charged),
            (None, false) => self.usd += charged,
            (None, true) => self.unknown = true,
        }
        self.total += response.timing.total;
        self.attempts.append(&mut response.attempts);
    }

    fn add_failed(&mut self, attempts: &mut Vec<vision_core::Attempt>) {
        self.lost += attempts.iter().map(|attempt| attempt.charged.0).sum::<f64>();
        self.attempts.append(attempts);
    }

    /// What was spent although there is no answer. It is not known where a host may bill an attempt that failed.
    fn without_answer(mut self, response: Response) -> Response {
        self.unknown |= self.lost > 0.0;
        self.onto(response)
    }

    /// The answer with all that led to it. Tokens of several models are no sum, so that their cost is given instead.
    fn onto(self, response: Response) -> Response {
        // Nobody sees a token before the whole answer is trusted, so that first tokens say nothing.
        let timing = Timing { total: self.total, ..Timing::default() };
        Response {
            attempts: self.attempts,
            cost: (!self.unknown).then_some(Usd(self.usd)),
            usage: vision_core::Usage::default(),
            timing,
            ..response
        }
    }
}

#[cfg(test)]
mod tests;
