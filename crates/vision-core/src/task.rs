use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a case asks for.
///
/// Models that follow a prompt ignore it; engines that follow none (OCR on this machine,
/// document APIs) choose their pipeline by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Fields and line items of a shop receipt.
    Receipt,
    /// The data table behind a chart.
    ChartTable,
    /// One question about a chart.
    ChartQuestion,
    /// One label out of a closed list.
    Classify,
    /// The differences between two images.
    Compare,
    /// Type, dates and key fields of a document.
    Document,
    /// The fields that a JSON Schema of the user's own asks for.
    Extract,
    /// The words of a sound recording.
    Transcribe,
    /// The text of an image in reading order, or whatever a free prompt asks.
    Text,
    /// What an image, a page or a recording shows, in free words.
    Describe,
    /// What a recording or a document says, in short.
    Summarize,
    /// What differs between two images, in free words.
    CompareFree,
}

impl Task {
    /// Every task, in the order reports list them.
    pub const ALL: [Self; 12] = [
        Self::Receipt,
        Self::ChartTable,
        Self::ChartQuestion,
        Self::Classify,
        Self::Compare,
        Self::Document,
        Self::Extract,
        Self::Transcribe,
        Self::Text,
        Self::Describe,
        Self::Summarize,
        Self::CompareFree,
    ];

    /// Whether any true answer in free words is right, so that it is judged by a list of checks.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Describe | Self::Summarize | Self::CompareFree)
    }

    /// The name used in files, flags and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::ChartTable => "chart-table",
            Self::ChartQuestion => "chart-question",
            Self::Classify => "classify",
            Self::Compare => "compare",
            Self::Document => "document",
            Self::Extract => "extract",
            Self::Transcribe => "transcribe",
            Self::Text => "text",
            Self::Describe => "describe",
            Self::Summarize => "summarize",
            Self::CompareFree => "compare-free",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Task {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|task| task.name() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|task| task.name()).collect();
            format!("unknown task `{text}` (known: {})", known.join(", "))
        })
    }
}
