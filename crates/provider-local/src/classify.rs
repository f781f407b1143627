//! The `classify` task: rules over words, edges and colours.

use image::imageops;
use serde_json::{Map, Value, json};

use crate::page::Page;
use crate::words::{contains_any, words};
use crate::{chart, document, layout, receipt};

/// What the rules look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features {
    /// Height by width.
    pub aspect: f32,
    /// Lines of text.
    pub lines: usize,
    /// Share of the picture under text.
    pub text: f32,
    /// Share of pixels in the ten commonest colours: high for what was drawn.
    pub flat: f32,
    /// Share of pixels that change little but not nothing to their neighbour: high for photographs.
    pub grain: f32,
    /// Rows that end in an amount, and words of a till receipt.
    pub prices: usize,
    pub sums: usize,
    /// Whether axis, pie or points were found.
    pub table: usize,
    /// Dark or coloured ground.
    pub ground: f32,
    /// Rows of running text.
    pub prose: usize,
    /// Words that invoices, letters and forms have.
    pub formal: usize,
}

/// The label of a page out of `labels`.
pub fn classify(page: &Page, labels: &[String]) -> Map<String, Value> {
    let scores = scores(&features(page));
    let known =
        |label: &String| scores.iter().find(|(name, _)| name == label).map_or(0.0, |(_, score)| *score);
    let best = labels.iter().max_by(|a, b| known(a).total_cmp(&known(b)));
    let best = best.cloned().unwrap_or_else(|| "document".to_owned());
    [("label".to_owned(), json!(best))].into_iter().collect()
}

/// The likeliest of all classes there are rules for.
pub fn best(page: &Page) -> &'static str {
    let scores = scores(&features(page));
    scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or("document", |(label, _)| label)
}

/// The classes there are rules for.
pub const LABELS: [&str; 6] = ["photo", "chart", "diagram", "screenshot", "document", "receipt"];

fn scores(features: &Features) -> [(&'static str, f32); 6] {
    let Features { aspect, lines, text, flat, grain, prices, sums, table, ground, prose, formal } = *features;
    let yes = |condition: bool, score: f32| if condition { score } else { 0.0 };
    let few = lines <= 3;
    [
        (
            "photo",
            yes(few, 2.0) + yes(grain > 0.35, 2.0) + yes(flat < 0.35, 1.5) + yes(text < 0.01, 1.5)
                - yes(lines > 8, 4.0),
        ),
        (
            "chart",
            yes(table >= 3, 4.0) + yes(table >= 2, 1.0) + yes((4..60).contains(&lines), 0.5)
                - yes(sums >= 2, 3.0)
                - yes(prose > 3, 2.0),
        ),
        (
            "receipt",
            yes(sums >= 1, 1.5) + yes(sums >= 2, 2.0) + yes(prices >= 3, 1.0) + yes(aspect > 1.3, 1.0)
                - yes(prose > 4, 2.0)
                - yes(aspect < 0.9, 1.5),
        ),
        (
            "document",
            yes(prose >= 3, 2.5)
                + yes((1.2..1.6).contains(&aspect), 1.5)
                + yes(lines > 12, 0.7)
                + yes(formal >= 2, 1.5)
                + yes(formal >= 4, 1.5)
                - yes(ground > 0.4, 1.0)
                - yes(aspect < 0.9, 1.5),
        ),
        (
            "screenshot",
            yes(aspect < 0.85 && lines > 12, 1.5)
                + yes(aspect > 1.7 && lines > 6, 0.8)
                + yes(flat > 0.6, 0.7)
                + yes(lines > 18, 0.8)
                + yes(ground > 0.4 && lines > 6, 1.0)
                - yes(grain > 0.3, 1.0),
        ),
        (
            "diagram",
            yes((3..26).contains(&lines), 1.5)
                + yes(flat > 0.7, 1.0)
                + yes(prices == 0, 0.5)
                + yes(text < 0.12, 0.5)
                - yes(table >= 3, 2.0)
                - yes(prose > 2, 1.5)
                - yes(formal >= 3, 1.5),
        ),
    ]
}

fn features(page: &Page) -> Features {
    let rows = layout::rows(&page.lines);
    let (width, height) = (page.image.width() as f32, page.image.height() as f32);
    let covered: f32 = page.lines.iter().map(|line| line.region.area()).sum();
    let chart = chart::read(page);
    let values = chart.rows.iter().flat_map(|row| &row.values).flatten().count();
    let (flat, grain, ground) = pixels(page);
    let sums = ["subtotal", "total", "tax", "change", "cash", "visa", "vat", "mwst", "summe", "tva", "iva"];
    Features {
        aspect: height / width.max(1.0),
        lines: page.lines.len(),
        text: covered / (width * height).max(1.0),
        flat,
        grain,
        prices: receipt::priced_rows(page),
        sums: rows.iter().filter(|row| contains_any(&words(&row.text()), &sums)).count(),
        table: values,
        ground,
        formal: document::signs(&rows).into_iter().max().unwrap_or(0),
        prose: page.lines.iter().filter(|line| is_prose(&line.text)).count(),
    }
}

/// Five words or more in one run are running text.
fn is_prose(text: &str) -> bool {
    text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2).count()
        >= 6
}

