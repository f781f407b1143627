//! The services that tell machines and containers of Amazon's and Microsoft's who they are.

use hyper::{HeaderMap, Method};
use serde_json::json;
use vision_http::AwsKeys;

use super::draft::Draft;
use super::keys::text;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metadata {
    /// A session with the service of EC2.
    Session,
    /// The roles of a machine of EC2.
    Roles,
    /// The keys of its role.
    Keys,
    /// The keys of a task or a pod.
    ContainerKeys,
    /// A token of Microsoft's, for a machine or an app.
    Token,
}

const SESSION: &str = "session-of-the-testkit";

impl Metadata {
    pub fn at(method: &Method, path: &str) -> Option<Self> {
        const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
        if *method == Method::PUT {
            return (path == "/latest/api/token").then_some(Self::Session);
        }
        if *method != Method::GET {
            return None;
        }
        match path {
            ROLES => Some(Self::Roles),
            "/metadata/identity/oauth2/token" | "/msi/token" => Some(Self::Token),
            _ if path.starts_with(ROLES) => Some(Self::Keys),
            _ if path.starts_with("/v2/credentials/") => Some(Self::ContainerKeys),
            _ => None,
        }
    }

    /// Each wants its own header, so that no page of a stranger's can ask in the name of the machine.
    pub fn answer(self, headers: &HeaderMap, query: &str, keys: Option<&AwsKeys>, token: &str) -> Draft {
        let has = |name, value| text(headers, name) == Some(value);
        let allowed = match self {
            Self::Session => text(headers, "x-aws-ec2-metadata-token-ttl-seconds").is_some(),
            Self::Roles | Self::Keys => has("x-aws-ec2-metadata-token", SESSION),
            Self::ContainerKeys => true,
            Self::Token => {
                let headed = has("metadata", "true") || text(headers, "x-identity-header").is_some();
                headed && query.contains("api-version=") && query.contains("resource=https%3A%2F%2F")
            }
        };
        let (status, body) = match (self, keys) {
            _ if !allowed => (401, json!("")),
            (Self::Session, _) => (200, json!(SESSION)),
            (Self::Roles, _) => (200, json!("reader")),
            (Self::Token, _) => {
                (200, json!({"access_token": token, "expires_in": "3599", "token_type": "Bearer"}))
            }
            (Self::Keys | Self::ContainerKeys, Some(keys)) => {
                let session = keys.session.as_ref().map(|session| session.expose());
                let body = json!({
                    "Code": "Success", "AccessKeyId": keys.access.expose(), "SecretAccessKey": keys.secret.expose(),
                    "Token": session, "Expiration": "2099-01-01T00:00:00Z"
                });
                (200, body)
            }
            (Self::Keys | Self::ContainerKeys, None) => (404, json!("")),
        };
        Draft { status, headers: Vec::new(), body }
    }
}
