//! Words of flags that stand for values of the core.

use serde::de::DeserializeOwned;
use vision_core::{Detail, Effort, MediaKind};

const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const DETAILS: [&str; 5] = ["low", "medium", "high", "original", "auto"];

pub(super) fn effort(word: &str) -> Result<Effort, String> {
    one_of(&EFFORTS, word)
}

pub(super) fn detail(word: &str) -> Result<Detail, String> {
    one_of(&DETAILS, word)
}

/// `jpeg`, `.jpg` or `image/jpeg`.
pub(super) fn kind(word: &str) -> Result<MediaKind, String> {
    let word = word.trim_start_matches('.');
    let by_mime = MediaKind::ALL.into_iter().find(|kind| kind.mime().eq_ignore_ascii_case(word));
    by_mime.or_else(|| MediaKind::from_extension(word)).ok_or_else(|| {
        let known: Vec<_> = MediaKind::ALL.iter().map(|kind| kind.extension()).collect();
        format!("unknown type (known: {})", known.join(", "))
    })
}

fn one_of<T: DeserializeOwned>(known: &[&str], word: &str) -> Result<T, String> {
    serde_json::from_value(word.into()).map_err(|_| format!("unknown level (known: {})", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use vision_core::MediaKind;

    #[test]
    fn every_known_level_is_read() {
        assert!(super::EFFORTS.iter().all(|word| super::effort(word).is_ok_and(|it| it.name() == *word)));
        assert!(super::DETAILS.iter().all(|word| super::detail(word).is_ok_and(|it| it.name() == *word)));
        assert!(super::effort("much").unwrap_err().contains("minimal"));
    }

    #[test]
    fn a_type_has_many_names() {
        for word in ["jpeg", "jpg", ".JPG", "image/jpeg"] {
            assert_eq!(super::kind(word), Ok(MediaKind::Jpeg), "{word}");
        }
        assert!(super::kind("docx").is_err());
    }
}
