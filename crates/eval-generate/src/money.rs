//! Amounts in the smallest unit of their currency, and how they are written.

/// How a country writes amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyFormat {
    /// Digits after the decimal mark: 2, or 0 for yen and won.
    pub decimals: u32,
    /// Between whole and fraction.
    pub decimal_mark: &'static str,
    /// Between groups of digits.
    pub group_mark: &'static str,
    /// Groups of two after the first three digits, as in India.
    pub lakh: bool,
}

impl MoneyFormat {
    /// The amount without a currency: `-1.234,50`.
    pub fn plain(&self, amount: i64) -> String {
        let unit = 10_u64.pow(self.decimals);
        let (whole, fraction) = (amount.unsigned_abs() / unit, amount.unsigned_abs() % unit);
        let sign = if amount < 0 { "-" } else { "" };
        let whole = self.grouped(&whole.to_string());
        if self.decimals == 0 {
            format!("{sign}{whole}")
        } else {
            let width = self.decimals as usize;
            format!("{sign}{whole}{}{fraction:0width$}", self.decimal_mark)
        }
    }

    /// The amount in a template such as `{} €`; a minus stands in front of everything.
    pub fn with(&self, template: &str, amount: i64) -> String {
        let sign = if amount < 0 { "-" } else { "" };
        let amount = i64::try_from(amount.unsigned_abs()).expect("no receipt is that long");
        format!("{sign}{}", template.replace("{}", &self.plain(amount)))
    }

    /// The amount as a JSON number: 12.5, or 1280 where there are no decimals.
    pub fn json(&self, amount: i64) -> serde_json::Value {
        let unit = 10_i64.pow(self.decimals);
        if amount % unit == 0 {
            return (amount / unit).into();
        }
        // Correctly rounded division of two exact numbers: prints as the shortest decimal.
        #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53")]
        let value = amount as f64 / unit as f64;
        value.into()
    }

    fn grouped(&self, digits: &str) -> String {
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            let left = digits.len() - index;
            let boundary = if self.lakh {
                left == 3 || (left > 3 && (left - 3).is_multiple_of(2))
            } else {
                left.is_multiple_of(3)
            };
            if index > 0 && boundary {
                text.push_str(self.group_mark);
            }
            text.push(digit);
        }
        text
    }
}

/// Divides and rounds halves away from zero, as tills do.
pub fn divide(amount: i64, by: i64) -> i64 {
    let half = if amount < 0 { -by / 2 } else { by / 2 };
    (amount + half) / by
}

#[cfg(test)]
mod tests {
    use super::*;

    const EURO: MoneyFormat = MoneyFormat { decimals: 2, decimal_mark: ",", group_mark: ".", lakh: false };

    #[test]
    fn writes_amounts_as_countries_do() {
        assert_eq!(EURO.plain(123_450), "1.234,50");
        assert_eq!(EURO.with("{} €", -5), "-0,05 €");
        let yen = MoneyFormat { decimals: 0, group_mark: ",", ..EURO };
        assert_eq!(yen.with("¥{}", 1_280), "¥1,280");
        let rupee = MoneyFormat { decimal_mark: ".", group_mark: ",", lakh: true, ..EURO };
        assert_eq!(rupee.plain(12_345_600), "1,23,456.00");
    }

    #[test]
    fn labels_carry_no_float_noise() {
        assert_eq!(EURO.json(1_999).to_string(), "19.99");
        assert_eq!(EURO.json(-1_200).to_string(), "-12");
    }

    #[test]
    fn rounds_halves_away_from_zero() {
        assert_eq!(divide(25, 10), 3);
        assert_eq!(divide(-25, 10), -3);
        assert_eq!(divide(24, 10), 2);
    }
}
