use serde::{Deserialize, Serialize};
use vision_core::{Media, Modality, Usage};

use super::price::Price;
use super::units::Unit;

/// What a request brings beside its words, as far as hosts bill it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Pictures; each page of a document is one.
    pub pictures: u64,
    /// Seconds of sound and film, if their length is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

impl Sent {
    /// So many pictures and nothing else.
    pub fn pictures(pictures: u64) -> Self {
        Self { pictures, seconds: None }
    }

    /// What these media are.
    pub fn of<'a>(media: impl IntoIterator<Item = &'a Media>) -> Self {
        let mut sent = Self::default();
        for media in media {
            let facts = media.facts();
            match media.modality() {
                Modality::Image => sent.pictures += 1,
                Modality::Pdf => sent.pictures += facts.pages.map_or(1, u64::from).max(1),
                Modality::Audio | Modality::Video => {
                    let seconds = facts.seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
                    let all = seconds.map(|seconds| seconds.ceil() as u64 + sent.seconds.unwrap_or(0));
                    sent.seconds = all.or(sent.seconds);
                }
            }
        }
        sent
    }
}

impl Price {
    /// What the host counted, and what was sent where it leaves out a count that this price bills: a host that says
    /// nothing bills all the same.
    pub fn counts(&self, usage: &Usage, sent: Sent) -> Usage {
        let bills = |units: &[Unit]| self.units.iter().any(|price| units.contains(&price.unit));
        // Where tokens cost something, too, the host's own count says which of the two it bills.
        let by_time = self.per_audio_second_usd.is_some() && self.bills_no_tokens();
        let paged = bills(&[Unit::Page, Unit::Document]) && sent.pictures > 0;
        let annotated = bills(&[Unit::AnnotatedPage]) && sent.pictures > 0;
        let timed = bills(&[Unit::Minute]) || by_time;
        Usage {
            pages: usage.pages.or(paged.then_some(sent.pictures)),
            annotated_pages: usage
                .annotated_pages
                .or(annotated.then_some(usage.pages.unwrap_or(sent.pictures))),
            audio_seconds: usage.audio_seconds.or(sent.seconds.filter(|_| timed)),
            ..*usage
        }
    }

    /// Whether tokens cost nothing: the price is by the piece or by time.
    pub fn bills_no_tokens(&self) -> bool {
        let rates = [self.input_per_mtok, self.output_per_mtok, self.audio_input_per_mtok];
        rates.into_iter().flatten().all(|dollars| dollars == 0.0)
    }
}

#[cfg(test)]
mod tests {
    use vision_core::{Response, Usage, Usd};

    use super::Sent;
    use crate::{Price, Unit, UnitPrice};

    const MINUTE: Sent = Sent { pictures: 0, seconds: Some(60) };

    fn answer(usage: Usage) -> Response {
        Response { text: "well".to_owned(), usage, ..Response::default() }
    }

    #[test]
    fn seconds_that_the_host_leaves_out_are_billed_as_sent() {
        let by_second = Price { per_audio_second_usd: Some(0.01), ..Price::default() };
        let tokens = Usage { input: Some(900), output: Some(4), ..Usage::default() };
        assert_eq!(by_second.cost_of(&answer(Usage::default()), MINUTE), Some(Usd(0.6)));
        assert_eq!(by_second.cost_of(&answer(tokens), MINUTE), Some(Usd(0.6)));
        let zero = Price { input_per_mtok: Some(0.0), output_per_mtok: Some(0.0), ..by_second.clone() };
        assert_eq!(zero.cost_of(&answer(tokens), MINUTE), Some(Usd(0.6)), "tokens that cost nothing");
        let counted = Usage { audio_seconds: Some(30), ..Usage::default() };
        assert_eq!(
            by_second.cost_of(&answer(counted), MINUTE),
            Some(Usd(0.3)),
            "the host's count comes first"
        );
        let by_minute = UnitPrice { unit: Unit::Minute, usd: 0.6, ..UnitPrice::default() };
        let by_minute = Price { units: vec![by_minute], ..Price::default() };
        assert_eq!(by_minute.cost_of(&answer(Usage::default()), MINUTE), Some(Usd(0.6)));
    }

    #[test]
    fn annotated_pages_that_the_host_leaves_out_are_billed_as_sent() {
        let book = crate::PriceBook::embedded().find("mistral-ocr", "mistral-ocr-4-1", "2026-11-28").unwrap();
        let counted =
            |annotated| Usage { pages: Some(2), annotated_pages: Some(annotated), ..Usage::default() };
        let cost = |usage| book.cost_of(&answer(usage), Sent::pictures(2));
        assert!(cost(counted(2)).is_some());
        assert_eq!(cost(Usage::default()), cost(counted(2)), "nothing is counted");
        assert_ne!(cost(counted(0)), cost(counted(2)), "no schema was filled in");
    }

    #[test]
    fn a_host_that_counts_tokens_bills_tokens() {
        let either = Price {
            input_per_mtok: Some(1000.0),
            output_per_mtok: Some(0.0),
            per_audio_second_usd: Some(0.01),
            ..Price::default()
        };
        let tokens = Usage { input: Some(900), output: Some(4), ..Usage::default() };
        assert_eq!(either.cost_of(&answer(tokens), MINUTE), Some(Usd(0.9)));
    }
}
