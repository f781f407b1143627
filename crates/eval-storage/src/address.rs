//! What an address means: a store, and a prefix in it.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{Certificate, ClientOptions, ObjectStore, ObjectStoreScheme, RetryConfig};
use url::Url;
use vision_files::Refused;

use crate::Settings;
use crate::amazon::Signing;
use crate::objects::plainly;

/// A folder of a store.
#[derive(Debug, Clone)]
pub struct Place {
    pub store: Arc<dyn ObjectStore>,
    pub prefix: Path,
    /// Where its double is, below a folder for all of them: `s3/bucket/receipts`.
    pub double: String,
}

impl Place {
    /// An object by its name below the folder, which holds no climbing parts.
    pub fn object(&self, name: &str) -> Path {
        let parts = name.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.fold(self.prefix.clone(), |path, part| path.join(part))
    }
}

impl Settings {
    /// Opens a store. Nothing is sent yet.
    pub fn place(&self, address: &str) -> Result<Place, Refused> {
        let refuse = |message: String| Refused::Elsewhere(message);
        let url = Url::parse(address).map_err(|error| refuse(format!("is not an address: {error}")))?;
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_bare {
            return Err(refuse(
                "is not opened: an address stands in records and must hold no user, no query and no key"
                    .to_owned(),
            ));
        }
        let (scheme, prefix) =
            ObjectStoreScheme::parse(&url).map_err(|error| refuse(format!("is not an address: {error}")))?;
        let store = self.store(&scheme, &url).map_err(|error| match error {
            StoreError::Refused(refused) => refused,
            StoreError::Store(error) => refuse(format!("cannot be opened: {}", plainly(&error))),
        })?;
        // One process may see the same bucket under two endpoints, and their doubles must not mix.
        let host = url.host_str().unwrap_or_default();
        let endpoint = self.endpoint(&scheme).map(|it| format!("@{}", safe(it))).unwrap_or_default();
        let port = url.port().map(|port| format!("_{port}")).unwrap_or_default();
        let double = format!("{}/{}{port}{endpoint}{}", url.scheme(), safe(host), safe_path(url.path()));
        Ok(Place { store, prefix, double })
    }

    fn store(&self, scheme: &ObjectStoreScheme, url: &Url) -> Result<Arc<dyn ObjectStore>, StoreError> {
        // Whoever came first has chosen; both choices work.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry =
            RetryConfig { max_retries: 5, retry_timeout: Duration::from_secs(60), ..RetryConfig::default() };
        let allow_http = self.allow_plain_http || self.endpoint(scheme).is_none_or(is_loopback);
        let mut client = ClientOptions::new().with_allow_http(allow_http);
        for pem in &self.certificates {
            for certificate in Certificate::from_pem_bundle(pem)? {
                client = client.with_root_certificate(certificate);
            }
        }
        Ok(match scheme {
            ObjectStoreScheme::AmazonS3 => {
                let builder =
                    self.known().fold(AmazonS3Builder::new(), |it, (key, value)| it.with_config(key, value));
                let builder = builder.with_url(url.as_str()).with_client_options(client).with_retry(retry);
                Arc::new(self.signed(builder)?.build()?)
            }
            ObjectStoreScheme::GoogleCloudStorage => {
                let builder = GoogleCloudStorageBuilder::new();
                let builder = self.known().fold(builder, |it, (key, value)| it.with_config(key, value));
                let builder = builder.with_url(url.as_str()).with_client_options(client).with_retry(retry);
                Arc::new(builder.build()?)
            }
            ObjectStoreScheme::MicrosoftAzure => {
                let builder = MicrosoftAzureBuilder::new();
                let builder = self.known().fold(builder, |it, (key, value)| it.with_config(key, value));
                let builder = builder.with_url(url.as_str()).with_client_options(client).with_retry(retry);
                Arc::new(builder.build()?)
            }
            ObjectStoreScheme::Http => {
                let is_plain = url.scheme() == "http";
                if is_plain && !self.allow_plain_http && !is_loopback(url.as_str()) {
                    return Err(refuse("is not opened over plain http: use https, or --allow-plain-http"));
                }
                let root = &url[..url::Position::BeforePath];
                let client = client.with_allow_http(is_plain);
                let builder = HttpBuilder::new().with_url(root).with_client_options(client);
                Arc::new(builder.with_retry(retry).build()?)
            }
            _ => return Err(refuse("is not opened: it is none of s3://, gs://, az:// and https://")),
        })
    }

    /// The variables that a store knows.
    fn known<K: FromStr>(&self) -> impl Iterator<Item = (K, String)> {
        let known =
            |(name, value): &(String, String)| Some((name.to_ascii_lowercase().parse().ok()?, value.clone()));
        self.variables.iter().filter_map(known)
    }

