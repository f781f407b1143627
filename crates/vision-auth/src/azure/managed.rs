//! Tokens of a managed identity: who runs on a machine or in an app of Microsoft's.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{Call, Fresh, Source, Transport, join};

use crate::{Machine, form, metadata};

/// A service that gives tokens to the processes beside it.
#[derive(Debug)]
pub(super) struct Managed {
    name: &'static str,
    url: String,
    /// What shows that the question is from there.
    header: (&'static str, Secret),
}

impl Managed {
    /// That of an app: the platform says where it is.
    pub fn of_app(machine: &Machine<'_>, resource: &str) -> Option<Result<Self, String>> {
        let endpoint = machine.get("IDENTITY_ENDPOINT")?;
        let header = machine.get("IDENTITY_HEADER");
        Some(match header {
            Some(header) => Ok(Self {
                name: "the managed identity of the app",
                url: format!("{endpoint}?{}", query(machine, "2019-08-01", resource)),
                header: ("x-identity-header", Secret::new(header)),
            }),
            None => Err("IDENTITY_ENDPOINT needs IDENTITY_HEADER beside it".to_owned()),
        })
    }

    /// That of a machine.
    pub fn of_machine(machine: &Machine<'_>, resource: &str) -> Self {
        let host = machine.get("AZURE_POD_IDENTITY_AUTHORITY_HOST");
        let host = host.unwrap_or_else(|| "http://169.254.169.254".to_owned());
        let path = format!("metadata/identity/oauth2/token?{}", query(machine, "2018-02-01", resource));
        Self {
            name: "the managed identity of the machine",
            url: join(&host, &path),
            header: ("metadata", Secret::new("true")),
        }
    }
}

/// `AZURE_CLIENT_ID` chooses among several identities.
fn query(machine: &Machine<'_>, version: &str, resource: &str) -> String {
    let mut fields = vec![("api-version", version), ("resource", resource)];
    let client = machine.get("AZURE_CLIENT_ID");
    fields.extend(client.as_deref().map(|client| ("client_id", client)));
    form::query(&fields)
}

/// What is answered. All numbers are written as text by one of the two.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
    /// Seconds since 1970.
    #[serde(default)]
    expires_on: Value,
}

impl Granted {
    fn lasts(&self, now: u64) -> Option<Duration> {
        let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
        let left = || number(&self.expires_on).map(|end: u64| end.saturating_sub(now));
        number(&self.expires_in).or_else(left).map(Duration::from_secs)
    }
}

/// How long a token is taken to last whose end is not said.
const UNSAID: Duration = Duration::from_secs(300);

#[async_trait]
impl Source<Secret> for Managed {
    fn name(&self) -> &str {
        self.name
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let mut call = Call::get(&self.url);
        let (name, value) = &self.header;
        call.headers.push((name, value.expose().to_owned()));
        // A header that anybody may know is no secret, and its word may stand in any answer.
        call.private.extend((*name != "metadata").then(|| value.clone()));
        let reply = metadata::ask(transport, call, self.name).await?;
        let now = jiff::Timestamp::now().as_second();
        // What cannot be read may hold a token all the same: neither body nor source get into the error.
        let granted: Granted = serde_json::from_slice(&reply.body)
            .map_err(|_| Error::new(ErrorKind::Auth, format!("{} answers without a token", self.name)))?;
        let lasts = granted.lasts(u64::try_from(now).unwrap_or(0)).unwrap_or(UNSAID);
        Ok(Fresh { value: Secret::new(granted.access_token), lasts: Some(lasts) })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Granted;

    #[test]
    fn a_token_says_in_one_of_several_ways_how_long_it_lasts() {
        for (body, seconds) in [
            (r#"{"access_token":"t","expires_in":"3599","expires_on":"1506484173"}"#, Some(3599)),
            (r#"{"access_token":"t","expires_in":60}"#, Some(60)),
            (r#"{"access_token":"t","expires_on":"1100"}"#, Some(100)),
            (r#"{"access_token":"t","expires_on":1100}"#, Some(100)),
            (r#"{"access_token":"t","expires_on":"yesterday"}"#, None),
            (r#"{"access_token":"t"}"#, None),
        ] {
            let granted: Granted = serde_json::from_str(body).unwrap();
            assert_eq!(granted.lasts(1000), seconds.map(Duration::from_secs), "{body}");
        }
    }
}
