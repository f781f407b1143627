use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use eval_record::{Price, Unit, UnitPrice};
use vision_core::{
    Capabilities, Estimate, Facts, Media, MediaKind, Modality, Part, ProviderId, Request, Response, Result,
    Surcharge, Task, Usage, Usd, VisionProvider,
};
use vision_layers::{Bill, Pricing};

use super::BookPricing;

/// Knows tokens of pictures, a quarter of a token for each pixel but 2,000 at most, or none.
#[derive(Debug)]
struct Rule {
    id: ProviderId,
    capabilities: Capabilities,
    knows: bool,
}

#[async_trait]
impl VisionProvider for Rule {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, request: &Request) -> Estimate {
        let of = |media: &Media| {
            let facts = media.facts();
            self.knows.then_some(())?;
            Some((u64::from(facts.width?) * u64::from(facts.height?) / 4).min(2000))
        };
        let none = |modality| request.media_of(modality).next().is_none().then_some(0);
        Estimate {
            text: request.texts().map(Estimate::text_tokens).sum(),
            image: request.media_of(Modality::Image).map(of).sum(),
            pdf: none(Modality::Pdf),
            audio: none(Modality::Audio),
            ..Estimate::default()
        }
    }

    async fn analyze(&self, _: &Request) -> Result<Response> {
        Ok(Response::default())
    }
}

fn price() -> Price {
    Price { input_per_mtok: Some(1.0), output_per_mtok: Some(10.0), ..Price::default() }
}

fn pricing(price: Option<Price>, knows: bool) -> BookPricing {
    let capabilities = Capabilities { prompt: true, ..Capabilities::default() };
    let rule = Rule { id: ProviderId::new("a", "b"), capabilities, knows };
    BookPricing::new(price, Arc::new(rule))
}

/// A hundred bytes of text, and a medium; at most a hundred tokens come out.
fn request(media: Media) -> Request {
    let parts = vec![Part::Media(media), Part::Text("x".repeat(100))];
    Request::new(Task::Text, parts, NonZeroU32::new(100).unwrap())
}

fn png() -> Media {
    let facts = Facts { width: Some(280), height: Some(140), ..Facts::default() };
    Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap()
}

fn linked(kind: MediaKind, facts: Facts) -> Media {
    Media::from_url("https://example.test/a", kind, facts)
}

/// In tokens of input, without text and frame, at a dollar for a million.
#[track_caller]
fn check(knows: bool, media: Media, tokens: u64) {
    let (pricing, request) = (pricing(Some(price()), knows), request(media));
    let worst = pricing.worst(&request, &pricing.provider.estimate(&request)).unwrap();
    assert_eq!((worst.0 * 1e6).round() as u64, 100 + 200 + tokens + 1000);
}

#[test]
fn a_picture_counts_by_the_rule_or_by_its_pixels() {
    check(true, png(), 2000);
    check(false, png(), 200);
}

#[test]
fn a_linked_picture_counts_as_the_largest_that_the_rule_knows() {
    check(true, linked(MediaKind::Png, Facts::default()), 2000);
    check(false, linked(MediaKind::Png, Facts::default()), 16_384);
}

#[test]
fn a_page_counts_with_its_picture_and_its_text() {
    let pages = Facts { pages: Some(3), ..Facts::default() };
    check(true, linked(MediaKind::Pdf, pages), 3 * (2000 + 8000));
    check(false, linked(MediaKind::Pdf, pages), 3 * (16_384 + 8000));
}

#[test]
fn sound_counts_by_its_seconds() {
    let long = Facts { seconds: Some(59.2), ..Facts::default() };
    check(false, linked(MediaKind::Wav, long), 60 * 50);
    let timed = Price { per_audio_second_usd: Some(0.001), ..Price::default() };
    let pricing = pricing(Some(timed), false);
    let request = request(linked(MediaKind::Wav, long));
    assert_eq!(pricing.worst(&request, &pricing.provider.estimate(&request)), Ok(Usd(60.0 * 0.001)));
}

#[track_caller]
fn unknown(price: Option<Price>, media: Media, words: &str) {
    let (pricing, request) = (pricing(price, true), request(media));
    let error = pricing.worst(&request, &pricing.provider.estimate(&request)).unwrap_err();
    assert!(error.contains(words), "{error}");
}

#[test]
fn what_has_no_bound_is_named() {
    unknown(
        Some(price()),
        linked(MediaKind::Pdf, Facts::default()),
        "the number of pages of https://example.test/a is unknown",
    );
    unknown(
        Some(price()),
        linked(MediaKind::Wav, Facts::default()),
        "the length of https://example.test/a is unknown",
    );
    unknown(None, png(), "no price is known");
    let sound = Price { per_audio_second_usd: Some(1.0), ..Price::default() };
    unknown(Some(sound), png(), "lacks input_per_mtok");
}

#[test]
fn pictures_and_dear_input_are_in_the_worst_case() {
    let dear = Price { per_image_usd: Some(0.5), cache_write_per_mtok: Some(2.0), ..price() };
    let pricing = pricing(Some(dear), false);
    let request = request(png());
    let worst = pricing.worst(&request, &pricing.provider.estimate(&request)).unwrap();
    assert_eq!((worst.0 * 1e6).round() as u64, 500_000 + 2 * (100 + 200 + 200) + 1000);
}

#[test]
fn what_is_free_is_free_for_any_request() {
    let pricing = pricing(Some(Price::free("local", "fast")), false);
    assert_eq!(pricing.worst(&request(png()), &Estimate::default()), Ok(Usd::ZERO));
}

