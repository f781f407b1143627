use std::fmt;
use std::path::{Path, PathBuf};

/// The result of reading something a person wrote.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// Something wrong in a file, said so that the person who wrote it can mend it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// Its line, from 1.
    pub line: Option<usize>,
    /// The column in that line, from 1.
    pub column: Option<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The line itself with the wrong word underlined, ready to print.
    pub excerpt: Option<String>,
    /// Whether the file cannot be written, as on a full disk; otherwise something in it is wrong.
    pub is_unwritable: bool,
}

impl Problem {
    /// A problem of a whole file.
    pub fn new(path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            line: None,
            column: None,
            message: message.into(),
            excerpt: None,
            is_unwritable: false,
        }
    }

    /// A problem of one line.
    pub fn at_line(path: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(path, message) }
    }

    /// A file that cannot be read.
    pub fn unreadable(path: impl AsRef<Path>, error: &std::io::Error) -> Self {
        Self::new(path, format!("cannot be read: {error}"))
    }

    /// A file that cannot be written.
    pub fn unwritable(path: impl AsRef<Path>, error: &std::io::Error) -> Self {
        Self { is_unwritable: true, ..Self::new(path, format!("cannot be written: {error}")) }
    }

    /// A problem at bytes `span` of `text`, which is the content of the file.
    pub fn in_text(
        path: impl AsRef<Path>,
        text: &str,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let start = floor_char_boundary(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[..start].matches('\n').count() + 1;
        let column = text[line_start..start].chars().count() + 1;
        let end = floor_char_boundary(text, span.end.clamp(start, line_end));
        let width = text[start..end].chars().count().max(1);
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let excerpt = format!(
            "{margin} |\n{number} | {}\n{margin} | {}{}",
            text[line_start..line_end].replace('\t', " "),
            " ".repeat(column - 1),
            "^".repeat(width),
        );
        Self { line: Some(line), column: Some(column), excerpt: Some(excerpt), ..Self::new(path, message) }
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        for place in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{place}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.excerpt {
            Some(excerpt) => write!(f, "\n{excerpt}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}
