//! Tokens of Google's.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{Call, Fresh, GoogleToken, Renewed, Source, Transport};

use crate::{Fixed, Machine, command, form, grant, jwt};

/// A token that somebody got elsewhere; it is not renewed.
pub const TOKEN_VARIABLE: &str = "GOOGLE_OAUTH_ACCESS_TOKEN";

/// The variable that names a file with credentials.
pub const FILE_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// Where to begin.
pub const KEY_PAGE: &str = "https://cloud.google.com/docs/authentication/application-default-credentials";

const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
const LOGIN: &str = "run `gcloud auth application-default login`";

/// Finds where tokens come from, or says what is wrong with the file that should say it.
pub fn tokens(machine: &Machine<'_>) -> Result<GoogleToken, String> {
    let quota_project = machine.get("GOOGLE_CLOUD_QUOTA_PROJECT");
    if let Some(token) = machine.get(TOKEN_VARIABLE) {
        let tokens = Fixed::renewed(TOKEN_VARIABLE, Secret::new(token)).into();
        return Ok(GoogleToken { tokens, quota_project });
    }
    let Some((path, text)) = file(machine)? else {
        let tokens = Renewed::new(OfMachine::new(machine)).into();
        return Ok(GoogleToken { tokens, quota_project });
    };
    let wrong = |why: String| format!("{path} {why}: {LOGIN}, or download a new key of a service account");
    let file: File =
        serde_json::from_str(&text).map_err(|_| wrong("holds no credentials of Google's".to_owned()))?;
    let of_file = file.quota_project_id.clone();
    let tokens = file.tokens(&path).map_err(wrong)?.into();
    Ok(GoogleToken { tokens, quota_project: quota_project.or(of_file) })
}

/// The project that the credentials name, unless another is configured.
pub fn project(machine: &Machine<'_>) -> Option<String> {
    let names = ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"];
    let of_file = || {
        let (_, text) = file(machine).ok()??;
        serde_json::from_str::<File>(&text).ok()?.project_id
    };
    names.into_iter().find_map(|name| machine.get(name)).or_else(of_file)
}

/// The file with credentials, and its text.
fn file(machine: &Machine<'_>) -> Result<Option<(String, String)>, String> {
    if let Some(path) = machine.get(FILE_VARIABLE) {
        let text = machine.read(&path);
        let text =
            text.ok_or_else(|| format!("GOOGLE_APPLICATION_CREDENTIALS names {path}, which cannot be read"))?;
        return Ok(Some((path, text)));
    }
    let folder = machine.get("CLOUDSDK_CONFIG").unwrap_or_else(|| "~/.config/gcloud".to_owned());
    let path = format!("{folder}/application_default_credentials.json");
    Ok(machine.read(&path).map(|text| (path, text)))
}

fn metadata_host(machine: &Machine<'_>) -> Option<String> {
    let off = machine.get("NO_GCE_CHECK").is_some_and(|value| value == "true");
    let host = machine.get("GCE_METADATA_HOST").unwrap_or_else(|| "metadata.google.internal".to_owned());
    (!off).then_some(host)
}

/// A file with credentials. Its kind decides which fields there are.
#[derive(Deserialize, Default)]
#[serde(default)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    client_email: String,
    private_key: String,
    private_key_id: String,
    token_uri: Option<String>,
    project_id: Option<String>,
    client_id: String,
    client_secret: String,
    refresh_token: String,
    quota_project_id: Option<String>,
}

impl File {
    fn tokens(self, path: &str) -> Result<Renewed<Secret>, String> {
        let url = self.token_uri.clone().unwrap_or_else(|| TOKEN_URL.to_owned());
        let filled = |name: &str, value: &str| match value.is_empty() {
            true => Err(format!("lacks `{name}`")),
            false => Ok(()),
        };
        match self.kind.as_str() {
            "service_account" => {
                filled("client_email", &self.client_email)?;
                filled("private_key", &self.private_key)?;
                Ok(Renewed::new(ServiceAccount {
                    name: format!("the service account in {path}"),
                    email: self.client_email,
                    key: jwt::Key::parse(&self.private_key)?,
                    key_id: self.private_key_id,
                    url,
                }))
            }
            "authorized_user" => {
                filled("client_id", &self.client_id)?;
                filled("refresh_token", &self.refresh_token)?;
                Ok(Renewed::new(User {
                    name: format!("the login in {path}"),
                    client_id: self.client_id,
                    client_secret: Secret::new(self.client_secret),
                    refresh_token: Secret::new(self.refresh_token),
                    url,
                }))
            }
            // Federation and impersonation have many forms, and `gcloud` knows them all.
            "external_account" | "impersonated_service_account" | "external_account_authorized_user" => {
                Ok(Renewed::new(Gcloud { words: &["auth", "application-default", "print-access-token"] }))
            }
            "" => Err("does not say its `type`".to_owned()),
            other => Err(format!("is of the type `{other}`, which is not known")),
        }
    }
}

/// An account of a program, with a key of its own.
struct ServiceAccount {
    name: String,
    email: String,
    key: jwt::Key,
    key_id: String,
    url: String,
}

