//! Tokens of Microsoft's Entra.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{Fresh, Renewed, Source, Transport, join};

use crate::token_file::TokenFile;
use crate::{Machine, command, form, grant};

mod managed;

use managed::Managed;

/// Document Intelligence and Azure OpenAI.
pub const COGNITIVE_SERVICES: &str = "https://cognitiveservices.azure.com";

/// Models of Foundry.
pub const FOUNDRY: &str = "https://ai.azure.com";

/// Whether the environment says where tokens are: client credentials, or the identity of an app.
pub fn is_said(machine: &Machine<'_>) -> bool {
    ["AZURE_TENANT_ID", "IDENTITY_ENDPOINT"].into_iter().any(|name| machine.get(name).is_some())
}

/// Tokens for one resource: by client credentials if the environment holds them, by the identity of an app where that
/// has one, else by the command `az` or the identity of the machine.
pub fn tokens(machine: &Machine<'_>, resource: &'static str) -> Result<Renewed<Secret>, String> {
    let proof = match machine.get("AZURE_CLIENT_SECRET") {
        Some(secret) => Some(Proof::Secret(Secret::new(secret))),
        None => {
            let file = TokenFile::named(machine, "AZURE_FEDERATED_TOKEN_FILE").transpose()?;
            file.map(Proof::Assertion)
        }
    };
    let Some(proof) = proof else {
        return match Managed::of_app(machine, resource) {
            Some(managed) => Ok(Renewed::new(managed?)),
            None => Ok(Renewed::new(OfMachine::new(machine, resource))),
        };
    };
    let variable =
        |name: &str| machine.get(name).ok_or_else(|| format!("client credentials need {name}: set it"));
    let (tenant, client) = (variable("AZURE_TENANT_ID")?, variable("AZURE_CLIENT_ID")?);
    let authority = machine.get("AZURE_AUTHORITY_HOST");
    let authority = authority.unwrap_or_else(|| "https://login.microsoftonline.com".to_owned());
    Ok(Renewed::new(Client {
        url: join(&authority, &format!("{tenant}/oauth2/v2.0/token")),
        client,
        proof,
        resource,
    }))
}

/// An application that proves who it is.
#[derive(Debug)]
struct Client {
    url: String,
    client: String,
    proof: Proof,
    resource: &'static str,
}

#[derive(Debug)]
enum Proof {
    Secret(Secret),
    /// A token that another system gave out.
    Assertion(TokenFile),
}

#[async_trait]
impl Source<Secret> for Client {
    fn name(&self) -> &str {
        "client credentials of Entra"
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let scope = format!("{}/.default", self.resource);
        let proof = match &self.proof {
            Proof::Secret(secret) => secret.clone(),
            Proof::Assertion(file) => file.token()?,
        };
        let mut fields = vec![
            ("client_id", self.client.as_str()),
            ("grant_type", "client_credentials"),
            ("scope", &scope),
        ];
        match &self.proof {
            Proof::Secret(_) => fields.push(("client_secret", proof.expose())),
            Proof::Assertion(_) => {
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                fields.extend([("client_assertion_type", kind), ("client_assertion", proof.expose())]);
            }
        }
        let mut call = form::post(&self.url, &fields);
        call.private.push(proof);
        grant::ask(transport, call, "are AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET right?")
            .await
    }
}

/// The command line tool of the user who is logged in.
#[derive(Debug)]
struct Az {
    resource: &'static str,
}

/// What it prints.
#[derive(Deserialize)]
struct Printed {
    #[serde(rename = "accessToken")]
    access_token: String,
    /// Seconds since 1970; older versions only print a local time.
    expires_on: Option<i64>,
}

const LOGIN: &str = "run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";

/// How long a token is taken to last whose end is not said. `az` renews it itself.
const UNSAID: Duration = Duration::from_secs(300);

