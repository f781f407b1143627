use vision_http::{Body, Call, Method};

/// A `POST` of a form.
pub(crate) fn post(url: &str, fields: &[(&str, &str)]) -> Call {
    let content_type = "application/x-www-form-urlencoded".to_owned();
    Call::new(Method::Post, url.to_owned(), Body::Raw { content_type, bytes: query(fields).into() })
}

/// The fields as they stand in a form or an address.
pub(crate) fn query(fields: &[(&str, &str)]) -> String {
    let each = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    each.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
