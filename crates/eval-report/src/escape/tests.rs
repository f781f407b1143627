use super::{
    annotation_property, csv, file_name, html, json, json_in_html, lines, link, markdown, markdown_block,
    terminal,
};

#[test]
fn html_cannot_leave_text_or_attribute() {
    assert_eq!(html(r#"<b a="x" b='y'>&"#), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
}

#[test]
fn json_cannot_end_its_script() {
    assert_eq!(json_in_html("\"</script><!--\""), r#""\u003c/script\u003e\u003c!--""#);
}

#[test]
fn markdown_has_no_markup_links_or_mentions() {
    assert_eq!(markdown("a|b`c` [x](y) @me"), "a\\|b\\`c\\` \\[x\\](y) @<!-- -->me");
    assert_eq!(markdown("https://evil.test\n# x"), "https:<!-- -->//evil.test #<!-- --> x");
    assert_eq!(markdown("www.evil.test <img>"), "www<!-- -->.evil.test &lt;img&gt;");
}

#[test]
fn a_fence_is_longer_than_any_inside() {
    assert_eq!(markdown_block("a ```` b"), "`````\na ```` b\n`````");
}

#[test]
fn formulas_become_text() {
    for formula in ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1"] {
        assert!(csv(formula).starts_with('\''), "{formula:?}");
    }
    assert_eq!(csv("plain"), "plain");
    assert_eq!(csv("a\r\n::error::b\r  ::stop"), "a\n: :error::b\n  : :stop");
}

#[test]
fn a_terminal_gets_no_controls() {
    assert_eq!(terminal("a\x1b[31mb\u{9b}c\r\nd\u{202e}"), "a\u{fffd}[31mb\u{fffd}c  d\u{fffd}");
}

#[test]
fn lines_break_and_nothing_else() {
    assert_eq!(lines("a\n::error::b"), "a\n: :error::b");
    assert_eq!(lines("::a\n \t::b c::d ##[error]e"), ": :a\n \t: :b c::d ## [error]e");
    assert_eq!(lines("a\r\n\tb\x1b]0;owned\x07\u{202e}"), "a \n\tb\u{fffd}]0;owned\u{fffd}\u{fffd}");
}

#[test]
fn json_keeps_its_value_and_hides_nothing() {
    let text = serde_json::json!({ "a": "b\u{9b}31m\u{202e}\n" });
    let escaped = json(&text.to_string());
    assert_eq!(escaped, r#"{"a":"b\u009b31m\u202e\n"}"#);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), text);
}

#[test]
fn file_names_stay_in_their_folder() {
    assert_eq!(file_name("../../etc/passwd"), "_.._etc_passwd");
    assert_eq!(file_name("con.txt"), "_con.txt");
    assert_eq!(file_name(".."), "_");
}

#[test]
fn links_run_nothing() {
    assert_eq!(link("javascript:alert(1)"), None);
    assert_eq!(link("data:text/html,x"), None);
    assert_eq!(link("../secret"), None);
    assert_eq!(link("media/a b\".jpg").as_deref(), Some("media/a%20b%22.jpg"));
}

#[test]
fn annotations_stay_on_their_line() {
    assert_eq!(annotation_property("a:b,c%\n::error::x"), "a%3Ab%2Cc%25 %3A%3Aerror%3A%3Ax");
}
