use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use vision_core::{ErrorKind, Provider, Request, Response, Result, Secret, Task};
use vision_http::{Call, Reply, Transport};

use crate::Scripted;

/// A provider under test, and what its vendor documents.
///
/// Made with [`Subject::new`] and struct update, so that new rules can ask for more without breaking old
/// subjects. A rule that needs something a subject does not give fails and says which field to fill; a rule
/// that makes no sense for this provider is named in `except`, with the reason.
pub struct Subject {
    /// Builds the provider with this key.
    pub build: fn(Secret, Arc<dyn Transport>) -> Provider,
    /// A reply with every field and counter that the documentation shows.
    pub success: Reply,
    /// What it means, with zero timing. Its text stands in `success` exactly once.
    pub response: Response,
    /// The vendor's schema of a request, as [`crate::schema`] names it; `None` where none is published.
    pub request_schema: Option<&'static str>,
    /// The vendor's schema of an answer.
    pub response_schema: Option<&'static str>,
    /// The vendor's schema of an error.
    pub error_schema: Option<&'static str>,
    /// Where things stand in a request, and the reason for stopping in an answer.
    pub places: Places,
    /// Answers that are not simply complete.
    pub answers: Answers,
    /// Every error body the vendor documents.
    pub failures: Vec<Failure>,
    /// Statuses that mean something else at this host than usual.
    pub statuses: &'static [(u16, ErrorKind)],
    /// All replies to the calls of one question, of which this is the answer; for providers that make several.
    pub script: fn(Reply) -> Vec<Reply>,
    /// For an engine that follows no prompt: at least one answer to each of its tasks.
    pub tasks: Vec<TaskAnswer>,
    /// For an engine that follows no prompt: an answer out of a part of the document.
    pub partial: Option<Answer>,
    /// For an engine that is looked at until it is done.
    pub looks: Option<Looks>,
    /// Rules that do not apply, each with its reason.
    pub except: &'static [(&'static str, &'static str)],
}

/// JSON pointers into a body, with `*` for every member. `None`: the vendor has no place for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Places {
    /// The texts of the question.
    pub text: Option<&'static str>,
    /// The system text.
    pub system: Option<&'static str>,
    /// Images: a data URL, bare Base64 or an address.
    pub image: Option<&'static str>,
    /// PDF documents.
    pub pdf: Option<&'static str>,
    /// Sound.
    pub audio: Option<&'static str>,
    /// The JSON schema of the answer.
    pub schema: Option<&'static str>,
    /// The cap on output tokens.
    pub cap: Option<&'static str>,
    /// The temperature.
    pub temperature: Option<&'static str>,
    /// The seed.
    pub seed: Option<&'static str>,
    /// The reasoning effort.
    pub effort: Option<&'static str>,
    /// How closely to look at images.
    pub detail: Option<&'static str>,
    /// In an answer: why the model stopped.
    pub stop: Option<&'static str>,
}

/// Answers that are not simply complete.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Cut at the token limit.
    pub truncated: Option<Answer>,
    /// All tokens went into reasoning: stopped at the limit without a word.
    pub empty: Option<Answer>,
    /// The text is null or not there at all.
    pub null: Option<Answer>,
    /// The model declined.
    pub refused: Option<Answer>,
    /// The provider's filter cut in.
    pub filtered: Option<Answer>,
    /// Only what the documentation requires is there.
    pub sparse: Option<Answer>,
    /// Whatever else the vendor documents.
    pub more: Vec<Answer>,
}

/// A reply and what it means.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What came, with status 200.
    pub reply: Reply,
    /// What it means, with zero timing.
    pub response: Response,
    /// Whether it has the form that the vendor's schema gives answers.
    pub documented: bool,
}

/// An answer of an engine that chooses what it does by the task.
#[derive(Debug, Clone)]
pub struct TaskAnswer {
    /// The task.
    pub task: Task,
    /// The schema that the question comes with.
    pub schema: Option<Value>,
    /// All replies to its calls, in order.
    pub replies: Vec<Reply>,
    /// What they mean, with zero timing. The text is compared as JSON, if it is JSON.
    pub response: Response,
}

