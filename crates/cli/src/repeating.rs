//! The command that repeats a run.

use crate::environment::Environment;

/// Flags of one run only: a second one needs a directory of its own, and accepts no baseline by itself.
const OF_ONE_RUN: [&str; 2] = ["--run-dir", "--save-baseline"];

/// What was typed and what the environment said instead, in a form that a shell takes.
pub fn command() -> String {
    let typed = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    text(Environment::twins(), typed)
}

fn text(twins: Vec<(String, String)>, typed: impl Iterator<Item = String>) -> String {
    let is_of_one_run = |name: &str| OF_ONE_RUN.iter().any(|flag| twin(flag) == name);
    let mut words: Vec<String> = twins
        .into_iter()
        .filter(|(name, _)| !is_of_one_run(name))
        .map(|(name, value)| format!("{name}={}", quoted(&value)))
        .collect();
    words.push("vision-eval".to_owned());
    let mut typed = typed;
    while let Some(word) = typed.next() {
        let flag = word.split('=').next().unwrap_or_default();
        if !OF_ONE_RUN.contains(&flag) {
            words.push(quoted(&word));
        } else if flag.len() == word.len() {
            typed.next();
        }
    }
    words.join(" ")
}

/// `VISION_EVAL_RUN_DIR` of `--run-dir`.
fn twin(flag: &str) -> String {
    format!("VISION_EVAL_{}", flag.trim_start_matches('-').replace('-', "_").to_uppercase())
}

/// In single quotes, unless no shell sees anything in it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./,:@%+=".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(typed: &[&str], command: &str) {
        assert_eq!(super::text(Vec::new(), typed.iter().map(|word| (*word).to_owned())), command);
    }

    #[test]
    fn a_second_run_gets_a_directory_of_its_own() {
        check(&["run", "--run-dir", "runs/a", "-n", "5"], "vision-eval run -n 5");
        check(&["run", "--run-dir=runs/a", "--save-baseline", "main"], "vision-eval run");
        check(&[], "vision-eval");
    }

    #[test]
    fn a_shell_changes_nothing() {
        check(
            &["run", "--cutoff", "p95<=10@a/b", "--case", "c*", "--prices", "it's", "--filter", ""],
            r"vision-eval run --cutoff 'p95<=10@a/b' --case 'c*' --prices 'it'\''s' --filter ''",
        );
    }

    #[test]
    fn what_the_environment_said_is_said_again() {
        let twins = [("VISION_EVAL_RUN_DIR", "a"), ("VISION_EVAL_SEED", "7"), ("VISION_EVAL_CASE", "c*")];
        let twins = twins.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let command = super::text(twins.into(), std::iter::once("run".to_owned()));
        assert_eq!(command, "VISION_EVAL_SEED=7 VISION_EVAL_CASE='c*' vision-eval run");
    }
}
