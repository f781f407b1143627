use clap::Args;
use eval::{CAPABILITIES, Decide, Prefer};

use crate::exit::Failure;
use crate::settings::{amount, share};

/// What the team needs, for the verdict.
#[derive(Debug, Clone, Default, Args)]
pub struct Needs {
    /// Require an overall score of at least SHARE
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Verdict")]
    pub min_score: Option<f64>,

    /// Require a p95 latency of at most SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = amount, help_heading = "Verdict")]
    pub max_p95: Option<f64>,

    /// Require a cost per 1,000 cases of at most USD
    #[arg(long, value_name = "USD", value_parser = amount, help_heading = "Verdict")]
    pub max_usd_per_1000: Option<f64>,

    /// Require capabilities: json_schema, pdf, audio, …
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Verdict")]
    pub require: Vec<String>,

    /// Give up at most POINTS of score for a lower cost, or dollars per 1,000 documents of total cost [default: 1]
    #[arg(long, value_name = "POINTS", help_heading = "Verdict")]
    pub tolerance: Option<f64>,

    /// Prefer the lower cost, time or total-cost within the tolerance [default: cost]
    #[arg(long, value_name = "WHAT", help_heading = "Verdict")]
    pub prefer: Option<Prefer>,

    /// Show the monthly cost of N cases in the HTML report [default: 10000]
    #[arg(long, value_name = "N", help_heading = "Verdict")]
    pub monthly_volume: Option<u64>,
}

impl Needs {
    /// Whether what is required is something that a provider can have.
    pub fn check(&self) -> Result<(), Failure> {
        let most = if self.prefer == Some(Prefer::TotalCost) { f64::MAX } else { 100.0 };
        if let Some(tolerance) = self.tolerance.filter(|it| !(0.0..=most).contains(it)) {
            return Err(Failure::setup(format!("--tolerance: {tolerance} is not between 0 and 100 points")));
        }
        let Some(unknown) = self.require.iter().find(|it| !CAPABILITIES.contains(&it.as_str())) else {
            return Ok(());
        };
        let near = eval_datasets::nearest(unknown, CAPABILITIES);
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let known = CAPABILITIES.join(", ");
        Err(Failure::setup(format!("--require: `{unknown}` is not a capability{hint} (known: {known})")))
    }

    /// Lays what was typed over the configuration.
    pub fn lay_over(&self, decide: &mut Decide) {
        decide.min_score = self.min_score.or(decide.min_score);
        decide.max_p95_seconds = self.max_p95.or(decide.max_p95_seconds);
        decide.max_usd_per_1000 = self.max_usd_per_1000.or(decide.max_usd_per_1000);
        if !self.require.is_empty() {
            decide.require.clone_from(&self.require);
        }
        decide.tolerance = self.tolerance.or(decide.tolerance);
        decide.prefer = self.prefer.or(decide.prefer);
        decide.monthly_volume = self.monthly_volume.or(decide.monthly_volume);
    }
}
