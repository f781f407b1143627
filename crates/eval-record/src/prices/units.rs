//! Prices of things that are counted whole: pages, documents, requests, credits, images, minutes.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use vision_core::{Estimate, Usage};

/// What one unit costs. A range where the vendor's own rule can be read two ways.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct UnitPrice {
    /// What is counted.
    pub unit: Unit,
    /// Dollars for one of them.
    pub usd: f64,
    /// The most that one of them can cost, where the vendor's rule leaves that open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_usd: Option<f64>,
    /// Whether a group that is not full may also be billed by its share: the lower end of a range.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub or_its_share: bool,
    /// How many of them are billed together, the last group whole: `{"unit": "document", "usd": 0.1, "per": 10}` is a
    /// dime for each ten pages of a document begun. 1 if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<u64>,
}

impl<'de> Deserialize<'de> for UnitPrice {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "UnitPrice")]
        struct Written {
            unit: Unit,
            #[serde(deserialize_with = "super::read::price_of_unit")]
            usd: f64,
            #[serde(default, deserialize_with = "super::read::dollars")]
            most_usd: Option<f64>,
            #[serde(default)]
            or_its_share: bool,
            #[serde(default, deserialize_with = "super::read::group")]
            per: Option<u64>,
        }
        let Written { unit, usd, most_usd, or_its_share, per } = Written::deserialize(from)?;
        match most_usd.filter(|most| *most < usd) {
            None => Ok(Self { unit, usd, most_usd, or_its_share, per }),
            // The budget is kept to the most.
            Some(most) => {
                Err(D::Error::custom(format!("`most_usd` is {most}, which is less than `usd`, {usd}")))
            }
        }
    }
}

/// What a host counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A page that was read.
    #[default]
    Page,
    /// A page that was read and whose fields were filled in by a model.
    AnnotatedPage,
    /// A document, in groups of `per` pages; one group if `per` is unset, however long it is.
    Document,
    /// A request.
    Request,
    /// A credit of the host's own.
    Credit,
    /// An image.
    Image,
    /// A minute of sound, by the second.
    Minute,
}

impl Unit {
    /// The name used in price books.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::AnnotatedPage => "annotated-page",
            Self::Document => "document",
            Self::Request => "request",
            Self::Credit => "credit",
            Self::Image => "image",
            Self::Minute => "minute",
        }
    }
}

/// How much there is of each unit. What is not known is not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Pages.
    pub pages: Option<u64>,
    /// Pages whose fields a model filled in.
    pub annotated_pages: Option<u64>,
    /// Credits.
    pub credits: Option<u64>,
    /// Images, each page of a document being one.
    pub images: u64,
    /// Seconds of sound.
    pub seconds: Option<u64>,
}

/// Which end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd {
    /// What it costs at least.
    Least,
    /// What it costs at most.
    Most,
}

impl Amounts {
    /// What a host counted for a request with so many images.
    pub fn counted(usage: &Usage, images: u64) -> Self {
        Self {
            pages: usage.pages,
            annotated_pages: usage.annotated_pages,
            credits: usage.credits,
            images,
            seconds: usage.audio_seconds,
        }
    }

    /// What a request will be counted as, by the provider's own rules; `images` are pages too where it says nothing.
    pub fn expected(estimate: &Estimate, images: u64) -> Self {
        Self {
            pages: Some(estimate.pages.unwrap_or(images)),
            annotated_pages: Some(estimate.annotated_pages.unwrap_or(images)),
            credits: estimate.credits,
            images,
            seconds: estimate.audio_seconds,
        }
    }
}

impl UnitPrice {
    /// What these amounts cost, or `None` if the one that counts is not known.
    pub(super) fn cost(&self, amounts: &Amounts, end: RangeEnd) -> Option<f64> {
        let per = self.per.unwrap_or(1).max(1);
        let by_share = self.or_its_share && end == RangeEnd::Least;
        let groups =
            |count: u64| if by_share { count as f64 / per as f64 } else { count.div_ceil(per) as f64 };
        let count = match self.unit {
            Unit::Page => groups(amounts.pages?),
            Unit::AnnotatedPage => groups(amounts.annotated_pages?),
            Unit::Document if self.per.is_some() => groups(amounts.pages?.max(1)),
            Unit::Document | Unit::Request => 1.0,
            Unit::Credit => groups(amounts.credits?),
            Unit::Image => groups(amounts.images),
            Unit::Minute => amounts.seconds? as f64 / 60.0 / per as f64,
        };
        Some(count * if end == RangeEnd::Most { self.most_usd.unwrap_or(self.usd) } else { self.usd })
    }

