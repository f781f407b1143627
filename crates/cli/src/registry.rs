//! The only place that names every provider.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eval::{Built, ProviderConfig, Registry, SetupError};
use serde::de::DeserializeOwned;
use vision_batch::{BatchHost, Batching, Door, Relay};
use vision_core::{Error, Provider, Secret};
use vision_http::{Descriptor, Transport, host};

use crate::environment::Environment;

mod both;
pub mod cascade;
mod clouds;
mod credentials;
mod hosts;
mod key_source;
mod kinds;
mod model_list;
mod names;
mod variables;

pub use credentials::{Credentials, finds_source};
pub use key_source::KeySource;
pub use kinds::KINDS;
pub use model_list::ModelList;
pub use names::{kind, parse};
pub use variables::{may_stand_in_a_file, secrets};

/// A kind of provider, as `providers list` shows it.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What its crate says of it.
    descriptor: Descriptor,
    /// Whether it can do without a key.
    pub keyless: bool,
    /// The shape of its batches, if it has any that are known here.
    batches: Option<Batches>,
    build: fn(&Ingredients<'_>) -> Result<Ready, SetupError>,
}

/// Opens the way to a host's batches.
type Batches = fn(Door) -> Result<Arc<dyn BatchHost>, Error>;

impl Kind {
    /// The same, with batches of this shape.
    fn with_batches(self, batches: Batches) -> Self {
        Self { batches: Some(batches), ..self }
    }

    /// Whether its requests can be handed over in batches.
    pub fn has_batches(&self) -> bool {
        self.batches.is_some()
    }

    /// A kind that its own crate describes.
    fn of(descriptor: Descriptor, build: fn(&Ingredients<'_>) -> Result<Ready, SetupError>) -> Self {
        Self { descriptor, keyless: descriptor.keys.is_empty(), batches: None, build }
    }
}

impl std::ops::Deref for Kind {
    type Target = Descriptor;

    fn deref(&self) -> &Descriptor {
        &self.descriptor
    }
}

/// What one provider is made of.
pub(crate) struct Ingredients<'a> {
    kind: &'static Kind,
    config: &'a ProviderConfig,
    key: Option<Secret>,
    base_url: Option<String>,
    environment: &'a Environment,
    transport: Arc<dyn Transport>,
    needs_keys: bool,
    /// What was found out about credentials, where they are no key of the kind's own variables.
    credentials: OnceCell<Credentials>,
    /// How long one attempt may take.
    attempt: Duration,
    /// What the project's own configuration names, where the entry is from a record.
    trusted: Option<&'a [ProviderConfig]>,
    /// What was said about addresses and programs, so that it is said once.
    said: &'a Mutex<BTreeSet<(&'static str, String)>>,
}

/// A provider, and how to ask its host for the list of its models.
pub struct Ready {
    /// One attempt at a time, no layers.
    pub provider: Provider,
    /// Where requests go.
    pub base_url: Option<String>,
    /// The default address; empty if there is none.
    pub own_url: String,
    /// The list of its models, if it has one.
    pub models: Option<ModelList>,
    /// A sentence for reports.
    pub about: &'static str,
    /// Where its credentials come from, if it has any.
    pub credentials: Option<Credentials>,
}

/// Builds providers out of the configuration and the environment.
#[derive(Debug)]
pub struct Providers<'a> {
    environment: &'a Environment,
    transport: Arc<dyn Transport>,
    /// Moves batches, whose results are larger than any answer.
    batch_transport: Option<Arc<dyn Transport>>,
    /// Replayed answers need no key.
    needs_keys: bool,
    /// Nothing will be sent: who has no key yet is not asked for one.
    is_quote: bool,
    /// How long one attempt may take.
    attempt: Duration,
    /// What the project's own configuration names, where entries are from a record.
    trusted: Option<&'a [ProviderConfig]>,
    /// Whether that record was not made on this machine.
    is_strange: bool,
    /// What was said about addresses and programs, so that it is said once.
    said: Mutex<BTreeSet<(&'static str, String)>>,
}

impl<'a> Providers<'a> {
    /// All of them over one transport.
    pub fn new(environment: &'a Environment, transport: Arc<dyn Transport>, needs_keys: bool) -> Self {
        Self {
            environment,
            transport,
            batch_transport: None,
            needs_keys,
            is_quote: false,
            attempt: Duration::MAX,
            trusted: None,
            is_strange: false,
            said: Mutex::default(),
        }
    }

    /// The same, with another transport for batches.
    #[must_use]
    pub fn with_batches(self, transport: Arc<dyn Transport>) -> Self {
        Self { batch_transport: Some(transport), ..self }
    }