/// How an engine is looked at that takes a while.
#[derive(Debug, Clone)]
pub struct Looks {
    /// How many calls come before the first look.
    pub before: usize,
    /// A look that shows nothing yet.
    pub busy: Reply,
}

/// A reply and the error it stands for.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What came.
    pub reply: Reply,
    /// The kind it stands for.
    pub kind: ErrorKind,
    /// Whether another try may help.
    pub transient: bool,
    /// The wait the host asks for.
    pub retry_after: Option<Duration>,
    /// Words the message must hold.
    pub says: &'static str,
    /// Whether it has the form that the vendor's schema gives errors.
    pub documented: bool,
}

/// What came of one question.
pub(crate) struct Outcome {
    pub result: Result<Response>,
    pub calls: Vec<Call>,
}

impl Subject {
    /// A provider, an answer and what it means.
    pub fn new(
        build: fn(Secret, Arc<dyn Transport>) -> Provider,
        success: Reply,
        response: Response,
    ) -> Self {
        Self {
            build,
            success,
            response,
            request_schema: None,
            response_schema: None,
            error_schema: None,
            places: Places::default(),
            answers: Answers::default(),
            failures: Vec::new(),
            statuses: &[],
            script: |reply| vec![reply],
            tasks: Vec::new(),
            partial: None,
            looks: None,
            except: &[],
        }
    }

    pub(crate) fn provider(&self, transport: Arc<dyn Transport>) -> Provider {
        (self.build)(Secret::new(KEY), transport)
    }

    /// Asks over a transport that gives this reply.
    pub(crate) fn ask(&self, request: &Request, reply: Reply) -> Outcome {
        let transport = Scripted::new((self.script)(reply));
        let provider = self.provider(transport.clone());
        let result = crate::block_on(provider.analyze(request));
        Outcome { result, calls: transport.calls() }
    }

    /// The call that asks the model. If there are several, uploads come before it and clean-up after it.
    pub(crate) fn call(&self, request: &Request) -> Call {
        let outcome = self.ask(request, self.success.clone());
        if let Err(error) = outcome.result {
            panic!("the canonical request failed: {}", error.chain());
        }
        outcome.question()
    }
}

impl Outcome {
    pub(crate) fn question(self) -> Call {
        let post = |call: &Call| call.method == vision_http::Method::Post;
        self.calls.into_iter().rfind(post).expect("a question is a POST")
    }
}

impl Answer {
    /// A reply with status 200 and this JSON body.
    pub fn new(body: impl Into<Bytes>, response: Response) -> Self {
        Self { reply: Reply::json_text(200, body), response, documented: true }
    }

    /// The same, although the vendor's schema does not describe it.
    #[must_use]
    pub fn undocumented(mut self) -> Self {
        self.documented = false;
        self
    }
}

impl Failure {
    /// A reply and the kind it stands for. Transient if the kind is, without a delay.
    pub fn new(status: u16, body: &'static str, kind: ErrorKind) -> Self {
        Self {
            reply: Reply::json_text(status, body),
            kind,
            transient: kind.is_transient(),
            retry_after: None,
            says: "",
            documented: true,
        }
    }

    /// The same with a header of this lower-case name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.reply = self.reply.with_header(name, value);
        self
    }

    /// The same, asking for this wait.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// The same; its message must hold these words.
    #[must_use]
    pub fn says(mut self, words: &'static str) -> Self {
        self.says = words;
        self
    }

    /// The same, although the kind would be transient: the host says that another try is in vain.
    #[must_use]
    pub fn final_in_spite_of_its_kind(mut self) -> Self {
        self.transient = false;
        self
    }

    /// The same, although the vendor's schema does not describe it.
    #[must_use]
    pub fn undocumented(mut self) -> Self {
        self.documented = false;
        self
    }
}

/// Looks like a key, and no eight characters of it occur in any other text of the suite.
pub(crate) const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0";
