//! How the clouds' providers are built: what opens their doors may stand in variables, files or programs.

use eval::SetupError;
use vision_auth::{aws, azure as microsoft, google};
use vision_core::Secret;
use vision_http::{Auth, Pause, SigV4};

use super::both::both;
use super::hosts::{extra, ready};
use super::variables::private_variables;
use super::{Ingredients, Ready, wrong};

mod azure;

pub(super) use azure::azure;

impl Ingredients<'_> {
    /// The region that the settings or Amazon's own variables and files say.
    pub(super) fn region(
        &self,
        region: Option<&String>,
        profile: Option<&str>,
    ) -> Result<String, SetupError> {
        let found = region.cloned().or_else(|| self.on_machine(|machine| aws::region(machine, profile)));
        let found = found.or_else(|| (!self.needs_keys).then(|| "us-east-1".to_owned()));
        let region = found
            .ok_or_else(|| wrong(self.config, "no region: set AWS_REGION, or `region` in the settings"))?;
        // It becomes part of an address.
        match !region.is_empty() && region.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
            true => Ok(region),
            false => Err(wrong(self.config, format!("`{region}` is no region, such as us-east-1"))),
        }
    }

    /// The project that the settings or Google's own variables and credentials say.
    fn project(&self, project: Option<&String>) -> Result<String, SetupError> {
        let found = project.cloned().or_else(|| self.on_machine(google::project));
        let found = found.or_else(|| (!self.needs_keys).then(|| "project".to_owned()));
        let project = found.ok_or_else(|| {
            wrong(self.config, "no project: set GOOGLE_CLOUD_PROJECT, or `project` in the settings")
        })?;
        self.part_of_an_address("project", project)
    }

    fn part_of_an_address(&self, name: &str, value: String) -> Result<String, SetupError> {
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || b"-._:".contains(&letter);
        match !value.is_empty() && value.bytes().all(plain) {
            true => Ok(value),
            false => Err(wrong(self.config, format!("`{value}` is no {name}"))),
        }
    }
}

pub(super) fn bedrock(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_bedrock::{Config, KEY_VARIABLE, SERVICE, Settings, mantle_url};
    let settings: Settings = it.settings()?;
    let profile = settings.profile.as_deref();
    let key =
        it.environment.get(KEY_VARIABLE).map(Secret::new).filter(|_| it.needs_keys && profile.is_none());
    match settings.api.as_deref() {
        None | Some("converse") => {}
        Some(api @ ("openai" | "anthropic")) => {
            let message =
                || wrong(it.config, format!("api = \"{api}\" takes a Bedrock key: set {KEY_VARIABLE}"));
            let placeholder = || (!it.needs_keys).then(|| Secret::new("replayed"));
            let key = key.or_else(placeholder).ok_or_else(message)?;
            let mantle = mantle_url(&it.region(settings.region.as_ref(), profile)?);
            return match api {
                "openai" => bedrock_openai(it, &mantle, key, settings),
                _ => bedrock_anthropic(it, &mantle, key, settings),
            };
        }
        Some(other) => {
            let message = format!("api `{other}` is neither converse nor openai nor anthropic");
            return Err(wrong(it.config, message));
        }
    }
    let auth = match key {
        Some(key) => Auth::Bearer(key),
        None => it.signed(settings.region.as_ref(), SERVICE, profile)?,
    };
    let region = it.region(settings.region.as_ref(), profile)?;
    let mut config = Config::new(&region, &it.config.model, auth);
    if let Some(base_url) = &it.base_url {
        config.control_url.clone_from(base_url);
    }
    config.service_tier = settings.service_tier;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_bedrock, config)
}

/// The same models in OpenAI's dialect.
fn bedrock_openai(
    it: &Ingredients<'_>,
    mantle: &str,
    key: Secret,
    settings: provider_bedrock::Settings,
) -> Result<Ready, SetupError> {
    let preset = provider_compatible::preset("compatible").expect("the first of the presets");
    let mut config = provider_compatible::Config::new(preset, &it.config.model, Some(key));
    config.name = provider_bedrock::DESCRIPTOR.name.to_owned();
    config.base_url = format!("{mantle}/{}", provider_bedrock::openai_path(&it.config.model));
    if provider_bedrock::is_gpt(&it.config.model) {
        config.host.cap = provider_compatible::TokenCap::MaxCompletionTokens;
    }
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_compatible, config)
}

