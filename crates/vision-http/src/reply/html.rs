use crate::Reply;

/// What a person needs to see of a body that is not an answer.
const SHOWN: usize = 200;

impl Reply {
    /// Whether the body is a web page: what proxies and content networks send when they answer themselves.
    pub fn is_html(&self) -> bool {
        let start = self.body.get(..self.body.len().min(64)).unwrap_or_default();
        let start = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
        start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<head")
    }

    /// The body in a few words, on one line: the title of a web page, the start of anything else.
    pub fn excerpt(&self) -> String {
        let text = self.text();
        let words = if self.is_html() { title(&text).unwrap_or("a web page") } else { &text };
        one_line(words)
    }
}

fn title(html: &str) -> Option<&str> {
    // ASCII lower-casing keeps every byte in its place, so positions in `lower` hold in `html`.
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(&html[start..end])
}

fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.len() + word.len() > SHOWN {
            let room = SHOWN.saturating_sub(line.len());
            line.extend(word.chars().filter(|letter| !letter.is_control()).take(room));
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|letter| !letter.is_control()));
    }
    line
}

#[cfg(test)]
mod tests {
    use crate::Reply;

    #[track_caller]
    fn check(body: &str, html: bool, excerpt: &str) {
        let reply = Reply { body: body.to_owned().into(), ..Reply::default() };
        assert_eq!((reply.is_html(), reply.excerpt().as_str()), (html, excerpt));
    }

    #[test]
    fn a_web_page_is_known_and_shown_by_its_title() {
        check(
            "\n <!DOCTYPE html><html><head><title>502\n Bad Gateway</title></head></html>",
            true,
            "502 Bad Gateway",
        );
        check("<html><body>İ</body></html>", true, "a web page");
    }

    #[test]
    fn anything_else_is_shown_by_its_start() {
        check("{\"error\": \"x\"}\n", false, "{\"error\": \"x\"}");
        check("", false, "");
        check("\u{1b}[31mred", false, "[31mred");
        check(&"ä".repeat(300), false, &format!("{}…", "ä".repeat(200)));
    }
}
