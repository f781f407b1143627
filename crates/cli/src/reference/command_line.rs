use clap::{Arg, Command, CommandFactory};

use super::table;

/// Every verb with its flags.
pub fn page() -> String {
    let mut command = crate::help::shortened(crate::CommandLine::command());
    command.build();
    let mut text = "# Command line\n\nGenerated from the program: `vision-eval VERB --help` says the same. Every flag can \
                    also be set as a variable: `--budget-usd` is `VISION_EVAL_BUDGET_USD`.\n"
        .to_owned();
    text += "\n## Global options\n\n";
    text += &options(command.get_arguments().filter(|it| it.is_global_set()));
    for verb in command.get_subcommands() {
        push(&mut text, verb, "vision-eval", 2);
    }
    text
}

fn push(text: &mut String, command: &Command, above: &str, level: usize) {
    if command.is_hide_set() || command.get_name() == "help" {
        return;
    }
    let name = format!("{above} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    text.push_str(&format!("\n{} {name}\n\n{about}.\n", "#".repeat(level)));
    let own: Vec<&Arg> = command
        .get_arguments()
        .filter(|it| {
            !it.is_global_set() && !it.is_hide_set() && it.get_id() != "help" && it.get_id() != "version"
        })
        .collect();
    if !own.is_empty() {
        text.push_str(&format!("\n{}", options(own)));
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string) {
        let lines = examples.lines().filter_map(|line| line.strip_prefix("  vision-eval"));
        let lines: Vec<String> = lines.map(|line| format!("vision-eval{line}")).collect();
        if !lines.is_empty() {
            text.push_str(&format!("\n```sh\n{}\n```\n", lines.join("\n")));
        }
    }
    for verb in command.get_subcommands() {
        push(text, verb, &name, level + 1);
    }
}

fn options<'a>(arguments: impl IntoIterator<Item = &'a Arg>) -> String {
    table(["Option", "Meaning"].as_slice(), arguments.into_iter().map(|it| vec![spelling(it), meaning(it)]))
}

fn spelling(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let takes_value = argument.get_action().takes_values();
    let value: Vec<String> = names.iter().map(|name| format!("<{name}>")).collect();
    let value = if takes_value { value.join(" ") } else { String::new() };
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let flags: Vec<String> = short.into_iter().chain(long).collect();
    format!("`{}`", format!("{} {value}", flags.join(", ")).trim())
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    match defaults.is_empty() || !argument.get_action().takes_values() {
        true => help,
        false => format!("{help} [default: {}]", defaults.join(",")),
    }
}
