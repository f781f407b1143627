//! What nothing hostile may leave in a rendering.

use unicode_width::UnicodeWidthStr;

/// No control sequences, and nothing that turns text around.
#[track_caller]
pub fn terminal(text: &str) {
    let is_hidden = |one: char| (one.is_control() && one != '\n') || "\u{202e}\u{2066}\u{200f}".contains(one);
    assert!(!text.contains(is_hidden), "{text}");
}

/// No line is wider than the terminal, but for the command, which is to be copied whole.
#[track_caller]
pub fn fits(text: &str, columns: usize) {
    for line in text.lines().filter(|line| !line.starts_with("  vision-eval ")) {
        assert!(line.width() <= columns, "{line}");
    }
}

/// No HTML, pictures, links, mentions or workflow commands.
#[track_caller]
pub fn markdown(text: &str) {
    terminal(text);
    let ours = ["<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>", "<!-- -->"];
    let rest = ours.iter().fold(text.to_owned(), |text, tag| text.replace(tag, ""));
    assert!(!rest.contains('<'), "{rest}");
    assert!(!text.contains("@everyone") && !text.contains("\n::") && !text.contains("https://"), "{text}");
    assert!(!text.replace("\\[", "").replace("\\]", "").contains("]("), "{text}");
}

/// The same in a comment, which has one line of our own, and where a fold that is opened is closed.
#[track_caller]
pub fn comment(text: &str) {
    let (mark, rest) = text.split_once('\n').unwrap();
    let name = mark.strip_prefix("<!-- vision-eval:").and_then(|mark| mark.strip_suffix(" -->")).unwrap();
    assert!(name.chars().all(|one| one.is_ascii_alphanumeric() || "-_.".contains(one)), "{name}");
    let outside: Vec<&str> = rest.split("\n```").step_by(2).collect();
    markdown(&outside.join("\n"));
    assert_eq!(rest.matches("\n<details>").count(), rest.matches("\n</details>").count());
}

/// No elements but our own, and as many scripts as we write.
#[track_caller]
pub fn html(text: &str, scripts: usize) {
    assert_eq!(text.matches("<script").count(), scripts);
    // In the data of the case browser, `<` is an escape of JSON; the rest is no markup there.
    let (before, data) = text.split_once("<script type=\"application/json\"").unwrap_or((text, "</script>"));
    let (data, after) = data.split_once("</script>").unwrap();
    assert!(!data.contains('<'));
    for page in [before, after] {
        for markup in ["<img", "<iframe", "<svg onload", "\" onmouseover=", "javascript:window.__pwned=1\""] {
            assert!(!page.contains(markup), "{markup}");
        }
    }
    assert!(before.contains("&lt;script&gt;window.__pwned=1"), "the attack is there, as text");
}