/// Share of the commonest colours, share of grainy steps, share of pixels that are not light.
fn pixels(page: &Page) -> (f32, f32, f32) {
    let small = imageops::thumbnail(&page.image, 256.min(page.image.width()), 256.min(page.image.height()));
    let mut counts = std::collections::HashMap::<[u8; 3], u32>::new();
    let (mut grainy, mut dark) = (0u32, 0u32);
    for (x, y, pixel) in small.enumerate_pixels() {
        *counts.entry(pixel.0.map(|channel| channel / 16)).or_default() += 1;
        dark += u32::from(pixel.0.iter().all(|channel| *channel < 200));
        if x > 0 {
            let before = small.get_pixel(x - 1, y);
            let step = pixel.0.iter().zip(before.0).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0);
            grainy += u32::from((2..24).contains(&step));
        }
    }
    let all = (small.width() * small.height()).max(1) as f32;
    let mut common: Vec<u32> = counts.into_values().collect();
    common.sort_unstable_by(|a, b| b.cmp(a));
    (common.iter().take(10).sum::<u32>() as f32 / all, grainy as f32 / all, dark as f32 / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Features = Features {
        aspect: 0.7,
        lines: 10,
        text: 0.05,
        flat: 0.9,
        grain: 0.02,
        prices: 0,
        sums: 0,
        table: 0,
        ground: 0.1,
        prose: 0,
        formal: 0,
    };

    #[track_caller]
    fn check(features: Features, label: &str) {
        let best = scores(&features).into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(label, _)| label);
        assert_eq!(best, Some(label));
    }

    #[test]
    fn each_class_has_its_looks() {
        check(PLAIN, "diagram");
        check(Features { table: 8, prices: 4, ..PLAIN }, "chart");
        check(Features { lines: 0, text: 0.0, flat: 0.2, grain: 0.5, ground: 0.7, ..PLAIN }, "photo");
        check(Features { aspect: 2.0, lines: 25, prices: 9, sums: 4, text: 0.2, ..PLAIN }, "receipt");
        check(Features { aspect: 1.41, lines: 30, prose: 8, formal: 4, text: 0.2, ..PLAIN }, "document");
        check(Features { aspect: 0.6, lines: 40, text: 0.2, ground: 0.8, ..PLAIN }, "screenshot");
    }

    #[test]
    fn only_labels_that_are_offered_are_given() {
        let page = Page { image: image::RgbImage::new(8, 8), lines: vec![] };
        let answer = classify(&page, &["chart".to_owned(), "receipt".to_owned()]);
        assert!(["chart", "receipt"].contains(&answer["label"].as_str().unwrap_or_default()), "{answer:?}");
    }
}
