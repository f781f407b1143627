//! Fields that hold names of persons.

/// Whether a field holds the name of a person, by its own name.
pub(super) fn names_a_person(field: &str) -> bool {
    const PERSONS: [&str; 19] = [
        "recipient",
        "applicant",
        "customer",
        "client",
        "patient",
        "person",
        "employee",
        "cashier",
        "holder",
        "contact",
        "signatory",
        "author",
        "firstname",
        "lastname",
        "surname",
        "fullname",
        "doctor",
        "guest",
        "payee",
    ];
    let plain = crate::task::keys::plain_key(field.rsplit('.').next().unwrap_or(field));
    PERSONS.iter().any(|word| plain == *word || plain.strip_suffix("name") == Some(word))
}
