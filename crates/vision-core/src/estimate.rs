use serde::{Deserialize, Serialize};

/// What a request will be billed, by the provider's own rules. `None` is "the rule is not known".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Tokens of prompt and schema text: a guess from its length, as no tokeniser is at hand.
    pub text: u64,
    /// Tokens of images, and of film where it is billed like them, by the provider's published formula.
    pub image: Option<u64>,
    /// Tokens of PDF pages.
    pub pdf: Option<u64>,
    /// Tokens of sound.
    pub audio: Option<u64>,
    /// Seconds of sound, where the host bills time and not tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_seconds: Option<u64>,
    /// Pages, where the host bills some other number than there are pictures and pages in the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u64>,
    /// Pages whose fields a model fills in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotated_pages: Option<u64>,
    /// Credits, where they are billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<u64>,
    /// What makes the request dearer than usual, where that is known before it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surcharge: Option<Surcharge>,
}

/// A way of serving a request that has a price of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surcharge {
    /// Before the requests of others.
    Priority,
    /// In one region, instead of wherever there is room.
    Regional,
    /// Both.
    PriorityRegional,
}

impl Surcharge {
    /// The name used in price books and in [`Response::service_tier`](crate::Response::service_tier).
    pub fn name(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Regional => "regional",
            Self::PriorityRegional => "priority+regional",
        }
    }
}

impl Estimate {
    /// All input tokens, or `None` where a part is not known.
    pub fn input(&self) -> Option<u64> {
        let parts = [self.image?, self.pdf?, self.audio?];
        Some(parts.into_iter().fold(self.text, u64::saturating_add))
    }

    /// No tokens at all: for hosts that bill pages.
    pub fn without_tokens() -> Self {
        Self { image: Some(0), pdf: Some(0), audio: Some(0), ..Self::default() }
    }

    /// The usual guess for text: four bytes a token, and a few for the message's frame.
    ///
    /// Bytes and not characters, because scripts outside ASCII take more tokens a character.
    pub fn text_tokens(text: &str) -> u64 {
        (text.len() as u64).div_ceil(4)
    }
}

#[cfg(test)]
mod tests {
    use super::Estimate;

    #[test]
    fn a_sum_with_an_unknown_part_is_unknown() {
        let known =
            Estimate { text: 10, image: Some(85), pdf: Some(0), audio: Some(0), ..Estimate::default() };
        assert_eq!(known.input(), Some(95));
        assert_eq!(Estimate { image: None, ..known }.input(), None);
    }
}