/// Claude in Anthropic's own dialect.
fn bedrock_anthropic(
    it: &Ingredients<'_>,
    mantle: &str,
    key: Secret,
    settings: provider_bedrock::Settings,
) -> Result<Ready, SetupError> {
    let mut config = provider_anthropic::Config::new(&it.config.model, key);
    config.name = provider_bedrock::DESCRIPTOR.name;
    config.base_url = format!("{mantle}/anthropic");
    config.key_header = provider_anthropic::KeyHeader::Bearer;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_anthropic, config)
}

pub(super) fn textract(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_textract::{Bucket, Config, SERVICE, STORAGE_SERVICE, Settings};
    let settings: Settings = it.settings()?;
    let profile = settings.profile.as_deref();
    let auth = it.signed(settings.region.as_ref(), SERVICE, profile)?;
    let region = it.region(settings.region.as_ref(), profile)?;
    // The same keys, in the name of another service.
    let storage = match &auth {
        Auth::SigV4(signature) => Auth::SigV4(SigV4 { service: STORAGE_SERVICE, ..signature.clone() }),
        other => other.clone(),
    };
    let mut config = Config::new(&region, &it.config.model, auth);
    config.bucket = settings.bucket.map(|name| {
        let bucket = Bucket::new(&region, name, storage, Pause::new(tokio::time::sleep));
        // Who has the service at another address has the bucket there, too.
        let bucket = match &it.base_url {
            Some(url) => bucket.at(url),
            None => bucket,
        };
        let prefix = settings.prefix.unwrap_or_else(|| bucket.prefix.clone());
        let patience = bucket.patience.clone().within(it.attempt);
        let (delete, single_pages) = (settings.delete, settings.single_pages);
        Bucket { prefix, delete, single_pages, patience, ..bucket }
    });
    ready!(it, provider_textract, config)
}

pub(super) fn azure_di(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_azure_di::{Config, KEY_HEADER, Settings};
    let settings: Settings = it.settings()?;
    let placeholder = || (!it.needs_keys).then(|| "https://resource.cognitiveservices.azure.com".to_owned());
    let endpoint = it.base_url.clone().or_else(placeholder).ok_or_else(|| {
        wrong(
            it.config,
            "no endpoint: set DOCUMENTINTELLIGENCE_ENDPOINT, such as https://RESOURCE.cognitiveservices.azure.com",
        )
    });
    let auth = match &it.key {
        Some(key) if !settings.entra => Ok(Auth::header(KEY_HEADER, key.clone())),
        _ => it.entra(microsoft::COGNITIVE_SERVICES, settings.entra),
    };
    let (endpoint, auth) = both(endpoint, auth)?;
    let mut config = Config::new(endpoint, &it.config.model, auth, Pause::new(tokio::time::sleep));
    config.api_version = settings.api_version.unwrap_or(config.api_version);
    (config.locale, config.pages, config.delete) = (settings.locale, settings.pages, settings.delete);
    config.patience = config.patience.within(it.attempt);
    ready!(it, provider_azure_di, config, provider_azure_di::next_models_call)
}

pub(super) fn mistral_ocr(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_mistral_ocr::{Config, Settings};
    let settings: Settings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.path = settings.path.unwrap_or(config.path);
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_mistral_ocr, config)
}

pub(super) fn llamaextract(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_llamaextract::{Config, Settings};
    let Settings { version, pages, delete } = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?, Pause::new(tokio::time::sleep));
    (config.version, config.pages, config.delete) = (version, pages, delete);
    config.patience = config.patience.within(it.attempt);
    ready!(it, provider_llamaextract, config)
}

pub(super) fn documentai(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_documentai::{Config, Kind, Settings};
    let settings: Settings = it.settings()?;
    let (kind, processor) = Kind::parse(&it.config.model).map_err(|error| it.failed(&error))?;
    let location = settings.location.unwrap_or_else(|| "us".to_owned());
    let (project, auth) = both(it.project(settings.project.as_ref()), it.google())?;
    let mut config = Config::new(&project, &location, kind, processor, auth);
    config.version = settings.version;
    ready!(it, provider_documentai, config, provider_documentai::next_models_call)
}

