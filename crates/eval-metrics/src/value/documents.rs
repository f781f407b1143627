//! Kinds of documents.

/// Kinds of documents and other words for them, folded.
const KINDS: [(&str, &[&str]); 11] = [
    (
        "invoice",
        &[
            "invoice", "bill", "rechnung", "facture", "factura", "fattura", "fatura", "faktura", "factuur",
            "rekening",
        ],
    ),
    (
        "receipt",
        &[
            "receipt",
            "bon",
            "kassenbon",
            "kassenzettel",
            "kassenbeleg",
            "quittung",
            "beleg",
            "recu",
            "ticket de caisse",
            "scontrino",
            "recibo",
            "ricevuta",
            "sales slip",
            "till slip",
            "paragon",
        ],
    ),
    ("letter", &["letter", "brief", "lettre", "carta", "lettera", "schreiben"]),
    ("form", &["form", "formular", "formulaire", "formulario", "modulo", "vordruck", "antrag"]),
    ("contract", &["contract", "agreement", "vertrag", "contrat", "contrato", "contratto"]),
    ("order", &["order", "bestellung", "commande", "pedido", "ordine"]),
    ("credit note", &["credit note", "credit memo", "gutschrift"]),
    ("delivery note", &["delivery note", "packing slip", "lieferschein"]),
    ("quote", &["quote", "quotation", "estimate", "angebot", "devis"]),
    ("statement", &["statement", "kontoauszug"]),
    ("report", &["report", "bericht", "rapport"]),
];

/// The names of a kind of document, folded.
pub(crate) fn document_names(kind: &str) -> &'static [&'static str] {
    KINDS.iter().find(|(name, _)| *name == kind).map_or(&[], |(_, names)| *names)
}

/// Words before a kind that make something else of it.
const OTHERWISE: [&str; 13] = [
    "pro", "forma", "proforma", "not", "no", "non", "or", "and", "credit", "delivery", "cover", "order",
    "draft",
];

/// Whether two labels in folded words name one kind of document; nothing if one of them names none.
///
/// `tax invoice` and `application form` say more than was asked for, and are an invoice and a form.
pub(super) fn same_document(expected: &str, got: &str) -> Option<bool> {
    let kind = |text: &str| KINDS.iter().find(|(_, names)| names.contains(&text)).map(|(kind, _)| *kind);
    let wanted = kind(expected)?;
    if let Some(given) = kind(got) {
        return Some(wanted == given);
    }
    let words: Vec<&str> = got.split(' ').collect();
    let (last, before) = words.split_last()?;
    let plain = (1..=2).contains(&before.len()) && !before.iter().any(|word| OTHERWISE.contains(word));
    (plain && kind(last)? == wanted).then_some(true)
}
