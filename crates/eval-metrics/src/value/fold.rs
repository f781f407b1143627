//! One spelling for what a reader sees as the same letters.

/// Full-width letters, digits and signs in their plain form, other kinds of dashes, quotes and blanks as in ASCII.
#[must_use]
pub(crate) fn narrow(text: &str) -> String {
    text.chars().map(narrow_letter).collect()
}

fn narrow_letter(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => ' ',
        '‐' | '‑' | '‒' | '–' | '—' | '−' | '﹣' => '-',
        '‘' | '’' | '‛' | 'ʼ' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        '。' => '.',
        '、' => ',',
        '￥' => '¥',
        '٫' => '.',
        '٬' => ',',
        _ => c,
    }
}

/// How `ä`, `ö` and `ü` are written without dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Umlaut {
    /// `Müller` is `Muller`.
    Bare,
    /// `Müller` is `Mueller`.
    WithE,
}

/// Lower case, without accents, in plain letters; other scripts as they are.
#[must_use]
pub(crate) fn fold(text: &str, umlaut: Umlaut) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(narrow_letter).flat_map(char::to_lowercase) {
        match (c, umlaut) {
            ('ä', Umlaut::WithE) => out.push_str("ae"),
            ('ö', Umlaut::WithE) => out.push_str("oe"),
            ('ü', Umlaut::WithE) => out.push_str("ue"),
            ('ø', Umlaut::WithE) => out.push_str("oe"),
            // Marks that stand alone behind their letter.
            ('\u{300}'..='\u{36f}', _) => {}
            _ => match bare(c) {
                Some(plain) => out.push_str(plain),
                None => out.push(c),
            },
        }
    }
    out
}

/// A Latin letter without its accent.
pub(crate) fn bare(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' | 'ẞ' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        '\u{1ea0}'..='\u{1eb7}' => "a",
        '\u{1eb8}'..='\u{1ec7}' => "e",
        '\u{1ec8}'..='\u{1ecb}' => "i",
        '\u{1ecc}'..='\u{1ee3}' | 'ơ' => "o",
        '\u{1ee4}'..='\u{1ef1}' | 'ư' => "u",
        '\u{1ef2}'..='\u{1ef9}' => "y",
        'þ' => "th",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ => return None,
    })
}

/// The words of a folded text: runs of letters and digits.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}
