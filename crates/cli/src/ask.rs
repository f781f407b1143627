use std::collections::HashSet;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use eval::{BookPricing, ProviderConfig, Registry};
use eval_record::{Price, Sent};
use tokio::task::JoinSet;
use vision_core::{Detail, Effort, Error, MediaKind, Provider, Request, Response, Task, Usd};
use vision_layers::{Budget, Cascade, Pace, Places, RetryPolicy, Settings, layered};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::registry::{Providers, cascade, parse};
use crate::settings::{Project, seconds};

mod outcome;
mod print;
mod question;
mod words;

use outcome::{Answered, Outcome, Unanswered};
use question::Question;

/// What `ask` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval ask local/accurate receipt.jpg \"What does it say?\"
  vision-eval ask openai/gpt-5.6-luna a.png b.png \"What differs?\"
  vision-eval ask openai/gpt-5.6-luna,anthropic/claude-haiku-5-5 bill.jpg \"What is the total?\" --json
  vision-eval ask gemini/gemini-3.7-flash talk.mp3 \"Write down what is said.\"
  vision-eval ask anthropic/claude-haiku-5-5 bill.pdf --schema bill.json \"Read the bill.\"
  vision-eval ask openai/gpt-5.6-luna https://example.com/photo?id=7 --type jpeg \"What is it?\"

Exit codes:
  0   a complete answer, from every provider
  1   a provider failed: unavailable, rate limited, timed out, malformed reply
  5   an answer was refused, filtered, or cut off at the token limit
  96  a key, a setting, or a file is wrong, or the provider does not support the request
With several providers the most severe code wins: 96, then 1, then 5.")]
pub struct AskArguments {
    /// Providers: PROVIDER/MODEL or labels of eval.toml, separated by commas
    #[arg(value_name = "PROVIDER/MODEL,…")]
    provider: String,

    /// Images, PDFs or audio (files or URLs), then the question
    #[arg(required = true, value_name = "FILE… QUESTION")]
    words: Vec<String>,

    /// Request JSON; with several providers, print one object with an entry per provider
    #[arg(long)]
    json: bool,

    /// Print text, or one JSON object with an entry per provider
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Request JSON that matches this JSON Schema
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,

    /// Set the system prompt
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,

    /// Set the task, for engines that take no prompt
    #[arg(long, default_value = "text")]
    task: Task,

    /// Limit the answer to N tokens
    #[arg(long, value_name = "N", default_value = "2048")]
    max_output_tokens: NonZeroU32,

    /// Set the temperature [default: the model's]
    #[arg(long, value_name = "T")]
    temperature: Option<f32>,

    /// Set the seed, where the model takes one
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Set how much the model reasons: none, minimal, low, medium, high, xhigh, max
    #[arg(long, value_name = "LEVEL", value_parser = words::effort)]
    effort: Option<Effort>,

    /// Set how closely the model looks at images: low, medium, high, original, auto
    #[arg(long, value_name = "LEVEL", value_parser = words::detail)]
    detail: Option<Detail>,

    /// Set the type of URLs without an extension: jpeg, png, pdf, image/webp
    #[arg(long = "type", value_name = "TYPE", value_parser = words::kind)]
    kind: Option<MediaKind>,

    /// Time out after SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "120")]
    timeout: f64,

    /// Retry transient failures up to N times
    #[arg(long, value_name = "N", default_value = "2")]
    max_retries: u32,

    #[command(flatten)]
    traffic: Traffic,
}

/// How answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As they came.
    Text,
    /// An object by provider.
    Json,
}

impl AskArguments {
    fn providers(&self) -> Vec<&str> {
        self.provider.split(',').map(str::trim).collect()
    }

    /// Whether one object is printed. `--json` asks a single provider for JSON, whose answer is JSON itself.
    fn prints_object(&self) -> bool {
        self.format == Format::Json || self.json && self.providers().len() > 1
    }

    /// Whether the answer shall be JSON of any shape.
    fn wants_json(&self) -> bool {
        self.json && self.providers().len() == 1
    }

    fn check(&self) -> Result<(), Failure> {
        let usage = |message: String| Err(Failure::new(Exit::Usage, message));
        let (names, mut seen) = (self.providers(), HashSet::new());
        if let Some(twice) = names.iter().find(|name| !seen.insert(**name)) {
            return usage(format!("{twice} is given twice"));
        }
        if self.wants_json() && self.schema.is_some() {
            return usage("--json cannot be used with --schema: a schema asks for JSON already".to_owned());
        }
        Ok(())
    }
}

