use std::path::Path;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::{Problem, Result};

/// Calls `each` with line and value of every element of the list in a file, which is the file or stands under `key`.
pub(super) fn each(
    path: &Path,
    key: Option<&str>,
    each: &mut dyn FnMut(usize, Value) -> Result<()>,
) -> Result<()> {
    let text = vision_files::read_text(path, super::LIST)
        .map_err(|refused| Problem::new(path, refused.to_string()))?;
    let wrong = |error: serde_json::Error| Problem::at_line(path, error.line(), error.to_string());
    let list: Vec<&RawValue> = match key {
        None => serde_json::from_str(&text).map_err(wrong)?,
        Some(key) => {
            let object: std::collections::BTreeMap<&str, &RawValue> =
                serde_json::from_str(&text).map_err(wrong)?;
            let list = object.get(key).ok_or_else(|| Problem::new(path, format!("has no list `{key}`")))?;
            serde_json::from_str(list.get()).map_err(wrong)?
        }
    };
    let (mut line, mut counted) = (1, 0);
    for raw in list {
        let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        line += text[counted..start].matches('\n').count();
        counted = start;
        each(line, serde_json::from_str(raw.get()).map_err(wrong)?)?;
    }
    Ok(())
}
