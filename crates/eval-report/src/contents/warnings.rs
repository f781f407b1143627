//! What a reader must know before the figures.

use eval_summary::Warning;

use vision_core::Usd;

use super::judging::trick_in_words;
use crate::figures::{and, count, counted, money, times};

pub(crate) fn sentence(warning: &Warning) -> String {
    match warning {
        Warning::PixelsDiffer { different, compared } => {
            format!("Providers saw different pixels in {different} of {}.", counted(*compared, "case"))
        }
        Warning::Incomplete { missing } => {
            format!("Incomplete: {} missing.", is(*missing, "planned trial"))
        }
        Warning::DamagedLines { lines } => {
            format!("{} of the record cannot be read.", counted(*lines, "line"))
        }
        Warning::DatasetChanged { dataset, media } => format!("{}.", changed_during_run(dataset, *media)),
        Warning::PriceChanged { providers } => {
            let (price, costs) = ("The price of", "All costs are by the prices of its plan");
            format!("{price} {} changed before the run was resumed. {costs}.", providers.join(", "))
        }
        Warning::Copies { cases } => format!("{}.", copies(*cases)),
        Warning::NoControl => {
            "No blind control was run: candidates are compared with an empty answer instead (add control/prior)."
                .to_owned()
        }
        Warning::Unscorable { of, trials, reason } => {
            format!("{of}: {} not scored because of the label: {}.", is(*trials, "trial"), bare(reason))
        }
        Warning::JudgeCaught { of, judge, fell_for } => {
            let tricks: Vec<&str> = fell_for.iter().map(|trick| trick_in_words(trick)).collect();
            format!(
                "{of}: the judge {judge} said yes to a made-up answer that {}. Its scores are not used.",
                and(&tricks)
            )
        }
        Warning::JudgeUncalibrated { of, judge, labelled, needed, allowed } => {
            let used = if *allowed { "Its scores are used as they are" } else { "Its scores decide nothing" };
            format!(
                "{of}: the judge {judge} is not calibrated: people judged {} of {} needed answers. {used}.",
                count(*labelled),
                count(*needed)
            )
        }
        Warning::WordingsOnly { of } => format!(
            "{}: checked by accepted wordings only, so that scores are lower bounds (see `vision-eval judge`).",
            and(of)
        ),
        Warning::OtherMetric { metric } => format!("Scored with `{metric}` instead of the planned metrics."),
        Warning::Failures { provider, failed, trials } => {
            format!("{provider}: {} of {} failed and score 0.", count(*failed), counted(*trials, "trial"))
        }
        Warning::Cached { provider, answers } => {
            format!("{provider}: {} from the cache, without a latency.", counted(*answers, "answer"))
        }
        Warning::SeveralModels { provider, models } => {
            format!("{provider}: several models answered: {}.", and(models))
        }
        Warning::OldPrices { days, providers } => {
            format!("Prices more than {days} days old at the time of the run: {}.", and(providers))
        }
        Warning::Overruns { provider, requests, worst } => format!(
            "{provider}: {} cost more than the request's limits allow, up to {} as much.",
            counted(*requests, "request"),
            times(*worst)
        ),
        Warning::BudgetExceeded { budget, spent } => {
            format!("{}.", budget_exceeded(*budget, *spent))
        }
        Warning::Unsettled { provider, requests, usd } => format!(
            "{provider}: {} ended without an answer or a bill: up to {} may have been billed.",
            counted(*requests, "request"),
            money(*usd)
        ),
        Warning::OpenBatches { batches, requests, usd } => format!(
            "{} still open at the provider with {}: up to {} will be billed. Collect the answers with `vision-eval resume`.",
            if *batches == 1 { "1 batch is".to_owned() } else { format!("{} batches are", count(*batches)) },
            counted(*requests, "request"),
            money(*usd)
        ),
        Warning::Interrupted { requests, usd } => format!(
            "{} interrupted without a recorded outcome: up to {} may have been billed.",
            was(*requests, "request"),
            money(*usd)
        ),
    }
}

/// The sentence about cases that ask the same about the same media.
pub fn copies(cases: u64) -> String {
    let repeat = if cases == 1 { "repeats" } else { "repeat" };
    format!(
        "{} {repeat} the media and the question of another case: copies add no evidence, and those of one source count as \
         one document",
        counted(cases, "case")
    )
}

/// The sentence about a run that cost more than its budget.
pub fn budget_exceeded(budget: f64, spent: f64) -> String {
    format!(
        "budget exceeded by {}: {} of {} spent, because a host ignored the limits of its requests",
        Usd(spent - budget).rounded_up(),
        Usd(spent).rounded_up(),
        Usd(budget).in_full()
    )
}

/// The sentence about a dataset that was changed during the run.
pub fn changed_during_run(dataset: &str, media: u64) -> String {
    match media {
        0 => format!("{dataset}: the dataset was changed during the run; start a new run"),
        _ => format!("{dataset}: {} changed during the run; start a new run", was(media, "media file")),
    }
}

fn is(number: u64, noun: &str) -> String {
    format!("{} {}", counted(number, noun), if number == 1 { "is" } else { "are" })
}

fn was(number: u64, noun: &str) -> String {
    format!("{} {}", counted(number, noun), if number == 1 { "was" } else { "were" })
}

fn bare(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}
