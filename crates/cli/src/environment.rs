//! The only place that reads the environment.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind::NotFound;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Command;
use vision_auth::{Machine, ReadFile};
use vision_files::Refused;

/// What the environment says: its variables, and those of `.env` that it does not set itself.
#[derive(Debug, Clone)]
pub struct Environment {
    variables: HashMap<String, String>,
    /// Those that only `.env` sets.
    of_file: HashSet<String>,
}

impl Environment {
    /// Reads the variables of this process once.
    pub fn read() -> Self {
        // vars_os, because vars panics on a variable that is not UTF-8.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables, of_file: HashSet::new() }
    }

    /// One without variables, for what must not depend on the machine.
    pub fn empty() -> Self {
        Self { variables: HashMap::new(), of_file: HashSet::new() }
    }

    /// Adds those variables that the `.env` of a project's folder sets and `is_known` names, where the process does not
    /// set them itself.
    ///
    /// No folder above is looked at: anyone who may write there would decide where keys are sent. Other variables are
    /// passed over with a note: a cloned project must not say which files and programs hold keys, nor where caches are.
    pub fn with_file(mut self, folder: &Path, is_known: impl Fn(&str) -> bool) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let text = vision_files::below(folder, ".env")
            .and_then(|path| vision_files::read(&path, vision_files::TEXT));
        let text = match text {
            Ok(text) => text,
            Err(refused) => {
                let absent = matches!(&refused, Refused::Unreadable(error) if error.kind() == NotFound);
                // Some keep a folder of this name.
                if !absent && !folder.join(".env").is_dir() {
                    eprintln!("warning: {} is ignored: it {refused}", folder.join(".env").display());
                }
                return self;
            }
        };
        let mut ignored = Vec::new();
        for (name, value) in dotenvy::from_read_iter(text.as_slice()).filter_map(Result::ok) {
            if !is_known(&name) {
                ignored.push(name);
            } else if !self.variables.contains_key(&name) {
                self.of_file.insert(name.clone());
                self.variables.insert(name, value);
            }
        }
        if !ignored.is_empty() {
            let names = eval_report::escape::terminal(&ignored.join(", "));
            eprintln!(
                "note: .env sets keys and addresses of providers only; ignored: {names} (set them in the environment)"
            );
        }
        self
    }

    /// Where a variable is set, for people.
    pub fn origin(&self, name: &str) -> String {
        match self.of_file.contains(name) {
            true => format!("{name} in .env"),
            false => name.to_owned(),
        }
    }

    /// A variable that is set to something.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first of `names` that is set, with its value.
    pub fn first(&self, names: &[&'static str]) -> Option<(&'static str, &str)> {
        names.iter().find_map(|name| Some((*name, self.get(name)?)))
    }

    /// All variables whose names begin like one of these.
    #[cfg(feature = "cloud-storage")]
    pub fn beginning(&self, prefixes: &[&str]) -> Vec<(String, String)> {
        let begins = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
        let found = self.variables.keys().filter(|name| begins(name));
        found.filter_map(|name| Some((name.clone(), self.get(name)?.to_owned()))).collect()
    }

    /// Reads small files of the user's; a path that begins with `~/` is below the user's own folder.
    fn reader(&self) -> ReadFile {
        let home = self.get("HOME").map(PathBuf::from);
        Arc::new(move |path| {
            let path = match path.strip_prefix("~/") {
                Some(rest) => home.as_ref()?.join(rest),
                None => PathBuf::from(path),
            };
            vision_files::read_text(&path, vision_files::TEXT).ok()
        })
    }

    /// Does something with what may be known of this machine about the clouds' keys.
    pub fn on_machine<T>(&self, work: impl FnOnce(&Machine<'_>) -> T) -> T {
        let variable = |name: &str| self.get(name).map(str::to_owned);
        work(&Machine { variable: &variable, file: &self.reader() })
    }

    /// Gives every flag its twin: `--budget-usd` can also be set as `VISION_EVAL_BUDGET_USD`.
    pub fn with_twins(&self, command: Command) -> Command {
        let command = command.mut_args(|argument| {
            if argument.get_long().is_none() || ["help", "version"].contains(&argument.get_id().as_str()) {
                return argument;
            }
            let twin = format!("VISION_EVAL_{}", argument.get_id().as_str().to_uppercase());
            argument.env(twin).hide_env(true)
        });
        let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
        verbs
            .into_iter()
            .fold(command, |command, verb| command.mut_subcommand(verb, |verb| self.with_twins(verb)))
    }

    /// The twins of flags that are set, by name.
    pub fn twins() -> Vec<(String, String)> {
        let set = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let mut twins: Vec<_> = set.filter(|(name, _)| name.starts_with("VISION_EVAL_")).collect();
        twins.sort();
        twins
    }

    /// Whether this is CI.
    pub fn is_ci(&self) -> bool {
        self.get("CI").is_some_and(|value| value != "false" && value != "0")
    }

    /// Whether a person sits at the other end and can be asked.
    pub fn is_interactive(&self) -> bool {
        !self.is_ci() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Whether stdout is colored by default.
    pub fn wants_color(&self) -> bool {
        self.get("NO_COLOR").is_none() && self.get("TERM") != Some("dumb") && std::io::stdout().is_terminal()
    }

    /// How many threads there may be.
    pub fn threads(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    /// Columns of the terminal, if they are known.
    pub fn columns(&self) -> Option<usize> {
        self.get("COLUMNS").and_then(|columns| columns.parse().ok())
    }

    /// Where caches go; nowhere if the user has no folder, because anybody may put things into the temporary one.
    pub fn cache_folder(&self) -> Option<PathBuf> {
        let base = self.get("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let base = base.or_else(|| self.get("HOME").map(|home| Path::new(home).join(".cache")));
        base.map(|base| base.join("vision-eval"))
    }
}
