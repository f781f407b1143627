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

#[cfg(test)]
mod tests {
    use super::{host, join};

    #[test]
    fn the_host_is_what_a_person_knows() {
        assert_eq!(host("https://api.openai.com/v1/chat"), "api.openai.com");
        assert_eq!(host("http://user:pass@localhost:11434?x=1"), "localhost:11434");
        assert_eq!(host("localhost"), "localhost");
    }

    #[test]
    fn slashes_are_counted() {
        assert_eq!(join("https://a.test/v1/", "/chat"), "https://a.test/v1/chat");
        assert_eq!(join("https://a.test/v1", "chat"), "https://a.test/v1/chat");
    }
}
