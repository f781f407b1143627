//! How to come to a broker.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::ConnectOptions;
use async_nats::jetstream::{self, Context};

use crate::Result;

/// A broker's address, and what it asks for.
#[derive(Clone)]
pub struct Access {
    /// `nats://host:4222`, or `tls://…`.
    pub url: String,
    /// Who asks.
    pub credentials: Credentials,
    /// Certificates to trust beside the system's, in PEM.
    pub certificates: Vec<PathBuf>,
    /// A name for the broker's lists.
    pub name: String,
}

/// How a process proves to a broker who it is.
#[derive(Clone)]
pub enum Credentials {
    /// The broker asks for nothing.
    None,
    /// A token.
    Token(String),
    /// A user and a password.
    User(String, String),
    /// The seed of an nkey.
    Nkey(String),
    /// A file of credentials, as `nsc` writes it.
    File(PathBuf),
}

/// Nothing private is shown.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("url", &self.url).finish_non_exhaustive()
    }
}

/// The longest wait for one answer of the broker.
const PATIENCE: Duration = Duration::from_secs(10);

impl Access {
    /// Connects. Later the connection mends itself, however long that takes.
    pub async fn connect(&self) -> Result<Context> {
        let failed = |error: String| format!("the broker at {} cannot be used: {error}", self.url);
        let options = ConnectOptions::new()
            .name(&self.name)
            .request_timeout(Some(PATIENCE))
            .reconnect_delay_callback(|attempts| Duration::from_millis(100 * attempts.min(20) as u64));
        let options = match &self.credentials {
            Credentials::None => options,
            Credentials::Token(token) => options.token(token.clone()),
            Credentials::User(user, password) => options.user_and_password(user.clone(), password.clone()),
            Credentials::Nkey(seed) => options.nkey(seed.clone()),
            Credentials::File(path) => options
                .credentials_file(path)
                .await
                .map_err(|error| failed(format!("{} cannot be read: {error}", path.display())))?,
        };
        let options =
            self.certificates.iter().fold(options, |all, path| all.add_root_certificates(path.clone()));
        let client = options.connect(&self.url).await.map_err(|error| failed(error.to_string()))?;
        let jetstream = jetstream::new(client);
        jetstream.query_account().await.map_err(|error| {
            failed(format!("{error} (it must have JetStream: start it with `nats-server -js -sd DIR`)"))
        })?;
        Ok(jetstream)
    }
}