#[async_trait]
impl Source<Secret> for Az {
    fn name(&self) -> &str {
        "the command `az`"
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<Secret>> {
        let words = ["account", "get-access-token", "--output", "json", "--resource", self.resource];
        let text = command::output("az", &words.map(str::to_owned), LOGIN).await?;
        printed(&text, jiff::Timestamp::now().as_second())
            .ok_or_else(|| Error::new(ErrorKind::Auth, format!("`az` printed no token: {LOGIN}")))
    }
}

fn printed(text: &str, now: i64) -> Option<Fresh<Secret>> {
    let printed: Printed = serde_json::from_str(text).ok()?;
    let seconds = printed.expires_on.map(|end| u64::try_from(end - now).unwrap_or(0));
    let lasts = Some(seconds.map_or(UNSAID, Duration::from_secs));
    Some(Fresh { value: Secret::new(printed.access_token), lasts })
}

/// Without variables: the user who is logged in, or the identity of a machine of Microsoft's.
#[derive(Debug)]
struct OfMachine {
    resource: &'static str,
    managed: Managed,
    lacks: Option<String>,
}

/// What Microsoft's own machines say that they are.
const TAG: &str = "7783-7084-3265-9085-8269-3286-77";

impl OfMachine {
    fn new(machine: &Machine<'_>, resource: &'static str) -> Self {
        let named = machine.get("AZURE_POD_IDENTITY_AUTHORITY_HOST").is_some();
        let tag = machine.read("/sys/class/dmi/id/chassis_asset_tag");
        let is_microsofts = named || tag.is_some_and(|tag| tag.trim() == TAG);
        let found = is_microsofts || command::is_installed(machine, "az");
        let missing = || {
            format!(
                "no token of Entra: tried AZURE_CLIENT_SECRET and AZURE_FEDERATED_TOKEN_FILE, IDENTITY_ENDPOINT, az (not \
                 installed), the managed identity of the machine (this is no machine of Microsoft's); {LOGIN}"
            )
        };
        let managed = Managed::of_machine(machine, resource);
        Self { resource, managed, lacks: (!found).then(missing) }
    }
}

#[async_trait]
impl Source<Secret> for OfMachine {
    fn name(&self) -> &str {
        "the command `az` or the managed identity of the machine"
    }

