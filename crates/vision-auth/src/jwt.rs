//! A signed statement of a service account. Pure: the time comes in.

use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::json;

/// A private key of RSA, as files of service accounts hold it (PKCS#8 in PEM).
pub(crate) struct Key(RsaKeyPair);

impl Key {
    pub fn parse(pem: &str) -> Result<Self, String> {
        let lines = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        let coded: String = lines.collect();
        let bytes = base64_simd::STANDARD.decode_to_vec(coded);
        let bytes = bytes.map_err(|_| "its private key is not in the form PEM".to_owned())?;
        // The source says nothing that helps, and nothing of the key.
        RsaKeyPair::from_pkcs8(&bytes)
            .map(Self)
            .map_err(|_| "its private key is no RSA key (PKCS#8)".to_owned())
    }

    /// `header.claims.signature`.
    pub fn sign(&self, key_id: &str, claims: &serde_json::Value) -> Result<String, String> {
        let coded = |text: String| base64_simd::URL_SAFE_NO_PAD.encode_to_string(text);
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": key_id});
        let text = format!("{}.{}", coded(header.to_string()), coded(claims.to_string()));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| "its private key cannot sign".to_owned())?;
        Ok(format!("{text}.{}", base64_simd::URL_SAFE_NO_PAD.encode_to_string(signature)))
    }
}
