use std::fmt;

use vision_core::{Error, ErrorKind, Result, Secret};

use crate::{Machine, ReadFile};

/// A token in a file that a variable names. Whoever gives it out writes another one before it ends, so that it is read for
/// each use.
pub(crate) struct TokenFile {
    variable: &'static str,
    path: String,
    read: ReadFile,
}

impl TokenFile {
    /// Nothing where the variable is not set, and why not where its file cannot be read now.
    pub fn named(machine: &Machine<'_>, variable: &'static str) -> Option<Result<Self, String>> {
        let file = Self { variable, path: machine.get(variable)?, read: machine.file.clone() };
        Some(match file.text() {
            Some(_) => Ok(file),
            None => Err(file.unreadable()),
        })
    }

    /// What stands in it now.
    pub fn token(&self) -> Result<Secret> {
        let text = self.text().ok_or_else(|| Error::new(ErrorKind::Auth, self.unreadable()))?;
        Ok(Secret::new(text.trim()))
    }

    fn text(&self) -> Option<String> {
        (self.read)(&self.path)
    }

    fn unreadable(&self) -> String {
        format!("{} names {}, which cannot be read", self.variable, self.path)
    }
}

impl fmt::Debug for TokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenFile({})", self.path)
    }
}
