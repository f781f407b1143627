//! Answers that are longer than any model writes.

/// The most bytes of an answer that are recorded, and so read and scored by every report.
const KEPT: usize = 1 << 20;

/// The text, or its beginning and its end with a note between them: a host can send many megabytes in each answer, and
/// a model that writes first and then corrects has the answer at the end.
pub(crate) fn bounded(text: String) -> String {
    if text.len() <= KEPT {
        return text;
    }
    let head = text.floor_char_boundary(KEPT / 2);
    let tail = text.ceil_char_boundary(text.len() - KEPT / 2);
    format!("{}\n[answer truncated: {} bytes left out]\n{}", &text[..head], tail - head, &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::{KEPT, bounded};

    #[test]
    fn beginning_and_end_are_kept() {
        let long = format!("first{}last", "é".repeat(KEPT));
        let kept = bounded(long);
        assert!(kept.len() < KEPT + 100 && kept.starts_with("firsté") && kept.ends_with("élast"));
        assert!(kept.contains("\n[answer truncated: 1048586 bytes left out]\n"), "{}", kept.len());
        assert_eq!(bounded("short".to_owned()), "short");
    }
}
