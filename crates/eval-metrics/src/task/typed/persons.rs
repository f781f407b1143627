//! Fields that hold names of persons.

/// Whether a field holds the name of a person, by its own name.
pub(super) fn names_a_person(field: &str) -> bool {
    const PERSONS: [&str; 24] = [
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
        "judge",
        "signer",
        "signedby",
        "approvedby",
        "preparedby",
    ];
    let mut names = field.rsplit('.').map(crate::task::keys::plain_key);
    let (name, group) = (names.next().unwrap_or_default(), names.next());
    // `patient.name`
    let of_group = || name == "name" && group.is_some_and(|group| PERSONS.contains(&group.as_str()));
    PERSONS.iter().any(|word| name == *word || name.strip_suffix("name") == Some(word)) || of_group()
}
