use eval_record::{Amounts, Price, RangeEnd, Sent};
use vision_core::{
    Capabilities, Detail, Estimate, Facts, Media, MediaKind, Modality, Part, Provider, Request, Response,
    Surcharge, Usage, Usd,
};
use vision_layers::{Bill, Pricing};

/// Prices of one model by the book, for the quote and the budget.
#[derive(Debug, Clone)]
pub struct BookPricing {
    price: Option<Price>,
    provider: Provider,
}

/// Input that a request cannot exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ceiling {
    /// All tokens.
    pub tokens: u64,
    /// Those of media.
    pub media: u64,
    /// Seconds of sound, if there is any.
    pub seconds: Option<u64>,
    /// Pictures, each page of a document being one.
    pub pictures: u64,
}

impl BookPricing {
    /// This price, for requests to this provider: its own token rules are asked for what is not known of a medium.
    pub fn new(price: Option<Price>, provider: Provider) -> Self {
        Self { price, provider }
    }

    /// More input than the request can have, or the medium of which nobody knows.
    ///
    /// The estimate takes a token for four bytes of text; no tokeniser makes more than one out of a byte.
    pub(crate) fn ceiling(&self, request: &Request, estimate: &Estimate) -> Result<Ceiling, String> {
        let text = estimate.text.saturating_mul(4).saturating_add(FRAME);
        let (mut seconds, mut pictures) = (None, 0);
        // Where the provider's rule covers all pictures, it is right.
        let ruled = estimate.image.filter(|_| request.media_of(Modality::Image).next().is_some());
        let mut tokens = ruled.unwrap_or(0);
        for media in request.media() {
            match media.modality() {
                Modality::Image => {
                    pictures += 1;
                    if ruled.is_none() {
                        tokens = tokens.saturating_add(self.picture(media, request.detail));
                    }
                }
                Modality::Pdf => {
                    let pages = pages(media, self.provider.capabilities())?;
                    pictures += pages;
                    let page = PAGE_OF_TEXT + self.page(estimate, pages, request.detail);
                    tokens = tokens.saturating_add(pages.saturating_mul(page));
                }
                Modality::Audio | Modality::Video => {
                    let length = length(media)?;
                    let sounding = seconds.get_or_insert(0);
                    *sounding = length.saturating_add(*sounding);
                    let rate =
                        if media.modality() == Modality::Audio { SECOND_OF_SOUND } else { SECOND_OF_FILM };
                    tokens = tokens.saturating_add(length.saturating_mul(rate));
                }
            }
        }
        // A rule may say more than these rates.
        let by_rule = estimate.input().map_or(0, |input| input.saturating_sub(estimate.text));
        let media = tokens.max(by_rule);
        Ok(Ceiling { tokens: text.saturating_add(media), media, seconds, pictures })
    }

    /// A picture whose tokens the provider's rule does not tell, at its worst.
    fn picture(&self, media: &Media, detail: Option<Detail>) -> u64 {
        let facts = media.facts();
        match (facts.width, facts.height) {
            // More than any published model counts.
            (Some(width), Some(height)) => u64::from(width.div_ceil(14)) * u64::from(height.div_ceil(14)),
            _ => self.largest_picture(detail),
        }
    }

    fn page(&self, estimate: &Estimate, pages: u64, detail: Option<Detail>) -> u64 {
        match estimate.pdf {
            Some(tokens) if tokens > 0 => tokens.div_ceil(pages.max(1)),
            _ => self.largest_picture(detail),
        }
    }

    /// What the rule says of pictures so large that it scales them down; it may depend on their shape.
    fn largest_picture(&self, detail: Option<Detail>) -> u64 {
        let most = LARGE_SHAPES.into_iter().map(|(width, height)| {
            let facts = Facts { width: Some(width), height: Some(height), ..Facts::default() };
            let media = Media::from_url("https://localhost/a.png", MediaKind::Png, facts);
            let request =
                Request::new(vision_core::Task::Text, vec![Part::Media(media)], std::num::NonZeroU32::MIN);
            self.provider.estimate(&Request { detail, ..request }).image
        });
        most.collect::<Option<Vec<_>>>()
            .and_then(|tokens| tokens.into_iter().max())
            .unwrap_or(LARGEST_PICTURE)
    }

    /// What the answer was counted with, unless that is less than the request itself.
    fn counted_beside(
        &self,
        price: &Price,
        request: &Request,
        response: &Response,
        sent: Sent,
    ) -> Option<Usd> {
        let cost = price.counted(response, sent)?;
        let timed = price.counts(&response.usage, sent).audio_seconds.is_some()
            && price.per_audio_second_usd.is_some();
        let enough = response.usage.input.is_some_and(|input| input >= least_input(request));
        let read = response.usage.pages.is_none_or(|pages| pages >= least_pages(request));
        let paged = price.bills_only_units() && read;
        (price.is_free() || timed || paged || enough).then_some(cost)
    }

    /// Less than an answer to this request can cost.
    fn least(price: &Price, request: &Request, response: &Response) -> Usd {
        if price.bills_only_units() {
            let pages = Some(least_pages(request));
            let none = Some(0);
            let amounts = Amounts { pages, annotated_pages: none, credits: none, images: 0, seconds: none };
            return price.by_units(&amounts, RangeEnd::Least).unwrap_or(Usd::ZERO);
        }
        let input = least_input(request);
        let output = response.text.len().div_ceil(64) as u64;
        let usage =
            Usage { input: Some(input), cached: Some(input), output: Some(output), ..Usage::default() };
        price.cost(&usage, 0).unwrap_or(Usd::ZERO)
    }
}

