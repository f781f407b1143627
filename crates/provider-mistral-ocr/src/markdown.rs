//! Words without the marks that Markdown puts around them. What could be a word is left alone.

/// The words of a page, line by line.
pub(crate) fn plain(text: &str) -> String {
    let lines = text.lines().filter_map(line);
    lines.collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

/// A line without its marks; nothing if it only consists of them.
fn line(line: &str) -> Option<String> {
    let trimmed = line.trim();
    if is_rule(trimmed) || is_picture(trimmed) {
        return None;
    }
    let text = match trimmed.strip_prefix('|').and_then(|rest| rest.strip_suffix('|')) {
        Some(row) => {
            row.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
        }
        None => heading(line).to_owned(),
    };
    Some(without_pairs(&text, "**"))
}

/// `| --- | :-: |`, `---`.
fn is_rule(line: &str) -> bool {
    line.contains("---") && line.chars().all(|letter| "|-: ".contains(letter))
}

/// `![img-0.jpeg](img-0.jpeg)` alone in a line.
fn is_picture(line: &str) -> bool {
    line.starts_with("![") && line.ends_with(')') && line.matches("](").count() == 1
}

fn heading(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    let marks = line.len() - rest.len();
    if (1..=6).contains(&marks) { rest.strip_prefix(' ').unwrap_or(line) } else { line }
}

fn without_pairs(text: &str, mark: &str) -> String {
    let marks = text.matches(mark).count() / 2 * 2;
    text.replacen(mark, "", marks)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_go_and_words_stay() {
        let page = "# BLUE BOTTLE\n\n| Item | Price |\n| --- | :-: |\n| **Latte** | 8.00 |\n\n![img-0.jpeg](img-0.jpeg)\n\
                    2 ** 3 * 4\n#7 is not a heading";
        assert_eq!(plain(page), "BLUE BOTTLE\n\nItem Price\nLatte 8.00\n\n2 ** 3 * 4\n#7 is not a heading");
    }
}
