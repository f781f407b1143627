//! Keys for Amazon's stores, from wherever Amazon's own tools have them.

use std::sync::Arc;

use async_trait::async_trait;
use object_store::aws::AwsCredential;
use object_store::{CredentialProvider, Error, Result};
use vision_http::{AwsKeys, Renewed, Transport};

/// Keys that sign, and the region they are for.
pub struct Amazon {
    /// The keys.
    pub keys: Renewed<AwsKeys>,
    /// Over which those are fetched that nobody has written down.
    pub transport: Arc<dyn Transport>,
    /// The region, if anything says it.
    pub region: Option<String>,
}

/// Finds them when an address of Amazon's is opened, or says where it has looked.
pub type FindAmazon = Arc<dyn Fn() -> std::result::Result<Amazon, String> + Send + Sync>;

/// Signs with them.
#[derive(Debug)]
pub struct Signing {
    keys: Renewed<AwsKeys>,
    transport: Arc<dyn Transport>,
}

impl Signing {
    pub fn new(keys: Renewed<AwsKeys>, transport: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self { keys, transport })
    }
}

#[async_trait]
impl CredentialProvider for Signing {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> Result<Arc<AwsCredential>> {
        let keys = self.keys.get(self.transport.as_ref()).await;
        let keys = keys.map_err(|error| Error::Generic { store: "S3", source: error.chain().into() })?;
        Ok(Arc::new(AwsCredential {
            key_id: keys.access.expose().to_owned(),
            secret_key: keys.secret.expose().to_owned(),
            token: keys.session.map(|session| session.expose().to_owned()),
        }))
    }
}