    fn lacks(&self) -> Option<&str> {
        self.lacks.as_deref()
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<Secret>> {
        let command = match (Az { resource: self.resource }).fetch(transport).await {
            Ok(fresh) => return Ok(fresh),
            Err(error) => error,
        };
        self.managed.fetch(transport).await.map_err(|managed| {
            let command = command.message().strip_suffix(&format!(": {LOGIN}")).unwrap_or(command.message());
            let message = format!(
                "no token of Entra: tried AZURE_CLIENT_SECRET and AZURE_FEDERATED_TOKEN_FILE, IDENTITY_ENDPOINT, \
                 az ({command}), {}; {LOGIN}",
                managed.message()
            );
            Error::new(ErrorKind::Auth, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::time::Duration;

    use vision_http::{Renewed, Reply};
    use vision_testkit::Scripted;

    use super::{COGNITIVE_SERVICES, printed, tokens};
    use crate::{Machine, ReadFile};

    fn found(variables: &[(&str, &str)]) -> Result<Renewed<vision_core::Secret>, String> {
        let variables: HashMap<_, _> = variables.iter().copied().collect();
        let file: ReadFile = Arc::new(|path| (path == "/token").then(|| "federated\n".to_owned()));
        let machine =
            Machine { variable: &|name| variables.get(name).map(|value| (*value).to_owned()), file: &file };
        tokens(&machine, COGNITIVE_SERVICES)
    }

    const CLIENT: [(&str, &str); 2] = [("AZURE_TENANT_ID", "tenant"), ("AZURE_CLIENT_ID", "client")];

    #[tokio::test]
    async fn an_application_asks_the_token_endpoint() {
        for (name, value, field) in [
            ("AZURE_CLIENT_SECRET", "s3cret/+", "client_secret=s3cret%2F%2B"),
            ("AZURE_FEDERATED_TOKEN_FILE", "/token", "client_assertion=federated"),
        ] {
            let tokens = found(&[CLIENT[0], CLIENT[1], (name, value)]).unwrap();
            let reply = r#"{"access_token":"eyJ0","token_type":"Bearer","expires_in":3599}"#;
            let transport = Scripted::new([Reply::json_text(200, reply)]);
            assert_eq!(tokens.get(transport.as_ref()).await.unwrap().expose(), "eyJ0");
            let call = &transport.calls()[0];
            assert_eq!(call.url, "https://login.microsoftonline.com/tenant/oauth2/v2.0/token");
            let body = String::from_utf8_lossy(&call.body.bytes()).into_owned();
            let start = "client_id=client&grant_type=client_credentials&\
                         scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default&";
            assert!(body.starts_with(start) && body.ends_with(field), "{body}");
            assert_eq!(call.secrets().count(), 1);
        }
    }

    #[test]
    fn half_of_the_client_credentials_is_a_mistake_and_none_of_them_is_az() {
        let error = found(&[("AZURE_CLIENT_SECRET", "s")]).unwrap_err();
        assert!(error.contains("AZURE_TENANT_ID"), "{error}");
        let name = "the command `az` or the managed identity of the machine";
        assert_eq!(found(&[]).unwrap().name(), name);
    }

    #[tokio::test]
    async fn an_app_of_the_platform_asks_where_the_platform_says() {
        let endpoint = ("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token");
        let error = found(&[endpoint]).unwrap_err();
        assert!(error.contains("IDENTITY_HEADER"), "{error}");
        let tokens = found(&[endpoint, ("IDENTITY_HEADER", "853b9a84-header"), CLIENT[1]]).unwrap();
        let reply = r#"{"access_token":"eyJ0","expires_on":"4102444800","token_type":"Bearer"}"#;
        let transport = Scripted::new([Reply::json_text(200, reply)]);
        assert_eq!(tokens.get(transport.as_ref()).await.unwrap().expose(), "eyJ0");
        let call = &transport.calls()[0];
        let query =
            "?api-version=2019-08-01&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=client";
        assert_eq!(call.url, format!("{}{query}", endpoint.1));
        assert_eq!(call.headers, [("x-identity-header", "853b9a84-header".to_owned())]);
        assert_eq!(call.secrets().count(), 1);
    }

    /// Whether `az` is installed or not: nobody is logged in where tests run.
    #[tokio::test]
    async fn the_identity_of_the_machine_comes_last_and_every_source_is_named() {
        let host = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1");
        let tokens = found(&[host]).unwrap();
        let reply = r#"{"access_token":"eyJ0","expires_in":"3599"}"#;
        let transport = Scripted::new([Reply::json_text(200, reply)]);
        assert_eq!(tokens.get(transport.as_ref()).await.unwrap().expose(), "eyJ0");
        let call = &transport.calls()[0];
        assert!(
            call.url.starts_with("http://127.0.0.1:1/metadata/identity/oauth2/token?api-version=2018-02-01")
        );
        assert_eq!(call.headers, [("metadata", "true".to_owned())]);
        let transport = Scripted::new([Reply::json_text(404, "")]);
        let error = found(&[host]).unwrap().get(transport.as_ref()).await.unwrap_err();
        for words in [
            "AZURE_CLIENT_SECRET",
            "IDENTITY_ENDPOINT",
            "az (",
            "identity of the machine: status 404",
            "run `az login`",
        ] {
            assert!(error.message().contains(words), "{error}");
        }
        assert_eq!(error.message().matches("az login").count(), 1, "{error}");
    }

    #[test]
    fn a_machine_without_az_and_without_an_identity_lacks_both() {
        let missing = found(&[("PATH", "/nowhere")]).unwrap();
        assert!(missing.lacks().unwrap().contains("az (not installed)"), "{:?}", missing.lacks());
        let host = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1");
        assert_eq!(found(&[host]).unwrap().lacks(), None);
    }

    #[test]
    fn az_says_how_long_a_token_lasts() {
        let fresh =
            printed(r#"{"accessToken":"eyJ0","expires_on":1100,"tokenType":"Bearer"}"#, 1000).unwrap();
        assert_eq!((fresh.value.expose(), fresh.lasts), ("eyJ0", Some(Duration::from_secs(100))));
        assert_eq!(printed(r#"{"accessToken":"e"}"#, 0).unwrap().lasts, Some(Duration::from_secs(300)));
        assert!(printed("Please run az login", 0).is_none());
    }
}
