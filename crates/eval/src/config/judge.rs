use serde::{Deserialize, Serialize};

use super::ProviderConfig;

/// `[judge]`: who judges open answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JudgeConfig {
    /// The judges, with the keys of `[[provider]]`. The scores are those of the first.
    pub provider: Vec<ProviderConfig>,
    /// A file with the prompt, relative to `eval.toml`; a built-in one if unset.
    pub prompt: Option<String>,
    /// The most that the judging of a run may spend, in dollars.
    pub budget_usd: Option<f64>,
    /// Whether judges also say which of two answers to a case they prefer, in both orders.
    pub pairs: bool,
    /// Whether a judge decides before people have judged enough of the same answers.
    pub allow_uncalibrated: bool,
}

impl JudgeConfig {
    /// What TOML's own types cannot say: the place within `[judge]` and what is wrong there.
    pub(super) fn wrong(&self) -> Option<(String, String)> {
        if self.budget_usd.is_some_and(|budget| !(budget >= 0.0 && budget.is_finite())) {
            return Some((
                "budget_usd".to_owned(),
                "judge.budget_usd must be an amount of dollars".to_owned(),
            ));
        }
        let judges: Vec<&ProviderConfig> = self.provider.iter().filter(|judge| judge.enabled).collect();
        for (number, judge) in self.provider.iter().enumerate() {
            let place = |name: &str| format!("provider.{number}.{name}");
            if let Some((name, message)) = judge.wrong_limit() {
                return Some((place(&format!("limits.{name}")), message));
            }
            if !judge.tries.is_empty() {
                return Some((place("try"), "a judge is asked in one way: leave out `try`".to_owned()));
            }
            if judge.enabled && judges.iter().filter(|other| other.label() == judge.label()).count() > 1 {
                let message =
                    format!("two judges are called `{}`; give one of them a `label`", judge.label());
                return Some((place(if judge.label.is_some() { "label" } else { "model" }), message));
            }
        }
        None
    }
}
