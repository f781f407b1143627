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
        '、' | '،' => ',',
        '؛' => ';',
        '؟' => '?',
        '।' => '.',
        '〜' => '~',
        '￥' => '¥',
        '٫' => '.',
        '٬' => ',',
        _ => c,
    }
}

/// A sign above or below a letter, which is a letter to nobody: vowel points, tone marks, signs that mute a vowel.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
        | '\u{93c}' | '\u{94d}' | '\u{9bc}' | '\u{9cd}' | '\u{a3c}' | '\u{a4d}' | '\u{abc}' | '\u{acd}' | '\u{b4d}'
        | '\u{bcd}' | '\u{c4d}' | '\u{ccd}' | '\u{d4d}' | '\u{dca}' | '\u{e47}'..='\u{e4e}' | '\u{ec8}'..='\u{ecd}'
        | '\u{1037}'..='\u{103a}' | '\u{17c6}'..='\u{17d3}' | '\u{200c}' | '\u{200d}' | '\u{fe20}'..='\u{fe2f}')
}

/// A point or dash of Hebrew and Arabic that is mostly left out: vowels, doubled letters, a stretched line.
pub(crate) fn is_vowel_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// Whether a letter belongs to a word: `हज़ार` and `ล้าน` are one word each.
pub(crate) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
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
            (c, _) if is_vowel_point(c) => {}
            _ => match bare(c) {
                Some(plain) => out.push_str(plain),
                None => out.push(c),
            },
        }
    }
    out
}

/// A letter without its accent, or in the spelling that stands for it as well.
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
        'ё' => "е",
        'أ' | 'إ' | 'آ' | 'ٱ' => "ا",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' | 'ϊ' => "ι",
        'ό' => "ο",
        'ύ' | 'ϋ' => "υ",
        'ώ' => "ω",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ => return None,
    })
}

/// The words of a folded text: runs of letters and digits.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}