    /// With the keys that Amazon's own tools would take, unless nothing is to be signed.
    fn signed(&self, builder: AmazonS3Builder) -> Result<AmazonS3Builder, StoreError> {
        let is_yes =
            |value: &str| ["1", "true", "on", "yes", "y"].contains(&value.to_ascii_lowercase().as_str());
        let is_public = self.variable("AWS_SKIP_SIGNATURE").is_some_and(is_yes);
        let Some(find) = self.amazon.as_ref().filter(|_| !is_public) else { return Ok(builder) };
        let found = find().map_err(|why| refuse(&format!("is not opened: {why}")))?;
        let builder = builder.with_credentials(Signing::new(found.keys, found.transport));
        Ok(found.region.into_iter().fold(builder, AmazonS3Builder::with_region))
    }

    /// A server in the place of the cloud's own.
    fn endpoint(&self, scheme: &ObjectStoreScheme) -> Option<&str> {
        let names: &[&str] = match scheme {
            ObjectStoreScheme::AmazonS3 => &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"],
            ObjectStoreScheme::MicrosoftAzure => &["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"],
            ObjectStoreScheme::GoogleCloudStorage => &["GOOGLE_BASE_URL"],
            _ => &[],
        };
        names.iter().find_map(|name| self.variable(name))
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

enum StoreError {
    Store(object_store::Error),
    Refused(Refused),
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        Self::Store(error)
    }
}

fn refuse(why: &str) -> StoreError {
    StoreError::Refused(Refused::Elsewhere(why.to_owned()))
}

fn is_loopback(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A name that every file system takes, and that cannot climb.
fn safe(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let text: String = text.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    if text.chars().all(|letter| letter == '.') { "_".repeat(text.len().max(1)) } else { text }
}

fn safe_path(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    // Two that look alike after that are still two.
    parts
        .map(|part| match safe(part) {
            safe if safe == part => format!("/{safe}"),
            safe => format!("/{safe}-{}", crate::objects::short_hash(part)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::Settings;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Settings {
            cache: "/nowhere".into(),
            variables,
            certificates: Vec::new(),
            allow_plain_http: false,
            amazon: None,
        }
    }

    const KEYS: [(&str, &str); 3] = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret-word"),
        ("AWS_REGION", "eu-central-1"),
    ];

    #[test]
    fn an_address_is_a_store_and_a_prefix() {
        let place = settings(&KEYS).place("s3://bucket/data/receipts").unwrap();
        assert_eq!(place.object("media/./a b.png").as_ref(), "data/receipts/media/a b.png");
        assert_eq!(place.double, "s3/bucket/data/receipts");
        assert_eq!(settings(&[]).place("https://example.test/a/../b").unwrap().prefix.as_ref(), "b");
    }

    #[test]
    fn an_address_holds_no_keys() {
        for address in
            ["https://me:word@example.test/a", "https://example.test/a?sig=abc", "s3://id@bucket/a"]
        {
            let refused = settings(&KEYS).place(address).unwrap_err().to_string();
            assert!(refused.contains("must hold no user"), "{address}: {refused}");
            assert!(!refused.contains("word") && !refused.contains("abc"), "{refused}");
        }
    }

    #[test]
    fn plain_http_leaves_this_machine_only_if_it_may() {
        assert!(settings(&[]).place("http://example.test/a").is_err());
        assert!(settings(&[]).place("http://127.0.0.1:9/a").is_ok());
        let open = super::Settings { allow_plain_http: true, ..settings(&[]) };
        assert!(open.place("http://example.test/a").is_ok());
    }

    #[test]
    fn doubles_stay_below_their_folder_and_apart() {
        let double = |address: &str| settings(&KEYS).place(address).unwrap().double;
        for climbing in ["s3://bucket/a/..%2f..%2fb", "s3://bucket/a/%2e%2e/%2e%2e/b", "s3://..%2f..%2fb/a"] {
            let place = settings(&KEYS).place(climbing);
            assert!(place.is_err() || !double(climbing).contains("../"), "{climbing}: {place:?}");
        }
        assert_ne!(double("s3://bucket/a%20b"), double("s3://bucket/a%21b"));
        let elsewhere = [KEYS.as_slice(), &[("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")]].concat();
        assert_ne!(settings(&elsewhere).place("s3://bucket/a").unwrap().double, double("s3://bucket/a"));
    }

    #[test]
    fn where_no_keys_are_found_it_is_said_where_they_were_looked_for() {
        let without = |variables: &[(&str, &str)]| super::Settings {
            amazon: Some(std::sync::Arc::new(|| Err("no AWS keys: tried everything".to_owned()))),
            ..settings(variables)
        };
        let refused = without(&[]).place("s3://bucket/a").unwrap_err().to_string();
        assert!(refused.contains("tried everything"), "{refused}");
        assert!(without(&[("AWS_SKIP_SIGNATURE", "true")]).place("s3://bucket/a").is_ok());
        assert!(without(&[]).place("https://example.test/a").is_ok(), "nobody else needs them");
    }

    #[test]
    fn nothing_prints_a_key() {
        let settings = settings(&KEYS);
        let printed = format!("{settings:?} {:?}", settings.place("s3://bucket/a"));
        assert!(!printed.contains("secret-word"), "{printed}");
    }
}
