//! How formats spell a letter: as itself, or in the disguise of JSON, of an address or of HTML.

/// The letter at the start of `text`, which is not empty, unless it is invisible; and how many bytes it takes.
pub(super) fn plain(text: &str) -> (Option<char>, usize) {
    seen(itself(text))
}

/// The same with disguises taken off.
pub(super) fn disguised(text: &str) -> (Option<char>, usize) {
    seen(undisguised(text))
}

/// The same again without the difference between small and capital letters, and nothing but letters and digits:
/// whatever may separate them is passed over.
pub(super) fn folded(text: &str) -> (Option<char>, usize) {
    let (letter, bytes) = undisguised(text);
    let folded = match letter {
        'A'..='Z' => Some(letter.to_ascii_lowercase()),
        'a'..='z' | '0'..='9' => Some(letter),
        _ if letter.is_ascii() || !letter.is_alphanumeric() => None,
        _ => letter.to_lowercase().next(),
    };
    (folded, bytes)
}

fn seen((letter, bytes): (char, usize)) -> (Option<char>, usize) {
    ((!is_invisible(letter)).then_some(letter), bytes)
}

fn itself(text: &str) -> (char, usize) {
    let letter = text.chars().next().unwrap_or_default();
    (letter, letter.len_utf8().max(1))
}

fn undisguised(text: &str) -> (char, usize) {
    let letter = match text.as_bytes().first() {
        Some(b'\\') => escaped(text),
        Some(b'%') => percent(text),
        Some(b'&') => entity(text),
        _ => None,
    };
    letter.unwrap_or_else(|| itself(text))
}

/// Whether a disguise or an invisible letter may begin with this byte.
pub(super) fn may_begin_unseen(byte: u8) -> bool {
    let is_control = byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7f;
    // The last three begin the invisible letters beyond ASCII, among others.
    is_control || matches!(byte, b'\\' | b'%' | b'&' | 0xc2 | 0xe2 | 0xef)
}

/// Whether this letter is invisible: a key with such letters in between is still the whole key.
fn is_invisible(letter: char) -> bool {
    let unseen = letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    unseen
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fffd}')
}

/// `\u0073`, `\x73`, `\"`, `\/`, `\n`
fn escaped(text: &str) -> Option<(char, usize)> {
    let rest = &text[1..];
    if let Some(code) = rest.strip_prefix('u') {
        return Some((char::from_u32(hex(code.get(..4)?)?)?, 6));
    }
    if let Some(code) = rest.strip_prefix('x') {
        return Some((char::from_u32(hex(code.get(..2)?)?)?, 4));
    }
    match rest.chars().next()? {
        'n' | 'r' | 't' => Some((' ', 2)),
        letter => (!letter.is_alphanumeric()).then_some((letter, 1 + letter.len_utf8())),
    }
}

/// `%2F`, `%C3%BC`, and `%FC` as old programs write it.
fn percent(text: &str) -> Option<(char, usize)> {
    let bytes: Vec<u8> = (0..4)
        .map_while(|place| {
            let code = text.get(3 * place..3 * place + 3)?.strip_prefix('%')?;
            u8::try_from(hex(code)?).ok()
        })
        .collect();
    let first = *bytes.first()?;
    let whole = (1..=bytes.len()).find_map(|many| {
        let letter = std::str::from_utf8(&bytes[..many]).ok()?.chars().next()?;
        Some((letter, 3 * many))
    });
    Some(whole.unwrap_or((char::from(first), 3)))
}

/// `&amp;`, `&#39;`, `&#x27;`
fn entity(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let letter = match &text[1..end] {
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        name => {
            let code = name.strip_prefix('#')?;
            let code = match code.strip_prefix(['x', 'X']) {
                Some(code) => hex(code)?,
                None => code.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((letter, end + 1))
}

fn hex(code: &str) -> Option<u32> {
    let is_hex = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(code, 16).ok().filter(|_| is_hex)
}
