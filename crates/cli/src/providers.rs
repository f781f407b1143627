use std::num::NonZeroU32;
use std::time::Duration;

use clap::{Args, Subcommand};
use eval::ProviderConfig;
use eval_report::escape::terminal;
use vision_core::{Capabilities, ErrorKind, Modality, Part, Request, Task};
use vision_http::{ModelInfo, host};

use crate::app::App;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::output::{
    CheckedProvider, ListFormat, ModelLine, ModelsOutput, ProviderLine, ProvidersCheckOutput,
    ProvidersOutput, json,
};
use crate::registry::{Credentials, KINDS, KeySource, Kind, Providers, Ready, kind};
use crate::settings::Project;
use crate::table::{columns, print, table};

/// What `providers` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval providers list
  vision-eval providers check openai --live
  vision-eval providers models gemini")]
pub struct ProvidersArguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List providers with their capabilities and whether their keys are set
    List {
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Check that the configured providers can be used
    Check {
        /// Select providers by label, kind or PROVIDER/MODEL
        name: Vec<String>,
        /// Send one short request to each provider
        #[arg(long)]
        live: bool,
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// List the models that a provider offers
    Models {
        /// Kind of provider, such as openai
        name: String,
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
}

/// Carries it out.
pub async fn start(arguments: ProvidersArguments, app: &App) -> Result<Exit, Failure> {
    match arguments.verb {
        Verb::List { format } => list(format, app),
        Verb::Check { name, live, format } => check(&name, live, format, app).await,
        Verb::Models { name, format } => models(&name, format, app).await,
    }
}

fn list(format: ListFormat, app: &App) -> Result<Exit, Failure> {
    let transport = transport(&app.shared, &Traffic::default())?;
    // What a provider can do does not depend on its key.
    let providers = Providers::new(&app.environment, transport, false);
    let supports = |kind: &Kind| {
        let example = ProviderConfig::new(kind.name, kind.example);
        match providers.ready(&example) {
            Ok((ready, _)) => abilities(ready.provider.capabilities()),
            Err(error) => error.to_string(),
        }
    };
    if format == ListFormat::Json {
        let line = |kind: &Kind| ProviderLine {
            kind: kind.name.to_owned(),
            key_variables: kind.keys.iter().map(|&key| key.to_owned()).collect(),
            key_set: app.environment.first(kind.keys).is_some(),
            key_required: !kind.keyless,
            example: format!("{}/{}", kind.name, kind.example),
            supports: supports(kind),
        };
        json(&ProvidersOutput { providers: KINDS.iter().map(line).collect() })?;
        return Ok(Exit::Pass);
    }
    let rows = KINDS.iter().map(|kind| {
        let example = format!("{}/{}", kind.name, kind.example);
        [kind.name.to_owned(), key_state(kind, &app.environment), example, inputs(&supports(kind))]
    });
    print(&table(["provider", "key", "example", "input"], rows, columns(&app.environment)))?;
    print(
        "\nAny other model of a provider can be used by its name. Keys are read from the environment or from .env.\n\
         --format json shows all capabilities.",
    )?;
    Ok(Exit::Pass)
}

/// The inputs among all that a provider supports: the rest has no room in a table.
fn inputs(supports: &str) -> String {
    let is_input = |word: &&str| ["image", "PDF", "audio", "video", "URL"].contains(word);
    supports.split(", ").filter(is_input).collect::<Vec<_>>().join(", ")
}

fn key_state(kind: &Kind, environment: &Environment) -> String {
    match environment.first(kind.keys) {
        _ if kind.keys.is_empty() => "none needed".to_owned(),
        Some((variable, _)) => format!("{variable}: set"),
        None if kind.keyless => format!("{}: optional", kind.keys[0]),
        None if kind.sources.is_empty() => format!("{}: missing", kind.keys[0]),
        None => format!("{}: missing (or {})", kind.keys[0], kind.sources),
    }
}

/// What a provider can do, in words.
pub fn abilities(capabilities: &Capabilities) -> String {
    let modalities = [Modality::Image, Modality::Pdf, Modality::Audio, Modality::Video];
    let mut words: Vec<String> =
        modalities.iter().filter(|it| capabilities.takes(**it)).map(|it| it.name().to_owned()).collect();
    if !capabilities.prompt {
        let tasks: Vec<_> = capabilities.tasks.iter().map(|task| task.name()).collect();
        words.push(format!("no prompt; tasks {}", tasks.join(" ")));
    }
    let extras = [
        ("URL", capabilities.url_input),
        ("JSON schema", capabilities.json_schema && capabilities.prompt),
        ("detail", capabilities.detail),
        ("temperature", capabilities.temperature),
        ("seed", capabilities.seed),
        ("effort", capabilities.effort),
    ];
    words.extend(extras.iter().filter(|(_, has)| *has).map(|(name, _)| (*name).to_owned()));
    words.join(", ")
}

async fn check(names: &[String], live: bool, format: ListFormat, app: &App) -> Result<Exit, Failure> {
    let mut project = Project::read(&app.shared)?;
    if !names.is_empty() {
        let choice = crate::settings::Choice {
            provider: names.iter().map(|name| with_example(name)).collect(),
            ..Default::default()
        };
        project.apply(&choice)?;
    }
    let enabled: Vec<_> = project.config.provider.iter().filter(|provider| provider.enabled).collect();
    let providers = Providers::new(&app.environment, transport(&app.shared, &Traffic::default())?, true);
    let mut checked = Vec::new();
    for config in enabled.into_iter().filter(|config| !eval::is_control(&config.kind)) {
        let state = match providers.ready(config) {
            Err(error) => Err(error.to_string()),
            Ok((ready, kind)) if live && ready.base_url.is_some() => {
                let transport = transport(&app.shared, &Traffic::default())?;
                one_word((&ready, kind), transport.as_ref()).await
            }
            Ok((ready, _)) => untried(&ready),
        };
        let (label, ready) = (config.label(), state.is_ok());
        let (Ok(message) | Err(message)) = state;
        if format == ListFormat::Text {
            let mark = if ready { "ok" } else { "FAILED" };
            print(&format!("{mark:<7} {label}: {message}"))?;
        }
        checked.push(CheckedProvider { label, ready, message });
    }
    let all_well = checked.iter().all(|it| it.ready);
    if format == ListFormat::Json {
        json(&ProvidersCheckOutput { providers: checked })?;
    }
    Ok(if all_well { Exit::Pass } else { Exit::Setup })
}

/// A bare kind stands for its example model.
fn with_example(name: &str) -> String {
    match KINDS.iter().find(|kind| kind.name == name) {
        Some(kind) => format!("{}/{}", kind.name, kind.example),
        None => name.to_owned(),
    }
}

/// What can be said of a provider before it is asked anything.
fn untried(ready: &Ready) -> Result<String, String> {
    let Some(Credentials { source, lacks }) = ready.credentials.as_ref().filter(|_| ready.base_url.is_some())
    else {
        return Ok("ready".to_owned());
    };
    match (lacks, source) {
        (Some(lacks), _) => Err(lacks.clone()),
        (None, Some(source)) => Ok(format!("ready; credentials from {source} not tried (use --live)")),
        (None, None) => Ok("ready; credentials not tried (use --live)".to_owned()),
    }
}

async fn one_word(
    (ready, kind): (&Ready, &Kind),
    transport: &dyn vision_http::Transport,
) -> Result<String, String> {
    let provider = &ready.provider;
    // Reasoning models need room to think before the one word.
    let most = NonZeroU32::new(64).expect("64 is not 0");
    let request = Request::new(Task::Text, vec![Part::Text("Answer with the word: yes".to_owned())], most);
    match tokio::time::timeout(Duration::from_secs(60), provider.analyze(&request)).await {
        Ok(Ok(response)) => {
            let model = response.model.unwrap_or_else(|| provider.id().model().to_owned());
            Ok(format!("answers in {:.2} s as {model}", response.timing.total.as_secs_f64()))
        }
        Ok(Err(error)) if error.kind() == ErrorKind::Unsupported => match &ready.models {
            // Reading a page would cost money; the list of models shows whether the credentials work.
            Some(list) => {
                let listed = list.all(transport).await.map_err(|error| failure(ready, kind, error))?;
                match provider.id().model() {
                    model if is_listed(model, &listed) => {
                        Ok("ready; the credentials are accepted".to_owned())
                    }
                    model => Err(unlisted(model, &listed)),
                }
            }
            None => Ok("ready; takes no prompt".to_owned()),
        },
        Ok(Err(error)) => Err(terminal(&error.chain())),
        Err(_) => Err("no answer within 60 s".to_owned()),
    }
}

/// Words of a host, whole: the end may say what to run.
fn failure(ready: &Ready, kind: &Kind, error: vision_core::Error) -> String {
    let host = ready.base_url.as_deref().map(host).unwrap_or_default();
    let error = match KeySource::of(kind, ready.credentials.as_ref()) {
        Some(source) => source.name(error, host),
        None => error,
    };
    terminal(&error.chain())
}

/// Whether a host offers a model. What stands before the id of a processor is for us to say, and not for the host.
fn is_listed(model: &str, listed: &[ModelInfo]) -> bool {
    let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    listed.iter().any(|it| id(&it.id) == id(model))
}

/// A model that a host does not name among those that it offers.
fn unlisted(model: &str, listed: &[ModelInfo]) -> String {
    const SHOWN: usize = 10;
    let names: Vec<_> = listed.iter().take(SHOWN).map(|it| it.id.as_str()).collect();
    let more = if listed.len() > SHOWN { ", …" } else { "" };
    let listed = match names.is_empty() {
        true => "it lists none".to_owned(),
        false => format!("it lists {}{more}", names.join(", ")),
    };
    terminal(&format!("the credentials are accepted, but the host does not list `{model}` ({listed})"))
}

async fn models(name: &str, format: ListFormat, app: &App) -> Result<Exit, Failure> {
    let kind = kind(name).map_err(Failure::setup)?;
    let transport = transport(&app.shared, &Traffic::default())?;
    let providers = Providers::new(&app.environment, transport.clone(), true);
    let (ready, _) = providers.ready(&ProviderConfig::new(kind.name, kind.example))?;
    let Some(list) = &ready.models else {
        return Err(Failure::setup(format!("{name} has no list of models")));
    };
    let listed = list.all(transport.as_ref()).await;
    let mut models = listed.map_err(|error| Failure::setup(failure(&ready, kind, error)))?;
    models.sort_by(|a, b| a.id.cmp(&b.id));
    if format == ListFormat::Json {
        let line = |model: ModelInfo| ModelLine {
            id: model.id,
            modalities: model.modalities.map(|it| it.iter().map(|it| it.name().to_owned()).collect()),
            context: model.context,
            end_of_life: model.end_of_life,
        };
        json(&ModelsOutput { models: models.into_iter().map(line).collect() })?;
        return Ok(Exit::Pass);
    }
    let rows = models.into_iter().map(|model| {
        let modalities =
            model.modalities.map(|it| it.iter().map(|it| it.name()).collect::<Vec<_>>().join(" "));
        let context = model.context.map(|tokens| tokens.to_string());
        [
            model.id,
            modalities.unwrap_or_default(),
            context.unwrap_or_default(),
            model.end_of_life.unwrap_or_default(),
        ]
    });
    print(&table(["model", "takes", "context", "ends"], rows, columns(&app.environment)))?;
    Ok(Exit::Pass)
}
