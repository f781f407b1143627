//! What a label is worth: what was seen when it was given.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::event::{Label, Origin, Shown};
use crate::field::Field;
use crate::typed::same;

/// Whether a document is one of those that are labeled without proposals: always the same ones.
pub fn is_drawn(seed: &str, document: &str, share: f64) -> bool {
    let digest = Sha256::new().chain_update(seed).chain_update([0]).chain_update(document).finalize();
    let lot = u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"));
    (lot as f64) < share * u64::MAX as f64
}

/// How a person came to a label, by what was shown.
pub fn origin(field: &Field, label: &Label, shown: &Shown) -> Origin {
    let offered = shown.offered.get(&field.name);
    match shown.filled.get(&field.name) {
        _ if shown.blind => Origin::Blind,
        Some(filled) if is_unchanged(field, filled, label) => Origin::Confirmed,
        Some(_) => Origin::Corrected,
        None if offered.is_some_and(|all| all.iter().any(|one| is_unchanged(field, one, label))) => {
            Origin::Confirmed
        }
        None => Origin::Entered,
    }
}

/// Whether a proposal was taken as it was. Another case of a name is a change, `12.0` for `12` is none.
fn is_unchanged(field: &Field, proposal: &Label, label: &Label) -> bool {
    match (proposal, label) {
        (Label::Value(Value::String(one)), Label::Value(Value::String(other))) => one == other,
        _ => same(field, proposal, label),
    }
}
