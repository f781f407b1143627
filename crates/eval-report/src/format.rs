use std::path::Path;
use std::str::FromStr;

/// What a report can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal or a plain file.
    Text,
    /// For pull requests and step summaries.
    Markdown,
    /// One self-contained page.
    Html,
    /// The summary.
    Json,
    /// One trial per line.
    Jsonl,
    /// One trial per row.
    Csv,
    /// One trial per row, with typed columns.
    Parquet,
    /// For CI systems: a test case per dataset × provider.
    Junit,
    /// For CI systems: a test case per trial.
    JunitCases,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of_path(path: &Path) -> Result<Self, String> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if name.ends_with("cases.junit.xml") {
            return Ok(Self::JunitCases);
        }
        let ending = name.rsplit('.').next().unwrap_or_default();
        match ending {
            "txt" => Ok(Self::Text),
            "md" | "markdown" => Ok(Self::Markdown),
            "html" | "htm" => Ok(Self::Html),
            "json" => Ok(Self::Json),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            "parquet" => Ok(Self::Parquet),
            "xml" => Ok(Self::Junit),
            _ => Err(format!(
                "{} has an ending that is none of .html .md .json .jsonl .csv .parquet .junit.xml .cases.junit.xml .txt",
                path.display()
            )),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "markdown" | "md" => Ok(Self::Markdown),
            "html" => Ok(Self::Html),
            "json" => Ok(Self::Json),
            "jsonl" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            "parquet" => Ok(Self::Parquet),
            "junit" => Ok(Self::Junit),
            "junit-cases" => Ok(Self::JunitCases),
            other => Err(format!(
                "the format `{other}` is none of text, markdown, json, jsonl, csv, parquet, junit, junit-cases, html"
            )),
        }
    }
}
