//! Keys for a token that another system gave out: a service account of Kubernetes, a job of a CI.

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result};
use vision_http::{AwsKeys, Fresh, Renewed, Source, Transport, exchange, host};

use super::given::Given;
use crate::token_file::TokenFile;
use crate::{Machine, form};

const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE: &str = "AWS_ROLE_ARN";

/// A role that is taken on by a token.
#[derive(Debug)]
struct WebIdentity {
    url: String,
    role: String,
    session: String,
    token: TokenFile,
}

/// Nothing where no variable names a token.
pub(super) fn keys(machine: &Machine<'_>, region: Option<&str>) -> Option<Result<Renewed<AwsKeys>, String>> {
    let token = TokenFile::named(machine, FILE)?;
    Some(found(machine, region, token))
}

fn found(
    machine: &Machine<'_>,
    region: Option<&str>,
    token: Result<TokenFile, String>,
) -> Result<Renewed<AwsKeys>, String> {
    let role = machine.get(ROLE).ok_or_else(|| format!("{FILE} needs {ROLE} beside it: set it"))?;
    let usual = || match region {
        Some(region) => format!("https://sts.{region}.amazonaws.com"),
        None => "https://sts.amazonaws.com".to_owned(),
    };
    Ok(Renewed::new(WebIdentity {
        url: machine.get("AWS_ENDPOINT_URL_STS").unwrap_or_else(usual),
        role,
        session: machine.get("AWS_ROLE_SESSION_NAME").unwrap_or_else(|| "vision-eval".to_owned()),
        token: token?,
    }))
}

#[async_trait]
impl Source<AwsKeys> for WebIdentity {
    fn name(&self) -> &str {
        FILE
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<AwsKeys>> {
        let token = self.token.token()?;
        let fields = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", self.role.as_str()),
            ("RoleSessionName", &self.session),
            ("WebIdentityToken", token.expose()),
        ];
        let mut call = form::post(&vision_http::join(&self.url, ""), &fields);
        call.private.push(token);
        let reply = exchange(transport, call).await?;
        let (text, host) = (reply.text(), host(&self.url));
        let part = |tag: &str| between(&text, tag).map(str::to_owned);
        if !reply.is_success() {
            let kind = if reply.status >= 500 { ErrorKind::Unavailable } else { ErrorKind::Auth };
            let words = part("Message").unwrap_or_else(|| format!("status {}", reply.status));
            let message = format!("{host} gives no keys for the role {}: {words}", self.role);
            let mut error = reply.error(kind, message);
            error.details.maybe_billed = false;
            return Err(error);
        }
        let missing =
            || Error::new(ErrorKind::Auth, format!("{host} answered without keys for {}", self.role));
        let given = Given {
            version: None,
            access_key_id: part("AccessKeyId").ok_or_else(missing)?,
            secret_access_key: part("SecretAccessKey").ok_or_else(missing)?,
            session_token: part("SessionToken"),
            expiration: part("Expiration"),
        };
        given
            .fresh(jiff::Timestamp::now())
            .map_err(|why| Error::new(ErrorKind::Auth, format!("{host} {why}")))
    }
}

/// What stands in an element of XML. Keys hold nothing that XML would write in another way.
fn between<'a>(text: &'a str, tag: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{tag}>"))?;
    rest.split_once(&format!("</{tag}>")).map(|(inner, _)| inner.trim())
}
