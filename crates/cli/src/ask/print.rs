//! Answers go to stdout and all else to stderr, so that answers can be piped.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};

use eval_report::escape;
use serde_json::{Map, Value};

use super::outcome::{self, Answered, Outcome};
use crate::app::App;
use crate::exit::{Exit, Failure};

/// The answer of the only provider, or its failure.
pub(super) fn one(outcome: &Outcome, app: &App) -> Result<Exit, Failure> {
    let answered = outcome.as_ref().map_err(outcome::Unanswered::failure)?;
    write(answered.response.text.trim_end(), app)?;
    tell(answered, "", app);
    Ok(outcome::exit(outcome))
}

/// The answers below each other, under the names of their providers.
pub(super) fn each(named: &[(&str, Outcome)], app: &App) -> Result<(), Failure> {
    for (name, outcome) in named {
        let label = format!("{name}: ");
        match outcome {
            Ok(answered) => {
                write(&format!("{name}:\n{}\n", answered.response.text.trim_end()), app)?;
                tell(answered, &label, app);
            }
            Err(unanswered) => {
                let message = unanswered.failure().to_string();
                let message = message.strip_prefix(&label).unwrap_or(&message);
                eprintln!("error: {label}{}", escape::lines(message));
            }
        }
    }
    Ok(())
}

/// One object with an entry by provider, failures among them.
pub(super) fn object(named: &[(&str, Outcome)], app: &App) -> Result<(), Failure> {
    let entries: Map<String, Value> =
        named.iter().map(|(name, outcome)| ((*name).to_owned(), outcome::entry(outcome))).collect();
    write(&format!("{:#}", Value::Object(entries)), app)
}

fn write(text: &str, app: &App) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    // Who pipes the answer gets all of it; a terminal would obey what is in it, and so would the log of a workflow.
    let is_obeyed = out.is_terminal() || app.environment.get("GITHUB_ACTIONS") == Some("true");
    let text = if is_obeyed { Cow::Owned(escape::lines(text)) } else { Cow::Borrowed(text) };
    writeln!(out, "{text}")
        .map_err(|error| Failure::new(Exit::Output, format!("the answer cannot be written: {error}")))
}

fn tell(answered: &Answered, label: &str, app: &App) {
    if let Some(refusal) = &answered.response.refusal {
        eprintln!("{label}refused: {}", escape::lines(refusal));
    }
    if answered.response.referred.is_some() {
        eprintln!("{label}referred to a person: no answer of the chain is trusted");
    }
    if !app.shared.quiet {
        eprintln!("{label}{}", escape::terminal(&facts(answered)));
    }
}

fn facts(answered: &Answered) -> String {
    let Answered { response, cost } = answered;
    let mut facts = vec![format!("{:.2} s", response.timing.total.as_secs_f64())];
    let first = response.timing.first_token;
    facts.extend(first.map(|first| format!("first token after {:.2} s", first.as_secs_f64())));
    let usage = &response.usage;
    facts.extend(usage.input.map(|tokens| format!("{tokens} tokens in")));
    facts.extend(usage.output.map(|tokens| format!("{tokens} tokens out")));
    facts.extend(usage.audio_seconds.map(|seconds| format!("{seconds} s of sound")));
    facts.extend(usage.pages.map(|pages| format!("{pages} {}", if pages == 1 { "page" } else { "pages" })));
    facts.push(cost.map_or("cost unknown".to_owned(), |cost| cost.to_string()));
    facts.extend(response.model.as_ref().map(|model| format!("model {model}")));
    if !matches!(response.stop, vision_core::Stop::Complete | vision_core::Stop::Unknown) {
        facts.push(format!("stopped: {:?}", response.stop));
    }
    if !response.dropped_params.is_empty() {
        facts.push(format!("left out: {}", response.dropped_params.join(", ")));
    }
    if response.attempts.len() > 1 {
        facts.push(format!("{} attempts", response.attempts.len()));
    }
    facts.join(" · ")
}
