use hyper::HeaderMap;

/// The key, in whichever header the dialect puts it.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    let plain = ["x-api-key", "x-goog-api-key", "api-key", "ocp-apim-subscription-key"]
        .into_iter()
        .find_map(|name| text(headers, name));
    plain.or_else(|| {
        let value = text(headers, "authorization")?;
        value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("Api-Key "))
    })
}

/// All headers that carry something private: as they came, and as addresses and Base64 spell them.
pub(super) fn credentials(headers: &HeaderMap) -> String {
    let names = [
        "authorization",
        "x-api-key",
        "x-goog-api-key",
        "api-key",
        "ocp-apim-subscription-key",
        "x-amz-security-token",
        "openai-project",
    ];
    let plain = names.into_iter().filter_map(|name| text(headers, name)).collect::<Vec<_>>().join(" ");
    if plain.is_empty() {
        return plain;
    }
    let escaped: String = plain.chars().map(escaped).collect();
    let coded = base64_simd::STANDARD.encode_to_string(&plain);
    format!("{plain} {escaped} {coded}")
}

/// As a careless address has it: in small letters.
fn escaped(letter: char) -> String {
    match letter.is_ascii_alphanumeric() || "-._~".contains(letter) {
        true => letter.to_string(),
        false => format!("%{:02x}", u32::from(letter)),
    }
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
