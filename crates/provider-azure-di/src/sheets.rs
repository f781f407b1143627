//! Where on which page something stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use vision_core::{Bounds, Evidence};

/// Where something stands: eight numbers, in the unit of its page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Region {
    page_number: u32,
    #[serde(default)]
    polygon: Vec<f64>,
}

/// The sizes of the pages, to tell where on a page something stands.
#[derive(Debug, Default)]
pub(crate) struct Sheets(BTreeMap<u32, (f64, f64)>);

impl Sheets {
    /// Of pages with a number, a width and a height; pages without a size are left out.
    pub(crate) fn of(pages: impl Iterator<Item = (u64, f64, f64)>) -> Self {
        let sized = pages.filter(|(_, width, height)| *width > 0.0 && *height > 0.0);
        Self(
            sized
                .filter_map(|(number, width, height)| Some((u32::try_from(number).ok()?, (width, height))))
                .collect(),
        )
    }

    /// Where something stands, by the first of its regions.
    pub(crate) fn evidence(&self, regions: Option<&[Region]>, confidence: Option<f64>) -> Evidence {
        let region = regions.and_then(<[Region]>::first).filter(|region| region.page_number > 0);
        let bounds = region.and_then(|region| {
            let (width, height) = self.0.get(&region.page_number)?;
            Bounds::around(region.polygon.chunks_exact(2).map(|point| (point[0] / width, point[1] / height)))
        });
        let page = region.map(|region| region.page_number);
        Evidence { page, bounds, ..Evidence::default() }.with_confidence(confidence)
    }
}
