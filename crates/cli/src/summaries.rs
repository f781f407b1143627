//! How records of a project are summarized.

use std::num::NonZeroUsize;

use eval::Prefer;
use eval_summary::{Constraints, Options};

use crate::environment::Environment;
use crate::exit::Failure;
use crate::settings::Project;

/// Judged values that are kept for the reports, about 250 bytes each. Longer runs are scored again for each of them.
const KEPT_VALUES: usize = 200_000;

/// How records of this project are summarised.
pub fn options(project: &Project, environment: &Environment) -> Result<Options, Failure> {
    let decide = &project.config.decide;
    let usual = Constraints::default();
    let threads = environment.threads();
    Ok(Options {
        constraints: Constraints {
            min_score: decide.min_score,
            max_p95_seconds: decide.max_p95_seconds,
            max_usd_per_1000: decide.max_usd_per_1000,
            require: decide.require.clone(),
            tolerance: decide.tolerance.map_or(usual.tolerance, |points| points / 100.0),
            prefer: match decide.prefer {
                None => usual.prefer,
                Some(Prefer::Cost) => eval_summary::Prefer::Cost,
                Some(Prefer::Time) => eval_summary::Prefer::Time,
            },
        },
        threads: NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN),
        keep: KEPT_VALUES,
        ..Options::default()
    })
}