/// Gemini and Claude in Google's own house.
pub(super) fn vertex(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_gemini::vertex::{KEY_VARIABLE, Settings, base_url, express_path, path};
    let settings: Settings = it.settings()?;
    let variables = ["GOOGLE_CLOUD_LOCATION", "CLOUD_ML_REGION"];
    let location = settings.location.clone().or_else(|| it.variable(&variables));
    let location = it.part_of_an_address("location", location.unwrap_or_else(|| "global".to_owned()))?;
    if it.config.model.starts_with("claude-") {
        return vertex_claude(it, &location, settings);
    }
    // A key knows its project.
    let key = it.environment.get(KEY_VARIABLE).filter(|_| it.needs_keys && settings.project.is_none());
    let (auth, path) = match key {
        Some(key) => (Auth::header("x-goog-api-key", Secret::new(key)), express_path()),
        None => {
            let (project, auth) = both(it.project(settings.project.as_ref()), it.google())?;
            (auth, path("v1beta1", &project, &location, "google"))
        }
    };
    let pause = Pause::new(tokio::time::sleep);
    let mut config = provider_gemini::Config::new(&it.config.model, Secret::new(""), pause);
    config.name = provider_gemini::vertex::DESCRIPTOR.name;
    (config.base_url, config.path) = (base_url(&location), path);
    (config.auth, config.uploads, config.regional) = (Some(auth), false, location != "global");
    if settings.safety_off {
        config.safety = provider_gemini::Safety::Off;
    }
    config.extra = extra(it, settings.extra)?;
    let own_url = config.base_url.clone();
    config.base_url = it.base_url.clone().unwrap_or(config.base_url);
    let base_url = Some(config.base_url.clone());
    let provider =
        provider_gemini::provider(config, it.transport.clone()).map_err(|error| it.failed(&error))?;
    Ok(Ready { provider, base_url, own_url, models: None, about: "", credentials: None })
}

fn vertex_claude(
    it: &Ingredients<'_>,
    location: &str,
    settings: provider_gemini::vertex::Settings,
) -> Result<Ready, SetupError> {
    use provider_anthropic::{Config, Door, Version};
    use provider_gemini::vertex::{DESCRIPTOR, base_url, path};
    let from_variable = it.variable(&["ANTHROPIC_VERTEX_PROJECT_ID"]);
    let project = it.project(settings.project.as_ref().or(from_variable.as_ref()));
    let (project, auth) = both(project, it.google())?;
    let model = it.part_of_an_address("model", it.config.model.replace('@', ":"))?.replace(':', "@");
    let mut config = Config::new(&model, Secret::new(""));
    config.name = DESCRIPTOR.name;
    config.version = Version::V20230601;
    config.auth = Some(auth);
    config.door =
        Door::Vertex(format!("{}/models/{model}:rawPredict", path("v1", &project, location, "anthropic")));
    config.base_url = base_url(location);
    config.regional = location != "global";
    config.extra = extra(it, settings.extra)?;
    let own_url = config.base_url.clone();
    config.base_url = it.base_url.clone().unwrap_or(config.base_url);
    let base_url = Some(config.base_url.clone());
    let provider =
        provider_anthropic::provider(config, it.transport.clone()).map_err(|error| it.failed(&error))?;
    Ok(Ready { provider, base_url, own_url, models: None, about: "", credentials: None })
}

/// A program of the user's. One that only a record names is not started: a stranger may have written it.
pub(super) fn command(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_command::{Config, Settings, provider};
    let settings: Settings = match it.needs_keys || !it.config.settings.is_empty() {
        true => it.settings()?,
        // Only to be looked at, as by `providers list`.
        false => Settings {
            command: vec!["my-extractor".to_owned()],
            timeout_seconds: 120,
            formats: Vec::new(),
            max_images: None,
            env: Vec::new(),
        },
    };
    let known =
        |other: &eval::ProviderConfig| other.kind == it.config.kind && other.settings == it.config.settings;
    if it.trusted.is_some_and(|trusted| !trusted.iter().any(known)) {
        let message = format!(
            "the record would start the program `{}`, which eval.toml does not name: add this provider there if \
             you trust it",
            settings.command.first().map_or("", String::as_str)
        );
        return Err(wrong(it.config, message));
    }
    let (model, program) = (it.config.model.clone(), settings.command.join(" "));
    let provider =
        provider(Config { model, settings, keys: private_variables() }).map_err(|error| it.failed(&error))?;
    let about = "a program on this machine";
    it.announce_program(&program);
    Ok(Ready { provider, base_url: None, own_url: String::new(), models: None, about, credentials: None })
}
