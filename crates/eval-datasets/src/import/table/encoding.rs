//! Text of a file whose encoding is not stated.

/// How the bytes of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// With or without a byte-order mark.
    Utf8,
    /// As Excel writes "Unicode text"; it always has a byte-order mark.
    Utf16,
    /// As Excel writes CSV in Western Europe and America.
    Windows1252,
}

/// What the bytes 0x80 to 0x9F are in Windows-1252; nothing where it has no letter.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The text of a file, or why it cannot be had.
///
/// # Errors
/// If it is a workbook, or in an encoding that cannot be told.
pub fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), String> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err("is a workbook and not a text: save the sheet as CSV (UTF-8)".to_owned());
    }
    if let Some((unit, rest)) = bytes.split_first_chunk::<2>()
        && [[0xFF, 0xFE], [0xFE, 0xFF]].contains(unit)
    {
        let read = if unit[0] == 0xFF { u16::from_le_bytes } else { u16::from_be_bytes };
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units).map_err(|_| "is broken UTF-16: save it as UTF-8".to_owned())?;
        return Ok((text, Encoding::Utf16));
    }
    if bytes.contains(&0) {
        return Err("holds NUL bytes, and so is no text: save it as CSV (UTF-8)".to_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{feff}') {
            Some(rest) => Ok((rest.to_owned(), Encoding::Utf8)),
            None => Ok((text, Encoding::Utf8)),
        },
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            windows_1252(&bytes).map(|text| (text, Encoding::Windows1252)).ok_or_else(|| {
                format!("is neither UTF-8 nor Windows-1252 (first seen in line {line}): save it as UTF-8")
            })
        }
    }
}

/// Nothing if it does not look like it: Western words have no three accented letters in a row, Cyrillic and Greek words do.
fn windows_1252(bytes: &[u8]) -> Option<String> {
    let foreign = bytes.windows(3).any(|run| run.iter().all(|byte| *byte >= 0xC0));
    let letter = |byte: &u8| match *byte {
        byte @ 0x80..=0x9F => Some(HIGH[usize::from(byte - 0x80)]).filter(|letter| *letter != '\0'),
        byte => Some(char::from(byte)),
    };
    if foreign { None } else { bytes.iter().map(letter).collect() }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, decode};

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: Encoding) {
        assert_eq!(decode(bytes.to_vec()), Ok((text.to_owned(), encoding)));
    }

    #[test]
    fn encodings_are_told_apart() {
        check("größe €".as_bytes(), "größe €", Encoding::Utf8);
        check(b"\xEF\xBB\xBFfile", "file", Encoding::Utf8);
        check(b"gr\xF6\xDFe \x80", "größe €", Encoding::Windows1252);
        check(b"\xFF\xFEa\0;\0", "a;", Encoding::Utf16);
        check(b"\xFE\xFF\0a\0;", "a;", Encoding::Utf16);
    }

    #[test]
    fn what_would_come_out_as_gibberish_is_refused_with_the_reason() {
        let cyrillic = b"file;\xF1\xF3\xEC\xEC\xE0\n";
        assert!(decode(cyrillic.to_vec()).unwrap_err().contains("neither UTF-8 nor Windows-1252"));
        assert!(decode(b"a\n\x81".to_vec()).unwrap_err().contains("line 2"));
        assert!(decode(b"PK\x03\x04".to_vec()).unwrap_err().contains("workbook"));
        assert!(decode(b"a\0b".to_vec()).unwrap_err().contains("NUL"));
    }
}
