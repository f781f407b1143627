//! What a row of a receipt is about, by its words.

use super::means::Means;
use crate::words::{contains_any, words};

/// The meaning of a row's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Subtotal,
    Tax,
    /// A row that repeats the sum of all taxes.
    TaxTotal,
    Tip,
    /// How sure the words are that this is what is to be paid.
    Total(Rank),
    Discount,
    /// What the customer handed over or got back.
    Tender,
    /// Addresses, numbers of tables and receipts, opening hours.
    Notice,
    Payment(Means),
}

/// Better words for a total come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Plain,
    Final,
}

/// What `text` says, if it says anything known.
pub fn label(text: &str) -> Option<Label> {
    let words = words(text);
    let says = |phrases: &[&str]| contains_any(&words, phrases);
    let tax = says(TAX);
    let total = says(TOTAL);
    Some(match () {
        () if says(SUBTOTAL) => Label::Subtotal,
        () if total && says(NET) => Label::Subtotal,
        () if total && says(GROSS) => Label::Total(Rank::Final),
        () if tax && says(NOT_A_TAX) => Label::Notice,
        () if tax && total => Label::TaxTotal,
        () if tax => Label::Tax,
        () if says(TIP) => Label::Tip,
        () if total && says(COUNTS) => Label::Notice,
        () if total && says(SAVED) => Label::Notice,
        () if says(DUE) => Label::Total(Rank::Final),
        () if total && says(&["grand"]) => Label::Total(Rank::Final),
        () if says(DISCOUNT) => Label::Discount,
        () if says(TENDER) => Label::Tender,
        () if total => Label::Total(Rank::Plain),
        () if says(NOTICE) => Label::Notice,
        () => return Means::of(text).map(Label::Payment),
    })
}

const SUBTOTAL: &[&str] = &[
    "subtotal",
    "sub total",
    "sub totaal",
    "subtotaal",
    "zwischensumme",
    "zw summe",
    "nettosumme",
    "netto",
    "sous total",
    "soustotal",
    "subtotale",
    "sub totale",
    "mellansumma",
    "delsumma",
    "delsum",
    "mezisoucet",
    "suma czesciowa",
    "base imponible",
    "imponibile",
    "valisumma",
    "reszosszeg",
    "ara toplam",
    "小計",
    "net total",
    "total net",
    "net amount",
    "merchandise",
    "podsuma",
    "suma netto",
    "deelsom",
    "delsumma",
    "goods total",
    "items total",
    "total articles",
];
const NET: &[&str] = &["excl", "ex", "excluding", "ht", "hors", "netto", "before", "sin"];
const GROSS: &[&str] = &["incl", "including", "inc", "ttc", "brutto", "inkl"];
const TAX: &[&str] = &[
    "tax",
    "taxes",
    "vat",
    "gst",
    "hst",
    "pst",
    "qst",
    "tvq",
    "tps",
    "mwst",
    "ust",
    "mehrwertsteuer",
    "umsatzsteuer",
    "steuer",
    "tva",
    "iva",
    "btw",
    "moms",
    "mva",
    "pdv",
    "kdv",
    "alv",
    "dph",
    "ptu",
    "afa",
    "igst",
    "cgst",
    "sgst",
    "ndc",
    "ндс",
    "consumption tax",
    "tributos",
    "impuesto",
    "impuestos",
    "veroitus",
    "icms",
    "iss",
    "jct",
    "消費税",
    "内税",
    "税",
    "excise",
    "levy",
    "surtax",
];
const NOT_A_TAX: &[&str] = &["no", "nr", "id", "reg", "number", "invoice", "nummer", "registration", "free"];
const TIP: &[&str] = &[
    "tip",
    "tips",
    "gratuity",
    "pourboire",
    "trinkgeld",
    "propina",
    "mancia",
    "fooi",
    "dricks",
    "drikkepenge",
    "gorjeta",
    "service charge",
    "napiwek",
];
const TOTAL: &[&str] = &[
    "total",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtbetrag",
    "endbetrag",
    "endsumme",
    "totale",
    "totaal",
    "totalt",
    "summa",
    "suma",
    "razem",
    "celkem",
    "osszesen",
    "yhteensa",
    "toplam",
    "итого",
    "合計",
    "i alt",
    "importe",
    "ttc",
    "betrag",
];
const DUE: &[&str] = &[
    "amount due",
    "balance due",
    "balance",
    "to pay",
    "zu zahlen",
    "zahlbetrag",
    "a payer",
    "te betalen",
    "att betala",
    "a pagar",
    "da pagare",
    "do zaplaty",
    "k uhrade",
    "total due",
    "grand total",
    "å betale",
    "a betale",
    "at betale",
    "amount payable",
    "fizetendo",
    "maksettava",
];
const COUNTS: &[&str] =
    &["items", "item", "qty", "articles", "artikel", "articulos", "pieces", "units", "count", "points"];
