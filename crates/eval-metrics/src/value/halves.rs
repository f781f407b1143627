//! A half or a quarter more, in words: `4 and a half`, `4 et demi`, `4個半`.

/// What is said behind a number, with its decimals.
const MORE: &[(&str, &str)] = &[
    ("and a half", "5"),
    ("and one half", "5"),
    ("and half", "5"),
    ("and a quarter", "25"),
    ("and one quarter", "25"),
    ("and three quarters", "75"),
    ("and 3 quarters", "75"),
    ("et demie", "5"),
    ("et demi", "5"),
    ("et quart", "25"),
    ("y medio", "5"),
    ("y media", "5"),
    ("y cuarto", "25"),
    ("e mezzo", "5"),
    ("e mezza", "5"),
    ("e meio", "5"),
    ("e meia", "5"),
    ("einhalb", "5"),
    ("und ein halb", "5"),
    ("en een half", "5"),
    ("en een halve", "5"),
    ("och en halv", "5"),
    ("og en halv", "5"),
    ("og et halvt", "5"),
    ("i pół", "5"),
    ("a půl", "5"),
    ("с половиной", "5"),
    ("з половиною", "5"),
    ("și jumătate", "5"),
    ("και μισό", "5"),
    ("buçuk", "5"),
    ("setengah", "5"),
    ("rưỡi", "5"),
    ("ونصف", "5"),
    ("و نصف", "5"),
    ("וחצי", "5"),
    ("半", "5"),
    ("個半", "5"),
    ("个半", "5"),
    ("개 반", "5"),
    ("반", "5"),
];

/// A text in lower case with these in decimals: `4 and a half` is `4.5`.
pub(crate) fn with_plain_halves(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = at
            + rest[at..]
                .find(|c: char| !(c.is_ascii_digit() || ".,/".contains(c)))
                .unwrap_or(rest.len() - at);
        out.push_str(&rest[..end]);
        let is_whole = rest[at..end].bytes().all(|byte| byte.is_ascii_digit());
        rest = &rest[end..];
        if let Some((decimals, behind)) = more(rest).filter(|_| is_whole) {
            out.push('.');
            out.push_str(decimals);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// The decimals that a text begins with, in words, and what follows.
fn more(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start_matches([' ', '-']);
    MORE.iter().find_map(|(words, decimals)| {
        let mut rest = text;
        for (at, word) in words.split(' ').enumerate() {
            rest = if at == 0 { rest } else { rest.strip_prefix([' ', '-'])? };
            rest = rest.strip_prefix(word)?;
        }
        let is_apart =
            !words.is_ascii() && words.chars().count() < 3 || !rest.starts_with(char::is_alphanumeric);
        is_apart.then_some((*decimals, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::with_plain_halves;

    #[test]
    fn halves_are_decimals() {
        for (text, plain) in [
            ("4 and a half", "4.5"),
            ("4-and-a-half hours", "4.5 hours"),
            ("4 et demi", "4.5"),
            ("4個半", "4.5"),
            ("4 and three quarters", "4.75"),
            ("4 and a half-time", "4.5-time"),
            ("4 and a halfway house", "4 and a halfway house"),
            ("4.5 and a half", "4.5 and a half"),
            ("half", "half"),
        ] {
            assert_eq!(with_plain_halves(text), plain, "{text}");
        }
    }
}
