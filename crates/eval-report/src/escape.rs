//! What makes hostile text harmless, one function per place it may end up in.

/// For HTML text and quoted attributes.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in visible(text) {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A page that is printed in CI begins no line with what somebody else said.
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    out
}

/// For JSON inside an HTML `<script>`: nothing in it can end the element or start a comment.
#[must_use]
pub fn json_in_html(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    push_json_in_html(&mut out, json);
    out
}

/// The same at the end of a page, which may be so large that it should not be in memory twice.
pub(crate) fn push_json_in_html(out: &mut String, json: &str) {
    let mut rest = json;
    let steers = |one: char| {
        matches!(one, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') || (is_hidden(one) && one != '\n')
    };
    while let Some(at) = rest.find(steers) {
        let (plain, from) = rest.split_at(at);
        let one = from.chars().next().expect("it was found");
        out.push_str(plain);
        out.push_str(&code(one));
        rest = &from[one.len_utf8()..];
    }
    out.push_str(rest);
}

/// For JSON, as whatever shows it may obey what JSON lets through: the same value, written in another way.
#[must_use]
pub fn json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for one in json.chars() {
        match one {
            hidden if is_hidden(hidden) && hidden != '\n' => out.push_str(&code(hidden)),
            other => out.push(other),
        }
    }
    out
}

/// As JSON writes any character of the first plane.
fn code(one: char) -> String {
    format!("\\u{:04x}", one as u32)
}

/// For one line of Markdown, also in a table: no markup, links, mentions or HTML.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let line = terminal(text);
    for (at, one) in line.char_indices() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', one]),
            '!' if line[at..].starts_with("![") => out.push_str("\\!"),
            // An empty comment splits the text, so that no host makes a mention or a link of it.
            '@' | '#' => out.extend([&one.to_string(), "<!-- -->"]),
            ':' if line[at..].starts_with("://") => out.push_str(":<!-- -->"),
            '.' if line[..at].to_ascii_lowercase().ends_with("www") => out.push_str("<!-- -->."),
            '-' | '+' if out.is_empty() && line[at + 1..].starts_with(' ') => out.extend(['\\', one]),
            other => out.push(other),
        }
    }
    out
}

/// For a fenced block of Markdown: the fence is longer than any in the text.
#[must_use]
pub fn markdown_block(text: &str) -> String {
    let longest = text.split(|one| one != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let text = no_commands(&visible(text).collect::<String>());
    format!("{fence}\n{text}\n{fence}")
}

/// For a cell of CSV: no spreadsheet takes it for a formula, no log for a command, and its lines break in one way.
#[must_use]
pub fn csv(text: &str) -> String {
    let text = visible(text).collect::<String>().replace("\r\n", "\n").replace('\r', "\n");
    let starts = ['=', '+', '-', '@', '\t', '\n', '＝', '＋', '－', '＠', '|', '%'];
    let text = no_commands(&text);
    if text.starts_with(starts) || text.trim_start().starts_with(starts) { format!("'{text}") } else { text }
}

/// For one line of a terminal: no control sequences, no line breaks, no reversed text.
#[must_use]
pub fn terminal(text: &str) -> String {
    text.chars()
        .map(|one| match one {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            other if is_hidden(other) => '\u{fffd}',
            other => other,
        })
        .collect()
}

/// For several lines of a terminal or a log: they may break and be indented, and nothing else steers who shows them.
#[must_use]
pub fn lines(text: &str) -> String {
    let text: String = visible(text).map(|one| if one == '\r' { ' ' } else { one }).collect();
    no_commands(&text)
}

/// A log of GitHub's obeys `::` at the start of a line, blanks before it or not, and `##[` anywhere. Where texts are wrapped,
/// this comes after it: a line may then start with what stood in the middle.
#[must_use]
pub fn no_commands(text: &str) -> String {
    let line = |line: &str| match line.trim_start().strip_prefix("::") {
        Some(rest) => format!("{}: :{rest}", &line[..line.len() - line.trim_start().len()]),
        None => line.to_owned(),
    };
    text.replace("##[", "## [").split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// For the name of one file.
#[must_use]
pub fn file_name(text: &str) -> String {
    let safe = |one: char| if one.is_ascii_alphanumeric() || "-_.".contains(one) { one } else { '_' };
    let name: String = text.chars().take(100).map(safe).collect();
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt"));
    let reserved = numbered || ["con", "prn", "aux", "nul"].contains(&stem.as_str());
    let name = name.trim_matches('.');
    if name.is_empty() || reserved { format!("_{name}") } else { name.to_owned() }
}

/// For an address in a link: a relative path or a web address; nothing else.
#[must_use]
pub fn link(address: &str) -> Option<String> {
    let web = address.starts_with("https://") || address.starts_with("http://");
    if !web && (address.contains(':') || address.starts_with(['/', '\\']) || address.contains("..")) {
        return None;
    }
    let mut out = String::new();
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/:?=&%,+@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(out)
}

/// For the message of an annotation of GitHub's.
#[must_use]
pub fn annotation(text: &str) -> String {
    terminal(text).replace('%', "%25")
}

/// For a property of an annotation of GitHub's.
#[must_use]
pub fn annotation_property(text: &str) -> String {
    annotation(text).replace(':', "%3A").replace(',', "%2C")
}

fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|one| if is_hidden(one) && !"\n\r\t".contains(one) { '\u{fffd}' } else { one })
}

/// Controls, marks that turn text around, and what no XML may hold.
fn is_hidden(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(one, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests;
