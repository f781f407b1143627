//! Keys of a machine of EC2, from its metadata service (version 2).

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{AwsKeys, Body, Call, Fresh, Method, Renewed, Source, Transport, join};

use super::given::Given;
use crate::{Machine, metadata};

const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";

/// A machine of Amazon's.
#[derive(Debug)]
struct Instance {
    url: String,
}

/// The keys, or why the service is not asked. Elsewhere its address does not answer, so that it is only asked on
/// machines that say they are Amazon's, or where a variable names another address.
pub(super) fn keys(machine: &Machine<'_>) -> Result<Renewed<AwsKeys>, String> {
    if machine.get(DISABLED).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Err(format!("not asked, as {DISABLED} says"));
    }
    let named = machine.get(ENDPOINT);
    if named.is_none() && !is_amazons(machine) {
        return Err("not asked, as this is no machine of EC2".to_owned());
    }
    let url = named.unwrap_or_else(|| "http://169.254.169.254".to_owned());
    Ok(Renewed::new(Instance { url }))
}

fn is_amazons(machine: &Machine<'_>) -> bool {
    let says =
        |path: &str, start: &str| machine.read(path).is_some_and(|text| text.trim().starts_with(start));
    says("/sys/class/dmi/id/sys_vendor", "Amazon EC2") || says("/sys/hypervisor/uuid", "ec2")
}

/// For people.
pub(super) const NAME: &str = "the metadata service of EC2";

#[async_trait]
impl Source<AwsKeys> for Instance {
    fn name(&self) -> &str {
        NAME
    }

    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<AwsKeys>> {
        let missing = |why: &str| {
            let advice = "give the machine a role, or run `aws configure`";
            Error::new(ErrorKind::Auth, format!("no AWS keys: {why}: {advice}"))
        };
        let asked = |call| async {
            metadata::ask(transport, call, NAME).await.map_err(|error| missing(error.message()))
        };
        let mut call = Call::new(Method::Put, join(&self.url, "latest/api/token"), Body::Empty);
        call.headers.push(("x-aws-ec2-metadata-token-ttl-seconds", "21600".to_owned()));
        let token = Secret::new(asked(call).await?.text().trim());
        let get = |path: &str| {
            let mut call =
                Call::get(join(&self.url, &format!("latest/meta-data/iam/security-credentials/{path}")));
            call.headers.push(("x-aws-ec2-metadata-token", token.expose().to_owned()));
            call.private.push(token.clone());
            call
        };
        let roles = asked(get("")).await?;
        let roles = roles.text();
        let role = roles.lines().map(str::trim).find(|line| is_role(line));
        let role = role.ok_or_else(|| missing("the machine has no role"))?;
        let reply = asked(get(role)).await?;
        // The source would quote what was answered.
        let given: Given = serde_json::from_slice(&reply.body)
            .map_err(|_| missing(&format!("{NAME} answers without keys")))?;
        given.fresh(jiff::Timestamp::now()).map_err(|why| missing(&format!("{NAME} {why}")))
    }
}

/// It becomes part of an address.
fn is_role(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"+=,.@_-".contains(&it))
}
