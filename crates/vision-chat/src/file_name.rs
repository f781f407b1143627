use vision_core::Media;

/// The last piece of a medium's name, with the extension that its bytes call for.
pub fn file_name(media: &Media) -> String {
    let name = media.name().rsplit(['/', '\\']).next().unwrap_or_default();
    let extension = media.kind().extension();
    let stem = match name.rsplit_once('.') {
        Some((_, known)) if known.eq_ignore_ascii_case(extension) => return name.to_owned(),
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    };
    let stem = if stem.is_empty() { "file" } else { stem };
    format!("{stem}.{extension}")
}

#[cfg(test)]
mod tests {
    use vision_core::{Facts, Media};

    use super::file_name;

    #[track_caller]
    fn check(name: &str, file: &str) {
        let pdf = Media::new(name, &b"%PDF-1.7"[..], Facts::default()).unwrap();
        assert_eq!(file_name(&pdf), file);
    }

    #[test]
    fn the_extension_is_what_the_bytes_are() {
        check("a.pdf", "a.pdf");
        check("A.PDF", "A.PDF");
        check("bills/march.PNG", "march.pdf");
        check("c:\\bills\\march", "march.pdf");
        check(".hidden", ".hidden.pdf");
        check("", "file.pdf");
    }
}
