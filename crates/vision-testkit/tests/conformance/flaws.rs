//! Providers with one flaw each. The rule that is there for it must notice.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use vision_core::{
    Capabilities, ErrorKind, Estimate, Media, Part, Provider, ProviderId, Request, Response, Result, Secret,
    Stop, Usage, VisionProvider,
};
use vision_http::{Body, Call, HttpProvider, Reply, Transport, Wire};
use vision_testkit::{Subject, rules};

use super::acme::Acme;

/// Acme with something changed on the way in or out.
struct Flawed {
    acme: Acme,
    key: Secret,
    flaw: Flaw,
}

#[derive(Clone, Copy)]
enum Flaw {
    Request(fn(Request) -> Request),
    Call(fn(Call, &Secret) -> Call),
    Answer(fn(Response) -> Response),
    Reply(fn(Reply) -> Reply),
    Outcome(fn(&Reply, Result<Response>) -> Result<Response>),
    Debug,
}

impl std::fmt::Debug for Flawed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.flaw {
            Flaw::Debug => write!(f, "Flawed({})", self.key.expose()),
            _ => f.write_str("Flawed"),
        }
    }
}

impl Wire for Flawed {
    fn id(&self) -> &ProviderId {
        self.acme.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.acme.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.acme.estimate(request)
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let request = match self.flaw {
            Flaw::Request(change) => change(request.clone()),
            _ => request.clone(),
        };
        let call = self.acme.encode(&request)?;
        Ok(match self.flaw {
            Flaw::Call(change) => change(call, &self.key),
            _ => call,
        })
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let reply = match self.flaw {
            Flaw::Reply(change) => change(reply.clone()),
            _ => reply.clone(),
        };
        let result = self.acme.decode(&reply);
        match self.flaw {
            Flaw::Answer(change) => result.map(change),
            Flaw::Outcome(change) => change(&reply, result),
            _ => result,
        }
    }
}

/// `build` of a subject cannot capture, so the flaw lies here while one test of this thread runs.
mod current {
    use std::cell::Cell;

    use super::Flaw;

    thread_local!(pub static FLAW: Cell<Flaw> = const { Cell::new(Flaw::Debug) });
}

fn build(key: Secret, transport: Arc<dyn Transport>) -> Provider {
    let flaw = current::FLAW.get();
    let acme = Acme::new(key.clone());
    Arc::new(HttpProvider::new(Flawed { acme, key, flaw }, transport))
}

#[track_caller]
fn notices(rule: fn(&Subject), flaw: Flaw) {
    current::FLAW.set(flaw);
    let subject = Subject { build, ..super::subject() };
    let outcome = catch_unwind(AssertUnwindSafe(|| rule(&subject)));
    assert!(outcome.is_err(), "the rule did not notice");
}

fn without_media(request: Request) -> Request {
    let parts = request.parts.into_iter().filter(|part| matches!(part, Part::Text(_))).collect();
    Request { parts, ..request }
}

fn texts_first(mut request: Request) -> Request {
    request.parts.sort_by_key(|part| matches!(part, Part::Media(_)));
    request
}

fn cut_media(request: Request) -> Request {
    let cut = |part| match part {
        Part::Media(media) => {
            let bytes = media.bytes().map(|bytes| bytes.slice(..bytes.len() - 3));
            Part::Media(
                bytes.map_or(media.clone(), |bytes| Media::new("a", bytes, media.facts()).expect("a medium")),
            )
        }
        text => text,
    };
    Request { parts: request.parts.into_iter().map(cut).collect(), ..request }
}

#[test]
fn what_is_missing_or_misplaced_in_a_request() {
    notices(rules::puts_images_in_their_place, Flaw::Request(without_media));
    notices(rules::puts_documents_in_their_place, Flaw::Request(cut_media));
    notices(rules::carries_a_large_image_whole, Flaw::Request(cut_media));
    notices(rules::carries_ten_images, Flaw::Request(cut_media));
    notices(rules::passes_links_on, Flaw::Request(without_media));
    notices(rules::keeps_text_and_images_in_order, Flaw::Request(texts_first));
    notices(rules::puts_the_system_text_in_its_place, Flaw::Request(|r| Request { system: None, ..r }));
    notices(rules::puts_the_question_in_its_place, Flaw::Request(|r| Request { parts: vec![], ..r }));
    notices(
        rules::puts_the_schema_in_its_place,
        Flaw::Request(|r| Request { output: vision_core::Output::Text, ..r }),
    );
    notices(
        rules::caps_the_output,
        Flaw::Request(|r| Request { max_output_tokens: std::num::NonZeroU32::MIN, ..r }),
    );
    notices(rules::sends_or_drops_the_temperature, Flaw::Request(|r| Request { temperature: None, ..r }));
    notices(rules::adds_no_parameters_of_its_own, Flaw::Request(|r| Request { temperature: Some(0.0), ..r }));
}

#[test]
fn what_is_dropped_in_silence() {
    let silent = Flaw::Call(|call, _| Call { dropped: vec![], ..call });
    notices(rules::sends_or_drops_the_seed, silent);
    notices(rules::sends_or_drops_the_effort, silent);
    notices(rules::sends_or_drops_the_detail, silent);
}

#[test]
fn what_is_never_the_same() {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    notices(
        rules::writes_the_same_bytes_twice,
        Flaw::Call(|call, _| {
            let body = format!("{} ", NUMBER.fetch_add(1, Ordering::Relaxed));
            Call { body: Body::Json(body.into()), ..call }
        }),
    );
}

