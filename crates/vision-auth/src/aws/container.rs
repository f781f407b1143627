//! Keys of a task of ECS or a pod of EKS.

use std::net::Ipv4Addr;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{AwsKeys, Call, Fresh, Renewed, Source, Transport};

use super::given::Given;
use crate::token_file::TokenFile;
use crate::{Machine, metadata};

/// Where the agent of ECS is.
const AGENT: &str = "http://169.254.170.2";

/// Hosts that are asked without encryption: the agents, which are on the same machine.
const AGENTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// A process in a container that says where its keys are.
#[derive(Debug)]
struct Container {
    url: String,
    token: Token,
}

/// What the agent wants to see.
#[derive(Debug)]
enum Token {
    Nothing,
    Said(Secret),
    File(TokenFile),
}

/// Nothing outside of such a container.
pub(super) fn keys(machine: &Machine<'_>) -> Option<Result<Renewed<AwsKeys>, String>> {
    let relative = machine.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    let url = match relative {
        Some(path) => vision_http::join(AGENT, &path),
        None => machine.get(FULL)?,
    };
    if !is_near(&url) {
        return Some(Err(format!("{FULL} must name https, this machine, or the agent of the container")));
    }
    Some(token(machine).map(|token| Renewed::new(Container { url, token })))
}

fn token(machine: &Machine<'_>) -> Result<Token, String> {
    let said = || machine.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    match TokenFile::named(machine, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(file) => file.map(Token::File),
        None => Ok(said().map_or(Token::Nothing, |token| Token::Said(Secret::new(token.trim())))),
    }
}

/// Keys are not sent where others could listen on the way.
fn is_near(url: &str) -> bool {
    let host = vision_http::host(url);
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|it| it.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    let is_loopback = |name: &str| name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    let is_here = name == "localhost" || name == "[::1]" || is_loopback(name);
    url.starts_with("https://") || (url.starts_with("http://") && (is_here || AGENTS.contains(&name)))
}

#[async_trait]
impl Source<AwsKeys> for Container {
    fn name(&self) -> &str {
        "the agent of the container"
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<AwsKeys>> {
        let mut call = Call::get(&self.url);
        let token = match &self.token {
            Token::Nothing => None,
            Token::Said(token) => Some(token.clone()),
            Token::File(file) => Some(file.token()?),
        };
        if let Some(token) = token {
            // Not `auth`: the agent speaks plain HTTP, over which no key of a person's is sent.
            call.headers.push(("authorization", token.expose().to_owned()));
            call.private.push(token);
        }
        let failed = |why: &str| {
            let advice = "does the task or the service account have a role?";
            Error::new(ErrorKind::Auth, format!("no AWS keys: {} {why}: {advice}", self.name()))
        };
        let reply = metadata::ask(transport, call, self.name())
            .await
            .map_err(|error| Error::new(ErrorKind::Auth, format!("no AWS keys: {}", error.message())))?;
        // The source would quote what was answered.
        let given: Given = serde_json::from_slice(&reply.body).map_err(|_| failed("answers without keys"))?;
        given.fresh(jiff::Timestamp::now()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn a_token_goes_to_nobody_far_away_in_plain_words() {
        for near in [
            "http://169.254.170.2/v2/credentials/1",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://127.0.0.1:51678/x",
            "http://localhost/x",
            "http://[::1]:8080/x",
            "https://keys.example.com/x",
        ] {
            assert!(is_near(near), "{near}");
        }
        for far in
            ["http://keys.example.com/x", "http://127.evil.test/", "http://10.0.0.1/x", "ftp://localhost/x"]
        {
            assert!(!is_near(far), "{far}");
        }
    }
}
