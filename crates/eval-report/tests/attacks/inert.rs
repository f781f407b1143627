//! What nothing hostile may leave in a rendering.

/// No control sequences, and nothing that turns text around.
#[track_caller]
pub fn terminal(text: &str) {
    let is_hidden = |one: char| (one.is_control() && one != '\n') || "\u{202e}\u{2066}\u{200f}".contains(one);
    assert!(!text.contains(is_hidden), "{text}");
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

/// No elements but our own, and no script but ours.
#[track_caller]
pub fn html(text: &str) {
    assert_eq!(text.matches("<script").count(), 1);
    for element in ["<img", "<iframe", "<svg onload", "javascript:window.__pwned=1\""] {
        assert!(!text.contains(element), "{element}");
    }
    assert!(!text.contains("\" onmouseover="));
    assert!(text.contains("&lt;script&gt;window.__pwned=1"), "the attack is there, as text");
}
