//! `-h` fits a screen: examples and the flags that most people want. `--help` shows every flag.

use clap::Command;

/// Flags for the few, wherever they are.
const RARE: [&str; 3] = ["color", "ca_certificate", "allow_plain_http"];

/// More of them, in verbs that have more flags than a screen has lines.
const RARE_IN_LONG_VERBS: [&str; 42] = [
    "batch_size",
    "case",
    "checkpoint",
    "class",
    "columns_of",
    "cutoff",
    "degrade",
    "detect",
    "empty",
    "export",
    "failed_from",
    "filter",
    "format",
    "look_every",
    "margin",
    "max_p95",
    "max_retries",
    "max_usd_per_1000",
    "min_score",
    "model",
    "no_progress",
    "partition",
    "port",
    "prefer",
    "prices",
    "record",
    "replay",
    "require",
    "resubmit",
    "resume",
    "retry_errors",
    "sample",
    "save_baseline",
    "seed",
    "split",
    "stream_timeout",
    "task",
    "timeout",
    "tolerance",
    "wait",
    "worker_timeout",
    "workers",
];

const LONG_VERBS: [&str; 8] = ["run", "plan", "resume", "ask", "answers", "import", "judge", "studio"];

/// Shortens `-h` of a command and of all its verbs.
pub fn shortened(command: Command) -> Command {
    let name = command.get_name().to_owned();
    verb(command, &name, "")
}

fn verb(command: Command, path: &str, examples: &str) -> Command {
    let is_long = LONG_VERBS.contains(&command.get_name());
    let is_rare = |id: &str| RARE.contains(&id) || is_long && RARE_IN_LONG_VERBS.contains(&id);
    let mut command = command.mut_args(|argument| {
        let rare = is_rare(argument.get_id().as_str());
        argument.hide_short_help(rare)
    });
    let own = command.get_after_help().map(ToString::to_string);
    // A verb of a verb is in the examples of the whole.
    let examples = own.clone().unwrap_or_else(|| of_verb(examples, path));
    if own.is_none() && !examples.is_empty() {
        command = command.after_help(examples.clone());
    }
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    for name in names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(name, |inner| verb(inner, &path, &examples));
    }
    command
}

fn of_verb(examples: &str, path: &str) -> String {
    let lines: Vec<&str> = examples
        .lines()
        .filter(|line| line.trim_start().starts_with(&format!("{path} ")) || line.trim() == path)
        .collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("Examples:\n{}", lines.join("\n")),
    }
}
