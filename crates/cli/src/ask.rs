use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use eval::{BookPricing, ProviderConfig};
use eval_record::Price;
use eval_report::escape;
use vision_core::{Error, ErrorKind, Output, Part, Provider, Request, Response, Schema, Task, Usd};
use vision_layers::{Budget, Pace, Places, RetryPolicy, Settings, layered};

use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::input;
use crate::registry::{Providers, parse};
use crate::settings::{Project, Shared, seconds};

/// What `ask` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval ask local/accurate receipt.jpg \"What does it say?\"
  vision-eval ask openai/gpt-5.6-luna a.png b.png \"What differs?\"
  vision-eval ask gemini/gemini-3.7-flash talk.mp3 \"Write down what is said.\"
  vision-eval ask anthropic/claude-haiku-5-5 bill.pdf --schema bill.json \"Read the bill.\"")]
pub struct Arguments {
    /// Who is asked: PROVIDER/MODEL, or a label of the configuration
    #[arg(value_name = "PROVIDER/MODEL")]
    provider: String,

    /// Images, PDFs, sound (files or addresses), and at the end the question
    #[arg(required = true, value_name = "FILE… QUESTION")]
    words: Vec<String>,

    /// Ask for JSON of any shape
    #[arg(long, conflicts_with = "schema")]
    json: bool,

    /// Ask for JSON of this shape (a JSON Schema)
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,

    /// The text above the question
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,

    /// What is asked, for engines that follow no prompt
    #[arg(long, default_value = "text")]
    task: Task,

    /// The most tokens the answer may cost
    #[arg(long, value_name = "N", default_value = "2048")]
    max_output_tokens: NonZeroU32,

    /// Left to the model if not given
    #[arg(long, value_name = "T")]
    temperature: Option<f32>,

    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "120")]
    timeout: f64,

    /// Attempts after the first, where that may help
    #[arg(long, value_name = "N", default_value = "2")]
    max_retries: u32,

    #[command(flatten)]
    traffic: Traffic,
}

/// Asks, and prints the answer.
pub async fn start(
    arguments: Arguments,
    shared: &Shared,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let project = Project::read(shared)?;
    let config = who(&arguments.provider, &project)?;
    let request = request(&arguments)?;
    let transport = transport(shared, &arguments.traffic)?;
    let providers = Providers::new(environment, transport, arguments.traffic.replay.is_none());
    let (ready, _) = providers.ready(&config)?;
    let price = match &config.price {
        Some(price) => Some(price.entry(&config)),
        None if ready.base_url.is_none() => Some(Price::free(&config.kind, &config.model)),
        None => project.prices()?.find(&config.kind, &config.model, &crate::plan::now()).cloned(),
    };
    let provider = surrounded(ready.provider, price.clone(), &arguments);
    provider
        .capabilities()
        .check(&request)
        .map_err(|error| Failure::setup(format!("{}: {}", config.label(), error.chain())))?;
    match provider.analyze(&request).await {
        Ok(response) => answer(&response, price.as_ref(), shared),
        Err(error) => Err(refusal(&error)),
    }
}

fn who(name: &str, project: &Project) -> Result<ProviderConfig, Failure> {
    if let Some(known) = project.config.provider.iter().find(|provider| provider.label() == name) {
        return Ok(known.clone());
    }
    let (kind, model) = parse(name).map_err(Failure::setup)?;
    Ok(ProviderConfig::new(kind.name, model))
}

fn request(arguments: &Arguments) -> Result<Request, Failure> {
    let (question, files) = arguments.words.split_last().expect("clap asks for at least one");
    if files.is_empty() && std::path::Path::new(question).is_file() {
        return Err(Failure::new(
            Exit::Usage,
            format!("what about {question}? Put a question behind the file, in quotes"),
        ));
    }
    let mut parts = Vec::new();
    for file in files {
        parts.push(Part::Media(input::media(file)?));
    }
    parts.push(Part::Text(question.clone()));
    let output = match &arguments.schema {
        Some(path) => Output::Schema(schema(path)?),
        None if arguments.json => Output::Json,
        None => Output::Text,
    };
    Ok(Request {
        system: arguments.system.clone(),
        output,
        temperature: arguments.temperature,
        ..Request::new(arguments.task, parts, arguments.max_output_tokens)
    })
}

