//! Which plans were made on this machine, by whoever pays.
//!
//! A record may come from a stranger, or have been edited. What its plan says about money and addresses is the user's own
//! word only if this program wrote that very plan for this user: each plan leaves its hash in the user's cache folder.

use std::fs;
use std::path::PathBuf;

use eval_record::{Plan, Record};
use sha2::{Digest, Sha256};

use crate::environment::Environment;

/// With more plans than that, all are forgotten: a budget is then to be said again.
const MOST: usize = 10_000;

/// Notes that the plan of a new record is the user's own. Where it cannot be noted, resuming asks for a budget.
pub fn note(record: &Record, environment: &Environment) {
    // As it will be read again: a number may not be the same after it was written.
    let Ok(written) = Record::open(&record.dir) else { return };
    let Some(path) = path(&written.plan, environment) else { return };
    let Some(folder) = path.parent() else { return };
    if fs::read_dir(folder).is_ok_and(|notes| notes.count() >= MOST) {
        fs::remove_dir_all(folder).ok();
    }
    if vision_files::private_folder(folder).is_ok() {
        vision_files::write_private(&path, record.dir.display().to_string().as_bytes()).ok();
    }
}

/// Whether the plan of a record was made here, and is as it was.
pub fn is_own(plan: &Plan, environment: &Environment) -> bool {
    path(plan, environment).is_some_and(|path| path.is_file())
}

fn path(plan: &Plan, environment: &Environment) -> Option<PathBuf> {
    let text = serde_json::to_vec(plan).ok()?;
    let hash: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    Some(environment.cache_folder()?.join("plans").join(hash))
}
