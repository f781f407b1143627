use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How much may be done to media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Nothing: the bytes of the file are what is sent.
    #[default]
    AsIs,
    /// What one provider would refuse is changed for it: each provider gets the best it can take.
    Fit,
    /// What any of the providers would refuse is changed for all: each gets the same pixels.
    Same,
}

/// How media are changed where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The longest side of an image, on top of what providers ask for.
    pub long_side: Option<u32>,
    /// From 1 to 100.
    pub jpeg_quality: u8,
    /// Whether every image is written as a JPEG of that quality, where the targets take one.
    pub recode: bool,
    /// The longest side of a page that becomes an image.
    pub page_side: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { long_side: None, jpeg_quality: 90, recode: false, page_side: 2000 }
    }
}

impl Policy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::AsIs, Self::Fit, Self::Same];

    /// The name used in files and flags.
    pub fn name(self) -> &'static str {
        match self {
            Self::AsIs => "as-is",
            Self::Fit => "fit",
            Self::Same => "same",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.name() == text)
            .ok_or_else(|| format!("unknown media policy `{text}` (known: as-is, fit, same)"))
    }
}
