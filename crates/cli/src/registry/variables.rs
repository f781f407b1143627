//! The variables of all providers: what may stand in a `.env`, and what must never be shown.

use vision_core::Secret;

use super::{KINDS, Kind};
use crate::environment::Environment;

/// Everything private that the environment holds, for whoever writes for people to see.
pub fn secrets(environment: &Environment) -> Vec<Secret> {
    private_variables().iter().filter_map(|name| environment.get(name)).map(Secret::new).collect()
}

/// Every variable that may hold something private.
pub(super) fn private_variables() -> Vec<String> {
    let keys = KINDS.iter().flat_map(|kind| kind.keys);
    let names = keys.chain(provider_yandex::FOLDER_VARIABLES).chain(vision_auth::SECRET_VARIABLES);
    let names = names.chain(&crate::workers::SECRET_VARIABLES).chain(&crate::storage::SECRET_VARIABLES);
    names.chain(&crate::telemetry::SECRET_VARIABLES).map(|name| (*name).to_owned()).collect()
}

/// Whether the `.env` of a project may set this variable: a provider's keys, its address (which is printed before anything
/// is sent there), and the names that belong to a key. What says where keys lie, who hands them out, or which program is
/// started to get one is not among them: a cloned project would have the user's keys sent elsewhere, or a program run.
pub fn may_stand_in_a_file(name: &str) -> bool {
    let of_a_kind = |kind: &Kind| kind.keys.contains(&name) || kind.base_url_variable == name;
    let is_file = name == vision_auth::google::FILE_VARIABLE;
    let known = KINDS.iter().any(of_a_kind)
        || vision_auth::SECRET_VARIABLES.contains(&name)
        || vision_auth::NAME_VARIABLES.contains(&name)
        || provider_yandex::FOLDER_VARIABLES.contains(&name)
        || crate::workers::SECRET_VARIABLES.contains(&name)
        || crate::storage::SECRET_VARIABLES.contains(&name)
        || crate::telemetry::SECRET_VARIABLES.contains(&name)
        || NAMES_BESIDE_KEYS.contains(&name);
    known && !name.is_empty() && !is_file
}

/// What belongs to a key and opens nothing by itself.
const NAMES_BESIDE_KEYS: [&str; 4] =
    ["OPENAI_ORGANIZATION", "OPENAI_PROJECT", "ANTHROPIC_VERTEX_PROJECT_ID", "NATS_USER"];
