use eval_summary::{Decision, Summary};

use crate::contents::fully_right_risk;
use crate::figures::{count, counted};

/// More would hide the worst.
const MOST: usize = 3;
/// Prices change within a quarter.
const OLD_PRICE: i64 = 90;
/// With fewer cases a score can be off by many points.
const FEW_CASES: u64 = 50;
/// The half width of an interval, in points, that is too wide to decide on.
const WIDE: f64 = 5.0;

/// What may make the verdict wrong, in the order of how wrong.
pub(super) fn risks(summary: &Summary) -> Vec<String> {
    let all = [
        missing(summary),
        fully_right_risk(&summary.verdict),
        precision(summary),
        failing(summary),
        pixels(summary),
        origin(summary),
        control(summary),
        unknown_price(summary),
        old_price(summary),
        changed(summary),
        stability(summary),
    ];
    all.into_iter().flatten().take(MOST).collect()
}

fn missing(summary: &Summary) -> Option<String> {
    let missing: u64 = summary.trust.incomplete.iter().map(|one| one.missing).sum();
    let planned = summary.recorded_trials() + missing;
    (missing > 0)
        .then(|| format!("Incomplete: {} of {} planned trials are missing.", count(missing), count(planned)))
}

fn precision(summary: &Summary) -> Option<String> {
    let named = summary.verdict.winner.as_ref().or(summary.verdict.candidates.first().map(|it| &it.provider));
    let mut rows = summary.overall.rows.iter().filter(|row| !row.control);
    let row = match named {
        Some(named) => rows.find(|row| row.provider == *named),
        None => rows.find(|row| row.score.is_some()),
    }?;
    let (leader, score) = (&row.provider, row.score.as_ref()?);
    let cases = score.n / u64::from(summary.run.repeats).max(1);
    let bounds = score.interval.as_ref();
    let half = bounds.map(|bounds| (bounds.high - bounds.low) * 50.0);
    match half {
        Some(half) if cases < FEW_CASES || half > WIDE => Some(format!(
            "Few cases: with {}, the score of {leader} is known to about ±{half:.0} points.",
            counted(cases, "case")
        )),
        None => {
            Some(format!("Few cases: {}, too few to say how precise the scores are.", counted(cases, "case")))
        }
        Some(_) => None,
    }
}

fn failing(summary: &Summary) -> Option<String> {
    let name = summary.verdict.winner.as_ref()?;
    let row = summary.overall.rows.iter().find(|row| row.provider == *name)?;
    let (failed, trials) = (row.answers.failed, row.answers.trials);
    let share = failed as f64 / trials.max(1) as f64;
    (share >= 0.02).then(|| format!("Failures: {failed} of {trials} trials of {name} have no answer."))
}

fn pixels(summary: &Summary) -> Option<String> {
    let pixels = &summary.trust.pixels;
    (pixels.compared > 0 && !pixels.same).then(|| {
        format!(
            "Different inputs: in {} of {} cases the providers were not sent the same media.",
            pixels.different, pixels.compared
        )
    })
}

fn origin(summary: &Summary) -> Option<String> {
    let all_drawn = summary.datasets.iter().all(|dataset| dataset.origin.as_deref() == Some("drawn"));
    (all_drawn && !summary.datasets.is_empty())
        .then(|| "Generated data only: scores on real files may be lower, and in another order.".to_owned())
}

fn control(summary: &Summary) -> Option<String> {
    let has_candidates = summary.verdict.decision != Decision::NoRecommendation;
    (has_candidates && summary.providers.iter().all(|one| !one.control)).then(|| {
        "No blind control: how much can be guessed without looking at the media is unknown.".to_owned()
    })
}

fn unknown_price(summary: &Summary) -> Option<String> {
    let unknown = &summary.trust.prices.unknown;
    let (first, rest) = unknown.split_first()?;
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    Some(format!("Unknown prices: the cost of {first}{more} is not known."))
}

fn old_price(summary: &Summary) -> Option<String> {
    let run = day(&summary.run.started)?;
    let ages = summary.providers.iter().filter(|one| !one.local && !one.control);
    let oldest = ages.filter_map(|one| Some(run - day(one.price_date.as_ref()?)?)).max()?;
    (oldest > OLD_PRICE).then(|| format!("Old prices: some were looked up {oldest} days before the run."))
}

fn changed(summary: &Summary) -> Option<String> {
    let pixels = &summary.trust.pixels;
    (pixels.changed > 0).then(|| {
        format!("Changed inputs: {} of {} media were changed before sending.", pixels.changed, pixels.media)
    })
}

fn stability(summary: &Summary) -> Option<String> {
    (summary.run.repeats == 1)
        .then(|| "Stability unknown: each case was asked once, and answers may differ next time.".to_owned())
}

/// Days since a fixed day, of a date that begins with `2026-11-21`.
fn day(date: &str) -> Option<i64> {
    let mut parts = date.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Years begin in March, so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + day,
    )
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_counted_over_leap_years() {
        let between = |from: &str, to: &str| day(to).unwrap() - day(from).unwrap();
        assert_eq!(between("2026-11-21", "2026-11-21T08:00:00Z"), 0);
        assert_eq!(between("2024-02-28", "2024-03-01"), 2);
        assert_eq!(between("2025-02-28", "2026-03-01"), 366);
        assert_eq!(between("1999-12-31", "2000-12-31"), 366);
        assert_eq!(day("soon"), None);
    }
}
