/// How a receipt was paid, in the words of our task: `cash`, `card`, `mobile` or `voucher`.
pub fn payment(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let means = match () {
        () if has(&[
            "apple pay",
            "google pay",
            "paypal",
            "alipay",
            "wechat",
            "mobile",
            "contactless phone",
        ]) =>
        {
            "mobile"
        }
        () if has(&["gift", "voucher", "gutschein", "coupon", "ticket restaurant"]) => "voucher",
        () if has(&[
            "card",
            "visa",
            "master",
            "amex",
            "american express",
            "debit",
            "credit",
            "maestro",
            "girocard",
            "karte",
            "carte",
            "discover",
            "ec-",
            "bancontact",
            "tarjeta",
        ]) =>
        {
            "card"
        }
        () if has(&["cash", "bar", "contant", "espèces", "efectivo", "contanti"]) => "cash",
        () => return None,
    };
    Some(means.to_owned())
}

#[cfg(test)]
mod tests {
    use super::payment;

    #[test]
    fn the_brands_of_cards_are_cards() {
        for (text, wanted) in [
            ("VISA ****1234", Some("card")),
            ("Credit Card", Some("card")),
            ("CASH", Some("cash")),
            ("Apple Pay", Some("mobile")),
            ("Gift card", Some("voucher")),
            ("EC-Karte", Some("card")),
            ("Thank you", None),
        ] {
            assert_eq!(payment(text).as_deref(), wanted, "{text}");
        }
    }
}