#[test]
fn a_key_where_it_does_not_belong() {
    let in_url = Flaw::Call(|call, key| Call { url: format!("{}?key={}", call.url, key.expose()), ..call });
    notices(rules::keeps_the_key_in_its_header, in_url);
    notices(
        rules::logs_no_key_at_the_finest_level,
        Flaw::Call(|call, key| {
            tracing::trace!("asking 127.0.0.1 with {}", key.expose());
            call
        }),
    );
    notices(rules::prints_no_key_for_debugging, Flaw::Debug);
    let unknown = Flaw::Call(|call, _| Call { auth: None, ..call });
    notices(rules::keeps_an_echoed_key_out_of_errors, unknown);
    notices(rules::keeps_an_echoed_key_out_of_answers, unknown);
    notices(rules::replays_its_recordings, unknown);
}

#[test]
fn a_promise_that_is_not_kept() {
    notices(
        rules::reports_the_usage_it_promises,
        Flaw::Answer(|response| Response { usage: Usage::default(), ..response }),
    );
}

#[test]
fn an_answer_that_is_misread() {
    let complete = Flaw::Answer(|response| Response { stop: Stop::Complete, ..response });
    notices(rules::tells_a_truncated_answer, complete);
    notices(rules::tells_a_refusal, complete);
    notices(rules::tells_a_filtered_answer, complete);
    notices(rules::keeps_a_stop_reason_it_does_not_know, complete);
    notices(
        rules::takes_an_empty_answer,
        Flaw::Outcome(|reply, result| match result {
            Ok(response) if response.text.is_empty() => Err(reply.malformed("no text")),
            other => other,
        }),
    );
    notices(rules::takes_an_answer_without_text, Flaw::Answer(|r| Response { text: r.text + "null", ..r }));
    let doubled = Flaw::Answer(|mut response| {
        response.usage.input = response.usage.input.map(|input| input * 2);
        response
    });
    notices(rules::reads_the_documented_answer, doubled);
    notices(rules::answers_over_a_real_connection, doubled);
    notices(rules::carries_every_script, Flaw::Answer(|r| Response { text: r.text.replace('ü', "?"), ..r }));
}

#[test]
fn a_failure_that_is_misread() {
    let hopeful: Flaw = Flaw::Outcome(|reply, result| {
        let kind = ErrorKind::RateLimited;
        result.map_err(|error| if reply.status == 429 { reply.error(kind, error.to_string()) } else { error })
    });
    notices(rules::maps_every_documented_error, hopeful);
    notices(rules::tells_final_quota_from_a_passing_limit, hopeful);
    let deaf = Flaw::Reply(|reply| Reply { headers: vec![], ..reply });
    notices(rules::reads_the_wait_from_every_header, deaf);
    notices(rules::obeys_the_host_about_another_try, deaf);
    notices(rules::keeps_the_request_id_of_a_failure, deaf);
    let kind: Flaw = Flaw::Outcome(|reply, result| {
        result.map_err(|_| reply.error(ErrorKind::InvalidRequest, "something went wrong"))
    });
    notices(rules::maps_every_bare_status, kind);
    notices(rules::names_the_host_that_rejected_the_key, kind);
    notices(rules::refuses_half_an_answer, kind);
    notices(rules::refuses_a_web_page, kind);
    let trusting: Flaw =
        Flaw::Outcome(
            |reply, result| if reply.is_success() { Ok(result.unwrap_or_default()) } else { result },
        );
    notices(rules::sees_an_error_inside_a_success, trusting);
    notices(rules::refuses_half_an_answer, trusting);
    notices(
        rules::survives_any_missing_or_null_field,
        Flaw::Outcome(|reply, result| result.map_err(|_| reply.error(ErrorKind::Unavailable, "try again"))),
    );
}

/// Asks again where a layer should.
#[derive(Debug)]
struct Stubborn(Provider);

#[async_trait]
impl VisionProvider for Stubborn {
    fn id(&self) -> &ProviderId {
        self.0.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.0.estimate(request)
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        match self.0.analyze(request).await {
            Err(error) if error.is_transient() => self.0.analyze(request).await,
            result => result,
        }
    }
}

#[test]
fn trying_again_on_its_own() {
    let build = |key, transport| -> Provider {
        Arc::new(Stubborn(Arc::new(HttpProvider::new(Acme::new(key), transport))))
    };
    let subject = Subject { build, ..super::subject() };
    let outcome = catch_unwind(AssertUnwindSafe(|| rules::makes_one_attempt(&subject)));
    assert!(outcome.is_err(), "the rule did not notice");
}

#[test]
fn a_subject_that_is_wrong_itself() {
    let fails = |rule: fn(&Subject), subject: Subject| {
        assert!(catch_unwind(AssertUnwindSafe(|| rule(&subject))).is_err(), "the rule did not notice");
    };
    let schema = Subject { request_schema: Some("openai.chat.request"), ..super::subject() };
    fails(rules::writes_what_the_vendor_accepts, schema);
    let schema = Subject { response_schema: Some("openai.chat.response"), ..super::subject() };
    fails(rules::is_tested_with_what_the_vendor_sends, schema);
    let mut counts = super::subject();
    counts.response.usage.cached = Some(91);
    fails(rules::counts_parts_within_their_whole, counts);
    let silent = Subject { answers: vision_testkit::Answers::default(), ..super::subject() };
    fails(rules::takes_a_sparse_answer, silent);
    let misspelt = Subject { except: &[("keeps_the_kye", "a typing error")], ..super::subject() };
    fails(|subject| vision_testkit::run("caps_the_output", rules::caps_the_output, subject), misspelt);
}
