use eval_record::Price;
use vision_core::{Estimate, Modality, Request, Usage, Usd};
use vision_layers::Pricing;

/// Prices of one model by the book, for the budget.
#[derive(Debug, Clone)]
pub struct BookPricing(pub Option<Price>);

impl Pricing for BookPricing {
    fn worst(&self, request: &Request, estimate: &Estimate) -> Option<Usd> {
        let price = self.0.as_ref()?;
        if price.is_free() {
            return Some(Usd::ZERO);
        }
        let input = worst_input(request, estimate)?;
        let dear = [price.audio_input_per_mtok, price.cache_write_per_mtok, price.cache_write_long_per_mtok];
        let dearest = dear.into_iter().flatten().reduce(f64::max);
        let surcharge = match (dearest, price.input_per_mtok) {
            // A host may write the whole input to its cache, which costs more than reading it.
            (Some(dearest), Some(plain)) if dearest > plain => input as f64 * (dearest - plain) / 1e6,
            _ => 0.0,
        };
        let cost = price.quote(estimate, input, u64::from(request.max_output_tokens.get()))?;
        Some(Usd(cost.0 + surcharge))
    }

    fn actual(&self, usage: &Usage) -> Option<Usd> {
        self.0.as_ref()?.cost(usage)
    }
}

/// More input tokens than a request can have.
///
/// The estimate takes a token for four bytes of text; no tokeniser makes more than one out of a byte. Where the
/// rule for images is not known, one token for each 14 × 14 pixels is more than any published model counts.
fn worst_input(request: &Request, estimate: &Estimate) -> Option<u64> {
    let image = estimate.image.or_else(|| patches(request))?;
    Some(estimate.text * 4 + FRAME + image + estimate.pdf? + estimate.audio?)
}

/// Tokens that hosts put around a message, generously.
const FRAME: u64 = 200;

fn patches(request: &Request) -> Option<u64> {
    request
        .media_of(Modality::Image)
        .map(|media| {
            let facts = media.facts();
            Some(u64::from(facts.width?.div_ceil(14)) * u64::from(facts.height?.div_ceil(14)))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use eval_record::Price;
    use vision_core::{Estimate, Facts, Media, Part, Request, Task, Usd};
    use vision_layers::Pricing;

    use super::BookPricing;

    fn price() -> Price {
        Price { input_per_mtok: Some(1.0), output_per_mtok: Some(10.0), ..Price::default() }
    }

    fn request() -> Request {
        let facts = Facts { width: Some(280), height: Some(140), ..Facts::default() };
        let image = Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap();
        Request::new(Task::Text, vec![Part::Media(image)], NonZeroU32::new(100).unwrap())
    }

    fn estimate(image: Option<u64>) -> Estimate {
        Estimate { text: 25, image, pdf: Some(0), audio: Some(0), audio_seconds: None }
    }

    #[test]
    fn the_worst_case_takes_every_byte_for_a_token_and_the_whole_cap() {
        let worst = BookPricing(Some(price())).worst(&request(), &estimate(Some(85))).unwrap();
        assert_eq!(worst, Usd((100.0 + 200.0 + 85.0 + 1000.0) / 1e6));
    }

    #[test]
    fn an_unknown_image_rule_is_bounded_by_the_pixels() {
        let worst = BookPricing(Some(price())).worst(&request(), &estimate(None)).unwrap();
        assert_eq!(worst, Usd((100.0 + 200.0 + 200.0 + 1000.0) / 1e6));
    }

    #[test]
    fn an_unknown_price_is_unknown_and_a_free_one_free() {
        assert_eq!(BookPricing(None).worst(&request(), &estimate(Some(1))), None);
        let free = BookPricing(Some(Price::free("local", "fast")));
        assert_eq!(free.worst(&request(), &Estimate::default()), Some(Usd::ZERO));
    }
}