const SAVED: &[&str] = &["saved", "savings", "saving", "you save"];
const DISCOUNT: &[&str] = &[
    "saving",
    "savings",
    "multibuy",
    "kupong",
    "desconto clube",
    "discount",
    "disc",
    "rabatt",
    "nachlass",
    "remise",
    "reduction",
    "sconto",
    "descuento",
    "desconto",
    "korting",
    "rabat",
    "coupon",
    "void",
    "voided",
    "storno",
    "annulation",
    "annule",
    "anulacion",
    "annullato",
    "retour",
    "refund",
    "promo",
    "promotion",
    "offer",
    "loyalty",
    "sleva",
    "kedvezmeny",
    "alennus",
    "indirim",
    "off",
    "値引",
    "割引",
    "price cut",
    "markdown",
    "deal",
    "cancel",
    "cancelled",
    "makulerad",
    "correction",
];
const TENDER: &[&str] = &[
    "rendre",
    "tilbage",
    "troco",
    "change",
    "tendered",
    "tender",
    "ruckgeld",
    "wechselgeld",
    "gegeben",
    "rendu",
    "cambio",
    "vaxel",
    "wisselgeld",
    "received",
    "recu",
    "resto",
    "troco",
    "reszta",
    "byttepenge",
    "お釣り",
    "お預り",
    "erhalten",
    "vuelto",
    "entregado",
    "tilbake",
    "change due",
    "zuruck",
    "terug",
    "tillbaka",
    "cash back",
];
const NOTICE: &[&str] = &[
    "tel",
    "phone",
    "fax",
    "www",
    "http",
    "https",
    "table",
    "tisch",
    "mesa",
    "tavolo",
    "guests",
    "guest",
    "server",
    "cashier",
    "kassierer",
    "caissier",
    "receipt no",
    "order",
    "invoice no",
    "terminal",
    "register",
    "kasse",
    "store no",
    "trans",
    "transaction",
    "auth",
    "approval",
    "ref",
    "aid",
    "open",
    "opening",
    "covers",
    "check no",
    "ticket no",
    "points",
    "saved",
    "member no",
    "till",
    "siret",
    "ust id",
    "nif",
    "cif",
    "p iva",
    "bon nr",
    "beleg",
    "belegnr",
    "operator",
    "kassa",
    "registrierung",
    "merchant",
];
#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: Label) {
        assert_eq!(label(text), Some(wanted), "{text:?}");
    }

    #[test]
    fn knows_the_sums_in_several_languages() {
        for text in
            ["SUBTOTAL", "Sub-total", "Zwischensumme", "Sous-total HT", "Total excl. VAT", "Subtotale"]
        {
            check(text, Label::Subtotal);
        }
        for text in ["Sales tax 8%", "MwSt 19%", "TVA 20%", "incl. VAT", "IVA 10%", "GST"] {
            check(text, Label::Tax);
        }
        for text in ["TOTAL", "Summe", "T0TAL EUR", "合計"] {
            check(text, Label::Total(Rank::Plain));
        }
        for text in ["GRAND TOTAL", "Amount due", "Zu zahlen", "Net à payer", "Total TTC", "Total incl. VAT"]
        {
            check(text, Label::Total(Rank::Final));
        }
        check("Gratuity", Label::Tip);
        check("Total tax", Label::TaxTotal);
    }

    #[test]
    fn goods_are_not_sums() {
        for text in ["Sourdough loaf", "Barley soup", "Sparkling water"] {
            assert_eq!(label(text), None, "{text:?}");
        }
    }
}
