//! Where what opens the clouds' doors comes from: variables, files, programs.

use std::sync::Arc;

use eval::SetupError;
use serde_json::Value;
use vision_auth::{Machine, aws, azure as microsoft, google};
use vision_core::Secret;
use vision_http::{Auth, SigV4};

use super::both::both;
use super::{Ingredients, Kind, missing_key, wrong};
use crate::environment::Environment;

/// What can be known of credentials before anybody is asked for them.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Where they come from, for people.
    pub source: Option<String>,
    /// What can be seen to be missing.
    pub lacks: Option<String>,
}

impl Credentials {
    fn of(auth: &Auth) -> Self {
        Self { source: auth.source().map(str::to_owned), lacks: auth.lacks().map(str::to_owned) }
    }
}

/// Whether anything but a key of this kind's own variables opens its door, as far as can be seen.
pub fn finds_source(kind: &Kind, settings: &Value, environment: &Environment) -> bool {
    let profile = settings["profile"].as_str();
    environment.on_machine(|machine| match kind.name {
        "bedrock" | "textract" => aws::keys(machine, profile).is_ok_and(|keys| keys.lacks().is_none()),
        "vertex" | "documentai" => google::tokens(machine).is_ok_and(|it| it.tokens.lacks().is_none()),
        "azure" | "azure-di" => {
            let wanted = settings["entra"] == true || microsoft::is_said(machine);
            let tokens = || microsoft::tokens(machine, microsoft::COGNITIVE_SERVICES);
            wanted && tokens().is_ok_and(|tokens| tokens.lacks().is_none())
        }
        _ => false,
    })
}

impl Ingredients<'_> {
    /// The same, and its source is remembered.
    fn sourced(&self, auth: Auth) -> Auth {
        _ = self.credentials.set(Credentials::of(&auth));
        auth
    }

    /// Does something with what may be known of this machine.
    pub(super) fn on_machine<T>(&self, work: impl FnOnce(&Machine<'_>) -> T) -> T {
        self.environment.on_machine(work)
    }

    /// Stands for whatever would open the door, where nothing is sent.
    pub(super) fn nothing_is_sent(&self) -> Option<Auth> {
        (!self.needs_keys).then(|| Auth::Bearer(Secret::new("replayed")))
    }

    /// What is missing in one word, and where else it was looked for.
    pub(super) fn no_key(&self, tried: &str) -> SetupError {
        wrong(self.config, format!("{}; {tried}", missing_key(self.kind)))
    }

    /// Keys that sign, from wherever Amazon's own tools have them.
    pub(super) fn signed(
        &self,
        region: Option<&String>,
        service: &'static str,
        profile: Option<&str>,
    ) -> Result<Auth, SetupError> {
        if let Some(auth) = self.nothing_is_sent() {
            return Ok(auth);
        }
        let keys = self.on_machine(|machine| aws::keys(machine, profile));
        let keys = keys.map(Arc::new).map_err(|message| self.no_key(&message));
        let (keys, region) = both(keys, self.region(region, profile))?;
        Ok(self.sourced(Auth::SigV4(SigV4 { keys, region, service })))
    }

    /// Tokens of Google's.
    pub(super) fn google(&self) -> Result<Auth, SetupError> {
        if let Some(auth) = self.nothing_is_sent() {
            return Ok(auth);
        }
        let tokens = self.on_machine(google::tokens).map_err(|message| wrong(self.config, message))?;
        Ok(self.sourced(Auth::GoogleToken(tokens)))
    }

    /// Tokens of Entra, for who asks for them or has an application there.
    pub(super) fn entra(&self, resource: &'static str, asked_for: bool) -> Result<Auth, SetupError> {
        if let Some(auth) = self.nothing_is_sent() {
            return Ok(auth);
        }
        if !asked_for && !self.on_machine(microsoft::is_said) {
            return Err(self.no_key(
                "or use a token of Entra: set `entra = true` in the settings, and run `az login` or give the machine a \
                 managed identity",
            ));
        }
        let tokens = self.on_machine(|machine| microsoft::tokens(machine, resource));
        let tokens = tokens.map_err(|message| wrong(self.config, message))?;
        Ok(self.sourced(Auth::EntraToken(Arc::new(tokens))))
    }
}
