//! Signature version 4 of Amazon's services. Pure: keys, time and request come in, headers go out.

use std::time::SystemTime;

use ring::hmac;
use vision_core::Secret;

use super::Proof;
use crate::hash::sha256;

/// Keys that sign. The last one belongs to keys that are good for a while only.
#[derive(Debug, Clone)]
pub struct AwsKeys {
    /// The name of the key.
    pub access: Secret,
    /// What signs, and never travels.
    pub secret: Secret,
    /// What travels beside a signature of temporary keys.
    pub session: Option<Secret>,
}

impl AwsKeys {
    /// All that is secret of them.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Secret> {
        [&self.access, &self.secret].into_iter().chain(&self.session)
    }
}

/// Where a signature is good.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// `us-east-1`.
    pub region: &'a str,
    /// The name under which the service signs: `bedrock`, `textract`.
    pub service: &'a str,
}

/// What is signed of a request.
#[derive(Debug, Clone)]
pub struct Unsigned<'a> {
    /// `POST`.
    pub method: &'a str,
    /// With the port, if it is not the usual one.
    pub host: String,
    /// As it is sent, percent-encoded.
    pub path: &'a str,
    /// As it is sent, without the question mark.
    pub query: &'a str,
    /// Names in lower case. Host, date and session token are added.
    pub headers: Vec<(&'a str, &'a str)>,
    /// In hexadecimal.
    pub body_sha256: String,
}

/// A signature, with the texts it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `20261128T123456Z`: the value of `x-amz-date`.
    pub date: String,
    /// The request as both sides write it down to sign it.
    pub canonical: String,
    /// What is signed in the end.
    pub string_to_sign: String,
    /// The names of the signed headers.
    pub names: String,
    /// In hexadecimal.
    pub signature: String,
    /// `access/date/region/service/aws4_request`.
    pub credential: String,
}

impl Signed {
    /// The value of `authorization`.
    pub fn authorization(&self) -> String {
        let Self { credential, names, signature, .. } = self;
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}")
    }
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The name under which the storage service signs, which has rules of its own: the hash of the body stands in a header.
const STORAGE: &str = "s3";
const CONTENT_HASH: &str = "x-amz-content-sha256";

/// Signs a request.
pub fn sign(request: &Unsigned<'_>, keys: &AwsKeys, scope: Scope<'_>, at: SystemTime) -> Signed {
    let date = timestamp(at);
    let day = &date[..8];
    let mut headers: Vec<(&str, String)> =
        request.headers.iter().map(|(name, value)| (*name, collapsed(value))).collect();
    headers.push(("host", request.host.clone()));
    headers.push(("x-amz-date", date.clone()));
    headers.extend(keys.session.as_ref().map(|token| ("x-amz-security-token", token.expose().to_owned())));
    if scope.service == STORAGE {
        headers.push((CONTENT_HASH, request.body_sha256.clone()));
    }
    headers.sort();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    // Only the storage service signs the path as it is sent.
    let path = if scope.service == STORAGE { request.path.to_owned() } else { twice_encoded(request.path) };
    let query = sorted(request.query);
    let canonical = format!("{}\n{path}\n{query}\n{lines}\n{names}\n{}", request.method, request.body_sha256);
    let scope_text = format!("{day}/{}/{}/aws4_request", scope.region, scope.service);
    let string_to_sign = format!("{ALGORITHM}\n{date}\n{scope_text}\n{}", sha256(canonical.as_bytes()));
    let first = format!("AWS4{}", keys.secret.expose()).into_bytes();
    let key = [day, scope.region, scope.service, "aws4_request"]
        .iter()
        .fold(first, |key, text| hmac(&key, text.as_bytes()));
    let signature = hex(&hmac(&key, string_to_sign.as_bytes()));
    let credential = format!("{}/{scope_text}", keys.access.expose());
    Signed { date, canonical, string_to_sign, names, signature, credential }
}