impl Pricing for BookPricing {
    fn worst(&self, request: &Request, estimate: &Estimate) -> Result<Usd, String> {
        let price = self.price.as_ref().ok_or("no price is known for this model")?;
        if price.is_free() {
            return Ok(Usd::ZERO);
        }
        let served = |surcharge: Surcharge| {
            price.served(Some(surcharge.name())).unwrap_or_else(|| price.scaled(DEAREST_TIER))
        };
        let price = &estimate.surcharge.map_or_else(|| price.clone(), served);
        let ceiling = self.ceiling(request, estimate)?;
        let output = u64::from(request.max_output_tokens.get());
        let by_tokens = price.at_most(ceiling.tokens, output, ceiling.pictures);
        let by_time = ceiling.seconds.zip(price.per_audio_second_usd).map(|(seconds, dollars)| {
            let pictures = price.per_image_usd.unwrap_or(0.0) * ceiling.pictures as f64;
            Usd(seconds.max(LEAST_SECONDS) as f64 * dollars + pictures)
        });
        // Which of the two a host bills is known only afterwards.
        let dearest = by_tokens.into_iter().chain(by_time).reduce(|a, b| if a > b { a } else { b });
        let dearest = dearest.ok_or_else(|| match ceiling.seconds {
            Some(_) => "its price says nothing about sound".to_owned(),
            None => "its price lacks input_per_mtok or output_per_mtok".to_owned(),
        })?;
        let seconds = ceiling.seconds.map(|seconds| seconds.max(LEAST_SECONDS));
        let amounts = Amounts { seconds, ..Amounts::expected(estimate, ceiling.pictures) };
        let units = price.by_units(&amounts, RangeEnd::Most).ok_or_else(|| {
            let unit = price.unknown_unit(&amounts).unwrap_or("unit");
            format!("it is billed by the {unit}, and the number per request is unknown")
        })?;
        Ok(dearest + units)
    }

    fn bill(&self, request: &Request, response: &Response) -> Bill {
        let Some(price) = &self.price else {
            return response
                .cost
                .filter(|cost| cost.0 > 0.0 && cost.0.is_finite())
                .map_or(Bill::Unknown(Usd::ZERO), Bill::Known);
        };
        let sent = Sent::of(request.media());
        let counted = self.counted_beside(price, request, response, sent);
        let least = Self::least(price, request, response);
        let reported = price.reported(response).filter(|cost| *cost >= least);
        match (counted, reported) {
            // The dearer of the two: neither switches the budget off.
            (Some(counted), Some(reported)) => Bill::Known(Usd(counted.0.max(reported.0))),
            (Some(cost), None) | (None, Some(cost)) => Bill::Known(cost),
            (None, None) => {
                let said = price.counted_without_answer(&response.usage, sent).unwrap_or(Usd::ZERO);
                let long = price.at_most(0, response.text.len().div_ceil(4) as u64, 0).unwrap_or(Usd::ZERO);
                let known = price.knows_tier(response.service_tier.as_deref());
                let tier = if known { 1.0 } else { DEAREST_TIER };
                Bill::Unknown(Usd((said.0 * tier).max(long.0)))
            }
        }
    }

    fn counted(&self, usage: &Usage) -> Option<Usd> {
        self.price.as_ref()?.counted_without_answer(usage, Sent::default())
    }
}

/// Tokens that hosts put around a message, generously.
const FRAME: u64 = 200;

/// Text on a page that is printed as closely as anybody can read.
const PAGE_OF_TEXT: u64 = 8_000;

/// A picture of a model without a published rule: what the most detailed open models make of the largest.
const LARGEST_PICTURE: u64 = 16_384;

/// Gemini counts 32, OpenAI about 10.
const SECOND_OF_SOUND: u64 = 50;

/// Gemini counts at most 295 with its sound.
const SECOND_OF_FILM: u64 = 300;

/// Hosts that bill time round short recordings up.
const LEAST_SECONDS: u64 = 10;

/// No published service tier costs more times the usual price.
const DEAREST_TIER: f64 = 3.0;

/// Square, wide and tall.
const LARGE_SHAPES: [(u32, u32); 5] = [(5504, 5504), (8000, 3000), (3000, 8000), (8000, 400), (400, 8000)];

/// Fewer input tokens than any host counts for this request.
fn least_input(request: &Request) -> u64 {
    let text: usize = request.texts().chain(request.system.as_deref()).map(str::len).sum();
    let pictures = request.media_of(Modality::Image).chain(request.media_of(Modality::Pdf)).count() as u64;
    (text / 64) as u64 + pictures * 16 + 1
}

/// Fewer pages than any host reads of this request.
fn least_pages(request: &Request) -> u64 {
    request.media().filter(|media| matches!(media.modality(), Modality::Image | Modality::Pdf)).count() as u64
}

fn pages(media: &Media, capabilities: &Capabilities) -> Result<u64, String> {
    let pages = media.facts().pages.or(capabilities.max_pdf_pages);
    pages.map(u64::from).ok_or_else(|| format!("the number of pages of {} is unknown", media.name()))
}

fn length(media: &Media) -> Result<u64, String> {
    let seconds = media.facts().seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
    seconds
        .map(|seconds| seconds.ceil() as u64)
        .ok_or_else(|| format!("the length of {} is unknown", media.name()))
}

#[cfg(test)]
mod tests;
