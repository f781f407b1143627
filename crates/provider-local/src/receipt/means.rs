//! How a receipt was paid, by its words.

use crate::words::{contains_any, words};

/// How a receipt was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    Cash,
    Card,
    Mobile,
    Voucher,
}

impl Means {
    pub fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Mobile => "mobile",
            Self::Voucher => "voucher",
        }
    }

    /// The means a text names. A wallet outranks the card inside it.
    pub fn of(text: &str) -> Option<Self> {
        let words = words(text);
        let known =
            [(MOBILE, Self::Mobile), (VOUCHER, Self::Voucher), (CARD, Self::Card), (CASH, Self::Cash)];
        known.into_iter().find(|(phrases, _)| contains_any(&words, phrases)).map(|(_, means)| means)
    }
}

const MOBILE: &[&str] = &[
    "movil",
    "wallet",
    "apple pay",
    "applepay",
    "google pay",
    "googlepay",
    "samsung pay",
    "paypay",
    "paypal",
    "alipay",
    "wechat",
    "wechat pay",
    "swish",
    "twint",
    "vipps",
    "mobilepay",
    "mobile pay",
    "mobile",
    "blik",
    "bizum",
    "pix",
    "upi",
    "phonepe",
    "paytm",
    "line pay",
    "qr pay",
    "bancomat pay",
    "satispay",
    "lydia",
    "payconiq",
    "gpay",
    "m pesa",
    "kakao pay",
    "kakaopay",
    "mobil",
];
const VOUCHER: &[&str] = &[
    "waardebon",
    "vale refeicao",
    "kupon",
    "vardecheck",
    "bon podarunkowy",
    "cheque restaurant",
    "voucher",
    "gift card",
    "giftcard",
    "gift certificate",
    "gutschein",
    "ticket restaurant",
    "cheque cadeau",
    "bon cadeau",
    "meal voucher",
    "luncheon voucher",
    "vale",
    "buono",
    "cadeaubon",
    "geschenkkarte",
    "store credit",
    "carte cadeau",
    "presentkort",
    "gavekort",
    "tarjeta regalo",
    "cadeaukaart",
    "cheque dejeuner",
    "bon",
];
const CARD: &[&str] = &[
    "visa",
    "mastercard",
    "master card",
    "maestro",
    "amex",
    "american express",
    "debit",
    "credit",
    "card",
    "karte",
    "kreditkarte",
    "girocard",
    "ec karte",
    "ec cash",
    "eccash",
    "carte",
    "carte bancaire",
    "cb",
    "tarjeta",
    "carta",
    "bancomat",
    "pin",
    "kort",
    "kortbetaling",
    "kortbetalning",
    "kontokort",
    "karta",
    "kartou",
    "contactless",
    "discover",
    "jcb",
    "interac",
    "eftpos",
    "elo",
    "cartao",
    "clubcard payment",
    "dankort",
    "bankkort",
    "chip",
    "pinpas",
    "ec",
    "bankkarte",
    "v pay",
    "クレジット",
    "kortti",
    "bankkartya",
];
const CASH: &[&str] = &[
    "cash",
    "bar",
    "bargeld",
    "barzahlung",
    "especes",
    "efectivo",
    "contanti",
    "contant",
    "kontant",
    "kontanter",
    "dinheiro",
    "gotowka",
    "hotove",
    "hotovost",
    "keszpenz",
    "nakit",
    "現金",
    "kateinen",
    "metalico",
];

#[cfg(test)]
mod tests {
    use super::Means;

    #[test]
    fn wallets_outrank_cards_and_gift_cards_are_vouchers() {
        assert_eq!(Means::of("Apple Pay VISA ****4821"), Some(Means::Mobile));
        assert_eq!(Means::of("GIFT CARD"), Some(Means::Voucher));
        assert_eq!(Means::of("Bar"), Some(Means::Cash));
        assert_eq!(Means::of("Kreditkarte"), Some(Means::Card));
        assert_eq!(Means::of("Cashier: Ann"), None);
    }
}
