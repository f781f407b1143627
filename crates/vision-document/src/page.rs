use vision_core::Evidence;

/// How sure an engine is of a page as a whole, if it says so. Pages are counted from 1.
pub fn page(number: Option<u32>, confidence: Option<f64>) -> Option<Evidence> {
    let page = number.filter(|number| *number > 0);
    let evidence = Evidence { page, ..Evidence::default() }.with_confidence(confidence);
    evidence.confidence.is_some().then_some(evidence)
}

/// How sure an engine is of a page, where it only says so of the words and lines on it.
pub fn page_of(number: Option<u32>, parts: &[f64]) -> Option<Evidence> {
    // To six digits: more are left over from adding.
    let mean = parts.iter().sum::<f64>() / parts.len() as f64;
    page(number, Some((mean * 1e6).round() / 1e6))
}

#[cfg(test)]
mod tests {
    use super::{page, page_of};

    #[test]
    fn a_page_without_words_says_nothing() {
        assert_eq!(
            (page_of(Some(1), &[]), page(Some(1), Some(7.0)), page(Some(1), None)),
            (None, None, None)
        );
        let found = page_of(Some(2), &[0.2, 0.1]).unwrap();
        assert_eq!((found.page, found.confidence), (Some(2), Some(0.15)));
        assert_eq!(page(Some(0), Some(0.5)).unwrap().page, None);
    }
}
