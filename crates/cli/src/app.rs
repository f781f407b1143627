use crate::environment::Environment;
use crate::settings::Shared;

/// What every verb is given: the flags that all of them know, and the environment.
#[derive(Debug)]
pub struct App {
    /// Flags of all verbs.
    pub shared: Shared,
    /// Variables, and what can be asked of the terminal.
    pub environment: Environment,
}
