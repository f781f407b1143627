//! What stands beside the name of a person and is no part of it: `Signed by: Rosa Delgado, Manager`.

/// The name alone, if parts beside it only say what the person is or does.
pub(super) fn alone(text: &str) -> Option<&str> {
    let parts = text.split([',', ';', ':', '(', ')', '\n', '|', '–', '—']).flat_map(|part| part.split(" - "));
    let (mut name, mut has_role) = (None, false);
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        match name {
            _ if is_role(part) => has_role = true,
            None => name = Some(part),
            Some(_) => return None,
        }
    }
    name.filter(|_| has_role)
}

/// A text without the words that say that somebody signed: `Signed by Rosa Delgado`, `/s/ Rosa Delgado`.
pub(super) fn without_signature(text: &str) -> &str {
    const DONE: [&str; 17] = [
        "electronically",
        "digitally",
        "signed",
        "approved",
        "prepared",
        "authorized",
        "authorised",
        "submitted",
        "completed",
        "written",
        "issued",
        "checked",
        "reviewed",
        "received",
        "unterschrieben",
        "gezeichnet",
        "signé",
    ];
    let text = text.trim();
    if let Some(name) = text.strip_prefix("/s/").map(str::trim).filter(|name| !name.is_empty()) {
        return name;
    }
    let (mut rest, mut is_done) = (text, false);
    // Nobody signs with more words than this before the name.
    for _ in 0..4 {
        let end = rest.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(rest.len());
        let (word, behind) = (rest[..end].to_lowercase(), rest[end..].trim_start());
        let is_agent = matches!(word.as_str(), "by" | "von" | "par" | "por");
        let is_labelled = behind.starts_with(':');
        let behind = behind.trim_start_matches(':').trim_start();
        if behind.is_empty() || !(is_agent || DONE.contains(&word.as_str())) {
            return text;
        }
        if is_labelled || is_agent && is_done {
            return behind;
        }
        (rest, is_done) = (behind, true);
    }
    text
}

/// One of them makes a role of a few words.
const ROLES: [&str; 56] = [
    "manager",
    "director",
    "ceo",
    "cfo",
    "coo",
    "cto",
    "cio",
    "president",
    "chairman",
    "chairwoman",
    "chair",
    "chief",
    "head",
    "officer",
    "secretary",
    "treasurer",
    "supervisor",
    "accountant",
    "engineer",
    "consultant",
    "coordinator",
    "administrator",
    "representative",
    "agent",
    "owner",
    "proprietor",
    "founder",
    "partner",
    "attorney",
    "lawyer",
    "notary",
    "witness",
    "nurse",
    "physician",
    "surgeon",
    "cashier",
    "clerk",
    "teller",
    "assistant",
    "trainee",
    "purchaser",
    "buyer",
    "seller",
    "tenant",
    "landlord",
    "applicant",
    "customer",
    "employee",
    "signatory",
    "geschäftsführer",
    "geschäftsführerin",
    "leiter",
    "leiterin",
    "directeur",
    "gérant",
    "gerente",
];

/// Whether a text says what somebody is or does: `Sales Manager`, `Head of Finance`.
fn is_role(text: &str) -> bool {
    const MOST: usize = 6;
    if text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MOST + 1).collect();
    words.len() <= MOST && words.iter().any(|word| ROLES.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_or_does_is_no_part_of_the_name() {
        for text in [
            "Rosa Delgado, Manager",
            "Rosa Delgado (Head of Sales)",
            "CEO, Rosa Delgado",
            "Manager: Rosa Delgado",
            "Rosa Delgado - Sales Manager",
            "Rosa Delgado\nManager, Finance director",
        ] {
            assert_eq!(alone(text), Some("Rosa Delgado"), "{text}");
        }
        for text in ["Rosa Delgado", "Delgado, Rosa", "Rosa Delgado, Paul Roux, Manager", "Manager", ""] {
            assert_eq!(alone(text), None, "{text}");
        }
    }

    #[test]
    fn that_somebody_signed_is_no_part_of_the_name() {
        for text in [
            "Signed by: Rosa Delgado",
            "signed: Rosa Delgado",
            "By: Rosa Delgado",
            "Electronically signed by Rosa Delgado",
            "/s/ Rosa Delgado",
            "Unterschrieben von Rosa Delgado",
        ] {
            assert_eq!(without_signature(text), "Rosa Delgado", "{text}");
        }
        for text in ["Not signed by Rosa", "By Rosa", "Signed", "signed by", "Bya Rosa", ""] {
            assert_eq!(without_signature(text), text, "{text}");
        }
    }
}