impl std::fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl ServiceAccount {
    fn call(&self, now: u64) -> Result<Call> {
        let claims = json!({
            "iat": now, "exp": now + 3600, "iss": self.email, "aud": self.url, "scope": SCOPE
        });
        let assertion = self.key.sign(&self.key_id, &claims);
        let assertion =
            assertion.map_err(|why| Error::new(ErrorKind::Config, format!("{}: {why}", self.name)))?;
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let mut call = form::post(&self.url, &[("grant_type", grant), ("assertion", &assertion)]);
        call.private.push(Secret::new(assertion));
        Ok(call)
    }
}

#[async_trait]
impl Source<Secret> for ServiceAccount {
    fn name(&self) -> &str {
        &self.name
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        grant::ask(transport, self.call(now.as_secs())?, "is the key of the service account still there?")
            .await
    }
}

/// A person who has logged in.
#[derive(Debug)]
struct User {
    name: String,
    client_id: String,
    client_secret: Secret,
    refresh_token: Secret,
    url: String,
}

#[async_trait]
impl Source<Secret> for User {
    fn name(&self) -> &str {
        &self.name
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose()),
            ("refresh_token", self.refresh_token.expose()),
        ];
        let mut call = form::post(&self.url, &fields);
        call.private.extend([self.client_secret.clone(), self.refresh_token.clone()]);
        grant::ask(transport, call, LOGIN).await
    }
}

/// The command line tool of the user who is logged in.
#[derive(Debug)]
struct Gcloud {
    words: &'static [&'static str],
}

/// It does not say how long a token lasts, and renews it itself.
const OF_COMMAND: Duration = Duration::from_secs(300);

#[async_trait]
impl Source<Secret> for Gcloud {
    fn name(&self) -> &str {
        "the command `gcloud`"
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<Secret>> {
        let words: Vec<String> = self.words.iter().map(|word| (*word).to_owned()).collect();
        let text = command::output("gcloud", &words, "run `gcloud auth login`").await?;
        let token = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.contains(' '));
        let token = token
            .ok_or_else(|| Error::new(ErrorKind::Auth, format!("`gcloud` printed no token: {LOGIN}")))?;
        Ok(Fresh { value: Secret::new(token), lasts: Some(OF_COMMAND) })
    }
}

/// Without a file: the user who is logged in, or the account of a machine of Google's.
#[derive(Debug)]
struct OfMachine {
    metadata: Option<String>,
    lacks: Option<String>,
}

/// Only Google's machines answer that name, and not all networks say so at once.
const METADATA_PATIENCE: Duration = Duration::from_secs(3);

impl OfMachine {
    fn new(machine: &Machine<'_>) -> Self {
        // Where a program of Google's own platforms runs, nothing else may say so.
        let platforms = ["GCE_METADATA_HOST", "K_SERVICE", "CLOUD_RUN_JOB", "GAE_ENV"];
        let named = platforms.iter().any(|name| machine.get(name).is_some());
        let is_googles = || {
            let product = machine.read("/sys/class/dmi/id/product_name");
            product.is_some_and(|name| name.trim().starts_with("Google"))
        };
        let metadata = metadata_host(machine);
        let has_metadata = metadata.is_some() && (named || is_googles());
        let found = has_metadata || command::is_installed(machine, "gcloud");
        let missing = || {
            format!(
                "no credentials for Google: tried {TOKEN_VARIABLE}, {FILE_VARIABLE}, the file of application-default \
                 login, gcloud (not installed), the metadata server (this is no machine of Google's); {LOGIN}"
            )
        };
        Self { metadata, lacks: (!found).then(missing) }
    }

    async fn ask_metadata(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let failed = |why: &str| Error::new(ErrorKind::Auth, why.to_owned());
        let host = self.metadata.as_ref().ok_or_else(|| failed("not looked for, as NO_GCE_CHECK says"))?;
        let path = "computeMetadata/v1/instance/service-accounts/default/token";
        let mut call = Call::get(format!("http://{host}/{path}?scopes={SCOPE}"));
        call.headers.push(("metadata-flavor", "Google".to_owned()));
        let asked = grant::ask(transport, call, "does this machine have a service account?");
        tokio::time::timeout(METADATA_PATIENCE, asked).await.map_err(|_| failed("no answer"))?
    }
}

#[async_trait]
impl Source<Secret> for OfMachine {
    fn name(&self) -> &str {
        "the command `gcloud` or the metadata server"
    }

    fn lacks(&self) -> Option<&str> {
        self.lacks.as_deref()
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let command = match (Gcloud { words: &["auth", "print-access-token"] }).fetch(transport).await {
            Ok(fresh) => return Ok(fresh),
            Err(error) => error,
        };
        self.ask_metadata(transport).await.map_err(|metadata| {
            let message = format!(
                "no credentials for Google: tried {TOKEN_VARIABLE}, GOOGLE_APPLICATION_CREDENTIALS, the file of \
                 application-default login, gcloud ({}), the metadata server ({}); {LOGIN}",
                command.message(),
                metadata.message()
            );
            Error::new(ErrorKind::Auth, message)
        })
    }
}

#[cfg(test)]
mod tests;
