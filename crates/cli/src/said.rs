//! What others said, on a line of ours.

use console::truncate_str;
use eval_report::escape;

/// What a line of somebody else's words may take: a failed request's body can be a page of HTML.
const LONGEST: usize = 200;

/// `before`, the words of somebody else, `after`: one line that steers no terminal. The words give way if it is too long.
pub fn line(before: &str, words: &str, after: &str) -> String {
    let (before, words, after) = (escape::terminal(before), escape::terminal(words), escape::terminal(after));
    let taken = console::measure_text_width(&before) + console::measure_text_width(&after);
    let room = LONGEST.saturating_sub(taken).max(LONGEST / 4);
    // Searched no further than it is shown: there may be megabytes.
    let start: String = words.chars().take(room + 1).collect();
    format!("{before}{}{after}", truncate_str(&start, room, "…"))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn long_words_are_cut_and_what_stands_around_them_is_not() {
        let said =
            line("openai/gpt: 1 failed, rate_limited: ", &"<p>\u{1b}[31mbusy\n".repeat(10_000), " (case 7)");
        assert_eq!(console::measure_text_width(&said), 200);
        assert!(said.starts_with("openai/gpt: 1 failed, rate_limited: <p>") && said.ends_with("… (case 7)"));
        assert!(!said.contains(['\n', '\u{1b}']));
        assert_eq!(line("a: ", "b\tc", " (d)"), "a: b c (d)");
    }
}