    /// The same, where an attempt may take so many seconds: who waits for a service gives up before that.
    #[must_use]
    pub fn within(self, seconds: f64) -> Self {
        Self { attempt: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX), ..self }
    }

    /// The same, where nothing will be sent: a price can be looked at before signing up.
    #[must_use]
    pub fn for_a_quote(self) -> Self {
        Self { is_quote: true, ..self }
    }

    /// The same for the entries of a record, which a stranger may have written: programs are only started if the project
    /// itself names them.
    #[must_use]
    pub fn of_a_record(self, trusted: &'a [ProviderConfig]) -> Self {
        Self { trusted: Some(trusted), ..self }
    }

    /// The same for a record that was not made on this machine, or was edited: keys and media go only to addresses that
    /// the project, the environment or the provider itself names.
    #[must_use]
    pub fn of_a_stranger(self) -> Self {
        Self { is_strange: true, ..self }
    }

    /// Whether the project's own configuration names this very provider, where a record might have invented it.
    fn is_trusted(&self, config: &ProviderConfig) -> bool {
        self.trusted.is_none_or(|trusted| {
            trusted.iter().any(|other| other.kind == config.kind && other.settings == config.settings)
        })
    }

    /// An address that only a stranger's record names is not asked.
    fn check_address(
        &self,
        kind: &Kind,
        config: &ProviderConfig,
        own_url: &str,
        url: &str,
    ) -> Result<(), SetupError> {
        let configured = self.trusted.unwrap_or_default().iter().filter(|other| other.kind == config.kind);
        let configured = configured.filter_map(|other| other.base_url.as_deref());
        let known = configured.chain(self.environment.get(kind.base_url_variable)).chain([own_url]);
        match known.filter(|known| !known.is_empty()).any(|known| origin(known) == origin(url)) {
            true => Ok(()),
            false => Err(wrong(
                config,
                format!(
                    "the record would send requests to {}, which eval.toml does not name: add this provider with its \
                     base_url there, or set {}, if you trust it",
                    host(url),
                    kind.base_url_variable
                ),
            )),
        }
    }

    /// Whether a missing key, and what comes with one, is a mistake.
    fn asks_for_key(&self, kind: &Kind) -> bool {
        self.needs_keys && (kind.keyless || !self.is_quote)
    }

    /// Builds one provider.
    pub fn ready(&self, config: &ProviderConfig) -> Result<(Ready, &'static Kind), SetupError> {
        self.ready_over(config, self.transport.clone())
    }

    /// How the requests of a provider are handed over in batches.
    fn batching(&self, config: &ProviderConfig) -> Result<Option<Batching>, SetupError> {
        if config.batch != Some(true) {
            return Ok(None);
        }
        let relay = Arc::new(Relay::default());
        let (ready, kind) = self.ready_over(config, relay.clone())?;
        let Some(batches) = kind.batches else {
            let known: Vec<_> =
                KINDS.iter().filter(|kind| kind.has_batches()).map(|kind| kind.name).collect();
            let message = format!(
                "`{}` cannot be asked in batches here (those that can: {})",
                kind.name,
                known.join(", ")
            );
            return Err(wrong(config, message));
        };
        let transport = self.batch_transport.as_ref().unwrap_or(&self.transport).clone();
        Ok(Some(Batching::new(ready.provider, relay, transport, self.attempt, batches)))
    }

    fn ready_over(
        &self,
        config: &ProviderConfig,
        transport: Arc<dyn Transport>,
    ) -> Result<(Ready, &'static Kind), SetupError> {
        let kind = kind(&config.kind).map_err(|message| wrong(config, message))?;
        let ingredients = Ingredients {
            kind,
            config,
            key: self.key(kind),
            base_url: self.base_url(kind, config)?,
            environment: self.environment,
            transport,
            needs_keys: self.asks_for_key(kind),
            credentials: OnceCell::new(),
            attempt: self.attempt,
            trusted: self.trusted,
            said: &self.said,
        };
        let ready = (kind.build)(&ingredients)?;
        if let Some(url) = &ready.base_url {
            self.check_proxies(config)?;
            if self.is_strange {
                self.check_address(kind, config, &ready.own_url, url)?;
            }
        }
        self.announce(kind, config, &ready);
        let credentials = ingredients.credentials.into_inner().or_else(|| self.by_key(kind));
        let provider = match (&ready.base_url, KeySource::of(kind, credentials.as_ref())) {
            (Some(base_url), Some(source)) => source.around(ready.provider, base_url),
            _ => ready.provider,
        };
        Ok((Ready { provider, credentials, ..ready }, kind))
    }

    /// A proxy that cannot be used would be passed by silently.
    fn check_proxies(&self, config: &ProviderConfig) -> Result<(), SetupError> {
        let variables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
        let set = variables.into_iter().filter_map(|name| Some((name, self.environment.get(name)?)));
        match set.into_iter().find(|(_, value)| !vision_http::is_proxy(value)) {
            // Its value may hold a password.
            Some((name, _)) => {
                Err(wrong(config, format!("{name} is not the address of a proxy, such as http://proxy:3128")))
            }
            None => Ok(()),
        }
    }

    /// Says where requests go if that is not the provider's own address, before any is sent: a variable, a file or a
    /// record from a stranger may have decided it.
    fn announce(&self, kind: &'static Kind, config: &ProviderConfig, ready: &Ready) {
        let Some(base_url) = ready.base_url.as_deref().filter(|_| self.needs_keys) else { return };
        if host(base_url) == host(&ready.own_url) {
            return;
        }
        let origin = match config.base_url {
            Some(_) => "base_url".to_owned(),
            None => self.environment.origin(kind.base_url_variable),
        };
        if !is_first(&self.said, kind.name, host(base_url)) {
            return;
        }
        let line = format!("note: requests to {} go to {} (set by {origin})", kind.name, host(base_url));
        eprintln!("{}", eval_report::escape::terminal(&line));
    }

    /// Addresses are written into plans and logs, so that nothing private may stand in one.
    fn base_url(&self, kind: &Kind, config: &ProviderConfig) -> Result<Option<String>, SetupError> {
        let set = || self.environment.get(kind.base_url_variable).map(str::to_owned);
        let base_url = config.base_url.clone().or_else(set);
        let rest = base_url.as_deref().and_then(|url| url.split_once("://")).map_or("", |(_, rest)| rest);
        if rest.contains(['?', '#'])
            || rest.split('/').next().is_some_and(|authority| authority.contains('@'))
        {
            return Err(wrong(
                config,
                "the base URL must hold neither a password nor a query nor a `#`: keys go into variables",
            ));
        }
        Ok(base_url)
    }

    /// A key of the kind's own variables.
    fn by_key(&self, kind: &Kind) -> Option<Credentials> {
        let (variable, _) = self.environment.first(kind.keys)?;
        Some(Credentials { source: Some(variable.to_owned()), lacks: None })
    }

    fn key(&self, kind: &Kind) -> Option<Secret> {
        let replayed = (!self.asks_for_key(kind) && !kind.keyless).then_some("replayed");
        self.environment.first(kind.keys).map(|(_, key)| key).or(replayed).map(Secret::new)
    }
}

