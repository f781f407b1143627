#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::fmt;
use std::sync::Arc;

pub mod aws;
pub mod azure;
mod command;
mod fixed;
mod form;
pub mod google;
mod grant;
mod jwt;
mod metadata;
mod token_file;

pub use fixed::Fixed;

/// Reads the text of a file; a path that begins with `~/` is below the user's own folder.
pub type ReadFile = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What may be known of the machine. The command line reads it; nothing here does.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    /// A variable of the environment that is set to something.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The text of a file. Sources of what ends keep this, and read again.
    pub file: &'a ReadFile,
}

impl Machine<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    fn read(&self, path: &str) -> Option<String> {
        (self.file)(path)
    }
}

impl fmt::Debug for Machine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Machine")
    }
}

/// Variables that hold something private, beside those of the providers.
pub const SECRET_VARIABLES: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "IDENTITY_HEADER",
    google::TOKEN_VARIABLE,
];

/// Variables that name a place or an account, and neither a file nor a program nor an address.
pub const NAME_VARIABLES: &[&str] = &[
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_CLOUD_QUOTA_PROJECT",
    "CLOUD_ML_REGION",
];
