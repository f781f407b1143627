//! Keys as the services and programs of Amazon's give them out.

use std::time::Duration;

use serde::Deserialize;
use vision_core::Secret;
use vision_http::{AwsKeys, Fresh};

/// One form, with two names for its token.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Given {
    /// Only programs say it.
    pub version: Option<u32>,
    pub access_key_id: String,
    pub secret_access_key: String,
    #[serde(alias = "Token")]
    pub session_token: Option<String>,
    pub expiration: Option<String>,
}

impl Given {
    /// The keys, and how long they are good.
    pub fn fresh(self, now: jiff::Timestamp) -> Result<Fresh<AwsKeys>, &'static str> {
        let end = self.expiration.map(|end| end.parse::<jiff::Timestamp>()).transpose();
        let end = end.map_err(|_| "gave an `Expiration` that is no time")?;
        let lasts = end.map(|end| Duration::try_from(end.duration_since(now))).transpose();
        let lasts = lasts.map_err(|_| "gave keys that have ended")?;
        let keys = AwsKeys {
            access: Secret::new(self.access_key_id),
            secret: Secret::new(self.secret_access_key),
            session: self.session_token.map(Secret::new),
        };
        Ok(Fresh { value: keys, lasts })
    }
}
