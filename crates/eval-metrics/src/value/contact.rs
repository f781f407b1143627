//! Phone numbers and e-mail addresses.

use crate::python::ascii_digits;

/// Whether two phone numbers are one: `+49 30 123456`, `0049 30 123456` and `(030) 123456`.
pub(super) fn same_phone(expected: &str, got: &str) -> bool {
    let (a, b) = (Phone::read(expected), Phone::read(got));
    if a.digits.is_empty() || b.digits.is_empty() {
        return a.digits.is_empty() && b.digits.is_empty() && expected.trim() == got.trim();
    }
    a.extension == b.extension && (a.digits == b.digits || a.is_abroad_of(&b) || b.is_abroad_of(&a))
}

struct Phone {
    digits: String,
    /// It begins with the code of a country.
    is_international: bool,
    extension: Option<String>,
}

impl Phone {
    fn read(text: &str) -> Self {
        let text = ascii_digits(text).to_lowercase();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let (number, extension) = ["ext", "x"]
            .iter()
            .find_map(|mark| text.split_once(mark))
            .map_or((text.as_str(), None), |(number, rest)| (number, Some(digits(rest))));
        // `+44 (0)20 …`
        let all = digits(&number.replace("(0)", ""));
        let abroad = all.strip_prefix("00");
        let is_international =
            number.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+').starts_with('+');
        Self {
            is_international: is_international || abroad.is_some(),
            digits: abroad.map_or_else(|| all.clone(), str::to_owned),
            extension,
        }
    }

    /// Whether this is `other` with the code of a country before it.
    fn is_abroad_of(&self, other: &Self) -> bool {
        let home = other.digits.strip_prefix('0').unwrap_or(&other.digits);
        let code = self.digits.strip_suffix(home).map_or(0, str::len);
        let is_code = self.is_international || code == 1 && self.digits.starts_with('1') && home.len() == 10;
        !other.is_international && home.len() >= 6 && (1..=3).contains(&code) && is_code
    }
}

/// Whether two e-mail addresses are one.
pub(super) fn same_email(expected: &str, got: &str) -> bool {
    address(expected) == address(got)
}

fn address(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    // `Ada <ada@example.test>`
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest);
    inner.trim_matches(|c: char| c.is_whitespace() || "<>()[]\"',;.".contains(c)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{same_email, same_phone};

    #[test]
    fn a_phone_number_may_have_the_code_of_its_country() {
        for (a, b, same) in [
            ("+1 (212) 555-0142", "212.555.0142", true),
            ("1-212-555-0142", "(212) 555-0142", true),
            ("+49 30 123456", "030 123456", true),
            ("+44 (0)20 7946 0018", "0044 20 79460018", true),
            ("555-0142", "5550142", true),
            ("555-0142 ext. 7", "555-0142 x7", true),
            ("555-0142 ext. 7", "555-0142", false),
            ("+49 30 123456", "+43 30 123456", false),
            ("212 555 0142", "212 555 0143", false),
            ("212 555 0142", "9 212 555 0142", false),
            ("555-0142", "", false),
        ] {
            assert_eq!(same_phone(a, b), same, "{a} {b}");
            assert_eq!(same_phone(b, a), same, "{b} {a}");
        }
    }

    #[test]
    fn an_address_counts_to_the_letter_but_for_case() {
        assert!(same_email("Ada.Love@Example.test", "ada.love@example.test"));
        assert!(same_email("ada@example.test", "Ada Love <ada@example.test>"));
        assert!(same_email("ada@example.test", "mailto:ada@example.test"));
        assert!(!same_email("ada.love@example.test", "adalove@example.test"));
    }
}