fn schema(path: &std::path::Path) -> Result<Schema, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::setup(format!("{} cannot be read: {error}", path.display())))?;
    let schema = serde_json::from_str(&text).map_err(|error| {
        Failure::setup(format!("{}:{}:{}: {error}", path.display(), error.line(), error.column()))
    })?;
    Ok(Schema { name: "answer".into(), schema: Arc::new(schema), strict: true })
}

fn surrounded(provider: Provider, price: Option<Price>, arguments: &Arguments) -> Provider {
    let pricing = Arc::new(BookPricing::new(price, provider.clone()));
    layered(
        provider,
        Settings {
            retry: RetryPolicy {
                attempts: arguments.max_retries.saturating_add(1),
                ..RetryPolicy::default()
            },
            seed: 1,
            budget: Budget::new(None, Usd::ZERO),
            pricing,
            pace: Pace::new(None, None),
            places: Places::new(1),
            run_places: Places::fixed(1),
            timeout: Duration::from_secs_f64(arguments.timeout),
        },
    )
}

/// The answer goes to stdout and all else to stderr, so that the answer can be piped.
fn answer(response: &Response, price: Option<&Price>, shared: &Shared) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    let text = response.text.trim_end();
    // Who pipes the answer gets all of it; a terminal would obey what is in it.
    let text = if out.is_terminal() { Cow::Owned(escape::lines(text)) } else { Cow::Borrowed(text) };
    writeln!(out, "{text}")
        .map_err(|error| Failure::new(Exit::Output, format!("the answer cannot be written: {error}")))?;
    if let Some(refusal) = &response.refusal {
        eprintln!("refused: {}", escape::lines(refusal));
    }
    if !shared.quiet {
        eprintln!("{}", escape::terminal(&facts(response, price)));
    }
    Ok(Exit::Pass)
}

fn facts(response: &Response, price: Option<&Price>) -> String {
    let mut facts = vec![format!("{:.2} s", response.timing.total.as_secs_f64())];
    let usage = &response.usage;
    facts.extend(usage.input.map(|tokens| format!("{tokens} tokens in")));
    facts.extend(usage.output.map(|tokens| format!("{tokens} tokens out")));
    facts.extend(usage.audio_seconds.map(|seconds| format!("{seconds} s of sound")));
    let by_price = || price.and_then(|price| price.cost_of(response, 0));
    let cost = response.cost.filter(|cost| cost.0 > 0.0).or_else(by_price);
    facts.push(cost.map_or("cost unknown".to_owned(), |cost| format!("${:.6}", cost.0)));
    facts.extend(response.model.as_ref().map(|model| format!("model {model}")));
    if !matches!(response.stop, vision_core::Stop::Complete | vision_core::Stop::Unknown) {
        facts.push(format!("stopped: {:?}", response.stop));
    }
    if !response.dropped_params.is_empty() {
        facts.push(format!("left out: {}", response.dropped_params.join(", ")));
    }
    if response.attempts.len() > 1 {
        facts.push(format!("{} attempts", response.attempts.len()));
    }
    facts.join(" · ")
}

/// What the provider said, and what to quote to its support.
fn refusal(error: &Error) -> Failure {
    let mut message = error.chain();
    if let Some(id) = &error.details.request_id {
        message.push_str(&format!(" [request {id}]"));
    }
    let attempts = error.details.attempts.len();
    if attempts > 1 {
        message.push_str(&format!(" [after {attempts} attempts]"));
    }
    let exit = match error.kind() {
        ErrorKind::Auth
        | ErrorKind::Config
        | ErrorKind::Unsupported
        | ErrorKind::TooLarge
        | ErrorKind::QuotaExhausted => Exit::Setup,
        _ => Exit::Unexpected,
    };
    Failure::new(exit, message)
}
