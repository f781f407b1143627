//! What models and printers put around and into a text that changes none of its words.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::value::fold::narrow;

/// How a word at the end of a line that ends with a hyphen goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hyphen {
    /// `infor-` and `mation` are one word.
    Parted,
    /// `well-` and `known` keep the hyphen.
    Own,
}

/// A text without an introduction, marks of emphasis and tags that the label has not, with plain quotes, dashes and
/// letters, and words in one piece.
pub(super) fn plain(text: &str, label: &str, hyphen: Hyphen) -> String {
    let text = without_introduction(text, label);
    let mut text = without_quotes(text, label).to_owned();
    if !label.contains("**") && !label.contains("__") {
        text = text.replace("**", "").replace("__", "");
    }
    if !label.contains('<') {
        text = without_tags(&text);
    }
    let lines = text
        .lines()
        .map(|line| without_mark(line, label))
        .filter(|line| label.contains("```") || !line.trim_start().starts_with("```"));
    let text = joined(&lines.collect::<Vec<_>>().join("\n"), hyphen);
    in_plain_letters(&composed(&text))
}

/// A text with each letter and its accents in one character.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Whether there are words that a hyphen at the end of a line may part.
pub(super) fn has_parted_words(text: &str) -> bool {
    text.contains("-\n") || text.contains("-\r\n")
}

/// `Here is the text:` on a line of its own, unless the label has it.
fn without_introduction<'a>(text: &'a str, label: &str) -> &'a str {
    const LONGEST: usize = 120;
    let trimmed = text.trim_start();
    // `The text says: "No smoking"`
    let says = trimmed.split_once(':').filter(|(lead, rest)| {
        let lead = lead.to_lowercase();
        let announces = lead.len() <= LONGEST
            && lead.starts_with("the ")
            && (lead.ends_with("says") || lead.ends_with("reads"));
        announces && !rest.trim().is_empty() && !label.to_lowercase().trim_start().starts_with(&lead)
    });
    if let Some((_, rest)) = says {
        return rest;
    }
    let Some((first, rest)) = trimmed.split_once('\n') else { return text };
    let line = first.trim().trim_matches(['*', '#', ' ']).to_lowercase();
    let announces = [
        "here",
        "sure",
        "the text",
        "text",
        "transcription",
        "transcript",
        "extracted",
        "ocr",
        "certainly",
        "of course",
        "the image",
    ]
    .iter()
    .any(|start| line.starts_with(start));
    let labelled = label.trim_start().lines().next().is_some_and(|own| own.trim().to_lowercase() == line);
    if line.len() <= LONGEST && line.ends_with(':') && announces && !labelled && !rest.trim().is_empty() {
        rest
    } else {
        text
    }
}

/// A text without quotes around the whole.
fn without_quotes<'a>(text: &'a str, label: &str) -> &'a str {
    let whole = text.trim();
    let inner = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')]
        .iter()
        .find_map(|(open, close)| whole.strip_prefix(*open)?.strip_suffix(*close));
    match inner.filter(|inner| !inner.contains(['"', '“', '”', '«', '»'])) {
        Some(inner) if !label.trim().starts_with(['"', '“', '„', '«']) => inner,
        _ => text,
    }
}

/// Without `<p>`, `<br/>` and the like.
fn without_tags(text: &str) -> String {
    const LONGEST: usize = 100;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let inner = tag[1..].trim_start_matches('/');
        let mut most = inner.len().min(LONGEST);
        while !inner.is_char_boundary(most) {
            most -= 1;
        }
        let end = inner[..most].find('>').filter(|_| inner.starts_with(|c: char| c.is_ascii_alphabetic()));
        match end {
            Some(end) => {
                let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                if matches!(name, "br" | "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3" | "td") {
                    out.push(' ');
                }
                rest = &inner[end + 1..];
            }
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A line without the mark of a heading or a quotation.
fn without_mark<'a>(line: &'a str, label: &str) -> &'a str {
    let bare = line.trim_start();
    let heading = bare.trim_start_matches('#');
    if heading.len() < bare.len() && heading.starts_with(' ') && !label.contains('#') {
        return heading.trim_start();
    }
    if let Some(quoted) = bare.strip_prefix("> ").filter(|_| !label.contains('>')) {
        return quoted;
    }
    line
}

fn joined(text: &str, hyphen: Hyphen) -> String {
    let text = text.replace('\r', "");
    if !has_parted_words(&text) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("-\n") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        out.push_str(before);
        let parts = before.ends_with(char::is_alphabetic) && after.starts_with(char::is_lowercase);
        match (parts, hyphen) {
            (true, Hyphen::Parted) => {}
            (true, Hyphen::Own) => out.push('-'),
            (false, _) => out.push_str("-\n"),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Ligatures in their letters, one kind of quotes and dashes, and nothing that does not show.
fn in_plain_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in narrow(text).chars() {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬀ' => out.push_str("ff"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            'ﬅ' | 'ﬆ' => out.push_str("st"),
            '…' => out.push_str("..."),
            c => out.push(c),
        }
    }
    out
}
