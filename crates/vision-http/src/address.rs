/// The host of an address, for messages: `api.openai.com` in `https://api.openai.com/v1`.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.rsplit('@').next().unwrap_or(authority)
}

/// Joins a base address and a path with exactly one slash between them.
pub fn join(base_url: &str, path: &str) -> String {
    format!("{}/{}", base_url.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// `address` at the host of `base_url`: keys and bytes go nowhere but where the user said, whatever a reply names.
pub fn at_host_of(base_url: &str, address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |slash| &rest[slash..]);
    let scheme = base_url.split_once("://").map_or("https", |(scheme, _)| scheme);
    format!("{scheme}://{}{path}", host(base_url))
}

/// Query parameters whose value opens something by itself: a key, a session of an upload, a signature.
const PASSES: [&str; 9] = [
    "upload_id",
    "key",
    "api_key",
    "api-key",
    "token",
    "access_token",
    "sig",
    "signature",
    "x-goog-signature",
];

/// `text` with the values starred that are as good as a key wherever it holds an address with a query.
pub fn star_queries(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['?', '&']) {
        let (before, query) = rest.split_at(at + 1);
        clean.push_str(before);
        rest = query;
        let Some((name, value)) = query.split_once('=') else { continue };
        if PASSES.iter().any(|pass| name.eq_ignore_ascii_case(pass)) {
            let ends = |letter: char| letter.is_whitespace() || "&#\"'<>)\\".contains(letter);
            clean.push_str(name);
            clean.push_str("=***");
            rest = &value[value.find(ends).unwrap_or(value.len())..];
        }
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::{at_host_of, host, join, star_queries};

    #[test]
    fn what_opens_something_by_itself_is_starred() {
        let check = |text: &str, clean: &str| assert_eq!(star_queries(text), clean);
        check(
            "https://a.test/up?upload_id=AB-12&upload_protocol=resumable",
            "https://a.test/up?upload_id=***&upload_protocol=resumable",
        );
        check(
            "see \"/f?alt=media&Key=AIza%2F1\", or /g?sig=x",
            "see \"/f?alt=media&Key=***\", or /g?sig=***",
        );
        for harmless in ["what? a key=value & more", "/v1/ask?x=1&y", "a?b?c", "monkey=1&turkey=2", ""] {
            check(harmless, harmless);
        }
    }

    #[test]
    fn the_host_is_what_a_person_knows() {
        assert_eq!(host("https://api.openai.com/v1/chat"), "api.openai.com");
        assert_eq!(host("http://user:pass@localhost:11434?x=1"), "localhost:11434");
        assert_eq!(host("localhost"), "localhost");
    }

    #[test]
    fn uploads_stay_at_the_host_of_the_base_address() {
        let address = "https://elsewhere.example.com/upload/v1beta/files?upload_id=1";
        assert_eq!(
            at_host_of("http://127.0.0.1:8080/", address),
            "http://127.0.0.1:8080/upload/v1beta/files?upload_id=1"
        );
    }

    #[test]
    fn slashes_are_counted() {
        assert_eq!(join("https://a.test/v1/", "/chat"), "https://a.test/v1/chat");
        assert_eq!(join("https://a.test/v1", "chat"), "https://a.test/v1/chat");
    }
}
