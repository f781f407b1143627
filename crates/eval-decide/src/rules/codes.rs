//! Codes with check digits: ISO 13616 (IBAN), and VAT numbers of countries whose rule is public.

/// Whether a text is an IBAN: 15 to 34 letters and digits, and 1 modulo 97.
#[must_use]
pub fn iban(text: &str) -> bool {
    let code = compact(text);
    let bytes = code.as_bytes();
    let has_form = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    has_form && {
        let turned = bytes[4..].iter().chain(&bytes[..4]);
        let rest = turned.fold(0_u32, |rest, byte| match byte {
            digit @ b'0'..=b'9' => (rest * 10 + u32::from(digit - b'0')) % 97,
            letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
        });
        rest == 1
    }
}

/// Whether the check digits of a VAT number are right; nothing for countries whose rule is not known here.
#[must_use]
pub fn vat_number(text: &str) -> Option<bool> {
    let code = compact(text);
    let country = code.get(..2)?;
    let digits: Option<Vec<u32>> = code[2..].chars().map(|it| it.to_digit(10)).collect();
    let rule: fn(&[u32]) -> bool = match country {
        "BE" => |all| all.len() == 10 && number(&all[8..]) == 97 - number(&all[..8]) % 97,
        "DE" => |all| all.len() == 9 && german(all),
        "FR" => |all| all.len() == 11 && number(&all[..2]) == (12 + 3 * (number(&all[2..]) % 97)) % 97,
        "IT" => |all| all.len() == 11 && luhn(all),
        "LU" => |all| all.len() == 8 && number(&all[6..]) == number(&all[..6]) % 89,
        "PL" => |all| all.len() == 10 && polish(all),
        _ => return None,
    };
    // French numbers may begin with letters, by a rule that is not public.
    if country == "FR" && digits.is_none() {
        return None;
    }
    Some(digits.is_some_and(|digits| rule(&digits)))
}

fn compact(text: &str) -> String {
    let kept = text.chars().filter(|it| !it.is_whitespace() && !matches!(it, '-' | '.'));
    kept.flat_map(char::to_uppercase).collect()
}

fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// ISO 7064, modulo 11, 10.
fn german(digits: &[u32]) -> bool {
    let product = digits[..8].iter().fold(10, |product, digit| {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        2 * sum % 11
    });
    (11 - product) % 10 == digits[8]
}

fn luhn(digits: &[u32]) -> bool {
    let value = |(at, digit): (usize, &u32)| match (at % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

fn polish(digits: &[u32]) -> bool {
    let weights = [6, 5, 7, 2, 3, 4, 5, 6, 7];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
    sum % 11 == digits[9]
}

#[cfg(test)]
mod tests {
    use super::{iban, vat_number};

    #[test]
    fn ibans_are_checked_modulo_97() {
        for code in ["GB82 WEST 1234 5698 7654 32", "de89370400440532013000", "NO9386011117947"] {
            assert!(iban(code), "{code}");
        }
        for code in ["GB82 WEST 1234 5698 7654 23", "DE8937040044053201300", "", "Ä", "12345678901234567"] {
            assert!(!iban(code), "{code}");
        }
    }

    #[test]
    fn vat_numbers_are_checked_where_the_rule_is_known() {
        let valid =
            ["BE0428759497", "DE136695976", "FR40303265045", "IT00743110157", "LU15027442", "PL8567346215"];
        for code in valid {
            assert_eq!(vat_number(code), Some(true), "{code}");
            let last = code.len() - 1;
            let other = if code.ends_with('9') { '0' } else { '9' };
            assert_eq!(vat_number(&format!("{}{other}", &code[..last])), Some(false), "{code}");
        }
        assert_eq!(
            [vat_number("SE123456789701"), vat_number(""), vat_number("Ü1"), vat_number("DEX")],
            [None, None, None, Some(false)]
        );
    }
}
