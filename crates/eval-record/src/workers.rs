use serde::{Deserialize, Serialize};

use crate::{Record, RecordError};

const FILE: &str = "workers.json";

/// Letters and digits in the name of a run at a broker.
const LENGTH: usize = 32;

/// Under which name workers know a run: `workers.json`.
#[derive(Serialize, Deserialize)]
struct AtBroker {
    run: String,
}

impl Record {
    /// The name under which workers know this run; `None` if it never had any.
    pub fn run_at_broker(&self) -> Result<Option<String>, RecordError> {
        let path = self.path(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let refused = |message: String| RecordError { path: path.clone(), message, source: None };
        let text = vision_files::below(&self.dir, FILE)
            .and_then(|path| vision_files::read_text(&path, vision_files::TEXT))
            .map_err(|error| refused(error.to_string()))?;
        let AtBroker { run } = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
        // It becomes part of subjects, in which dots and stars mean something.
        match run.len() == LENGTH && run.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            true => Ok(Some(run)),
            false => Err(refused(format!("`run` is not {LENGTH} hexadecimal digits"))),
        }
    }

    /// Gives it one.
    pub fn name_run_at_broker(&self, run: u128) -> Result<String, RecordError> {
        let run = format!("{run:032x}");
        self.write_json(FILE, &AtBroker { run: run.clone() })?;
        Ok(run)
    }
}