    /// Whether nothing but a host's count tells how many there are.
    pub(super) fn is_counted_by_the_host(&self) -> bool {
        match self.unit {
            Unit::Page | Unit::AnnotatedPage | Unit::Credit | Unit::Minute => true,
            Unit::Document => self.per.is_some(),
            Unit::Request | Unit::Image => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use vision_core::{Estimate, Response, Usage, Usd};

    use super::{Amounts, RangeEnd, Unit, UnitPrice};
    use crate::{Price, Sent};

    fn price(unit: Unit, usd: f64) -> Price {
        Price { units: vec![UnitPrice { unit, usd, ..UnitPrice::default() }], ..Price::default() }
    }

    fn pages(pages: u64) -> Usage {
        Usage { pages: Some(pages), ..Usage::default() }
    }

    #[track_caller]
    fn check(price: &Price, usage: Usage, dollars: Option<f64>) {
        assert_eq!(price.cost(&usage, 2).map(|cost| (cost.0 * 1e6).round() / 1e6), dollars);
    }

    #[test]
    fn each_unit_is_counted_in_its_own_way() {
        check(&price(Unit::Page, 0.01), pages(3), Some(0.03));
        check(&price(Unit::AnnotatedPage, 0.01), Usage { annotated_pages: Some(3), ..pages(9) }, Some(0.03));
        check(&price(Unit::Credit, 0.01), Usage { credits: Some(45), ..Usage::default() }, Some(0.45));
        check(&price(Unit::Minute, 0.6), Usage { audio_seconds: Some(30), ..Usage::default() }, Some(0.3));
        check(&price(Unit::Request, 0.01), Usage::default(), Some(0.01));
        check(&price(Unit::Image, 0.01), Usage::default(), Some(0.02));
        check(&price(Unit::Document, 0.1), Usage::default(), Some(0.1));
    }

    #[test]
    fn a_document_is_billed_in_groups_of_pages() {
        let mut price = price(Unit::Document, 0.1);
        price.units[0].per = Some(10);
        check(&price, pages(1), Some(0.1));
        check(&price, pages(10), Some(0.1));
        check(&price, pages(11), Some(0.2));
        check(&price, Usage::default(), None);
    }

    #[test]
    fn a_missing_count_is_not_zero() {
        check(&price(Unit::Page, 0.01), Usage::default(), None);
        check(&price(Unit::Credit, 0.01), pages(1), None);
        let nothing = Amounts::default();
        assert_eq!(price(Unit::Credit, 0.01).unknown_unit(&nothing), Some("credit"));
    }

    #[test]
    fn units_and_tokens_add_up() {
        let price =
            Price { input_per_mtok: Some(1.0), output_per_mtok: Some(1.0), ..price(Unit::Page, 0.01) };
        check(&price, Usage { input: Some(1_000_000), output: Some(0), ..pages(1) }, Some(1.01));
        check(&price, pages(1), None);
        assert!(!price.bills_only_units());
    }

    #[test]
    fn a_range_is_kept_apart_and_billed_at_its_upper_end() {
        let mut price = price(Unit::Page, 0.01);
        price.units[0].most_usd = Some(0.1);
        let two = Amounts { pages: Some(2), ..Amounts::default() };
        assert_eq!(price.by_units(&two, RangeEnd::Least), Some(Usd(0.02)));
        assert_eq!(price.by_units(&two, RangeEnd::Most), Some(Usd(0.2)));
        check(&price, pages(2), Some(0.2));
    }

    #[test]
    fn a_full_group_costs_the_same_by_either_reading() {
        let mut price = price(Unit::Document, 0.1);
        (price.units[0].per, price.units[0].or_its_share) = (Some(10), true);
        for (pages, least, most) in [(1, 0.01, 0.1), (10, 0.1, 0.1), (12, 0.12, 0.2)] {
            let amounts = Amounts { pages: Some(pages), ..Amounts::default() };
            let cost = |end| price.by_units(&amounts, end).map(|usd| (usd.0 * 1e6).round() / 1e6);
            assert_eq!((cost(RangeEnd::Least), cost(RangeEnd::Most)), (Some(least), Some(most)));
        }
        let book = crate::PriceBook::embedded().find("documentai", "expense/abc", "2026-11-28").unwrap();
        let ten = Amounts { pages: Some(10), ..Amounts::default() };
        assert_eq!(book.by_units(&ten, RangeEnd::Least), book.by_units(&ten, RangeEnd::Most));
    }

    #[test]
    fn an_estimate_without_pages_takes_each_picture_as_one() {
        let expected = Amounts::expected(&Estimate::default(), 4);
        assert_eq!((expected.pages, expected.credits), (Some(4), None));
        let told = Amounts::expected(&Estimate { pages: Some(2), ..Estimate::default() }, 4);
        assert_eq!(told.pages, Some(2));
    }

    #[test]
    fn an_answer_needs_no_tokens_where_only_pages_are_billed() {
        let answer = |usage| Response { text: "words".to_owned(), usage, ..Response::default() };
        let price = price(Unit::Page, 0.01);
        assert_eq!(price.cost_of(&answer(pages(1)), Sent::pictures(1)), Some(Usd(0.01)));
        assert_eq!(price.cost_of(&answer(pages(0)), Sent::pictures(1)), None, "an answer of no page");
        assert_eq!(
            price.cost_of(&answer(Usage::default()), Sent::pictures(3)),
            Some(Usd(0.03)),
            "pages sent"
        );
        assert_eq!(price.cost_of(&answer(Usage::default()), Sent::default()), None);
        let absurd = answer(pages(1 << 40));
        assert_eq!(price.cost_of(&absurd, Sent::pictures(1)), None, "more pages than there can be");
    }
}