impl Registry for Providers<'_> {
    fn build(&self, config: &ProviderConfig) -> Result<Built, SetupError> {
        if config.kind == cascade::KIND {
            return cascade::build(self, config);
        }
        let (ready, kind) = self.ready(config)?;
        let local = ready.base_url.is_none();
        let host = ready.base_url.as_deref().map_or(kind.name, host).to_owned();
        Ok(Built {
            provider: ready.provider,
            host,
            base_url: ready.base_url,
            concurrency: kind.concurrency,
            local,
            about: ready.about.to_owned(),
            batching: self.batching(config)?,
            cascade: None,
        })
    }
}

/// What decides who gets a request: its scheme, host and port.
fn origin(url: &str) -> (&str, &str) {
    (url.split("://").next().unwrap_or_default(), host(url))
}

fn missing_key(kind: &Kind) -> String {
    let free: Vec<_> = KINDS.iter().filter(|kind| kind.keyless).map(|kind| kind.name).collect();
    format!(
        "no key: set {} (get one at {}); without a key there are: {}",
        kind.keys.join(" or "),
        kind.key_page,
        free.join(", ")
    )
}

fn wrong(config: &ProviderConfig, message: impl Into<String>) -> SetupError {
    SetupError::Provider { label: config.label(), message: message.into() }
}

/// Whether this was not said before.
fn is_first(said: &Mutex<BTreeSet<(&'static str, String)>>, kind: &'static str, what: &str) -> bool {
    said.lock().unwrap_or_else(PoisonError::into_inner).insert((kind, what.to_owned()))
}

impl Ingredients<'_> {
    /// Says which program will be started, before it is: a configuration from a stranger may have named it.
    fn announce_program(&self, program: &str) {
        if self.needs_keys && is_first(self.said, self.kind.name, program) {
            let line =
                format!("note: {} starts the program `{program}` (set by eval.toml)", self.config.label());
            eprintln!("{}", eval_report::escape::terminal(&line));
        }
    }

    /// The settings of this kind; a word that it does not know is an error with the nearest right one.
    fn settings<T: DeserializeOwned>(&self) -> Result<T, SetupError> {
        let text = toml::to_string(&self.config.settings).unwrap_or_default();
        eval_datasets::parse_toml(std::path::Path::new("settings"), &text)
            .map_err(|problem| wrong(self.config, format!("settings: {}", problem.message)))
    }

    /// The key, which is asked for after the settings were read: a mistake in them can be told without it.
    fn secret(&self) -> Result<Secret, SetupError> {
        self.key.clone().ok_or_else(|| wrong(self.config, missing_key(self.kind)))
    }

    /// The key's variables and those of the project may hold more than the key: folders, organisations.
    fn variable(&self, names: &[&'static str]) -> Option<String> {
        self.environment.first(names).map(|(_, value)| value.to_owned())
    }

    fn failed(&self, error: &Error) -> SetupError {
        wrong(self.config, error.chain())
    }
}
