//! Ways to pay.

/// Brands of cards; two of them contradict each other.
const BRANDS: &[&str] = &[
    "visa",
    "mastercard",
    "master card",
    "amex",
    "american express",
    "maestro",
    "discover",
    "jcb",
    "diners",
    "girocard",
];
/// Wallets on a phone; two of them contradict each other.
const WALLETS: &[&str] = &[
    "apple pay",
    "applepay",
    "google pay",
    "googlepay",
    "gpay",
    "samsung pay",
    "alipay",
    "wechat",
    "paytm",
    "paypal",
];
/// Kinds of cards; they contradict each other.
const SORTS: &[&str] = &["credit", "debit"];
const CARD: &[&str] = &[
    "card",
    "cards",
    "ec",
    "unionpay",
    "interac",
    "eftpos",
    "bancontact",
    "rupay",
    "vpay",
    "carte",
    "carte bancaire",
    "cb",
    "tarjeta",
    "carta",
    "karte",
    "kartenzahlung",
    "contactless",
    "chip",
    "electron",
    "creditcard",
    "debitcard",
    "kreditkarte",
    "plastic",
    "pos",
    "ec karte",
    "karta",
    "カード",
];
const MOBILE: &[&str] = &[
    "mobile",
    "phone",
    "app",
    "upi",
    "phonepe",
    "twint",
    "mobilepay",
    "swish",
    "vipps",
    "e wallet",
    "ewallet",
    "grabpay",
    "touch n go",
    "touchngo",
];
const VOUCHER: &[&str] = &[
    "voucher",
    "gift card",
    "giftcard",
    "gift certificate",
    "meal card",
    "coupon",
    "store credit",
    "ticket restaurant",
    "gutschein",
];
const CASH: &[&str] = &[
    "cash",
    "bar",
    "bargeld",
    "barzahlung",
    "especes",
    "efectivo",
    "contanti",
    "contante",
    "coins",
    "tunai",
    "dinheiro",
    "kontant",
    "gotowka",
    "gotówka",
    "現金",
    "现金",
];

/// Words that say the same in answers, by the word that a label uses. The first entry that fits is taken.
const KINDS: [(&str, &[&[&str]]); 4] = [
    ("voucher", &[VOUCHER]),
    ("mobile", &[WALLETS, MOBILE]),
    ("card", &[CARD, BRANDS, SORTS]),
    ("cash", &[CASH]),
];

/// Whether two texts name one way to pay; nothing if one of them names none.
pub(super) fn same_payment(expected: &str, got: &str) -> Option<bool> {
    let (a, b) = (payment(expected)?, payment(got)?);
    Some(a == b && !contradicts(expected, got))
}

fn payment(text: &str) -> Option<&'static str> {
    let padded = format!(" {text} ");
    if padded.contains(" not ") || padded.contains(" no ") {
        return None;
    }
    let text = &without_failed(text);
    // `card, cash` are two.
    let text = &without_membership(text);
    let in_cash = CASH.iter().any(|word| names(text, word));
    let on_card = [CARD, BRANDS].iter().any(|set| set.iter().any(|word| names(text, word)));
    let is_one = ["cash back", "cash card", "cash app"].iter().any(|word| text.contains(word));
    if in_cash && on_card && !is_one {
        return None;
    }
    // `cash or card` leaves open which.
    let offered: Vec<&str> = text.split(" or ").filter_map(payment_of_part).collect();
    if offered.windows(2).any(|pair| pair[0] != pair[1]) {
        return None;
    }
    payment_of_part(text)
}

/// `card declined paid cash` without the way that failed.
fn without_failed(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let failed = |at: usize| {
        words.get(at).is_some_and(|word| matches!(*word, "declined" | "refused" | "failed" | "rejected"))
    };
    let kept = (0..words.len()).filter(|at| !failed(*at) && !failed(at + 1));
    kept.map(|at| words[at]).collect::<Vec<_>>().join(" ")
}

/// A card that collects points pays nothing.
fn without_membership(text: &str) -> String {
    const SORTS: [&str; 6] = ["membership", "loyalty", "member", "bonus", "rewards", "club"];
    SORTS.iter().fold(text.to_owned(), |text, sort| text.replace(&format!("{sort} card"), ""))
}

fn payment_of_part(text: &str) -> Option<&'static str> {
    let says = |words: &&[&str]| words.iter().any(|word| names(text, word));
    KINDS.iter().find(|(_, lists)| lists.iter().any(says)).map(|(kind, _)| *kind)
}

fn names(text: &str, word: &str) -> bool {
    format!(" {text} ").contains(&format!(" {word} "))
}

/// Whether both name a kind or brand, and not the same: `debit card` is no `credit card`, Visa no Mastercard.
fn contradicts(expected: &str, got: &str) -> bool {
    // Two spellings of one name follow each other.
    const SPELLINGS: [&[&str]; 4] = [
        &["mastercard", "master card"],
        &["amex", "american express"],
        &["apple pay", "applepay"],
        &["google pay", "googlepay", "gpay"],
    ];
    let same =
        |a: &str, b: &str| a == b || SPELLINGS.iter().any(|names| names.contains(&a) && names.contains(&b));
    [SORTS, BRANDS, WALLETS].iter().any(|set| {
        let named = |text: &str| set.iter().copied().find(|word| names(text, word));
        matches!((named(expected), named(got)), (Some(a), Some(b)) if !same(a, b))
    })
}