fn answered(usage: (u64, u64), cost: Option<f64>) -> Response {
    let usage = Usage { input: Some(usage.0), output: Some(usage.1), ..Usage::default() };
    Response { text: "twelve fifty".into(), usage, cost: cost.map(Usd), ..Response::default() }
}

#[track_caller]
fn billed(response: &Response, bill: Bill) {
    assert_eq!(pricing(Some(price()), true).bill(&request(png()), response), bill);
}

#[test]
fn a_bill_is_the_dearer_of_counts_and_claims() {
    let counted = Usd((1000.0 + 100.0) / 1e6);
    billed(&answered((1000, 10), None), Bill::Known(counted));
    billed(&answered((1000, 10), Some(0.02)), Bill::Known(Usd(0.02)));
    billed(&answered((1000, 10), Some(1e-5)), Bill::Known(counted));
}

#[test]
fn nothing_that_a_host_says_makes_an_answer_free() {
    for usage in [(0, 0), (0, 10), (1000, 0), (1, 1)] {
        for cost in [None, Some(0.0), Some(-1000.0), Some(f64::NAN), Some(1e-12), Some(1e300)] {
            let bill = pricing(Some(price()), true).bill(&request(png()), &answered(usage, cost));
            assert!(matches!(bill, Bill::Unknown(_)), "{usage:?} {cost:?}: {bill:?}");
        }
    }
    billed(&answered((0, 0), Some(0.003)), Bill::Known(Usd(0.003)));
}

#[test]
fn a_long_answer_without_counts_is_known_to_be_dear() {
    let long = Response { text: "word ".repeat(8000), ..Response::default() };
    billed(&long, Bill::Unknown(Usd(10_000.0 * 10.0 / 1e6)));
}

#[test]
fn a_free_model_is_free_until_its_host_bills() {
    let free = pricing(Some(Price::free("local", "fast")), false);
    assert_eq!(free.bill(&request(png()), &answered((0, 0), Some(0.0))), Bill::Known(Usd::ZERO));
    assert_eq!(free.bill(&request(png()), &answered((0, 0), Some(0.25))), Bill::Known(Usd(0.25)));
}

#[test]
fn what_makes_a_request_dearer_is_reserved_beforehand() {
    let worst = |price: Price, surcharge| {
        let pricing = pricing(Some(price), false);
        let estimate = Estimate { surcharge, ..pricing.provider.estimate(&request(png())) };
        pricing.worst(&request(png()), &estimate).unwrap().0
    };
    let usual = worst(price(), None);
    let dear = || Price { times: [("priority".to_owned(), 1.8)].into(), ..price() };
    let times = |price, surcharge| (worst(price, surcharge) / usual * 10.0).round() / 10.0;
    assert_eq!(times(dear(), Some(Surcharge::Priority)), 1.8);
    assert_eq!(times(price(), Some(Surcharge::Priority)), 3.0, "nobody knows how much");
    assert_eq!(times(price(), Some(Surcharge::Regional)), 1.0, "a price that tells no places apart");
}

#[test]
fn an_unpriced_service_tier_may_cost_more_than_the_worst_case() {
    let priority = Response { service_tier: Some("priority".into()), ..answered((1000, 10), None) };
    billed(&priority, Bill::Unknown(Usd(3.0 * 1100.0 / 1e6)));
    let usual = Response { service_tier: Some("default".into()), ..answered((1000, 10), None) };
    billed(&usual, Bill::Known(Usd(1100.0 / 1e6)));
}

fn by_the_page() -> Price {
    let page = UnitPrice { usd: 0.01, most_usd: Some(0.1), ..UnitPrice::default() };
    Price { units: vec![page], ..Price::default() }
}

/// A PDF of so many pages.
fn document(pages: u32) -> Request {
    let facts = Facts { pages: Some(pages), ..Facts::default() };
    let pdf = Media::new("a.pdf", &b"%PDF-1.7"[..], facts).unwrap();
    Request::new(Task::Document, vec![Part::Media(pdf)], NonZeroU32::MIN)
}

#[test]
fn pages_are_reserved_at_the_upper_end_of_their_price() {
    let pricing = pricing(Some(by_the_page()), false);
    assert_eq!(pricing.worst(&document(3), &Estimate::without_tokens()).map(|usd| usd.0), Ok(0.1 * 3.0));
}

#[test]
fn pages_are_billed_as_the_host_counts_them() {
    let pricing = pricing(Some(by_the_page()), false);
    let answer = |pages| Response {
        text: "words".to_owned(),
        usage: Usage { pages, ..Usage::default() },
        ..Response::default()
    };
    assert_eq!(pricing.bill(&document(3), &answer(Some(2))), Bill::Known(Usd(0.2)));
    let sent = Usd(0.1 * 3.0);
    assert_eq!(
        pricing.bill(&document(3), &answer(None)),
        Bill::Known(sent),
        "what was sent is billed all the same"
    );
    assert!(matches!(pricing.bill(&document(3), &answer(Some(0))), Bill::Unknown(_)), "an answer of no page");
}

#[test]
fn credits_that_nobody_can_foretell_refuse_a_budget() {
    let credit = UnitPrice { unit: Unit::Credit, usd: 0.01, ..UnitPrice::default() };
    let price = Price { units: vec![credit], ..Price::default() };
    let pricing = pricing(Some(price), false);
    let reason = pricing.worst(&document(1), &Estimate::without_tokens()).unwrap_err();
    assert!(reason.contains("billed by the credit"), "{reason}");
    let told = Estimate { credits: Some(3), ..Estimate::without_tokens() };
    assert_eq!(pricing.worst(&document(1), &told), Ok(Usd(0.03)));
}
