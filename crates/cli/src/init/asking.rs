//! Questions at the terminal, each with an answer that Enter gives.

use std::io::Write as _;

use crate::exit::{Exit, Failure};

/// Yes or no; Enter is yes.
pub fn confirm(question: &str) -> Result<bool, Failure> {
    for _ in 0..3 {
        match answer(&format!("{question} [Y/n] "))?.to_lowercase().as_str() {
            "" | "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
    Err(unanswered())
}

/// An amount of dollars; Enter is `usual`.
pub fn amount(question: &str, usual: f64) -> Result<f64, Failure> {
    for _ in 0..3 {
        let answer = answer(&format!("{question} [{usual}] "))?;
        if answer.is_empty() {
            return Ok(usual);
        }
        let amount = answer.trim_start_matches('$').parse().ok();
        if let Some(amount) = amount.filter(|it: &f64| it.is_finite() && *it > 0.0) {
            return Ok(amount);
        }
    }
    Err(unanswered())
}

fn answer(question: &str) -> Result<String, Failure> {
    eprint!("{question}");
    std::io::stderr().flush().ok();
    let mut answer = String::new();
    match std::io::stdin().read_line(&mut answer) {
        Ok(0) | Err(_) => Err(unanswered()),
        Ok(_) => Ok(answer.trim().to_owned()),
    }
}

fn unanswered() -> Failure {
    Failure::new(Exit::Setup, "no answer: use --yes to accept every proposal")
}
