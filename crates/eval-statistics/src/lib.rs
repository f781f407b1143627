#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod amount;
mod binomial;
mod bootstrap;
mod bounded;
mod cluster;
mod comparison;
mod distribution;
mod error;
mod estimate;
mod interval;
pub mod matrix;
mod mcnemar;
mod mean_interval;
mod moments;
mod multiple;
mod named;
mod paired;
mod permutation;
mod power;
pub mod ppi;
pub mod preference;
mod proportion;
mod quantile;
mod random;
mod repeats;
mod strata;

pub use amount::amount_over_tasks;
pub use bootstrap::{Bootstrap, bootstrap_mean};
pub use cluster::{ClusteredError, ClusteredSample, clustered_error};
pub use comparison::{
    AllPairs, Comparison, Doubt, LOSS_TAIL, LossRules, LossVerdict, PairedComparison, PairedTasks,
    RequiredCases, Scatter, SettledNear, TestMethod, UNSEEN_TAIL, USUAL_DIFFERENCE, Verdict,
    cases_to_settle_near, compare, compare_all, correct_family, correct_weighted, detectable_loss,
    report_weights, ruled_out_loss,
};
pub use distribution::{normal_quantile, normal_tail, student_quantile, student_tail};
pub use error::StatisticError;
pub use estimate::{Caution, Estimate};
pub use interval::{Interval, Level, Method};
pub use mcnemar::{McNemar, mcnemar};
pub use mean_interval::{clustered_mean_interval, mean_interval, score_over_tasks};
pub use moments::Moments;
pub use multiple::{benjamini_hochberg, bonferroni, hochberg, holm, holm_weighted};
pub use named::{NAMED, NamedStatistic};
pub use paired::{Observation, PairedCase, PairedDifference, Pairing, pair_cases, paired_difference};
pub use permutation::{SignFlip, sign_flip_exact, sign_flip_sampled};
pub use power::{PairedVariance, PowerPlan, mcnemar_power};
pub use proportion::{agresti_coull, clopper_pearson, wald, wilson};
pub use quantile::{QuantileEstimate, clustered_quantile_interval, quantile, quantile_interval};
pub use random::SplitMix64;
pub use repeats::{flip_rate, pass_at_k, pass_hat_k};