/// The headers of a signed request.
pub(super) fn prove(request: &Unsigned<'_>, keys: &AwsKeys, scope: Scope<'_>, at: SystemTime) -> Proof {
    let signed = sign(request, keys, scope, at);
    let session = keys.session.clone().map(|token| ("x-amz-security-token", token));
    let mut headers = vec![
        ("x-amz-date", Secret::new(&signed.date)),
        ("authorization", Secret::new(signed.authorization())),
    ];
    headers.extend(session);
    headers.extend((scope.service == STORAGE).then(|| (CONTENT_HASH, Secret::new(&request.body_sha256))));
    let mut secrets: Vec<Secret> = keys.parts().cloned().collect();
    secrets.push(Secret::new(signed.signature));
    Proof { headers, secrets }
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Without blanks at the ends, and with one where there are several.
fn collapsed(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// All other services encode the path as it is sent once more: `v1%3A0` becomes `v1%253A0`.
fn twice_encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    let path = if path.is_empty() { "/" } else { path };
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The pairs of a query in order. They are encoded already.
fn sorted(query: &str) -> String {
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    // By name and then by value: `=` stands before most letters, but not before `-`.
    pairs.sort_by(|a, b| a.split_once('=').cmp(&b.split_once('=')));
    pairs.join("&")
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `20261128T123456Z`, out of `Sat, 28 Nov 2026 12:34:56 GMT`.
fn timestamp(at: SystemTime) -> String {
    let text = httpdate::fmt_http_date(at);
    let month = MONTHS.iter().position(|name| *name == &text[8..11]).map_or(1, |at| at + 1);
    format!("{}{month:02}{}T{}{}{}Z", &text[12..16], &text[5..7], &text[17..19], &text[20..22], &text[23..25])
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use serde::Deserialize;
    use vision_core::Secret;

    use super::{AwsKeys, Scope, Unsigned, sign, sorted, timestamp};
    use crate::hash::sha256;

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        region: String,
        service: String,
        timestamp: String,
        unix: u64,
        method: String,
        host: String,
        path: String,
        query: String,
        headers: std::collections::BTreeMap<String, String>,
        body: String,
        body_sha256: String,
        canonical_request: String,
        string_to_sign: String,
        signed_headers: String,
        signature: String,
        authorization: String,
    }

    #[test]
    fn signs_as_the_vendor_does() {
        let vectors = include_str!("../../tests/golden/sigv4_vectors.jsonl");
        let vectors: Vec<Vector> = vectors.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(vectors.len(), 10);
        for it in vectors {
            let names: Vec<_> =
                it.headers.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
            let own = ["x-amz-date", "x-amz-security-token"];
            let headers = names.iter().filter(|(name, _)| !own.contains(&name.as_str()));
            let request = Unsigned {
                method: &it.method,
                host: it.host.clone(),
                path: &it.path,
                query: &it.query,
                headers: headers.map(|(name, value)| (name.as_str(), *value)).collect(),
                body_sha256: sha256(it.body.as_bytes()),
            };
            assert_eq!(request.body_sha256, it.body_sha256, "{}", it.name);
            let keys = AwsKeys {
                access: Secret::new(&it.access_key),
                secret: Secret::new(&it.secret_key),
                session: it.session_token.as_ref().map(Secret::new),
            };
            let scope = Scope { region: &it.region, service: &it.service };
            let signed = sign(&request, &keys, scope, SystemTime::UNIX_EPOCH + Duration::from_secs(it.unix));
            assert_eq!(signed.date, it.timestamp, "{}", it.name);
            assert_eq!(signed.canonical, it.canonical_request, "{}", it.name);
            assert_eq!(signed.string_to_sign, it.string_to_sign, "{}", it.name);
            assert_eq!(signed.names, it.signed_headers, "{}", it.name);
            assert_eq!(signed.signature, it.signature, "{}", it.name);
            assert_eq!(signed.authorization(), it.authorization, "{}", it.name);
        }
    }

    /// The example in the service's own documentation.
    #[test]
    fn signs_for_storage_as_the_vendor_does() {
        let keys = AwsKeys {
            access: Secret::new("AKIAIOSFODNN7EXAMPLE"),
            secret: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            session: None,
        };
        let request = Unsigned {
            method: "PUT",
            host: "examplebucket.s3.amazonaws.com".to_owned(),
            path: "/test%24file.text",
            query: "",
            headers: vec![
                ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            body_sha256: sha256(b"Welcome to Amazon S3."),
        };
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600);
        let signed = sign(&request, &keys, Scope { region: "us-east-1", service: "s3" }, at);
        assert_eq!(signed.names, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class");
        assert_eq!(signed.signature, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    #[test]
    fn a_query_is_sorted_by_name_and_then_by_value() {
        assert_eq!(sorted("b=2&a=2&a=1&a-b=0&c"), "a=1&a=2&a-b=0&b=2&c=");
        assert_eq!(sorted(""), "");
    }

    #[test]
    fn a_moment_is_written_without_marks() {
        assert_eq!(timestamp(SystemTime::UNIX_EPOCH), "19700101T000000Z");
    }
}