/// Asks, and prints the answers.
pub async fn start(arguments: AskArguments, app: &App) -> Result<Exit, Failure> {
    arguments.check()?;
    let project = Project::read(&app.shared)?;
    let names = arguments.providers();
    let configs = names.iter().map(|name| who(name, &project)).collect::<Result<Vec<_>, _>>()?;
    let question = Question::read(&arguments)?;
    let transport = transport(&app.shared, &arguments.traffic)?;
    let providers = Providers::new(&app.environment, transport, arguments.traffic.replay.is_none())
        .within(arguments.timeout);
    let asked: Vec<_> = configs
        .iter()
        .map(|config| Asked::new(config, &question, &providers, &project, &arguments))
        .collect();
    let outcomes = all(asked).await;
    let named: Vec<_> = names.into_iter().zip(outcomes).collect();
    match (arguments.prints_object(), named.as_slice()) {
        (true, _) => print::object(&named, app)?,
        (false, [(_, outcome)]) => return print::one(outcome, app),
        (false, _) => print::each(&named, app)?,
    }
    Ok(named
        .iter()
        .map(|(_, outcome)| outcome::exit(outcome))
        .max_by_key(|exit| severity(*exit))
        .unwrap_or(Exit::Pass))
}

/// The most severe one is the exit code of all.
fn severity(exit: Exit) -> u8 {
    match exit {
        Exit::Pass => 0,
        Exit::Incomplete => 1,
        Exit::Setup => 3,
        _ => 2,
    }
}

fn who(name: &str, project: &Project) -> Result<ProviderConfig, Failure> {
    if let Some(known) = project.config.provider.iter().find(|provider| provider.label() == name) {
        return Ok(known.clone());
    }
    let (kind, model) = parse(name).map_err(Failure::setup)?;
    Ok(ProviderConfig::new(kind.name, model))
}

/// A provider with its request, ready to be sent.
struct Asked {
    provider: Provider,
    request: vision_core::Request,
    price: Option<Price>,
}

impl Asked {
    fn new(
        config: &ProviderConfig,
        question: &Question,
        providers: &Providers<'_>,
        project: &Project,
        arguments: &AskArguments,
    ) -> Result<Self, Unanswered> {
        if config.kind == cascade::KIND {
            return Self::of_cascade(config, question, providers, arguments);
        }
        let (ready, _) = providers.ready(config).map_err(Failure::from)?;
        let price = match &config.price {
            Some(price) => Some(price.entry(config)),
            None if ready.base_url.is_none() => Some(Price::free(&config.kind, &config.model)),
            None => project.prices()?.find(&config.kind, &config.model, &crate::plan::now()).cloned(),
        };
        let provider = surrounded(ready.provider, price.clone(), arguments);
        Self::of(provider, price, config, question)
    }

    /// A cascade, whose candidates have layers of their own.
    fn of_cascade(
        config: &ProviderConfig,
        question: &Question,
        providers: &Providers<'_>,
        arguments: &AskArguments,
    ) -> Result<Self, Unanswered> {
        let built = providers.build(config).map_err(Failure::from)?;
        let Some(chained) = built.cascade else {
            return Err(Failure::unexpected("a cascade without candidates").into());
        };
        let stages = chained.stages.into_iter();
        let stages = stages.map(|it| surrounded(it.built.provider, it.price, arguments)).collect();
        let cascade = Cascade::new(built.provider.id().clone(), stages, chained.trust);
        Self::of(Arc::new(cascade), None, config, question)
    }

    fn of(
        provider: Provider,
        price: Option<Price>,
        config: &ProviderConfig,
        question: &Question,
    ) -> Result<Self, Unanswered> {
        let refused = |error: Error| Unanswered::from(&error).about(&config.label());
        let request = question.request(provider.capabilities()).map_err(refused)?;
        let request = Request { stream: config.stream, ..request };
        provider.capabilities().check(&request).map_err(refused)?;
        Ok(Self { provider, request, price })
    }

    async fn ask(self) -> Outcome {
        let response: Response =
            self.provider.analyze(&self.request).await.map_err(|error| Unanswered::from(&error))?;
        let by_price =
            || self.price.as_ref().and_then(|price| price.cost_of(&response, Sent::of(self.request.media())));
        let cost = response.cost.filter(|cost| cost.0 > 0.0).or_else(by_price);
        Ok(Answered { response, cost })
    }
}

/// Asks everybody at once; the outcomes are in the order of the providers.
async fn all(asked: Vec<Result<Asked, Unanswered>>) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(asked.len());
    let mut tasks = JoinSet::new();
    for (place, asked) in asked.into_iter().enumerate() {
        outcomes.push(match asked {
            Ok(asked) => {
                tasks.spawn(async move { (place, asked.ask().await) });
                Err(Unanswered::lost())
            }
            Err(unanswered) => Err(unanswered),
        });
    }
    while let Some(ended) = tasks.join_next().await {
        if let Ok((place, outcome)) = ended {
            outcomes[place] = outcome;
        }
    }
    outcomes
}

fn surrounded(provider: Provider, price: Option<Price>, arguments: &AskArguments) -> Provider {
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
            overrun: None,
            pace: Pace::new(None, None),
            places: Places::new(1),
            run_places: Places::fixed(1),
            timeout: Duration::from_secs_f64(arguments.timeout),
        },
    )
}
