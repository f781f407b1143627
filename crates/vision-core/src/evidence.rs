use serde::{Deserialize, Serialize};

/// What a provider says about one value of its answer, beyond the value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Which value: `total`, `items[2].price`; empty for the answer as a whole.
    pub path: String,
    /// What stands on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How sure the provider is, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// On which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where on that page.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
}

/// A part of a page, in fractions of its width and height from the upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Of the width.
    pub left: f64,
    /// Of the height.
    pub top: f64,
    /// Of the width.
    pub right: f64,
    /// Of the height.
    pub bottom: f64,
}

impl Evidence {
    /// Whose confidence a host gives as it pleases: what is no number from 0 to 1 says nothing.
    #[must_use]
    pub fn with_confidence(mut self, confidence: Option<f64>) -> Self {
        self.confidence = confidence.filter(|it| (0.0..=1.0).contains(it));
        self
    }
}

impl Bounds {
    /// The smallest part that holds all these points, if they span one; what lies beyond the page is cut off.
    pub fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let mut points = points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        let (x, y) = points.next()?;
        let first = Self { left: x, top: y, right: x, bottom: y };
        let all = points.fold(first, |it, (x, y)| Self {
            left: it.left.min(x),
            top: it.top.min(y),
            right: it.right.max(x),
            bottom: it.bottom.max(y),
        });
        // A millionth of a page is less than anybody can see, and shorter in a record.
        let cut = |share: f64| (share.clamp(0.0, 1.0) * 1e6).round() / 1e6;
        let cut =
            Self { left: cut(all.left), top: cut(all.top), right: cut(all.right), bottom: cut(all.bottom) };
        (cut.left < cut.right && cut.top < cut.bottom).then_some(cut)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Evidence};

    #[test]
    fn bounds_hold_all_points_and_stay_on_the_page() {
        let quadrilateral = [(0.5, 0.25), (0.75, 0.2), (0.75, 0.5), (0.5, 0.5)];
        let bounds = Bounds { left: 0.5, top: 0.2, right: 0.75, bottom: 0.5 };
        assert_eq!(Bounds::around(quadrilateral), Some(bounds));
        let over = Bounds { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
        assert_eq!(Bounds::around([(-1.0, -0.1), (7.0, 2.0)]), Some(over));
        for nothing in [vec![], vec![(0.5, 0.5)], vec![(f64::NAN, 0.0), (0.1, 0.1)]] {
            assert_eq!(Bounds::around(nothing), None);
        }
    }

    #[test]
    fn a_confidence_that_cannot_be_says_nothing() {
        for (said, kept) in [(0.5, Some(0.5)), (99.1, None), (-0.1, None), (f64::NAN, None)] {
            assert_eq!(Evidence::default().with_confidence(Some(said)).confidence, kept);
        }
    }

    #[test]
    fn the_record_calls_the_bounds_a_box() {
        let bounds = Some(Bounds { left: 0.25, top: 0.5, right: 0.5, bottom: 0.75 });
        let evidence = Evidence { path: "total".to_owned(), bounds, ..Evidence::default() };
        let json = r#"{"path":"total","box":{"left":0.25,"top":0.5,"right":0.5,"bottom":0.75}}"#;
        assert_eq!(serde_json::to_string(&evidence).unwrap(), json);
        assert_eq!(serde_json::from_str::<Evidence>(json).unwrap(), evidence);
    }
}
